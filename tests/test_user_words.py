"""The words of a user dictionary belong to the generation that was built with them."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer import (
    ConfigError,
    IndexDamagedError,
    IndexOutdatedError,
    Searcher,
    SearchRequest,
    load_settings,
    open_searcher,
)
from jianbao.indexer.analysis import open_analysis
from jianbao.indexer.commands import cli_group
from jianbao.indexer.ingest.indexing import Indexing, Wanted
from jianbao.indexer.ingest.report import Report
from jianbao.indexer.settings import Settings
from jianbao.indexer.store.check import examine
from jianbao.indexer.store.generations import Generations, Manifest
from jianbao.indexer.store.user_words import FILE, generation_words
from jianbao.indexer.text.bulk import RUN
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.segment import LONGEST_WORD, Segmenter, UserWord, open_segmenter
from jianbao.indexer.text.user_dictionary import read_user_dictionary
from jianbao.web import create_blueprint
from tests.web.real_server import jianbao_serve

TEXTS = ("云海数智平台昨日上线。", "云海上的数智大会，平台开放。", "城东的石桥修缮完工。")
"""The first has the user word 云海数智 as it stands, the second its halves."""

WORD = "云海数智"
TOTALS = {"000001": 2, "000002": 1}
"""What it finds in the generation without user words, and in the one that has it as a word."""


class Place:
    """Articles, a dictionary, and an index that changes with them. Runs over the same dictionary
    share what is open: that takes a second."""

    def __init__(self, folder: Path, like: Place | None = None) -> None:
        self.words, self.index = folder / "words", folder / "index"
        self.corpus: Path = like.corpus if like else folder / "corpus"
        if like:
            shutil.copytree(like.index, self.index)
        self.settings = settings(self.index, self.words)
        anew = Indexing(self.settings, now=lambda: datetime.now(UTC))
        self.indexing: Indexing = like.indexing.beside(self.settings) if like else anew

    def run(self, words: str | None = None, *, full: bool = False) -> Report:
        if words is not None:
            self.words.write_text(words, "utf-8")
        return self.indexing.run(Wanted([self.corpus], full=full))

    def swap(self) -> str:
        """Make the other one of the two generations live; its name."""
        return Generations(self.index).rollback().current

    def searcher(self) -> Searcher:
        """As somebody who knows nothing of the dictionary opens it."""
        return open_searcher(settings(self.index), lambda: 0.0)


def settings(index: Path, words: Path | str = "") -> Settings:
    flags = {"index": index, "jobs": 1, "max_deletions": 100, "user_dictionary": words}
    return load_settings(flags, {}, index.parent)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two generations: with the word live, and without it before. Nobody changes it."""
    place = Place(tmp_path_factory.mktemp("made") / "place")
    place.corpus.mkdir(parents=True)
    for number, text in enumerate(TEXTS):
        (place.corpus / f"{number}.txt").write_text(f"第{number}篇\n\n{text}\n", "utf-8")
    place.run("")
    assert place.run(f"{WORD} 100\n").analysed == 1, "the article that spells the word"
    return place


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Place:
    """A copy of it."""
    return Place(tmp_path / "place", made)


def total(searcher: Searcher, query: str = WORD) -> int:
    return searcher.search(SearchRequest(query, mode="all")).total


def surfaces(searcher: Searcher) -> list[object]:
    """Whatever an analyzer has part in."""
    request = SearchRequest(WORD, mode="all")
    page = searcher.search(SearchRequest(f"{WORD} 没有这个"))
    return [
        searcher.search(request).total,
        [(each.text, each.count) for each in page.words],
        [(each.request.query, each.total) for each in page.wider],
        searcher.values(request, "kind"),
        searcher.explain("0.txt", WORD),
        searcher.explain("1.txt", WORD),
        searcher.article("1.txt", WORD),
        searcher.article("0.txt", WORD).related,
        searcher.suggest("云海", 8),
        searcher.stats(),
    ]


def test_an_open_searcher_answers_as_one_opened_anew(place: Place) -> None:
    searcher = place.searcher()
    seen = []
    for _ in range(3):
        seen.append(surfaces(searcher))
        assert seen[-1] == surfaces(place.searcher())
        assert total(searcher) == TOTALS[searcher.generation]
        place.swap()
    assert seen[0] == seen[2] and seen[0] != seen[1]


