"""DOCX: paragraphs and tables in order, with text boxes, equations and tracked insertions; then
notes, headers, footers, comments, diagrams and charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from jianbao.indexer.sources.files.reader import Item
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.office.parts.drawing import (
    FALLBACK,
    MATH,
    A,
    described,
    embedded,
    lines_beside,
    parsed_part,
    related,
)
from jianbao.indexer.sources.office.parts.package import require_sound
from jianbao.indexer.sources.office.parts.properties import document, first_title, row, utc

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXTS = frozenset((_W + "t", MATH + "t", A + "t"))
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_UNSEEN = frozenset(
    # Alternatives to what has been read already, and deleted text.
    (FALLBACK, *(_W + name for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr")))
)
_RUBY = _W + "rt"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
_DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_NOTES = ("footnotes", "endnotes")
_MARGINS = ("header", "footer", "comments")


def read_docx(file: SourceFile) -> Iterator[Item]:
    """One article."""
    import docx

    require_sound(file.source.path)
    opened = docx.Document(str(file.source.path))
    lines = list(_blocks(opened.element.body))
    lines += [line for notes in _related(opened, _NOTES) for line in _blocks(notes)]
    # The same header may stand in each section; a line of no letter is the number of the page.
    margins = (line for part in _related(opened, _MARGINS) for line in _blocks(part))
    lines += dict.fromkeys(line for line in margins if any(map(str.isalpha, line)))
    lines += lines_beside(opened.part)
    properties = opened.core_properties
    yield document(
        file,
        "\n".join(lines),
        title=first_title(properties.title, _styled_title(opened)),
        author=properties.author,
        # A notice made from last year's copy keeps the day on which that was created.
        date=utc(properties.modified or properties.created),
    )
    yield from embedded(file, [opened.part])


def _styled_title(opened: Any) -> str:
    """The first paragraph in the style for titles, whatever the style is called."""
    for paragraph in opened.paragraphs[:20]:
        style = paragraph.style
        if style is not None and style.name in ("Title", "标题", "標題") and paragraph.text.strip():
            return str(paragraph.text)
    return ""


def _related(opened: Any, kinds: tuple[str, ...]) -> Iterator[etree._Element]:
    """The parts of these kinds, in the order of the kinds: the library does not read them."""
    for kind in kinds:
        for relation in related(opened.part, (kind,)):
            yield parsed_part(relation.target_part.blob)


def _blocks(element: etree._Element) -> Iterator[str]:
    """The lines of an element: one for each paragraph, and for each row of a table."""
    for child in element:
        if child.tag == _W + "p":
            yield from _paragraph(child)
        elif child.tag == _W + "tr":
            yield row(
                " ".join(_blocks(cell)) for cell in child.iter(_W + "tc") if _own(cell, child)
            )
        elif child.tag.startswith(MATH):
            yield from _paragraph(child)
        elif child.tag not in _UNSEEN:
            yield from _blocks(child)


def _own(cell: etree._Element, table_row: etree._Element) -> bool:
    """Whether a cell is one of the row itself and not of a table inside one of its cells."""
    return next(cell.iterancestors(_W + "tr")) is table_row


@dataclass(slots=True)
class _Beside:
    """What stands beside the text of a paragraph: text boxes, phonetic guides, and what pictures
    are said to show."""

    boxes: list[etree._Element] = field(default_factory=list)
    guides: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def _paragraph(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph, then what stands beside it."""
    beside = _Beside()
    yield "".join(_runs(element, beside))
    yield " ".join(beside.guides)
    yield from beside.pictures
    for box in beside.boxes:
        yield from _blocks(box)


def _runs(element: etree._Element, beside: _Beside) -> Iterator[str]:
    for child in element:
        if child.tag == _W + "txbxContent":
            beside.boxes.append(child)
        elif child.tag == _RUBY:
            beside.guides.append("".join(_runs(child, beside)))
        elif child.tag in _TEXTS:
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == _WORD_ART:
            beside.pictures.append(child.get("string") or "")
        elif child.tag not in _UNSEEN:
            if child.tag == _DESCRIBED:
                beside.pictures.append(described(child))
            yield from _runs(child, beside)
