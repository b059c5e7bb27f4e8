"""The import rules of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(path for name in ("indexer", "web") for path in (ROOT / name).rglob("*.py"))

ORDER = (
    ("models", "errors", "digest", "sealing", "placing", "permissions"),
    ("manifest",),
    ("inventory",),
    ("config", "failures", "printing"),
    ("text",),
    ("query", "ranking", "workers", "budget"),
    ("sources", "snippets", "engines", "spelling", "counts"),
    ("requests", "fingerprint", "generations", "ledger", "suggestions"),
    ("related", "alternatives", "vocabulary", "user_dictionary", "verbatim"),
    ("offers", "opening", "changes", "report", "settling", "exporting", "condition"),
    ("standing", "intake", "messages", "options", "examination", "approval"),
    ("building", "backup"),
    ("reindex", "search"),
    ("watching",),
    ("index_command", "keeping_commands"),
    ("cli",),
    ("__init__", "__main__"),
)
"""The parts of `indexer`, from the ground up: a part imports only what lies below it."""

OWNERS = {
    "whoosh": "indexer/engines/embedded",
    "jieba": "indexer/text/segment.py",
    "rjieba": "indexer/text/segment.py",
    "opencc": "indexer/text/fold.py",
    "pypinyin": "indexer/text/pinyin.py",
    "flask": "web",
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def part(path: Path) -> str:
    return path.relative_to(ROOT / "indexer").parts[0].removesuffix(".py")


def level(name: str) -> int:
    return next(number for number, names in enumerate(ORDER) if name in names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_only_point_down(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    for module in imports(path):
        top, _, rest = module.partition(".")
        owner = OWNERS.get(top)
        assert owner is None or place.startswith(owner), f"only {owner} imports {top}"
        if place.startswith("web/"):
            assert not (top == "indexer" and rest), f"{module}: use the public door, `indexer`"
        else:
            assert top != "web", f"indexer never imports {module}"
            if top == "indexer" and rest and part(path) not in ("__init__", "__main__"):
                target = rest.split(".")[0]
                assert target == part(path) or level(target) < level(part(path)), module
