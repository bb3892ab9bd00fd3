"""What a model of a single map is worth, and how parts made anew fit what stays."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genworld import sampling, training
from genworld.content import Level, LevelSpec, TileGrid
from genworld.datasets import Dataset, open_dataset
from genworld.measure.level_copies import verbatim_shares
from genworld.measure.patterns import tpkl
from genworld.models.base import CanFill, GenerativeModel, SampleRequest
from genworld.seeding import numpy_stream

SAMPLES = 20
BATCH = 64
BOX = 16
BOXES = 20
FAMILY = "markov"


@dataclass(frozen=True)
class Single:
    """One map as the only data.

    Args:
        map: its name.
        tpkl: TPKL(map || samples), in nats.
        verbatim: share of full-height windows of 8 columns that stand in the map.
        seconds: of learning.
        speed: levels of the map's size a second, in one batch.
    """

    map: str
    tpkl: float
    verbatim: float
    seconds: float
    speed: float


@dataclass(frozen=True)
class Redone:
    """Boxes of levels made anew.

    Args:
        kept: share of pinned cells that stayed as they were.
        seam, inside: share of the 2 x 2 windows across the seam, and inside the box, that occur in the data.
        seconds: of one box: median and worst.
        boxes: how many.
    """

    kept: float
    seam: float
    inside: float
    seconds: tuple[float, float]
    boxes: int


def smb(folder: Path) -> Iterator[Single]:
    """Each map of a folder as the only data, `SAMPLES` samples of its size."""
    data = open_dataset(str(folder))
    for index, name in enumerate(data.groups):
        yield single(data.take([index]), Path(name).stem)


def single(data: Dataset, name: str) -> Single:
    """The figures of a data set of one level."""
    level = data.levels[0]
    model, seconds = _learned(data)
    size = (level.height, level.width)
    began = time.perf_counter()
    drawn = _grids(model, size, BATCH)
    speed = BATCH / (time.perf_counter() - began)
    grids = drawn[:SAMPLES]
    copies = verbatim_shares(grids, [level.tiles])
    return Single(
        name, tpkl(np.repeat(level.tiles[None], SAMPLES, axis=0), grids), float(copies.mean()), seconds, speed
    )


def _learned(data: Dataset) -> tuple[GenerativeModel, float]:
    began = time.perf_counter()
    run = training.begin(data, FAMILY, {}, seed=0, device="cpu")
    for _ in run:
        pass
    return run.model.eval(), time.perf_counter() - began


def _grids(model: GenerativeModel, size: tuple[int, int], count: int) -> NDArray[np.uint8]:
    drawn = model.sample([SampleRequest(0, index, size=size) for index in range(count)])
    return np.stack([level.tiles for level in drawn if isinstance(level, Level)])


def redo(data: Dataset, model: GenerativeModel | None = None, *, size: tuple[int, int] | None = None) -> Redone:
    """Boxes of `BOX` x `BOX` made anew in samples of a model.

    Args:
        data: levels; what a window is compared with.
        model: that makes levels and fills; one learned from `data` when None.
        size: of the levels, for a model that makes any size; that of the largest level of the data when None.
    """
    model = model or _learned(data)[0]
    assert isinstance(model, CanFill)  # noqa: S101  level models fill
    assert isinstance(data.spec, LevelSpec)  # noqa: S101
    known = _seen(data, str(getattr(model.config, "flips", "none")))
    if size is None and model.resizable:
        size = max(((level.height, level.width) for level in data.levels), key=math.prod)
    levels = [sampling.render(model, SampleRequest(1, index, size=size)) for index in range(BOXES // 4)]
    kept, seam, inside, seconds = [], [], [], []
    for number in range(BOXES):
        level = levels[number % len(levels)]
        assert isinstance(level, Level)  # noqa: S101
        mask = _box(level, number)
        began = time.perf_counter()
        with sampling.canonical():
            filled = model.fill(level, mask, seed=number)
        seconds.append(time.perf_counter() - began)
        kept.append((filled.tiles == level.tiles)[~mask])
        across, within = window_shares(filled.tiles, mask, known)
        seam.append(across)
        inside.append(within)
    shares = [float(np.concatenate(each).mean()) for each in (kept, seam, inside)]
    return Redone(shares[0], shares[1], shares[2], (float(np.median(seconds)), max(seconds)), BOXES)


def _box(level: Level, number: int) -> NDArray[np.bool_]:
    """A box that leaves at least two cells on either side, anywhere in the level."""
    random = numpy_stream(number, "box")
    sides = (min(BOX, level.height - 4), min(BOX, level.width - 4))
    top, left = (
        int(random.integers(2, whole - side - 1)) for whole, side in zip(level.tiles.shape, sides, strict=True)
    )
    mask = np.zeros(level.tiles.shape, dtype=np.bool_)
    mask[top : top + sides[0], left : left + sides[1]] = True
    return mask


def _seen(data: Dataset, flips: str) -> NDArray[np.int64]:
    """Codes of all windows of the data, with the symmetries that were added to it."""
    grids = [np.rot90(level.tiles, turn) for level in data.levels for turn in range(4 if flips == "turns" else 1)]
    if flips != "none":
        grids += [np.fliplr(grid) for grid in grids]
    return np.unique(np.concatenate([_codes(grid).reshape(-1) for grid in grids]))


def window_shares(
    grid: TileGrid, mask: NDArray[np.bool_], known: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each 2 x 2 window is known: of those with free and pinned cells, and of those with free cells alone."""
    found = np.isin(_codes(grid), known)
    corners = (mask[:-1, :-1], mask[:-1, 1:], mask[1:, :-1], mask[1:, 1:])
    free = np.sum([corner.astype(np.int64) for corner in corners], axis=0)
    return found[(free > 0) & (free < 4)], found[free == 4]


def _codes(grid: TileGrid) -> NDArray[np.int64]:
    g = grid.astype(np.int64)
    codes: NDArray[np.int64] = ((g[:-1, :-1] * 256 + g[:-1, 1:]) * 256 + g[1:, :-1]) * 256 + g[1:, 1:]
    return codes
