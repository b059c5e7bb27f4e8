"""Marks of a pasted text are its own; operators are operators where they can be meant."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.query.joining import narrowed_query
from jianbao.indexer.query.lexer import OPERATORS, lexemes, says_something
from jianbao.indexer.query.operators import symbols
from jianbao.indexer.query.parse import parse
from tests.query.test_parse import ANALYZER, show


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("春潮涌动 －－记新区", "(春潮 & 涌动 & 记 & 新区)"),
        ("春潮涌动 —— 记新区", "(春潮 & 涌动 & 记 & 新区)"),
        ("春潮涌动 – 记新区", "(春潮 & 涌动 & 记 & 新区)"),
        ("最低气温 -12℃", "(最低气温 & 12)"),
        ("最低气温 －40度", "(最低气温 & 40 & 度)"),
        ("同比 -3.5%", "(同比 & 3.5%)"),
        ("--force-reload", "force-reload"),
        ("- 要点 内容", "(要点 & 内容)"),
        ("-v 参数", "(v & 参数)"),
        ("ls -la", "(ls & la)"),
        ("git push --force -origin", "(git & push & force & origin)"),
        ("-三峡", "三峡"),
        ("长江 - 三峡", "(长江 & 三峡)"),
        ("长江 -", "长江"),
        ("a-b@example.com 邮箱", "(a-b@example.com & 邮箱)"),
        ("专访：张三", "(专访 & 张三)"),
        ("12:30 开会 3:2", "(12:30 & 开会 & 3:2)"),
        ("3*4 **重点**", "(3 & 4 & 重点)"),
        ("*重点* 重点*", "(重点 & 重点*)"),
        ("长江 ─ 三峡", "(长江 & 三峡)"),
        ("── 长江 −", "长江"),
        ("★ 长江 🔥 三峡 →", "(长江 & 三峡)"),
        ("长江 👨\u200d👩\u200d👧 ❤\ufe0f 三峡", "(长江 & 三峡)"),
        ("长江 \u200b \ufeff \xad \x7f 三峡", "(长江 & 三峡)"),
        ("长江 🔥 -三峡", "(长江 & -三峡)"),
        ("标题:★ 长江", "(title:★ & 长江)"),
        ("→ ★", "(→ & ★)"),
        ("北京 “ 长江 大桥 ” 三峡", "(北京 & 长江 大桥 & 三峡)"),
    ],
)
def test_a_mark_of_the_text_is_no_operator(text: str, meaning: str) -> None:
    assert show(parse(text, ANALYZER)) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("长江 -三峡", "(长江 & -三峡)"),
        ("-三峡 长江", "(-三峡 & 长江)"),
        ("北京 -2008", "(北京 & -2008)"),
        ("手机 -5G", "(手机 & -5g)"),
        ("苹果 -iphone", "(苹果 & -iphone)"),
        ("长江 -“三峡 大坝”", "(长江 & -三峡 大坝)"),
        ("长江 -(三峡 OR 大坝)", "(长江 & -(三峡 | 大坝))"),
        ("长江 -作者:张伟", "(长江 & -author=张伟)"),
        ("来源：新华社 长江", "(source=新华社 & 长江)"),
    ],
)
def test_a_dash_excludes_where_something_is_kept(text: str, meaning: str) -> None:
    assert show(parse(text, ANALYZER)) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("404 NOT FOUND", "(404 & not & found)"),
        ("NOT FOUND", "(not & found)"),
        ("TO BE OR NOT TO BE", "(to & be | or & not)".replace(" |", " &")),
        ("R AND D", "(r & and & d)"),
        ("OR", "or"),
        ("(TO BE OR NOT TO BE)", "(to & be & or & not)"),
        ("网页 404 NOT FOUND 错误", "(网页 & 404 & found & 错误)"),
        ("长江 AND", "长江"),
        ("OR 长江", "长江"),
        ("长江 AND 大桥", "(长江 & 大桥)"),
        ("北京 OR 上海", "(北京 | 上海)"),
        ("长江 NOT 三峡", "(长江 & -三峡)"),
        ("长江 AND NOT 三峡", "(长江 & -三峡)"),
        ("GPT OR LLM OR BERT 模型", "(gpt | llm | (bert & 模型))"),
        ("Python OR Java 教程", "(python | (java & 教程))"),
    ],
)
def test_capital_words_join_where_the_text_is_not_english(text: str, meaning: str) -> None:
    assert show(parse(text, ANALYZER)) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("（国际）外长商讨", "(国际 | 外长 | 商讨)"),
        ("外长（国际）商讨(", "(外长 | 国际 | 商讨)"),
        ("长江 (三峡 OR 大坝)", "<(三峡 | 大坝) ~ 长江>"),
        ("长江 AND（三峡 大坝）", "(长江 & (三峡 | 大坝))"),
        ("三部门“揭榜挂帅”名单", "(三 | 部门 | 揭榜 | 挂帅 | 名单 | 揭榜挂帅)"),
        ("部门“名单”", "(部门 | 名单)"),
        ("部门：“揭榜挂帅”", "(部门 | 揭榜 | 挂帅 | 揭榜挂帅)"),
        ("部门 “揭榜挂帅” 名单", "<揭榜挂帅 ~ (部门 | 名单)>"),
        ("部门 ： “ 揭榜 名单 ” 名单", "(部门 | 揭榜 | 名单 | 揭榜 名单)"),
        ("“ 揭榜 名单 ”", "揭榜 名单"),
        ("部门 “ 揭榜” 名单", "<揭榜 ~ (部门 | 名单)>"),
        ("“揭榜挂帅”", "揭榜挂帅"),
        ("（“揭榜挂帅”）", "揭榜挂帅"),
        ("德法俄乌外长", "(德法 | 法俄 | 俄乌 | 外长)"),
    ],
)
def test_marks_in_a_text_require_nothing_once_any_word_will_do(text: str, meaning: str) -> None:
    assert show(parse(text, ANALYZER, "any")) == meaning


def test_a_quoted_part_is_a_phrase_where_all_is_required() -> None:
    assert show(parse("三部门“揭榜挂帅”名单", ANALYZER)) == "(三 & 部门 & 揭榜挂帅 & 名单)"
    assert show(parse("德法俄乌外长", ANALYZER)) == "(德法俄乌 & 外长)"


@pytest.mark.parametrize(
    "unit",
    [
        "“",
        '"',
        "「『",
        "”",
        "“年”",
        "(",
        "()",
        ")(",
        "(年",
        "-年 ",
        "年 AND ",
        "AND ",
        "NOT -",
        "标题:",
    ],
)
def test_the_work_grows_with_the_length_alone(unit: str) -> None:
    """Four times the text takes about four times the lines of Python."""
    few, many = (unit * (size // len(unit)) for size in (500, 2000))
    for read in (lexemes, symbols, lambda text: parse(text, ANALYZER)):
        assert _lines(read, many) <= 5 * _lines(read, few) + 2000


def _lines(read: Callable[[str], object], text: str) -> int:
    """Lines of the query package that are run, counting what comprehensions and scans pass over."""
    counted: Counter[str] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> object:
        if "/query/" not in frame.f_code.co_filename:
            return None
        counted[event] += 1
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        read(text)
    finally:
        sys.settrace(None)
    return counted["line"]


PIECES = st.lists(
    st.sampled_from(
        [
            *'"“”「」()（）-－— ：:*',
            "AND ",
            " OR ",
            " NOT ",
            "日期:",
            "长江",
            "三峡",
            "GPT",
            "年",
            "5",
        ]
    ),
    max_size=9,
).map("".join)


@settings(deadline=None)
@given(PIECES, PIECES)
def test_a_narrowed_query_keeps_the_words_of_both(query: str, added: str) -> None:
    """However the marks of one stand beside the other's."""
    joined = bare(narrowed_query(query, added))
    for text in (query, added):
        words = {symbol.text for symbol in symbols(text) if symbol.kind == "word"}
        said = {word for word in words - OPERATORS if says_something(word)}
        assert all(bare(word) in joined for word in said)


def bare(text: str) -> str:
    """Its letters and digits alone."""
    return re.sub(r"[\W_]+", "", text).lower()


def test_a_mark_before_an_excluded_word_leaves_the_exclusion_whole() -> None:
    for added in ('-"*长江', "-“*长江"):
        narrowed = symbols(narrowed_query("三峡 OR 年", added))
        assert [symbol.kind for symbol in narrowed][-2:] == ["NOT", "word"]
