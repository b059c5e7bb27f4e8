"""What the machine denies a run: it says so, the old generation answers, the next run succeeds."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import pytest

from jianbao.indexer import NothingToPublishError, load_settings, reindex
from tests.test_changes import write
from tests.trials.running import JIANBAO, Place, Ran, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="mounts small file systems and drops capabilities: needs root on Linux",
    ),
]

SOURCES = 40
UNPRIVILEGED = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
"""Root without its right to pass over permissions."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Forty articles and their index, made twice: there is a generation before the live one."""
    place = Place(tmp_path_factory.mktemp("built"))
    place.sources.mkdir()
    for number in range(SOURCES):
        place.write(str(number), f"行人重新走上桥面第{number}次")
    for _ in range(2):
        place.build("--full")
    return place


@pytest.fixture
def place(built: Place, tmp_path: Path) -> Place:
    """A copy of it, and a change that is to be indexed."""
    place = built.copied(tmp_path / "place")
    place.build_here()
    place.write("new", "灯光亮起来了")
    return place


def stayed(place: Place, ran: Ran, code: int, *words: str) -> None:
    """The run failed as it should, and readers notice nothing."""
    print(f"\n{ran.code}: {ran.said.strip().splitlines()[-1]}")
    assert ran.code == code, ran.said
    for word in words:
        assert word in ran.said
    assert place.total() == SOURCES


def recovers(place: Place, total: int = SOURCES + 1) -> None:
    """The next run needs no flag, indexes all, and leaves nothing behind."""
    place.build()
    assert place.total() == total
    assert place.is_clean()


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A file system in memory."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "jianbao", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def limited(limit: str) -> tuple[str, ...]:
    """What runs a command under a limit of the shell."""
    return ("bash", "-c", f'{limit} && exec "$@"', "bash")


