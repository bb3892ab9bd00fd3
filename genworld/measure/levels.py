"""The report on a model of levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, TileGrid
from genworld.errors import GenworldError
from genworld.measure.draws import SHARE, Chosen, estimates, subset
from genworld.measure.level_copies import COLUMNS, exact_copies, near_copies, verbatim_shares
from genworld.measure.patterns import SIZES, tpkl
from genworld.measure.playable import PLAYED, WHOLE, connected, reachable
from genworld.measure.report import Comparison, Figure, Report, compare
from genworld.measure.variety import pairwise_hamming, unique_share
from genworld.measure.windows import Grids, Symmetry, shuffled
from genworld.play import Patterns

LEAST = 4
"""Levels needed on each side, so that a half still has a pair."""

PATTERNS = (Comparison("tpkl", (0.0, float("inf")), "nats; 0 is best, copying lowers it", "TPKL, windows 4, 3, 2"),)

COPIES = (
    Comparison("exact", SHARE, "equal to a training window, turned or flipped as in training", "exact copies"),
    Comparison("near", SHARE, "at most 3% of the cells differ from a training window", "near copies"),
    Comparison("excess", (-1.0, 1.0), "near copies minus those of held-out levels", "excess copies"),
    Comparison(
        "verbatim", SHARE, f"full-height windows of {COLUMNS} columns found in a training map", "verbatim windows"
    ),
    Comparison("unique", SHARE, "share of distinct levels among those measured", alone=True),
    Comparison("hamming", SHARE, "share of cells in which two samples differ", "pairwise Hamming", alone=True),
    Comparison("connected", SHARE, f"largest area holds {WHOLE:.0%} of the walkable cells; no repair", alone=True),
    Comparison(
        "reachable", SHARE, f"goal reached from the start by the rules of the style; {PLAYED} played", alone=True
    ),
    Comparison("repaired", SHARE, "the same after repair", "reachable after repair", alone=True),
)

Rows = Mapping[str, NDArray[np.float64]]
"""What was found for each level, under the name of the figure that averages it."""


def level_report(
    samples: Grids,
    training: Grids,
    held_out: Grids,
    *,
    legend: Legend,
    maps: Sequence[TileGrid] = (),
    symmetry: Symmetry = Symmetry.NONE,
    seed: int = 0,
) -> Report:
    """Every figure of a level model, each with its ceiling.

    Args:
        samples: (N, H, W) tile ids, as the model made them, without repair.
        training: (M, h, w) windows that the model saw, before turns and flips. Copies are looked for when they have
            the size of the samples.
        held_out: (L, h, w) windows of levels that it did not see.
        legend: what the ids mean.
        maps: whole training maps, for the verbatim windows; needed where samples and windows differ in size.
        symmetry: turns and flips that training used.
        seed: of the choice of windows, their turns, and the halves.

    Raises:
        GenworldError: fewer than 4 levels of a kind, no whole maps where they are needed, or ids outside the legend.
    """
    _check(samples, training, held_out, legend, maps)
    return Report(
        title="levels",
        figures=(
            *_pattern_figures(samples, training, held_out, symmetry, seed),
            *_copy_figures(samples, training, held_out, legend, maps, symmetry, seed),
        ),
    )


def _check(samples: Grids, training: Grids, held_out: Grids, legend: Legend, maps: Sequence[TileGrid]) -> None:
    for name, grids in (("samples", samples), ("training windows", training), ("held-out windows", held_out)):
        if grids.ndim != 3 or grids.dtype != np.uint8 or len(grids) < LEAST or min(grids.shape[1:]) < max(SIZES):
            raise GenworldError(
                f"At least {LEAST} {name} of {max(SIZES)} x {max(SIZES)} tiles or more are needed, "
                f"(count, rows, columns) of 8 bits, but shape {grids.shape} and type {grids.dtype} came; "
                "bring more or larger ones."
            )
        if int(grids.max()) >= len(legend.tiles):
            raise GenworldError(
                f"The {name} use tile id {int(grids.max())}, but legend {legend.name!r} ends at "
                f"{len(legend.tiles) - 1}; use the legend that they were made with."
            )
    if held_out.shape[1:] != training.shape[1:]:
        raise GenworldError(
            f"Training and held-out windows are cut to one size, but {training.shape[1]} x {training.shape[2]} and "
            f"{held_out.shape[1]} x {held_out.shape[2]} tiles came; cut them alike."
        )
    if samples.shape[1:] != training.shape[1:] and not maps:
        raise GenworldError(
            f"Samples of {samples.shape[1]} x {samples.shape[2]} tiles cannot be looked for among windows of "
            f"{training.shape[1]} x {training.shape[2]}; cut windows of the same size or give the whole training maps."
        )


def _pattern_figures(samples: Grids, training: Grids, held_out: Grids, symmetry: Symmetry, seed: int) -> list[Figure]:
    sets = _alike(samples, training, held_out, symmetry, seed)

    def measure(chosen: Chosen, real: Chosen, ceiling: Chosen) -> Mapping[str, float]:
        return {"tpkl": tpkl(sets[1][real], sets[0][chosen]), "ceiling tpkl": tpkl(sets[1][real], sets[2][ceiling])}

    counts = (len(sets[0]),) * 3
    return compare(PATTERNS, estimates(measure, counts, seed, "patterns"), counts, seed)


def _alike(samples: Grids, training: Grids, held_out: Grids, symmetry: Symmetry, seed: int) -> list[Grids]:
    """The three sets at equal counts and sizes; real levels turned and flipped at random, as the model met them."""
    turned = [shuffled(grids, symmetry, seed, f"turn/{index}") for index, grids in enumerate((training, held_out))]
    sets = [samples, *turned]
    count, rows, columns = np.min([grids.shape for grids in sets], axis=0)
    return [
        grids[subset(len(grids), count, seed, f"equal/{index}")][:, :rows, :columns] for index, grids in enumerate(sets)
    ]


def _copy_figures(
    samples: Grids,
    training: Grids,
    held_out: Grids,
    legend: Legend,
    maps: Sequence[TileGrid],
    symmetry: Symmetry,
    seed: int,
) -> list[Figure]:
    patterns = Patterns.learn(training)
    of_samples = {**_rows(samples, training, legend, maps, symmetry), **_played(samples, legend, patterns)}
    of_held_out = {**_rows(held_out, training, legend, maps, symmetry), **_played(held_out, legend, patterns)}
    turned = shuffled(held_out, symmetry, seed, "turn/1")

    def measure(chosen: Chosen, ceiling: Chosen) -> Mapping[str, float]:
        found = _means(of_samples, samples, chosen)
        best = {name: value for name, value in _means(of_held_out, turned, ceiling).items() if name in found}
        excess = {"excess": found["near"] - best["near"], "ceiling excess": 0.0} if "near" in found else {}
        return found | excess | {f"ceiling {name}": value for name, value in best.items()}

    found = estimates(measure, (len(samples), len(held_out)), seed, "copies")
    return compare(COPIES, found, (len(samples), len(training), len(held_out)), seed)


def _rows(grids: Grids, training: Grids, legend: Legend, maps: Sequence[TileGrid], symmetry: Symmetry) -> Rows:
    rows = {"connected": np.array([connected(grid, legend) for grid in grids], dtype=np.float64)}
    if grids.shape[1:] == training.shape[1:]:
        rows["exact"] = exact_copies(grids, training, symmetry).astype(np.float64)
        rows["near"] = near_copies(grids, training, symmetry).astype(np.float64)
    if maps:
        rows["verbatim"] = verbatim_shares(grids, maps)
    return rows


def _played(grids: Grids, legend: Legend, patterns: Patterns) -> Rows:
    raw, repaired = reachable(grids, legend, patterns)
    return {"reachable": raw, "repaired": repaired}


def _means(rows: Rows, grids: Grids, chosen: Chosen) -> dict[str, float]:
    means = {name: _mean(values[chosen]) for name, values in rows.items()}
    return means | {"unique": unique_share(grids[chosen]), "hamming": pairwise_hamming(grids[chosen])}


def _mean(values: NDArray[np.float64]) -> float:
    """Of the levels that were measured; 0 where none was."""
    measured = values[~np.isnan(values)]
    return float(measured.mean()) if measured.size else 0.0
