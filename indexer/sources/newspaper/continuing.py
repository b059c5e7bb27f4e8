"""Join a story that goes on on another page: 下转第N版 with 上接第N版."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from indexer.models import Article
from indexer.sources.newspaper.bylines import without_marks
from indexer.sources.newspaper.issues import complete_issue
from indexer.sources.newspaper.joining import join_lines
from indexer.sources.newspaper.matching import bigrams
from indexer.sources.newspaper.sentences import ends_sentence

SAME_HEADLINE = 0.5
"""Share of a continuation's headline that the first part has: a shortened headline keeps half."""


def join_continued(articles: Sequence[Article]) -> tuple[Article, ...]:
    """`articles` with the parts of each continued story joined into its first part.

    Parts are joined within one issue (same newspaper, same date) when the pages that they name
    agree; a page that does not print its newspaper's name joins by the headline. The joined story
    keeps the id and place of its first part; a part without a partner stays as it is. Last, pages
    that print no newspaper's name take it from the other pages of that date, if those agree.
    """
    issues: dict[str, list[int]] = defaultdict(list)
    for number, article in enumerate(articles):
        if article.date and article.meta.keys() & {"continues_to", "continued_from"}:
            issues[article.date].append(number)
    after: dict[int, int] = {}
    for numbers in issues.values():
        after.update(_pair_up(articles, numbers))
    seconds = set(after.values())
    return complete_issue(
        [
            _join_chain(articles, number, after)
            for number in range(len(articles))
            if number not in seconds
        ]
    )


def _pair_up(articles: Sequence[Article], numbers: Sequence[int]) -> dict[int, int]:
    """First part to second part, the most alike first, each part once."""
    by_page: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        if articles[number].meta.get("continued_from"):
            by_page[articles[number].page].append(number)
    ranked: list[tuple[float, int, int]] = []
    for first in numbers:
        to = articles[first].meta.get("continues_to")
        for second in [*by_page[to], *by_page[""]] if to else ():
            likeness = _likeness(articles[first], articles[second])
            if first != second and _may_join(articles[first], articles[second], likeness):
                ranked.append((-likeness, first, second))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, first, second in sorted(ranked):
        if first not in pairs and second not in taken and not _ends_at(pairs, second, first):
            pairs[first] = second
            taken.add(second)
    return pairs


def _may_join(first: Article, second: Article, likeness: float) -> bool:
    """Whether newspaper and pages agree, as far as the two pages print them."""
    if first.path == second.path or (first.page and second.meta["continued_from"] != first.page):
        return False
    if first.source and second.source:
        return first.source == second.source
    return likeness >= SAME_HEADLINE


def _ends_at(pairs: dict[int, int], start: int, end: int) -> bool:
    """Whether following the pairs from `start` reaches `end`: a story that would join itself."""
    while start in pairs:
        start = pairs[start]
    return start == end


def _likeness(first: Article, second: Article) -> float:
    words = bigrams(second.title)
    return len(words & bigrams(f"{first.title}\n{first.body}")) / max(1, len(words))


def _join_chain(articles: Sequence[Article], number: int, after: dict[int, int]) -> Article:
    joined = articles[number]
    while number in after:
        number = after[number]
        joined = _join(joined, articles[number])
    return joined


def _join(first: Article, second: Article) -> Article:
    """One story; a headline of the second part that says something else stays as a paragraph."""
    before = [without_marks(line) for line in first.body.split("\n")]
    rest = [without_marks(line) for line in second.body.split("\n")]
    before = [line for line in before if line]
    rest = [line for line in rest if line]
    if before and rest and not ends_sentence(before[-1]):
        before[-1] = join_lines([before[-1], rest.pop(0)])
    if second.title not in f"{first.title}\n{second.body}":
        before.append(second.title)
    meta = {key: value for key, value in first.meta.items() if key != "continues_to"}
    if "continues_to" in second.meta:
        meta["continues_to"] = second.meta["continues_to"]
    return replace(
        first,
        body="\n".join([*before, *rest]),
        author=tuple(dict.fromkeys([*first.author, *second.author])),
        meta=meta,
    )
