"""What the HTML pages show, as plain data for the templates."""
