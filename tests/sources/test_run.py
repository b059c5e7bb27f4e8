"""Finding and reading files: nothing in a folder stops the run, and all of it is accounted for."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Problem, Source
from jianbao.indexer.sources import find_sources, read_sources, suffixes
from jianbao.indexer.sources.files import source_file as opening_module
from jianbao.indexer.sources.formats.office_needs import is_office
from tests.sources.helpers import read_folder, read_with_problems


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("题目\n正文。", encoding="utf-8")


def test_walk_is_sorted_and_names_what_it_leaves_out(tmp_path: Path) -> None:
    _touch(
        tmp_path, "乙.txt", "a/2.md", "a/10.md", ".git/x.txt", ".x.txt", "README.md", "p.xyz", "q"
    )
    sources, problems = find_sources([tmp_path])
    assert [source.name for source in sources] == ["a/10.md", "a/2.md", "乙.txt"]
    assert [(problem.source, problem.outcome) for problem in problems] == [
        ("p.xyz", "not indexed"),
        ("q", "not indexed"),
    ]


def test_several_roots(tmp_path: Path) -> None:
    _touch(tmp_path, "x/news/1.txt", "x/notes/1.txt", "y/news/1.txt")
    sources, _ = find_sources([tmp_path / "x/news", tmp_path / "x/notes", tmp_path / "x"])
    assert [source.name for source in sources] == ["news/1.txt", "notes/1.txt"]
    sources, _ = find_sources([tmp_path / "x/news", tmp_path / "y/news"])
    assert len({source.name for source in sources}) == 2


def test_a_root_may_be_a_file_and_must_exist(tmp_path: Path) -> None:
    _touch(tmp_path, "1.txt")
    sources, _ = find_sources([tmp_path / "1.txt"])
    assert [source.name for source in sources] == ["1.txt"]
    with pytest.raises(SourceError):
        find_sources([tmp_path / "missing"])


def test_links_and_pipes(tmp_path: Path) -> None:
    _touch(tmp_path, "a/1.txt")
    (tmp_path / "a/loop").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    sources, problems = find_sources([tmp_path])
    assert [source.name for source in sources] == ["a/1.txt"]
    assert {problem.source for problem in problems} == {
        *("a/loop", "self.txt", "gone.txt", "pipe.txt"),
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folder_without_permission(tmp_path: Path) -> None:
    _touch(tmp_path, "a/1.txt", "b.txt")
    (tmp_path / "a").chmod(0)
    try:
        articles, problems = read_folder(tmp_path)
    finally:
        (tmp_path / "a").chmod(0o700)
    assert len(articles) == 1
    assert [problem.source for problem in problems] == ["a"]


DEEP = 200_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b""),
        ("a.txt", b" \n \n"),
        ("a.txt.gz", b"not packed"),
        ("a.txt.gz", gzip.compress(os.urandom(5000), mtime=0)[:3000]),
        ("a.jsonl.gz", gzip.compress(b'{"title": "a"}\n' * 9999, mtime=0)[:60]),
        ("a.json", b"[" * DEEP + b"]" * DEEP),
        ("a.jsonl", b"[" * DEEP + b"]" * DEEP),
        ("a.json", b'"text"'),
        ("a.json", b"[]"),
        ("a.json", b"[1]"),
        ("a.json", b"1" * 5000),
        ("a.json", b"{"),
        ("a.csv", b"x,y\n1,2\n"),
        ("a.csv", b"title,body\n"),
        ("a.html", b"<html></html>"),
        ("a.md", b"---\n---\n"),
        ("a.txt", bytes(range(256)) * 20),
    ],
)
def test_unreadable_files_are_problems_and_the_run_goes_on(
    tmp_path: Path, name: str, content: bytes
) -> None:
    files: dict[str, str | bytes] = {name: content, "z.txt": "题目\n正文。"}
    articles, problems = read_with_problems(tmp_path, files)
    assert [article.id for article in articles if article.path == "z.txt"] == ["z.txt"]
    assert "skipped" in {problem.outcome for problem in problems}
    assert all(problem.source == name and len(problem.reason) > 10 for problem in problems)


def test_file_that_is_gone_by_the_time_it_is_read(tmp_path: Path) -> None:
    (problem,) = read_sources([Source(tmp_path / "a.txt", "a.txt")])
    assert isinstance(problem, Problem)
    assert problem.outcome == "skipped"


def test_size_limit_holds_for_what_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening_module, "LIMIT", 1 << 20)
    packed = gzip.compress(b"a" * (64 << 20))
    tracemalloc.start()
    articles, problems = read_with_problems(tmp_path, {"a.txt.gz": packed})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not articles
    assert "larger than 1 MB" in problems[0].reason
    assert peak < 16 << 20


def test_jsonl_is_a_stream(tmp_path: Path) -> None:
    line = (
        json.dumps({"title": "题目", "body": "正文。" * 3000}, ensure_ascii=False).encode() + b"\n"
    )
    (tmp_path / "a.jsonl").write_bytes(line * 1000)
    sources, _ = find_sources([tmp_path])
    tracemalloc.start()
    count = sum(isinstance(item, Article) for item in read_sources(sources))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1000
    assert peak < 8 << 20 < len(line) * 1000


def test_later_article_with_a_taken_id_is_skipped(tmp_path: Path) -> None:
    files = {name: json.dumps({"id": "1", "title": name}) for name in ("a.json", "b.json")}
    (article,), (problem,) = read_with_problems(tmp_path, files)
    assert (article.title, problem.source, problem.outcome) == ("a.json", "b.json", "skipped")


def test_on_done_hears_of_every_source(tmp_path: Path) -> None:
    _touch(tmp_path, "1.txt", "2.txt", "3.md")
    (tmp_path / "2.txt").write_bytes(b"")
    sources, _ = find_sources([tmp_path])
    done: list[Source] = []
    list(read_sources(sources, on_done=lambda source, is_page: done.append(source)))
    assert done == list(sources)


def test_every_character_of_an_article_can_be_written(tmp_path: Path) -> None:
    content = json.dumps({"title": "\ud800\0题\u2028目", "body": "\x01a\x85b\r\rc  \n\n\u3000d"})
    (article,), _ = read_with_problems(tmp_path, {"a.json": content})
    assert article.body == "a\nb\nc\nd"
    assert article.title.encode() == "\ufffd题 目".encode()


@pytest.mark.parametrize("suffix", [each for each in suffixes() if not is_office(each)])
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
@settings(deadline=None)
def test_any_bytes_under_any_suffix(suffix: str, content: bytes) -> None:
    _read_anything(suffix, content)
    if suffix.endswith(".gz"):
        _read_anything(suffix, gzip.compress(content))


def _read_anything(suffix: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(content)
        items = list(read_sources([Source(path, path.name)]))
    assert items
    for item in items:
        if isinstance(item, Article):
            f"{item.id}{item.title}{item.body}{item.author}{item.meta}".encode()
            assert item.title
            assert "\n\n" not in item.body


def test_corpus_is_read_without_a_problem(root: Path) -> None:
    articles, problems = read_folder(root / "corpus")
    assert problems == []
    assert len(articles) >= 64
    assert all(article.title for article in articles)


def test_newspaper_page_is_split_into_stories(shared_data: Path) -> None:
    articles, problems = read_folder(shared_data / "pages")
    assert problems == []
    assert sum(article.kind == "article" for article in articles) == 5
