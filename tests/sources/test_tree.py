"""Looking again at what changed finds what a walk through all finds."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jianbao.indexer.sources import Tree, find_sources
from tests.test_changes import write


def make(folder: Path) -> None:
    for name in ("a.txt", "one/b.txt", "one/deep/c.md", "two/d.bin", "two/.hidden.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / name, "石桥\n")


Edit = Callable[[Path], list[Path]]
"""Changes a folder; the paths that a watcher tells of."""


def new_file(folder: Path) -> list[Path]:
    write(folder / "one" / "aa.txt", "新\n")
    return [folder / "one" / "aa.txt"]


def changed_file(folder: Path) -> list[Path]:
    write(folder / "a.txt", "改\n")
    return [folder / "a.txt"]


def gone_file(folder: Path) -> list[Path]:
    (folder / "one" / "b.txt").unlink()
    return [folder / "one" / "b.txt"]


def renamed_file(folder: Path) -> list[Path]:
    (folder / "two" / "d.bin").rename(folder / "two" / "d.txt")
    return [folder / "two" / "d.bin", folder / "two" / "d.txt"]


def moved_folder(folder: Path) -> list[Path]:
    (folder / "one").rename(folder / "three")
    return [folder / "one", folder / "three"]


def gone_folder(folder: Path) -> list[Path]:
    shutil.rmtree(folder / "one")
    return [folder / "one" / "b.txt"]


def file_for_a_folder(folder: Path) -> list[Path]:
    shutil.rmtree(folder / "one")
    write(folder / "one", "石桥\n")
    return [folder / "one"]


def new_folder(folder: Path) -> list[Path]:
    write_in = folder / "new"
    write_in.mkdir()
    write(write_in / "e.txt", "石桥\n")
    return [write_in / "e.txt"]


def new_rule(folder: Path) -> list[Path]:
    write(folder / ".jianbaoignore", "deep/\n")
    return [folder / ".jianbaoignore"]


def rule_that_was_not_told_of(folder: Path) -> list[Path]:
    write(folder / ".jianbaoignore", "b.txt\n")
    return changed_file(folder)


def link_to_a_folder(folder: Path) -> list[Path]:
    (folder / "linked").symlink_to(folder / "one")
    write(folder / "one" / "more.txt", "石桥\n")
    return [folder / "linked", folder / "one" / "more.txt"]


EDITS: tuple[Edit, ...] = (
    new_file,
    changed_file,
    gone_file,
    renamed_file,
    moved_folder,
    gone_folder,
    file_for_a_folder,
    new_folder,
    new_rule,
    rule_that_was_not_told_of,
    link_to_a_folder,
)


@pytest.mark.parametrize("edit", EDITS)
def test_it_is_what_a_new_walk_finds(edit: Edit, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    make(folder)
    tree = Tree([folder])
    assert tree.look().found == find_sources([folder])
    for path in (edit(folder), changed_file(folder), []):
        assert tree.look(path).found == find_sources([folder])


@pytest.mark.parametrize("edit", [new_file, changed_file, gone_file, renamed_file])
def test_only_the_folders_of_changed_files_are_looked_at(edit: Edit, tmp_path: Path) -> None:
    make(tmp_path)
    tree = Tree([tmp_path])
    assert tree.look().at is None
    paths = edit(tmp_path)
    at = tree.look(paths).at
    assert at is not None
    there = {path.relative_to(tmp_path).as_posix() for path in paths if path.suffix != ".bin"}
    assert {name for name in there if (tmp_path / name).exists()} <= at
    assert "one/deep/c.md" not in at


@pytest.mark.parametrize("seed", range(5))
def test_many_changes_one_after_another(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    make(tmp_path)
    tree = Tree([tmp_path, tmp_path / "two"] if seed == 4 else [tmp_path])
    tree.look()
    for number in range(20):
        folders = [tmp_path, *(path for path in tmp_path.rglob("*") if path.is_dir())]
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        place = chance.choice(folders) / chance.choice([f"{number}.txt", "README.md", "x.bin"])
        told = [place]
        if chance.random() < 0.3 and files:
            told = [chance.choice(files)]
            told[0].unlink()
        elif chance.random() < 0.3:
            (place := place.with_suffix("")).mkdir(exist_ok=True)
            write(place / "inner.txt", "石桥\n")
            told = [place]
        else:
            write(place, f"{number}\n")
        assert tree.look(told).found == find_sources(tree.roots)
