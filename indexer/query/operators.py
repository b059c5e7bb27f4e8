"""Which marks of a query are meant as such, and which are part of a text that was pasted.

A headline has brackets, dashes and quotation marks of its own, and English text has AND, OR and
NOT: read as syntax, they would exclude the very article. So a mark is an operator only where it can
be meant, and part of the text elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jianbao.indexer.query.lexer import NARROW, Lexeme, lexemes, says_something
from jianbao.indexer.text.scripts import HAN, UNSPACED

SymbolKind = Literal["word", "phrase", "quoted", "field", "AND", "OR", "NOT", "(", ")"]

_OPTION = 4
"""Letters of what is read as an option of a command: `tar -xzvf`, `ls -la`."""

_OTHER_SCRIPT = re.compile(rf"[{HAN}{UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol of a query, `text` as it was typed. A `-` that excludes is a NOT.

    A `phrase` stands by itself; what is `quoted` has other characters of the text beside it.
    """

    kind: SymbolKind
    text: str


def symbols(text: str) -> list[Symbol]:
    """The symbols of `text`. Total: brackets that do not match or group nothing are left out."""
    found = lexemes(text)
    spoken = [
        each for before, each in zip((None, *found), found, strict=False) if _says(before, each)
    ]
    # A text that is nothing but punctuation is looked for as it stands.
    nothing_else = all(each.kind in ("(", ")", "-") for each in spoken)
    return _Meaning(text, _in_pairs(found if nothing_else else spoken)).symbols()


def _says(before: Lexeme | None, lexeme: Lexeme) -> bool:
    """Whether a lexeme is more than a mark of the text. What a field is asked for is."""
    is_value = before is not None and before.kind == "field"
    return lexeme.kind != "word" or is_value or says_something(lexeme.text)


def _in_pairs(found: list[Lexeme]) -> list[Lexeme]:
    """The lexemes without brackets that have no other half, or nothing between them."""
    kept: list[Lexeme | None] = []
    opened: list[int] = []
    last = -1
    for lexeme in found:
        if lexeme.kind == "(":
            opened.append(len(kept))
        elif lexeme.kind == ")":
            if not opened:
                continue
            opening = opened.pop()
            if last < opening:
                kept[opening] = None
                continue
        else:
            last = len(kept)
        kept.append(lexeme)
    for opening in opened:
        kept[opening] = None
    return [lexeme for lexeme in kept if lexeme is not None]