def used(folder: Path) -> int:
    """Bytes of a folder in whole pages, which is what a file system in memory takes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in files)


@pytest.mark.parametrize("share", [0.05, 0.4, 0.8])
def test_no_room_on_the_disk(place: Place, share: float) -> None:
    aside = place.folder / "aside"
    place.index.rename(aside)
    room = used(aside) + int(used(aside) / 2 * share)
    with mounted(place.index, f"size={room}"):
        shutil.copytree(aside, place.index, dirs_exist_ok=True)
        stayed(place, run(place.command("--full")), 3, "room", str(place.index))
        subprocess.run(["mount", "-o", "remount,size=100m", place.index], check=True)
        recovers(place)


def test_a_watch_waits_for_room(place: Place) -> None:
    """It goes on by itself: that there is room again sends no event."""
    aside = place.folder / "aside"
    place.index.rename(aside)
    with mounted(place.index, f"size={used(aside) + 8192}"):
        shutil.copytree(aside, place.index, dirs_exist_ok=True)
        log = place.folder / "log"
        command = [*map(str, place.command("--watch"))]
        with log.open("w") as stderr, subprocess.Popen(command, stderr=stderr) as process:
            try:
                until(lambda: "make room there" in log.read_text("utf-8"))
                assert place.total() == SOURCES
                subprocess.run(["mount", "-o", "remount,size=100m", place.index], check=True)
                until(lambda: place.total() == SOURCES + 1)
                assert "Traceback" not in log.read_text("utf-8")
            finally:
                process.terminate()


def test_no_room_for_names(place: Place) -> None:
    aside = place.folder / "aside"
    place.index.rename(aside)
    names = len(list(aside.rglob("*"))) + 8
    with mounted(place.index, f"size=100m,nr_inodes={names}"):
        shutil.copytree(aside, place.index, dirs_exist_ok=True)
        stayed(place, run(place.command("--full")), 3, "room")
        subprocess.run(["mount", "-o", "remount,nr_inodes=1000", place.index], check=True)
        recovers(place)


def test_files_may_not_be_large(place: Place) -> None:
    stayed(place, run(place.command("--full", prefix=limited("ulimit -f 8"))), 3, "written")
    recovers(place)


@pytest.fixture(scope="module")
def deny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes a function of the system fail."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: the disk cannot be made to fail")
    target = tmp_path_factory.mktemp("deny") / "deny.so"
    source = Path(__file__).with_name("deny.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", target, source], check=True)
    return target


@pytest.mark.parametrize("after", [0, 5, 25])
@pytest.mark.parametrize("function", ["write", "fsync", "rename"])
def test_the_disk_fails(place: Place, deny: Path, function: str, after: int) -> None:
    if function == "rename":
        after = 0
    env = {"LD_PRELOAD": str(deny), "DENY": function, "DENY_AFTER": str(after)}
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    stayed(place, run(place.command("--full"), env), 3, "look at the disk")
    recovers(place)


def test_the_disk_of_the_sources_fails_in_the_middle(place: Place, deny: Path) -> None:
    path = f"{place.sources}/"
    env = {"LD_PRELOAD": str(deny), "DENY": "open", "DENY_AFTER": "60", "DENY_PATH": path}
    stayed(place, run(place.command("--full"), env), 3, "cannot be read any more", "mounted")
    recovers(place)


def test_one_source_cannot_be_read(place: Place) -> None:
    bad = place.sources / "bad.txt"
    bad.symlink_to("/proc/self/mem")
    ran = place.build("--follow-links", "/proc", code=1)
    assert "bad.txt" in ran.said and "Input/output error" in ran.said
    assert place.total() == SOURCES + 1
    bad.unlink()
    recovers(place)


def test_a_folder_that_may_only_be_read(place: Place) -> None:
    aside = place.folder / "aside"
    place.index.rename(aside)
    with mounted(place.index, "size=100m"):
        shutil.copytree(aside, place.index, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", place.index], check=True)
        stayed(place, run(place.command()), 3, "mount it so that it can be written")
        subprocess.run(["mount", "-o", "remount,rw", place.index], check=True)
        recovers(place)


@pytest.mark.parametrize("flags", [(), ("--full",)])
def test_a_share_that_is_not_mounted(place: Place, flags: tuple[str, ...]) -> None:
    aside = place.folder / "aside"
    place.sources.rename(aside)
    stayed(place, run(place.command(*flags)), 2, "there is no file or folder")
    place.sources.mkdir()
    stayed(place, run(place.command(*flags)), 3, "mounted")
    place.sources.rmdir()
    aside.rename(place.sources)
    recovers(place)


@pytest.mark.parametrize("full", [True, False])
def test_a_share_that_goes_in_the_middle(place: Place, full: bool) -> None:
    aside = place.folder / "aside"
    place.sources.rename(aside)
    with mounted(place.sources, "size=10m"):
        shutil.copytree(aside, place.sources, dirs_exist_ok=True)
        for path in place.sources.iterdir():
            write(path, path.read_text("utf-8").replace("昨日", "今日"))

        def progress(done: int, total: int) -> None:
            if done == total // 4:
                subprocess.run(["umount", "-l", place.sources], check=True)
                subprocess.run(["mount", "-t", "tmpfs", "jianbao", place.sources], check=True)

        settings = load_settings({"index": place.index, "jobs": 1}, {}, place.folder)
        with pytest.raises(NothingToPublishError, match="mounted"):
            reindex(
                settings,
                [place.sources],
                now=lambda: datetime.now(UTC),
                full=full,
                on_progress=progress,
            )
    assert place.total() == SOURCES
    place.sources.rmdir()
    aside.rename(place.sources)
    recovers(place)


def test_what_was_unreadable_for_a_moment_is_read_by_the_next_run(place: Place) -> None:
    """Its name, size and time did not change."""
    place.build()
    hidden = place.folder / "hidden"

    def progress(done: int, total: int) -> None:
        if done == 1:
            (place.sources / "9.txt").rename(hidden)

    settings = load_settings({"index": place.index, "jobs": 1}, {}, place.folder)
    reindex(
        settings, [place.sources], now=lambda: datetime.now(UTC), full=True, on_progress=progress
    )
    assert place.total() == SOURCES
    hidden.rename(place.sources / "9.txt")
    recovers(place)


@pytest.mark.parametrize("year", [1999, 2099])
def test_the_clock_jumps(place: Place, year: int) -> None:
    moment = datetime(year, 1, 1, tzinfo=UTC)
    path = place.sources / "3.txt"
    write(path, path.read_text("utf-8").replace("石桥", "木桥"))
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    os.utime(place.index / "current.json", (2**32, 2**32))
    settings = load_settings({"index": place.index, "jobs": 1}, {}, place.folder)
    reindex(settings, [place.sources], now=lambda: moment)
    assert (place.total(), place.total("木桥")) == (SOURCES, 1)
    recovers(place, SOURCES)


@pytest.mark.parametrize("what", [".", "generations", "lock", "current.json"])
def test_no_permission(place: Place, what: str) -> None:
    path = place.index / what
    mode = path.stat().st_mode
    path.chmod(0o500 if path.is_dir() else 0o000)
    try:
        ran = run(place.command(prefix=UNPRIVILEGED))
        search = ["search", "石桥", "--index", place.index]
        found = run([*UNPRIVILEGED, *JIANBAO, *search])
    finally:
        path.chmod(mode)
    assert "run as a user who may" in found.said or found.code == 0
    stayed(place, ran, 3, "run as a user who may")
    recovers(place)


def test_a_source_without_permission(place: Place) -> None:
    path = place.sources / "new.txt"
    path.chmod(0o000)
    ran = run(place.command(prefix=UNPRIVILEGED))
    assert ran.code == 1 and "Permission denied" in ran.said, ran.said
    assert place.total() == SOURCES
    path.chmod(0o600)
    recovers(place)


@pytest.mark.parametrize("files", [8, 14, 20])
def test_no_more_open_files(place: Place, files: int) -> None:
    ran = run(place.command("--full", prefix=limited(f"ulimit -n {files}")))
    stayed(place, ran, 3, "ulimit -n")
    recovers(place)


SHORT_OF_MEMORY = """
import resource, sys
from jianbao.indexer.commands.main import main
pages = int(open('/proc/self/statm').read().split()[0])
limit = pages * resource.getpagesize() + int(sys.argv.pop(1)) * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
main()
"""


@pytest.mark.parametrize("megabytes", [4, 32, 96])
def test_memory_is_short(place: Place, megabytes: int) -> None:
    """The segmenter's library in Rust ends the process where it is the one to be refused."""
    _, _, _, *arguments = place.command("--full")
    program = (sys.executable, "-c", SHORT_OF_MEMORY, megabytes)
    ran = run([*program, *arguments])
    if ran.code == 0:
        pytest.fail(f"{megabytes} MB were enough: the trial is too mild")
    stayed(place, replace(ran, said=ran.said.lower()), ran.code, "memory")
    assert ran.code in (3, -signal.SIGABRT)
    recovers(place)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task")
    texts = (path.read_text("ascii") for path in tasks.glob("*/children"))
    return [int(child) for child in " ".join(texts).split()]


