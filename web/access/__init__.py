"""Who may ask from where."""
