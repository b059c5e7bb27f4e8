"""The articles that every engine is given: real ones as they are, or grown from their sentences."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jianbao.indexer import Article
from jianbao.indexer.sources import find_sources, read_sources

ROOT = Path(__file__).resolve().parents[2]
NEWS = ROOT.parent / "shared" / "data" / "news.jsonl.gz"

SOURCES = tuple(f"{place}日报" for place in "京沪津渝粤苏浙鲁川湘鄂闽")
"""What grown articles come from, the first most often, as 1 : 1/2 : 1/3 …"""

_WEIGHTS = tuple(1 / rank for rank in range(1, len(SOURCES) + 1))
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]*")
_ORIGINS = 3
"""Articles that one grown article takes its sentences from: words that belong together then still
meet, as they do in real articles, which makes AND queries of rare words worth asking."""

_SENTENCES_A_PARAGRAPH = 3


@dataclass(frozen=True, slots=True)
class Real:
    """A real article: what is grown from, and what queries are drawn from."""

    title: str
    body: str
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class Base:
    """The real articles there are. `reason` says why it is not the news, where it is not."""

    name: str
    articles: tuple[Real, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles in a JSON Lines file. `text_bytes` is the UTF-8 length of titles and bodies."""

    name: str
    path: Path
    count: int
    text_bytes: int
    sources: tuple[str, ...]


def read_base(*, corpus_only: bool = False) -> Base:
    """The real news where it is there, else (or with `corpus_only`) the articles of `corpus/`."""
    if corpus_only:
        return Base("corpus", tuple(_corpus()), "corpus/ was asked for")
    if not NEWS.is_file():
        return Base("corpus", tuple(_corpus()), f"{NEWS} is absent")
    return Base("news", tuple(_news()))


def real_collection(base: Base, folder: Path) -> Collection:
    """The articles of `base` as they are."""
    records = (
        {"id": f"real:{number}", **_record(article)} for number, article in enumerate(base.articles)
    )
    return _write(folder / f"{base.name}.jsonl", records, f"{base.name}, as it is")


def grown_collection(base: Base, count: int, seed: int, folder: Path) -> Collection:
    """`count` articles of sentences from `base`; a smaller count gives the first of these."""
    path = folder / f"{base.name}-grown-{seed}-{count}.jsonl"
    return _write(path, _grown(base.articles, count, seed), f"{count:,} grown from {base.name}")


def first_of(collection: Collection, count: int, folder: Path) -> Collection:
    """The first `count` articles of another collection."""
    path = folder / f"{collection.path.stem}-first-{count}.jsonl"
    with collection.path.open(encoding="utf-8") as lines:
        records = (json.loads(line) for line, _ in zip(lines, range(count), strict=False))
        return _write(path, records, f"first {count:,} of {collection.name}")


def _news() -> Iterator[Real]:
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield Real(record["title"], record["body"], record["date"], record["source"])


def _corpus() -> Iterator[Real]:
    sources, _ = find_sources([ROOT / "corpus"])
    for item in read_sources(sources):
        if isinstance(item, Article) and item.body:
            yield Real(item.title, item.body, item.date, item.source)


def _record(article: Real) -> dict[str, str]:
    return {name: getattr(article, name) for name in ("title", "body", "date", "source")}


def _grown(articles: Sequence[Real], count: int, seed: int) -> Iterator[dict[str, str]]:
    chance = random.Random(seed)
    sentences = [_SENTENCE.findall(article.body) for article in articles]
    mean = sum(map(len, (article.body for article in articles))) / max(1, sum(map(len, sentences)))
    for number in range(count):
        length = len(chance.choice(articles).body) - mean / 2
        origins = [chance.randrange(len(articles)) for _ in range(_ORIGINS)]
        yield {
            "id": f"grown:{seed}:{number}",
            "title": articles[origins[0]].title,
            "body": _body(chance, [s for each in origins for s in sentences[each]], length),
            "date": chance.choice(articles).date,
            "source": chance.choices(SOURCES, _WEIGHTS)[0],
        }


def _body(chance: random.Random, sentences: list[str], length: float) -> str:
    """Sentences in a random order, from the start again where there are too few."""
    taken: list[str] = []
    so_far = 0
    while not taken or so_far < length:
        chance.shuffle(sentences)
        for sentence in sentences:
            taken.append(sentence)
            so_far += len(sentence)
            if so_far >= length:
                break
    paragraphs = range(0, len(taken), _SENTENCES_A_PARAGRAPH)
    return "\n".join("".join(taken[at : at + _SENTENCES_A_PARAGRAPH]) for at in paragraphs)


def _write(path: Path, records: Iterator[dict[str, str]], name: str) -> Collection:
    """Write the records, whole or not at all; a file that is there already is only measured."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as lines:
            for record in records:
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
        part.replace(path)
    return _measure(path, name)


def _measure(path: Path, name: str) -> Collection:
    count = text_bytes = 0
    sources: dict[str, None] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            count += 1
            text_bytes += len(record["title"].encode()) + len(record["body"].encode())
            if record["source"]:
                sources[record["source"]] = None
    return Collection(name, path, count, text_bytes, tuple(sorted(sources)))
