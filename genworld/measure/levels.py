"""The report on a model of levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, TileGrid
from genworld.errors import GenworldError
from genworld.measure.draws import SHARE, Chosen, estimates, subset
from genworld.measure.level_copies import COLUMNS, exact_copies, near_copies, verbatim_shares
from genworld.measure.patterns import SIZES, tpkl
from genworld.measure.play_figures import played_figures
from genworld.measure.playable import WHOLE, connected
from genworld.measure.report import Comparison, Figure, Report, Told, compare, untold
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
        "verbatim", SHARE, f"full-height windows of {COLUMNS} columns found in what it learned from", "verbatim windows"
    ),
    Comparison("unique", SHARE, "share of distinct levels among those measured", alone=True),
    Comparison("hamming", SHARE, "share of cells in which two samples differ", "pairwise Hamming", alone=True),
    Comparison("connected", SHARE, f"largest area holds {WHOLE:.0%} of the walkable cells; no repair", alone=True),
)

Rows = Mapping[str, NDArray[np.float64]]
"""What was found for each level, under the name of the figure that averages it."""


def level_report(
    samples: Grids,
    training: Grids,
    held_out: Grids | None,
    *,
    legend: Legend,
    maps: Sequence[TileGrid] = (),
    many: Grids | None = None,
    symmetry: Symmetry = Symmetry.NONE,
    seed: int = 0,
    told: Told = untold,
) -> Report:
    """Every figure of a level model, each with its ceiling where something was held out.

    Args:
        samples: (N, H, W) tile ids, as the model made them, without repair.
        training: (M, h, w) windows that the model saw, before turns and flips. Copies are looked for when they have
            the size of the samples.
        held_out: (L, h, w) windows of levels that it did not see; None where there are none.
        legend: what the ids mean.
        maps: whole training maps, for the verbatim windows; needed where samples and windows differ in size, and else
            the windows serve.
        many: (10,000, H, W) samples, of which the distinct ones are counted; the samples when None.
        symmetry: turns and flips that training used.
        seed: of the choice of windows, their turns, and the halves.
        told: hears how far it is.

    Raises:
        GenworldError: fewer than 4 levels of a kind, no whole maps where they are needed, or ids outside the legend.
    """
    _check(samples, training, training if held_out is None else held_out, legend, maps)
    asked = _Asked(samples, training, samples[:0] if held_out is None else held_out, legend, maps or training, symmetry)
    return Report(
        title="levels",
        figures=(
            *_pattern_figures(asked, seed),
            *(_among(many, figure) for figure in _copy_figures(asked, seed, told)),
            *played_figures(samples, asked.held_out, legend, Patterns.learn(training), seed, told),
        ),
    )


def _among(many: Grids | None, figure: Figure) -> Figure:
    """The figure; that of distinct levels among many, where they came."""
    if many is None or figure.name != "unique":
        return figure
    note = f"share of distinct levels among {len(many):,}"
    return figure.model_copy(
        update={"value": unique_share(many), "low": None, "high": None, "n": len(many), "note": note}
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


@dataclass(frozen=True)
class _Asked:
    """What a report is about; `held_out` is empty where nothing was held out."""

    samples: Grids
    training: Grids
    held_out: Grids
    legend: Legend
    maps: Sequence[TileGrid] | Grids
    symmetry: Symmetry

    @property
    def counts(self) -> tuple[int, int, int]:
        return len(self.samples), len(self.training), len(self.held_out)


def _pattern_figures(asked: _Asked, seed: int) -> list[Figure]:
    sets = _alike(asked, seed)

    def measure(chosen: Chosen, real: Chosen, ceiling: Chosen | None = None) -> Mapping[str, float]:
        found = {"tpkl": tpkl(sets[1][real], sets[0][chosen])}
        return found if ceiling is None else found | {"ceiling tpkl": tpkl(sets[1][real], sets[2][ceiling])}

    count = len(sets[0])
    return compare(PATTERNS, estimates(measure, (count,) * len(sets), seed, "patterns"), (count,) * 3, seed)


def _alike(asked: _Asked, seed: int) -> list[Grids]:
    """The sets at equal counts and sizes; real levels turned and flipped at random, as the model met them."""
    real = [grids for grids in (asked.training, asked.held_out) if len(grids)]
    turned = [shuffled(grids, asked.symmetry, seed, f"turn/{index}") for index, grids in enumerate(real)]
    sets = [asked.samples, *turned]
    count, rows, columns = np.min([grids.shape for grids in sets], axis=0)
    return [
        grids[subset(len(grids), count, seed, f"equal/{index}")][:, :rows, :columns] for index, grids in enumerate(sets)
    ]


def _copy_figures(asked: _Asked, seed: int, told: Told) -> list[Figure]:
    told("copies looked for", 0, 0)
    of_samples, unseen = _rows(asked.samples, asked), asked.held_out
    of_held_out = _rows(unseen, asked) if len(unseen) else {}
    turned = shuffled(unseen, asked.symmetry, seed, "turn/1")

    def measure(chosen: Chosen, ceiling: Chosen) -> Mapping[str, float]:
        found = _means(of_samples, asked.samples, chosen)
        if not len(unseen):
            return found
        best = {name: value for name, value in _means(of_held_out, turned, ceiling).items() if name in found}
        excess = {"excess": found["near"] - best["near"], "ceiling excess": 0.0} if "near" in found else {}
        return found | excess | {f"ceiling {name}": value for name, value in best.items()}

    found = estimates(measure, (len(asked.samples), len(unseen)), seed, "copies")
    return compare(COPIES, found, asked.counts, seed)


def _rows(grids: Grids, asked: _Asked) -> Rows:
    rows = {"connected": np.array([connected(grid, asked.legend) for grid in grids], dtype=np.float64)}
    if grids.shape[1:] == asked.training.shape[1:]:
        rows["exact"] = exact_copies(grids, asked.training, asked.symmetry).astype(np.float64)
        rows["near"] = near_copies(grids, asked.training, asked.symmetry).astype(np.float64)
    rows["verbatim"] = verbatim_shares(grids, list(asked.maps), asked.symmetry)
    return rows


def _means(rows: Rows, grids: Grids, chosen: Chosen) -> dict[str, float]:
    means = {name: float(values[chosen].mean()) for name, values in rows.items()}
    return means | {"unique": unique_share(grids[chosen]), "hamming": pairwise_hamming(grids[chosen])}
