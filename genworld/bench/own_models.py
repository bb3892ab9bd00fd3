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
from genworld.play import Patterns
from genworld.seeding import numpy_stream

SAMPLES = 20
BATCH = 64
BOX = 16
BOXES = 20
FAMILY = "markov"
BUNDLED = "dungeon-markov"
"""Learned from the maps of Freedoom."""
WORLD = (48, 48)


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

    def __str__(self) -> str:
        """
        >>> str(Single("a", 0.1, 0.08, 0.02, 120.0))
        'a alone: TPKL 0.100, verbatim 8.0%, learned in 0.02 s, 120 levels/s in a batch'
        """
        return (
            f"{self.map} alone: TPKL {self.tpkl:.3f}, verbatim {self.verbatim:.1%}, learned in {self.seconds:.2f} s, "
            f"{self.speed:.0f} levels/s in a batch"
        )


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

    def __str__(self) -> str:
        """
        >>> str(Redone(1.0, 0.98, 1.0, (0.2, 0.4), 20))
        '20 boxes of at most 16 x 16 made anew: 100.0% of the pinned cells kept, known windows 98.0% across the seam and 100.0% inside (ratio 0.98, aim: at least 0.95), median 0.20 s, worst 0.40 s (aim: at most 1 s)'
        """
        return (
            f"{self.boxes} boxes of at most {BOX} x {BOX} made anew: {self.kept:.1%} of the pinned cells kept, known windows "
            f"{self.seam:.1%} across the seam and {self.inside:.1%} inside (ratio {self.seam / self.inside:.2f}, aim: at "
            f"least 0.95), median {self.seconds[0]:.2f} s, worst {self.seconds[1]:.2f} s (aim: at most 1 s)"
        )


def smb(folder: Path) -> Iterator[Single]:
    """Each map of a folder as the only data, `SAMPLES` samples of its size; at last the mean of all."""
    data = open_dataset(str(folder))
    rows = []
    for index, name in enumerate(data.groups):
        rows.append(single(data.take([index]), Path(name).stem))
        yield rows[-1]
    yield Single(
        f"mean of {len(rows)} maps (aim: TPKL at most 0.15, verbatim at most 12%, 60 s, at least 100 levels/s), each",
        *(
            float(np.mean([getattr(row, figure) for row in rows]))
            for figure in ("tpkl", "verbatim", "seconds", "speed")
        ),
    )


def redone(folder: Path) -> Iterator[str]:
    """Boxes in samples of chains, each of one map of a folder."""
    data = open_dataset(str(folder))
    for index, name in enumerate(data.groups):
        yield f"{Path(name).stem}: {redo(data.take([index]))}"


def redone_bundled(folder: Path) -> Iterator[str]:
    """Boxes in samples of the bundled chain, against the maps that it learned from."""
    loaded = sampling.open_model(BUNDLED)
    yield f"{BUNDLED}: {redo(open_dataset(str(folder)), loaded.model, size=WORLD)}"


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
    known = _known(data, str(getattr(model.config, "flips", "none")))
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


def _known(data: Dataset, flips: str) -> Patterns:
    """The windows of the data, with the symmetries that were added to it."""
    grids = [np.rot90(level.tiles, turn) for level in data.levels for turn in range(4 if flips == "turns" else 1)]
    return Patterns.learn(grids if flips == "none" else [*grids, *(np.fliplr(grid) for grid in grids)])


def window_shares(
    grid: TileGrid, mask: NDArray[np.bool_], known: Patterns
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each 2 x 2 window is known: of those with free and pinned cells, and of those with free cells alone."""
    found = known.known(grid)
    corners = (mask[:-1, :-1], mask[:-1, 1:], mask[1:, :-1], mask[1:, 1:])
    free = np.sum([corner.astype(np.int64) for corner in corners], axis=0)
    return found[(free > 0) & (free < 4)], found[free == 4]
