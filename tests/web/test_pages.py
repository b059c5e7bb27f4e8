"""What a reader sees: the home page, results in every state, an article, an error."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jianbao.indexer import ArticleNotFoundError, IndexLockedError, IndexMissingError, QueryError
from jianbao.indexer.search.searcher import LONGEST_QUERY
from jianbao.web import create_app
from jianbao.web.state.params import MAX_QUERY
from tests.web.conftest import HandSearcher


class Tags(HTMLParser):
    """The names of all tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)


def links(html: str, css_class: str = "") -> list[str]:
    """The addresses a page links to, optionally of one class."""
    anchors = re.findall("<a [^>]*>", html)
    kept = [anchor for anchor in anchors if f'class="{css_class}"' in anchor or not css_class]
    return [unescape(found[1]) for a in kept if (found := re.search('href="([^"]*)"', a))]


def foreign_scripts(html: str) -> int:
    """How many script elements are not ours."""
    return html.count("<script") - html.count('<script type="module" src="/static/jianbao/')


def test_the_home_page_says_how_much_there_is_and_how_to_ask(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "在 43 篇文章里" in answer.text
    assert 'name="q"' in answer.text
    assert any("q=" in link for link in links(answer.text))


def test_results_show_an_exact_total_marks_and_facts(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆").text
    assert "共 40 条结果" in html
    assert html.count("<mark>图书馆</mark>") >= 20
    assert "河港晚报" in html and "2020年1月10日" in html and "第1版" in html
    assert "陆明远、沈一帆" in html
    assert "1.2 毫秒" in html


def test_every_hit_can_be_paged_to_exactly_once(client: FlaskClient) -> None:
    address, seen = "/?q=图书馆&size=7", []
    while address:
        html = client.get(address).text
        seen += re.findall(r'class="jb-hit-title"><a href="([^"?]*)', html)
        onward = re.search('rel="next" href="([^"]*)"', html)
        address = unescape(onward[1]) if onward else ""
    assert len(seen) == len(set(seen)) == 40


def test_links_keep_the_rest_of_the_search(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆&sort=newest&source=城东日报&from=2021&page=2").text
    onward = next(link for link in links(html, "jb-turn") if "page=" in link)
    assert {"sort=newest", "from=2021-01-01", "source=城东日报"} <= set(unquote(onward).split("&"))
    assert '<input type="hidden" name="sort" value="newest">' in html
    assert 'name="from" value="2021"' in html
    assert '<input type="hidden" name="source" value="城东日报">' in html


def test_a_facet_link_narrows_to_its_count_and_back(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆").text
    value = re.search(
        r'<a class="jb-value" href="([^"]*)"><span[^>]*>河港晚报</span>.*?>(\d+)</span>', html
    )
    assert value
    narrowed = client.get(unescape(value[1])).text
    assert f"共 {value[2]} 条结果" in narrowed
    chip = re.search('<a href="([^"]*)" aria-label="去掉条件：来源 河港晚报"', narrowed)
    assert chip
    assert "共 40 条结果" in client.get(unescape(chip[1])).text


def test_every_bar_leads_to_as_many_hits_as_it_says(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆").text
    bars = re.findall(r'<a href="([^"]*)" aria-label="(\d{4})年 (\d+) 条">', html)
    assert len(bars) == 5
    for address, _, count in bars:
        assert f"共 {count} 条结果" in client.get(unescape(address)).text
    assert sum(int(count) for _, _, count in bars) == 40


def test_a_value_is_excluded_and_comes_back(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆&from=2021").text
    found = re.search('<a class="jb-not" href="([^"]*)"[^>]*aria-label="排除：来源 城东日报"', html)
    assert found
    without = client.get(unescape(found[1])).text
    assert "from=2021-01-01" in unescape(found[1])
    total = re.search("共 (\\d+) 条结果", without)
    assert total and int(total[1]) > 0
    assert 'lang="zh">河港晚报</span>' in without and 'lang="zh">城东日报</span>' not in without
    assert '<input type="hidden" name="not_source" value="城东日报">' in without
    chip = re.search(
        '<a class="jb-chip-not" href="([^"]*)" aria-label="不再排除：来源 城东日报"', without
    )
    assert chip
    again = client.get(unescape(chip[1])).text
    assert re.findall("共 \\d+ 条结果", again) == re.findall("共 \\d+ 条结果", html)


def test_values_of_one_facet_are_alternatives_with_their_counts(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆&source=城东日报&source=河港晚报&year=2020").text
    assert "共 8 条结果" in html
    one = client.get("/?q=图书馆&source=河港晚报").text
    assert "共 14 条结果" in one
    assert re.search('城东日报</span> <span class="jb-count"[^>]*>26<', one)
    assert re.search('aria-current="true"[^>]*><span[^>]*>河港晚报</span>', one)


def test_the_size_of_a_page_is_chosen_in_the_address(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆&sort=newest").text
    sizes = re.findall('<a href="([^"]*)"[^>]*aria-label="每页 (\\d+) 条"', html)
    assert [size for _, size in sizes] == ["10", "20", "50"]
    for address, size in sizes:
        assert client.get(unescape(address)).text.count('class="jb-hit"') == min(40, int(size))


def test_dates_in_force_lead_up_again(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆&from=2020-01-10&to=2020-01-10").text
    path = html.partition('class="jb-path"')[2].partition("</nav>")[0]
    steps = re.findall('<li>(?:<a href="([^"]*)">)?(?:<span[^>]*>)?([^<]*)', path)
    assert [label for _, label in steps] == ["全部时间", "2020年", "2020年1月", "2020年1月10日"]
    totals = []
    for address, _ in steps[:-1]:
        total = re.search("共 (\\d+) 条结果", client.get(unescape(address)).text)
        assert total
        totals.append(int(total[1]))
    assert totals == sorted(totals, reverse=True) and totals[0] == 40 and not steps[-1][0]


def test_a_page_past_the_end_leads_to_the_last(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆&page=99").text
    assert "没有第 99 页" in html and "结果只有 4 页" in html
    assert any(link.endswith("page=4") for link in links(html))


def test_a_notice_is_shown(client: FlaskClient) -> None:
    assert "以下文章包含其中部分词语" in client.get("/?q=宽").text


def test_filters_without_words_are_a_search(client: FlaskClient) -> None:
    assert "共 1 条结果" in client.get("/?kind=picture").text


def test_an_unknown_name_in_the_address_of_a_page_does_no_harm(client: FlaskClient) -> None:
    assert "共 40 条结果" in client.get("/?q=图书馆&utm_source=mail").text


def test_kinds_have_badges(client: FlaskClient) -> None:
    html = client.get("/?q=石桥").text
    assert '<span class="jb-badge">图片</span>' in html
    assert '<span class="jb-badge">导读</span>' in html


def test_an_article_shows_its_facts_marks_neighbours_and_the_way_back(client: FlaskClient) -> None:
    hit = links(client.get("/?q=图书馆&page=2&source=城东日报").text)
    address = next(link for link in hit if link.startswith("/articles/"))
    html = client.get(address).text
    assert '<mark id="m1" tabindex="-1">图书馆</mark>' in html
    near = html.partition("同版文章")[2]
    assert 6 <= near.count("读书会开讲</a>") <= 7
    back = re.search('class="jb-back"><a href="([^"]*)"', html)
    assert back and "page=2" in back[1] and "source=" in back[1]
    canonical = re.search('rel="canonical" href="([^"]*)"', html)
    assert canonical and "?" not in canonical[1]


def test_matches_are_numbered_through_title_and_text(client: FlaskClient) -> None:
    html = client.get("/articles/daily/2021.txt%231?q=图书馆").text
    ids = re.findall('<mark id="(m\\d+)" tabindex="-1">图书馆</mark>', html)
    assert ids == [f"m{number}" for number in range(1, len(ids) + 1)] and len(ids) >= 2
    bar = html.partition('class="jb-matches"')[2].partition("</nav>")[0]
    assert f"匹配 {len(ids)} 处" in bar
    assert re.findall('href="#(m\\d+)"', bar) == ids
    assert "matches.js" in html
    plain = client.get("/articles/daily/2021.txt%231").text
    assert "jb-matches" not in plain and "matches.js" not in plain


def test_text_of_an_article_never_becomes_markup(client: FlaskClient) -> None:
    found = client.get("/?q=石桥").text
    address = next(link for link in links(found) if "evil" in link)
    for html in (found, client.get(address).text):
        seen = Tags()
        seen.feed(html)
        assert not seen.names & {"img", "i", "b", "u"}
        assert foreign_scripts(html) == 0
        assert not {name for name in seen.attributes if name == "style" or name.startswith("on")}
        assert not any(link.startswith("javascript") for link in links(html))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in found


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/?q=坏", 400, "写法有误"),
        ("/?q=x&page=0", 400, "页码（page）应为 1 到 1000000 的整数"),
        ("/?q=x&from=abc", 400, "收到的是「abc」"),
        ("/articles/none", 404, "没有这篇文章"),
        ("/nowhere/at/all", 404, "没有这个地址"),
    ],
)
def test_an_error_is_a_page_with_a_reason_and_the_form(
    client: FlaskClient, address: str, status: int, words: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert words in answer.text
    assert 'role="search"' in answer.text


def test_a_refused_form_keeps_what_was_typed(client: FlaskClient) -> None:
    html = client.get("/?q=桥&from=昨天&sort=newest").text
    assert 'name="from" value="昨天"' in html and 'value="桥"' in html


def test_a_missing_index_is_a_503_that_says_what_to_run(
    client: FlaskClient, searcher: HandSearcher
) -> None:
    searcher.failure = IndexMissingError("还没有索引，请运行 jianbao index。")
    for address in ("/", "/?q=桥", "/articles/p1"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "jianbao index" in answer.text
        assert int(answer.headers["Retry-After"]) > 0


def test_a_fault_of_ours_is_logged_and_not_shown(
    client: FlaskClient, searcher: HandSearcher, caplog: pytest.LogCaptureFixture
) -> None:
    searcher.failure = ZeroDivisionError("secret path")
    answer = client.get("/?q=桥")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret path" in caplog.text


@pytest.mark.parametrize(
    "raw", ["%00", "%ED%A0%80", "%FF%FE", "%F0%9F%98%80", "%E2%80%AE%3Cb%3E", "%22%3E%3Cscript%3E"]
)
def test_odd_bytes_are_answered(client: FlaskClient, raw: str) -> None:
    for address in ("/?q=", "/?q=x&source=", "/articles/", "/api/v1/search?q="):
        assert client.get(address + raw).status_code in (200, 400, 404)
    assert foreign_scripts(client.get(f"/?q={raw}").text) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=30))
@example("1")
def test_any_query_is_answered_and_shown_again(client: FlaskClient, query: str) -> None:
    answer = client.get("/", query_string={"q": query})
    assert answer.status_code in (200, 400)
    typed = re.search('name="q" value="([^"]*)"', answer.text)
    assert typed and unescape(typed[1]) == query.replace("\0", "\ufffd")


@pytest.mark.parametrize(("length", "status"), [(MAX_QUERY, 200), (MAX_QUERY + 1, 400)])
def test_a_query_too_long_is_refused_in_words(
    client: FlaskClient, length: int, status: int
) -> None:
    answer = client.get("/", query_string={"q": "桥" * length})
    assert answer.status_code == status
    assert ("检索词最多 2000 个字符，收到 2001 个" in answer.text) == (status == 400)


def test_the_longest_query_of_the_pages_is_that_of_the_searcher() -> None:
    assert MAX_QUERY == LONGEST_QUERY


def test_a_long_query_is_quoted_in_part(client: FlaskClient) -> None:
    html = client.get("/", query_string={"q": "月球" * 100}).text
    assert f"没有找到与「{'月球' * 20}…」相符的文章" in html


@pytest.mark.parametrize(
    "error",
    [
        QueryError("the query cannot be answered"),
        ArticleNotFoundError("no article has the id 'x'"),
        IndexLockedError("another run is writing"),
    ],
)
def test_a_reader_is_told_in_his_language(
    client: FlaskClient, searcher: HandSearcher, error: Exception
) -> None:
    searcher.failure = error
    sentence = re.search('role="alert">.*?<p>(.*?)</p>', client.get("/articles/x").text, re.DOTALL)
    assert sentence and re.fullmatch("[\u3000-\u9fff\uff00-\uffef]+", sentence[1])
    assert client.get("/api/v1/articles/x").get_json()["error"]["message"] == str(error)


def test_a_kicker_and_a_subtitle_stand_by_the_title(searcher: HandSearcher) -> None:
    meta = {"kicker": "引题在上", "subtitle": "——副题在下", "weekday": "星期一", "total": "345"}
    story = replace(searcher.articles[0], id="s", meta=meta, issue="第12期(总第345期)")
    html = create_app(HandSearcher((story,))).test_client().get("/articles/s").text
    assert html.index("引题在上") < html.index("<h1>") < html.index("副题在下")
    assert "<dt>星期</dt><dd>星期一</dd>" in html
    assert "总期数" not in html and "kicker" not in html.partition("<dl>")[2]


def test_an_article_with_unsendable_characters_is_shown(searcher: HandSearcher) -> None:
    plain = searcher.articles[0]
    odd = replace(plain, id="o\udcff", title="断\ud800字", body="甲\0乙", author=("\udfff",))
    client = create_app(HandSearcher((odd,))).test_client()
    for address in ("/?q=断", "/api/v1/search?q=断"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "断\ufffd字" in answer.text.replace("<mark>", "").replace("</mark>", "")


def test_pages_may_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    for address in ("/", "/?q=图书馆", "/articles/p1", "/static/jianbao/jianbao.css", "/api/v1/x"):
        headers = client.get(address, buffered=True).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_refusal_of_the_searcher_is_shown_as_it_stands(
    client: FlaskClient, searcher: HandSearcher
) -> None:
    searcher.failure = QueryError("一次最多检索 200 个词。")
    assert "一次最多检索 200 个词。" in client.get("/?q=桥").text
