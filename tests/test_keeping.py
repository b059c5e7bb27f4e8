"""Export, backup, restore and check: what an operator keeps is what there was, or it is refused."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import random
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer import (
    Article,
    Searcher,
    SearchRequest,
    load_settings,
    open_searcher,
    reindex,
)
from jianbao.indexer.commands import cli_group
from jianbao.indexer.engines.base import FACETS
from jianbao.indexer.errors import IndexDamagedError, JianbaoError
from jianbao.indexer.settings import Settings
from jianbao.indexer.sources.cleaning.text import clean_text
from jianbao.indexer.sources.formats.exported import exported_article, is_exported, record_of
from jianbao.indexer.store.check import examine
from jianbao.indexer.store.generations import Generations
from jianbao.indexer.store.sealed_json import sealed, unsealed

QUERIES = (
    "", "桥", "石桥", "石桥 城", '"一座石桥"', "桥 -石", "标题:桥", "作者:*", "的 了 在",
    "中国 经济 文化", "图书馆*", "日期:2018..2025", "朱砂", "不存在的词语串", "bridge", "2024",
)  # fmt: skip


def settings_at(folder: Path, **more: Any) -> Settings:
    return load_settings({"index": folder, "jobs": 1, **more}, {}, folder)


def build(folder: Path, *sources: Path) -> Settings:
    settings = settings_at(folder)
    reindex(settings, sources, now=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    return settings


def searcher_at(settings: Settings) -> Searcher:
    ticks = count()
    return open_searcher(settings, lambda: float(next(ticks)))


def answers(settings: Settings) -> list[Any]:
    """What readers see: order, scores, snippets, facets, dates, totals, articles, suggestions."""
    searcher = searcher_at(settings)
    found: list[Any] = []
    for query in QUERIES:
        for sort in ("relevance", "newest", "oldest"):
            page = searcher.search(SearchRequest(query, size=100, sort=sort))
            hits = [(record_of(hit.article), hit.title, hit.snippets) for hit in page.hits]
            for record, *_ in hits:
                del record["path"]
            scores = [round(hit.score, 9) for hit in page.hits]
            found.append((page.total, hits, scores, page.facets, page.histogram, page.suggestions))
    found += [searcher.values(SearchRequest(""), name) for name in FACETS]
    found += [searcher.suggest(text, 8) for text in ("石", "shi", "tsg", "bo")]
    searcher.close()
    return found


def run(*words: object, code: int = 0) -> str:
    done: Result = CliRunner().invoke(cli_group, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of corpus/; nobody changes it."""
    return build(tmp_path_factory.mktemp("made") / "index", root / "corpus")


