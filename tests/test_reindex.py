"""An index is never half there: what operators see while it is built, killed, rolled back."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

JIANBAO = [sys.executable, "-m", "jianbao.indexer"]


def run(*words: object, code: int = 0) -> str:
    done = subprocess.run(
        [*JIANBAO, *map(str, words)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A handful of articles."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(5):
        text = f"石桥第{number}号\n\n城东的石桥昨日修缮完工，行人重新走上桥面。\n"
        (folder / f"{number}.txt").write_text(text, "utf-8")
    return folder


def found(index: Path) -> int:
    total: int = json.loads(run("search", "石桥", "--index", index, "--json").split("\n")[0])[
        "total"
    ]
    return total


def test_unchanged_sources_are_not_indexed_again(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert "published" in run("index", corpus, "--index", index)
    assert "Up to date" in run("index", "--index", index)
    (corpus / "new.txt").write_text("石桥夜景\n\n灯光亮起来了。\n", "utf-8")
    assert "published" in run("index", "--index", index)
    assert found(index) == 6


def test_an_index_below_the_folder_one_is_in(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default: its path is relative, on every command."""
    monkeypatch.chdir(tmp_path)
    assert "5 read" in run("index", "corpus")
    (corpus / "new.txt").write_text("石桥夜景\n\n灯光亮起来了。\n", "utf-8")
    assert "1 read, 5 unchanged" in run("index")
    assert "Up to date" in run("index", "corpus")
    assert "6 hits" in run("search", "石桥")


def test_a_dry_run_says_what_would_be_done(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert "5 read" in run("index", corpus, "--index", index, "--dry-run")
    assert "there is no index" in run("stats", "--index", index, code=3)
    run("index", corpus, "--index", index)
    (corpus / "new.txt").write_text("石桥夜景\n\n灯光亮起来了。\n", "utf-8")
    (corpus / "0.txt").unlink()
    assert "1 read, 4 unchanged, 1 gone" in run("index", "--index", index, "--dry-run")
    assert found(index) == 5
    assert "is no share" in run("index", "--index", index, "--max-deletions", "x", code=2)
    assert "--max-deletions 100" in run("index", "--index", index, "--max-deletions=1%", code=3)


def test_a_list_of_files_comes_from_a_file_or_a_pipe(corpus: Path, tmp_path: Path) -> None:
    index, names = tmp_path / "index", tmp_path / "names"
    names.write_text(f"{corpus / '0.txt'}\n\n{corpus / '1.txt'}\n", "utf-8")
    assert "2 articles" in run("index", corpus, "--index", index, "--list-file", names)
    assert "cannot be read" in run("index", "--index", index, "--list-file", "none", code=2)
    names.write_text(str(tmp_path), "utf-8")
    assert "is not below" in run("index", "--index", index, "--list-file", names, code=2)
    done = subprocess.run(
        [*JIANBAO, "index", str(corpus), "--index", str(index), "--list-file", "-"],
        input=f"{corpus / '0.txt'}\n{corpus / '2.txt'}\n{corpus / '3.txt'}\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 3 and "--max-deletions" in done.stderr


def test_the_report_as_a_sentence_and_as_json(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    told = run("index", corpus, "--index", index)
    assert "5 articles segmented" in told and "0 duplicates" in told
    (corpus / "0.txt").rename(corpus / "moved.txt")
    (corpus / "bad.json").write_text("{", "utf-8")
    lines = run("index", "--index", index, "--json", "--log-json", code=1).splitlines()
    report, *messages = (json.loads(line) for line in lines)
    assert (report["renamed"], report["analysed"], report["removed"]) == (1, 0, 0)
    assert set(report["seconds"]) >= {"finding", "reading", "publishing"}
    assert [line["event"] for line in messages] == ["skipped", "published"]
    assert messages[0]["source"] == "bad.json" and messages[1]["skipped"] == 1
    (error,) = run("index", tmp_path / "none", "--index", index, "--log-json", code=2).splitlines()
    assert json.loads(error)["level"] == "error"


def test_a_bad_file_is_listed_and_the_rest_is_published(corpus: Path, tmp_path: Path) -> None:
    (corpus / "bad.json").write_text("{", "utf-8")
    assert "skipped: bad.json" in run("index", corpus, "--index", tmp_path / "index", code=1)
    assert found(tmp_path / "index") == 5


def test_nothing_found_leaves_the_old_generation(corpus: Path, tmp_path: Path) -> None:
    index, empty = tmp_path / "index", tmp_path / "empty"
    empty.mkdir()
    run("index", corpus, "--index", index)
    assert "no article" in run("index", empty, "--index", index, code=3)
    assert found(index) == 5


def test_rollback_and_forth(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("index", corpus, "--index", index)
    assert "no generation before" in run("rollback", "--index", index, code=3)
    (corpus / "0.txt").unlink()
    run("index", "--index", index)
    assert found(index) == 4
    run("rollback", "--index", index)
    assert found(index) == 5
    run("rollback", "--index", index)
    assert found(index) == 4


def test_an_altered_file_is_found(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("index", corpus, "--index", index)
    run("check", "--index", index)
    columns = next(index.rglob("source_codes.npy"))
    columns.write_bytes(columns.read_bytes()[:-1])
    assert "source_codes.npy" in run("check", "--index", index, code=5)
    run("search", "石桥", "--index", index, code=5)


def test_an_index_is_searched_with_its_own_words_whatever_is_set(
    corpus: Path, tmp_path: Path
) -> None:
    index, words = tmp_path / "index", tmp_path / "words.txt"
    run("index", corpus, "--index", index)
    words.write_text("石桥修缮 100\n", "utf-8")
    done = subprocess.run(
        [*JIANBAO, "search", "石桥", "--index", str(index)],
        capture_output=True,
        text=True,
        env={"JIANBAO_USER_DICTIONARY": str(words)},
        check=False,
    )
    assert done.returncode == 0 and "5 hits" in done.stderr


def test_a_locked_index_says_so(corpus: Path, tmp_path: Path) -> None:
    from jianbao.indexer.store.generations import Generations

    with Generations(tmp_path / "index").lock(0):
        assert "another run" in run("index", corpus, "--index", tmp_path / "index", code=4)


@pytest.mark.slow
def test_a_killed_run_leaves_the_old_generation(root: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("index", root / "corpus", "--index", index)
    pick = random.Random(20)
    began = time.monotonic()
    run("index", "--index", index, "--full")
    lasts = time.monotonic() - began
    for _ in range(20):
        with subprocess.Popen(
            [*JIANBAO, "index", "--index", str(index), "--full"], stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(pick.uniform(0, lasts))
            process.kill()
        assert (
            json.loads(run("search", "桥", "--index", index, "--json").split("\n")[0])["total"] > 0
        )
        run("check", "--index", index)
    run("index", "--index", index, "--full")
    assert len(list((index / "generations").iterdir())) == 2
    assert sorted(path.name for path in index.iterdir()) == ["current.json", "generations", "lock"]
