"""Hostile texts take time in proportion to their length, and what is given up is named."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.analysis import open_bulk_analyzer
from jianbao.indexer.models import Article, Source
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.search.snippets import snippets
from jianbao.indexer.sources import markup_process as budget_module
from jianbao.indexer.sources.encoding.detection import Decoded, decode
from jianbao.indexer.sources.files.reader import PageStories
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.formats import jsonlines as jsonlines_module
from jianbao.indexer.sources.formats import table as table_module
from jianbao.indexer.sources.markup.crude import crude_html, crude_markdown
from jianbao.indexer.sources.markup_process import SMALL, MarkupReading
from jianbao.indexer.sources.newspaper import (
    detecting,
    join_continued,
    newspaper_page,
    page_articles,
    split_page,
)
from jianbao.indexer.sources.office.sandbox.limits import Limits
from jianbao.indexer.sources.records import failing as failing_module
from jianbao.indexer.sources.records import record as records_module
from jianbao.indexer.sources.records import roles as roles_module
from jianbao.indexer.sources.records import texts as texts_module
from jianbao.indexer.text.segment import open_segmenter
from tests.sources.helpers import read_with_problems
from tests.trials.hostile_texts import HTML, LINES, MARKDOWN, MAST, NEWSPAPER, PROSE, Maker


def _steps(work: Callable[[], object]) -> int:
    """How many lines of Python `work` runs: its cost, whatever else the machine does."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", sorted(NEWSPAPER))
def test_a_page_is_read_in_steps_in_proportion_to_its_length(name: str) -> None:
    small, large = (NEWSPAPER[name](size).decode() for size in (2_000, 8_000))
    split_page(large)  # Fills the caches of patterns and imports.
    steps = [_steps(lambda text=text: split_page(text)) for text in (small, large)]  # type: ignore[misc]
    assert steps[1] <= 5 * steps[0] + 5_000, steps


RUNS = ("{}短", "短{}短", "■{}■", "记者{}王", "【{}】短", "本期{}导读", "(下转{}x", "## ·{}短")


@pytest.mark.parametrize("run", [" ", "【", "![", "a", "…"])
@pytest.mark.parametrize("line", RUNS)
def test_a_long_run_in_a_line_takes_time_in_proportion_to_its_length(line: str, run: str) -> None:
    """Patterns that look from each of many spaces past all the others. Compared within one run:
    four times the length takes some four times as long, where a square takes 16."""

    def least(count: int) -> float:
        text = f"{MAST}石桥修复\n本报讯(记者 王小明) 石桥。\n{line.format(run * count)}\n"
        spent = []
        for _ in range(3):
            began = process_time()
            join_continued(page_articles(split_page(text), "a.txt"))
            spent.append(process_time() - began)
        return min(spent)

    least(10)
    assert least(20_000) <= 9 * least(5_000) + 0.05


def test_a_text_longer_than_any_page_is_one_article_and_told(tmp_path: Path) -> None:
    text = NEWSPAPER["stories"](3 * detecting.PAGE_CHARACTERS + 3_000).decode()
    for name in ("a.txt", "b.md"):
        articles, problems = read_with_problems(tmp_path, {name: text})
        assert [problem.reason for problem in problems if problem.source == name] == [
            detecting.BEYOND
        ]
        (article,) = [each for each in articles if each.path == name]
        assert article.body.count("石桥修复工程今天启动") == text.count("石桥修复工程今天启动")


def test_a_long_text_that_is_no_page_is_read_without_a_word(tmp_path: Path) -> None:
    articles, problems = read_with_problems(tmp_path, {"a.txt": "短\n" * 50_000})
    assert (len(articles), problems) == (1, [])


def test_a_page_within_the_limits_is_still_one() -> None:
    text = NEWSPAPER["stories"](100_000).decode()
    page, complaint = newspaper_page(text)
    assert page is not None and not complaint


def test_bylines_by_the_thousand_do_not_multiply() -> None:
    text = NEWSPAPER["names"](60_000).decode()
    assert all(len(item.authors) <= 100 for item in split_page(text).items)