def until(condition: Callable[[], bool]) -> None:
    """Wait for it."""
    for _ in chain(repeat(None, 12_000)):
        if condition():
            return
        time.sleep(0.005)
    pytest.fail("it did not happen within a minute")


def test_a_worker_is_killed(place: Place) -> None:
    lines = "城东的石桥昨日修缮完工，行人重新走上桥面，灯光亮起来了。" * 60_000
    for number in range(3):
        write(place.sources / f"long{number}.txt", f"长文{number}\n\n{lines}")
    command = [*map(str, place.command("--full", "--jobs", 2))]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: bool(children(process.pid)))
        os.kill(children(process.pid)[0], signal.SIGKILL)
        _, said = process.communicate(timeout=300)
    assert "Traceback" not in said
    stayed(place, Ran(process.returncode, said), 3, "--jobs 1")
    recovers(place, SOURCES + 4)


def test_an_interrupted_run(place: Place) -> None:
    before = set((place.index / "generations").iterdir())
    command = [*map(str, place.command("--full"))]
    # A shell's background job, such as a nightly run of these tests, ignores the signal.
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=hears) as process:
        until(lambda: set((place.index / "generations").iterdir()) != before)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=300)
    assert "Traceback" not in said, said
    stayed(place, Ran(process.returncode, said + "interrupted"), 130)
    recovers(place)


def test_nobody_takes_the_report(place: Place) -> None:
    """The index is published; that its report was lost is told."""
    ran = run(["bash", "-c", '"$@" > /dev/full', "bash", *place.command("--json")])
    assert ran.code == 1 and "No space left on device" in ran.said
    assert place.total() == SOURCES + 1
    recovers(place)


def test_the_user_dictionary_is_gone(place: Place) -> None:
    env = {"JIANBAO_USER_DICTIONARY": str(place.folder / "gone.txt")}
    stayed(place, run(place.command(), env), 2, "user dictionary", "gone.txt")
    recovers(place)


def test_a_file_where_the_index_should_be(place: Place) -> None:
    path = place.folder / "other"
    path.write_text("", "utf-8")
    ran = run([*JIANBAO, "index", place.sources, "--index", path])
    stayed(place, ran, 3, str(path))
    recovers(place)
