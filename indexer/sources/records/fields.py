"""The names that fields go by in all formats, and a record of named values made an Article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple, get_args

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Kind
from jianbao.indexer.sources.cleaning.dates import iso_date
from jianbao.indexer.sources.cleaning.text import clean_body, clean_line, first_clause

ALIASES: Mapping[str, str] = {
    "id": "编号 編號 guid uuid docid documentid articleid newsid",
    "title": "标题 標題 题目 題目 题名 題名 正题 正題 主题目 文章题目 headline subject heading",
    "body": "正文 内容 內容 全文 文本 原文 内文 內文 本文 文字 段落 详情 詳情 主体 主體 文章 稿件 "
    "新闻 新聞 报道 報導 稿子 文稿 文字内容 讲稿 "
    "content contents text articlebody fulltext bodytext maintext article main story post html "
    "markdown md paragraph paragraphs passage detail details document selftext transcript "
    "richtext longtext blocks caption captions 图片说明 圖片說明 图说 圖說",
    "author": "作者 记者 記者 撰文 撰稿 authors byline creator reporter writer journalist",
    "date": "日期 发布日期 發布日期 發佈日期 出版日期 发表日期 發表日期 刊发日期 "
    "发布时间 發布時間 發佈時間 发表时间 發表時間 时间 時間 "
    "published publishedat publishdate publishtime publishedtime pubdate publicationdate "
    "datepublished time datetime timestamp created createdat datecreated",
    "source": "来源 來源 出处 出處 报纸 報紙 媒体 媒體 "
    "publisher site sitename newspaper media publication",
    "issue": "期号 期號 期次 刊期",
    "page": "版次 版面 版号 版號 版 pagenumber",
    "column": "栏目 欄目 专栏 專欄 频道 頻道 分类 分類 section category",
    "url": "链接 鏈接 連結 网址 網址 原文链接 link href permalink",
    "tags": "标签 標籤 关键词 關鍵詞 关键字 關鍵字 tag keywords keyword",
    "acl": "权限 權限 可见范围",
    "kind": "",
}
"""Field of `Article` -> its other names. Case, width, spaces, `-` and `_` make no difference."""

LONGEST_LINE = 1000
"""Characters of a one-line field; more is a mistake in the file and not worth showing."""

MOST_NAMES = 20_000
"""Names whose meaning is kept at a time; each record of a file may have others."""

_LINES = ("id", "source", "issue", "page", "column", "url", "kind")
"""Fields of one line, beside the title."""

_DEEPEST = 10
"""Lists inside each other; one of YAML may hold itself."""

_SEPARATORS = re.compile(r"[\s_\-]+")
_HAN = r"\u3400-\u9fff\U00020000-\U000323af"
_BETWEEN_NAMES = re.compile(r"[、,，;；/|｜&]|\s+and\s+")
_HAN_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_ROLE = re.compile(
    r"(?:本报|本報|本网|本刊|新华社)?(?:首席|特约|特約|见习|實習|实习)*"
    r"(?:记者|記者|通讯员|通訊員|作者|撰文|文)\s*[:：/]?\s*(?=[^\s:：/])"
)
_ROLE_ALONE = re.compile(
    r"(?:本报|本報|本网|本刊)?(?:首席|特约|特約|见习|实习)*(?:记者|記者|通讯员|通訊員|作者|撰文|文|图)"
)
_BETWEEN_TAGS = re.compile(r"[、,，;；|｜\n]")


def field_of(name: str) -> str:
    """The field of `Article` that `name` stands for, or empty."""
    return _fields_by_name().get(plain_name(name), "")


@cache
def _fields_by_name() -> Mapping[str, str]:
    return {
        plain_name(name): field
        for field, names in ALIASES.items()
        for name in (field, *names.split())
    }


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A name without what makes no difference: case, width, spaces, `-` and `_`."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name[:200])).casefold()


class Name(NamedTuple):
    """What a name means: the field of `Article` that it stands for, or empty; whether it is the
    field's own; and how it is shown."""

    field: str
    is_own: bool
    label: str

    @classmethod
    def of(cls, name: str) -> Name:
        """The meaning of a name."""
        field = field_of(name)
        return cls(field, bool(field) and plain_name(name) == field, clean_line(name))


class Names(dict[str, Name]):
    """What the names in records mean, each worked out once: most records have the same names."""

    def __missing__(self, name: str) -> Name:
        if len(self) >= MOST_NAMES:
            self.clear()
        found = self[name] = Name.of(name)
        return found


