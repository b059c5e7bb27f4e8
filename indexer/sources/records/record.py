"""Records of named values as articles: no text in them is lost without a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Problem
from jianbao.indexer.sources.cleaning.text import clean_line
from jianbao.indexer.sources.files.source_file import SourceFile, suffix_of
from jianbao.indexer.sources.records.fields import (
    LONGEST_LINE,
    Names,
    article_from,
    field_of,
    one_line,
    plain_name,
)
from jianbao.indexer.sources.records.roles import LEAD, NONE, Meaning, Meanings, is_wrapper, role_of
from jianbao.indexer.sources.records.texts import (
    Leaf,
    Parsing,
    joined_texts,
    leaves,
    seen_text,
    text_of,
    unread_leaves,
)

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_GAP = re.compile(r"\S\s+(?=[^\W\d])")
_ADDRESS = re.compile(r"(?:[a-z][a-z+.-]*:)?//\S*|data:\S*|[\w.+-]+@[\w.-]+", re.IGNORECASE)

FEWEST_HAN, FEWEST_GAPS = 12, 8
"""Chinese characters, or gaps between words, from which on a value is text and no mere remark."""

FEWEST_ALONE = (4, 2)
"""The same for a record that has no other text: then any sentence may be what it is about."""

SHORTEST = 4
"""Characters below which a value is no text by either of these."""

_SIMPLE = frozenset((str, int, float, bool, type(None)))
"""Types of the values of most records: nothing lies within them."""

_MOST_NAMES = 20
"""Names of fields that are told of one file; a file of more has made-up names."""

_MOST_TOLD = 5

_DEEPEST = 6
"""Objects inside each other that are looked into for the fields of an article."""


class Records:
    """The records of one file. What is text in them but has an unknown name is counted."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._unread: Counter[str] = Counter()
        self._meanings = Meanings(file.roles)
        self._names = Names()
        self._parsing = Parsing()

    def article(self, record: Mapping[str, object], ordinal: int = 0, lines: str = "") -> Article:
        """The article of a record; `lines` are a body beside it. Raises SourceError for one that
        has neither title nor body."""
        if not _SIMPLE.issuperset(map(type, record.values())):
            record = _unwrapped(record, 0)
        found = _SortedOut(record, self._meanings, self._parsing)
        if found.unread and not (found.bodies or found.leads or lines):
            found.search_objects()
        title = one_line(found.title())
        texts = (*found.titles, *found.leads, *found.bodies, lines)
        body = joined_texts([text for text in texts if text and text.strip() not in ("", title)])
        if found.unread:
            self._note(found.unread, bare=not body)
        if not title and not body:
            raise SourceError(_unknown(found.unread))
        return article_from(
            found.fields | {"title": title, "body": body},
            name=self._file.name,
            ordinal=ordinal,
            names=self._names,
            cleaned="" if lines else body,
        )

    def has_text(self, record: Mapping[str, object]) -> bool:
        """Whether a record has a text of its own, and not only lists of others."""
        roles = self._file.roles
        return any(
            role_of(name, roles) in ("body", LEAD) and _is_text(text, *FEWEST_ALONE)
            for key, value in record.items()
            for name, text in leaves(value, key)
            # Within objects only what the setting names: their known names may be of anything.
            if isinstance(value, str) or role_of(name, roles) != role_of(name, {})
        )

    def pass_over(self, record: Mapping[str, object]) -> None:
        """Count the texts of a record that becomes no article."""
        roles = self._file.roles
        texts = [leaf for key, value in record.items() for leaf in leaves(value, key)]
        told = [leaf for leaf in texts if role_of(leaf[0], roles) in ("", "body", LEAD)]
        self._note(told, bare=False)

    def unread(self) -> Iterator[Problem]:
        """A Problem for each unknown name under which text stands, and one for markup that was not
        parsed."""
        if self._parsing.crude:
            yield Problem(
                self._file.name,
                "doubtful",
                f"{self._parsing.crude} of its values in HTML or Markdown are more than can be "
                "parsed, so only their commonest marks are taken out",
            )
        suffix = suffix_of(self._file.name)
        for name, count in self._unread.most_common(_MOST_NAMES):
            yield Problem(
                self._file.name,
                "not indexed",
                f"the text under the name {name!r} in {suffix} files; say what it is with the "
                f"setting fields, as --fields '{name}=body', or '{name}=none'",
                count,
            )

    def _note(self, unread: list[Leaf], *, bare: bool) -> None:
        fewest = FEWEST_ALONE if bare else (FEWEST_HAN, FEWEST_GAPS)
        names = [clean_line(name)[:100] for name, text in unread if _is_text(text, *fewest)]
        # In their order, so that two runs tell them in the same one.
        self._unread.update(dict.fromkeys(names, 1))


