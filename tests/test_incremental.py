"""A run segments only what it must, and still gives what a full run gives."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jianbao.indexer import Article, SearchRequest, load_settings, open_searcher
from jianbao.indexer.ingest.indexing import Indexing, Wanted
from jianbao.indexer.ingest.report import Report
from jianbao.indexer.sources import SourceFile
from jianbao.indexer.store.generations import Generations
from tests.test_changes import PAGE, write

LINE = '{{"id": "l{n}", "title": "长江{n}", "body": "大桥灯光{n}"}}'
QUERIES = ("石桥", "长江 大桥", "“行人走上”", "作者:张伟", "", "大桥灯光", "修缮完工", "“桥修”")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Plain texts, an archive of lines, and a newspaper page."""
    folder = tmp_path / "corpus"
    (folder / "paper").mkdir(parents=True)
    for number in range(6):
        write(folder / f"{number}.txt", f"石桥第{number}号\n\n城东的石桥昨日修缮完工。\n")
    write(folder / "lines.jsonl", "\n".join(LINE.format(n=n) for n in range(9)))
    write(folder / "paper" / "1.md", PAGE.format(day=30, number=1, extra=""))
    return folder


class Index:
    """An index of one folder and how it is run; `like` another one shares its open dictionary."""

    def __init__(
        self, folder: Path, corpus: Path, words: Path | None = None, like: Index | None = None
    ) -> None:
        flags = {"index": folder, "jobs": 1, "max_deletions": 100}
        if words is not None:
            flags["user_dictionary"] = words
        self.settings = load_settings(flags, {}, folder.parent)
        self.corpus = corpus
        self.indexing: Indexing = like.indexing.beside(self.settings) if like else self.opened()

    def opened(self) -> Indexing:
        return Indexing(self.settings, now=lambda: datetime.now(UTC))

    def run(self, **wanted: object) -> Report:
        return self.indexing.run(Wanted([self.corpus], **wanted))  # type: ignore[arg-type]

    def articles(self) -> list[Article]:
        """What is in the index after a run."""
        self.run()
        searcher = open_searcher(self.settings, lambda: 0.0)
        hits = searcher.search(SearchRequest("", size=100)).hits
        return [hit.article for hit in hits]

    def answers(self) -> list[object]:
        """What readers see, neighbours too."""
        searcher = open_searcher(self.settings, lambda: 0.0)
        found: list[object] = []
        for text in QUERIES:
            page = searcher.search(SearchRequest(text, size=50))
            for hit in page.hits:
                around = searcher.article(hit.article.id).neighbours
                found.append((hit.article, round(hit.score, 6), hit.snippets, around))
            found.append((page.total, page.facets, page.histogram))
        searcher.close()
        return found


def same_as_anew(index: Index, tmp_path: Path) -> None:
    folder = tmp_path / "anew"
    shutil.rmtree(folder, ignore_errors=True)
    words = index.settings.user_dictionary
    anew = Index(folder, index.corpus, Path(words) if words else None, index)
    anew.run(full=True)
    assert index.answers() == anew.answers()


def edits(corpus: Path) -> Iterator[tuple[str, int]]:
    """Change the corpus in one way after another; yields how many articles must be segmented."""
    (corpus / "1.txt").rename(corpus / "moved.txt")
    yield "a file renamed", 0
    (corpus / "paper").rename(corpus / "archive")
    yield "a folder renamed", 0
    lines = [LINE.format(n=n) for n in range(9)]
    lines[4] = '{"id": "l4", "title": "新的", "body": "大桥通车"}'
    write(corpus / "lines.jsonl", "\n".join(lines))
    yield "one line of many changed", 1
    write(corpus / "lines.jsonl", "\n".join(reversed(lines)))
    yield "lines in another order", 0
    write(corpus / "lines.jsonl", "\n".join(line.replace("l3", "new3") for line in lines))
    yield "an id changed, the text not", 0
    dated = [line[:-1] + ', "date": "2024-02-03"}' for line in lines]
    write(corpus / "lines.jsonl", "\n".join(dated))
    yield "a date added to all", 0
    write(corpus / "archive" / "1.md", PAGE.format(day=31, number=3, extra="桥长两公里。"))
    yield "one story of a page changed, and the page's date", 1
    shutil.copy(corpus / "0.txt", corpus / "copy.txt")
    yield "a copy is an article of its own", 1


