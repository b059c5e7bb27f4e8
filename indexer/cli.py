"""The commands that need no web server: arguments in, results on stdout, messages on stderr."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from indexer.config import Settings, load_settings
from indexer.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexUnavailableError,
    JianbaoError,
    NothingToPublishError,
    UserError,
)
from indexer.generations import Generations
from indexer.models import SearchRequest, Snippet
from indexer.opening import open_analysis
from indexer.query.parse import day_range, parse
from indexer.reindex import Report, reindex
from indexer.search import Searcher, open_searcher

EXIT_CODES: tuple[tuple[type[JianbaoError], int], ...] = (
    (UserError, 2),
    (NothingToPublishError, 3),
    (IndexLockedError, 4),
    (IndexDamagedError, 5),
    (IndexUnavailableError, 3),
)


class _Group(click.Group):
    """Turns the exception tree into messages and exit codes: no traceback for a known fault."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except JianbaoError as error:
            click.echo(f"Error: {error}", err=True)
            code = next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
            raise SystemExit(code) from error
        except KeyboardInterrupt as error:
            raise SystemExit(130) from error


@click.group(cls=_Group)
def main() -> None:
    """Full-text search for Chinese articles."""


_index = click.option("--index", type=click.Path(path_type=Path), help="Folder of the index.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _settings(**flags: object) -> Settings:
    return load_settings(flags, os.environ, Path.cwd())


def _searcher(index: Path | None) -> Searcher:
    return open_searcher(_settings(index=index), time.perf_counter)


class _Percent(click.ParamType[int]):
    """A share such as `20` or `20%`."""

    name = "PERCENT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        digits = str(value).removesuffix("%")
        if not digits.isdecimal() or int(digits) > 100:
            self.fail(f"{value!r} is no share from 0% to 100%", param, ctx)
        return int(digits)


@main.command("index")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_index
@click.option("--full", is_flag=True, help="Build anew even if nothing changed.")
@click.option("--if-needed", is_flag=True, help="Do nothing if nothing changed (the default).")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--jobs", type=int, help="Processes; 0 takes one for each processor.")
@click.option("--max-deletions", type=_Percent(), help="Share of articles that may go, as 20%.")
@click.option("--lock-timeout", type=float, help="Seconds to wait for another run.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
@_json
def index_command(
    paths: tuple[Path, ...],
    index: Path | None,
    full: bool,
    if_needed: bool,
    dry_run: bool,
    jobs: int | None,
    max_deletions: int | None,
    lock_timeout: float | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Bring the index up to date with PATHS (files or folders), or with those of last time."""
    if full and if_needed:
        raise click.UsageError("--full and --if-needed exclude each other")
    settings = _settings(
        index=index, lock_timeout=lock_timeout, jobs=jobs, max_deletions=max_deletions
    )
    shown = not quiet and sys.stderr.isatty()
    with click.progressbar(length=1, label="Indexing", file=sys.stderr, hidden=not shown) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        report = reindex(
            settings,
            paths,
            now=lambda: datetime.now(UTC),
            full=full,
            dry_run=dry_run,
            on_progress=progress,
        )
    if not quiet:
        _tell(report, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    if any(problem.outcome == "skipped" for problem in report.problems):
        click.get_current_context().exit(1)


def _sources(report: Report) -> str:
    return f"sources: {report.read} read, {report.kept} unchanged, {report.removed} gone"


def _tell(report: Report, *, dry_run: bool) -> None:
    for problem in report.problems:
        click.echo(f"{problem.outcome}: {problem.source}: {problem.reason}", err=True)
    if report.published:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(report.kinds.items()))
        click.echo(
            f"{report.articles} articles ({kinds}); {_sources(report)}; "
            f"published as generation {report.generation}",
            err=True,
        )
    elif dry_run:
        click.echo(f"{_sources(report)}; nothing was done", err=True)
    else:
        click.echo(f"Up to date: generation {report.generation}", err=True)


@main.command()
@click.argument("query")
@_index
@click.option("--limit", type=click.IntRange(1, 100), default=10, help="Hits on a page.")
@click.option("--page", type=click.IntRange(1), default=1, help="Which page.")
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance")
@click.option("--mode", type=click.Choice(["auto", "all", "any"]), default="auto")
@click.option("--from", "date_from", default="", help="First date: 2024, 2024-12 or 2024-12-30.")
@click.option("--to", "date_to", default="", help="Last date.")
@click.option("--filter", "filters", multiple=True, help="field=value; may be repeated.")
@_json
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
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
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
def analyze(text: str) -> None:
    """Show the words that TEXT is searched by, and the terms it is found by."""
    analyzer = open_analysis(_settings()).analyzer
    click.echo(f"query  {parse(text, analyzer)}")
    for token in sorted(analyzer.tokens(text), key=lambda each: (each.start, each.end)):
        term = token.term.replace("\x1f", "")
        kind = "word" if token.aligned else "spelled"
        click.echo(f"{token.start}\t{token.end}\t{term}\t{kind}")


@main.command()
@click.argument("article_id", metavar="ID")
@click.argument("query")
@_index
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
@_index
@_json
def stats(index: Path | None, as_json: bool) -> None:
    """Show figures of the live generation."""
    found = asdict(_searcher(index).stats())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        click.echo(f"{name:12} {value}")


@main.command()
@_index
def check(index: Path | None) -> None:
    """Compare every file of the live generation with its checksum."""
    generations = Generations(_settings(index=index).index)
    name = generations.pointer().current
    generations.check(name)
    click.echo(f"Generation {name} is whole.")


@main.command()
@_index
def rollback(index: Path | None) -> None:
    """Make the generation before the live one live again."""
    settings = _settings(index=index)
    generations = Generations(settings.index)
    with generations.lock(settings.lock_timeout):
        pointer = generations.rollback()
    click.echo(f"Generation {pointer.current} is live again.")
