"""The fingerprints of what a model learned from, kept with it: see `genworld.measure.fingerprints`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from genworld.checkpoint import Checkpoint
from genworld.content import Example, Legend, Level, Spec, Tag
from genworld.datasets import Dataset
from genworld.datasets.dataset import starts
from genworld.errors import GenworldError
from genworld.latent import examples, kept
from genworld.measure import fingerprints
from genworld.measure.fingerprints import Fingerprints
from genworld.measure.windows import Grids, Symmetry
from genworld.models import family
from genworld.recent import Recent

KEY = "fingerprints"
SIDE = 16
"""Rows or columns, at most, of the windows of levels of many sizes."""
OVERLAP = 4
"""Windows of training levels start a quarter of their side apart, as `measure.appraise` cuts them."""
PLAIN = 0.9
"""A window of which one tile fills this share, or more, is nobody's idea: a sample that repeats it copies nothing."""
AT_HAND = 4
"""Models whose fingerprints are in memory."""

_log = logging.getLogger(__name__)
_recent: Recent[tuple[str, str], Fingerprints] = Recent(AT_HAND)


def learn(data: Dataset, family_name: str, symmetry: Symmetry, least_open: float = 0.0) -> Fingerprints:
    """Fingerprints of all examples; where a family makes levels of any size, of windows of at most 16 x 16 tiles of them.

    Args:
        data: as the model learned it.
        family_name: of the model.
        symmetry: turns and flips of levels that training used.
        least_open: share of cells that are neither solid nor void in a window worth learning.
    """
    if family(family_name).resizable:
        found = windows(data.levels, sides(data.spec, data.examples, family_name), least_open)
        return fingerprints.learn(found, symmetry)
    return fingerprints.learn(data.array(), symmetry)


def sides(spec: Spec, some: Sequence[Example], family_name: str) -> tuple[int, int]:
    """Rows and columns of what is compared: the size of the examples, or of windows of them."""
    rows, columns = examples.sides(spec, some)
    return (min(SIDE, rows), min(SIDE, columns)) if family(family_name).resizable else (rows, columns)


def windows(levels: Sequence[Level], sides: tuple[int, int], least_open: float = 0.0) -> Grids:
    """(N, rows, columns) overlapping windows that are open enough and not plain; of those that are, if there are no others."""
    each = [cut(level.tiles, sides, OVERLAP) for level in levels]
    every = np.concatenate(each)
    busy = every[~plain(every)]
    worth = busy[_open(busy, levels[0].legend) >= least_open] if least_open else busy
    return next(each for each in (worth, busy, every) if len(each))


def cut(grid: NDArray[np.uint8], sides: tuple[int, int], overlap: int) -> Grids:
    """(N, rows, columns) windows of a level, 1 / `overlap` of their side apart, far edges included; none of a smaller level."""
    if grid.shape[0] < sides[0] or grid.shape[1] < sides[1]:
        return np.zeros((0, *sides), np.uint8)
    step = max(1, min(sides) // overlap)
    tops, lefts = (starts(length, side, step) for length, side in zip(grid.shape, sides, strict=True))
    return np.ascontiguousarray(sliding_window_view(grid, sides)[np.ix_(tops, lefts)].reshape(-1, *sides))


def plain(grids: Grids) -> NDArray[np.bool_]:
    """(N,) whether one tile fills nearly all of a window."""
    most = np.zeros(len(grids))
    for tile in np.unique(grids):
        np.maximum(most, (grids == tile).mean(axis=(1, 2)), out=most)
    return most >= PLAIN


def _open(grids: Grids, legend: Legend) -> NDArray[np.float64]:
    closed: NDArray[np.float64] = legend.has(grids, Tag.SOLID, Tag.VOID).mean(axis=(1, 2))
    return 1 - closed


def keep(checkpoint: Checkpoint, found: Fingerprints, folder: Path | None = None) -> None:
    """Keep the fingerprints of what a model learned from, in the person's data folder when `folder` is None.

    Raises:
        GenworldError: the disk refuses.
    """
    kept.put(checkpoint, KEY, found.to_arrays(), folder)
    _recent.forget(_key(checkpoint))


def keep_beside(checkpoint: Checkpoint, found: Fingerprints) -> None:
    """Keep them in the folder of a new model; a disk that refuses is logged, for the model is whole."""
    try:
        keep(checkpoint, found, checkpoint.folder / kept.FOLDER)
    except GenworldError as error:
        _log.warning("%s", error)


def of(checkpoint: Checkpoint) -> Fingerprints | None:
    """The fingerprints that are kept with a model; None where there are none, as with models of old."""
    found = _recent.get(_key(checkpoint)) or _read(checkpoint)
    if found is not None:
        _recent.put(_key(checkpoint), found)
    return found


def _key(checkpoint: Checkpoint) -> tuple[str, str]:
    return str(checkpoint.folder), checkpoint.digest


def _read(checkpoint: Checkpoint) -> Fingerprints | None:
    found = kept.get(checkpoint, KEY)
    prints, spec = Fingerprints.of_arrays(found) if found else None, checkpoint.spec
    fits = prints and (
        (prints.height, prints.width) == (spec.height, spec.width) or family(checkpoint.family).resizable
    )
    return prints if fits else None


def symmetry_of(checkpoint: Checkpoint) -> Symmetry:
    """The turns and flips of levels that training used."""
    return Symmetry.of_config(checkpoint.manifest.config)