def test_what_is_segmented_and_that_it_is_as_built_anew(corpus: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", corpus)
    assert index.run().analysed == 17
    for what, segmented in edits(corpus):
        report = index.run()
        assert report.published, what
        assert report.analysed == segmented, what
        same_as_anew(index, tmp_path)


def test_renamed_sources_are_counted_and_pass_the_guard(corpus: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", corpus)
    index.run()
    (corpus / "sub").mkdir()
    for path in sorted(corpus.glob("*.txt")):
        path.rename(corpus / "sub" / path.name)
    strict = load_settings({"index": tmp_path / "index", "max_deletions": 0}, {}, tmp_path)
    report = index.indexing.beside(strict).run(Wanted())
    assert (report.renamed, report.removed, report.analysed) == (6, 0, 0)


def test_a_change_that_keeps_size_and_time_is_seen_by_verifying(
    corpus: Path, tmp_path: Path
) -> None:
    index = Index(tmp_path / "index", corpus)
    index.run()
    path = corpus / "0.txt"
    status = path.stat()
    write(path, path.read_text("utf-8").replace("城东", "城西"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not index.run().published
    assert index.run(verify=True).analysed == 1
    same_as_anew(index, tmp_path)


def test_failed_sources_are_remembered_and_tried_again_when_asked(
    corpus: Path, tmp_path: Path
) -> None:
    write(corpus / "bad.json", "{")
    index = Index(tmp_path / "index", corpus)
    (first,) = index.run().problems
    later = index.run()
    assert later.problems == (first,) and not later.published
    again = index.run(retry_failed=True)
    assert (again.read, again.problems) == (1, (first,))


def test_sources_for_which_memory_ran_out_are_tried_again(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "new.txt", "铁桥\n\n铁桥昨日通车。\n")
    index = Index(tmp_path / "index", corpus)

    def without_memory(self: SourceFile) -> object:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(SourceFile, "decoded", without_memory)
        told = index.run().problems
    assert told and all("memory ran out" in each.reason for each in told)
    later = index.run()
    assert (later.read, later.problems) == (8, ())


def test_a_list_names_what_is_indexed(corpus: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", corpus)
    report = index.run(listed=[corpus / "0.txt", corpus / "paper", corpus / "none.txt"])
    assert report.articles == 3
    assert [problem.source for problem in report.problems] == ["none.txt"]
    assert index.run().analysed == 14


@pytest.mark.parametrize("pool", [("石桥修缮 100",), ("大桥灯", "石桥修缮 20", "灯光1"), ("桥 9",)])
def test_a_changed_dictionary_gives_what_a_full_run_gives(
    corpus: Path, tmp_path: Path, pool: tuple[str, ...]
) -> None:
    words = tmp_path / "words.txt"
    write(words, "")
    index = Index(tmp_path / "index", corpus, words)
    index.run()
    for text in ("\n".join(pool), pool[0], "\n".join(reversed(pool)), ""):
        before = words.read_text("utf-8")
        write(words, text)
        report = index.run()
        assert report.published or sorted(before.split()) == sorted(text.split())
        assert report.read == 0
        same_as_anew(index, tmp_path)


def test_only_articles_that_spell_the_word_are_segmented(corpus: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    write(words, "")
    index = Index(tmp_path / "index", corpus, words)
    index.run()
    write(words, "桥灯光3 50")
    assert index.run().analysed == 1
    write(words, "桥灯光3 50\n石桥昨")
    assert index.run().analysed == 7
    write(words, "石桥昨")
    assert index.run().analysed == 1


def test_many_changes_at_random_and_a_changing_dictionary(corpus: Path, tmp_path: Path) -> None:
    chance = random.Random(5)
    words = tmp_path / "words.txt"
    write(words, "")
    index = Index(tmp_path / "index", corpus, words)
    index.run()
    for step in range(8):
        files = sorted(path for path in corpus.glob("*.txt"))
        file = chance.choice(files)
        match chance.choice(("change", "add", "rename", "word")):
            case "change":
                write(file, f"石桥{step}\n\n长江大桥{chance.random()}。\n")
            case "add":
                write(corpus / f"add{step}.txt", f"大桥{step}\n\n灯光。\n")
            case "rename":
                file.rename(corpus / f"moved{step}.txt")
            case _:
                write(words, "\n".join(chance.sample(["石桥昨", "大桥灯", "东的石桥 7"], 2)))
        index.run()
        same_as_anew(index, tmp_path)


def test_ignored_files_are_as_git_would_ignore_them(corpus: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", corpus)
    write(corpus / ".jianbaoignore", "# drafts\n*.txt\n!3.txt\n/paper/\n")
    (corpus / "sub").mkdir()
    write(corpus / "sub" / "note.txt", "石桥\n\n大桥。\n")
    assert {article.path for article in index.articles()} == {"3.txt", "lines.jsonl"}
    write(corpus / "sub" / ".jianbaoignore", "!note.txt\nother.*\n")
    found = {article.path for article in index.articles()}
    assert found == {"3.txt", "lines.jsonl", "sub/note.txt"}
    write(corpus / ".jianbaoignore", "")
    assert len(index.articles()) == 18


def test_an_ignore_file_that_cannot_be_read_is_told(corpus: Path, tmp_path: Path) -> None:
    (corpus / ".jianbaoignore").write_bytes(b"\xff\xfe\x00*.txt")
    (problem,) = Index(tmp_path / "index", corpus).run().problems
    assert (problem.source, problem.outcome) == (".jianbaoignore", "skipped")


def test_duplicates_and_characters_are_counted(corpus: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", corpus)
    first = index.run()
    assert first.duplicates == 0 and first.characters > 0
    assert list(first.seconds)[:3] == ["opening", "finding", "comparing"]
    shutil.copy(corpus / "0.txt", corpus / "copy.txt")
    assert index.run().duplicates == 1


def test_a_run_that_is_told_what_changed_reads_no_more(corpus: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", corpus)
    index.run()
    for name in ("1.txt", "2.txt"):
        write(corpus / name, f"改过的{name}\n\n长江大桥昨日通车。\n")
    (corpus / "3.txt").rename(corpus / "moved.txt")
    told = [corpus / "1.txt", corpus / "3.txt", corpus / "moved.txt"]
    report = index.run(changed=frozenset(told))
    assert (report.read, report.renamed, report.analysed) == (3, 1, 2), "one folder is looked at"
    (corpus / "sub").mkdir()
    write(corpus / "sub" / "new.txt", "石桥夜景\n\n灯光亮起来了。\n")
    write(corpus / "0.txt", "石桥又一次\n\n城东的石桥。\n")
    assert not index.run(changed=frozenset([corpus / "paper" / "1.md"])).published
    report = index.run(changed=frozenset([corpus / "sub" / "new.txt"]))
    assert report.read == 2, "with a folder that is not known all is looked at"
    same_as_anew(index, tmp_path)


def test_after_a_rollback_all_is_compared(corpus: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", corpus)
    index.run()
    write(corpus / "1.txt", "改过的石桥\n\n长江大桥昨日通车。\n")
    assert index.run(changed=frozenset([corpus / "1.txt"])).read == 1
    assert not index.run(changed=frozenset()).published
    Generations(index.settings.index).rollback()
    assert index.run(changed=frozenset()).read == 1
    same_as_anew(index, tmp_path)
