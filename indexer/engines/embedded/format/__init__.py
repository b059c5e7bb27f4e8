"""What lies on disk: one file here for each part of a segment, read and written."""
