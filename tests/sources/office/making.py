"""Office files that a test makes with the libraries that people's programs write them with."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from io import BytesIO

import docx
import openpyxl
import pptx
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

DAY = dt.datetime(2024, 12, 30, 2, 0, tzinfo=dt.UTC)
"""Ten in the morning in China."""

Rows = Sequence[Sequence[object]]


def docx_bytes(
    paragraphs: Sequence[str], *, title: str = "", author: str = "", rows: Rows = ()
) -> bytes:
    """A DOCX with a table behind its paragraphs."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = author
    document.core_properties.modified = DAY.replace(tzinfo=None)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                table.cell(number, column).text = str(cell)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def xlsx_bytes(sheets: Mapping[str, Rows], *, title: str = "", author: str = "") -> bytes:
    """An XLSX."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(list(cells))
    book.properties.title = title
    book.properties.creator = author
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def pptx_bytes(
    slides: Sequence[tuple[str, str, str]], *, author: str = "", rows: Rows = ()
) -> bytes:
    """A PPTX: title, text and notes of each slide; a table on the last."""
    shown = pptx.Presentation()
    shown.core_properties.author = author
    for title, text, notes in slides:
        slide = shown.slides.add_slide(shown.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = text
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    if rows:
        shape = shown.slides[-1].shapes.add_table(len(rows), len(rows[0]), 0, 0, 999999, 999999)
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                shape.table.cell(number, column).text = str(cell)
    buffer = BytesIO()
    shown.save(buffer)
    return buffer.getvalue()


def pdf_bytes(
    pages: Sequence[Sequence[str]], *, title: str = "", author: str = "", password: str = ""
) -> bytes:
    """A PDF set like a Chinese letter: justified, with an indent of two characters."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle(
        "body",
        fontName="STSong-Light",
        fontSize=12,
        leading=18,
        firstLineIndent=24,
        wordWrap="CJK",
        alignment=TA_JUSTIFY,
    )
    story: list[Flowable] = []
    for page in pages:
        story += [Paragraph(text, style) for text in page]
        story.append(PageBreak())
    buffer = BytesIO()
    SimpleDocTemplate(
        buffer, title=title, author=author, encrypt=password or None, invariant=1
    ).build(story)
    return buffer.getvalue()


def epub_bytes(chapters: Sequence[tuple[str, str]], *, title: str, author: str) -> bytes:
    """An EPUB, its chapters named against their order."""
    last = len(chapters)
    names = [f"text/第{last - number}章.xhtml" for number in range(last)]
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(last))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<dc:date>2024-12-30</dc:date></metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OEBPS/book.opf": package,
    }
    for name, (heading, text) in zip(names, chapters, strict=True):
        paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
        files[f"OEBPS/{name}"] = (
            f"<html><head><title>x</title></head><body><h1>{heading}</h1>{paragraphs}</body></html>"
        )
    return zip_bytes(files)


def zip_bytes(files: Mapping[str, str | bytes]) -> bytes:
    """An archive."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def mail_bytes(
    subject: str,
    text: str,
    *,
    sender: str = "李四 <lisi@example.org>",
    html: str = "",
    attachments: Mapping[str, bytes] | None = None,
) -> bytes:
    """A mail; with `html` it has both forms, or only that where `text` is empty."""
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = sender
    mail["To"] = "all@example.org"
    mail["Date"] = DAY.astimezone(dt.timezone(dt.timedelta(hours=8)))
    if text:
        mail.set_content(text, charset="gb18030", cte="base64")
    if html and text:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")
    for name, content in (attachments or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()
