"""Links are followed within the sources and to where a setting says, and no further."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jianbao.indexer import load_settings, reindex
from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Problem
from jianbao.indexer.sources import SourceFile, find_listed, find_sources, read_sources
from jianbao.indexer.sources.listing.find import Found
from tests.sources.office import making

OUT = "the link leads out of the sources"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file, beside another with secrets."""
    for name in ("sources/a.txt", "secret/s.txt", "secret/deep/t.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n正文。", "utf-8")
    return tmp_path / "sources"


def names(found: Found) -> list[str]:
    return [source.name for source in found[0]]


def told(found: Found) -> list[tuple[str, str, str]]:
    return [(each.source, each.outcome, each.reason[: len(OUT)]) for each in found[1]]


@pytest.mark.parametrize(
    "target",
    ["/etc/passwd", "../secret/s.txt", "../secret", "/", "..", "/dev/zero", "../nowhere.txt"],
)
@pytest.mark.parametrize("name", ["x.txt", "x"])
def test_a_link_out_is_told_and_not_followed(folder: Path, target: str, name: str) -> None:
    (folder / "b.txt").symlink_to(name)
    (folder / name).symlink_to(target)
    found = find_sources([folder])
    assert names(found) == ["a.txt"]
    if target == "..":
        assert {each.source for each in found[1]} == {"b.txt", name}
    else:
        assert told(found) == [("b.txt", "not indexed", OUT), (name, "not indexed", OUT)]
    listed = find_listed([folder], [folder / name, folder / "a.txt", folder / name / "s.txt"])
    assert names(listed) == ["a.txt"]


def test_a_setting_lets_links_lead_to_a_folder(folder: Path, tmp_path: Path) -> None:
    (folder / "s.txt").symlink_to(tmp_path / "secret/s.txt")
    (folder / "deep").symlink_to(tmp_path / "secret/deep")
    (folder / "p.txt").symlink_to("/etc/passwd")
    found = find_sources([folder], follow_links=[tmp_path / "secret"])
    assert names(found) == ["a.txt", "deep/t.txt", "s.txt"]
    assert told(found) == [("p.txt", "not indexed", OUT)]
    settings = load_settings({"index": tmp_path / "index", "jobs": 1}, {}, tmp_path)
    report = reindex(settings, [folder], now=lambda: datetime.now(UTC))
    assert report.articles == 1
    (problem,) = report.problems
    assert (problem.source, problem.count, problem.outcome) == ("deep", 3, "not indexed")
    wider = {"JIANBAO_FOLLOW_LINKS": f"/nowhere, {tmp_path / 'secret/deep'}"}
    settings = load_settings({"index": tmp_path / "index", "jobs": 1}, wider, tmp_path)
    assert reindex(settings, [folder], now=lambda: datetime.now(UTC)).articles == 2


def test_a_root_that_is_a_link_is_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "root").symlink_to(folder)
    (tmp_path / "file.txt").symlink_to(tmp_path / "secret/s.txt")
    assert names(find_sources([tmp_path / "root"])) == ["a.txt"]
    articles = list(read_sources(find_sources([tmp_path / "file.txt"])[0]))
    assert not any(isinstance(each, Problem) for each in articles)


def test_links_inside_find_nothing_twice(folder: Path) -> None:
    (folder / ".store").mkdir()
    (folder / ".store/h.txt").write_text("隐\n正文。", "utf-8")
    (folder / "one").mkdir()
    (folder / "one/b.txt").write_text("乙\n正文。", "utf-8")
    for link, target in {
        "0.txt": "a.txt",
        "one/again.txt": "../a.txt",
        "0": "one",
        "kept.txt": ".store/h.txt",
        "zzz.txt": "kept.txt",
        "store": ".store",
    }.items():
        (folder / link).symlink_to(target)
    found = find_sources([folder])
    assert names(found) == ["a.txt", "one/b.txt", "kept.txt"]
    assert not found[1]
    assert names(find_sources([folder, folder / "one"])) == [
        *("sources/a.txt", "sources/one/b.txt", "sources/kept.txt"),
    ]
    both = [folder / "0.txt", folder / "a.txt"]
    assert names(find_listed([folder], both)) == ["a.txt"]
    assert names(find_listed([folder], both[:1])) == ["0.txt"]


