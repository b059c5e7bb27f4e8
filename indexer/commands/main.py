"""The commands that need no web server: arguments in, results on stdout, messages on stderr."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from jianbao.indexer.analysis import open_analysis
from jianbao.indexer.commands.index import index_command
from jianbao.indexer.commands.maintenance import backup, check, export, restore
from jianbao.indexer.commands.options import Group, index_option, json_option, settings_from
from jianbao.indexer.commands.printing import print_json
from jianbao.indexer.errors import IndexMissingError
from jianbao.indexer.models import SearchRequest, Snippet
from jianbao.indexer.query.parse import day_range, parse
from jianbao.indexer.search.searcher import Searcher, open_searcher
from jianbao.indexer.store.generations import Generations
from jianbao.indexer.store.user_words import generation_words
from jianbao.indexer.text.segment import UserWord
from jianbao.indexer.text.user_dictionary import read_user_dictionary


@click.group(cls=Group)
def main() -> None:
    """Full-text search for Chinese articles."""


for _command in (index_command, export, backup, restore, check):
    main.add_command(_command)


def _searcher(index: Path | None) -> Searcher:
    return open_searcher(settings_from(index=index))


@main.command()
@click.argument("query")
@index_option
@click.option("--limit", type=click.IntRange(1, 100), default=10, help="Hits on a page.")
@click.option("--page", type=click.IntRange(1), default=1, help="Which page.")
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance")
@click.option("--mode", type=click.Choice(["auto", "all", "any"]), default="auto")
@click.option("--from", "date_from", default="", help="First date: 2024, 2024-12 or 2024-12-30.")
@click.option("--to", "date_to", default="", help="Last date.")
@click.option("--filter", "filters", multiple=True, help="field=value; may be repeated.")
@json_option
def search(
    query: str,
    index: Path | None,
    limit: int,
    page: int,
    sort: Any,
    mode: Any,
    date_from: str,
    date_to: str,
    filters: tuple[str, ...],
    as_json: bool,
) -> None:
    """Search for QUERY."""
    request = SearchRequest(
        query=query,
        page=page,
        size=limit,
        sort=sort,
        mode=mode,
        date_from=_day(date_from, 0),
        date_to=_day(date_to, 1),
        filters=tuple(_filter(text) for text in filters),
    )
    result = _searcher(index).search(request)
    if as_json:
        print_json(asdict(result))
        return
    click.echo(f"{result.total} hits, {result.took_ms:.0f} ms", err=True)
    if result.notice:
        click.echo(result.notice.message, err=True)
    for hit in result.hits:
        facts = (hit.article.date, hit.article.source, "、".join(hit.article.author))
        click.echo(f"{_shown(hit.title)}  [{hit.article.id}]")
        click.echo(f"    {' · '.join(fact for fact in facts if fact)}")
        for snippet in hit.snippets:
            click.echo(f"    {_shown(snippet)}".replace("\n", " "))


def _day(text: str, end: int) -> str:
    if not text:
        return ""
    days = day_range(text)
    if days is None:
        raise click.UsageError(f"{text!r} is no date: write 2024, 2024-12 or 2024-12-30")
    return days[end]


def _filter(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"{text!r} is no filter: write field=value")
    return field, value


def _shown(snippet: Snippet) -> str:
    text, done = "", 0
    for start, end in snippet.marks:
        text += snippet.text[done:start] + click.style(snippet.text[start:end], bold=True)
        done = end
    return text + snippet.text[done:]


@main.command()
@click.argument("text")
@index_option
@click.option(
    "--user-dictionary", type=click.Path(path_type=Path), help="The words of a file instead."
)
def analyze(text: str, index: Path | None, user_dictionary: Path | None) -> None:
    """Show the words that TEXT is searched by, and the terms it is found by, with the user words of
    the index."""
    words, place = _words(index, user_dictionary)
    click.echo(f"{len(words)} user words, of {place}", err=True)
    analyzer = open_analysis(words).analyzer
    click.echo(f"query  {parse(text, analyzer)}")
    for token in sorted(analyzer.tokens(text), key=lambda each: (each.start, each.end)):
        term = token.term.replace("\x1f", "")
        kind = "word" if token.aligned else "spelled"
        click.echo(f"{token.start}\t{token.end}\t{term}\t{kind}")


def _words(index: Path | None, dictionary: Path | None) -> tuple[tuple[UserWord, ...], str]:
    """The user words that are asked for, and where they are from: a file, the index, or, where
    there is none yet, the file that it would be built with."""
    settings = settings_from(index=index)
    generations = Generations(settings.index)
    if dictionary is None:
        try:
            name = generations.pointer().current
            words = generation_words(generations.path(name), generations.manifest(name))
            return words, f"the index at {settings.index}"
        except IndexMissingError:
            if index:
                raise
    path = dictionary or settings.user_dictionary
    if not path:
        return (), "no file: there is no index yet, and no user dictionary is set"
    found = read_user_dictionary(Path(path))
    for problem in found.problems:
        click.echo(f"{problem.outcome}: {problem.source}: {problem.reason}", err=True)
    return found.words, str(path)


@main.command()
@click.argument("article_id", metavar="ID")
@click.argument("query")
@index_option
def explain(article_id: str, query: str, index: Path | None) -> None:
    """Show the sum that makes the score of article ID for QUERY."""
    contributions = _searcher(index).explain(article_id, query)
    if contributions is None:
        click.echo("That article does not match with all words.")
        return
    for each in contributions:
        click.echo(f"{each.score:10.4f}  {each.reason}")
    click.echo(f"{sum(each.score for each in contributions):10.4f}  score")


@main.command()
@index_option
@json_option
def stats(index: Path | None, as_json: bool) -> None:
    """Show figures of the live generation."""
    found = asdict(_searcher(index).stats())
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name:12} {value}")


@main.command()
@index_option
def rollback(index: Path | None) -> None:
    """Make the generation before the live one live again."""
    settings = settings_from(index=index)
    generations = Generations(settings.index)
    if not settings.index.is_dir():
        generations.pointer()
    with generations.lock(settings.lock_timeout):
        pointer = generations.rollback()
    click.echo(f"Generation {pointer.current} is live again.")
