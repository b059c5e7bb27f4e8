"""Jianbao and its peers side by side, on the same articles, the same queries and in the same run.

`python -m tests.bench --help` says how to run it; the peers come with the extra `bench`.
"""
