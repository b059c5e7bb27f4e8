"""PDF: the text of all pages, its lines made paragraphs again."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_double

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.files.reader import Item, doubtful, not_indexed
from jianbao.indexer.sources.files.source_file import SourceFile, opened
from jianbao.indexer.sources.office.parts.printed_lines import Glyph, Line, paragraphs
from jianbao.indexer.sources.office.parts.properties import document, pdf_date

_HYPHEN = "\ufffe"
"""What the library gives for a hyphen that splits a word at the end of a line."""


def read_pdf(file: SourceFile) -> Iterator[Item]:
    """One article; a page ends a paragraph."""
    import pypdfium2

    try:
        # By its path the library would open what has that name by now.
        pdf = pypdfium2.PdfDocument(opened(file.source), autoclose=True)
    except pypdfium2.PdfiumError as error:
        raise SourceError(_refusal(str(error))) from error
    with pdf:
        pages, broken = [], []
        for number in range(len(pdf)):
            try:
                pages.append("\n".join(paragraphs(_lines(pdf, number))))
            except pypdfium2.PdfiumError:
                broken.append(str(number + 1))
        body = "\n".join(page for page in pages if page)
        if not body:
            why = "none of its pages can be read" if broken else "no text (scanned?)"
            raise SourceError(f"{why}; have its text recognised, or leave it out")
        if broken:
            yield doubtful(file, f"its pages {', '.join(broken[:20])} cannot be read")
        says = pdf.get_metadata_dict()
        attached = pdf.count_attachments()
    yield document(
        file,
        body,
        title=says.get("Title", ""),
        author=says.get("Author", ""),
        date=pdf_date(says.get("CreationDate", "")) or pdf_date(says.get("ModDate", "")),
    )
    if attached:
        yield not_indexed(file, "files that are attached to .pdf files", attached)


def _refusal(error: str) -> str:
    if "password" in error.lower() or "security" in error.lower():
        return "it is encrypted; put a copy without a password in its place"
    return "it is damaged or no PDF at all"


def _lines(pdf: object, number: int) -> Iterator[Line]:
    """The lines of a page, in the order in which they were drawn."""
    import pypdfium2.raw as raw
    from pypdfium2 import PdfDocument

    assert isinstance(pdf, PdfDocument)
    page = pdf[number]
    text_page = page.get_textpage()
    try:
        line = Line()
        for index in range(text_page.count_chars()):
            character = _character(raw.FPDFText_GetUnicode(text_page, index))
            if character == _HYPHEN:
                line.split_word = True
                continue
            glyph = _glyph(text_page, index, character)
            if character in "\r\n" or line.is_left_by(glyph):
                yield line
                line = Line()
            line.add(glyph)
        yield line
    finally:
        text_page.close()
        page.close()


def _character(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or code == 0:
        return " "
    return _HYPHEN if code == 2 else chr(code)


def _glyph(text_page: object, index: int, character: str) -> Glyph:
    import pypdfium2.raw as raw

    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharBox(text_page, index, byref(left), byref(right), byref(bottom), byref(top))
    raw.FPDFText_GetCharOrigin(text_page, index, byref(x), byref(y))
    return Glyph(
        character,
        left.value,
        right.value,
        y.value,
        raw.FPDFText_GetFontSize(text_page, index),
        raw.FPDFText_IsGenerated(text_page, index) == 1,
    )