@pytest.fixture
def index(made: Settings, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(made.index, tmp_path / "index")
    return tmp_path / "index"


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_an_export_indexes_to_an_index_that_answers_alike(
    made: Settings, tmp_path: Path, name: str
) -> None:
    assert "85 articles" in run("export", tmp_path / name, "--index", made.index)
    again = build(tmp_path / "again", tmp_path / name)
    assert answers(again) == answers(made)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_export_of_an_export_is_the_same_but_for_the_path(
    made: Settings, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    run("export", first, "--index", made.index)
    build(tmp_path / "again", first)
    run("export", second, "--index", tmp_path / "again")

    def lines(path: Path) -> list[Any]:
        return [{**json.loads(line), "path": ""} for line in path.read_text("utf-8").splitlines()]

    assert lines(first) == lines(second)


def test_an_export_to_a_pipe_is_the_same(made: Settings, tmp_path: Path) -> None:
    run("export", tmp_path / "all.jsonl.gz", "--index", made.index)
    piped = CliRunner().invoke(cli_group, ["export", "--index", str(made.index)])
    assert piped.stdout_bytes == gzip.decompress((tmp_path / "all.jsonl.gz").read_bytes())


def test_an_export_that_fails_leaves_the_one_before(index: Path, tmp_path: Path) -> None:
    kept = tmp_path / "all.jsonl"
    kept.write_text("before", "utf-8")
    damage(next(index.rglob("articles.bin")), random.Random(1))
    assert "articles.bin" in run("export", kept, "--index", index, code=5)
    assert kept.read_text("utf-8") == "before"
    assert "cannot be written" in run(
        "export", tmp_path / "no" / "x.jsonl", "--index", index, code=2
    )


cleaned = st.text(max_size=30).map(clean_text)
names = st.lists(cleaned, max_size=3).map(tuple)


@given(
    st.builds(
        Article,
        id=st.text(min_size=1, max_size=20),
        title=cleaned,
        body=cleaned,
        author=names,
        date=st.dates().map(str),
        source=cleaned,
        column=cleaned,
        tags=names,
        acl=names,
        path=st.just("x.jsonl"),
        kind=st.sampled_from(["article", "picture", "guide"]),
        meta=st.dictionaries(cleaned, cleaned, max_size=3),
    )
)
def test_every_article_is_read_back_as_it_was(article: Article) -> None:
    record = json.loads(json.dumps(record_of(article)))
    assert is_exported(record)
    assert exported_article(record, name="x.jsonl") == article


@pytest.mark.parametrize(
    "change",
    [{"jianbao_export": 2}, {"id": ""}, {"date": "gestern"}, {"kind": "x"}, {"title": 3},
     {"author": "x"}, {"meta": {"a": 1}}],
)  # fmt: skip
def test_a_line_that_no_export_holds_is_listed(tmp_path: Path, change: dict[str, Any]) -> None:
    good = record_of(Article("a", "石桥", "桥下有河。"))
    lines = [json.dumps(good), json.dumps({**record_of(Article("b", "木桥", "")), **change})]
    (tmp_path / "all.jsonl").write_text("\n".join(lines), "utf-8")
    report = reindex(
        settings_at(tmp_path / "index"), [tmp_path / "all.jsonl"], now=lambda: datetime.now(UTC)
    )
    assert report.articles == 1
    assert [problem.outcome for problem in report.problems] == ["skipped"]


def test_a_backup_is_restored_as_it_was(made: Settings, tmp_path: Path) -> None:
    told = run("backup", tmp_path / "kept.tar", "--index", made.index)
    assert "Generation 000001 (85 articles" in told
    assert "Generation 000001 is live" in run(
        "restore", tmp_path / "kept.tar", "--index", tmp_path / "new"
    )
    new = settings_at(tmp_path / "new")
    assert answers(new) == answers(made)
    assert "Up to date" in run("index", "--index", new.index)
    assert "is whole" in run("check", "--index", new.index)


def test_a_restored_index_can_be_rolled_back(index: Path, root: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "kept.tar", "--index", index)
    run("index", root / "corpus" / "markdown", "--index", index)
    fewer = searcher_at(settings_at(index)).stats().articles
    run("restore", tmp_path / "kept.tar", "--index", index)
    assert searcher_at(settings_at(index)).stats().articles == 85 > fewer
    run("rollback", "--index", index)
    assert searcher_at(settings_at(index)).stats().articles == fewer


def test_two_backups_of_one_generation_are_the_same_bytes(made: Settings, tmp_path: Path) -> None:
    run("backup", tmp_path / "1.tar", "--index", made.index)
    run("backup", tmp_path / "2.tar", "--index", made.index)
    assert (tmp_path / "1.tar").read_bytes() == (tmp_path / "2.tar").read_bytes()


Change = Callable[[list[tuple[tarfile.TarInfo, bytes]]], object]


def rewritten(source: Path, target: Path, change: Change) -> Path:
    """A backup whose members were changed."""
    with tarfile.open(source) as archive:
        members = [(member, archive.extractfile(member).read()) for member in archive]  # type: ignore[union-attr]
    change(members)
    with tarfile.open(target, "w") as archive:
        for member, content in members:
            member.size = len(content) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(content))
    return target


def link(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return member


OTHER = "no file of an index"


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        (lambda all_: all_.append((tarfile.TarInfo("../../escaped"), b"x")), 2, OTHER),
        (lambda all_: all_.append((tarfile.TarInfo("/tmp/escaped"), b"x")), 2, OTHER),
        (lambda all_: all_.append((link("more"), b"")), 2, OTHER),
        (lambda all_: all_.insert(3, (link(all_[3][0].name), b"")), 2, OTHER),
        (lambda all_: all_.append(all_[5]), 2, OTHER),
        (lambda all_: all_.pop(), 5, "not whole"),
        (lambda all_: all_.pop(0), 2, "no backup"),
        (lambda all_: all_.__setitem__(0, (all_[0][0], b"{}")), 5, "not whole"),
        (lambda all_: all_.__setitem__(4, (all_[4][0], all_[4][1] + b"x")), 5, "not whole"),
    ],
)  # fmt: skip
def test_a_backup_with_other_members_is_refused(
    index: Path, tmp_path: Path, change: Change, code: int, sentence: str
) -> None:
    run("backup", tmp_path / "kept.tar", "--index", index)
    bad = rewritten(tmp_path / "kept.tar", tmp_path / "bad.tar", change)
    before = [path for path in sorted(index.rglob("*")) if path.name != "lock"]
    assert sentence in run("restore", bad, "--index", index, code=code)
    assert [path for path in sorted(index.rglob("*")) if path.name != "lock"] == before
    assert not (tmp_path.parent / "escaped").exists()


