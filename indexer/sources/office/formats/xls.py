"""XLS, the spreadsheet of the old format: sheet by sheet, row by row."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.files.reader import Item, not_indexed
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.office.parts.cells import cell_text
from jianbao.indexer.sources.office.parts.ole import properties_of
from jianbao.indexer.sources.office.parts.properties import document, row


def read_xls(file: SourceFile) -> Iterator[Item]:
    """One article: the name of each sheet, then its rows. Hidden sheets are left out."""
    import xlrd

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        try:
            book = xlrd.open_workbook(str(file.source.path), logfile=nowhere)
        except xlrd.biffh.XLRDError as error:
            if "encrypted" in str(error).lower():
                raise SourceError(
                    "it is encrypted; put a copy without a password in its place"
                ) from error
            raise
    lines: list[str] = []
    for sheet in book.sheets():
        if not sheet.visibility:
            rows = (
                row(_text(cell, book.datemode) for cell in sheet.row(number))
                for number in range(sheet.nrows)
            )
            lines += [sheet.name, *filter(None, rows)]
    says = properties_of(file.source.path)
    yield document(
        file,
        "\n".join(lines),
        title=says.title,
        author=says.author or book.user_name,
        date=says.date,
    )
    if hidden := sum(bool(sheet.visibility) for sheet in book.sheets()):
        yield not_indexed(file, "hidden sheets of .xls files", hidden)


def _text(cell: Any, datemode: Literal[0, 1]) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return cell_text(xlrd.xldate_as_datetime(cell.value, datemode))
        except (ValueError, OverflowError):
            return cell_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return cell_text(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    return cell_text(cell.value)