def test_continued_stories_by_the_thousand_are_compared_in_a_window() -> None:
    def issue(count: int) -> list[Article]:
        first = NEWSPAPER["continued stories"](count * 130).decode()
        second = first.replace("第1版", "第2版", 1).replace("上接第2版", "上接第1版")
        pages = (
            page_articles(split_page(text), f"{at}.txt") for at, text in enumerate((first, second))
        )
        return [article for page in pages for article in page]

    small, large = issue(400), issue(1_600)
    steps = [_steps(lambda each=each: join_continued(each)) for each in (small, large)]  # type: ignore[misc]
    assert steps[1] <= 6 * steps[0] + 5_000, steps


NESTED = {
    "divisions.html": "<div>" * 5_000 + PROSE,
    "lists.html": "".join(f"<ul><li>第{at}层" for at in range(3_000)),
    "quotes.md": ">" * 500 + PROSE,
    "list.md": "- " * 500 + PROSE,
    "html.md": "题\n\n" + "<div>" * 5_000 + PROSE,
}


@pytest.mark.parametrize("name", sorted(NESTED))
def test_nothing_is_lost_below_the_depth_of_a_parser(tmp_path: Path, name: str) -> None:
    articles, problems = read_with_problems(tmp_path, {name: NESTED[name]})
    (article,) = articles
    text = f"{article.title}\n{article.body}"
    if name == "lists.html":
        assert all(f"第{at}层" in text for at in range(3_000))
    else:
        assert PROSE.rstrip("。") in text
    assert name == "html.md" or "nested too deep" in problems[0].reason


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkupReading]:
    """A reading whose process has a second."""
    with MarkupReading(Limits(cpu_seconds=0, seconds=60.0, total_seconds=60.0)) as reading:
        yield reading


def _file(folder: Path, name: str, content: bytes) -> SourceFile:
    (folder / name).write_bytes(content)
    return SourceFile(Source(folder / name, name))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "make"),
    [("a.html", HTML["attributes"]), ("a.md", MARKDOWN["emphasis open"])],
)
def test_what_a_parser_cannot_read_in_time_is_kept_and_told(
    tmp_path: Path, quick: MarkupReading, name: str, make: Maker
) -> None:
    mark = "末尾的石桥".encode()
    problem, article = quick.read(_file(tmp_path, name, make(3_000_000) + b"\n\n" + mark))
    assert isinstance(article, Article) and article.body.endswith(mark.decode())
    assert getattr(problem, "outcome", "") == "doubtful"
    assert "text is kept whole" in getattr(problem, "reason", "")


def test_a_file_too_large_for_any_parser_is_kept_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget_module, "LARGE", 2 * SMALL)
    page = f"<title>石桥</title><p>{PROSE}</p>" + "<p>文</p>" * 2 * SMALL
    for name, content in {
        "a.html": page.encode(),
        "b.html.gz": gzip.compress(page.encode()),
    }.items():
        with MarkupReading() as reading:
            problem, article = reading.read(_file(tmp_path, name, content))
        assert isinstance(article, Article) and (article.title, article.id) == ("石桥", name)
        assert PROSE in article.body
        assert "text is kept whole" in getattr(problem, "reason", "")


def test_a_long_file_gives_in_the_process_what_it_gives_without(tmp_path: Path) -> None:
    names = [f"第{at}段，{PROSE}" for at in range(800)]
    page = "<html><head><title>题</title></head><body><article>"
    files = {
        "a.html": page + "".join(f"<p>{each}</p>" for each in names) + "</article>",
        "b.md": "# 题\n\n" + "\n\n".join(names),
        "c.md": NEWSPAPER["stories"](SMALL + 5_000).decode(),
    }
    assert all(len(text.encode()) > SMALL for text in files.values())
    from jianbao.indexer.sources.formats.html import read_html
    from jianbao.indexer.sources.formats.markdown import read_markdown

    with MarkupReading() as reading:
        for name, text in files.items():
            file = _file(tmp_path, name, text.encode())
            direct = read_html(file) if name.endswith("html") else read_markdown(file)
            assert list(reading.read(file)) == list(direct)
            assert not isinstance(next(reading.read(file)), PageStories) or name == "c.md"


_ANY = st.text(alphabet="<>/!-?&;#=\"' pbdivscrtxyz文题[]()*_`~:|0123\n\t", max_size=300)


