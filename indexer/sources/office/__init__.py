"""Office files, each read in a process of its own that no file can outgrow or outlive."""
