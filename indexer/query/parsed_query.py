"""A query text with all the ways in which one request reads it, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from jianbao.indexer.models import Mode
from jianbao.indexer.query.parse import parse, parse_literally
from jianbao.indexer.query.tree import Leaf, Query
from jianbao.indexer.text.analyzer import Analyzer


@dataclass(frozen=True)
class ParsedQuery:
    """`text` as it is asked in a mode, where `auto` asks for all words."""

    text: str
    analyzer: Analyzer
    mode: Mode = "all"

    @cached_property
    def strict(self) -> Query:
        """As it was asked: all words, or any of them in mode `any`."""
        return parse(self.text, self.analyzer, "any" if self.mode == "any" else "all")

    @cached_property
    def relaxed(self) -> Query:
        """Any of the words will do."""
        return self.strict if self.mode == "any" else parse(self.text, self.analyzer, "any")

    @cached_property
    def literal(self) -> Query:
        """As it stands, operators and all."""
        return parse_literally(self.text, self.analyzer)

    @cached_property
    def phrase(self) -> Leaf | None:
        """The whole text as a phrase of a title; None where it is blank."""
        return self.literally(("title",))

    def literally(self, fields: tuple[str, ...]) -> Leaf | None:
        """As it stands, in these fields, without a dash that makes it an item of a list; None where
        it is blank."""
        text = self.text.lstrip("-－ \u3000")
        leaf = parse_literally(text, self.analyzer, fields)
        return leaf if isinstance(leaf, Leaf) else None
