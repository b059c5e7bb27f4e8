"""The lines of a page: what each says by itself, and which of them belong together."""
