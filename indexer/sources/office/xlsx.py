"""XLSX: sheet by sheet, row by row, as the values that were last computed."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from indexer.sources.office.cells import cell_text
from indexer.sources.office.package import require_sound
from indexer.sources.office.properties import document, row, utc
from indexer.sources.opening import SourceFile
from indexer.sources.reading import Item


def read_xlsx(file: SourceFile) -> Iterator[Item]:
    """One article: the name of each sheet, then its rows. Hidden sheets are left out."""
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
        properties = book.properties
        book.close()
    yield document(
        file,
        "\n".join(lines),
        title=properties.title,
        author=properties.creator,
        date=utc(properties.modified or properties.created),
    )
