"""How good the order of results is, on judged queries: `python -m tests.quality`."""
