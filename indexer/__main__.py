"""`python -m jianbao.indexer`: every command that needs no web server."""

from jianbao.indexer.commands.main import main

main(prog_name="python -m jianbao.indexer")
