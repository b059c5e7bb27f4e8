"""What every answer has in common: errors, headers, caching, compression."""
