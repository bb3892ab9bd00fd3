"""The figures of a model as the page shows them: named in a designer's words, each with what a perfect model would get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from genworld.measure.report import Figure, Report


@dataclass(frozen=True)
class Words:
    """How a figure is called and what it tells.

    Args:
        title: a designer's words.
        about: what it measures, and which values are good.
        share: whether it is a share of 1, shown in per cent.
    """

    title: str
    about: str
    share: bool = False


WORDS = {
    "precision": Words("Look right", "Share of samples that look like training examples (precision)", share=True),
    "recall": Words("Reach of the data", "Share of training examples that samples come close to (recall)", share=True),
    "density": Words("Typical", "How typical samples are; 1 is that of real examples (density)"),
    "coverage": Words("Covered", "Share of training examples with a sample close by (coverage)", share=True),
    "1-NN": Words(
        "Told apart",
        "How often a sample is told from a real example by its nearest neighbour: 50% is best, less means copies",
        share=True,
    ),
    "MMD": Words("Distance", "Distance between the samples and the data (MMD): 0 is best"),
    "TPKL": Words(
        "Pattern distance", "How far the small patterns of tiles are from those of the data, in nats (TPKL): 0 is best"
    ),
    "near copies": Words("Near copies", "Share of samples that are almost a training example: 0 is best", share=True),
    "exact copies": Words("Exact copies", "Share of samples that are a training example: 0 is best", share=True),
    "excess copies": Words(
        "Excess copies", "Near copies, less those that real examples are of each other: 0 or below is best", share=True
    ),
    "verbatim windows": Words(
        "Verbatim stretches", "Share of stretches of 8 columns that stand just so in a training map", share=True
    ),
    "unique": Words("Unique", "Share of distinct samples among those measured: 100% is best", share=True),
    "pairwise Hamming": Words("Variety", "Share of cells in which two samples differ (pairwise Hamming)", share=True),
    "connected": Words("Connected", "Share of levels in one piece, before any repair", share=True),
    "well-formed": Words("Well-formed", "Share of levels with one player and as many boxes as targets", share=True),
    "solved after repair": Words(
        "Solved after repair", "Share of levels that the solver solves within its bound after repair", share=True
    ),
    "solved": Words("Solved", "Share of levels that the solver solves within its bound, before any repair", share=True),
    "not decided": Words(
        "Not decided", "Share of levels on which the solver gave up: they do not count as solved", share=True
    ),
    "nats": Words("Likelihood", "How likely the model takes an example to be, in nats: more is better"),
    "bits": Words("Surprise", "Bits that a tile or a number of a picture costs the model: less is better"),
    "reachable after repair": Words(
        "Playable after repair", "Share of levels whose goal is reached from the start after repair", share=True
    ),
    "reachable": Words(
        "Playable", "Share of levels whose goal is reached from the start, before any repair", share=True
    ),
}
"""By how their names begin; the longer beginnings stand before the shorter."""


def report_of(measures: Mapping[str, Any]) -> Report | None:
    """The report of a manifest; None where nothing was measured, or what stands there is no report."""
    try:
        return Report.model_validate(measures) if measures else None
    except ValidationError:
        return None


def in_json(report: Report | None) -> list[dict[str, Any]]:
    """Every figure of a report for the browser, in its order."""
    return [_figure(figure) for figure in report.figures] if report else []


def words_of(name: str) -> Words:
    """How a figure is called; one that is not known keeps its name.

    >>> words_of("precision, k = 5").title, words_of("reachable after repair").title, words_of("new").title
    ('Look right', 'Playable after repair', 'New')
    """
    known = next((words for start, words in WORDS.items() if name.startswith(start)), None)
    return known or Words(name[:1].upper() + name[1:], "")


def _figure(figure: Figure) -> dict[str, Any]:
    words = words_of(figure.name)
    between = None if figure.low is None or figure.high is None else (figure.low, figure.high)
    return {
        "title": words.title,
        "about": words.about or figure.note,
        "name": figure.name,
        "note": figure.note,
        "value": shown(figure.value, share=words.share),
        "between": " to ".join(shown(end, share=words.share) for end in between) if between else "",
        "ceiling": "" if figure.ceiling is None else shown(figure.ceiling, share=words.share),
        "bar": _bar(figure) if words.share else None,
        "counts": counts(figure),
    }


def _bar(figure: Figure) -> dict[str, float | None]:
    """Value and ceiling of a share as parts of a bar."""
    return {"value": _part(figure.value), "ceiling": None if figure.ceiling is None else _part(figure.ceiling)}


def _part(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def counts(figure: Figure) -> str:
    """What was measured, in words."""
    parts = [(figure.n, "samples"), (figure.real, "training examples"), (figure.held_out, "held-out examples")]
    told = ", ".join(f"{count:,} {of}" for count, of in parts if count)
    return f"{told}; seed {figure.seed}"


def shown(value: float, *, share: bool) -> str:
    """A number as the page writes it: shares in per cent, else three significant digits.

    >>> shown(0.8625, share=True), shown(0.0, share=True), shown(-0.007, share=True), shown(0.002924, share=False)
    ('86%', '0%', '-0.7%', '0.00292')
    """
    if not share:
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    percent = 100 * value
    whole = abs(percent) >= 10 or percent == int(percent)
    return f"{percent:.0f}%" if whole else f"{percent:.1f}%"
