"""The read path: a request to a query to hits to snippets to a result page."""
