"""XLSX: sheet by sheet, row by row, as the values that were last computed; then text boxes,
charts and comments."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator

from lxml import etree

from jianbao.indexer.sources.files.reader import Item, not_indexed
from jianbao.indexer.sources.files.source_file import SourceFile, suffix_of
from jianbao.indexer.sources.office.parts.cells import cell_text
from jianbao.indexer.sources.office.parts.drawing import chart_lines, parsed_part
from jianbao.indexer.sources.office.parts.package import require_sound
from jianbao.indexer.sources.office.parts.properties import document, row, utc

_DRAWN = re.compile(r"xl/(?:drawings|charts|diagrams)/(?:drawing|chart|data)\d*\.xml")
_COMMENTS = re.compile(r"xl/(?:comments\d*|comments/comment\d*|threadedComments/\w+)\.xml")
_EMBEDDED = "xl/embeddings/"


def read_xlsx(file: SourceFile) -> Iterator[Item]:
    """One article: the name of each sheet, then its rows. Hidden sheets are left out, and with one
    what is drawn, which may be drawn there."""
    import openpyxl

    require_sound(file.source.path)
    lines: list[str] = []
    with warnings.catch_warnings(), file.source.path.open("rb") as opened:
        # It warns of each kind of decoration that it does not keep.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                # What a sheet says of its own size may be a million empty rows.
                sheet.reset_dimensions()
                rows = (row(map(cell_text, cells)) for cells in sheet.iter_rows(values_only=True))
                lines += [sheet.title, *filter(None, rows)]
        hidden = sum(sheet.sheet_state != "visible" for sheet in book.worksheets)
        properties = book.properties
        book.close()
    kind = suffix_of(file.name)
    with zipfile.ZipFile(file.source.path) as archive:
        drawn = list(filter(None, _drawn(archive)))
        embedded = sum(name.startswith(_EMBEDDED) for name in archive.namelist())
    lines += () if hidden else drawn
    yield document(
        file,
        "\n".join(lines),
        title=properties.title,
        author=properties.creator,
        date=utc(properties.modified or properties.created),
    )
    if hidden:
        yield not_indexed(file, f"hidden sheets of {kind} files", hidden)
    if hidden and drawn:
        yield not_indexed(
            file, f"text boxes, charts and comments of {kind} files with hidden sheets"
        )
    if embedded:
        yield not_indexed(file, f"documents that are embedded in {kind} files", embedded)


def _drawn(archive: zipfile.ZipFile) -> Iterator[str]:
    """The lines of text boxes, charts, diagrams and comments."""
    for name in archive.namelist():
        if _DRAWN.fullmatch(name):
            yield from chart_lines(parsed_part(archive.read(name)))
        elif _COMMENTS.fullmatch(name):
            yield from _comments(parsed_part(archive.read(name)))


def _comments(comments: etree._Element) -> Iterator[str]:
    for element in comments.iter("{*}comment", "{*}threadedComment"):
        yield "".join(each.text or "" for each in element.iter("{*}t", "{*}text") if each.text)
