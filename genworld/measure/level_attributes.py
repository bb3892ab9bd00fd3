"""The attributes of levels."""

from __future__ import annotations

from functools import cached_property, lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, Level, Style, Tag
from genworld.measure import ways
from genworld.measure.attribute import Attribute, Measure, Values
from genworld.measure.level_words import share_of
from genworld.measure.windows import Grids
from genworld.play import platformer, topdown
from genworld.play.cells import NEVER
from genworld.play.wishes import tile_ids

HARM = (Tag.HAZARD, Tag.ENEMY)
HELP = (Tag.ITEM,)
PER = 100
"""Cells for which leniency is told."""


class Ground:
    """A stack of levels and what several attributes need of them.

    Args:
        grids: (N, H, W) uint8 tile ids.
        legend: what they mean.
    """

    def __init__(self, grids: Grids, legend: Legend) -> None:
        self.grids, self.legend = grids, legend

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """(N, T) share of the cells that each tile of the legend has."""
        count, tiles = len(self.grids), len(self.legend.tiles)
        flat = self.grids.reshape(count, -1) + np.arange(count)[:, None] * tiles
        return np.asarray(np.bincount(flat.ravel(), minlength=count * tiles).reshape(count, tiles) / flat.shape[1])

    @cached_property
    def areas(self) -> list[list[int]]:
        """The areas of each level in which one can be, as bits; see `genworld.measure.ways`."""
        open_ = _open_tiles(self.legend)[self.grids]
        return [ways.areas(mask) for mask in open_]

    def share(self, tiles: NDArray[np.bool_]) -> Values:
        """(N,) share of the cells whose tile is one of those marked in (T,) flags."""
        found: Values = self.shares @ tiles.astype(np.float64)
        return found


def open_share(ground: Ground) -> Values:
    """(N,) share of the cells that a player can be in, by the rules of the style."""
    return ground.share(_open_tiles(ground.legend))


def tag_share(ground: Ground, tag: Tag) -> Values:
    """(N,) share of the cells whose tile carries a tag."""
    return ground.share(_tagged(ground.legend, tag))


def area_count(ground: Ground) -> Values:
    """(N,) 4-connected areas of cells that a player can be in."""
    return np.array([len(found) for found in ground.areas], dtype=np.float64)


def longest_way(ground: Ground) -> Values:
    """(N,) steps of the longest shortest way within the largest area, walls in the way; NaN where there is no area."""
    return np.array([ways.longest_way(found, ground.grids.shape[2]) for found in ground.areas])


def linearity(ground: Ground) -> Values:
    """(N,) how well one line fits the heights of the ground; NaN where nobody can stand.

    One less the mean distance, up and down, from the line of least squares through all places to stand, over half the
    height of the level: 1 where all lie on the line (Smith and Whitehead 2010).
    """
    return np.array([_linearity(Level(grid, ground.legend)) for grid in ground.grids])


def _linearity(level: Level) -> float:
    terrain = platformer.terrain(level)
    rows, columns = np.nonzero((terrain.stand != NEVER) & ~terrain.hold)
    if not rows.size:
        return float("nan")
    off = rows - rows.mean()
    along = columns - columns.mean()
    spread = float(along @ along)
    off = off - along * (float(along @ off) / spread if spread else 0.0)
    return 1 - 2 * float(np.abs(off).mean()) / level.height


def leniency(ground: Ground) -> Values:
    """(N,) items less hazards and enemies, for each hundred cells (after Smith and Whitehead 2010, all weights one)."""
    kind, harsh = (_tagged(ground.legend, *tags) for tags in (HELP, HARM))
    return PER * (ground.share(kind) - ground.share(harsh))


def symmetry(ground: Ground) -> Values:
    """(N,) share of the cells that equal their mirror image, left to right or top to bottom, whichever is more alike."""
    grids = ground.grids
    mirrored = (grids[:, :, ::-1], grids[:, ::-1])
    return np.asarray(np.max([(grids == other).mean(axis=(1, 2)) for other in mirrored], axis=0))


@lru_cache(maxsize=32)
def measures(legend: Legend) -> tuple[Measure[Ground], ...]:
    """What is measured on levels of a legend, in the order in which it is told."""
    tags = [Measure(share_of(legend, tag), partial(tag_share, tag=tag)) for tag in told_tags(legend)]
    lines = (LINEARITY,) if legend.style is Style.PLATFORMER else ()
    lenient = (LENIENCY,) if legend.ids(*HARM, *HELP) else ()
    return (OPEN, *tags, AREAS, WAY, *lines, *lenient, SYMMETRY)


def told_tags(legend: Legend) -> list[Tag]:
    """The tags whose share says something: some tiles carry them, and neither the open share nor an earlier tag says it."""
    known = {_open_tiles(legend).tobytes(), (~_open_tiles(legend)).tobytes()}
    found = []
    for tag in Tag:
        tiles = _tagged(legend, tag)
        if tag not in _ends(legend) and tiles.any() and not tiles.all() and tiles.tobytes() not in known:
            known.add(tiles.tobytes())
            found.append(tag)
    return found


def _ends(legend: Legend) -> tuple[Tag, ...]:
    """A level has one start and one goal, but for the targets of box pushing: their share tells nothing."""
    return (Tag.START,) if legend.style is Style.BOX_PUSHING else (Tag.START, Tag.GOAL)


def _tagged(legend: Legend, *tags: Tag) -> NDArray[np.bool_]:
    """(T,) which tiles carry any of these tags."""
    return legend.has(tile_ids()[0], *tags)[: len(legend.tiles)]


def _open_tiles(legend: Legend) -> NDArray[np.bool_]:
    """(T,) which tiles a player can be in."""
    ids = tile_ids()
    if legend.style is Style.PLATFORMER:
        found = ~platformer.deadly(ids, legend) & ~platformer.walls(ids, legend)
    else:
        found = topdown.open_cells(ids, legend)
    return np.asarray(found[0][: len(legend.tiles)])


OPEN = Measure(
    Attribute("open", "Open", "tighter", "more open", "share", "Share of the cells that a player can be in."),
    open_share,
)
AREAS = Measure(
    Attribute(
        "areas", "Areas", "fewer areas", "more areas", "areas", "Areas in which one can walk, cut off from another."
    ),
    area_count,
)
WAY = Measure(
    Attribute(
        "way",
        "Longest way",
        "shorter way",
        "longer way",
        "steps",
        "Steps between the two places of the largest area that are farthest apart.",
    ),
    longest_way,
)
LINEARITY = Measure(
    Attribute(
        "linearity",
        "Linearity",
        "more up and down",
        "straighter",
        "share",
        "How well one line fits the heights of the ground, 1 where all of it lies on the line.",
    ),
    linearity,
)
LENIENCY = Measure(
    Attribute(
        "leniency",
        "Leniency",
        "harder",
        "easier",
        f"per {PER} cells",
        f"Items less hazards and enemies, for each {PER} cells.",
    ),
    leniency,
)
SYMMETRY = Measure(
    Attribute(
        "symmetry",
        "Symmetry",
        "less symmetric",
        "more symmetric",
        "share",
        "Share of the cells that equal their mirror image, left to right or top to bottom.",
    ),
    symmetry,
)
