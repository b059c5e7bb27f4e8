"""Records of named values to articles: the names that fields go by, and what becomes of their
texts.
"""
