"""The samples in web/deploy/, tried as far as this machine has the tools."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from jianbao.indexer import SETTINGS
from jianbao.indexer.commands import cli_group
from jianbao.indexer.commands.options import (
    EXIT_CODES,
    INCOMPLETE,
    INTERRUPTED,
    NOTHING_DONE,
    exit_code,
)
from jianbao.indexer.errors import JianbaoError
from jianbao.web import cli as web_cli
from jianbao.web.command import NOT_LOADED
from jianbao.web.server.serve import listen
from tests.web.real_server import index, jianbao_serve

DEPLOY = Path(__file__).resolve().parent.parent.parent / "web" / "deploy"
COMMANDS = {**cli_group.commands, "serve": web_cli.serve, "demo": web_cli.demo}
UNITS = ("jianbao.service", "jianbao-index.service", "jianbao-index.timer")
PATHS = (None, str(Path(sys.executable).parent), "/usr/sbin:/sbin")
"""Where programs are: on the path of the environment first."""
EXPOSURE = 20
"""Of 100, at most, as `systemd-analyze security` counts it."""


def read(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def tool(name: str) -> str:
    """A program of the machine or beside Python; skips loudly where it is missing."""
    found = next(filter(None, (shutil.which(name, path=path) for path in PATHS)), None)
    if found is None:
        pytest.skip(f"NO {name.upper()}: the sample was not tried with it")
    return found


def run(*command: object, code: int | None = 0, **more: object) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
        **more,  # type: ignore[call-overload]
    )
    assert code is None or done.returncode == code, done.stdout
    return str(done.stdout)


@pytest.mark.parametrize(
    "name", ["jianbao.service", "jianbao-index.service", "jianbao.cron", "compose.yaml"]
)
def test_every_command_flag_and_setting_exists(name: str) -> None:
    found = re.findall(r"jianbao (index|serve|check|export|backup)\b([^|>\"\n]*)", read(name))
    assert found or name == "compose.yaml"
    for command, rest in found:
        flags = {flag for option in COMMANDS[command].params for flag in option.opts}
        assert {word for word in shlex.split(rest) if word.startswith("--")} <= flags
    known = {setting.name.upper() for setting in SETTINGS} | {"ARTICLES"}
    assert set(re.findall(r"JIANBAO_([A-Z_]+)", read(name))) <= known


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with a program and a user that this machine has."""
    for name in UNITS:
        text = read(name).replace("/opt/jianbao/bin/jianbao", sys.executable)
        (tmp_path / name).write_text(text.replace("User=jianbao", "User=daemon"), "utf-8")
    return [tmp_path / name for name in UNITS]


def test_systemd_takes_the_units(units: list[Path]) -> None:
    assert run(tool("systemd-analyze"), "verify", *units).strip() == ""


@pytest.mark.parametrize("name", UNITS[:2])
def test_the_services_are_confined(units: list[Path], name: str) -> None:
    unit = next(path for path in units if path.name == name)
    run(tool("systemd-analyze"), "security", "--offline=true", f"--threshold={EXPOSURE}", unit)


def test_the_cron_lines_have_a_time_a_user_and_a_command() -> None:
    lines = [
        line
        for line in read("jianbao.cron").splitlines()
        if line and not line.startswith(("#", "JIANBAO_"))
    ]
    assert lines
    for line in lines:
        *times, user, program, command = line.split()[:8]
        assert all(re.fullmatch(r"[\d*/,-]+", each) for each in times)
        assert (user, program) == ("jianbao", "/opt/jianbao/bin/jianbao") and command in COMMANDS


def test_the_containers_are_confined() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    for service in compose["services"].values():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service and service.get("user") != "root"
        assert (DEPLOY / service["build"]["context"] / "pyproject.toml").exists()
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")
    assert set(compose["volumes"]) == {"index"}
    serving = compose["services"]["serve"]
    assert serving["volumes"] == ["index:/data:ro"]
    assert serving["depends_on"]["index"]["condition"] == "service_completed_successfully"


def test_a_skipped_file_does_not_keep_the_container_from_serving() -> None:
    _, _, line = yaml.safe_load(read("compose.yaml"))["services"]["index"]["command"]
    for code, wanted in ((0, 0), (1, 0), (3, 1), (5, 1)):
        told = re.sub("jianbao index [^|]*", f"(exit {code}) ", line).replace("$$", "$")
        assert subprocess.run(["sh", "-c", told], check=False).returncode == wanted, told


def test_systemd_takes_no_failed_run_for_success() -> None:
    assert re.findall("^SuccessExitStatus=(.*)$", read("jianbao-index.service"), re.M) == ["1"]
    failures = {code for _, code in EXIT_CODES} | {NOTHING_DONE, INTERRUPTED, NOT_LOADED}
    assert exit_code(JianbaoError()) in failures and not {0, INCOMPLETE} & failures


def test_hadolint_has_nothing_against_the_dockerfile() -> None:
    assert run(tool("hadolint"), DEPLOY / "Dockerfile") == ""


def test_the_image_ends_without_root_and_is_built_from_the_lock() -> None:
    text = read("Dockerfile")
    assert re.findall("^USER (.*)$", text, re.MULTILINE) == ["10001"]
    assert "--require-hashes -r requirements.lock" in text
    for name in re.findall(r"web/deploy/\S+\.lock", text):
        assert (DEPLOY.parent.parent / name).exists()


