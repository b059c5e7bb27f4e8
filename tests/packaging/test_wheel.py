"""The wheel: what is in it, and that it works in an environment that has nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

HOST_APP = """
from pathlib import Path
from flask import Flask
import indexer, web
assert indexer.OWNER == web.OWNER == "the host"
from jianbao.indexer import load_settings, open_searcher
from jianbao.web import create_blueprint
settings = load_settings({"index": "index"}, {}, Path())
app = Flask("host")
app.register_blueprint(create_blueprint(open_searcher(settings)), url_prefix="/search")
answer = app.test_client().get("/search/?q=桥")
assert answer.status_code == 200 and "<mark>桥</mark>" in answer.text, answer.status
assert indexer.OWNER == web.OWNER == "the host"
"""


@pytest.fixture(scope="module")
def checkout(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout's own files, in which a build leaves what it leaves."""
    copy = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
    )
    if listed.returncode:
        pytest.skip("this is no checkout: git does not list its files")
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, checkout)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", wheel)
    return folder


def run(*command: object, cwd: Path | None = None) -> str:
    """What a command prints; it must succeed."""
    ended = subprocess.run(
        [str(each) for each in command], cwd=cwd, capture_output=True, text=True, timeout=500
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_every_folder_of_code_is_listed(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"])
    folders = {
        ".".join(("jianbao", *path.parent.relative_to(root).parts))
        for top in ("indexer", "web")
        for path in (root / top).rglob("*.py")
    }
    assert listed == folders | {"jianbao.corpus"}


def test_the_wheel_serves_all_later_versions_and_holds_no_sources_in_c(wheel: Path) -> None:
    assert "-cp311-abi3-" in wheel.name
    names = ZipFile(wheel).namelist()
    assert all(name.startswith(("jianbao/", "jianbao-")) for name in names)
    assert not [name for name in names if name.endswith((".c", ".h"))]
    assert "jianbao/web/static/jianbao.css" in names


def test_a_wheel_built_where_there_is_a_compiler_has_its_kernels(environment: Path) -> None:
    if not shutil.which(os.environ.get("CC", "cc")):
        pytest.skip("there is no compiler here")
    program = "from jianbao.indexer import native_parts; print(all(native_parts().values()))"
    assert run(environment / "bin" / "python", "-c", program) == "True\n"


def test_a_host_with_packages_named_web_and_indexer_mounts_the_search(
    environment: Path, checkout: Path, tmp_path: Path
) -> None:
    for name in ("indexer", "web"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text('OWNER = "the host"\n', "utf-8")
    (tmp_path / "host.py").write_text(HOST_APP, "utf-8")
    jianbao = environment / "bin" / "jianbao"
    run(jianbao, "index", checkout / "corpus", "--index", "index", cwd=tmp_path)
    run(environment / "bin" / "python", "host.py", cwd=tmp_path)


def test_the_demo_works_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    command = [str(environment / "bin" / "jianbao"), "demo", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address
            with urlopen(address[0] + "?q=%E6%A1%A5") as answer:
                assert "<mark>桥</mark>" in answer.read().decode("utf-8")
        finally:
            server.terminate()
            server.wait(30)
