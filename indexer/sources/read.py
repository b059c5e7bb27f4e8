"""Reading many sources one after the other, so that none of them can stop the run."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Outcome, Problem, Source
from jianbao.indexer.sources.cleaning.text import unreadable
from jianbao.indexer.sources.files.reader import Item, PageStories, doubtful, skipped
from jianbao.indexer.sources.files.source_file import SourceFile, suffix_of
from jianbao.indexer.sources.formats.office_needs import is_office
from jianbao.indexer.sources.formats.registry import reader_for
from jianbao.indexer.sources.markup_process import MarkupReading, is_costly
from jianbao.indexer.sources.office.sandbox.reading import OfficeReading

TAKEN = "is already that of an article in"
"""What the Problem of an article says that was left out for its id."""

NO_MEMORY = "memory ran out while it was read: give the run more, or --jobs 1; it is tried again"
"""What a source is skipped for that another run, with more room, may read."""

MOST_PROBLEMS = 1000
"""Problems of one file that are told one by one; a file may have a record in two bytes."""

OnDone = Callable[[Source, bool], None]
"""Called with a source that has been read, and whether it was a newspaper page."""


def read_sources(
    sources: Sequence[Source],
    *,
    on_done: OnDone = lambda source, is_page: None,
    roles: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Article | Problem]:
    """The articles of `sources` as they are read, and a Problem for whatever went wrong.

    Ids are unique: of two articles with one id the first is kept. Newspaper pages of one folder
    are read together, and their stories come after the folder's last source. `roles` are those of
    `SourceFile`.
    """
    with OfficeReading() as office, MarkupReading() as markup:
        yield from _distinct(_joined(sources, on_done, _Apart(office, markup), roles))


@dataclass(frozen=True, slots=True)
class _Apart:
    """What reads files in processes of their own."""

    office: OfficeReading
    markup: MarkupReading


def _distinct(items: Iterator[Article | Problem]) -> Iterator[Article | Problem]:
    """`items`, where a later article with an id that is taken becomes a Problem."""
    taken: dict[str, str] = {}
    for item in items:
        if isinstance(item, Problem):
            yield item
        elif item.id in taken:
            yield taken_id(item, taken[item.id])
        else:
            taken[item.id] = item.path
            yield item


def taken_id(article: Article, owner: str) -> Problem:
    """The Problem of an article whose id is that of one in the source `owner`."""
    return Problem(article.path, "skipped", f"the id {article.id!r} {TAKEN} {owner}")


def _joined(
    sources: Sequence[Source], on_done: OnDone, apart: _Apart, roles: Mapping[str, str]
) -> Iterator[Article | Problem]:
    """The items of all sources, newspaper pages held back until their folder is complete."""
    waiting = Counter(_folder(source) for source in sources)
    pages: dict[str, list[Article]] = {}
    for source in sources:
        folder = _folder(source)
        is_page = False
        for item in _read(SourceFile(source, roles), apart):
            if isinstance(item, PageStories):
                is_page = True
                pages.setdefault(folder, []).extend(item.articles)
            else:
                yield item
        on_done(source, is_page)
        waiting[folder] -= 1
        if not waiting[folder] and folder in pages:
            # Imported with the first page: see `registry`.
            from jianbao.indexer.sources.newspaper import join_continued

            yield from join_continued(pages.pop(folder))


def _folder(source: Source) -> str:
    return source.name.rpartition("/")[0]


def _read(file: SourceFile, apart: _Apart) -> Iterator[Item]:
    """The items of one source; whatever makes it unreadable becomes its Problem."""
    told = False
    try:
        for item in _told(_items(file, apart), file):
            told = told or isinstance(item, Problem)
            lost = 0 if told else _lost(item)
            if lost:
                told = True
                yield doubtful(file, f"{lost} characters were already unreadable in the file")
            yield item
    except SourceError as error:
        yield skipped(file, str(error))
    except OSError as error:
        yield skipped(file, f"it cannot be opened or unpacked ({error.strerror or error})")
    except (EOFError, zlib.error) as error:
        yield skipped(file, f"it cannot be unpacked; the archive is damaged ({error})")
    except MemoryError:
        yield skipped(file, NO_MEMORY)
    except RecursionError as error:
        yield skipped(file, f"it is nested too deep ({type(error).__name__})")


def _told(items: Iterator[Item], file: SourceFile) -> Iterator[Item]:
    """`items`, where one Problem stands for those beyond the first `MOST_PROBLEMS`."""
    more: Counter[Outcome] = Counter()
    told = 0
    for item in items:
        if isinstance(item, Problem):
            told += 1
            if told > MOST_PROBLEMS:
                more[item.outcome] += 1
                continue
        yield item
    for outcome, count in more.items():
        yield Problem(file.name, outcome, f"{count} more of its parts, with reasons of their own")


def _items(file: SourceFile, apart: _Apart) -> Iterator[Item]:
    suffix = suffix_of(file.name)
    if is_office(suffix):
        yield from apart.office.read(file)
        return
    if is_costly(file):
        yield from apart.markup.read(file)
        return
    reader = reader_for(suffix)
    if reader is None:
        raise SourceError("no reader is known for its suffix")
    yield from reader(file)


def _lost(item: Item) -> int:
    if isinstance(item, PageStories):
        return sum(_lost(article) for article in item.articles)
    if isinstance(item, Article):
        return unreadable(item.title, item.body, *item.author)
    return 0
