"""Pages of one issue: what a page does not print comes from its file's name and its neighbours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jianbao.indexer.models import Article
from jianbao.indexer.sources.newspaper import join_continued, page_articles, split_page

PRINTED = """海州日报 2024年12月30日 星期一 第1版 第100期

港口改造提前完成

本报讯(记者 张伟) 港口改造工程昨日完工,新增泊位五个。(下转第3版)

山村图书馆开放

本报讯(记者 李洋) 图书馆昨日开放。
"""
BARE = """港口改造提前完成

(上接第1版)装卸效率因此提高一倍。

社区食堂开张

本报讯(记者 王芳) 食堂昨日开张。
"""


def read(text: str, name: str) -> tuple[Article, ...]:
    return page_articles(split_page(text), name)


@pytest.mark.parametrize(
    ("name", "day", "page"),
    [
        ("2024-12-30-第03版.txt", "2024-12-30", "3"),
        ("海州日报20241230第三版.md", "2024-12-30", "3"),
        ("海州日报/2024/12/30/A03版.md", "2024-12-30", "A03"),
        ("2024年12月3日 03版.txt", "2024-12-03", "3"),
        ("2023-01-01/2024_12_30.txt", "2024-12-30", ""),
        ("2024-13-30.txt", "", ""),
        ("2024版.txt", "", ""),
        ("000_405e149d20241230582ad396.txt", "", ""),
        ("扫描12-30.txt", "", ""),
    ],
)
def test_date_and_page_come_from_the_name_where_the_page_prints_none(
    name: str, day: str, page: str
) -> None:
    for article in read(BARE, name):
        assert (article.date, article.page) == (day, page)


def test_what_the_page_prints_is_stronger_than_its_name() -> None:
    for article in read(PRINTED, "2020-01-02-第09版.txt"):
        assert (article.date, article.page) == ("2024-12-30", "1")


def test_a_bare_page_takes_newspaper_and_issue_from_a_page_of_its_date() -> None:
    front, inner = read(PRINTED, "1.txt"), read(BARE, "20241230-03版.txt")
    joined = join_continued([*inner, *front])
    assert [item.title for item in joined] == ["社区食堂开张", "港口改造提前完成", "山村图书馆开放"]
    assert {(item.source, item.issue) for item in joined} == {("海州日报", "第100期")}
    assert joined[0].meta["weekday"] == "星期一"
    assert joined[0].page == "3"
    assert "装卸效率因此提高一倍。" in joined[1].body


def test_nothing_is_taken_from_another_day() -> None:
    bare = read(BARE, "2024-12-29-第03版.txt")
    assert join_continued([*read(PRINTED, "1.txt"), *bare])[2:] == bare


def test_nothing_is_taken_where_two_newspapers_have_that_date() -> None:
    bare = read(BARE, "2024-12-30-第04版.txt")
    other = tuple(replace(item, source="江城晚报") for item in read(PRINTED, "2.txt"))
    found = join_continued([*read(PRINTED, "1.txt"), *other, *bare])
    assert found[4:] == bare


def test_the_two_corpus_pages_are_one_issue() -> None:
    folder = Path(__file__).parents[3] / "corpus" / "newspaper"
    names = sorted(path.name for path in folder.glob("2024-12-30-*"))
    articles = [
        item for name in names for item in read((folder / name).read_text(encoding="utf-8"), name)
    ]
    joined = join_continued(articles)
    assert [(item.kind, item.title, item.author) for item in joined if item.kind == "article"] == [
        ("article", "年终盘点:公报里的数字中国", ("张三",)),
        ("article", "江上长虹五十六年", ("李四", "王五")),
        ("article", "图书馆里的“大海捞针”", ("赵六",)),
        ("article", "今日入“二九”", ("周八", "吴九")),
        ("article", "本报启事", ()),
        ("article", "莫高窟为什么要限客流", ("李四", "王五")),
        ("article", "黄金四分钟里可以做什么", ("赵六",)),
        ("article", "一条线穿起一座城", ("周八",)),
        ("article", "兰亭序里有多少个“之”", ("钱一", "冯二")),
        ("article", "头顶有北斗", ("卫三", "蒋四")),
    ]
    assert {(item.date, item.source, item.issue) for item in joined} == {
        ("2024-12-30", "剪报晚刊", "第12期(总第345期)")
    }
    assert [item.author for item in joined if item.kind == "picture"] == [("孙七",), ("郑十",)]
    assert "只要两三分钟。" in joined[1].body
    assert "另一个省。\n数字也走进了课堂和诊室。" in joined[0].body
