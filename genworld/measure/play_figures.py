"""Figures of play: whether the levels of a model can be walked or solved, as they come and after repair."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, Style
from genworld.measure.draws import SHARE, Chosen, estimates
from genworld.measure.playable import PLAYED, played, well_formed
from genworld.measure.report import Comparison, Figure, Told, compare, untold
from genworld.measure.windows import Grids
from genworld.play import Patterns

WALKED = (
    Comparison("reachable", SHARE, "goal reached from the start by the rules of the style; no repair", alone=True),
    Comparison("repaired", SHARE, "the same after repair", "reachable after repair", alone=True),
)
"""Of levels that are walked; the figures of `SOLVED` are of those whose boxes are pushed."""

SOLVED = (
    Comparison(
        "formed", SHARE, "one player, as many boxes as targets, at least one; no repair", "well-formed", alone=True
    ),
    Comparison("reachable", SHARE, "solved within the bound of the search; no repair", "solved", alone=True),
    Comparison("repaired", SHARE, "the same after repair", "solved after repair", alone=True),
    Comparison("unknown", SHARE, "the search was given up: not counted as solved", "not decided", alone=True),
)


def played_figures(
    samples: Grids, held_out: Grids, legend: Legend, patterns: Patterns, seed: int, told: Told = untold
) -> list[Figure]:
    """Whether levels can be played, raw and after repair; of the first 200 of each set.

    Args:
        samples, held_out: (N, H, W) tile ids; the second may be empty.
        legend: what they mean.
        patterns: of the training levels, which a repair prefers.
        seed: of the halves.
        told: hears how far it is.
    """
    total = min(PLAYED, len(samples)) + min(PLAYED, len(held_out))
    of_samples = _played(samples, legend, patterns, lambda done: told("levels played", done, total))
    before = min(PLAYED, len(samples))
    of_held_out = _played(held_out, legend, patterns, lambda done: told("levels played", before + done, total))

    def measure(chosen: Chosen, ceiling: Chosen) -> Mapping[str, float]:
        found = {name: float(values[chosen].mean()) for name, values in of_samples.items()}
        best = {
            f"ceiling {name}": float(values[ceiling].mean()) for name, values in of_held_out.items() if len(ceiling)
        }
        return found | best

    counts = before, total - before
    wanted = SOLVED if legend.style is Style.BOX_PUSHING else WALKED
    return compare(wanted, estimates(measure, counts, seed, "played"), (counts[0], 0, counts[1]), seed)


def _played(
    grids: Grids, legend: Legend, patterns: Patterns, told: Callable[[int], None]
) -> Mapping[str, NDArray[np.float64]]:
    found = played(grids, legend, patterns, told)
    return {**vars(found), "formed": well_formed(grids[: len(found.unknown)], legend).astype(np.float64)}
