"""`python -m indexer`: every command that needs no web server."""

from indexer.cli import main

main(prog_name="python -m indexer")
