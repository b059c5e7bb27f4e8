"""Where postings live. One engine a file, all behind the interface in `base`."""