def test_every_thread_is_answered_by_one_generation_with_its_own_words(place: Place) -> None:
    searcher = place.searcher()
    stop = threading.Event()

    def ask() -> set[tuple[str, int]]:
        seen = set()
        while not stop.is_set():
            page = searcher.search(SearchRequest(WORD, mode="all"))
            seen.add((page.generation, page.total))
        return seen

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        for _ in range(6):
            name = place.swap()
            while searcher.generation != name:
                time.sleep(0.001)
        stop.set()
    assert set[tuple[str, int]]().union(*(each.result() for each in asking)) == {*TOTALS.items()}


def test_a_new_generation_with_the_same_words_opens_no_segmenter(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = place.searcher()
    place.words.write_text(f"{WORD} 100\n", "utf-8")
    opened: list[object] = []

    def counting(words: Sequence[UserWord]) -> Segmenter:
        opened.append(words)
        return open_segmenter(words)

    monkeypatch.setattr("jianbao.indexer.analysis.open_segmenter", counting)
    place.corpus = shutil.copytree(place.corpus, tmp_path / "corpus")
    (place.corpus / "new.txt").write_text(f"新的\n\n{WORD}。\n", "utf-8")
    assert place.run().analysed == 1
    assert total(searcher) == 2
    place.swap()
    assert total(searcher) == 1
    assert opened == []


def test_a_generation_that_goes_while_it_is_opened_is_no_fault(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when two runs publish one after the other in that moment."""
    searcher = place.searcher()
    words = generation_words

    def late(folder: Path, manifest: Manifest) -> tuple[UserWord, ...]:
        if folder.name == "000001":
            place.swap()
            shutil.rmtree(folder)
        return words(folder, manifest)

    place.swap()
    monkeypatch.setattr("jianbao.indexer.search.searcher.generation_words", late)
    assert total(searcher) == 1 and searcher.generation == "000002"


def test_two_indexes_with_two_dictionaries_in_one_app(made: Place, tmp_path: Path) -> None:
    places = [Place(tmp_path / name, made) for name in "abc"]
    app = Flask("host")
    for name, each in zip("abc", places, strict=True):
        blueprint = create_blueprint(each.searcher())
        app.register_blueprint(blueprint, url_prefix=f"/{name}", name=name)
    visitor = app.test_client()

    def totals() -> list[int]:
        paths = (f"/{name}/api/v1/search?mode=all&q={quote(WORD)}" for name in "abc")
        return [visitor.get(path).json["total"] for path in paths]  # type: ignore[index]

    assert totals() == [1, 1, 1]
    places[1].swap()
    assert totals() == [1, 2, 1]
    places[0].swap()
    places[2].run("石桥修缮 9\n")
    assert totals() == [2, 2, 2]
    places[1].swap()
    assert totals() == [2, 1, 2]


@pytest.mark.parametrize("name", ["jieba", "rjieba"])
def test_a_segmenter_keeps_its_words_for_itself(name: str) -> None:
    pytest.importorskip(name)
    text = "云海数智平台石桥修缮完工"
    plain = open_segmenter(name=name)
    before = plain.parts(text), plain.words(text)
    first = open_segmenter([UserWord(WORD, 100)], name=name)
    second = open_segmenter([UserWord("石桥修缮"), UserWord("云海", 1)], name=name)
    assert WORD in first.parts(text) and "石桥修缮" not in first.parts(text)
    assert "石桥修缮" in second.parts(text) and WORD not in second.parts(text)
    assert (plain.parts(text), plain.words(text)) == before
    anew = open_segmenter(name=name)
    assert (anew.parts(text), anew.words(text)) == before


def test_what_a_line_says_counts_not_how(place: Place) -> None:
    assert not place.run(f"\n# 石桥\n雲海數智\t１００  n\n{WORD} 100\n").published


@pytest.mark.parametrize(
    "raw",
    [None, b"", b"[", b"{}", b"[1]", b'[["", 3]]', b'[["\\u77f3\\u6865", 0]]', b'[["a b", 1]]',
     b'[["\\ud800", 1]]', b'[["\\u77f3\\u6865", true]]', b'[["\\u77f3\\u6865", 1e400]]',
     b'[["\\u77f3\\u6865", 18446744073709551616]]', b"[" * 100_000, b"\xff\xfe", b"[]"],
    ids=lambda raw: repr(raw)[:30],
)  # fmt: skip
def test_damaged_words_are_told_as_damage(place: Place, raw: bytes | None) -> None:
    file = place.index / "generations" / "000002" / FILE
    file.unlink()
    if raw is not None:
        file.write_bytes(raw)
    for ask in (place.searcher, lambda: examine(Generations(place.index), 1)):
        with pytest.raises(IndexDamagedError, match="jianbao rollback"):
            ask()


def test_a_run_puts_damaged_words_right(place: Place) -> None:
    searcher = place.searcher()
    (place.index / "generations" / "000002" / FILE).write_text("[]", "utf-8")
    with pytest.raises(IndexDamagedError, match="jianbao index --full"):
        place.run("")
    assert place.run("", full=True).published
    assert total(searcher) == 2


def test_a_run_without_a_dictionary_says_what_is_lost(place: Place) -> None:
    """As one that was started in another folder than the last one."""
    unset = Indexing(settings(place.index), now=lambda: datetime.now(UTC))
    for planned in (True, False):
        (problem,) = unset.run(Wanted([place.corpus], dry_run=planned)).problems
        assert problem.source == "user dictionary" and "loses the 1 words" in problem.reason
    assert unset.run(Wanted([place.corpus])).problems == ()
    assert total(place.searcher()) == 2


def test_another_schema_is_told_before_its_words_are_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.index / "generations" / "000002" / FILE).unlink()
    monkeypatch.setattr("jianbao.indexer.fingerprint.VERSION", -1)
    with pytest.raises(IndexOutdatedError, match=r"another schema; run `jianbao index --full`"):
        place.searcher()


def jianbao(*words: object, code: int = 0) -> str:
    """What a command says."""
    done = CliRunner().invoke(cli_group, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


def test_commands_from_another_folder_with_other_settings(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are those of the index, even where the dictionary that is set cannot be read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIANBAO_USER_DICTIONARY", "no such file")
    before = set(place.index.rglob("*"))
    for words in (("stats",), ("explain", "0.txt", WORD), ("check",), ("backup", "kept.tar")):
        jianbao(*words, "--index", place.index)
    jianbao("restore", "kept.tar", "--index", "new", "--accept-roots")
    for index in (place.index, "new"):
        assert "1 hits" in jianbao("search", WORD, "--index", index)
    assert "no such file" in jianbao("index", place.corpus, "--index", place.index, code=2)
    assert set(place.index.rglob("*")) - before <= {place.index / "lock"}


def test_a_backup_with_words_that_are_none_is_refused(place: Place, tmp_path: Path) -> None:
    """Whoever wrote it made the checksums too."""
    (place.index / "generations" / "000002" / FILE).write_text('[["a b", 1]]', "utf-8")
    generations = Generations(place.index)
    manifest = replace(generations.manifest("000002"), files={}, sizes={})
    generations.publish(manifest)
    jianbao("backup", tmp_path / "bad.tar", "--index", place.index)
    restoring = ("restore", tmp_path / "bad.tar", "--accept-roots")
    told = jianbao(*restoring, "--index", tmp_path / "new", code=5)
    assert FILE in told
    assert Generations(tmp_path / "new").live() == ""


def test_analyze_shows_what_the_index_does(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = jianbao("analyze", WORD, "--index", place.index)
    assert f"0\t4\t{WORD}\tword" in told and "1 user words, of the index" in told
    Path("other.txt").write_text("云海数 3\n卡尔·马克思\n", "utf-8")
    told = jianbao("analyze", WORD, "--index", place.index, "--user-dictionary", "other.txt")
    assert "0\t3\t云海数\tword" in told and "other.txt" in told and "line 2" in told
    assert "0 user words" in jianbao("analyze", WORD)
    assert "jianbao index" in jianbao("analyze", "字", "--index", "no", code=3)
    monkeypatch.setenv("JIANBAO_USER_DICTIONARY", "other.txt")
    assert "0\t3\t云海数\tword" in jianbao("analyze", WORD), "what an index would be built with"


def read(tmp_path: Path, text: str | bytes) -> tuple[list[tuple[str, int | None]], list[str]]:
    file = tmp_path / "words.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    found = read_user_dictionary(file)
    assert all(each.source == str(file) and each.outcome == "doubtful" for each in found.problems)
    words = [(each.word, each.frequency) for each in found.words]
    return words, [each.reason for each in found.problems]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("\n \n\u3000\n\t\r\n", []),
        ("# 注\n石桥 # 城东\n  # 又\n", [("石桥", None)]),
        ("\ufeff石桥\r\n云海\t5\r\n", [("云海", 5), ("石桥", None)]),
        ("石桥 5 n\n云海 nz\n", [("云海", None), ("石桥", 5)]),
        ("石桥\u3000５\n", [("石桥", 5)]),
        ("石橋 5\n石桥 7\n", [("石桥", 7)]),
        ("石桥 5\n石桥\n", [("石桥", None)]),
        ("ＡＩ大模型 3\n", [("ai大模型", 3)]),
        ("3D打印\n5G\n", [("5g", None), ("3d打印", None)]),
        ("石桥 1000000000\n", [("石桥", 1_000_000_000)]),
        ("石" * LONGEST_WORD, [("石" * LONGEST_WORD, None)]),
        ("100 5", None),
    ],
)
def test_lines_of_a_dictionary(
    tmp_path: Path, text: str, words: list[tuple[str, int | None]] | None
) -> None:
    assert read(tmp_path, text) == ([("100", 5)] if words is None else words, [])


@pytest.mark.parametrize(
    "line",
    ["New York 100", "new york", "red hat", "卡尔·马克思 3", "《红楼梦》", "石桥,5",
     "云海 数智", "云海 ²5", "，",
     "石\x00桥", "石\u200b桥", "石" * (LONGEST_WORD + 1), "한국", "😀"],
)  # fmt: skip
def test_a_line_without_effect_is_told(tmp_path: Path, line: str) -> None:
    words, (reason,) = read(tmp_path, f"石桥\n\n{line}\n")
    assert words == [("石桥", None)]
    assert "line 3 (" in reason and "without spaces" in reason


@pytest.mark.parametrize(
    "frequency",
    ["0", "-5", "1.5", "1,000", "5x", "1e3", "1000000001", "9" * 5000, "5.", "+5", ".5"],
)
@pytest.mark.parametrize("tag", ["", " n"])
def test_a_frequency_that_is_none_is_refused(tmp_path: Path, frequency: str, tag: str) -> None:
    with pytest.raises(ConfigError, match=r"line 2 \('云海.*correct it"):
        read(tmp_path, f"石桥 5\n云海 {frequency}{tag}\n")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not UTF-8"):
        read(tmp_path, "石桥\n".encode("gb18030"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        read(tmp_path, "石桥\n".encode("utf-16"))
    for path in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(ConfigError, match="user_dictionary, or leave it out"):
            read_user_dictionary(path)


def test_many_faults_are_counted(tmp_path: Path) -> None:
    _, (reason,) = read(tmp_path, "a b\n" * 300 + "x" * 5000 + " y\n")
    assert "and 296 more" in reason and len(reason) < 400


def test_a_faulty_dictionary_changes_nothing_and_an_idle_line_is_in_the_report(
    place: Place,
) -> None:
    before = sorted(place.index.rglob("*"))
    for raw in (b"\xff", "石桥 0".encode(), "石桥 many 5x".encode()):
        place.words.write_bytes(raw)
        with pytest.raises(ConfigError):
            place.run()
        assert sorted(place.index.rglob("*")) == before
    report = place.run(f"{WORD} 100\n卡尔·马克思\n")
    assert not report.published and "line 2 ('卡尔·马克思')" in report.problems[0].reason
    assert place.run(f"卡尔·马克思\n{WORD} 5").problems[0].source == str(place.words)


LINES = st.lists(
    st.tuples(
        st.sampled_from(["云海", "数智", WORD, "海数", "云海数", "石桥", "石橋", "平台昨日"]),
        st.sampled_from(["", " 3", " 5000", " 70 n"]),
    ),
    unique_by=lambda pair: fold(pair[0]),
    max_size=6,
)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]], chance: random.Random
) -> None:
    folder = tmp_path_factory.getbasetemp()
    first = read(folder, "\n".join("".join(line) for line in lines))
    chance.shuffle(lines)
    assert read(folder, "\n\n".join(" " + "".join(line) for line in lines)) == first


ANYTHING = (
    st.text(st.sampled_from("石桥云海#· \t\n\r0159-.,nxyzAＡ１²\u3000\u200b\ufeff")) | st.text()
)


@given(ANYTHING)
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """What is read opens both segmenters, and nothing of a line is lost without a word."""
    try:
        words, told = read(tmp_path_factory.getbasetemp(), text.encode("utf-8", "replace"))
    except ConfigError:
        return
    for word, frequency in words:
        assert fold(word) == word and 1 <= len(word) <= LONGEST_WORD
        assert frequency is None or 1 <= frequency <= 1_000_000_000
    if not words and not told:
        assert all(not line.split() or "#" in line for line in text.lstrip("\ufeff").splitlines())


@pytest.mark.parametrize("frequency", [None, 1_000_000_000])
def test_both_sides_find_a_word_that_was_added(frequency: int | None) -> None:
    words = (WORD, "石桥修缮", "iphone手机", "c++", "的", "石" * LONGEST_WORD)
    analysis = open_analysis(tuple(UserWord(word, frequency) for word in words))
    bulk = analysis.open_bulk_analyzer()
    for word in words:
        text = f"昨日{word}上线，{word}。"
        spelled = {token.term for token in analysis.analyzer.tokens(text)}
        assert {piece.term for piece in analysis.analyzer.pieces(word)} <= spelled
        tokens = bulk.tokens([text])
        numbers = {number for number in tokens.terms.tolist() if number < RUN}
        assert {*bulk.terms(numbers), *tokens.runs} == spelled


class Poll:
    """Asks a server without a pause until told to stop."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.failures: list[str] = []
        self.seen: list[tuple[str, int]] = []

    def __enter__(self) -> Poll:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait_for(self, generation: str) -> None:
        until = time.monotonic() + 30
        while generation not in {name for name, _ in self.seen[-4:]}:
            assert time.monotonic() < until, self.failures or self.seen[-1:]
            time.sleep(0.01)

    def _run(self) -> None:
        while not self._stop.is_set():
            for path in (f"api/v1/search?mode=all&q={quote(WORD)}", "articles/0.txt", "healthz"):
                try:
                    with urlopen(self._url + path, timeout=30) as answer:
                        body = answer.read()
                except HTTPError as error:
                    self.failures.append(f"{error.code} {path}: {error.read()[:300]!r}")
                    continue
                except OSError as error:
                    self.failures.append(f"{path}: {error!r}")
                    continue
                if path.startswith("api"):
                    found = json.loads(body)
                    self.seen.append((found["generation"], found["total"]))


def test_a_running_server_follows_the_dictionary(root: Path, place: Place) -> None:
    """A real server, a real run beside it, and somebody who asks all the time."""
    environ = {**os.environ, "JIANBAO_USER_DICTIONARY": str(place.words)}
    program = [sys.executable, "-m", "jianbao.indexer"]
    with jianbao_serve(root, settings(place.index)) as url, Poll(url) as poll:
        poll.wait_for("000002")
        for command in (("index",), ("rollback",), ("rollback",)):
            place.words.write_text("石桥修缮 3\n", "utf-8")
            words = [*program, *command, "--index", str(place.index)]
            subprocess.run(words, env=environ, check=True, capture_output=True)
            with urlopen(f"{url}api/v1/search?mode=all&q={quote(WORD)}", timeout=30) as answer:
                name = json.load(answer)["generation"]
            assert name == Generations(place.index).live(), "the next request knows"
            poll.wait_for(name)
    assert poll.failures == []
    assert set(poll.seen) == {("000002", 1), ("000003", 2)}
