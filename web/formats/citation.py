"""One article as a reference: GB/T 7714—2015, BibTeX and RIS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Final
from urllib.parse import quote

from jianbao.indexer import Article
from jianbao.web.languages.strings import STRINGS
from jianbao.web.render import web_address

BIBTEX: Final = "application/x-bibtex"
RIS: Final = "application/x-research-info-systems"

MOST_AUTHORS: Final = 3
"""GB/T 7714—2015, 8.1.2: three are named, the others are 等."""

_DATE: Final = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PAGE: Final = re.compile("第? ?(.+?) ?版")
_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f]+")
_TEX: Final = {
    "\\": r"\textbackslash{}",
    # Escaped braces still count as braces for BibTeX, which wants them in pairs.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_URL_SAFE: Final = ":/?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: the article, where it can be read (absolute), and when it was.

    An article with a newspaper page or an issue is cited as one of a newspaper, any other as an
    electronic document; what is unknown is left out.
    """

    article: Article
    permalink: str
    accessed: date

    @property
    def in_print(self) -> bool:
        """Whether it is known to have stood in a newspaper."""
        return bool(self.article.source and (self.article.page or self.article.issue))

    @property
    def page(self) -> str:
        """The number of the newspaper page, without its counter."""
        page = _line(self.article.page)
        found = _PAGE.fullmatch(page)
        return found[1] if found else page

    @property
    def original(self) -> str:
        """Its own address on the web, or empty."""
        return web_address(self.article.url)

    @property
    def title(self) -> str:
        """The title on one line."""
        return _line(self.article.title) or STRINGS["untitled"]

    @property
    def key(self) -> str:
        """A name for it in ASCII that depends on the article's id alone."""
        named = self.article.id.encode("utf-8", "surrogatepass")
        return f"jianbao-{blake2b(named, digest_size=5).hexdigest()}"


def gbt7714(citation: Citation) -> str:
    """The reference as GB/T 7714—2015 writes it: [N], [N/OL] or [EB/OL]."""
    article = citation.article
    authors = [_line(name) for name in article.author]
    named = ", ".join(authors[:MOST_AUTHORS])
    if len(authors) > MOST_AUTHORS:
        named = ", ".join((named, STRINGS["cite_others"]))
    where = _in_newspaper(citation) if citation.in_print else _on_the_web(citation)
    return f"{named}. {citation.title}{where}" if named else f"{citation.title}{where}"


def _in_newspaper(citation: Citation) -> str:
    article = citation.article
    issue = f"({citation.page})" if citation.page else ""
    placed = ", ".join(filter(None, (_line(article.source), _day(article.date))))
    if not citation.original:
        return f"[N]. {placed}{issue}."
    return f"[N/OL]. {placed}{issue}[{citation.accessed.isoformat()}]. {citation.original}."


def _on_the_web(citation: Citation) -> str:
    article = citation.article
    day, source = _day(article.date), _line(article.source)
    published = ", ".join(filter(None, (source, day[:4]))) if source else ""
    updated = f"({day})" if day else ""
    address = citation.original or citation.permalink
    return f"[EB/OL]. {published}{updated}[{citation.accessed.isoformat()}]. {address}."


def bibtex(citation: Citation) -> str:
    """One BibTeX entry in UTF-8, for BibTeX with any style and for biblatex."""
    article, found = citation.article, _DATE.fullmatch(citation.article.date)
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in article.author),
        "title": f"{{{_tex(citation.title)}}}",
        "journal" if citation.in_print else "publisher": _tex(article.source),
        "date": article.date if found else "",
        "year": found[1] if found else "",
        "month": str(int(found[2])) if found else "",
        "number": _tex(article.issue),
        "pages": _tex(citation.page),
        "keywords": ", ".join(map(_tex, article.tags)),
        "url": quote(citation.original or citation.permalink, safe=_URL_SAFE),
        "urldate": citation.accessed.isoformat(),
        "langid": "chinese",
    }
    kind = "article" if citation.in_print else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{citation.key},", *lines, "}", ""])


def ris(citation: Citation) -> str:
    """One RIS record, lines ended as the format wants."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(citation) if value) + (
        "ER  - \r\n"
    )


def _ris_lines(citation: Citation) -> Iterator[tuple[str, str]]:
    article = citation.article
    day = _day(article.date).replace("-", "/")
    yield "TY", "NEWS" if citation.in_print else "ELEC"
    yield "ID", citation.key
    yield "TI", citation.title
    yield from (("AU", _line(name)) for name in article.author)
    yield "T2" if citation.in_print else "PB", _line(article.source)
    yield "PY", day[:4]
    yield "DA", day
    yield "IS", _line(article.issue)
    yield "SP", citation.page
    yield "SE", _line(article.column)
    yield from (("KW", _line(tag)) for tag in article.tags)
    yield "LA", "zh"
    yield "UR", citation.original or citation.permalink
    yield "Y2", citation.accessed.isoformat().replace("-", "/")


def _day(text: str) -> str:
    return text if _DATE.fullmatch(text) else ""


def _line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _line(text))
