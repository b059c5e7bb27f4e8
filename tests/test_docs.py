"""What the READMEs say is so: links, paths, commands, dependencies, examples, contracts."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import struct
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.request import urlopen

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed, NotAcceptable, NotFound
from werkzeug.test import Client

from jianbao.indexer import (
    SETTINGS,
    EngineError,
    JianbaoError,
    Searcher,
    load_settings,
    open_searcher,
    reindex,
)
from jianbao.indexer.commands import cli_group
from jianbao.indexer.query.lexer import FIELDS
from jianbao.web import cli as web_cli
from jianbao.web import create_app
from jianbao.web.http.errors import failure
from jianbao.web.state.params import NAMES

ROOT = Path(__file__).resolve().parent.parent
FRONT = ("README.md", "README.zh.md")
DOCUMENTS = (*FRONT, "indexer/README.md", "web/README.md")
COMMANDS = {**cli_group.commands, "serve": web_cli.serve, "demo": web_cli.demo}

every_document = pytest.mark.parametrize("name", DOCUMENTS)
every_front = pytest.mark.parametrize("name", FRONT)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def fences(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def headings(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^(#+) (.+)$", without_fences(text), re.MULTILINE)


def tables(text: str) -> list[list[list[str]]]:
    """Each table as its rows without the header, each row as its cells."""
    found = re.findall(r"(?:^\|.*\|\n)+", without_fences(text), re.MULTILINE)
    return [
        [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]
        for table in found
    ]


def codes(text: str) -> list[str]:
    """What stands between single backticks outside fences."""
    return re.findall("`([^`\n]+)`", without_fences(text))


def invocations(text: str) -> Iterator[list[str]]:
    """The words after `jianbao` of every command line shown."""
    lines = [line for fence in fences(text, "") for line in fence.splitlines()]
    for line in (*lines, *codes(text)):
        found = re.match(r"(?:\w+=\S+ )?(?:\S*/)?jianbao (.+)", line)
        if found:
            yield shlex.split(found[1], comments=True)


def flags_of(command: click.Command) -> set[str]:
    return {flag for option in command.params for flag in option.opts}


@every_document
def test_every_relative_link_leads_somewhere(name: str) -> None:
    text = without_fences(read(name))
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    slugs = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for _, title in headings(text)
    }
    assert links or name == "indexer/README.md"
    for link in links:
        target, _, anchor = link.partition("#")
        if target and ":" not in target:
            assert (ROOT / name).parent.joinpath(target).exists(), link
        elif anchor:
            assert anchor in slugs, link


@every_front
def test_every_place_to_change_exists(name: str) -> None:
    rows = tables(read(name))[0]
    assert len(rows) >= 10
    for _, places in rows:
        assert codes(places)
        for place in codes(places):
            assert (ROOT / place).exists(), place


def test_every_file_of_the_architecture_exists() -> None:
    files = {code for code in codes(read("indexer/README.md")) if re.search(r"\w(\.py|/)$", code)}
    assert len(files) > 15
    for file in files:
        found = (ROOT / file).exists() or any((ROOT / "indexer").rglob(file.rstrip("/")))
        assert found, file


@every_document
def test_every_command_and_flag_exists(name: str) -> None:
    text = read(name)
    for command, *words in invocations(text):
        assert command in COMMANDS, command
        for word in words:
            if word.startswith("--"):
                assert word in flags_of(COMMANDS[command]), f"{command} {word}"
    known = set().union(*map(flags_of, COMMANDS.values()))
    assert {code.split()[0] for code in codes(text) if code.startswith("--")} <= known


@every_front
def test_the_commands_of_the_front_page_are_found_at_all(name: str) -> None:
    shown = {command for command, *_ in invocations(read(name))}
    assert {"index", "serve", "search", "explain", "analyze", "stats", "check"} <= shown


@every_front
def test_every_make_target_exists(name: str) -> None:
    text = re.sub("<!-- bench:start -->.*<!-- bench:end -->", "", read(name), flags=re.DOTALL)
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
    assert {"demo", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", read("Makefile"), re.MULTILINE), target


@every_document
def test_every_setting_exists(name: str) -> None:
    # Read where settings may be what fails.
    known = {setting.name.upper() for setting in SETTINGS} | {"DEBUG"}
    assert set(re.findall("JIANBAO_([A-Z_]+)", read(name))) <= known


@every_front
def test_every_field_of_the_query_syntax_exists(name: str) -> None:
    shown = {field for code in codes(read(name)) for field in re.findall(r"(\w+):(?=\s|$)", code)}
    assert {"标题", "日期", "title"} <= shown <= FIELDS.keys()


def test_both_front_pages_have_the_same_shape() -> None:
    english, chinese = map(read, FRONT)
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(chinese)]
    for here, there in zip(tables(english), tables(chinese), strict=True):
        assert [codes("|".join(row)) for row in here] == [codes("|".join(row)) for row in there]
    assert fences(english, "python") == fences(chinese, "python")
    assert list(invocations(english)) == list(invocations(chinese))


@every_front
def test_the_table_of_dependencies_is_the_projects(name: str) -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [re.match(r"[\w-]+", each) for each in project["dependencies"]]
    told = [each for row in tables(read(name))[-1] for each in row[0].split(", ")]
    assert sorted(told) == sorted(found[0] for found in wanted if found)


@every_front
def test_the_comparison_has_its_place(name: str) -> None:
    text = read(name)
    assert text.count("<!-- bench:start -->\n") == text.count("<!-- bench:end -->\n") == 1
    assert text.index("<!-- bench:start -->") < text.index("<!-- bench:end -->")


def test_the_screenshot_is_wide_enough_and_small() -> None:
    data = (ROOT / "web" / "screenshot.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", data[16:20]) == (1280,)
    assert len(data) <= 250_000


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to start an app in, with an index of corpus/ at its usual place."""
    folder = tmp_path_factory.mktemp("site")
    settings = load_settings({"index": folder / ".jianbao" / "index"}, {}, folder)
    reindex(settings, [ROOT / "corpus"], now=lambda: datetime.now(UTC))
    return folder


