"""Read the fields on one line of a masthead: dates, numbers, codes, editors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from jianbao.indexer.sources.newspaper.lines.folding import fold
from jianbao.indexer.sources.newspaper.lines.names import looks_like_name, read_names

LINE_LIMIT = 300
"""Characters: a longer line is prose; a masthead run into one line stays below."""

_HAN_DIGIT = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "O": "0",
}
_N = r"\d"
_DATE = re.compile(
    rf"({_N}{{4}})\s*(?:年\s*({_N}{{1,2}})\s*月\s*({_N}{{1,2}})\s*日|[-./·]({_N}{{1,2}})[-./·]({_N}{{1,2}}))"
    r"|([〇零○O一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_MINGUO = re.compile(
    r"(?:中[华華][民][国國]|民[国國])\s*(\d{1,3}|[〇零一二三四五六七八九十]{1,4})年"
    r"(\d{1,2}|[一二三四五六七八九十]{1,3})月(\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天](?![\u4e00-\u9fff])")
_ISSUE = re.compile(
    r"(?:总?第|No\.?|NO\.?)\s*(\d{1,6})\s*[期号]?\s*"
    r"[(]?\s*(?:总第|总期号?|总|累计第)\s*:?(\d{1,6})\s*[期号]?\s*[)]?"
    r"|第\s*(\d{1,6})\s*[期号]|总?第[〇零一二三四五六七八九十百千]{1,9}期|(?:总第|总期号?:?)\s*(\d{1,6})\s*[期号]?"
)
_CN = re.compile(r"CN\s*:?\s*(\d{2}\s*[-—–―-]{1,2}\s*\d{4}(?:/[A-Z]+)?)")
_CN_LABEL = r"(?:国内)?(?:统一)?(?:连续)?(?:出版物)?(?:统一)?(?:刊|编|代)?号\s*:?\s*"
_POSTAL = re.compile(
    r"(?:邮发|邮局|国内邮发|国外发行)代号\s*:?\s*([A-Z]?\d{1,3}\s*[-—–―-]{1,2}\s*\d{1,4}|[A-Z]{1,2}\d+)"
)
_PAGE = re.compile(
    r"(?<![今共日])(?:第\s*([A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})|(?<!\d)([A-Za-z]?\d{1,2}))\s*版(?![面式权])|(?<!\S)([A-D]\d{1,2})(?!\S)"
)
_SPONSOR = re.compile(r"([\u4e00-\u9fff]{2,16}?)\s*(主管|主办|承办|协办|出版)(?![\u4e00-\u9fff]*:)")
_SPONSOR_AFTER = re.compile(r"(主管|主办|承办|协办|出版)(?:单位|者)?\s*:\s*([\u4e00-\u9fff]{2,20})")
_STAFF_ROLE = (
    r"(?:本版|值班|本期|执行|责任)?(?:责任编辑|编辑|责编|美编|美术编辑|版式设计|版式|校对|检校|总编辑|主编|副主编"
    r"|社长|编审|组版|视觉|制图|审读|签发|编委|设计|排版|校检|统筹|策划)"
)
_STAFF = re.compile(rf"({_STAFF_ROLE})\s*[:/]?\s*(?=[\u4e00-\u9fff])")
_PLAIN = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w.-]{1,64}"
    r"|(?:官方)?(?:微信公众号|微博|抖音号?|客户端|二维码|公众号)|扫码\S{0,8}"
    r"|(?:今日|本期|共)\s*[共]?\s*[\d一二三四五六七八九十]{1,3}\s*[版页]|[对开]{1,2}[\d一二四八]+[张版]"
    r"|(?:社址|地址|电邮|邮编|邮政编码|电话|传真|热线|新闻热线|广告热线|发行热线|发行|网址|邮箱|电子邮箱|电子信箱|E-?mail|零售价?|定价|每份|年价|月价|印刷|总机|广告(?:经营)?许可证|本报地址|值班电话|投稿邮箱|联系电话)\s*(?::\s*[^\s]{0,40}|[\d(][^\s]{0,40})"
    r"|(?:农历)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年\S{0,8}|农历\S{2,8}"
    r"|(?:国内)?统一(?:连续出版物|刊)号\s*[A-Z]{0,2}\s*[\d—-]{0,8}"
    r"|-?\d{1,2}\s*[~~至—-]\s*-?\d{1,2}\s*℃|(?:今日)?(?:天气|气温)\S{0,12}",
    re.IGNORECASE,
)
_STRONG_PLAIN = re.compile(
    r"社址|邮编|邮政编码|统一|零售|定价|许可证|新闻热线|公众号|投稿邮箱|今日.{0,3}版"
)
_CONTINUED = re.compile(r"[上下][接转]\s*第?\s*\S{1,3}\s*版|。$")
"""A page label in a note of continuation, or in a sentence, is no field."""
_WORD = re.compile(r"[^\s|丨│|·・:/:;,()\[\]]+")


@dataclass(frozen=True, slots=True)
class FieldLine:
    """What one line says as a line of furniture.

    `count` fields were found, `strong` of them such as no story has; `covered` characters are
    theirs and `rest` is what is left, in `words`.
    """

    values: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    count: int = 0
    strong: int = 0
    covered: int = 0
    rest: str = ""
    words: tuple[str, ...] = ()


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


class _Reader:
    """Takes fields off a line one kind after the other; what is taken is not read twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = fold(text)
        self.values: dict[str, str] = {}
        self.people: list[tuple[str, str]] = []
        self.count = 0
        self.strong = 0

    def take(self, pattern: re.Pattern[str], strong: bool) -> list[re.Match[str]]:
        found = list(pattern.finditer(self.left))
        if found:
            self.left = pattern.sub(_blank, self.left)
            self.count += len(found)
            self.strong += len(found) * strong
        return found

    def keep(self, key: str, value: str) -> None:
        if value:
            self.values.setdefault(key, value)


