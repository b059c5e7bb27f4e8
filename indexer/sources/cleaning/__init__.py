"""Text and dates as they are indexed and shown, whatever a file writes."""
