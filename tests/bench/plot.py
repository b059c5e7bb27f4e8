"""Growth as a picture: latency, memory and index time against the number of articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.measuring import Measured
from tests.bench.timing import geometric_mean

Figure = Callable[[Measured, str], float]


def plot(growth: Sequence[Measured], path: Path) -> None:
    """Write an SVG. Raises ImportError where matplotlib is not installed."""
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(12, 6.5), layout="constrained")
    panels: dict[str, Figure] = {
        "top 10, ms (geometric mean)": _latency(counted=False),
        "with total and facets, ms": _latency(counted=True),
        "JSONL to searchable, s": lambda each, name: _built(each, name, "seconds"),
        "peak memory of indexing, MB": lambda each, name: _built(each, name, "peak_bytes") / 1e6,
    }
    names = list(dict.fromkeys(built.peer for each in growth for built in each.built))
    for axes, (title, figure) in zip(canvas.subplots(2, 2).flat, panels.items(), strict=True):
        for name in names:
            points = [(each.articles, figure(each, name)) for each in growth]
            shown = [point for point in points if point[1]]
            axes.plot(*zip(*shown, strict=True) if shown else ([], []), marker="o", label=name)
        axes.set(title=title, xscale="log", yscale="log", xlabel="articles")
        axes.grid(True, which="both", alpha=0.2)
    canvas.axes[0].legend()
    canvas.savefig(path, format="svg")


def _latency(*, counted: bool) -> Figure:
    def figure(measured: Measured, name: str) -> float:
        took = [
            each.ms[name]
            for each in measured.timed
            if each.query.counted == counted and name in each.ms
        ]
        return geometric_mean(took) if took else 0.0

    return figure


def _built(measured: Measured, name: str, field: str) -> float:
    return next((float(getattr(b, field)) for b in measured.built if b.peer == name), 0.0)