class _SortedOut:
    """The values of a record by what they are: `fields` are no text, `leads` stand before the
    `bodies`, `titles` are all that it has, and the leaves in `unread` are none of these."""

    __slots__ = ("_parsing", "_roles", "bodies", "fields", "leads", "titles", "unread")

    def __init__(self, record: Mapping[str, object], meanings: Meanings, parsing: Parsing) -> None:
        self._roles = meanings.roles
        self._parsing = parsing
        self.fields: dict[str, object] = {}
        self.titles: list[str] = []
        self.leads: list[str] = []
        self.bodies: list[str] = []
        self.unread: list[Leaf] = []
        by_role: dict[str, object] = {}
        for key, value in record.items():
            meaning = meanings[key]
            role = meaning.role
            if role in ("body", LEAD):
                self._take_text(self.leads if role == LEAD else self.bodies, key, value, meaning)
            elif role == "title":
                self._take_title(key, value, meaning)
            elif meaning.is_kept:
                self._keep(key, value, role)
            else:
                by_role[role] = value
                self._leave(key, value)
        if self._roles and self.unread:
            self._take_mapped(by_role)
        if by_role:
            self._name(by_role)

    def title(self) -> str:
        """The one that the article goes by."""
        return self.titles[0] if self.titles else ""

    def search_objects(self) -> None:
        """Take the texts under known names in objects of unknown ones."""
        names = {name for name, _ in self.unread if role_of(name, self._roles) in ("body", LEAD)}
        self.bodies += [
            text_of(text, name, self._parsing) for name, text in self.unread if name in names
        ]
        self.unread = [leaf for leaf in self.unread if leaf[0] not in names]

    def _take_text(self, texts: list[str], key: str, value: object, meaning: Meaning) -> None:
        """Take a text; all of it where it has names of its own, such as those of languages."""
        if isinstance(value, str):
            texts.append(seen_text(value, meaning.markup, self._parsing))
            return
        text = text_of(value, key, self._parsing)
        self.unread += unread_leaves(value, key)
        if not text:
            taken = [leaf for leaf in leaves(value, key) if _is_text(leaf[1], *FEWEST_ALONE)]
            text = "\n".join(text_of(part, name, self._parsing) for name, part in taken)
            self.unread = [leaf for leaf in self.unread if leaf not in taken]
        texts.append(text)

    def _take_mapped(self, by_role: dict[str, object]) -> None:
        """Take the texts in objects whose names, with dots, have a role in this corpus."""
        rest: list[Leaf] = []
        for name, text in self.unread:
            role = self._roles.get(plain_name(name), "")
            if role in ("body", LEAD):
                (self.leads if role == LEAD else self.bodies).append(
                    text_of(text, name, self._parsing)
                )
            elif role == "title":
                self.titles.insert(0, clean_line(text))
            elif role not in ("", NONE):
                by_role[role] = text
            elif not role:
                rest.append((name, text))
        self.unread = rest

    def _take_title(self, key: str, value: object, meaning: Meaning) -> None:
        if isinstance(value, str):
            text = seen_text(value, meaning.markup, self._parsing)
        else:
            text = text_of(value, key, self._parsing)
        self.titles.insert(0 if meaning.is_first else len(self.titles), clean_line(text))

    def _keep(self, key: str, value: object, role: str) -> None:
        if role:
            self.fields[key] = value
            if role != NONE:
                self._leave(key, value)
        elif isinstance(value, str):
            # Tables have many empty cells, and most others are no text either.
            if value:
                self.fields[key] = value
            if len(value) >= SHORTEST:
                self.unread.append((key, value))
        else:
            self.fields[key] = value
            self.unread += leaves(value, key)

    def _leave(self, key: str, value: object) -> None:
        """Note the texts in a value of a field that has but one line."""
        if not isinstance(value, str):
            self.unread += (leaf for leaf in leaves(value, key) if "." in leaf[0][len(key) :])
            # What lies in a list of lists is no value of a field.
            rows = (
                [part for part in value if isinstance(part, list)]
                if isinstance(value, list)
                else []
            )
            self.unread += (leaf for leaf in leaves(rows, key) if leaf[0] == key)
        elif len(value) >= LONGEST_LINE:
            self.unread.append((key, value))

    def _name(self, by_role: Mapping[str, object]) -> None:
        """Give the values whose names `article_from` does not know the names of their fields."""
        present = {field_of(key) for key in self.fields}
        mapped = set(self._roles.values())
        for role, value in by_role.items():
            if role in mapped or role not in present:
                self.fields[role] = value


def _unknown(unread: list[Leaf]) -> str:
    """Why a record is no article, with the names that its texts have."""
    names = [name for name, text in unread if _is_text(text, *FEWEST_ALONE)][:_MOST_TOLD]
    hint = f", as --fields '{names[0]}=body'" if names else ""
    told = f"; it has text under {', '.join(map(repr, names))}" if names else ""
    return (
        f"it has neither a title nor a body under a name that is known{told}: say what its names "
        f"are with the setting fields{hint}"
    )


def _unwrapped(record: Mapping[str, object], depth: int) -> dict[str, object]:
    """The fields of a record and of the objects that only wrap them. Of two with one name and
    different values the outer one has it, and the other goes by the name of its object too."""
    outer: dict[str, object] = {}
    wrapped: dict[str, Mapping[str, object]] = {}
    for key, value in record.items():
        if isinstance(value, Mapping) and is_wrapper(key) and _wraps(value) and depth < _DEEPEST:
            wrapped[key] = _unwrapped(value, depth + 1)
        else:
            outer[key] = value
    inner: dict[str, object] = {}
    for key, fields in wrapped.items():
        for name, value in fields.items():
            taken = outer.get(name, inner.get(name))
            if taken is None:
                inner[name] = value
            elif taken != value:
                inner[f"{key}.{name}"] = value
    return {**inner, **outer}


def _wraps(value: Mapping[str, object]) -> bool:
    """Whether an object has fields of an article, rather than being one value: {"rendered": …}."""
    names = {role_of(key, {}) for key in value} - {""}
    nested = any(isinstance(each, Mapping) and is_wrapper(key) for key, each in value.items())
    return "title" in names or "body" in names or LEAD in names or nested


def _is_text(text: str, han: int, gaps: int) -> bool:
    """Whether a value is text that someone may want to find."""
    text = text.strip()[:2000]
    # Between `gaps` gaps stand as many words and one more.
    if len(text) < han and len(text) <= 2 * gaps:
        return False
    if text.isascii() and len(text.split()) <= gaps:
        return False
    if _ADDRESS.fullmatch(text):
        return False
    return len(_HAN.findall(text)) >= han or len(_GAP.findall(text)) >= gaps
