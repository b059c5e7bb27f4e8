"""The division of texts in C, where it was built."""
