"""Lines to stories: which are headlines, which are text, and which belong to each other."""
