"""What the names that records have for their fields mean, beside those of `fields.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from jianbao.indexer.errors import ConfigError
from jianbao.indexer.sources.records.fields import ALIASES, MOST_NAMES, field_of, plain_name

LEAD = "summary"
"""The role of a text that stands before the body: a subtitle, a summary."""

NONE = "none"
"""The role of what is known to be no text."""

Markup = Literal["plain", "html", "markdown"]

_LEADS = (
    "summary subtitle subheading subhead subheadline subheader secondtitle description desc "
    "abstract excerpt lead lede leadtext intro introduction standfirst deck dek kicker strapline "
    "digest teaser brief synopsis overview blurb preface snippet shorttext shorttitle "
    "shortdescription metadescription introtext "
    "摘要 副题 副題 副标题 副標題 引题 引題 肩题 肩題 眉题 眉題 导语 導語 导读 導讀 提要 提示 概要 "
    "简介 簡介 描述 概述 梗概 编者按 編者按 编前 前言 题记 題記 小标题 小標題 大意 短标题 "
    "内容提要 内容摘要 內容摘要 内容简介 內容簡介 文章摘要 新闻摘要 新聞摘要"
)
_WRAPPERS = (
    "data result results response payload record records item items entry entries object node "
    "value values fields attributes properties article articles news story post posts document "
    "documents doc docs page detail details content body hits info main root output "
    "数据 數據 结果 結果 文章 新闻 新聞 稿件 详情 詳情 记录 記錄 内容 內容 正文"
)
_PREFIXES = (
    *("post", "article", "news", "story", "item", "page", "doc", "document", "entry", "blog"),
    *("web", "raw", "clean", "full", "main", "rich", "plain", "html", "text", "msg", "info"),
    *("新闻", "新聞", "文章", "稿件", "文稿", "稿", "帖子", "公告", "通知", "报道", "報導", "信息"),
    *("详细", "詳細", "正文", "主要", "网页", "網頁", "页面", "博文", "原", "主"),
)
_SUFFIXES = (
    *("html", "text", "txt", "md", "markdown", "raw", "plain", "rendered", "rich", "clean"),
    *(
        "encoded",
        "zh",
        "cn",
        "zhcn",
        "zhhans",
        "zhhant",
        "tw",
        "hk",
        "en",
        "full",
        "value",
        "string",
    ),
    *("文本", "原文", "全文", "html", "内容", "內容", ""),
)
_DIGITS = "0123456789"
_WORDS = tuple(filter(None, _SUFFIXES))
_ENDINGS = (*_WORDS, *_DIGITS)
_PATH = re.compile("[.:]")
_MARKUPS: tuple[tuple[str, Markup], ...] = (
    ("html", "html"),
    ("rendered", "html"),
    ("markdown", "markdown"),
)
_BETWEEN = re.compile(r"[,;\n，；]")


def role_of(name: str, roles: Mapping[str, str]) -> str:
    """The field of `Article` that a name stands for, `LEAD`, `NONE`, or empty. `roles` are those
    of this corpus; a name may be a path of names with dots between them, and the last one tells."""
    whole = plain_name(name)
    if "." not in name and ":" not in name:
        return roles[whole] if whole in roles else _known_role(whole)
    last = plain_name(_PATH.split(name)[-1])
    for key in (whole, plain_name(name.rpartition(".")[2]), last):
        if key in roles:
            return roles[key]
    return _known_role(last) or (_without_affixes(whole.replace(":", "")) if ":" in whole else "")


class Meaning(NamedTuple):
    """What a name means in a file: its role; whether `article_from` knows the name in that role, or
    takes it as it is; whether a title under it comes before others; its markup."""

    role: str
    is_kept: bool
    is_first: bool
    markup: Markup


_UNKNOWN = Meaning("", is_kept=True, is_first=False, markup="plain")


class Meanings(dict[str, Meaning]):
    """What the names in the records of one file mean, each worked out once. Beyond `MOST_NAMES`
    only those that are known as they stand mean anything: such a file makes its names up."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        super().__init__()
        self.roles = roles
        """Those of this corpus."""
        self._met = 0

    def __missing__(self, name: str) -> Meaning:
        if len(self) >= MOST_NAMES:
            self.clear()
        self._met += 1
        plain = plain_name(name)
        if self._met <= MOST_NAMES:
            role = role_of(name, self.roles)
        else:
            role = self.roles.get(plain) or _roles().get(plain) or field_of(name)
            if not role:
                return _UNKNOWN
        found = self[name] = Meaning(
            role=role,
            is_kept=role in ("", NONE) or field_of(name) == role,
            is_first=plain == "title" or plain in self.roles,
            markup=markup_of(name),
        )
        return found


def _known_role(plain: str) -> str:
    return _roles().get(plain) or field_of(plain) or _without_affixes(plain)


def is_wrapper(name: str) -> bool:
    """Whether an object under this name may hold the fields of the article itself."""
    # Without its line it is where an article is from.
    return name == "_source" or plain_name(name) in _wrappers()


def markup_of(name: str) -> Markup:
    """What the text under a name is written in, as far as the name tells."""
    plain = plain_name(name)
    if plain == "md" or plain.endswith("contentmd"):
        return "markdown"
    return next((markup for part, markup in _MARKUPS if part in plain), "plain")


def parsed_roles(setting: str) -> dict[str, str]:
    """The roles in a setting such as `my_text=body, kop=title`, by plain names. Raises
    ConfigError."""
    roles: dict[str, str] = {}
    for part in filter(None, map(str.strip, _BETWEEN.split(setting))):
        name, equals, target = (each.strip() for each in part.rpartition("="))
        role = NONE if target.casefold() == NONE else _roles().get(plain_name(target))
        role = role or field_of(target)
        if not equals or not name or not role:
            known = ", ".join((*ALIASES, LEAD, NONE))
            raise ConfigError(
                f"setting fields: {part!r} is no name=field: write my_text=body, kop=title with "
                f"one of the fields {known}"
            )
        roles[plain_name(name)] = role
    return roles


@cache
def _roles() -> Mapping[str, str]:
    return {plain_name(name): LEAD for name in _LEADS.split()}


@cache
def _wrappers() -> frozenset[str]:
    return frozenset(map(plain_name, _WRAPPERS.split()))


@lru_cache(maxsize=4096)
def _without_affixes(plain: str) -> str:
    """The role of a name without what it begins or ends with: post_content, content_html."""
    for prefix in _PREFIXES if plain.startswith(_PREFIXES) else ():
        core = plain.removeprefix(prefix)
        role = _roles().get(core) or field_of(core) if core != plain else ""
        # A number of its own for each thing on a page is not the article's.
        if role and role != "id":
            return role
    if not plain.endswith(_ENDINGS):
        return ""
    # One that only ends with digits has the same core whatever suffix it has not.
    suffixes = _SUFFIXES if plain.endswith(_WORDS) else ("",)
    for core in [plain.removesuffix(each).rstrip(_DIGITS) for each in suffixes]:
        role = role_of(core, {}) if core != plain and core else ""
        if role in ("title", "body", LEAD):
            return role
    return ""
