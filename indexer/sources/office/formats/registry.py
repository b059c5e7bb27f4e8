"""Which function reads which office file. A new format is one new file, and a line here and in
`needs.py`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jianbao.indexer.sources.files.reader import Reader
from jianbao.indexer.sources.office.formats.doc import read_doc
from jianbao.indexer.sources.office.formats.docx import read_docx
from jianbao.indexer.sources.office.formats.epub import read_epub
from jianbao.indexer.sources.office.formats.mail import read_mail
from jianbao.indexer.sources.office.formats.msg import read_msg
from jianbao.indexer.sources.office.formats.pdf import read_pdf
from jianbao.indexer.sources.office.formats.ppt import read_ppt
from jianbao.indexer.sources.office.formats.pptx import read_pptx
from jianbao.indexer.sources.office.formats.xls import read_xls
from jianbao.indexer.sources.office.formats.xlsx import read_xlsx
from jianbao.indexer.sources.office.formats.zip_file import read_zip
from jianbao.indexer.sources.office.parts.member_reader import Container

DOCUMENTS: Mapping[str, Reader] = MappingProxyType(
    {
        ".pdf": read_pdf,
        ".docx": read_docx,
        ".docm": read_docx,
        ".xlsx": read_xlsx,
        ".xlsm": read_xlsx,
        ".pptx": read_pptx,
        ".pptm": read_pptx,
        ".ppsx": read_pptx,
        ".doc": read_doc,
        ".xls": read_xls,
        ".ppt": read_ppt,
        ".pps": read_ppt,
        ".epub": read_epub,
    }
)
"""Suffix -> reader. Called in a process of its own; may raise whatever its library raises."""

CONTAINERS: Mapping[str, Container] = MappingProxyType(
    {".zip": read_zip, ".eml": read_mail, ".msg": read_msg}
)
