"""Whether levels repeat what a model was trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genworld.content import TileGrid
from genworld.measure.windows import Codes, Grids, Symmetry, codes, moved, versions

NEAR = 0.03
"""Share of cells that may differ in a near copy."""

COLUMNS = 8
"""Width of a verbatim window, in tiles."""

STEP = 4096
"""Training windows compared at once."""


def exact_copies(samples: Grids, training: Grids, symmetry: Symmetry) -> NDArray[np.bool_]:
    """(N,) which samples equal a training window, turned and flipped as in `symmetry`.

    Args:
        samples: (N, H, W) tile ids.
        training: (M, H, W).
    """
    known = _whole(training)
    # The moves undo each other: a sample against turned training windows is a turned sample against the windows.
    found = [np.isin(_whole(version), known) for version in versions(samples, symmetry)]
    copied: NDArray[np.bool_] = np.logical_or.reduce(found)
    return copied


def _whole(grids: Grids) -> Codes:
    return codes(grids, *grids.shape[1:]).reshape(len(grids))


def near_copies(samples: Grids, training: Grids, symmetry: Symmetry) -> NDArray[np.bool_]:
    """(N,) which samples differ from some training window in at most 3% of the cells; arguments as `exact_copies`."""
    allowed = int(NEAR * samples[0].size + 1e-9)
    tiles = 1 + max(int(samples.max()), int(training.max()))
    tallies, known = _tallies(samples, tiles), _tallies(training, tiles)
    turned = np.stack(list(versions(samples, symmetry)), axis=1)
    near = [
        # Each cell that differs changes the numbers of two tiles by one, whatever the turn.
        _any_within(turned[index], training[np.abs(known - tally).sum(axis=1) <= 2 * allowed], allowed)
        for index, tally in enumerate(tallies)
    ]
    return np.array(near, dtype=np.bool_)


def _tallies(grids: Grids, tiles: int) -> NDArray[np.int32]:
    """(N, tiles) how often each level uses each tile."""
    flat = grids.reshape(len(grids), -1)
    return np.stack([np.bincount(row, minlength=tiles) for row in flat]).astype(np.int32)


def _any_within(turned: Grids, training: Grids, allowed: int) -> bool:
    return any(
        bool(((part[:, None] != turned).sum(axis=(2, 3)) <= allowed).any())
        for part in (training[start : start + STEP] for start in range(0, len(training), STEP))
    )


def verbatim_shares(
    samples: Grids, maps: Sequence[TileGrid], symmetry: Symmetry = Symmetry.NONE
) -> NDArray[np.float64]:
    """(N,) share of the full-height windows of 8 columns of each sample that stand anywhere in a training map.

    Args:
        samples: (N, H, W) tile ids.
        maps: whole maps of any size, as they were trained on.
        symmetry: turns and flips of the maps that training used.
    """
    height, columns = samples.shape[1], min(COLUMNS, samples.shape[2])
    known = np.unique(np.concatenate([_stretches(stack, height, columns) for stack in _stacks(maps, symmetry)]))
    found: NDArray[np.float64] = np.isin(codes(samples, height, columns), known).mean(axis=(1, 2))
    return found


def _stretches(stack: Grids, height: int, columns: int) -> Codes:
    return np.unique(codes(stack, height, columns))


def _stacks(maps: Sequence[TileGrid], symmetry: Symmetry) -> list[Grids]:
    """The maps in each version, those of one size together."""
    sizes: dict[tuple[int, ...], list[TileGrid]] = {}
    for grid in maps:
        sizes.setdefault(grid.shape, []).append(grid)
    return [moved(np.stack(grids), move) for grids in sizes.values() for move in symmetry.moves]