class _Meaning:
    """What each lexeme of one text means; the brackets among them match."""

    def __init__(self, text: str, found: list[Lexeme]) -> None:
        self._narrow = text.translate(NARROW)
        self._found = found
        self._partners = _partners(found)
        self._mixed = any(_is_foreign(each) for each in found if each.kind not in ("(", ")", "-"))
        self._has_options = any(each.text.startswith("--") for each in found)
        self._meant = [False] * len(found)
        self._dropped = [False] * len(found)

    def symbols(self) -> list[Symbol]:
        """The symbols that the lexemes are."""
        self._mean_words()
        if self._keeps_something():
            for at, lexeme in enumerate(self._found):
                self._meant[at] |= lexeme.kind == "-" and not self._is_option(at + 1)
        self._mean_brackets()
        made = [self._symbol(at) for at in range(len(self._found)) if not self._dropped[at]]
        kept = [symbol for symbol in made if symbol is not None]
        if len(kept) == 1 and kept[0].kind == "quoted":
            return [Symbol("phrase", kept[0].text)]
        return kept

    def _symbol(self, at: int) -> Symbol | None:
        lexeme = self._found[at]
        match lexeme.kind:
            case "operator":
                kind: SymbolKind = "word"
                if self._meant[at]:
                    kind = _operator(self._word(at))
                return Symbol(kind, lexeme.text)
            case "-":
                return Symbol("NOT", lexeme.text) if self._meant[at] else None
            case "(" | ")":
                return Symbol(lexeme.kind, lexeme.text) if self._meant[at] else None
            case "phrase":
                return Symbol("quoted" if self._is_glued(at) else "phrase", lexeme.text)
            case "word":
                return Symbol("word", lexeme.text)
            case "field":
                return Symbol("field", lexeme.text)

    def _word(self, at: int) -> str:
        return self._found[at].text.translate(NARROW)

    def _mean_words(self) -> None:
        """Finds the AND, OR and NOT that stand between operands."""
        at = 0
        while at < len(self._found):
            end = at
            while end < len(self._found) and self._found[end].kind == "operator":
                end += 1
            if end > at:
                self._mean_run(at, end)
            at = end + 1

    def _mean_run(self, start: int, end: int) -> None:
        """One operator, or AND NOT, or OR NOT. What does not join two operands, or stands in an
        English text, is none; in a text of two languages it is left out."""
        words = [self._word(at) for at in range(start, end)]
        joins = len(words) == 1 or (len(words) == 2 and words[0] != "NOT" and words[1] == "NOT")
        joins = joins and self._ends_operand(start - 1) and self._begins_operand(end)
        meant = joins and self._mixed and self._is_meant(words, start, end)
        for at in range(start, end):
            self._meant[at] = meant
            self._dropped[at] = self._mixed and not meant

    def _is_meant(self, words: Sequence[str], start: int, end: int) -> bool:
        """Whether one side at least is not English, or has small letters where the operator has
        capitals. So is OR between two single words in capitals (GPT OR LLM): an English text in
        capitals has several in a row."""
        left, right = self._found[start - 1], self._found[end]
        if _is_foreign(left) or _is_foreign(right):
            return True
        if any(map(str.islower, left.text + right.text)):
            return True
        return list(words) == ["OR"] and not (self._is_word(start - 2) or self._is_word(end + 1))

    def _is_word(self, at: int) -> bool:
        """Whether an English word stands here."""
        in_text = 0 <= at < len(self._found) and self._found[at].kind == "word"
        return in_text and not _is_foreign(self._found[at])

    def _is_option(self, at: int) -> bool:
        """Whether the word here is one of a command's options, in a text that is all English."""
        if self._mixed or not self._is_word(at):
            return False
        text = self._found[at].text
        return self._has_options or not text.isalpha() or (len(text) <= _OPTION and text.islower())

    def _ends_operand(self, at: int) -> bool:
        return at >= 0 and self._found[at].kind in ("word", "phrase", ")")

    def _begins_operand(self, at: int) -> bool:
        kinds = ("word", "phrase", "field", "(", "-")
        return at < len(self._found) and self._found[at].kind in kinds

    def _keeps_something(self) -> bool:
        """Whether anything stands beside what a `-` would exclude."""
        at = 0
        while at < len(self._found):
            kind = self._found[at].kind
            if kind == "-":
                at = self._after_operand(at + 1)
            elif kind in ("(", ")"):
                at += 1
            else:
                return True
        return False

    def _after_operand(self, at: int) -> int:
        if at in self._partners:
            return self._partners[at] + 1
        return at + (2 if at < len(self._found) and self._found[at].kind == "field" else 1)

    def _mean_brackets(self) -> None:
        """Finds the brackets with an operator in them, or directly beside them."""
        inside = [False]
        for at, lexeme in enumerate(self._found):
            if lexeme.kind == "(":
                inside.append(False)
            elif lexeme.kind == ")":
                has_operator = inside.pop()
                inside[-1] |= has_operator
                opening = self._partners[at]
                meant = has_operator or self._is_operator(opening - 1) or self._joins(at + 1)
                self._meant[opening] = self._meant[at] = meant
            elif self._meant[at]:
                inside[-1] = True

    def _is_operator(self, at: int) -> bool:
        return at >= 0 and self._found[at].kind in ("operator", "-") and self._meant[at]

    def _joins(self, at: int) -> bool:
        """Whether the operator here, if one is, joins what stands before it."""
        return at < len(self._found) and self._found[at].kind == "operator" and self._meant[at]

    def _is_glued(self, at: int) -> bool:
        """Whether characters of the text stand beside the quotes of a phrase, or spaces on both
        sides within them: then spaces were put around all words and marks of a text."""
        lexeme = self._found[at]
        if lexeme.text[:1].isspace() and lexeme.text[-1:].isspace():
            return True
        before = self._narrow[max(0, lexeme.start - 1) : lexeme.start]
        after = self._narrow[lexeme.end : lexeme.end + 1]
        return self._touches(at - 1, before, lexeme.start) or self._touches(
            at + 1, after, lexeme.end
        )

    def _touches(self, neighbour: int, char: str, edge: int) -> bool:
        if not char.strip():
            return False
        if not 0 <= neighbour < len(self._found):
            return True
        lexeme = self._found[neighbour]
        is_mark = lexeme.kind in ("(", ")", "-", "field") and edge in (lexeme.start, lexeme.end)
        return not is_mark or (lexeme.kind != "field" and not self._meant[neighbour])


def _partners(found: Sequence[Lexeme]) -> dict[int, int]:
    """The closing bracket of each opening one, and the other way round."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for at, lexeme in enumerate(found):
        if lexeme.kind == "(":
            opened.append(at)
        elif lexeme.kind == ")":
            opening = opened.pop()
            partners[opening], partners[at] = at, opening
    return partners


def _is_foreign(lexeme: Lexeme) -> bool:
    """Whether a lexeme cannot be part of an English sentence that has the word AND, OR or NOT."""
    if lexeme.kind == "word":
        return _OTHER_SCRIPT.search(lexeme.text) is not None
    return lexeme.kind in ("phrase", "field", "(", ")", "-")


def _operator(word: str) -> Literal["AND", "OR", "NOT"]:
    if word == "AND":
        return "AND"
    return "OR" if word == "OR" else "NOT"