def manifest_with(**changes: Any) -> Change:
    """A change of the manifest in a backup, with a checksum that says it is none."""

    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        values = unsealed(members[0][1].decode())
        values |= changes
        values = {name: value for name, value in values.items() if value is not None}
        members[0] = (members[0][0], sealed(values).encode())

    return change


@pytest.mark.parametrize(
    "changes",
    [
        {"sizes": None}, {"sizes": {}}, {"sizes": {"articles.bin": "1"}}, {"sizes": [1]},
        {"files": None}, {"files": {"../../escaped": "0"}}, {"files": {"a": 1}},
        {"generation": None}, {"generation": 1}, {"generation": "../../escaped"},
        {"articles": "85"}, {"articles": -1}, {"roots": "x"}, {"roots": [1]}, {"roots": None},
        {"fingerprint": []}, {"fingerprint": None}, {"built": 3}, {"checksum": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_of_another_form_is_damaged(
    made: Settings, tmp_path: Path, changes: dict[str, Any]
) -> None:
    """In a backup and in an index, whatever command reads it."""
    run("backup", tmp_path / "kept.tar", "--index", made.index)
    bad = rewritten(tmp_path / "kept.tar", tmp_path / "bad.tar", manifest_with(**changes))
    if "checksum" in changes:
        bad = rewritten(bad, bad.with_name("bare.tar"), lambda all_: all_.__setitem__(
            0, (all_[0][0], all_[0][1].replace(b"checksum", b"checksun"))
        ))  # fmt: skip
    assert "not whole" in run("restore", bad, "--index", tmp_path / "new", code=5)
    assert not (tmp_path / "new" / "generations").exists()
    with tarfile.open(bad) as archive:
        text = archive.extractfile("manifest.json").read()  # type: ignore[union-attr]
    folder = tmp_path / "index" / "generations" / "000001"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_bytes(text)
    (folder.parent.parent / "current.json").write_text(
        sealed({"current": "000001", "previous": ""}), "utf-8"
    )
    for command in (["search", "桥"], ["stats"], ["check"], ["backup", tmp_path / "x"], ["index"]):
        assert "manifest.json" in run(*command, "--index", folder.parent.parent, code=5)


def test_a_backup_made_elsewhere_asks_before_it_is_used(
    index: Path, made: Settings, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next `jianbao index` without paths would read whatever it names."""
    run("backup", tmp_path / "kept.tar", "--index", made.index)
    corpus = str(root / "corpus")
    (tmp_path / "here" / "inner").mkdir(parents=True)
    (tmp_path / "here" / "link").symlink_to("/etc")
    monkeypatch.chdir(tmp_path / "here")
    new = tmp_path / "here" / "new"

    def backup_of(*roots: str) -> Path:
        change = manifest_with(roots=list(roots))
        return rewritten(tmp_path / "kept.tar", tmp_path / "other.tar", change)

    for roots in (["/etc"], [corpus], [str(tmp_path / "here" / "gone")], ["../.."], ["inner"],
                  [str(tmp_path / "here" / "link")], [str(tmp_path / "here" / "inner"), "/etc"],
                  [str(tmp_path / "here" / ".." / "x")], ["\x1b[2J\x00"]):  # fmt: skip
        told = run("restore", backup_of(*roots), "--index", new, code=2)
        assert "--accept-roots" in told and repr(roots[-1])[1:-1] in told and "\x1b" not in told
        assert not new.exists()
    inner = str(tmp_path / "here" / "inner")
    run("restore", backup_of(inner), "--index", new)
    run("restore", backup_of(inner), "--index", new)
    run("restore", backup_of("/etc"), "--index", new, code=2)
    run("restore", backup_of("/etc"), "--index", new, "--accept-roots")
    run("restore", backup_of(corpus), "--index", index)
    monkeypatch.chdir("/")
    shutil.rmtree(new)
    run("restore", backup_of("/etc"), "--index", new, code=2)
    assert not new.exists()


def test_at_a_terminal_a_restore_asks(made: Settings, tmp_path: Path) -> None:
    run("backup", tmp_path / "kept.tar", "--index", made.index)
    for answer, code in (("n\n", 2), ("y\n", 0)):
        master, terminal = pty.openpty()
        os.write(master, answer.encode())
        done = subprocess.run(
            [sys.executable, "-m", "jianbao.indexer", "restore", tmp_path / "kept.tar"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
            stdin=terminal,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        os.close(master)
        os.close(terminal)
        assert "corpus" in done.stdout and done.returncode == code, done.stderr
        assert (tmp_path / ".jianbao").exists() == (code == 0)


def test_a_damaged_backup_is_refused_wherever_it_is_damaged(made: Settings, tmp_path: Path) -> None:
    """40 archives with one altered byte: refused, or padding that says nothing was altered."""
    run("backup", tmp_path / "kept.tar", "--index", made.index)
    raw = (tmp_path / "kept.tar").read_bytes()
    with tarfile.open(tmp_path / "kept.tar") as archive:
        ends = [(each.offset_data, each.offset_data + each.size) for each in archive]
    chance = random.Random(5)
    from jianbao.indexer.store.backup import restore

    for number in range(40):
        start, end = chance.choice([pair for pair in ends if pair[0] < pair[1]])
        at = chance.randrange(start, end)
        bad = bytearray(raw)
        bad[at] ^= 1 << chance.randrange(8)
        (tmp_path / "bad.tar").write_bytes(bad)
        target = Generations(tmp_path / f"new{number}")
        with pytest.raises(JianbaoError):
            restore(target, tmp_path / "bad.tar", lambda _: None, wait=0)
        assert target.live() == ""


def test_a_cut_backup_is_refused(made: Settings, tmp_path: Path) -> None:
    run("backup", tmp_path / "kept.tar", "--index", made.index)
    raw = (tmp_path / "kept.tar").read_bytes()
    for share in (0, 0.001, 0.3, 0.9):
        (tmp_path / "cut.tar").write_bytes(raw[: int(len(raw) * share)])
        told = CliRunner().invoke(
            cli_group, ["restore", str(tmp_path / "cut.tar"), "--index", str(tmp_path / "new")]
        )
        assert told.exit_code in (2, 5) and "Error: " in told.output
    assert "cannot be read" in run(
        "restore", tmp_path / "none.tar", "--index", tmp_path / "n", code=2
    )


def test_a_backup_of_another_dictionary_comes_with_its_words(
    made: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", tmp_path / "kept.tar", "--index", made.index)
    (tmp_path / "words.txt").write_text("石桥修缮 100\n", "utf-8")
    monkeypatch.setenv("JIANBAO_USER_DICTIONARY", str(tmp_path / "words.txt"))
    run("restore", tmp_path / "kept.tar", "--index", tmp_path / "new")
    assert "is whole" in run("check", "--index", tmp_path / "new")
    assert answers(settings_at(tmp_path / "new")) == answers(made)


def damage(file: Path, chance: random.Random) -> None:
    """Alter one byte."""
    raw = bytearray(file.read_bytes())
    at = chance.randrange(len(raw))
    raw[at] ^= chance.randrange(1, 256)
    file.write_bytes(raw)


def test_every_altered_byte_is_found(made: Settings, tmp_path: Path) -> None:
    """200 of them, anywhere in what the live generation consists of, the pointer included."""
    folder = tmp_path / "index"
    shutil.copytree(made.index, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    chance = random.Random(11)
    for _ in range(200):
        file = chance.choice(files)
        before = file.read_bytes()
        damage(file, chance)
        with pytest.raises(IndexDamagedError, match=file.name.replace(".", r"\.")):
            examine(Generations(folder), sample=0)
        file.write_bytes(before)
    examine(Generations(folder), sample=5)


def test_a_damaged_index_is_told_with_what_to_run(index: Path) -> None:
    (index / "generations" / "000001" / "sources.sqlite").unlink()
    told = run("check", "--index", index, code=5)
    assert "sources.sqlite" in told and "jianbao rollback" in told


def test_a_damaged_pointer_does_not_stop_the_next_run(index: Path, root: Path) -> None:
    (index / "current.json").write_text("{", "utf-8")
    assert "jianbao index PATH --full" in run("check", "--index", index, code=5)
    assert "published" in run("index", root / "corpus", "--index", index, "--full")
    assert "is whole" in run("check", "--index", index)


def test_damage_is_not_carried_over_into_a_new_generation(index: Path, root: Path) -> None:
    """With checksums of its own it would be found by nobody."""
    (index.parent / "new.txt").write_text("石桥夜景\n\n灯光亮起来了。\n", "utf-8")
    damage(next(index.rglob("articles.bin")), random.Random(2))
    told = run("index", root / "corpus", index.parent / "new.txt", "--index", index, code=5)
    assert "articles.bin" in told and "jianbao index --full" in told
    run("index", root / "corpus", index.parent / "new.txt", "--index", index, "--full")
    assert "86 articles" in run("check", "--index", index)