@given(text=_ANY)
@settings(max_examples=200)
def test_crude_readers_read_anything(text: str) -> None:
    crude_html(text)
    list(crude_markdown(text))


@given(words=st.lists(st.text("江水向东流去", min_size=3, max_size=8), min_size=1, max_size=8))
def test_crude_readers_keep_every_word(words: list[str]) -> None:
    page = "".join(f"<div class=a><b>{word}</b></div>" for word in words)
    assert crude_html(f"<title>题</title>{page}") == ("题", "\n".join(words))
    shown = [text for text, _ in crude_markdown("\n\n".join(f"> - **{word}**" for word in words))]
    assert shown == words


@pytest.mark.parametrize("name", sorted({**LINES, **MARKDOWN, **HTML}))
def test_crude_readers_are_done_with_two_megabytes(name: str) -> None:
    """A pattern that goes back took minutes; the test's limit ends those."""
    text = {**LINES, **MARKDOWN, **HTML}[name](300_000).decode()
    crude_html(text)
    list(crude_markdown(text))


def test_a_file_that_is_nearly_all_wrong_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failing_module, "FAILED", 20)
    monkeypatch.setattr(failing_module, "EMPTY", 50)
    good = '{"title": "题", "body": "文"}\n'
    files = {
        "a.jsonl": good + "1\n" * 100 + good,
        "b.jsonl": good + "\n" * 100 + good,
        "c.json": "[" + "1," * 100 + good.strip() + "]",
        "d.csv": "title,body,k\n" + ",,x\n" * 100 + "题,文,\n",
    }
    for name, content in files.items():
        _, problems = read_with_problems(tmp_path / name, {name: content})
        assert "given up" in problems[-1].reason, name
    for name, content in (("e.jsonl", (good + "1\n") * 100), ("f.jsonl", (good + "\n\n") * 100)):
        articles, _ = read_with_problems(tmp_path / name, {name: content})
        assert len(articles) == 100


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_records_of_a_few_bytes_are_limited_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(failing_module, "RECORDS", 20)
    forms = {
        "a.jsonl": ("", '{"body": "BODY", "kop": "KOP"}\n', ""),
        "a.json": ("[", '{"body": "BODY", "kop": "KOP"},', '{"title": "题"}]'),
        "a.csv": ("body,kop\n", "BODY,KOP\n", ""),
    }
    head, row, tail = forms[name]
    kop = row.replace("BODY", "文").replace("KOP", "城东的石桥昨日重新通车了哟")

    def read(body: str) -> tuple[int, list[str]]:
        short = row.replace("BODY", body).replace("KOP", "x")
        content = head + kop + short * 400 + tail
        articles, problems = read_with_problems(tmp_path / body[:9], {name: content})
        return len(articles), [problem.reason for problem in problems]

    count, (given_up, unknown) = read("文")
    assert 20 <= count < 400 and "given up" in given_up and "split it" in given_up
    assert "--fields 'kop=body'" in unknown, "what was met before is told all the same"
    count, (unknown,) = read("石桥修复工程今天启动" * 2)
    assert count >= 401 and "--fields" in unknown, "records of ordinary length are not counted"


def test_what_a_name_means_is_worked_out_once_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    real = roles_module.role_of

    def counted(name: str, roles: Mapping[str, str]) -> str:
        nonlocal asked
        asked += 1
        return real(name, roles)

    for module in (roles_module, records_module, table_module):
        monkeypatch.setattr(module, "role_of", counted)
    record = {"标题": "题", "post_content": "文", "date": "2024-01-05", "views": "7", "k": "x"}
    lines = "".join(json.dumps(record | {"id": str(at)}) + "\n" for at in range(500))
    table = ",".join(record) + "\n" + (",".join(record.values()) + "\n") * 500
    articles, _ = read_with_problems(tmp_path, {"a.jsonl": lines, "b.csv": table})
    assert len(articles) == 1000 and asked < 50


def test_names_made_up_for_each_record_are_known_as_they_stand_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles_module, "MOST_NAMES", 20)
    made = "".join(f'{{"title": "{at}", "k{at}": 1}}\n' for at in range(50))
    last = json.dumps({"headline": "题", "text": "文", "post_content": PROSE}) + "\n"
    articles, (problem,) = read_with_problems(tmp_path, {"a.jsonl": made + last})
    assert articles[-1].title == "题" and "'post_content'" in problem.reason


