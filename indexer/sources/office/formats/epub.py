"""EPUB: the chapters of a book in reading order."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article
from jianbao.indexer.sources.cleaning.dates import iso_date
from jianbao.indexer.sources.cleaning.text import clean_line
from jianbao.indexer.sources.encoding.detection import decode
from jianbao.indexer.sources.files.reader import Item, skipped
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.markup.visible_text import parsed, visible_text
from jianbao.indexer.sources.office.parts.package import require_sound
from jianbao.indexer.sources.office.parts.properties import first_title, plausible_author
from jianbao.indexer.sources.records.fields import article_from

_DC = "{http://purl.org/dc/elements/1.1/}"
_HTML = ("application/xhtml+xml", "text/html")
_HEADINGS = ("h1", "h2", "h3")


def read_epub(file: SourceFile) -> Iterator[Item]:
    """An article for each chapter; its source is the title of the book."""
    require_sound(file.source.path)
    with zipfile.ZipFile(file.source.path) as archive:
        place = _package_place(archive)
        package = _xml(archive, place)
        book = first_title(_says(package, "title")) or file.stem
        common = {
            "source": book,
            "author": plausible_author("；".join(_all(package, "creator"))),
            "date": iso_date(_says(package, "date")),
        }
        found = 0
        for ordinal, path in enumerate(_spine(package, posixpath.dirname(place)), start=1):
            if path not in archive.NameToInfo:
                yield skipped(file, f"chapter {ordinal} ({path}) is missing")
                continue
            chapter = _chapter(file, decode(archive.read(path)).text, common, ordinal)
            if chapter is not None:
                found += 1
                yield chapter
    if not found:
        raise SourceError("no chapter of it has text")


def _package_place(archive: zipfile.ZipFile) -> str:
    """Where the list of the book's parts lies."""
    container = _xml(archive, "META-INF/container.xml")
    for element in container.iter("{*}rootfile"):
        if place := element.get("full-path"):
            return str(place)
    raise SourceError("it is damaged: it does not say where its parts are listed")


def _xml(archive: zipfile.ZipFile, path: str) -> etree._Element:
    if path not in archive.NameToInfo:
        raise SourceError(f"it is damaged: {path} is missing")
    if archive.NameToInfo.get("META-INF/encryption.xml") and path.endswith(".opf"):
        _require_readable(archive)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(path), parser)


def _require_readable(archive: zipfile.ZipFile) -> None:
    """Raise SourceError for a book under copy protection; scrambled fonts alone are none."""
    listed = archive.read("META-INF/encryption.xml").lower()
    if b".xhtml" in listed or b".html" in listed:
        raise SourceError("it is encrypted against copying")


def _all(package: etree._Element, name: str) -> list[str]:
    return [clean_line("".join(element.itertext())) for element in package.iter(_DC + name)]


def _says(package: etree._Element, name: str) -> str:
    return next(filter(None, _all(package, name)), "")


def _spine(package: etree._Element, folder: str) -> Iterator[str]:
    """The paths of the chapters, in reading order."""
    places = {
        item.get("id"): str(item.get("href") or "")
        for item in package.iter("{*}item")
        if item.get("media-type") in _HTML
    }
    for reference in package.iter("{*}itemref"):
        if href := places.get(reference.get("idref")):
            yield posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _chapter(file: SourceFile, page: str, common: dict[str, str], ordinal: int) -> Article | None:
    body = visible_text(page)
    if not body:
        return None
    title = _heading(page) or f"{common['source']}（{ordinal}）"
    if body.startswith(title + "\n"):
        body = body[len(title) + 1 :]
    return article_from({**common, "title": title, "body": body}, name=file.name, ordinal=ordinal)


def _heading(page: str) -> str:
    root = parsed(page)
    if root is None:
        return ""
    headings = (element for name in _HEADINGS for element in root.iter(name))
    return next(filter(None, (clean_line("".join(each.itertext())) for each in headings)), "")
