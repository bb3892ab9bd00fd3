"""What a model does not see: whole files or families where there are enough, else an area of each map."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from genworld.content import Level
from genworld.datasets import Dataset
from genworld.errors import GenworldError


@dataclass(frozen=True)
class Area:
    """A rectangle of a map, in tiles: rows `top` to `bottom` and columns `left` to `right`, the ends left out."""

    top: int
    left: int
    bottom: int
    right: int

    def of(self, level: Level) -> Level:
        """What of a level lies in it."""
        return Level(level.tiles[self.top : self.bottom, self.left : self.right], level.legend)

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left


def hold_out(data: Dataset, share: float, window: int, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Training and held-out part that have nothing in common.

    By group as `Dataset.split` does it, where that leaves something on both sides. Else an area of each map that is
    large enough: training and held-out windows share no cell. Else the groups of sprites that come first.

    Args:
        data: before windows are cut.
        share: of the groups, or of the cells, 0 to 0.5.
        window: side of the windows in tiles that each part must have room for.
        seed: of the choice.

    Raises:
        GenworldError: there is too little to hold any of it out.
    """
    try:
        return data.split(share, seed)
    except GenworldError:
        if data.levels:
            return by_area(data, share, window, seed)
        if len(set(data.groups)) < 2:
            raise
        return _by_rank(data, share, seed)


def _by_rank(data: Dataset, share: float, seed: int) -> tuple[Dataset, Dataset]:
    """At least one group held out: those whose names come first in an order that depends on the seed."""
    ranked = sorted(set(data.groups), key=lambda group: hashlib.sha256(f"{seed}/{group}".encode()).digest())
    out = set(ranked[: max(1, round(share * len(ranked)))])
    kept = [index for index, group in enumerate(data.groups) if group not in out]
    rest = [index for index, group in enumerate(data.groups) if group in out]
    return data.take(kept), data.take(rest)


def by_area(data: Dataset, share: float, window: int, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Training and held-out areas of the same maps: no cell is in both, so no window is.

    From each map with room for it a corner is taken, or an end of it where the map is narrow; which one depends on
    the seed. The rest becomes one or two maps of its own, so that no training window reaches into the area.

    Args:
        data: levels of any sizes.
        share: of the cells that is held out at least, where the windows allow it.
        window: side in tiles that every part has at least.
        seed: of the choice of the corner.

    Raises:
        GenworldError: no map has room for both.
    """
    kept: list[tuple[int, Level]] = []
    out: list[tuple[int, Level]] = []
    for index, level in enumerate(data.levels):
        area = _area(level.height, level.width, share, window, _corner(seed, data.groups[index], index))
        if area is None:
            kept.append((index, level))
            continue
        out.append((index, area.of(level)))
        kept += [(index, rest.of(level)) for rest in _around(area, level.height, level.width, window)]
    if not out:
        largest = max(data.levels, key=lambda level: level.tiles.size)
        raise GenworldError(
            f"To hold some of a map out, it needs room for two windows of {window} x {window} tiles beside each other, "
            f"but the largest of {data.name!r} is {largest.width} x {largest.height}; ask for smaller windows, or "
            "hold nothing out."
        )
    return _with(data, kept), _with(data, out)


def _corner(seed: int, group: str, index: int) -> int:
    return hashlib.sha256(f"{seed}/{group}/{index}".encode()).digest()[0] % 4


def _area(height: int, width: int, share: float, window: int, corner: int) -> Area | None:
    """The least area of at least this share, at a corner, beside which there is room for a window; None without room."""
    fits = [
        sides
        for sides in _sizes(height, width, share, window)
        if height - sides[0] >= window or width - sides[1] >= window
    ]
    if not fits:
        return None
    rows, columns = min(fits, key=lambda sides: sides[0] * sides[1])
    top, left = (height - rows) * (corner // 2), (width - columns) * (corner % 2)
    return Area(top, left, top + rows, left + columns)


def _sizes(height: int, width: int, share: float, window: int) -> Iterator[tuple[int, int]]:
    """Rows and columns of ends of the map, and of a square corner of it."""
    if min(height, width) < window:
        return
    yield max(window, round(share * height)), width
    yield height, max(window, round(share * width))
    side = max(window, round((share * height * width) ** 0.5))
    if side <= min(height, width):
        yield side, side


def _around(area: Area, height: int, width: int, window: int) -> Iterator[Area]:
    """The rest of the map as rectangles that hold a window and do not overlap; the longer cut first."""
    beside_rows, beside_columns = height - area.sides[0], width - area.sides[1]
    first, last = (0, area.top) if area.top else (area.bottom, height)
    across = Area(first, 0, last, width)
    inner = (0, area.left) if area.left else (area.right, width)
    down = Area(0, inner[0], height, inner[1])
    if beside_rows * width >= beside_columns * height:
        rests = [across, replace(down, top=area.top, bottom=area.bottom)]
    else:
        rests = [down, replace(across, left=area.left, right=area.right)]
    for rest in rests:
        if min(rest.sides) >= window:
            yield rest


def _with(data: Dataset, levels: Sequence[tuple[int, Level]]) -> Dataset:
    """These levels, each with the label and group of the one that it is from."""
    origin = [index for index, _ in levels]
    examples = tuple(level for _, level in levels)
    sizes = {level.tiles.shape for level in examples}
    height, width = sizes.pop() if len(sizes) == 1 and _sized(data) else (None, None)
    return replace(
        data,
        spec=replace(data.spec, height=height, width=width),
        examples=examples,
        labels=data.labels[origin],
        groups=tuple(data.groups[index] for index in origin),
    )


def _sized(data: Dataset) -> bool:
    return data.spec.height is not None
