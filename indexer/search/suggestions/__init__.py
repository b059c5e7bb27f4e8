"""Suggestions while typing: written beside the index, looked up by what is typed."""

from jianbao.indexer.search.suggestions.building import write_suggestions
from jianbao.indexer.search.suggestions.lookup import Suggestions, open_suggestions

__all__ = ["Suggestions", "open_suggestions", "write_suggestions"]
