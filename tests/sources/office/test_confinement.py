"""No office file hangs, crashes, exhausts or escapes the run, and each is told with its reason."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Problem, Source
from jianbao.indexer.sources.files.reader import Item, PageStories
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.formats.office_needs import NEEDS
from jianbao.indexer.sources.office.sandbox import child as child_module
from jianbao.indexer.sources.office.sandbox.limits import MB, Limits
from jianbao.indexer.sources.office.sandbox.reading import OfficeReading
from jianbao.indexer.sources.office.sandbox.wire import WireError, packed, unpacked
from tests.sources.helpers import read_folder, read_with_problems
from tests.sources.office import breaking, making


def _file(path: Path) -> SourceFile:
    return SourceFile(Source(path, path.name))


def _peak() -> int:
    """The most memory, in megabytes, that this process has had."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _write(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    return True


def _read(office: OfficeReading, path: Path) -> list[Item]:
    try:
        return list(office.read(_file(path)))
    except SourceError as error:
        return [Problem(path.name, "skipped", str(error))]


@pytest.fixture(scope="module")
def office() -> Iterator[OfficeReading]:
    """One process for all tests that do not break it."""
    with OfficeReading() as reading:
        yield reading


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks the system how much memory was used")
def test_two_hundred_broken_files(tmp_path: Path) -> None:
    hopeless = {name for name, content in breaking.hostile() if _write(tmp_path / name, content)}
    for name, content in (*breaking.damaged(2024), *breaking.harmless()):
        _write(tmp_path / name, content)
    for name in ("sparse.pdf", "sparse.zip", "sparse.docx"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(2 << 30)
        hopeless.add(name)
    names = {path.name for path in tmp_path.iterdir()}
    assert len(names) >= 200
    Path("/proc/self/clear_refs").write_text("5")  # From here on the peak is counted anew.
    before = _peak()
    began = time.monotonic()
    articles, problems = read_folder(tmp_path)
    grown = _peak() - before
    reasons = Counter(problem.reason.split(":")[-1][:60] for problem in problems)
    print(f"{len(names)} files, {len(articles)} articles, {len(problems)} problems,")
    print(f"{time.monotonic() - began:.0f} s, parent grown by {grown} MB")
    for reason, count in reasons.most_common():
        print(f"{count:5} {reason}")
    assert {each.path for each in articles} | {each.source for each in problems} == names
    assert all(len(problem.reason) > 10 for problem in problems)
    told = {each.source for each in problems}
    assert hopeless <= told, hopeless - told
    assert not any("root:" in each.body or "笑笑笑" in each.body for each in articles)
    assert grown < 100


@pytest.mark.parametrize("suffix", sorted(NEEDS))
@given(content=st.binary(min_size=1, max_size=400))
@settings(max_examples=20)
def test_any_bytes_under_any_suffix(
    tmp_path_factory: pytest.TempPathFactory, office: OfficeReading, suffix: str, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / f"a{suffix}"
    path.write_bytes(content)
    assert _read(office, path)


def test_one_process_reads_many_files(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.docx").write_bytes(making.docx_bytes([f"第{number}段。"]))
    with OfficeReading(Limits(files=3)) as reading:
        processes = []
        for number in range(5):
            (article,) = _read(reading, tmp_path / f"{number}.docx")
            assert isinstance(article, Article) and article.body == f"第{number}段。"
            assert reading._child is not None
            processes.append(reading._child._process.pid)
    assert [processes.count(each) for each in dict.fromkeys(processes)] == [3, 2]
    for process in set(processes):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_memory_is_limited_and_the_next_file_is_read(tmp_path: Path) -> None:
    parts = {"a.txt": "题\n" + "文" * (30 * MB)}
    (tmp_path / "big.zip").write_bytes(making.zip_bytes(dict(parts)))
    (tmp_path / "small.docx").write_bytes(making.docx_bytes(["小文件。"]))
    with OfficeReading(Limits(memory=60 * MB)) as reading:
        (problem,) = _read(reading, tmp_path / "big.zip")
        (article,) = _read(reading, tmp_path / "small.docx")
    assert isinstance(problem, Problem) and problem.outcome == "skipped"
    assert isinstance(article, Article)


def test_computing_is_limited_and_the_next_file_is_read(tmp_path: Path) -> None:
    rows = [(number, "字" * 20, number) for number in range(80_000)]
    (tmp_path / "long.xlsx").write_bytes(making.xlsx_bytes({"表一": rows}))
    (tmp_path / "short.docx").write_bytes(making.docx_bytes(["小文件。"]))
    with OfficeReading(Limits(cpu_seconds=1)) as reading:
        (problem,) = _read(reading, tmp_path / "long.xlsx")
        (article,) = _read(reading, tmp_path / "short.docx")
    assert isinstance(problem, Problem) and "too much computing time" in problem.reason
    assert isinstance(article, Article)


def test_silence_is_limited_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(making.docx_bytes(["小文件。"]))
    with OfficeReading(Limits(seconds=10.0)) as reading:
        os.kill(reading._ready()._process.pid, signal.SIGSTOP)
        (problem,) = _read(reading, tmp_path / "a.docx")
        (article,) = _read(reading, tmp_path / "a.docx")
    assert isinstance(problem, Problem) and "took too long" in problem.reason
    assert isinstance(article, Article)


@pytest.mark.parametrize("limits", [Limits(item=MB), Limits(output=MB)])
def test_output_is_limited(tmp_path: Path, limits: Limits) -> None:
    parts: dict[str, str | bytes] = {f"{number}.txt": f"题\n{'文' * 90_000}" for number in range(4)}
    parts["0.txt"] = f"题\n{'文' * 900_000}"
    (tmp_path / "a.zip").write_bytes(making.zip_bytes(parts))
    with OfficeReading(limits) as reading:
        items = _read(reading, tmp_path / "a.zip")
    assert [item for item in items if isinstance(item, Problem)]
    assert sum(len(item.body) for item in items if isinstance(item, Article)) < MB


def test_unpacked_bytes_members_and_depth_are_limited(tmp_path: Path) -> None:
    texts: dict[str, str | bytes] = {f"{number}.txt": f"题{number}\n文。" for number in range(9)}
    inner: dict[str, str | bytes] = {**texts, "9.zip": making.zip_bytes(texts)}
    (tmp_path / "a.zip").write_bytes(making.zip_bytes(inner))
    for limits in (Limits(unpacked=100), Limits(members=5), Limits(depth=2)):
        with OfficeReading(limits) as reading:
            items = _read(reading, tmp_path / "a.zip")
        articles = [item for item in items if isinstance(item, Article)]
        assert 0 < len(articles) < 10, limits
        assert any(isinstance(item, Problem) for item in items)


def test_a_crash_is_told_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(making.docx_bytes(["小文件。"]))
    with OfficeReading() as reading:
        _read(reading, tmp_path / "a.docx")
        assert reading._child is not None
        os.kill(reading._child._process.pid, signal.SIGSEGV)
        (problem,) = _read(reading, tmp_path / "a.docx")
        (article,) = _read(reading, tmp_path / "a.docx")
    assert isinstance(problem, Problem) and "SIGSEGV" in problem.reason
    assert isinstance(article, Article)


def test_secrets_of_the_environment_stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANBAO_SECRET", "x")
    assert "JIANBAO_SECRET" not in child_module._environment("/nowhere")


def test_a_killed_run_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    rows = [(number, "字" * 20) for number in range(100_000)]
    (tmp_path / "long.xlsx").write_bytes(making.xlsx_bytes({"表一": rows}))
    code = (
        "import sys; from pathlib import Path; from jianbao.indexer.models import Source\n"
        "from jianbao.indexer.sources.files.source_file import SourceFile\n"
        "from jianbao.indexer.sources.office.sandbox.reading import OfficeReading\n"
        "reading = OfficeReading(); child = reading._ready()\n"
        "print(child._process.pid, child._folder.name, flush=True)\n"
        "list(reading.read(SourceFile(Source(Path(sys.argv[1]), 'long.xlsx'))))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "long.xlsx")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        process, folder = run.stdout.readline().split()
        run.kill()
    for _ in range(200):
        if not Path(f"/proc/{process}").exists() and not Path(folder).exists():
            break
        time.sleep(0.1)
    assert not Path(folder).exists()
    assert not Path(f"/proc/{process}").exists()


def test_broken_files_do_not_stop_the_sound_ones(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.docx": b"PK\3\4 cut short",
        "b.docx": making.docx_bytes(["好文件。"]),
        "c.zip": making.zip_bytes({"坏.pdf": b"%PDF-1.7 ?", "好.txt": "题\n文。"}),
    }
    articles, problems = read_with_problems(tmp_path, files)
    assert [each.id for each in articles] == ["b.docx", "c.zip/好.txt"]
    assert [each.source for each in problems] == ["a.docx", "c.zip"]
    assert problems[1].reason.startswith("坏.pdf: ")


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
ARTICLES = st.builds(
    Article,
    id=TEXTS,
    title=TEXTS,
    body=TEXTS,
    author=st.tuples(TEXTS, TEXTS),
    meta=st.dictionaries(TEXTS, TEXTS, max_size=2),
    path=st.just("a.zip"),
)


@given(st.one_of(ARTICLES, st.builds(PageStories, st.tuples(ARTICLES)), st.none()))
def test_what_is_sent_arrives(item: Article | PageStories | None) -> None:
    assert unpacked(packed(item), "a.zip") == item


@given(st.binary(max_size=100) | st.sampled_from([b'{"article": {}}', b'{"problem": 1}', b"[]"]))
def test_senseless_answers_are_refused(data: bytes) -> None:
    try:
        assert unpacked(data, "a") is None
    except WireError:
        return


def test_an_answer_cannot_speak_for_another_source() -> None:
    forged = packed(Article(id="x", title="t", body="b", path="/etc/passwd"))
    item = unpacked(forged, "a.pdf")
    assert isinstance(item, Article) and item.path == "a.pdf"
