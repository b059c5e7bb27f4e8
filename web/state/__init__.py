"""The state of a search in an address: arguments in, links to the neighbouring states out."""
