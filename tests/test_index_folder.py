"""What lies in an index folder: nothing whole and nothing of somebody else's is ever removed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer import IndexDamagedError, UserError, load_settings, reindex
from jianbao.indexer.commands import cli_group
from jianbao.indexer.store.generations import Generations, Manifest
from jianbao.indexer.store.inventory import MARK

Content = dict[str, bytes | str | None]


def content(folder: Path) -> Content:
    """Everything below a folder: files with their bytes, links with their targets."""
    found: Content = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else None
    return found


def run(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(cli_group, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `sources` and an `index` of two generations; nobody changes it."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "sources").mkdir()
    for number in range(2):
        text = f"石桥第{number}号\n\n城东的石桥昨日修缮完工。\n"
        (folder / "sources" / f"{number}.txt").write_text(text, "utf-8")
        used = load_settings({"index": folder / "index", "jobs": 1}, {}, folder)
        reindex(used, [folder / "sources"], now=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(made, tmp_path / "place")
    return tmp_path / "place"


def whole(index: Path) -> set[str]:
    """The generations that are as they were published."""
    found = set()
    for path in (index / "generations").iterdir():
        with suppress(IndexDamagedError):
            Generations(index).check(path.name)
            found.add(path.name)
    return found


FAILING: tuple[tuple[str, ...], ...] = (
    ("index", "/nonexistent"),
    ("index",),
    ("restore", "/nonexistent"),
    ("search", "石桥"),
    ("check",),
    ("backup", "/nonexistent/x"),
    ("export", "/nonexistent/x"),
    ("index", "empty"),
)


@pytest.mark.parametrize("how", ["missing", "damaged", "of another kind"])
def test_no_command_removes_a_generation_for_want_of_a_pointer(place: Path, how: str) -> None:
    index, pointer = place / "index", place / "index" / "current.json"
    (place / "empty").mkdir()
    if how == "missing":
        pointer.unlink()
    else:
        pointer.write_text("{" if how == "damaged" else '{"current": 1}', "utf-8")
    before = content(index / "generations")
    for command in FAILING:
        words = [str(place / word) if word == "empty" else word for word in command]
        done = CliRunner().invoke(cli_group, [*words, "--index", str(index)])
        assert done.exit_code in (2, 3, 5), (command, done.output)
        assert content(index / "generations") == before, command
    told = run("search", "石桥", "--index", index, code=5)
    assert "000001, 000002" in told and "jianbao rollback" in told and "index PATH" in told
    assert "published as generation 000003" in run(
        "index", place / "sources", "--index", index, "--jobs", 1
    )
    assert whole(index) == {"000001", "000002", "000003"}
    assert Generations(index).pointer().previous == "000002"


@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_rollback_finds_the_newest_whole_generation(place: Path, how: str) -> None:
    index = place / "index"
    (index / "current.json").unlink()
    if how == "damaged":
        (index / "current.json").write_text("{", "utf-8")
    assert "000002 is live" in run("rollback", "--index", index)
    assert "2 hits" in run("search", "石桥", "--index", index)
    assert Generations(index).pointer().previous == "000001"
    (index / "current.json").unlink()
    (index / "generations" / "000002" / "articles.bin").write_bytes(b"")
    assert "000001 is live" in run("rollback", "--index", index)


def test_a_damaged_live_generation_does_not_displace_the_whole_one_before_it(place: Path) -> None:
    """So rollback still leads somewhere."""
    index = place / "index"
    (index / "generations" / "000002" / "manifest.json").write_text("{", "utf-8")
    told = run("index", place / "sources", "--index", index, "--full", "--jobs", 1)
    assert "left alone: generations/000002" in told
    assert whole(index) == {"000001", "000003"}
    assert "000001 is live" in run("rollback", "--index", index)


@pytest.mark.parametrize(
    "name", ["my_thesis", "2024", "202401", "000001.bak", "000009", "１２３４５６", "link", "-1"]
)
@pytest.mark.parametrize("has_index", [True, False])
def test_a_folder_that_is_not_ours_is_refused_and_stays(
    place: Path, name: str, has_index: bool
) -> None:
    index = place / "index"
    if not has_index:
        shutil.rmtree(index)
    (index / "generations").mkdir(parents=True, exist_ok=True)
    if name == "link":
        (place / "papers").mkdir()
        (index / "generations" / name).symlink_to(place / "papers")
    else:
        (index / "generations" / name / "part").mkdir(parents=True)
        (index / "generations" / name / "chapter.txt").write_text("…", "utf-8")
    before = content(place)
    for command in (("index", place / "sources"), ("index", place / "sources", "--full")):
        told = run(*command, "--index", index, "--jobs", 1, code=2)
        assert "generations" in told and "--index" in told
        assert content(place) == before


@pytest.mark.parametrize(
    "name", ["thesis.txt", "lock/x", "current.json", "generations/a", ".git/x"]
)
def test_a_folder_without_any_sign_of_an_index_is_refused(place: Path, name: str) -> None:
    """Nothing is written there, neither over a file of that name nor beside it."""
    other = place / "other"
    (other / name).parent.mkdir(parents=True)
    (other / name).write_text('{"current": "weather"}', "utf-8")
    before = content(other)
    for command in (("index", place / "sources"), ("rollback",)):
        told = run(*command, "--index", other, code=2)
        assert str(other) in told and "--index" in told
        assert content(other) == before


@pytest.mark.parametrize("names", [[], [".DS_Store"], ["Thumbs.db", "lost+found/"], [".gitkeep"]])
def test_a_folder_that_is_as_good_as_empty_becomes_an_index(place: Path, names: list[str]) -> None:
    other = place / "other"
    other.mkdir()
    for name in names:
        if name.endswith("/"):
            (other / name).mkdir()
        else:
            (other / name).write_text("", "utf-8")
    run("index", place / "sources", "--index", other, "--jobs", 1)


STRAY = (".DS_Store", "Thumbs.db", "notes.txt", "000009")


@pytest.mark.parametrize("name", STRAY)
def test_a_stray_file_stops_no_run_and_is_told_once(place: Path, name: str) -> None:
    index = place / "index"
    stray = index / "generations" / name
    stray.write_text("mine", "utf-8")
    for number in range(2):
        (place / "sources" / f"new{number}.txt").write_text(f"木桥{number}\n\n新。\n", "utf-8")
        told = run("index", place / "sources", "--index", index, "--jobs", 1)
        is_litter = name in STRAY[:2]
        assert told.count("left alone") == (0 if is_litter else 1)
        assert "published" in told and stray.read_text("utf-8") == "mine"
    assert "Up to date" in run("index", place / "sources", "--index", index)
    assert {path.name for path in (index / "generations").iterdir()} - {name} == whole(index)
    run("rollback", "--index", index)
    run("backup", place / "kept.tar", "--index", index)
    run("restore", place / "kept.tar", "--index", index)
    assert stray.read_text("utf-8") == "mine"


def test_files_that_somebody_put_into_a_generation_stay_when_it_goes(place: Path) -> None:
    index = place / "index"
    old = index / "generations" / "000001"
    (old / "notes").mkdir()
    (old / "notes" / "mine.txt").write_text("mine", "utf-8")
    (old / "columns.txt").symlink_to(place / "sources" / "0.txt")
    aside = place / "aside"
    (old / "suggestions").rename(aside)
    (old / "suggestions").symlink_to(aside)
    before = content(aside)
    for number in range(2):
        (place / "sources" / f"new{number}.txt").write_text(f"木桥{number}\n\n新。\n", "utf-8")
        told = run("index", place / "sources", "--index", index, "--jobs", 1)
        assert "left alone: generations/000001" in told
    assert set(content(old)) == {
        "columns.txt", "manifest.json", "notes", "notes/mine.txt", "suggestions",
    }  # fmt: skip
    assert content(aside) == before and (place / "sources" / "0.txt").exists()


def test_what_a_run_began_is_removed_by_its_mark(place: Path) -> None:
    index = place / "index"
    with pytest.raises(KeyError), Generations(index).begun() as name:
        assert (index / "generations" / name / MARK).exists()
        raise KeyError
    assert not (index / "generations" / name).exists()
    killed = Generations(index).begun()
    left = index / "generations" / killed.__enter__()
    (left / "runs").mkdir()
    (left / "runs" / "text.npy").write_bytes(b"x")
    (index / "generations" / "000008").mkdir()
    (index / "current.json.new").write_bytes(b"")
    with Generations(index).lock(0):
        Generations(index).clean()
    assert {path.name for path in (index / "generations").iterdir()} == {"000001", "000002"}
    assert not (index / "current.json.new").exists()


def test_nobody_else_may_read_an_index_or_a_copy_of_it(place: Path) -> None:
    index = place / "private"
    before = os.umask(0)
    try:
        for number in range(2):
            text = f"铁桥{number}\n\n新。\n"
            (place / "sources" / f"more{number}.txt").write_text(text, "utf-8")
            run("index", place / "sources", "--index", index, "--jobs", 1)
        run("backup", place / "kept.tar", "--index", index)
        for name in ("all.jsonl", "all.jsonl.gz"):
            (place / name).write_text("before", "utf-8")
            run("export", place / name, "--index", index)
        run("restore", place / "kept.tar", "--index", index)
    finally:
        os.umask(before)
    for path in (index, *index.rglob("*"), *place.glob("*.tar"), *place.glob("all.*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_backup_never_takes_the_place_of_a_device_or_folder(place: Path) -> None:
    pipe = place / "pipe"
    os.mkfifo(pipe)
    for target in (pipe, place / "sources"):
        assert "cannot be written" in run("backup", target, "--index", place / "index", code=2)
    assert stat.S_ISFIFO(pipe.stat().st_mode) and (place / "sources").is_dir()


def publish(generations: Generations) -> str:
    """A generation of one file."""
    with generations.begun() as name:
        (generations.path(name) / "inner").mkdir()
        (generations.path(name) / "inner" / "a.npy").write_bytes(name.encode())
        generations.publish(Manifest(name, "2026-01-02", 1, {}, ["/articles"]))
    return name


@contextmanager
def as_if_killed() -> Iterator[None]:
    with suppress(UserError, IndexDamagedError):
        yield


NAMES = st.one_of(
    st.sampled_from(["my_thesis", "2024", "000007", "202401", ".DS_Store", "@eaDir", "lost+found"]),
    st.text("0123456789.a 中_-", min_size=1, max_size=8).filter(lambda name: name.strip(".")),
)
FOREIGN = st.dictionaries(
    NAMES, st.sampled_from(["file", "folder", "empty folder", "link", "dead link"]), max_size=4
)
STEPS = st.lists(
    st.sampled_from(["publish", "clean", "fail", "rollback", "lose", "damage", "kill"]), max_size=8
)


def make(path: Path, kind: str, other: Path) -> None:
    """What somebody else has put there."""
    if path.exists() or path.is_symlink():
        return
    if kind == "file":
        path.write_bytes(b"mine")
    elif kind in ("link", "dead link"):
        path.symlink_to(other if kind == "link" else other / "gone")
    else:
        path.mkdir()
        if kind == "folder":
            (path / "mine").write_bytes(b"mine")


@settings(max_examples=60)
@given(foreign=FOREIGN, steps=STEPS, when=st.integers(0, 8))
def test_whatever_happens_only_replaced_generations_go(
    foreign: dict[str, str], steps: list[str], when: int
) -> None:
    with TemporaryDirectory() as name:
        folder, other = Path(name) / "index", Path(name) / "other"
        other.mkdir()
        (other / "mine").write_bytes(b"mine")
        generations = Generations(folder)
        with generations.lock(0):
            publish(generations)
        for number, step in enumerate(steps):
            if number == min(when, len(steps) - 1):
                for each, kind in foreign.items():
                    make(folder / "generations" / each, kind, other)
            check_step(generations, folder, step)
        assert content(other) == {"mine": b"mine"}


def check_step(generations: Generations, folder: Path, step: str) -> None:
    """One step: what is whole stays unless a sound pointer let go of it; what is not ours stays."""
    whole_before, had_pointer = whole(folder), bool(generations.live())
    alien = {
        key: value
        for key, value in content(folder / "generations").items()
        if b"mine" in (value if isinstance(value, bytes) else b"") or isinstance(value, str)
    }
    with as_if_killed():
        ACTIONS[step](generations, folder)
    after = content(folder / "generations")
    assert all(after.get(key, b"") == value for key, value in alien.items())
    named = generations.pointer() if generations.live() else None
    if step == "publish" and had_pointer and named:
        assert {named.current, named.previous} - {""} <= whole(folder)
    else:
        assert whole_before <= whole(folder)


def locked(action: Callable[[Generations], object]) -> Callable[[Generations, Path], None]:
    def act(generations: Generations, folder: Path) -> None:
        with generations.lock(0):
            generations.clean()
            action(generations)

    return act


def fail(generations: Generations) -> None:
    with suppress(ZeroDivisionError), generations.begun():
        raise ZeroDivisionError


def kill(generations: Generations) -> None:
    begun = generations.begun()
    folder = generations.path(begun.__enter__())
    (folder / "part.npy").write_bytes(b"x")
    kept = folder.rename(folder.with_name("kept"))
    # Nobody removes it, as when the process ends here.
    with suppress(GeneratorExit):
        begun.__exit__(GeneratorExit, None, None)
    kept.rename(folder)


def roll_back(generations: Generations) -> None:
    with suppress(Exception):
        generations.rollback()


ACTIONS: dict[str, Callable[[Generations, Path], object]] = {
    "publish": locked(publish),
    "clean": locked(lambda _: None),
    "fail": locked(fail),
    "kill": locked(kill),
    "rollback": locked(roll_back),
    "lose": lambda _, folder: (folder / "current.json").unlink(missing_ok=True),
    "damage": lambda _, folder: (folder / "current.json").write_text("{", "utf-8"),
}
