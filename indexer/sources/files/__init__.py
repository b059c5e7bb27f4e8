"""A file as its reader sees it: its name, where it may lie, its bytes; and what a reader is."""
