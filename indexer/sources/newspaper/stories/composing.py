"""Put a story's lines together again: breaks rejoined, hard-wrapped lines made whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.lines.joining import join_lines, repair
from jianbao.indexer.sources.newspaper.stories.roles import Role


def compose_paragraphs(
    blocks: Sequence[Block], numbers: Iterable[int], roles: Sequence[Role]
) -> tuple[str, ...]:
    """The paragraphs that these blocks make; a block that goes on with a sentence is joined."""
    groups: list[list[str]] = []
    for number in numbers:
        if roles[number] is Role.MORE and groups:
            groups[-1].append(blocks[number].text)
        else:
            groups.append([blocks[number].text])
    return tuple(repair(join_lines(group)) for group in groups)
