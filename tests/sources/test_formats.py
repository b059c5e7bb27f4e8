"""What each input format gives: its fields, and nothing visible lost."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from jianbao.indexer.models import Article
from tests.sources.helpers import read_files, read_with_problems

BODY = "第一段说明来由。\n第二段说明办法。"


def _one(folder: Path, name: str, content: str | bytes) -> Article:
    (article,) = read_files(folder, {name: content})
    return article


def test_plain_text(tmp_path: Path) -> None:
    content = (
        "节日开放时间\r\n作者：张三 李四\r\n日期：2024年12月30日　来源：图书馆通讯\r\n"
        "栏目：通知\r\n\r\n　　第一段说明来由。  \r\n\r\n\r\n　　第二段\0说明办法。\r\n"
    )
    article = _one(tmp_path, "a/b.txt", content)
    assert article == Article(
        id="a/b.txt",
        title="节日开放时间",
        body=BODY,
        author=("张三", "李四"),
        date="2024-12-30",
        source="图书馆通讯",
        column="通知",
        path="a/b.txt",
    )


def test_plain_text_with_headers_first(tmp_path: Path) -> None:
    article = _one(tmp_path, "a.txt", f"标题：通知\n作者：王五\n\n{BODY}")
    assert (article.title, article.author, article.body) == ("通知", ("王五",), BODY)


@pytest.mark.parametrize(
    "line", ["时间：下周三下午两点", "注意：明天停水", "日期：2024年12月30日在北京召开会议"]
)
def test_prose_that_looks_like_a_header_stays_in_the_body(tmp_path: Path, line: str) -> None:
    assert _one(tmp_path, "a.txt", f"通知\n{line}\n{BODY}").body == f"{line}\n{BODY}"


def test_plain_text_without_a_title(tmp_path: Path) -> None:
    article = _one(tmp_path, "a.txt", "今天天气很好，我们去了公园。\n公园里人很多。")
    assert article.title == "今天天气很好，我们去了公园"
    assert article.body == "今天天气很好，我们去了公园。\n公园里人很多。"


def test_markdown_front_matter(tmp_path: Path) -> None:
    content = (
        "---\ntitle: 甲\nauthors: [张三, 李四]\ndate: 2024-12-30\n来源: 周刊\n版次: 007\n"
        f"tags: [科技, 历史]\n自定: 值\n---\n# 甲\n\n{BODY}\n"
    )
    article = _one(tmp_path, "a.md", content)
    assert (article.title, article.author, article.date) == ("甲", ("张三", "李四"), "2024-12-30")
    assert (article.source, article.page, article.tags) == ("周刊", "007", ("科技", "历史"))
    assert article.body == "第一段说明来由。第二段说明办法。"
    assert article.meta == {"自定": "值"}


def test_a_date_that_no_calendar_has_is_shown_as_it_is(tmp_path: Path) -> None:
    article = _one(tmp_path, "a.md", f"---\ntitle: 甲\n日期: 二月里\n---\n{BODY}\n")
    assert (article.date, article.meta) == ("", {"日期": "二月里"})
    both = "日期: 二月里\n发布时间: 2024-12-30"
    article = _one(tmp_path, "a.md", f"---\ntitle: 乙\n{both}\n---\n{BODY}\n")
    assert (article.date, article.meta) == ("2024-12-30", {"日期": "二月里"})


def test_markdown_markup_becomes_what_is_seen(tmp_path: Path) -> None:
    content = (
        '# 题目\n\n**粗**体和[链接](http://example.org "隐")。\n\n- 甲\n- 乙\n  1. 丙\n\n'
        "> 引文\n\n| 年 | 数 |\n|---|---|\n| 2020 | 31 |\n\n```py\nx = 1\ny = 2\n```\n\n"
        "`码` ![图说](a.png) 行尾  \n换行<b>内</b><!-- 暗 -->\n\n<div>块</div>\n\n"
        "## 小题\n\n末段&amp;完。\n"
    )
    article = _one(tmp_path, "文件.md", content)
    assert article.title == "题目"
    assert article.body.split("\n") == [
        *("粗体和链接。", "甲", "乙", "丙", "引文", "年\t数", "2020\t31", "x = 1", "y = 2"),
        *("码 图说 行尾", "换行内", "块", "小题", "末段&完。"),
    ]


def test_markdown_without_any_title_has_the_name_of_its_file(tmp_path: Path) -> None:
    assert _one(tmp_path, "会议纪要.md", "只有正文。\n").title == "会议纪要"


def test_damaged_front_matter_is_still_used(tmp_path: Path) -> None:
    content = '---\ntitle: 他说: "好"吗\nauthor: 张三\n---\n正文。\n'
    articles, problems = read_with_problems(tmp_path, {"a.md": content})
    assert articles[0].author == ("张三",)
    assert "好" in articles[0].title
    assert [problem.outcome for problem in problems] == ["doubtful"]


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>公园里的荒地 - 晚刊</title>
<meta name="author" content="陈小禾"><meta property="article:published_time" content="2023-05-06">
<meta property="og:site_name" content="晚刊"><style>p {{ color: red }}</style></head><body>
<nav><a href="/">首页</a> <a href="/k">频道大全</a></nav><article><h1>公园里的荒地</h1>
<p>许多城市公园开始保留一小块不修剪的草地，让野花自己生长，也让昆虫有地方过冬。</p>
<p>野花吸引蜜蜂，蜜蜂带来鸟类&amp;昆虫，走过的孩子可以蹲下来看上半天，不必去很远的地方。</p>
<ul><li>少割草，每年只割一次</li><li>不打药，让瓢虫来帮忙</li></ul></article>
<aside>热门排行</aside><footer>版权所有 © 2001</footer>
<script>var hidden = 1;</script></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("utf-8", "gb18030"), ("gb2312", "utf-8")],
)
def test_html_main_text(tmp_path: Path, charset: str, encoding: str) -> None:
    article = _one(tmp_path, "a.html", PAGE.format(charset=charset).encode(encoding))
    assert (article.title, article.author) == ("公园里的荒地", ("陈小禾",))
    assert (article.date, article.source) == ("2023-05-06", "晚刊")
    for seen in ("许多城市公园", "鸟类&昆虫", "少割草，每年只割一次", "不打药"):
        assert seen in article.body
    for unseen in ("频道大全", "热门排行", "版权所有", "hidden", "color"):
        assert unseen not in article.body


def test_html_without_main_text_gives_all_that_is_seen(tmp_path: Path) -> None:
    page = "<title>表</title><body><table><tr><td>甲<td>乙</table><script>暗</script>丙<br>丁"
    article = _one(tmp_path, "a.htm", page)
    assert article.title == "表"
    for seen in "甲乙丙丁":
        assert seen in article.body
    assert "暗" not in article.body


RECORD = {"标题": "甲", "content": "正文一。", "authors": ["张三"], "发布时间": "2024/12/30 08:00"}


def _is_record(article: Article) -> bool:
    found = (article.title, article.body, article.author, article.date)
    return found == ("甲", "正文一。", ("张三",), "2024-12-30")


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (RECORD, ["a.json"]),
        (RECORD | {"id": "x1"}, ["x1"]),
        ([RECORD, RECORD], ["a.json:1", "a.json:2"]),
        ({"articles": [RECORD, RECORD]}, ["a.json:1", "a.json:2"]),
    ],
)
def test_json(tmp_path: Path, content: object, ids: list[str]) -> None:
    articles = read_files(tmp_path, {"a.json": json.dumps(content)})
    assert [article.id for article in articles] == ids
    assert all(map(_is_record, articles))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_jsonl_goes_on_after_a_bad_line(tmp_path: Path, encoding: str) -> None:
    line = json.dumps(RECORD, ensure_ascii=False)
    content = f"{line}\n{{broken\n\n[1]\n{line}\n".encode(encoding)
    articles, problems = read_with_problems(tmp_path, {"a.jsonl.gz": gzip.compress(content)})
    assert [article.id for article in articles] == ["a.jsonl.gz:1", "a.jsonl.gz:5"]
    assert all(map(_is_record, articles))
    assert [problem.reason.split(":")[0] for problem in problems] == ["line 2", "line 4"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_table(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["编号", "标题", "作者", "日期", "来源", "期号", "版次", "栏目", "链接", "标签", "正文"],
        [
            "7",
            "甲",
            "张三",
            "20241230",
            "报",
            "第1期",
            "2",
            "科技",
            "http://x",
            "a、b",
            '"第一,段\n二"',
        ],
    ]
    content = "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows)
    (article,) = read_files(tmp_path, {"a.csv": content})
    assert article == Article(
        id="7",
        title="甲",
        body="第一,段\n二",
        author=("张三",),
        date="2024-12-30",
        source="报",
        issue="第1期",
        page="2",
        column="科技",
        url="http://x",
        path="a.csv",
        tags=("a", "b"),
    )


def test_table_cell_longer_than_pythons_own_limit(tmp_path: Path) -> None:
    body = "长" * 200_000
    assert _one(tmp_path, "a.tsv", f"title\tbody\n甲\t{body}\n").body == body


def test_every_text_format_may_be_packed(tmp_path: Path) -> None:
    assert _one(tmp_path, "a.TXT.gz", gzip.compress(f"题\n{BODY}".encode("gb18030"))).body == BODY


def test_half_a_surrogate_pair_is_named(tmp_path: Path) -> None:
    content = r'[{"title": "好\ud83d\ude00", "body": "坏\ud800。"}]'
    (article,), (problem,) = read_with_problems(tmp_path, {"a.json": content})
    assert (article.title, article.body) == ("好😀", "坏\ufffd。")
    assert (problem.source, problem.outcome) == ("a.json", "doubtful")


NOTES = (
    "正文[^1]在此。\n\n[^1]: 脚注说明修桥的经过。\n",
    "正文在此。\n\n[^a]: 脚注说明修桥的经过。 第二句\n    续行\n",
    "[编者按]: 脚注说明修桥的经过。本文首发于2024.5.1，有删节。\n\n正文在此。\n",
    "正文在此。\n\n[注]:\n脚注说明修桥的经过\n",
    "> [注]: 脚注说明修桥的经过\n\n正文在此。\n",
    "1. 正文在此。\n\n   [注1]: 脚注说明修桥的经过\n",
)


@pytest.mark.parametrize("text", NOTES)
def test_footnotes_and_notes_of_markdown_are_text(tmp_path: Path, text: str) -> None:
    (article,) = read_files(tmp_path, {"a.md": f"# 石桥\n\n{text}"})
    assert "脚注说明修桥的经过" in article.body and "正文" in article.body


TARGETS = (
    "http://a.cn/长城，北京",
    "图片/长城.png",
    "长城.html",
    "#长城",
    "<长 城>",
    "./长城",
    "a",
)


@pytest.mark.parametrize("target", TARGETS)
def test_definitions_of_links_are_not_shown(tmp_path: Path, target: str) -> None:
    text = f"# 石桥\n\n见[图]和![桥][图]。\n\n[图]: {target} '题'\n"
    assert read_files(tmp_path, {"a.md": text})[0].body == "见图和桥。"


LETTER = {"title": "来信", "content": "读者来信说桥修好了。"}


@pytest.mark.parametrize("name", ["appendix", "附录", "items", "letters"])
def test_all_arrays_of_articles_in_an_object_are_read(tmp_path: Path, name: str) -> None:
    whole = {"articles": [{"title": "石桥", "content": "石桥修缮完工。"}], name: [LETTER]}
    found = read_files(tmp_path, {"a.json": json.dumps(whole)})
    assert {article.title for article in found} == {"石桥", "来信"}


def test_text_around_an_array_of_articles_is_named(tmp_path: Path) -> None:
    note = "本期各篇由编辑部整理，其中三篇有删节，作者的观点不代表本刊立场，欢迎读者来信。" * 2
    for around in ({"meta": {"note": note}}, {"note": note}, {"list_of": [{"note": note}]}):
        text = json.dumps({"articles": [{"title": "石桥", "content": "修缮完工。"}], **around})
        articles, problems = read_with_problems(tmp_path, {"a.json": text})
        assert len(articles) == 1
        assert [(each.outcome, "note'" in each.reason) for each in problems] == [
            ("not indexed", True)
        ]