@pytest.fixture
def searcher(site: Path) -> Iterator[Searcher]:
    """A searcher over that index."""
    settings = load_settings({"index": site / ".jianbao" / "index"}, {}, site)
    opened = open_searcher(settings, perf_counter)
    yield opened
    opened.close()


@pytest.fixture
def client(searcher: Searcher) -> FlaskClient:
    """Requests to the stand-alone app."""
    return create_app(searcher).test_client()


def run(code: str, words: dict[str, Any]) -> None:
    """Run an example in an app of its own."""
    words["app"] = Flask("host")
    exec(compile(code, "README", "exec"), words)


@pytest.mark.parametrize("name", [*FRONT, "web/README.md"])
def test_the_embedding_example_serves_the_search_page(
    name: str, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    words: dict[str, Any] = {"__name__": "host"}
    run(fences(read(name), "python")[0], words)
    visitor = words["app"].test_client()
    assert visitor.get("/search/").status_code == 200
    assert "<mark>赵州桥</mark>" in visitor.get("/search/?q=赵州桥").text
    words["searcher"].close()


def test_the_examples_for_a_login_and_for_wsgi_run(searcher: Searcher) -> None:
    _, login, wsgi = fences(read("web/README.md"), "python")
    words: dict[str, Any] = {"searcher": searcher}
    run("from jianbao.web import create_blueprint", words)
    run(login, words)
    app = words["app"]
    app.secret_key = "for the test"
    visitor = app.test_client()
    assert visitor.get("/search/").headers["Location"] == "/login"
    with visitor.session_transaction() as session:
        session["user"] = "reader"
    assert visitor.get("/search/").status_code == 200
    run(wsgi, words)
    assert Client(words["application"]).get("/search/?q=赵州桥").status_code == 200


def test_the_server_keeps_to_the_prefix_it_is_told(site: Path) -> None:
    program = "from jianbao.web.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--port", "0"]
    prefix = {**os.environ, "SCRIPT_NAME": "/search"}
    with subprocess.Popen(
        command, cwd=site, env=prefix, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        with urlopen(f"{address}search/?q=%E6%A1%A5", timeout=10) as answer:
            links = re.findall('(?:href|action)="(/[^"]*)"', answer.read().decode("utf-8"))
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=15) in (0, 130)
    assert links and all(link.startswith("/search/") for link in links)


def shape(value: Any) -> Any:
    """The keys of a JSON value, of its members, and of the first item of each list."""
    if isinstance(value, dict):
        return {key: shape(member) for key, member in value.items()}
    if isinstance(value, list):
        return [shape(member) for member in value[:1]]
    return type(value).__name__


def examples() -> list[tuple[str, str]]:
    """Every documented GET of the API and the answer shown for it."""
    pattern = r"^`GET (/api/[^`]+)`.*?^```json\n(.*?)^```$"
    return re.findall(pattern, read("web/README.md"), re.MULTILINE | re.DOTALL)


def test_documented_answers_have_the_shape_of_real_ones(client: FlaskClient) -> None:
    assert len(examples()) == 2
    for address, shown in examples():
        answer = client.get(address)
        assert answer.status_code == 200
        assert shape(answer.get_json()) == shape(json.loads(shown)), address


def test_the_documented_error_is_a_real_one(client: FlaskClient) -> None:
    shown = json.loads(fences(read("web/README.md"), "json")[-1])
    assert client.get("/api/v1/search?q=x&size=0").get_json() == shown


def documented(title: str) -> list[list[str]]:
    """The rows of the table under a heading of web/README.md."""
    return tables(read("web/README.md").split(f"\n## {title}\n")[1])[0]


def test_every_parameter_is_documented() -> None:
    names = [code for row in documented("Parameters") for code in codes(row[0])]
    assert sorted(names) == sorted(NAMES)


def test_every_address_is_documented(client: FlaskClient) -> None:
    rules = {
        re.sub("<.*>", "ID", rule.rule)
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[2] not in ("static", "nowhere", "api_root", "api_unknown")
    }
    assert {codes(row[0])[0] for row in documented("Addresses")} == rules


def test_every_error_code_is_documented() -> None:
    errors: list[Exception] = [kind("x") for kind in _kinds(JianbaoError)]
    told = {(failure(error).status, failure(error).code) for error in errors}
    told |= {(each.status, each.code) for each in map(failure, (NotFound(), MethodNotAllowed()))}
    shown = {(status, codes(code)[0]) for status, code, _ in documented("Errors")}
    assert failure(NotAcceptable()).code == "http_error"
    assert shown == {(str(status), code) for status, code in told} | {("4xx", "http_error")}
    assert failure(EngineError("secret")).message != "secret"


def _kinds(kind: type[JianbaoError]) -> Iterator[type[JianbaoError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)