def test_markup_of_values_is_parsed_a_limited_number_of_times_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts_module, "MOST_PARSED", 20)
    for name, value, shown in (
        ("content_html", "<p>石<b>桥</b></p>", "石桥"),
        ("content_md", "**石**桥", "石桥"),
        ("blocks", [{"html": "<p>石<b>桥</b></p>"}], "石桥"),
    ):
        lines = (json.dumps({"title": "题", name: value}) + "\n") * 100
        articles, (problem,) = read_with_problems(tmp_path / name, {"a.jsonl": lines})
        assert {article.body for article in articles} == {shown}
        assert len(articles) == 100 and "commonest marks" in problem.reason
    long = json.dumps({"title": "题", "content_html": f"<p>{PROSE * 20}</p>"}) + "\n"
    _, problems = read_with_problems(tmp_path / "long", {"a.jsonl": long * 100})
    assert problems == []


def test_columns_of_one_name_with_numbers_keep_all_cells(tmp_path: Path) -> None:
    content = "title,kop 4,kop,kop\n题,a,b,c\n"
    ((article,), _) = read_with_problems(tmp_path, {"a.csv": content})
    assert sorted(article.meta.values()) == ["a", "b", "c"]


def test_problems_of_one_file_are_told_once_they_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jianbao.indexer.sources import read as run_module

    monkeypatch.setattr(run_module, "MOST_PROBLEMS", 10)
    good = '{"title": "题", "body": "文"}\n'
    articles, problems = read_with_problems(tmp_path, {"a.jsonl": (good + "1\n") * 50})
    assert len(articles) == 50
    assert [each.reason for each in problems[10:]] == [
        "40 more of its parts, with reasons of their own"
    ]


def test_encodings_of_lines_are_guessed_a_limited_number_of_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonlines_module, "MOST_GUESSES", 3)
    guessed = 0

    def counted(data: bytes) -> Decoded:
        nonlocal guessed
        guessed += 1
        return decode(data)

    monkeypatch.setattr("jianbao.indexer.sources.formats.jsonlines.decode", counted)
    head = '{"title": "题", "body": "江水向东流去"}\n'.encode() * 20_000
    odd = '{"title": "题", "body": "江水向东"}\n'.encode("gb18030") * 50
    articles, problems = read_with_problems(tmp_path, {"a.jsonl": head + odd})
    assert len(articles) == 20_050 and guessed <= 5
    assert "not in utf-8" in problems[-1].reason


def test_front_matter_that_holds_itself_or_laughs(tmp_path: Path) -> None:
    bombs = {
        "a.md": MARKDOWN["front matter bomb"](300),
        "b.md": MARKDOWN["front matter list bomb"](300),
        "c.md": "---\ndate: &a [*a]\ntitle: 题\n---\n文\n".encode(),
        "d.md": "---\ntitle: &a {name: *a}\n---\n文\n".encode(),
        "e.md": MARKDOWN["front matter merges"](300),
    }
    articles, _ = read_with_problems(tmp_path, dict(bombs))
    assert [article.path for article in articles] == sorted(bombs)
    assert all("文" in article.body for article in articles)


@pytest.mark.parametrize("name", ["one line", "one character", "one Latin word", "short lines"])
@pytest.mark.parametrize("native", [True, False])
def test_later_stages_take_time_in_proportion_to_one_article(name: str, native: bool) -> None:
    """Runs without punctuation are cut before they are segmented. Compared within one run, the
    least of three: four times the text takes some four times as long, where a square takes 16."""
    segmenter = open_segmenter(())
    analyzer = open_bulk_analyzer((), segmenter.name, segmenter.version, native=native)

    def least(size: int) -> float:
        text = LINES[name](size).decode()
        spent = []
        for _ in range(3):
            began = process_time()
            analyzer.tokens([text])
            snippets(text, (Leaf(text[:2], ()),))
            spent.append(process_time() - began)
        return min(spent)

    least(1_000)
    assert least(800_000) <= 9 * least(200_000)
