"""One reader a text format: a file in, articles out."""
