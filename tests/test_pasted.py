"""What is pasted into the box finds the article that it was copied from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jianbao.indexer import Mode, Searcher, SearchRequest
from tests.web.indexes import searcher_of

TITLES = {
    "dash": "春潮涌动 －－记滨江新区三十年",
    "single": "春潮涌动 -记滨江新区三十年",
    "cold": "最低气温 -12℃",
    "option": "重启服务 --force-reload",
    "english": "网站显示 404 NOT FOUND",
    "not": "论长江 NOT 三峡",
    "or": "长江 OR 三峡之间",
    "rubric": "（国际）德法俄乌外长商讨局势",
    "quotes": "三部门“揭榜挂帅”名单公布",
    "field": "来源：滨江日报的一天",
    "address": "致信 a-b@example.com 与 https://example.com/a?b=-1",
    "code": "C++ 与 C# 的 3*4 **重点**",
    "time": "12:30 开球，3:2 取胜",
}
MARKS = [
    *("“", "”", '"', "「", "」", "（", "）", "(", ")", "《", "》", "【", "】", "：", ":", "*", "?"),
    *(" -", " －", "－－", "——", "–", " ", "　", " AND ", " OR ", " NOT ", "来源：", "日期:2024"),
]
WORDS = ["长江", "三峡", "新区", "揭榜挂帅", "叶伟", "5G", "404", "FOUND", "R", "年", "-12℃"]
MARKED = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(["", *MARKS])).map("".join),
    min_size=1,
    max_size=6,
).map("".join)


@pytest.fixture(scope="module")
def pasted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Articles with these titles, and some of what their operators would keep."""
    others = {"other1": "长江的水", "other2": "春潮涌动的年代", "other3": "网站显示时间"}
    articles = [
        {
            "id": id_,
            "title": title,
            "body": "正文",
            "source": "滨江日报的一天" if "1" in id_ else "",
        }
        for id_, title in (TITLES | others).items()
    ]
    with searcher_of(tmp_path_factory.mktemp("pasted"), articles) as searcher:
        yield searcher


def found(searcher: Searcher, query: str, mode: Mode = "auto") -> list[str]:
    return [hit.article.id for hit in searcher.search(SearchRequest(query, mode=mode)).hits]


@pytest.mark.parametrize("mode", ["all", "auto"])
@pytest.mark.parametrize("name", TITLES)
def test_a_title_finds_its_article_first(pasted: Searcher, name: str, mode: Mode) -> None:
    assert found(pasted, TITLES[name], mode)[0] == name
    assert found(pasted, f"“{TITLES[name]}”", mode) == [name]


def test_what_operators_would_leave_out_comes_first_and_the_rest_after(pasted: Searcher) -> None:
    page = pasted.search(SearchRequest("春潮涌动 -记滨江新区三十年", mode="all", size=1))
    assert page.notice is not None and page.notice.code == "exact_first"
    assert (page.total, page.next_page) == (2, 2)
    assert [hit.article.id for hit in page.hits] == ["single"]
    after = pasted.search(SearchRequest("春潮涌动 -记滨江新区三十年", 2, 1, mode="all"))
    assert [hit.article.id for hit in after.hits] == ["other2"]
    dated = SearchRequest("春潮涌动 -记滨江新区三十年", sort="newest", mode="all")
    assert pasted.search(dated).total == 2


@pytest.mark.parametrize("mode", ["all", "auto"])
@pytest.mark.parametrize("dash", ["-", "－", " -", "- ", "— ", "── ", "• ", "★ ", "🔥 "])
@pytest.mark.parametrize("name", ["rubric", "quotes", "time", "cold"])
def test_a_title_of_a_list_finds_its_article_first(
    pasted: Searcher, name: str, dash: str, mode: Mode
) -> None:
    assert found(pasted, dash + TITLES[name], mode)[0] == name


def test_each_reading_can_be_asked_for_alone(pasted: Searcher) -> None:
    assert found(pasted, "“春潮涌动 -记滨江新区三十年”") == ["single"]
    page = pasted.search(SearchRequest("春潮涌动 -“记滨江新区三十年”", mode="all"))
    assert (page.total, page.notice) == (1, None)


def test_an_operator_that_leaves_out_no_such_text_has_no_notice(pasted: Searcher) -> None:
    for query in ("长江 -三峡", "长江 AND 三峡", "来源:滨江日报的一天 -长江"):
        page = pasted.search(SearchRequest(query, mode="all"))
        assert page.notice is None, query


@pytest.mark.slow
@settings(
    deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(MARKED, min_size=30, max_size=30, unique_by=str.strip))
def test_any_title_finds_its_article(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str]
) -> None:
    articles = [
        {"id": f"n{number}", "title": title, "body": "正文", "date": "2023-05-01"}
        for number, title in enumerate(titles)
    ]
    with searcher_of(tmp_path_factory.mktemp("titles"), articles) as searcher:
        for number, title in enumerate(titles):
            for mode in ("all", "auto"):
                for query in (title, f"“{title}”"):
                    assert f"n{number}" in found(searcher, query, mode), query


def test_a_part_of_a_new_name_is_found_and_marked(tmp_path: Path) -> None:
    articles = [{"id": "part", "title": "消息", "body": "俄乌会谈今日举行。"}]
    with searcher_of(tmp_path, articles) as searcher:
        page = searcher.search(SearchRequest("德法俄乌外长商讨局势"))
        assert page.notice is not None and page.notice.code == "relaxed"
        (snippet,) = page.hits[0].snippets
        assert [snippet.text[start:end] for start, end in snippet.marks] == ["俄乌"]
