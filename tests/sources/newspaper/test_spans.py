"""Every character of a page belongs to exactly one item, and no word of it is lost."""

from __future__ import annotations

import random
import re
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.sources.newspaper import Item, page_articles, split_page
from tests.newspaper_pages import LAYOUTS, generate_page

PIECES = [
    "微信公众号",
    "中国高新网",
    "2024年12月30日 星期一",
    "第49期(总第2604期)",
    "国内统一连续出版物号 CN 11—0237",
    "第3版 要闻",
    "# 工信部部署12项重点工作任务",
    "## 三部门推动制造业加快数字化转型",
    "**数字经济核心产业企业突破450万家**",
    "◆自创区名单公布",
    "【我省新增两处国家级森林公园】日前,两处森林公园通过专家评审,总面积达4.6万亩。",
    "——来自一线的报告",
    "一、背景",
    "===",
    "---",
    "![](a.jpg)",
    "本报讯(记者 张伟) 近日,工作会议在北京召开。",
    "新华社北京12月30日电(记者李洋)会议总结工作。",
    "□ 本报记者 李 洋",
    "(张伟)",
    "造业创新中心建设,布局一批平台。",
    "突出重点、把握关键,扎实做好工作,加强国家制",
    "图为商户在介绍蝴蝶兰。",
    "新华社记者 徐昱/摄",
    "本期导读",
    "智能微电网让电更绿",
    "11版",
    "生物医药企业如何走好出海路(10版)",
    "(下转第3版)",
    "(上接第1版)会议指出,要抓好落实。",
    "责编 余磊",
    "",
    " ",
    "\u3000\u3000段首缩进的一段话,没有写完",
    "The 5G and AI report",
]
PAGES = st.lists(st.sampled_from(PIECES), max_size=40).map("\n".join)
MARKUP = re.compile(
    r"[\s#*_=\-—–―─━■●◆★▲▶※◎【】!\[\]()\uff08\uff09\uff1a.·…→►>《》:|丨、;]|and|和|详见|见|转"
)


def covered(text: str) -> list[int]:
    page = split_page(text)
    return sorted(place for item in page.items for span in item.spans for place in range(*span))


def words(text: str) -> Counter[str]:
    return Counter(MARKUP.sub("", text))


def item_words(item: Item) -> Counter[str]:
    parts = (item.title, item.kicker, item.subtitle, item.column, *item.paragraphs)
    return words("".join(parts))


def span_words(text: str, item: Item) -> Counter[str]:
    shown = "".join(text[start:end] for start, end in item.spans)
    return words(re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", shown))


@given(st.text())
def test_any_string_is_split_without_loss_or_overlap(text: str) -> None:
    assert covered(text) == list(range(len(text)))


@given(PAGES)
@settings(deadline=None)
def test_items_hold_the_words_of_their_spans(text: str) -> None:
    assert covered(text) == list(range(len(text)))
    for item in split_page(text).items:
        assert item_words(item) == span_words(text, item)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_shuffled_lines_of_a_page_lose_nothing(layout: str) -> None:
    for seed in range(10):
        rng = random.Random(seed)
        lines = generate_page(layout, rng).text.split("\n")
        rng.shuffle(lines)
        text = "\n".join(lines)
        assert covered(text) == list(range(len(text)))
        for item in split_page(text).items:
            assert item_words(item) == span_words(text, item)


@given(PAGES)
@settings(deadline=None)
def test_every_article_has_an_id_and_a_title(text: str) -> None:
    articles = page_articles(split_page(text), "a/b.md")
    assert [article.id for article in articles] == [
        f"a/b.md:{ordinal}" for ordinal in range(1, len(articles) + 1)
    ]
    assert all(article.title and "\n" not in article.title for article in articles)


@pytest.mark.parametrize(
    "unit",
    [
        "短行\n",
        "# 标题\n",
        "新华社记者 徐昱/摄\n",
        "本报讯(记者 张伟) 近日,会议召开。\n",
        "(((((((((",
        "记者记者记者",
        "【【【【",
        "一段没有结尾的话,",
        "标题一则 2版\n",
        "第3版\n",
        "张 ",
        "2024年12月30日 ",
        "![",
        "\n",
    ],
)
def test_time_grows_in_line_with_the_page(unit: str) -> None:
    """Four times the text takes about four times as long; a quadratic reader, sixteen times."""
    times = []
    for size in (75_000, 300_000):
        text = unit * (size // len(unit.encode()))
        started = time.process_time()
        split_page(text)
        times.append(time.process_time() - started)
    assert times[1] < 9 * times[0] + 0.2
