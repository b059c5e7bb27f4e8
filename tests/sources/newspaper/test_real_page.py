"""One real front page, as machine reading gave it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from jianbao.indexer.models import Article
from jianbao.indexer.sources.newspaper import looks_like_page, page_articles, split_page

STORIES = [
    ("工信部部署12项重点工作任务", ("张伟",)),
    ("三部门推动制造业加快数字化转型", ("叶伟",)),
    ("数字经济核心产业企业突破450万家", ("李争粉",)),
    ("国家自创区政策试点“揭榜挂帅”名单公布", ("张伟",)),
    ("中小企业有效发明专利产业化率达55.1%", ("李洋",)),
]


@pytest.fixture
def text(shared_data: Path) -> str:
    return (shared_data / "pages" / "000_405e149d582ad396.txt").read_text(encoding="utf-8")


@pytest.fixture
def articles(text: str) -> tuple[Article, ...]:
    return page_articles(split_page(text), "page.txt")


def test_five_stories_with_their_authors(articles: tuple[Article, ...]) -> None:
    found = [(item.title, item.author) for item in articles if item.kind == "article"]
    assert found == STORIES


def test_columns_are_rejoined_and_slips_repaired(articles: tuple[Article, ...]) -> None:
    bodies = {item.title: item.body for item in articles}
    assert "加强国家制造业创新中心建设" in bodies[STORIES[0][0]]
    assert "领域创新发展政策。推进服务型制造" in bodies[STORIES[0][0]]
    assert "《制造业企业数字化转型实施指南》" in bodies[STORIES[1][0]]
    assert "工业和信息化部和科技部要求" in bodies[STORIES[3][0]]
    assert "连续两年持续提升" in bodies[STORIES[4][0]]


def test_two_pictures_with_their_photographers(articles: tuple[Article, ...]) -> None:
    pictures = [item for item in articles if item.kind == "picture"]
    assert [item.author for item in pictures] == [("徐昱",), ("张睿",)]
    assert "澧浦花木城" in pictures[0].body
    assert all(item.title in item.body for item in pictures)


def test_the_guide_has_five_entries(articles: tuple[Article, ...]) -> None:
    (guide,) = [item for item in articles if item.kind == "guide"]
    assert guide.title == "本期导读"
    entries = [line.split("\t") for line in guide.body.split("\n")]
    assert [page for _, page in entries] == ["2版", "3版", "4版", "10版", "11版"]
    assert entries[1][0] == "开源鸿蒙5.0 共赴万物智联未来"


def test_the_masthead_dates_every_item(articles: tuple[Article, ...]) -> None:
    for item in articles:
        assert (item.date, item.source) == ("2024-12-30", "中国高新网")
        assert item.issue == "第49期(总第2604期)"
        assert item.meta["weekday"] == "星期一"
        assert (item.meta["number"], item.meta["total"]) == ("49", "2604")
        assert (item.meta["cn"], item.meta["postal"]) == ("CN 11—0237", "1—206")
        assert item.meta["主办"] == "科技日报社"


VARIANTS: dict[str, Callable[[str], str]] = {
    "no markup": lambda text: re.sub(r"(?m)^#+ ", "", text),
    "no blank lines": lambda text: re.sub(r"\n\s*\n+", "\n", text),
    "neither": lambda text: re.sub(r"\n\s*\n+", "\n", re.sub(r"(?m)^#+ ", "", text)),
    "bold headlines": lambda text: re.sub(r"(?m)^#+ (.*)$", r"**\1**", text),
    "one level": lambda text: re.sub(r"(?m)^#+ ", "## ", text),
    "full-width signs": lambda text: text.translate(str.maketrans(",():", "，（）：")),
    "other line ends": lambda text: text.replace("\n", "\r\n"),
    "narrow columns": lambda text: "\n".join(
        re.sub(r"(.{24})(?=.)", r"\1\n", line) for line in re.sub(r"(?m)^#+ ", "", text).split("\n")
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_same_stories_in_other_typography(text: str, variant: str) -> None:
    other = VARIANTS[variant](text)
    found = page_articles(split_page(other), "page.txt")
    assert [(item.title, item.author) for item in found if item.kind == "article"] == STORIES
    assert [item.author for item in found if item.kind == "picture"] == [("徐昱",), ("张睿",)]
    assert [item.body.count("\n") for item in found if item.kind == "guide"] == [4]
    assert looks_like_page(other)


def test_it_looks_like_a_page(text: str) -> None:
    assert looks_like_page(text)
