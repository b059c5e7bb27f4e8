"""What is a newspaper page, and what is an article or a note."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

import pytest

from jianbao.indexer.sources.newspaper import looks_like_page

NOTE = """# 周会纪要

2024年12月30日 星期一

## 进展

新的索引格式已经完成,下周开始测试。

## 问题

- 分词词典需要更新
- 磁盘空间不足

## 下一步

张伟负责测试,李洋负责文档。
"""
ARTICLE = """工信部部署12项重点工作任务

2024-12-30 来源:中国高新网

本报讯(记者 张伟) 12月26日,会议在北京召开。会议总结工作,部署任务。

一是促进增长。二是推进创新。
"""
TWO_BRIEFS = """# 快讯

本报讯(记者 张伟) 会议召开。

图为会场。 新华社记者 徐昱/摄
"""


@pytest.mark.parametrize("text", ["", " \n", "标题", NOTE, ARTICLE, TWO_BRIEFS])
def test_notes_and_single_articles_are_no_pages(text: str) -> None:
    assert not looks_like_page(text)


def test_real_news_articles_are_no_pages(shared_data: Path) -> None:
    taken = total = 0
    with gzip.open(shared_data / "news.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, 0, 20_000, 40):
            article = json.loads(line)
            body = article["body"].replace("\n", "\n\n")
            taken += looks_like_page(f"# {article['title']}\n\n{article['date']}\n\n{body}")
            total += 1
    assert taken * 100 <= total
