"""What of a data set a model learns from: windows of levels, and what is held out to measure it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from genworld import limits, sampling
from genworld.content import Example, Level, LevelSpec
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.models import family
from genworld.models.lines import along_of
from genworld.training.holding import hold_out

WINDOW = 16
"""Side in tiles of the windows that levels of differing sizes are cut into."""
WINDOW_SIDES = (8, 64)
SHORT = 32
"""Side in tiles up to which levels of one size, of a family that makes any length, are pieces; longer ones are maps."""
OVERLAP = 4
"""Windows that overlap start a quarter of their side apart."""
PLAIN = 0.9
"""A window of which one tile fills this share, or more, teaches nothing but emptiness and is left out."""


@dataclass(frozen=True)
class Strip:
    """The breadth of strips, in tiles: their height where they run from left to right, else their width.

    Args:
        height, width: the one that is free is None.
    """

    height: int | None
    width: int | None


def lessons(
    data: Dataset,
    family_name: str,
    window: int | None = None,
    least_open: float = 0.0,
    strip: Strip | None = None,
) -> Dataset:
    """The examples as a family learns them.

    Args:
        data: sprites, or levels of any sizes.
        family_name: a family that makes any size learns whole levels or strips of them; others learn levels of one size.
        window: side in tiles of the windows, or breadth of the strips, that levels are cut into; None cuts only where
            the family must have one size and the levels differ, and then into windows of `WINDOW`.
        least_open: share of cells that are neither solid nor void in a window worth learning.
        strip: for families that learn strips, how those are cut; None for what suits these data.

    Raises:
        GenworldError: a number out of range, or windows of sprites, or larger than every level.
    """
    least_open = limits.real("The share of open cells", least_open, 0, 0.9)
    if window is not None:
        window = limits.whole("The window", window, *WINDOW_SIDES, "tiles")
    if family(family_name).strips and isinstance(data.spec, LevelSpec):
        return stripped(data, strip or strip_of(data, window), least_open)
    if window is None:
        whole = family(family_name).resizable or not isinstance(data.spec, LevelSpec) or data.spec.height is not None
        return data if whole else cut(data, family_name, WINDOW, least_open)
    return cut(data, family_name, window, least_open)


def cut(data: Dataset, family_name: str, window: int, least_open: float = 0.0) -> Dataset:
    """Windows of `window` x `window` tiles, without those that are nearly all one tile or not open enough.

    They overlap for families that see a window as a whole; one that makes any size counts each cell once.
    """
    stride = window if family(family_name).resizable else max(1, window // OVERLAP)
    return _worth(data.windows(window, window, stride, least_open))


def _worth(windows: Dataset) -> Dataset:
    """Those of which no tile fills nearly all; all where there are no others."""
    worth = [index for index, example in enumerate(windows.examples) if not _plain(example)]
    return windows.take(worth) if worth else windows


def strip_of(data: Dataset, window: int | None = None) -> Strip:
    """How levels are cut into strips: along the side in which they differ, or the way that platformers run.

    They keep the whole of a side that all have in common, unless a window says how broad they are to be. Where they have
    none in common, they are `WINDOW` broad, or as broad as three quarters of the levels allow.
    """
    heights, widths = ([each.tiles.shape[side] for each in data.levels] for side in (0, 1))
    alike = len(set(heights)) == 1, len(set(widths)) == 1
    rows, columns = typical_size(data.examples)
    along = along_of(data.levels[0].legend.style, rows, columns)
    if alike[0] != alike[1]:
        along = "columns" if alike[0] else "rows"
    lengths = sorted(heights if along == "columns" else widths)
    whole = lengths[0] if all(length == lengths[0] for length in lengths) else min(WINDOW, lengths[len(lengths) // 4])
    breadth = window or whole
    return Strip(breadth, None) if along == "columns" else Strip(None, breadth)


def stripped(data: Dataset, strip: Strip, least_open: float = 0.0) -> Dataset:
    """Strips of levels, a quarter of their breadth apart, without those that are nearly all one tile or not open enough.

    Levels that are no broader than that stay whole; where all are of one size, and short, that is the model's own.
    """
    breadth = strip.height or strip.width or WINDOW
    if any((strip.height or level.height, strip.width or level.width) != level.tiles.shape for level in data.levels):
        return _worth(data.windows(strip.height, strip.width, max(1, breadth // OVERLAP), least_open))
    sizes = {level.tiles.shape for level in data.levels}
    rows, columns = max(sizes)
    height, width = (rows, columns) if len(sizes) == 1 and max(rows, columns) <= SHORT else (strip.height, strip.width)
    spec = LevelSpec(data.levels[0].legend, height, width, data.spec.classes, data.spec.exclusive)
    return replace(data, spec=spec)


def typical_size(examples: Sequence[Example]) -> tuple[int, int]:
    """The median height and the median width of examples."""
    heights = sorted(example.height for example in examples)
    widths = sorted(example.width for example in examples)
    return heights[len(heights) // 2], widths[len(widths) // 2]


def _plain(example: Example) -> bool:
    if not isinstance(example, Level):
        return False
    counts = torch.bincount(torch.from_numpy(example.tiles.reshape(-1).astype("int64")))
    return int(counts.max()) >= PLAIN * example.tiles.size


@dataclass(frozen=True)
class Cuts:
    """What of the data a model sees.

    Args:
        window, least_open: see `lessons`.
        hold_out: share of the data, by file, family or area of the maps, that is kept from the model to measure it with.
    """

    window: int | None = None
    least_open: float = 0.0
    hold_out: float = 0.0

    def divide(self, data: Dataset, family_name: str) -> tuple[Dataset, Dataset | None]:
        """What a family learns from, and what is held out, if anything.

        Raises:
            GenworldError: a share out of range, too few groups to hold any out, or windows that do not fit.
        """
        share = limits.real("The share held out", self.hold_out, 0, 0.5)
        kept, unseen = hold_out(data, share, self.window or WINDOW) if share else (data, None)
        strip = strip_of(kept, self.window) if kept.levels else None
        held_out = None if unseen is None else lessons(unseen, family_name, self.window, self.least_open, strip)
        return lessons(kept, family_name, self.window, self.least_open, strip), held_out


WHOLE = Cuts()
"""All of the data, levels of many sizes in windows of `WINDOW` where a family needs one size."""


def require_windows(data: Dataset) -> None:
    """Refuse levels of which none is as large as the smallest sample."""
    side = sampling.SMALLEST_SIDE
    if data.levels and not any(min(level.tiles.shape) >= side for level in data.levels):
        largest = max(data.levels, key=lambda level: level.tiles.size)
        raise GenworldError(
            f"Levels of at least {side} x {side} tiles are learned from, but the largest of {data.name!r} is "
            f"{largest.width} x {largest.height}; bring a larger one."
        )
