"""The rules of the house: which folder may import which, and who owns a library."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(path for name in ("indexer", "web") for path in (ROOT / name).rglob("*.py"))

ORDER = (
    *("indexer/errors", "indexer/models", "indexer/settings", "indexer/failures"),
    *("indexer/text/native", "indexer/text"),
    *("indexer/query", "indexer/ranking"),
    *("indexer/sources/encoding", "indexer/sources/cleaning", "indexer/sources/files"),
    *("indexer/sources/markup", "indexer/sources/records"),
    *("indexer/sources/newspaper/lines", "indexer/sources/newspaper/furniture"),
    *("indexer/sources/newspaper/stories", "indexer/sources/newspaper"),
    "indexer/sources/formats",
    *("indexer/sources/office/parts", "indexer/sources/office/formats"),
    *("indexer/sources/office/sandbox", "indexer/sources/office"),
    *("indexer/sources/listing", "indexer/sources"),
    *("indexer/engines/embedded/native", "indexer/engines", "indexer/engines/embedded/format"),
    *("indexer/engines/embedded/build", "indexer/engines/embedded/search"),
    *("indexer/engines/embedded", "indexer/engines/opening"),
    *("indexer/fingerprint", "indexer/analysis"),
    *("indexer/search/suggestions", "indexer/search/spelling"),
    *("indexer/store", "indexer/search", "indexer/ingest", "indexer/commands"),
    *("indexer/__init__", "indexer/__main__"),
    *("web/languages", "web/ports", "web/render", "web/http", "web/access", "web/state"),
    *("web/formats", "web/api", "web/pages", "web/catalogue", "web/outputs", "web/blueprint"),
    *("web/server", "web/app", "web/cli", "web/__init__", "web/command"),
)
"""The folders, and the files beside them in the two packages, from the ground up: each imports
only what stands before it."""

MOST_FILES = 16
"""In one folder: what a newcomer takes in at a look."""

OWNERS = {
    "whoosh": "indexer/engines/embedded",
    "jieba": "indexer/text/segment.py",
    "rjieba": "indexer/text/segment.py",
    "opencc": "indexer/text/fold.py",
    "pypinyin": "indexer/text/pinyin.py",
    "flask": "web",
}


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it; names that are modules among them."""
    yield from imported(ast.walk(ast.parse(path.read_text("utf-8"))))


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The modules that these imports name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [name for name in inner if exists(name)]
            yield from found
            if len(found) < len(inner):
                yield node.module


def place(module: str) -> Path:
    """Where a module of ours stands, without its suffix."""
    return ROOT / module.removeprefix("jianbao.").replace(".", "/")


def exists(module: str) -> bool:
    return module.startswith("jianbao.") and (
        place(module).is_dir() or place(module).with_suffix(".py").exists()
    )


def room(path: Path) -> str:
    """The folder a file stands in; of one in a package's root, the file itself."""
    folder = path.parent.relative_to(ROOT)
    return (folder / path.stem if len(folder.parts) == 1 else folder).as_posix()


def room_of(module: str) -> str:
    """The room a module of ours stands in."""
    path = place(module)
    return room(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_only_point_down(path: Path) -> None:
    own = room(path)
    for module in imports(path):
        owner = OWNERS.get(module.partition(".")[0])
        assert owner is None or path.relative_to(ROOT).as_posix().startswith(owner), (
            f"only {owner} imports {module}"
        )
        assert module.partition(".")[0] not in ("indexer", "web"), (
            f"{module}: write jianbao.{module}"
        )
        if module.startswith("jianbao."):
            target = room_of(module)
            assert target == own or ORDER.index(target) < ORDER.index(own), f"{own} -> {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_web_uses_the_public_door_of_the_indexer(path: Path) -> None:
    if path.is_relative_to(ROOT / "web"):
        doors = {"jianbao.indexer", "jianbao.indexer.commands"}
        inner = [name for name in imports(path) if name.startswith("jianbao.indexer.")]
        assert set(inner) <= doors, f"{inner}: import from jianbao.indexer"


def test_no_file_names_an_engine_but_the_one_that_opens_them() -> None:
    """The suggestions still read the words and titles where the embedded engine keeps them."""
    inside = (ROOT / "indexer" / "engines", ROOT / "indexer" / "search" / "suggestions")
    for path in FILES:
        if not any(path.is_relative_to(folder) for folder in inside):
            named = [each for each in imports(path) if ".engines.embedded" in each]
            assert not named, f"{path.relative_to(ROOT)}: {named}; ask Generations.backend"


def test_no_file_imports_itself_by_way_of_others() -> None:
    graph = {
        path: {each for each in map(file_of, imported(running(path))) if each and each != path}
        for path in FILES
        if path.name != "__init__.py"
    }
    done: set[Path] = set()

    def visit(path: Path, way: tuple[Path, ...]) -> None:
        assert path not in way, " -> ".join(str(each.relative_to(ROOT)) for each in (*way, path))
        if path not in done:
            for each in graph.get(path, ()):
                visit(each, (*way, path))
            done.add(path)

    for path in graph:
        visit(path, ())


def running(path: Path) -> Iterator[ast.AST]:
    """What of a file runs: what stands under TYPE_CHECKING is for the type checker alone."""
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        yield node
        is_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        waiting += [] if is_for_types else ast.iter_child_nodes(node)


def file_of(module: str) -> Path | None:
    path = place(module).with_suffix(".py")
    return path if module.startswith("jianbao.") and path.exists() else None


def test_every_folder_is_taken_in_at_a_look_and_says_what_happens_there() -> None:
    folders = {path.parent for path in FILES}
    for folder in folders:
        assert len(list(folder.glob("*.py"))) <= MOST_FILES, folder
        told = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
        assert told, f"{folder.relative_to(ROOT)}/__init__.py has no docstring"
