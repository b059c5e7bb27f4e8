"""How a segment is asked: a query tree to the articles that match, and the best of them."""
