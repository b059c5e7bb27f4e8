"""The write path: compares the sources with the live generation, reads what changed, builds the
next one and publishes it.
"""
