"""PPTX: slide by slide, each with its tables and the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from indexer.sources.office.package import require_sound
from indexer.sources.office.properties import document, first_title, row, utc
from indexer.sources.opening import SourceFile
from indexer.sources.reading import Item


def read_pptx(file: SourceFile) -> Iterator[Item]:
    """One article."""
    import pptx

    require_sound(file.source.path)
    shown = pptx.Presentation(str(file.source.path))
    lines: list[str] = []
    titles: list[str] = []
    for slide in shown.slides:
        title = slide.shapes.title
        titles.append(" ".join(title.text_frame.text.split()) if title is not None else "")
        # The title is drawn wherever it is; it is read first.
        others = (shape for shape in slide.shapes if title is None or shape != title)
        lines += [*([] if title is None else _shape(title)), *_shapes(others)]
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            lines.append(slide.notes_slide.notes_text_frame.text)
    properties = shown.core_properties
    yield document(
        file,
        "\n".join(lines),
        title=first_title(properties.title, *titles[:1]),
        author=properties.author,
        date=utc(properties.modified or properties.created),
    )


def _shapes(shapes: Iterable[Any]) -> Iterator[str]:
    for shape in shapes:
        yield from _shape(shape)


def _shape(shape: Any) -> Iterator[str]:
    from pptx.shapes.group import GroupShape

    if isinstance(shape, GroupShape):
        yield from _shapes(shape.shapes)
    elif shape.has_text_frame:
        yield from (paragraph.text.replace("\v", "\n") for paragraph in shape.text_frame.paragraphs)
    elif getattr(shape, "has_table", False):
        yield from (row(cell.text for cell in each.cells) for each in shape.table.rows)
