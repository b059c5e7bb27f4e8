"""Join a story that goes on on another page: 下转第N版 with 上接第N版."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from jianbao.indexer.models import Article
from jianbao.indexer.sources.newspaper.issues import complete_issue
from jianbao.indexer.sources.newspaper.lines.bylines import without_marks
from jianbao.indexer.sources.newspaper.lines.joining import join_lines
from jianbao.indexer.sources.newspaper.lines.sentences import ends_sentence
from jianbao.indexer.sources.newspaper.stories.matching import bigrams

SAME_HEADLINE = 0.5
"""Share of a continuation's headline that the first part has: a shortened headline keeps half."""

MOST_SECONDS = 200
"""Second parts on one page of a newspaper that are compared with each first part: a page has
under ten. One that is not compared stays an article of its own."""


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
    seconds = _seconds_by_place(articles, numbers)
    shown = {number for each in seconds.values() for number in each}
    words = {number: bigrams(articles[number].title) for number in shown}
    ranked: list[tuple[float, int, int]] = []
    for first in numbers:
        possible = [
            second
            for place in _places(articles[first])
            for second in seconds.get(place, ())
            if _pages_agree(articles[first], articles[second])
        ]
        text = bigrams(f"{articles[first].title}\n{articles[first].body}") if possible else ()
        for second in possible:
            likeness = len(words[second].intersection(text)) / max(1, len(words[second]))
            if _may_join(articles[first], articles[second], likeness):
                ranked.append((-likeness, first, second))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, first, second in sorted(ranked):
        if first not in pairs and second not in taken and not _ends_at(pairs, second, first):
            pairs[first] = second
            taken.add(second)
    return pairs


def _seconds_by_place(
    articles: Sequence[Article], numbers: Sequence[int]
) -> dict[tuple[str, str | None], list[int]]:
    """The second parts by their page and newspaper, and by their page alone; the first
    `MOST_SECONDS` of each."""
    found: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for number in numbers:
        article = articles[number]
        if article.meta.get("continued_from"):
            for place in ((article.page, article.source), (article.page, None)):
                if len(found[place]) < MOST_SECONDS:
                    found[place].append(number)
    return found


def _places(first: Article) -> Sequence[tuple[str, str | None]]:
    """Where the second part of a story may stand, as keys of `_seconds_by_place`."""
    to = first.meta.get("continues_to")
    if not to:
        return ()
    sources = (first.source, "") if first.source else (None,)
    return [(page, source) for page in (to, "") for source in sources]


def _pages_agree(first: Article, second: Article) -> bool:
    """Whether two parts are of two files, and the second says that it comes from the first."""
    return first.path != second.path and first.page in ("", second.meta["continued_from"])


def _may_join(first: Article, second: Article, likeness: float) -> bool:
    """Whether the newspapers agree, as far as the two pages print them."""
    if first.source and second.source:
        return first.source == second.source
    return likeness >= SAME_HEADLINE


def _ends_at(pairs: dict[int, int], start: int, end: int) -> bool:
    """Whether following the pairs from `start` reaches `end`: a story that would join itself."""
    while start in pairs:
        start = pairs[start]
    return start == end


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