def test_the_lock_is_of_these_dependencies() -> None:
    project = tomllib.loads((DEPLOY.parent.parent / "pyproject.toml").read_text("utf-8"))
    locked: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", read("requirements.lock"), re.M):
        locked.setdefault(canonicalize_name(name), []).append(version)
    optional = project["project"]["optional-dependencies"]
    for text in (*project["project"]["dependencies"], *optional["office"]):
        wanted = Requirement(text)
        versions = locked.get(canonicalize_name(wanted.name), [])
        assert versions, f"{wanted.name} is not in the lock: see web/deploy/README.md"
        assert any(wanted.specifier.contains(version) for version in versions), text


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`jianbao serve` that believes one proxy; its address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIANBAO_TRUSTED_PROXIES", "1")
        patch.setenv("JIANBAO_METRICS", "on")
        settings = index(tmp_path_factory.mktemp("made"), root / "corpus")
        with jianbao_serve(root, settings) as url:
            yield url


def test_the_health_check_tells_a_server_that_answers(served: str) -> None:
    found = re.search(r"^HEALTHCHECK.*\\\n\s+CMD (\[.*\])$", read("Dockerfile"), re.MULTILINE)
    assert found
    program, *words = json.loads(found[1])
    assert program == "python"
    port = str(urlsplit(served).port)
    run(sys.executable, *(word.replace("8080", port) for word in words))
    run(sys.executable, *(word.replace("8080", "1") for word in words), code=1)


@pytest.fixture
def proxied(served: str, tmp_path: Path) -> Iterator[str]:
    """nginx with the sample before that server; its address."""
    program = tool("nginx")
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    sample = (
        read("jianbao.nginx.conf")
        .replace("listen 80;", f"listen 127.0.0.1:{port};")
        .replace("127.0.0.1:8080", urlsplit(served).netloc)
        .replace("/var/cache/nginx/jianbao", str(tmp_path / "cache"))
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {tmp_path / kind};\n" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {tmp_path / 'pid'};\nerror_log stderr;\n"
        "events {}\n"
        f"http {{\naccess_log off;\n{places}{sample}\n}}\n",
        "utf-8",
    )
    command = [program, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", "stderr"]
    assert "test is successful" in run(*command, "-t")
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/search/healthz")
            yield f"http://127.0.0.1:{port}/search/"
        finally:
            process.terminate()


def _wait(url: str) -> None:
    for _ in range(100):
        try:
            urlopen(url, timeout=5).close()
            return
        except URLError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def test_a_page_behind_nginx_stays_under_its_prefix(proxied: str) -> None:
    with urlopen(f"{proxied}?q=%E6%A1%A5", timeout=20) as answer:
        page = answer.read().decode("utf-8")
    links = re.findall('(?:href|action|src)="(/[^"]*)"', page)
    assert links and all(link.startswith("/search/") for link in links)
    origin = proxied.removesuffix("/search/")
    for link in {link for link in links if "/static/" in link or "/articles/" in link}:
        with urlopen(origin + link.replace("&amp;", "&"), timeout=20) as answer:
            assert answer.status == 200, link
    with urlopen(f"{proxied}search.atom?q=%E6%A1%A5", timeout=20) as answer:
        assert f'href="{proxied}' in answer.read().decode("utf-8")


def test_nginx_keeps_files_and_no_pages(proxied: str) -> None:
    with urlopen(proxied, timeout=20) as answer:
        assert "no-cache" in answer.headers["Cache-Control"]
        found = re.search('href="/search/(static/[^"]*css[^"]*)"', answer.read().decode("utf-8"))
    assert found
    asked = Request(proxied + found[1], headers={"Accept-Encoding": "gzip"})
    for status in ("MISS", "HIT"):
        with urlopen(asked, timeout=20) as answer:
            assert answer.headers["X-Cache-Status"] == status
            assert answer.headers["Content-Encoding"] == "gzip"
            assert b"{" in gzip.decompress(answer.read())


def test_nginx_passes_the_longest_query_and_hides_the_metrics(proxied: str) -> None:
    with urlopen(f"{proxied}api/v1/search?q={'%E6%A1%A5' * 2000}", timeout=20) as answer:
        assert answer.status == 200
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{proxied}metrics", timeout=20)
    assert refused.value.code == 404
    refused.value.close()


@pytest.mark.slow
def test_the_steps_of_the_dockerfile_make_a_program_that_serves(root: Path, tmp_path: Path) -> None:
    """Its `pip` lines in a folder with the files that it copies, and a fresh environment."""
    home = tmp_path / "opt"
    text = read("Dockerfile").replace("\\\n", " ").replace("/opt/jianbao", str(home))
    build = text.split("\nFROM ")[1]
    for line in build.splitlines():
        if line.startswith("COPY"):
            *sources, target = line.split()[1:]
            for source in sources:
                kept = tmp_path / source if target == source else tmp_path
                if (root / source).is_dir():
                    shutil.copytree(root / source, kept, ignore=shutil.ignore_patterns("*.so"))
                else:
                    shutil.copy(root / source, kept)
        elif line.startswith("RUN") and "apt-get" not in line:
            step = line.removeprefix("RUN ").replace("python -m", f"{sys.executable} -m", 1)
            run("sh", "-ec", step, cwd=tmp_path)
    jianbao = home / "bin" / "jianbao"
    settings = {"JIANBAO_INDEX": str(tmp_path / "data" / "index"), "PATH": "/usr/bin:/bin"}
    run(jianbao, "index", root / "corpus", env=settings, cwd=tmp_path)
    assert "85 articles" in run(jianbao, "check", env=settings, cwd=tmp_path)
