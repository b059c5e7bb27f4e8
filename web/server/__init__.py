"""How requests come in: connections with deadlines, bounds and lanes, in one process or several."""
