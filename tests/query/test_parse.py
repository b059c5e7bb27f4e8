"""What a query text means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.models import Mode
from jianbao.indexer.query.parse import day_range, parse, parse_literally
from jianbao.indexer.query.tree import And, Dates, Everything, Leaf, Not, Or, Prefer, Query, Value
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.segment import open_segmenter

ANALYZER = Analyzer(open_segmenter())


def show(query: Query) -> str:
    match query:
        case Leaf():
            field = f"{query.fields[0]}:" if len(query.fields) == 1 else ""
            return f"{field}{query.text}{'*' if query.prefix else ''}"
        case And(parts):
            return f"({' & '.join(map(show, parts))})"
        case Or(parts):
            return f"({' | '.join(map(show, parts))})"
        case Not(part):
            return f"-{show(part)}"
        case Prefer(required, preferred):
            return f"<{show(required)} ~ {show(preferred)}>"
        case Value(field, text):
            return f"{field}={text}"
        case Dates(start, end):
            return f"{start}..{end}"
        case Everything():
            return "*"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("工信部 部署“十二项 重点”", "(工信部 & 部署 & 十二项 重点)"),
        ("北京 AND 上海 OR 天津", "((北京 & 上海) | 天津)"),
        ("北京　ＡＮＤ　（上海　ＯＲ　天津）", "(北京 & (上海 | 天津))"),
        ("-中国经济 标题:人工智能", "(-中国经济 & title:人工智能)"),
        ("作者：张伟 来源:“高新网”", "(author=张伟 & source=高新网)"),
        ("日期:2024-12..2025-01", "2024-12-01..2025-01-31"),
        ("日期:2024", "2024-01-01..2024-12-31"),
        ("工信*", "工信*"),
        ("5G-A C++ 55.1% 3:2", "(5g-a & c++ & 55.1% & 3:2)"),
        ("「“揭榜挂帅”名单」", "“揭榜挂帅”名单"),
        ("““揭榜挂帅””", "“揭榜挂帅”"),
        ("『國務院』", "国务院"),
        ("北京的大学", "(北京 & 大学)"),
        ("的", "的"),
        ("叶伟的照片", "(叶伟 & 照片)"),
        ("", "*"),
        (" \n", "*"),
    ],
)
def test_what_is_typed(text: str, meaning: str) -> None:
    assert show(parse(text, ANALYZER)) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("NOT OR x", "(not & or & x)"),
        ("“没有关上", "(没有 & 关上)"),
        ("(北京", "北京"),
        ("(((", "((("),
        ("“““", "“““"),
        ("日期:明天", "(日期 & 明天)"),
        ("日期:2024-13", "(日期 & 2024-13)"),
        ("AND", "and"),
        ("title:", "title"),
        ("，。", ",。"),
        ("😀", "😀"),
    ],
)
def test_what_does_not_parse_is_read_literally(text: str, meaning: str) -> None:
    assert show(parse(text, ANALYZER)) == meaning


def test_mode_any_keeps_what_is_required() -> None:
    assert show(parse("北京 上海", ANALYZER, "any")) == "(北京 | 上海)"
    assert show(parse("“北京” 上海 天津", ANALYZER, "any")) == "<北京 ~ (上海 | 天津)>"
    assert show(parse("北京 AND 上海", ANALYZER, "any")) == "(北京 & 上海)"
    assert show(parse("北京 上海 -天津", ANALYZER, "any")) == "(-天津 & (北京 | 上海))"


def test_brackets_nested_too_deep_are_read_literally() -> None:
    assert show(parse("(" * 3000 + "北京" + ")" * 3000, ANALYZER)) == "北京"


@settings(deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from([*'"“”「」()（）-*：:. ', "AND", "OR", "NOT", "日期:", "京"])).map(
            "".join
        ),
    )
)
def test_any_text_is_a_query(text: str) -> None:
    for mode in ("all", "any"):
        query = parse(text, ANALYZER, mode)
        assert (query == Everything()) == (
            not text.strip() or parse_literally(text, ANALYZER) == Everything()
        )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024", ("2024-01-01", "2024-12-31")),
        ("2024-2", ("2024-02-01", "2024-02-29")),
        ("2024-12-30", ("2024-12-30", "2024-12-30")),
        ("2024-02-30", None),
        ("0000", None),
        ("昨天", None),
    ],
)
def test_day_range(text: str, days: tuple[str, str] | None) -> None:
    assert day_range(text) == days


@given(
    st.lists(
        st.sampled_from(
            [
                *'"＂“”「」『』()-*＊： 　',
                "AND",
                "中国",
                "经济",
                "制造业",
                "的",
                "因为",
                "京",
                "經濟",
                "5G",
            ]
        ),
        max_size=8,
    ).map("".join),
    st.sampled_from(["all", "any", "auto"]),
)
def test_the_short_ways_to_a_tree_lead_to_the_same(text: str, mode: Mode) -> None:
    """A space in front means nothing, and rules the short ways out."""
    assert parse(text, ANALYZER, mode) == parse(f" {text}", ANALYZER, mode)
