"""What can be said of a model without its data: how its samples differ, whether they can be played, how new they are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend
from genworld.errors import GenworldError
from genworld.measure.draws import SHARE, Chosen, estimates
from genworld.measure.fingerprints import Fingerprints, Found
from genworld.measure.play_figures import played_figures
from genworld.measure.playable import WHOLE, connected
from genworld.measure.report import Comparison, Figure, Report, Told, compare, untold
from genworld.measure.variety import pairwise_hamming, unique_share
from genworld.measure.windows import Symmetry
from genworld.play import Patterns

LEAST = 4
"""Samples, so that a half still has a pair."""
BY = "by fingerprints"

ALONE = (
    Comparison("hamming", SHARE, "share of cells in which two samples differ", "pairwise Hamming", alone=True),
    Comparison("connected", SHARE, f"largest area holds {WHOLE:.0%} of the walkable cells; no repair", alone=True),
)


def alone_report(
    samples: NDArray[np.uint8],
    many: NDArray[np.uint8],
    *,
    legend: Legend | None,
    patterns: Patterns | None = None,
    prints: Fingerprints | None = None,
    symmetry: Symmetry = Symmetry.NONE,
    seed: int = 0,
    told: Told = untold,
) -> Report:
    """Every figure that needs no data. None has a ceiling.

    Args:
        samples: (N, H, W) levels or (N, H, W, 4) sprites.
        many: more of them, of which the distinct ones are counted.
        legend: of levels.
        patterns: of levels, which a repair prefers.
        prints: fingerprints of what the model learned from, of the samples' size; None where it keeps none.
        symmetry: turns and flips of levels that training used.
        seed: of the halves.
        told: hears how far it is.

    Raises:
        GenworldError: fewer than 4 samples.
    """
    if len(samples) < LEAST:
        raise GenworldError(f"At least {LEAST} samples are measured, but {len(samples)} were asked for; ask for more.")
    figures = [_unique(many, seed)]
    if legend is not None:
        figures += _level_figures(samples, legend, seed)
        figures += played_figures(samples, samples[:0], legend, patterns or Patterns.learn(samples), seed, told)
    if prints is not None:
        told("copies looked for", 0, 0)
        figures += copies_by_fingerprints(prints.find(samples, symmetry), prints, seed)
    return Report(title="samples alone", figures=tuple(figures))


def _unique(many: NDArray[np.uint8], seed: int) -> Figure:
    note = f"share of distinct samples among {len(many):,}"
    return Figure(name="unique", value=unique_share(many), n=len(many), seed=seed, note=note)


def _level_figures(grids: NDArray[np.uint8], legend: Legend, seed: int) -> list[Figure]:
    whole = np.array([connected(grid, legend) for grid in grids], dtype=np.float64)

    def measure(chosen: Chosen) -> Mapping[str, float]:
        return {"connected": float(whole[chosen].mean()), "hamming": pairwise_hamming(grids[chosen])}

    return compare(ALONE, estimates(measure, (len(grids),), seed, "alone"), (len(grids), 0, 0), seed)


def copies_by_fingerprints(found: Found, prints: Fingerprints, seed: int) -> list[Figure]:
    """Copies and the distance to the nearest training example, as fingerprints tell them.

    Args:
        found: what they say of the samples.
        prints: themselves.
        seed: of the halves.
    """
    of = (
        f"of {len(prints):,} fingerprints" if len(prints) == prints.total else f"of {len(prints):,} of {prints.total:,}"
    )
    wanted = (
        Comparison("exact", SHARE, f"equal to a training example, {of}", f"exact copies, {BY}"),
        Comparison("near", SHARE, f"almost a training example, {of}; about", f"near copies, {BY}"),
        Comparison(
            "distance",
            SHARE,
            f"to the nearest training example, in the middle, right to {prints.error:.0%}; "
            f"training examples from each other: {prints.apart:.3f}",
            f"distance, {BY}",
        ),
    )

    def measure(chosen: Chosen) -> Mapping[str, float]:
        return {
            "exact": float(found.exact[chosen].mean()),
            "near": float(found.near[chosen].mean()),
            "distance": float(np.median(found.distance[chosen])),
        }

    counts = (len(found.near), len(prints), 0)
    return compare(wanted, estimates(measure, counts[:1], seed, "fingerprints"), counts, seed)
