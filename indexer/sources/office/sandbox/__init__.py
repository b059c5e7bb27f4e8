"""The process that opens office files, and what it may use."""
