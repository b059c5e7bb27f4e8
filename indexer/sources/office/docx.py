"""DOCX: paragraphs and tables in order, with text boxes, notes and tracked insertions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from indexer.sources.office.package import require_sound
from indexer.sources.office.properties import document, first_title, row, utc
from indexer.sources.opening import SourceFile
from indexer.sources.reading import Item

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_UNSEEN = frozenset(
    (
        # Alternatives to what has been read already, deleted text, and phonetic guides.
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
        *(_W + name for name in ("del", "moveFrom", "instrText", "delText", "rt", "pPr", "rPr")),
    )
)
_NOTES = ("footnotes", "endnotes")


def read_docx(file: SourceFile) -> Iterator[Item]:
    """One article. Headers, footers and comments are left out."""
    import docx

    require_sound(file.source.path)
    opened = docx.Document(str(file.source.path))
    body = opened.element.body
    lines = list(_blocks(body))
    lines += [line for notes in _notes(opened) for line in _blocks(notes)]
    properties = opened.core_properties
    yield document(
        file,
        "\n".join(lines),
        title=first_title(properties.title, _styled_title(opened)),
        author=properties.author,
        # A notice made from last year's copy keeps the day on which that was created.
        date=utc(properties.modified or properties.created),
    )


def _styled_title(opened: Any) -> str:
    """The first paragraph in the style for titles, whatever the style is called."""
    for paragraph in opened.paragraphs[:20]:
        style = paragraph.style
        if style is not None and style.name in ("Title", "标题", "標題") and paragraph.text.strip():
            return str(paragraph.text)
    return ""


def _notes(opened: Any) -> Iterator[etree._Element]:
    """The footnotes and endnotes, which the library does not read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in opened.part.rels.values():
        if relation.reltype.rpartition("/")[2] in _NOTES and not relation.is_external:
            yield etree.fromstring(relation.target_part.blob, parser)


def _blocks(element: etree._Element) -> Iterator[str]:
    """The lines of an element: one for each paragraph, and for each row of a table."""
    for child in element:
        if child.tag == _W + "p":
            yield from _paragraph(child)
        elif child.tag == _W + "tr":
            yield row(
                " ".join(_blocks(cell)) for cell in child.iter(_W + "tc") if _own(cell, child)
            )
        elif child.tag not in _UNSEEN:
            yield from _blocks(child)


def _own(cell: etree._Element, table_row: etree._Element) -> bool:
    """Whether a cell is one of the row itself and not of a table inside one of its cells."""
    return next(cell.iterancestors(_W + "tr")) is table_row


def _paragraph(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph, then that of the text boxes anchored in it."""
    boxes: list[etree._Element] = []
    yield "".join(_runs(element, boxes))
    for box in boxes:
        yield from _blocks(box)


def _runs(element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    for child in element:
        if child.tag == _W + "txbxContent":
            boxes.append(child)
        elif child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _UNSEEN:
            yield from _runs(child, boxes)