def article_from(
    record: Mapping[str, object],
    *,
    name: str,
    ordinal: int = 0,
    names: Mapping[str, Name] | None = None,
    cleaned: str = "",
) -> Article:
    """The article that a record of named values describes.

    `name` is the source's; `ordinal` counts from 1 in a source of many and is 0 in one of a
    single article. Values under names that no field has, and dates that no calendar has, are kept
    in `meta`. `names`, of a file of many records, keeps what their names mean; `cleaned` is the
    record's body where that is clean. Raises SourceError when there is neither a title nor a body.
    """
    fields, meta = _sorted_out(record, Names() if names is None else names)
    given = fields.get("body")
    body = cleaned if given is cleaned else clean_body(_joined(given, "\n"))
    title = one_line(fields.get("title")) or clean_line(first_clause(body))
    if not title and not body:
        raise SourceError("it has neither a title nor a body")
    lines = {field: one_line(fields[field]) for field in _LINES if field in fields}
    return Article(
        id=lines.get("id") or (f"{name}:{ordinal}" if ordinal else name),
        title=title,
        body=body,
        author=authors(fields.get("author")),
        date=_joined(fields.get("date")),
        source=lines.get("source", ""),
        issue=lines.get("issue", ""),
        page=lines.get("page", ""),
        column=lines.get("column", ""),
        url=lines.get("url", ""),
        path=name,
        tags=_list(fields.get("tags")),
        acl=_list(fields.get("acl")),
        kind=_kind(lines["kind"]) if "kind" in fields else "article",
        meta=meta,
    )


def _sorted_out(
    record: Mapping[str, object], names: Mapping[str, Name]
) -> tuple[dict[str, object], dict[str, str]]:
    """The values by field (of several for one field, the one under its own name, else the
    first), and the rest as text."""
    fields: dict[str, object] = {}
    owners: dict[str, str] = {}
    for key, value in record.items():
        field, is_own, _ = names[key]
        if not field:
            continue
        # A date that cannot be read is none, and shown as it is.
        known = iso_date(_first(value)) if field == "date" else value
        if (is_own or field not in fields) and _joined(known):
            fields[field] = known
            owners[field] = key
    if len(owners) == len(record):
        return fields, {}
    taken = set(owners.values())
    rest = {names[key].label: one_line(record[key]) for key in record if key not in taken}
    return fields, {key: value for key, value in rest.items() if key and value}


def one_line(value: object) -> str:
    """A value as one line of text; empty when there is none."""
    if isinstance(value, str):
        return clean_line(value)[:LONGEST_LINE]
    return "" if value is None else clean_line(_joined(value, "、"))[:LONGEST_LINE]


def _joined(value: object, between: str = " ") -> str:
    """Text of a scalar, of a list of scalars, or of the `name` in an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return _joined(value.get("name")) if isinstance(value.get("name"), str) else ""
    if isinstance(value, list | tuple):
        parts = (_joined(part) for part in value if not isinstance(part, list | tuple))
        return between.join(part for part in parts if part.strip())
    return scalar_text(value)


def scalar_text(value: object) -> str:
    """A value of JSON that is neither text, list nor object, as text."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return _number(value) if isinstance(value, int | float) else str(value)


def _number(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # Python refuses to print integers of more than 4,300 digits
        return ""


def _first(value: object) -> object:
    for _ in range(_DEEPEST):
        if not isinstance(value, list | tuple) or not value:
            break
        value = value[0]
    return value


def _kind(value: str) -> Kind:
    return next((kind for kind in get_args(Kind) if kind == value), "article")


def _list(value: object) -> tuple[str, ...]:
    """The parts of a list, or of a text with commas; each once."""
    if value is None:
        return ()
    parts = value if isinstance(value, list | tuple) else _BETWEEN_TAGS.split(_joined(value))
    return _distinct(one_line(part).lstrip("#＃") for part in parts)


def authors(value: object) -> tuple[str, ...]:
    """Names from a list or from a line such as `本报记者 张三 李四、John Smith`; each once."""
    if value is None:
        return ()
    if isinstance(value, str) and value.isascii() and value.isalnum():
        # One word: there is nothing to take apart.
        return (value[:LONGEST_LINE],)
    parts = value if isinstance(value, list | tuple) else [value]
    found = _distinct(name for part in parts for name in _names(one_line(part)))
    return tuple(name for name in found if not _ROLE_ALONE.fullmatch(name)) or found


def _names(line: str) -> Iterable[str]:
    for part in _BETWEEN_NAMES.split(line):
        yield from _unspaced(_HAN_GAP.split(_without_role(part.strip())))


def _without_role(part: str) -> str:
    found = _ROLE.match(part)
    if found is None or found[0] == "文":  # a family name too: 文天祥
        return part
    return part[found.end() :]


def _unspaced(words: list[str]) -> Iterable[str]:
    """Joins the halves of a name of two characters, which print spaces to the width of three."""
    half = ""
    for word in words:
        if half and len(word) == 1:
            yield half + word
            half = ""
            continue
        if half:
            yield half
        half = word if len(word) == 1 else ""
        if not half:
            yield _without_role(word)
    if half:
        yield half


def _distinct(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
