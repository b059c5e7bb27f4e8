"""Cut a page into its lines, each with its place in the text and its markup read off."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jianbao.indexer.sources.newspaper.lines.bylines import byline_names, is_lead
from jianbao.indexer.sources.newspaper.lines.folding import fold
from jianbao.indexer.sources.newspaper.lines.sentences import is_short

BOLD = 7
"""The level of a line that is bold as a whole: weaker than any `#` heading."""
SIGN = 8
"""The level of a short line that a sign sets off: weaker than bold."""

_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_EMPHASIS = re.compile(r"\*\*|__")
_SIGNS = "■●◆★▲▶※◎○◇☆△▽▼"
_SIGN = re.compile(
    rf"(?:[{_SIGNS}]\s*)?【(?P<boxed>[^【】]+)】|[{_SIGNS}](?P<text>[^{_SIGNS}【】]+)"
)
_RUN_IN = re.compile(rf"\s*(?P<box>(?:[{_SIGNS}]\s*)?【[^【】\n]{{6,30}}】)\s*(?=\S.{{9}})")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_RULE = re.compile(r"[-=*_—─━|:\s]{3,}")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)")


@dataclass(frozen=True, slots=True)
class Block:
    """One line that is not blank.

    `start` and `end` tile the page: the white space around a line belongs to it. `text` is what
    a reader sees of it, without markup, and is empty for a rule; `plain` is the same folded for
    matching. `level` is 0 for plain text, 1 to 6 for a `#` heading, `BOLD` for a bold line,
    `SIGN` for a line that a sign (◆ or 【】) sets off. `gap` counts the blank lines before it.
    `hard_break` says that the line ends in the two spaces by which Markdown keeps a line break.
    """

    start: int
    end: int
    text: str
    plain: str = ""
    level: int = 0
    gap: int = 0
    indent: int = 0
    hard_break: bool = False
    image: bool = False


def cut_blocks(text: str) -> tuple[Block, ...]:
    """The lines of `text` in order. Empty only if `text` is all white space."""
    blocks: list[Block] = []
    offset = gap = 0
    start = 0
    for line in text.splitlines(keepends=True):
        end = offset + len(line)
        if line.strip():
            if blocks:
                blocks[-1] = replace(blocks[-1], end=offset)
                start = offset
            blocks.extend(_read_line(line, start, gap))
            _underline(blocks, line)
            gap = 0
        else:
            gap += 1
        offset = end
    if blocks:
        blocks[-1] = replace(blocks[-1], end=len(text))
    return tuple(blocks)


def _underline(blocks: list[Block], line: str) -> None:
    """A line of === or --- directly under a short line makes that a heading."""
    if (
        len(blocks) < 2
        or blocks[-1].text
        or blocks[-1].gap
        or not _UNDERLINE.fullmatch(line.strip())
    ):
        return
    over = blocks[-2]
    if not over.level and is_short(over.plain):
        blocks[-2] = replace(over, level=1 if "=" in line else 2)


def _read_line(line: str, start: int, gap: int) -> list[Block]:
    """The line as one block, or as two where a boxed headline runs into its text."""
    run_in = _RUN_IN.match(line)
    if not run_in or is_lead(fold(run_in["box"])) or byline_names(fold(run_in["box"])):
        return [_read_block(line, start, gap)]
    cut = run_in.end("box")
    head = replace(_read_block(line[:cut], start, gap), end=start + cut)
    return [head, _read_block(line[cut:], start + cut, 0)]


def _read_block(line: str, start: int, gap: int) -> Block:
    body = line.rstrip("\r\n")
    shown = body.strip()
    indent = len(body) - len(body.lstrip())
    if _RULE.fullmatch(shown):
        return Block(start, start, "", gap=gap)
    level = 0
    heading = _HEADING.match(shown)
    if heading:
        level = len(heading[1])
        shown = shown[heading.end() :].rstrip("#").rstrip() or shown
    bare = _EMPHASIS.sub("", shown).strip()
    if not level and bare and _is_bold(shown):
        level = BOLD
    picture = _IMAGE.search(bare)
    bare = _IMAGE.sub(r"\1", bare).strip()
    if not level:
        bare, level = _read_sign(bare)
    return Block(
        start,
        start,
        bare,
        fold(bare),
        level=level,
        gap=gap,
        indent=indent,
        hard_break=body.endswith("  "),
        image=picture is not None,
    )


def _is_bold(shown: str) -> bool:
    return (
        len(shown) > 4
        and shown[:2] == shown[-2:]
        and shown[:2] in ("**", "__")
        and shown.count(shown[:2]) == 2
    )


def _read_sign(text: str) -> tuple[str, int]:
    """A short line without its sign, and its level; other lines as they are."""
    found = _SIGN.fullmatch(text)
    plain = fold(text)
    if not found or not is_short(plain.strip(f"【】{_SIGNS} ")) or byline_names(plain):
        return text, 0
    return (found["text"] or found["boxed"]).strip(), SIGN
