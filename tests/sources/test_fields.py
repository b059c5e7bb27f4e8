"""No text of a record is lost without a word: it can be found, or its name is told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from jianbao.indexer import ConfigError, load_settings, reindex
from jianbao.indexer.models import Article, Problem, Source
from jianbao.indexer.sources import parsed_roles, read_sources
from tests.sources.helpers import read_files, read_with_problems

TEXT = "城东的石桥昨日重新通车，附近的居民都来看热闹。"
LEAD = "这座桥建于清代，几经修缮。"

BODIES = (
    *("post_content", "description", "html", "content_html", "markdown", "article"),
    *("main", "summary", "body_text", "articleContent", "news_content", "fullText"),
    *("story", "raw_text", "contentMarkdown", "text_content", "page_content"),
    *("newsbody", "plain_text", "新闻内容", "文章内容", "稿件内容"),
    *("正文内容", "详情", "新聞內容", "文章正文", "詳情"),
    *("公告内容", "原文", "文章详情", "content_zh", "内容文本"),
    *("新闻详情", "正文html", "content:encoded", "body2", "段落1", "content_2"),
    *(),
)

LEADS = (
    *("subtitle", "summary", "description", "abstract", "excerpt", "lead"),
    *("standfirst", "deck", "dek", "intro", "teaser", "synopsis", "摘要", "副题"),
    *("引题", "导语", "副標題", "導語", "内容提要", "编者按", "简介"),
    *("post_excerpt", "article_summary", "news_abstract"),
)

UNKNOWN = ("kop", "blob7", "乙栏", "x.y", "zusammenhang")


def as_json(record: dict[str, object]) -> tuple[str, str]:
    return "a.json", json.dumps(record)


def as_json_lines(record: dict[str, object]) -> tuple[str, str]:
    return "a.jsonl", json.dumps(record) + "\n"


def as_csv(record: dict[str, object]) -> tuple[str, str]:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([list(record), list(record.values())])
    return "a.csv", buffer.getvalue()


def as_front_matter(record: dict[str, object]) -> tuple[str, str]:
    return "a.md", f"---\n{yaml.safe_dump(record, allow_unicode=True)}---\n"


Form = Callable[[dict[str, object]], tuple[str, str]]

FORMATS: tuple[Form, ...] = (as_json, as_json_lines, as_csv, as_front_matter)
every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: str(form.__name__))


def one(folder: Path, *file: str) -> Article:
    (article,) = read_files(folder, {file[0]: file[1]})
    return article


@every_format
@pytest.mark.parametrize("name", BODIES)
def test_a_text_under_a_common_name_is_the_body(form: Form, name: str, tmp_path: Path) -> None:
    article = one(tmp_path, *form({"title": "石桥", name: TEXT}))
    assert (article.title, article.body) == ("石桥", TEXT)


@every_format
@pytest.mark.parametrize("name", LEADS)
def test_what_stands_before_the_body_is_found_with_it(
    form: Form, name: str, tmp_path: Path
) -> None:
    article = one(tmp_path, *form({"title": "石桥", "body": TEXT, name: LEAD}))
    assert article.body == f"{LEAD}\n{TEXT}"


@every_format
@pytest.mark.parametrize("name", UNKNOWN)
def test_a_text_under_another_name_is_told_and_can_be_mapped(
    form: Form, name: str, tmp_path: Path
) -> None:
    file, content = form({"title": "石桥", name: TEXT})
    path = tmp_path / file
    path.write_text(content, "utf-8")
    source = Source(path, file)
    article, problem = read_sources([source])
    assert isinstance(problem, Problem) and problem.outcome == "not indexed"
    assert f"--fields '{name}=body'" in problem.reason
    (article,) = read_sources([source], roles=parsed_roles(f"{name}=body"))
    assert isinstance(article, Article) and article.body == TEXT
    (article,) = read_sources([source], roles=parsed_roles(f"title=none, {name}=标题"))
    assert isinstance(article, Article) and article.title == TEXT
    (article,) = read_sources([source], roles=parsed_roles(f"{name}=none"))
    assert isinstance(article, Article) and not article.body


@pytest.mark.parametrize("setting", ["kop", "kop=", "=body", "kop=headliner", "a=body,b"])
def test_a_mapping_that_says_nothing_is_refused(setting: str) -> None:
    with pytest.raises(ConfigError, match="my_text=body"):
        parsed_roles(setting)


def test_an_unknown_name_is_told_once_and_a_new_mapping_reads_again(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    for number in range(5):
        record = {"title": f"题{number}", "kop": TEXT + str(number), "note7": "好"}
        (folder / f"{number}.json").write_text(json.dumps(record), "utf-8")
        (folder / f"{number}.jsonl").write_text(f"{json.dumps(record)}\n" * 2, "utf-8")
    common = {"index": tmp_path / "index", "jobs": 1}

    def run(fields: str) -> tuple[int, list[tuple[str, int]]]:
        settings = load_settings(common | {"fields": fields}, {}, tmp_path)
        report = reindex(settings, [folder], now=lambda: datetime.now(UTC))
        return report.read, [(each.outcome, each.count) for each in report.problems]

    assert run("") == (10, [("not indexed", 5), ("not indexed", 10)])
    assert run("") == (0, [("not indexed", 5), ("not indexed", 10)])
    assert run("kop=body") == (10, [])
    assert run("kop=body") == (0, [])


@pytest.mark.parametrize(
    "content",
    [
        {"data": {"content": TEXT, "title": "石桥"}},
        {"code": 0, "message": "ok", "data": {"article": {"title": "石桥", "body": TEXT}}},
        {"title": {"rendered": "石桥"}, "content": {"rendered": f"<p>{TEXT}</p>\n"}},
        {"title": "石桥", "body": {"value": f"<div>{TEXT}</div>", "format": "full_html"}},
        {"title": "石桥", "content": {"html": f"<b>{TEXT}</b>", "text": TEXT}},
        {"title": "石桥", "paragraphs": [TEXT]},
        {"title": "石桥", "content": [{"type": "paragraph", "children": [{"text": TEXT}]}]},
        {
            "title": "石桥",
            "body": {"type": "doc", "content": [{"type": "p", "content": [
                {"type": "text", "text": TEXT[:9]}, {"type": "text", "text": TEXT[9:]},
            ]}]},
        },
        {"title": "石桥", "blocks": [{"type": "paragraph", "data": {"text": TEXT}}]},
        {"title": "石桥", "post_content": f"<!-- wp:paragraph --><p>{TEXT}</p><!-- /wp -->"},
        {"title": "石桥", "content_markdown": f"**{TEXT[:4]}**{TEXT[4:]}"},
        {"title": "石桥", "extra": {"content": TEXT}},
        {"title": "石桥", "content": {"zh": TEXT}},
        {"_source": {"标题": "石桥", "正文": TEXT}, "_id": "7"},
        {"result": {"title": "石桥", "detail": {"contentHtml": f"{TEXT}<br/>"}}},
        {"@graph": [{"@type": "NewsArticle", "headline": "石桥", "articleBody": TEXT}]},
        {"response": {"docs": [{"title": "石桥", "text": TEXT}]}},
        {"hits": {"hits": [{"_source": {"title": "石桥", "content": TEXT}}]}},
        {"data": {"total": 1, "list": [{"新闻标题": "石桥", "新闻内容": TEXT}]}},
    ],
)  # fmt: skip
def test_records_within_records(content: object, tmp_path: Path) -> None:
    article = one(tmp_path, "a.json", json.dumps(content))
    assert (article.title, article.body) == ("石桥", TEXT)


def test_what_stands_around_a_list_of_articles_is_one(tmp_path: Path) -> None:
    content = {"title": "专题", "summary": LEAD, "articles": [{"title": "石桥", "body": TEXT}]}
    articles = read_files(tmp_path, {"a.json": json.dumps(content)})
    assert [(each.id, each.body) for each in articles] == [("a.json", LEAD), ("a.json:1", TEXT)]


def test_several_texts_are_one_body_and_a_copy_is_none(tmp_path: Path) -> None:
    record = {"title": "石桥", "text": TEXT, "content_html": f"<p>{TEXT}</p>", "全文": LEAD}
    assert one(tmp_path, "a.json", json.dumps(record)).body == f"{TEXT}\n{LEAD}"


def test_a_record_of_unknown_names_alone_says_which(tmp_path: Path) -> None:
    for name, content in (as_json({"kop": TEXT}), as_json_lines({"kop": TEXT})):
        _, problems = read_with_problems(tmp_path / name, {name: content})
        assert problems[0].outcome == "skipped" and "--fields 'kop=body'" in problems[0].reason
    _, (problem,) = read_with_problems(tmp_path / "csv", {"a.csv": f"kop,x\n{TEXT},1\n"})
    assert problem.outcome == "skipped" and "--fields" in problem.reason


def test_text_in_the_object_of_another_field_is_told(tmp_path: Path) -> None:
    record = {"title": "石桥", "body": LEAD, "author": {"name": "张三", "bio": TEXT}}
    (article,), (problem,) = read_with_problems(tmp_path, {"a.json": json.dumps(record)})
    assert article.author == ("张三",) and "'author.bio'" in problem.reason


@pytest.mark.parametrize("outer", ["author", "image", "comments"])
def test_a_name_with_dots_can_be_mapped(outer: str, tmp_path: Path) -> None:
    record = {"title": "石桥", "body": LEAD, outer: [{"name": "张三", "bio": TEXT}]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(record), "utf-8")
    source = Source(path, "a.json")
    for target, body in (("body", f"{LEAD}\n{TEXT}"), ("none", LEAD)):
        (article,) = read_sources([source], roles=parsed_roles(f"{outer}.bio={target}"))
        assert isinstance(article, Article) and article.body == body


def test_front_matter_and_text_are_one_body(tmp_path: Path) -> None:
    content = f"---\ntitle: 石桥\nsubtitle: {LEAD}\ncontent: 前文在此。\n---\n{TEXT}\n"
    assert one(tmp_path, "a.md", content).body == f"{LEAD}\n前文在此。\n{TEXT}"


def test_front_matter_without_names_is_text(tmp_path: Path) -> None:
    (article,), (problem,) = read_with_problems(tmp_path, {"a.md": f"---\n{LEAD}\n---\n{TEXT}\n"})
    assert LEAD in article.body and TEXT in article.body
    assert problem.outcome == "doubtful"


def test_a_title_longer_than_a_line_is_found_whole(tmp_path: Path) -> None:
    title = TEXT * 100
    article = one(tmp_path, "a.json", json.dumps({"title": title, "body": LEAD}))
    assert article.body == f"{title}\n{LEAD}"


def test_columns_of_one_name_and_without_one(tmp_path: Path) -> None:
    content = f"title,body,body,\n石桥,{TEXT},{LEAD},{TEXT[::-1]}\n"
    (article,), (problem,) = read_with_problems(tmp_path, {"a.csv": content})
    assert article.body == f"{TEXT}\n{LEAD}"
    assert "column 4" in problem.reason


def test_addresses_and_numbers_are_no_text(tmp_path: Path) -> None:
    record = {
        "title": "石桥", "body": TEXT, "image": "https://example.org/" + "a-b/" * 50,
        "sha": "0f" * 40, "views": 123456, "flags": [True, None, 1.5], "editor": "张三、李四",
    }  # fmt: skip
    read_files(tmp_path, {"a.json": json.dumps(record)})


@given(
    st.recursive(
        st.text("石桥昨日重新通车", min_size=12, max_size=30),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [*BODIES[:8], *LEADS[:4], "kop", "type", "data", "author", "url", "items"]
                ),
                inner,
                max_size=3,
            ),
        ),
        max_leaves=8,
    ).filter(lambda value: isinstance(value, dict) and value)
)
@example({"post_content": "新" * 12, "author": [["石" * 13]]})
@example({"post_content": "新" * 12, "url": [[["石" * 13]], "桥" * 12]})
def test_every_text_is_found_or_told(value: dict[str, object]) -> None:
    import tempfile

    from jianbao.indexer.sources.records.texts import leaves

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "a.json"
        path.write_text(json.dumps(value), "utf-8")
        items = list(read_sources([Source(path, "a.json")]))
    shown = "\n".join(
        "\n".join((each.title, each.body, *each.author, each.url, *each.meta.values()))
        for each in items
        if isinstance(each, Article)
    )
    told = any(isinstance(each, Problem) for each in items)
    for key, part in value.items():
        for _, text in leaves(part, key):
            assert text in shown or told, (text, items)
