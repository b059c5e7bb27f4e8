"""PPTX: slide by slide, each with its tables, equations, diagrams, charts, comments and notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from jianbao.indexer.sources.files.reader import Item
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.office.parts.drawing import (
    drawn_lines,
    embedded,
    lines_beside,
    parsed_part,
    related,
)
from jianbao.indexer.sources.office.parts.package import require_sound
from jianbao.indexer.sources.office.parts.properties import document, first_title, utc

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def read_pptx(file: SourceFile) -> Iterator[Item]:
    """One article."""
    import pptx

    require_sound(file.source.path)
    shown = pptx.Presentation(str(file.source.path))
    slides = list(shown.slides)
    lines = [line for slide in slides for line in _slide(slide)]
    properties = shown.core_properties
    yield document(
        file,
        "\n".join(lines),
        title=first_title(properties.title, *map(_title, slides[:1])),
        author=properties.author,
        date=utc(properties.modified or properties.created),
    )
    yield from embedded(file, [slide.part for slide in slides])


def _title(slide: Any) -> str:
    shape = slide.shapes.title
    return " ".join(shape.text_frame.text.split()) if shape is not None else ""


def _slide(slide: Any) -> Iterator[str]:
    """The lines of a slide. Its title is drawn wherever it is; it is read first."""
    title = slide.shapes.title
    drawn = slide.shapes.element
    if title is not None:
        yield from drawn_lines(title.element)
    yield from drawn_lines(drawn, without=None if title is None else title.element)
    yield from lines_beside(slide.part)
    for relation in related(slide.part, ("comments",)):
        yield from _comments(parsed_part(relation.target_part.blob))
    if slide.has_notes_slide and slide.notes_slide.notes_placeholder is not None:
        yield from drawn_lines(slide.notes_slide.notes_placeholder.element)


def _comments(comments: etree._Element) -> Iterator[str]:
    yield from (each.text or "" for each in comments.iter(_P + "text"))
    yield from drawn_lines(comments)
