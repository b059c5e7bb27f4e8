"""Which files are read: a walk through folders, and what they say is to be left out."""
