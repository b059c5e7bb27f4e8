"""Exit code 1 says that an index was published, and systemd takes it for success."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from jianbao.indexer.commands.options import Group
from jianbao.indexer.errors import EngineError
from jianbao.indexer.failures import denied
from jianbao.indexer.store.generations import Generations
from tests.conftest import ROOT

JIANBAO = (sys.executable, "-c", "from jianbao.web.command import main; main()")

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="limits of processes as Linux has them"
)


def run(
    *words: object, limit: Callable[[], object] | None = None, **environment: str
) -> tuple[int, str]:
    done = subprocess.run(
        [*JIANBAO, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=limit,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `sources`, their `index`, and its backup `kept.tar`."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "sources").mkdir()
    for number in range(3):
        text = f"石桥第{number}号\n\n城东的石桥昨日修缮完工。\n"
        (folder / "sources" / f"{number}.txt").write_text(text, "utf-8")
    index = folder / "index"
    assert run("index", folder / "sources", "--index", index)[0] == 0
    assert run("backup", folder / "kept.tar", "--index", index)[0] == 0
    return folder


def limited(kind: int, amount: int) -> Callable[[], None]:
    """Sets a limit of the process that is to be started."""
    return lambda: resource.setrlimit(kind, (amount, amount))


@pytest.mark.parametrize("megabytes", [40, 120, 280, 400])
def test_little_memory_is_no_success(made: Path, tmp_path: Path, megabytes: int) -> None:
    """OpenBLAS ends a process with 1 that gets none, and Python one whose modules do not load."""
    shutil.copytree(made, tmp_path / "place")
    index = tmp_path / "place" / "index"
    limit = limited(resource.RLIMIT_AS, megabytes << 20)
    code, said = run("index", made / "sources", "--index", index, "--full", limit=limit)
    is_new = Generations(index).live() == "000002"
    assert code in (0, 1) if is_new else code not in (0, 1), said
    assert "Traceback" not in said


def test_a_want_of_threads_is_told(made: Path, tmp_path: Path) -> None:
    program = (
        "import threading\n"
        'def start(self): raise RuntimeError("can\'t start new thread")\n'
        "threading.Thread.start = start\n"
        "from jianbao.web.command import main; main()"
    )
    command = [sys.executable, "-c", program, "index", str(made / "sources")]
    done = subprocess.run(
        [*command, "--index", str(tmp_path / "index"), "--jobs", "1"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 3 and "ulimit -u" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "index" / "current.json").exists()
    assert list((tmp_path / "index" / "generations").iterdir()) == []


def test_a_restore_without_room_publishes_nothing(made: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    limit = limited(resource.RLIMIT_FSIZE, 4096)
    words = ("restore", made / "kept.tar", "--index", index, "--accept-roots")
    code, said = run(*words, limit=limit)
    assert code == 3 and "ulimit -f" in said and "Traceback" not in said
    assert list((index / "generations").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small file system: needs root")
def test_a_restore_on_a_full_disk_publishes_nothing(made: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    words = ("restore", made / "kept.tar", "--index", index, "--accept-roots")
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "jianbao", str(index)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        code, said = run(*words)
        assert code == 3 and "make room there" in said and "Traceback" not in said
        assert list((index / "generations").iterdir()) == []
        subprocess.run(["mount", "-o", "remount,size=64m", index], check=True)
        assert run(*words)[0] == 0
    finally:
        subprocess.run(["umount", "-l", index], check=True)


def test_a_library_that_cannot_be_loaded_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('broken')", "utf-8")
    code, said = run("stats", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert code == 3 and "install it anew" in said and "Traceback" not in said


FAULTS: Mapping[str, tuple[Exception, int, str]] = {
    "ours": (KeyError("sizes"), 3, "JIANBAO_DEBUG"),
    "ours, of an engine": (EngineError("fault"), 3, "fault"),
    "memory": (MemoryError(), 3, "memory"),
    "threads": (RuntimeError("can't start new thread"), 3, "ulimit"),
    "room": (OSError(28, "No space left on device"), 3, "make room"),
    "usage": (click.ClickException("wrong"), 2, "wrong"),
    "a file of the arguments": (click.FileError("x"), 2, "x"),
    "interrupted": (click.Abort(), 130, ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_has_a_code_and_a_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIANBAO_DEBUG", raising=False)
    error, code, word = FAULTS[name]

    @click.group(cls=Group)
    def group() -> None:
        """Commands."""

    @group.command()
    def fail() -> None:
        raise error

    done = CliRunner().invoke(group, ["fail"])
    assert done.exit_code == code and word in done.output and "Traceback" not in done.output
    assert isinstance(done.exception, SystemExit)
    if name == "ours":
        monkeypatch.setenv("JIANBAO_DEBUG", "1")
        assert "Traceback" in CliRunner().invoke(group, ["fail"]).output


def test_what_the_machine_did_not_deny_is_not_told_as_denied() -> None:
    assert denied(RuntimeError("other")) is None and denied(KeyError("x")) is None


def test_skipped_files_are_told_by_1_and_what_was_published_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("石桥\n\n桥下有河。\n", "utf-8")
    (tmp_path / "bad.json").write_text("{", "utf-8")
    words = ("index", tmp_path / "a.txt", tmp_path / "bad.json", "--index", tmp_path / "index")
    assert run(*words)[0] == 1
    code, said = run("search", "石桥", "--index", tmp_path / "index", "--json")
    assert code == 0 and json.loads(said.splitlines()[0])["total"] == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_an_export_for_which_there_is_no_room_is_no_fault_of_usage(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("石桥重新通车。", "utf-8")
    run = [sys.executable, "-m", "jianbao.indexer"]
    subprocess.run([*run, "index", "a.txt", "--index", "index"], cwd=tmp_path, check=True)
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run([*run, "export", "-", "--index", "index"], cwd=tmp_path, stdout=full)
    assert ended.returncode == 3
