"""What `jianbao index` says on stderr: sentences, or with `--log-json` one JSON object a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import get_args

import click

from jianbao.indexer.commands.printing import print_json
from jianbao.indexer.ingest.report import Report
from jianbao.indexer.models import Outcome, Problem


class Messages:
    """Sentences for people; `quiet` leaves nothing but warnings and errors."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._told_left: set[str] = set()

    def report(self, report: Report, *, dry_run: bool = False) -> None:
        """What a run did. What it left alone is told once, however many runs there are."""
        if self._quiet:
            return
        for each in report.left:
            if each not in self._told_left:
                _say(f"left alone: {each}")
        self._told_left.update(report.left)
        for problem in report.problems:
            times = f" ({problem.count} in all)" if problem.count > 1 else ""
            _say(f"{problem.outcome}: {problem.source}: {problem.reason}{times}")
        if report.published:
            kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(report.kinds.items()))
            _say(
                f"{report.articles} articles ({kinds}); {_sources(report)}; "
                f"published as generation {report.generation}"
            )
            _say(_figures(report))
        elif dry_run:
            _say(f"{_sources(report)}; nothing was done")
        else:
            _say(f"Up to date: generation {report.generation}")

    def warning(self, message: str) -> None:
        """Something that keeps a run from being done, for now."""
        _say(f"Warning: {message}")

    def error(self, message: str) -> None:
        """Why the command ends."""
        _say(f"Error: {message}")


class JsonMessages(Messages):
    """The same as JSON objects, each with `time`, `level` and `event`."""

    def __init__(self, *, quiet: bool, now: Callable[[], datetime]) -> None:
        super().__init__(quiet=quiet)
        self._now = now

    def report(self, report: Report, *, dry_run: bool = False) -> None:
        if self._quiet:
            return
        for problem in report.problems:
            self._problem(problem)
        event = "published" if report.published else "planned" if dry_run else "up to date"
        figures = asdict(report)
        del figures["problems"], figures["published"]
        counts = {outcome: report.count(outcome) for outcome in get_args(Outcome)}
        self._log("info", event, **figures, **counts)

    def warning(self, message: str) -> None:
        self._log("warning", "waiting", message=message)

    def error(self, message: str) -> None:
        self._log("error", "stopped", message=message)

    def _problem(self, problem: Problem) -> None:
        self._log(
            "warning",
            problem.outcome,
            source=problem.source,
            reason=problem.reason,
            count=problem.count,
        )

    def _log(self, level: str, event: str, **values: object) -> None:
        time = self._now().isoformat(timespec="milliseconds")
        line = {"time": time, "level": level, "event": event, **values}
        print_json(line, err=True)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _sources(report: Report) -> str:
    renamed = f" ({report.renamed} renamed)" if report.renamed else ""
    return f"sources: {report.read} read{renamed}, {report.kept} unchanged, {report.removed} gone"


def _figures(report: Report) -> str:
    seconds = ", ".join(
        f"{stage} {seconds:.1f}" for stage, seconds in report.seconds.items() if seconds >= 0.05
    )
    return (
        f"{report.analysed} articles segmented, {report.characters} characters read, "
        f"{report.duplicates} duplicates, {report.count('doubtful')} doubtful; "
        f"{sum(report.seconds.values()):.1f} s" + (f" ({seconds})" if seconds else "")
    )
