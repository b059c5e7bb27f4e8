"""The command line, a file a group of commands."""

from jianbao.indexer.commands.main import main as cli_group

__all__ = ["cli_group"]