def test_folders_that_all_link_to_each_other_are_walked_once(folder: Path) -> None:
    """Followed by its paths, this has more than 10^17 files."""
    many = [folder / f"{number:02}" for number in range(20)]
    for place in many:
        place.mkdir()
        (place / "x.txt").write_text("题\n文。", "utf-8")
        for other in many:
            (place / f"to{other.name}").symlink_to(other)
    found = find_sources([folder])
    assert len(found[0]) == 21
    assert len(found[1]) == 20, "those that lead to the folder they lie in"


def swapped(folder: Path, target: object) -> list[Problem]:
    """What is told of `a.txt` when it is replaced after it was listed."""
    sources, _ = find_sources([folder])
    (folder / "a.txt").unlink()
    if isinstance(target, Path):
        (folder / "a.txt").symlink_to(target)
    else:
        os.mkfifo(folder / "a.txt")
    with pytest.raises((SourceError, OSError)):
        SourceFile(sources[0]).digest()
    return list(read_sources(sources))  # type: ignore[arg-type]


@pytest.mark.parametrize("target", [Path("/etc/passwd"), Path("/dev/zero"), None])
def test_what_takes_a_files_place_is_not_read(folder: Path, target: Path | None) -> None:
    done: list[Problem] = []
    thread = threading.Thread(target=lambda: done.extend(swapped(folder, target)), daemon=True)
    thread.start()
    thread.join(60)
    (problem,) = done
    assert problem.outcome == "skipped"


def test_a_folder_that_becomes_a_link_is_not_read(folder: Path, tmp_path: Path) -> None:
    (folder / "d").mkdir()
    (folder / "d/s.txt").write_text("好\n好。", "utf-8")
    (folder / "d/s.docx").write_bytes(making.docx_bytes(["好好。"]))
    (tmp_path / "secret/s.docx").write_bytes(making.docx_bytes(["秘密。"]))
    sources, _ = find_sources([folder])
    (folder / "d").rename(folder / ".d")
    (folder / "d").symlink_to(tmp_path / "secret")
    items = [item for item in read_sources(sources) if isinstance(item, Problem)]
    assert [item.source for item in items] == ["d/s.docx", "d/s.txt"]


def test_a_file_that_was_replaced_by_another_is_read(folder: Path) -> None:
    sources, _ = find_sources([folder])
    (folder / "new").write_text("新\n新文。", "utf-8")
    (folder / "new").replace(folder / "a.txt")
    (article,) = read_sources(sources)
    assert not isinstance(article, Problem) and article.title == "新"


def test_rules_behind_a_link_out_are_not_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret/rules").write_text("*.txt\n", "utf-8")
    (folder / ".jianbaoignore").symlink_to(tmp_path / "secret/rules")
    found = find_sources([folder])
    assert names(found) == ["a.txt"]
    assert told(found) == [(".jianbaoignore", "not indexed", OUT)]
    os.remove(folder / ".jianbaoignore")  # noqa: PTH107
    os.mkfifo(folder / ".jianbaoignore")
    assert [each.source for each in find_sources([folder])[1]] == [".jianbaoignore"]


def test_links_in_an_archive_lead_nowhere(folder: Path) -> None:
    import zipfile

    link = zipfile.ZipInfo("passwd.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.writestr(link, "../../../../etc/passwd")
        archive.writestr("b.txt", "乙\n正文。")
    items = list(read_sources(find_sources([folder])[0]))
    assert [item.outcome for item in items if isinstance(item, Problem)] == ["not indexed"]
    assert len(items) == 3
