"""Stories that go on on another page: 下转第N版, 上接第N版."""

from __future__ import annotations

import random

import pytest

from jianbao.indexer.models import Article
from jianbao.indexer.sources.newspaper import join_continued, page_articles, split_page
from tests.newspaper_pages import LAYOUTS, generate_issue, squeeze

FRONT = """海州日报 2024年12月30日 星期一 第1版 第100期

# 港口改造提前完成

本报讯(记者 张伟) 港口改造工程昨日完工,新增泊位五个。据介绍,工程采用了自主研发的智

(下转第3版)

# 山村图书馆开放

本报讯(记者 李洋) 图书馆昨日开放。
"""
INNER = """海州日报 2024年12月30日 星期一 第3版

(上接第1版)能装卸系统,效率提高一倍。

# 社区食堂开张

本报讯(记者 王芳) 食堂昨日开张。
"""


def read(text: str, name: str) -> tuple[Article, ...]:
    return page_articles(split_page(text), name)


def test_both_parts_become_one_story_with_the_first_part_id() -> None:
    front, inner = read(FRONT, "1.txt"), read(INNER, "3.txt")
    joined = join_continued([*front, *inner])
    assert [item.title for item in joined] == [
        "港口改造提前完成",
        "山村图书馆开放",
        "社区食堂开张",
    ]
    assert joined[0].id == "1.txt:1"
    assert "自主研发的智能装卸系统,效率提高一倍。" in joined[0].body
    assert "下转" not in joined[0].body
    assert "continues_to" not in joined[0].meta


def test_order_of_the_pages_does_not_matter() -> None:
    joined = join_continued([*read(INNER, "3.txt"), *read(FRONT, "1.txt")])
    assert {item.id for item in joined} == {"1.txt:1", "1.txt:2", "3.txt:2"}


def test_a_part_without_its_partner_stays_as_it_is() -> None:
    front = read(FRONT, "1.txt")
    assert join_continued(front) == front
    inner = read(INNER, "3.txt")
    assert join_continued(inner) == inner


@pytest.mark.parametrize(
    ("old", "new"),
    [("2024年12月30日", "2024年12月31日"), ("海州日报", "江城晚报"), ("第3版", "第4版")],
)
def test_parts_of_other_issues_or_pages_are_not_joined(old: str, new: str) -> None:
    articles = [*read(FRONT, "1.txt"), *read(INNER.replace(old, new), "x.txt")]
    assert join_continued(articles) == tuple(articles)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_generated_issues_are_joined(layout: str) -> None:
    joined = issues = 0
    for seed in range(20):
        pages = generate_issue(layout, random.Random(seed))
        if not all(page.date for page in pages):
            continue
        issues += 1
        articles = [
            article
            for number, page in enumerate(pages, 1)
            for article in read(page.text, f"{number}.txt")
        ]
        head = next(item for page in pages for item in page.items if item.part == "head")
        tail = next(item for page in pages for item in page.items if item.part == "tail")
        whole = squeeze(head.body + tail.body)
        joined += any(
            squeeze(article.title) == squeeze(head.title) and whole in squeeze(article.body)
            for article in join_continued(articles)
        )
    assert issues >= 10
    assert joined >= 0.9 * issues
