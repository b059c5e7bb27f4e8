"""Text in the drawings of modern office documents: shapes, tables, equations, diagrams, charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from lxml import etree

from jianbao.indexer.models import Problem
from jianbao.indexer.sources.files.reader import not_indexed
from jianbao.indexer.sources.files.source_file import SourceFile, suffix_of
from jianbao.indexer.sources.office.parts.properties import row

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What programs read that do not know the choice before it: the same once more."""

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TEXTS = frozenset((A + "t", MATH + "t"))
_DRAWN = ("diagramData", "chart", "chartEx")
_EMBEDDED = ("oleObject", "package", "aFChunk")


class Part(Protocol):
    """A part of a document, as the libraries have it."""

    @property
    def rels(self) -> Any:
        """Its relations to other parts, by their ids."""


def parsed_part(data: bytes) -> etree._Element:
    """The XML of a part, of which nothing outside is read."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def drawn_lines(element: etree._Element, without: etree._Element | None = None) -> Iterator[str]:
    """The paragraphs and rows of tables in an element, in order, with what pictures are said to
    show; the element `without` is left out."""
    for child in element:
        if child.tag == A + "p":
            yield paragraph(child)
        elif child.tag == A + "tr":
            yield row(" ".join(drawn_lines(cell)) for cell in child.iter(A + "tc"))
        elif child.tag != FALLBACK and child is not without:
            if etree.QName(child.tag).localname in ("cNvPr", "docPr"):
                yield described(child)
            yield from drawn_lines(child, without)


def described(element: etree._Element) -> str:
    """What a picture or shape is said to show, for those who do not see it."""
    return " ".join(filter(None, (element.get("title"), element.get("descr"))))


def paragraph(element: etree._Element) -> str:
    """The text of a paragraph, equations in it included, without the number of the slide."""
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in _TEXTS:
            yield child.text or ""
        elif child.tag == A + "br":
            yield "\n"
        elif child.tag != FALLBACK and child.get("type") != "slidenum":
            yield from _pieces(child)


def chart_lines(chart: etree._Element) -> Iterator[str]:
    """The titles of a chart, its series and its categories, each once."""
    yield from drawn_lines(chart)
    values = (value for cache in chart.iter(_CHART + "strCache") for value in cache.iter())
    yield from dict.fromkeys(each.text or "" for each in values if each.tag == _CHART + "v")


def related(part: Part, kinds: Iterable[str]) -> Iterator[Any]:
    """The relations of a part that are of these kinds, by the last word of their type, to parts of
    the same document."""
    for relation in part.rels.values():
        if relation.reltype.rpartition("/")[2] in kinds and not relation.is_external:
            yield relation


def lines_beside(part: Part) -> Iterator[str]:
    """The text of the diagrams and charts that a part shows."""
    for relation in related(part, _DRAWN):
        yield from chart_lines(parsed_part(relation.target_part.blob))


def embedded(file: SourceFile, parts: Iterable[Part]) -> Iterator[Problem]:
    """The Problem of the documents that are objects in this one."""
    count = sum(1 for part in parts for _ in related(part, _EMBEDDED))
    if count:
        suffix = suffix_of(file.name)
        yield not_indexed(file, f"documents that are embedded in {suffix} files", count)
