"""How a segment gets on disk: batches to runs, runs and a base segment to one segment."""
