"""Names of sources are distinct and lead back to the file, whatever bytes they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer import SearchRequest, load_settings, open_searcher, reindex
from jianbao.indexer.sources import find_listed, find_sources
from jianbao.indexer.sources.files.file_names import name_of, path_bytes, readable
from jianbao.web import create_app
from tests.sources.helpers import read_folder, read_with_problems
from tests.sources.office import making

TWINS = (
    *(b"\xd6\xd0\xce\xc4.txt", b"\xd6\xd1\xce\xc4.txt", b"\\xd6\\xd0\\xce\\xc4.txt"),
    *("\ufffd\ufffd\ufffd\ufffd.txt".encode(), b"\\x5cxd6.txt", b"\\xd6.txt", b"\xd6.txt"),
    *(b"a\nb.txt", b"a\\x0ab.txt", b"a\x1b[31mb.txt", b"a b.txt", b" a.txt", b"a%0Ab.txt"),
    *("é.txt".encode(), "e\u0301.txt".encode(), b"\xed\xa0\x80.txt", b"\\.txt", b"a?b#c.txt"),
    *(b"\xd6\xd0/a.txt", b"\xd6\xd1/a.txt", b"\\xd6\\xd0/a.txt", "a\u202eb.txt".encode()),
)
"""Names that are alike once decoded, spelled as an escape of another, or hard to write."""

BYTES = st.binary(min_size=1, max_size=12).map(
    lambda name: name.translate(None, b"/\0").lstrip(b".")
)
SPELLED = st.lists(st.sampled_from([b"\\", b"x", b"d6", b"\xd6", b"5c", b"\\xd6"]), max_size=6)
NAMES = st.one_of(BYTES, SPELLED.map(b"".join)).map(lambda name: name + b".txt")


def write_all(folder: Path, names: Collection[bytes]) -> None:
    """A file of each name, with text that no other has."""
    for number, name in enumerate(sorted(names)):
        path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - bytes.
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(f"第{number}号\n正文丁{number}丁。\n".encode())


@given(
    st.one_of(
        st.binary(max_size=30),
        st.text(max_size=10).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
)
def test_a_name_leads_back_to_its_bytes(raw: bytes) -> None:
    name = name_of(raw)
    assert path_bytes(name) == raw
    assert name.encode().decode() == name and len(name.splitlines()) <= 1
    readable(name).encode()


@given(st.sets(NAMES, max_size=8))
@settings(max_examples=40)
def test_distinct_names_are_distinct_sources(names: set[bytes]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_all(folder, names)
        sources, problems = find_sources([folder])
        articles, _ = read_folder(folder)
    hidden = (b".", b"README")
    expected = {name for name in names if not name.upper().startswith(hidden)}
    assert {path_bytes(source.name) for source in sources} == expected
    assert not problems
    assert {path_bytes(article.id) for article in articles} == expected


def test_all_are_indexed_found_and_opened_in_the_app(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    write_all(folder, TWINS)
    chosen = load_settings({"index": tmp_path / "index", "jobs": 1}, {}, tmp_path)
    report = reindex(chosen, [folder], now=lambda: datetime.now(UTC))
    assert (report.articles, report.problems) == (len(TWINS), ())
    assert not reindex(chosen, [folder], now=lambda: datetime.now(UTC)).published
    searcher = open_searcher(chosen, perf_counter)
    try:
        client = create_app(searcher).test_client()
        for number, raw in enumerate(sorted(TWINS)):
            (hit,) = searcher.search(SearchRequest(f'"正文丁{number}丁"')).hits
            assert path_bytes(hit.article.id) == raw
            found = client.get(f"/api/v1/search?q=正文丁{number}丁").get_json()["hits"][0]
            page = client.get(found["url"])
            assert page.status_code == 200, raw
            assert f"正文丁{number}丁" in page.get_data(as_text=True)
    finally:
        searcher.close()


def run(folder: Path, *words: object, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """`python -m jianbao.indexer` with these words, in a folder."""
    command = [sys.executable, "-m", "jianbao.indexer", *map(str, words)]
    root = str(Path(__file__).resolve().parents[2])
    own = {**os.environ, "PYTHONPATH": root, **environ}
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, check=False)


def test_reports_exports_and_json_in_ascii(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd6\xd0"))
    write_all(folder, TWINS)
    (folder / os.fsdecode(b"\xff\n.json")).write_text("{")
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    done = run(tmp_path, "index", folder, "--json", "--jobs", 1, **ascii_only)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["articles"] == len(TWINS)
    assert b"\\xff\\x0a.json" in done.stderr and b"Traceback" not in done.stderr
    done = run(tmp_path, "index", "--full", "--log-json", "--jobs", 1, **ascii_only)
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()][-1] == "published"
    done = run(tmp_path, "search", "正文", "--json", "--limit", 100, **ascii_only)
    ids = {hit["article"]["id"] for hit in json.loads(done.stdout)["hits"]}
    assert {path_bytes(id_) for id_ in ids} == set(TWINS)
    assert run(tmp_path, "search", "正文", **ascii_only).returncode == 0
    assert run(tmp_path, "export", "all.jsonl").returncode == 0
    assert run(tmp_path, "index", "all.jsonl", "--index", "second", "--jobs", 1).returncode == 0
    done = run(tmp_path, "search", "正文", "--json", "--limit", 100, "--index", "second")
    assert {hit["article"]["id"] for hit in json.loads(done.stdout)["hits"]} == ids


def test_listed_files_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    write_all(folder, TWINS)
    paths = [os.path.join(os.fsencode(folder), name) for name in TWINS]  # noqa: PTH118
    (tmp_path / "list").write_bytes(b"\0".join(paths) + b"\0")
    done = run(tmp_path, "index", folder, "--list-file", "list", "--json", "--jobs", 1)
    assert json.loads(done.stdout)["articles"] == len(TWINS), done.stderr
    listed = [Path(os.fsdecode(path)) for path in paths]
    assert set(find_listed([folder], listed)[0]) == set(find_sources([folder])[0])


def test_rules_are_about_the_names_as_they_are(tmp_path: Path) -> None:
    write_all(tmp_path, [b"\xd6\xd0.txt", b"a\nb.txt", "甲.txt".encode(), b"[1].txt"])
    (tmp_path / ".jianbaoignore").write_text("甲*\n\\[1].txt\n?\n", "utf-8")
    assert {source.name for source in find_sources([tmp_path])[0]} == {
        *("\\xd6\\xd0.txt", "a\\x0ab.txt"),
    }


def test_folders_whose_names_hold_those_of_others(tmp_path: Path) -> None:
    roots = [tmp_path / place for place in ("1/a/b", "2/c/b", "3/a", "4/c")]
    for root in roots:
        write_all(root, [b"x.txt", b"b/x.txt"])
    stem = tmp_path.as_posix().strip("/")
    whole = tmp_path / "5" / stem
    write_all(whole / "1/a/b", [b"x.txt"])
    sources, _ = find_sources([*roots, whole])
    assert len({source.name for source in sources}) == len(sources) == 9


def test_a_name_that_is_not_utf8_is_a_readable_title(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), "会议纪要".encode("gb18030") + b".md")  # noqa: PTH118
    with open(path, "wb") as file:  # noqa: PTH123
        file.write("只有正文。\n".encode())
    (article,), _ = read_folder(tmp_path)
    assert article.title == "会议纪要"


def test_files_of_one_name_in_an_archive_or_a_mail(tmp_path: Path) -> None:
    archive = making.zip_bytes(
        {f"{number}.txt": f"题{number}\n文{number}。" for number in range(4)}
    )
    for number in (1, 2):
        archive = archive.replace(f"{number}.txt".encode(), b"0.txt")
    archive = archive.replace(b"3.txt", b"\xff.txt")
    articles, problems = read_with_problems(tmp_path, {"a.zip": archive})
    assert not problems
    assert len({article.id for article in articles}) == 4
    assert {article.title for article in articles} == {"题0", "题1", "题2", "题3"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_watch_goes_on_after_such_a_name(tmp_path: Path) -> None:
    pytest.importorskip("watchfiles")
    folder = tmp_path / "sources"
    write_all(folder, [b"a.txt"])
    command = [
        sys.executable,
        "-m",
        "jianbao.indexer",
        "index",
        str(folder),
        "--watch",
        "--jobs",
        "1",
    ]
    root = str(Path(__file__).resolve().parents[2])
    own = {**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=own, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        told = []
        for names in ([b"\xd6\xd0.txt"], [b"\xd6\xd1.txt", b"b.txt"]):
            told.append(_published(process.stderr))
            write_all(folder, [b"a.txt", *names])
        while "4 articles" not in told[-1]:
            told.append(_published(process.stderr))
        process.terminate()
        process.wait(30)
    assert "1 articles" in told[0]


def _published(lines: object) -> str:
    for line in lines:  # type: ignore[attr-defined]
        assert "Traceback" not in line
        if "published" in line:
            return str(line)
    raise AssertionError("the watch ended")
