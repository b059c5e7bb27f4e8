"""Who wrote it, and from where: leads, byline lines, tails, and the marks of continuation."""

from __future__ import annotations

import re

from jianbao.indexer.sources.newspaper.lines.folding import fold
from jianbao.indexer.sources.newspaper.lines.names import ROLE, looks_like_name, read_names

_OPEN, _CLOSE = r"[(\[【]", r"[)\]】]"

_LEAD = re.compile(
    r"[【(]?(?:据)?(?:本(?:报|网|刊|台)|[\u4e00-\u9fff]{1,8}(?:社|报|网|台))"
    r"[\u4e00-\u9fff、\s0-9]{0,24}?(?:讯|电|消息)(?:(?=[\s(:,“】)])|(?<=日[电讯])$)[】)]?"
    r"|(?:本报|本网)讯|[【(]\s*(?:本报)?(?:[\u4e00-\u9fff]{2}记者|记者)[^】)/\n]{2,20}/[^】)\n]{2,12}[】)]"
)
_LEAD_BYLINE = re.compile(rf"\s*{_OPEN}([^()\n]{{2,80}}){_CLOSE}")
_LEAD_OPEN = re.compile(
    r"\s*((?:(?:本报|本网|新华社)?(?:特约|实习|见习|首席)*(?:记者|通讯员).{2,40}?))[报通]道"
)
_BULLET = re.compile(r"[□■●◆◇▲△○◎☆★▪◻▶►¤§]\s*")
_SURE_ROLE = re.compile(r"(?:本报|本网|新华社)\S{0,6}(?:记者|通讯员|评论员)|(?:记者|通讯员)\s")
_UNNAMED = re.compile(
    r"(?:本报|本刊|本网|新华社|[\u4e00-\u9fff]{2,6}报)(?:特约)?(?:评论员|评论部|编辑部)"
)
_BRACKETED = re.compile(rf"{_OPEN}([^()\n]{{2,60}}){_CLOSE}")
_TAIL = re.compile(rf"{_OPEN}([^()\[\]【】\n]{{2,60}}){_CLOSE}\s*$")
_TO = re.compile(
    rf"{_OPEN}?\s*下转(?:第)?\s*([A-Za-z]?\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*版\s*{_CLOSE}?"
)
_FROM = re.compile(
    rf"{_OPEN}?\s*上接(?:第)?\s*([A-Za-z]?\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*版{_CLOSE}?"
)
_TO_END = re.compile(rf"{_TO.pattern}\s*$")
_MARK_LENGTH = 24
"""Characters of `(下转第十二版)` with spaces between."""

_DIGITS = "零一二三四五六七八九"


def is_lead(text: str) -> bool:
    """Whether a paragraph opens a story: `本报讯(记者 …)`, `新华社北京…电`, `(上接第1版)`."""
    return bool(_LEAD.match(text)) or continued_from(text) != ""


def lead_names(text: str) -> tuple[str, ...]:
    """The reporters named at the opening of a story's first paragraph."""
    lead = _LEAD.match(text)
    if lead and "/" in lead[0]:
        return read_names(lead[0].strip("【】()").partition("/")[0])[0]
    found = _LEAD_BYLINE.match(text, lead.end() if lead else 0)
    if found and (lead or ROLE.search(found[1])):
        names, clean = read_names(found[1])
        return names if clean else tuple(filter(looks_like_name, names))
    opened = _LEAD_OPEN.match(text, lead.end()) if lead else None
    return read_names(opened[1])[0] if opened else ()


def byline_names(text: str) -> tuple[str, ...]:
    """The names on a line that is a byline and nothing else; empty for any other line.

    A leading article is signed by an office: 本报评论员.
    """
    if len(text) > 60 or text.endswith(tuple("。!?,:")):
        return ()
    bullet = _BULLET.match(text)
    rest = text[bullet.end() :] if bullet else text
    inner = _BRACKETED.fullmatch(rest)
    if inner:
        rest = inner[1]
    if _UNNAMED.fullmatch(rest):
        return (rest,)
    names, clean = read_names(re.sub(r":", " ", rest))
    if not clean or not names:
        return ()
    likely = [looks_like_name(name) for name in names]
    if ROLE.search(rest):
        sure = any(likely) or bool(_SURE_ROLE.match(rest))
        return names if all(likely) or (sure and "," not in rest) else ()
    marked = bullet is not None or inner is not None
    bare = len(names) <= 3 and all(len(name) <= 3 for name in names)
    if all(likely) and (marked or bare):
        return names
    return ()


def tail_names(text: str) -> tuple[str, ...]:
    """The names in brackets at the end of a story's last paragraph."""
    found = _TAIL.search(text)
    if not found:
        return ()
    names, clean = read_names(found[1])
    if clean and (ROLE.search(found[1]) or all(looks_like_name(name) for name in names)):
        return names
    return ()


def continues_to(text: str) -> str:
    """The page label in `(下转第3版)` at the end of `text`, or empty."""
    found = _TO_END.search(text, max(0, len(text) - _MARK_LENGTH))
    return plain_label(found[1]) if found else ""


def continued_from(text: str) -> str:
    """The page label in `(上接第1版)` at the start of `text`, or empty."""
    found = _FROM.match(text)
    return plain_label(found[1]) if found else ""


def without_marks(text: str) -> str:
    """`text`, as printed, without the marks of continuation at its ends."""
    plain = fold(text)
    start = _FROM.match(plain)
    # As in `continues_to`: a mark may begin at each space of a long run.
    end = _TO_END.search(plain, max(0, len(plain.rstrip()) - _MARK_LENGTH))
    return text[start.end() if start else 0 : end.start() if end else len(text)].strip()


def plain_label(label: str) -> str:
    """One spelling of a page label: `03` and `三` are `3`, `a03` is `A03`."""
    if label.isdigit():
        return str(int(label))
    if label[0] in "一二三四五六七八九十":
        tens, _, ones = label.partition("十") if "十" in label else ("零", "", label)
        return str((_DIGITS.find(tens) if tens else 1) * 10 + max(0, _DIGITS.find(ones or "零")))
    return label.upper()