def read_fields(text: str) -> FieldLine:
    """The masthead fields on the line `text`."""
    if not text or len(text) > LINE_LIMIT or _CONTINUED.search(fold(text)):
        return FieldLine(rest=text)
    reader = _Reader(text)
    _read_codes(reader)
    _read_dates(reader)
    _read_people(reader)
    plain = reader.take(_PLAIN, strong=False)
    reader.strong += sum(1 for found in plain if _STRONG_PLAIN.search(found[0]))
    for found in reader.take(_PAGE, strong=False):
        reader.keep("page", found[1] or found[2] or found[3])
    words = tuple(text[at:end] for at, end in _word_spans(reader.left))
    rest = "".join(words)
    return FieldLine(
        values=tuple(reader.values.items()),
        people=tuple(reader.people),
        count=reader.count,
        strong=reader.strong,
        covered=len(text) - len(rest),
        rest=rest,
        words=words,
    )


def is_date(text: str) -> bool:
    """Whether a line is a date and nothing else."""
    return bool(_DATE.fullmatch(text))


def _word_spans(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _WORD.finditer(text)]


def _read_codes(reader: _Reader) -> None:
    for found in reader.take(_CN, strong=True):
        reader.keep("cn", "CN " + re.sub(r"\s", "", found[1]))
    if "cn" in reader.values:
        reader.left = re.sub(_CN_LABEL, _blank, reader.left)
    for found in reader.take(_POSTAL, strong=True):
        reader.keep("postal", re.sub(r"\s", "", found[1]))
    for found in reader.take(_ISSUE, strong=True):
        reader.keep("issue", reader.text[found.start() : found.end()].strip())
        reader.keep("number", found[1] or found[3] or "")
        reader.keep("total", found[2] or found[4] or "")


def _read_dates(reader: _Reader) -> None:
    _read_republic(reader)
    for found in reader.take(_DATE, strong=False):
        reader.keep("date", _iso(found))
    for found in reader.take(_WEEKDAY, strong=False):
        reader.keep("weekday", found[0])


def _read_republic(reader: _Reader) -> None:
    """Dates of the Minguo calendar, whose first year is 1912."""
    for found in reader.take(_MINGUO, strong=False):
        year = int(found[1]) if found[1].isdigit() else _han_number(found[1])
        numbers = [int(n) if n.isdigit() else _han_number(n) for n in (found[2], found[3])]
        reader.keep("date", _valid(1911 + year, *numbers))


def _iso(found: re.Match[str]) -> str:
    """ISO form of a matched date, or empty for a day that no calendar has."""
    if found[6]:
        year = "".join(_HAN_DIGIT[char] for char in found[6])
        parts = (int(year), _han_number(found[7]), _han_number(found[8]))
    else:
        parts = (int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    return _valid(*parts)


def _valid(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _han_number(text: str) -> int:
    if "十" not in text:
        return int("".join(_HAN_DIGIT[char] for char in text))
    tens, _, ones = text.partition("十")
    return (int(_HAN_DIGIT[tens]) if tens else 1) * 10 + (int(_HAN_DIGIT[ones]) if ones else 0)


def _read_people(reader: _Reader) -> None:
    for found in reader.take(_SPONSOR_AFTER, strong=True):
        reader.people.append((found[1], found[2]))
    for found in reader.take(_SPONSOR, strong=False):
        reader.people.append((found[2], found[1]))
    marks = list(_STAFF.finditer(reader.left))
    taken: list[tuple[int, int]] = []
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        end = after.start() if after else len(reader.left)
        names, clean = read_names(reader.left[mark.end() : end])
        if names and all(looks_like_name(name) for name in names[: 1 if not clean else None]):
            reader.people.extend((mark[1], name) for name in names)
            taken.append((mark.start(), end if clean else mark.end()))
    for start, end in reversed(taken):
        reader.left = f"{reader.left[:start]}{' ' * (end - start)}{reader.left[end:]}"
    reader.count += len(taken)
    reader.strong += len(taken)
