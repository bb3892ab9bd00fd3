"""Shaping: samples with wishes, parts made anew, cells painted, levels repaired; each with an origin that re-renders.

A shaped level is a chain: a draw, then cells changed. Every link is an `Origin`, so what is kept can be made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld import limits, play, sampling
from genworld.content import Level, LevelSpec, Style, Tag, TileGrid
from genworld.errors import GenworldError, unknown
from genworld.limits import Limits
from genworld.mode import Mode
from genworld.models.base import CanFill, SampleRequest
from genworld.play import Side
from genworld.provenance import EditOrigin, FillOrigin, Nudges
from genworld.sampling import LoadedModel, Sampled

ATTEMPTS = 24
"""Draws of one sample at most, until one is as wished."""
CELLS_DRAWN = 65_536
"""Cells in all draws of one sample, about: of a large level there are fewer draws, and then the repair."""
PATTERN_DRAWS = 12
"""Samples from which the patterns that a model knows are taken."""
PATTERN_SIDE = 96
"""Rows or columns of each of them, at most."""
MOST_NUDGE = 8.0
MODELS_REMEMBERED = 16
_PATTERNS: dict[str, play.Patterns] = {}

Edit = tuple[int, int, int]
"""Row, column, new tile id."""


@dataclass(frozen=True)
class Shape:
    """What a level should be like.

    Args:
        exits: sides on which it should open: ``"north"``, ``"east"``, ``"south"``, ``"west"``.
        ends: whether it should have one start and a goal.
        nudges: more or less of what carries a tag.
        playable: whether only levels that can be walked from start to goal will do.
    """

    exits: tuple[str, ...] = ()
    ends: bool = False
    nudges: Nudges = ()
    playable: bool = False

    def __bool__(self) -> bool:
        return bool(self.exits or self.ends or self.nudges or self.playable)


def sample(
    loaded: LoadedModel,
    *,
    seed: int,
    count: int,
    start: int = 0,
    condition: tuple[str, ...] = (),
    variety: float | None = None,
    size: tuple[int, int] | None = None,
    bounds: Limits = limits.LIMITS[Mode.LOCAL],
    shape: Shape = Shape(),
) -> Iterator[Sampled]:
    """Samples of a stream, as `genworld.sampling.sample` gives them, shaped.

    Raises:
        GenworldError: at once, for a wish that cannot be, or that this model cannot serve.
    """
    requests = sampling.requests(
        loaded, seed=seed, count=count, start=start, condition=condition, variety=variety, size=size, bounds=bounds
    )
    if not shape:
        return (sampling.drawn(loaded, request) for request in requests)
    shape = checked(loaded, shape)
    return (_shaped(loaded, replace(request, nudges=shape.nudges), shape) for request in requests)


def checked(loaded: LoadedModel, shape: Shape) -> Shape:
    """`shape` with its names and numbers checked. Raises GenworldError for what this model cannot serve."""
    spec = loaded.checkpoint.spec
    if not isinstance(spec, LevelSpec):
        raise GenworldError("Exits, start and goal, tags and ways are wishes for levels, but this model makes sprites.")
    for side in shape.exits:
        if side not in list(Side):
            raise unknown("side", side, [each.value for each in Side])
    own = {tag.value for tile in spec.legend.tiles for tag in tile.tags}
    for tag, amount in shape.nudges:
        if tag not in own:
            raise unknown("tag of this model", tag, own)
        limits.real(f"More or less of {tag}", amount, -MOST_NUDGE, MOST_NUDGE)
    nudges = tuple(sorted((tag, float(amount)) for tag, amount in dict(shape.nudges).items() if amount))
    return replace(shape, exits=tuple(side.value for side in Side if side.value in shape.exits), nudges=nudges)


def _shaped(loaded: LoadedModel, request: SampleRequest, shape: Shape) -> Sampled:
    """The first draw that is as wished once its exits and ends are made; the first one, repaired, where none is."""
    first = _attempt(loaded, request, shape, 0)
    if not shape.playable or play.check(level_of(first)).reachable:
        return first
    for attempt in range(1, attempts(level_of(first))):
        other = _attempt(loaded, request, shape, attempt)
        if play.check(level_of(other)).reachable:
            return other
    return repaired(first, patterns_of(loaded))


def attempts(level: Level) -> int:
    """How often a level of this size is drawn at most, until it can be walked."""
    return max(2, min(ATTEMPTS, CELLS_DRAWN // level.tiles.size))


def _attempt(loaded: LoadedModel, request: SampleRequest, shape: Shape, attempt: int) -> Sampled:
    return _furnished(loaded, sampling.drawn(loaded, replace(request, attempt=attempt)), shape)


def level_of(sampled: Sampled) -> Level:
    """The level of a sample. Raises GenworldError for a sprite."""
    if isinstance(sampled.example, Level):
        return sampled.example
    raise GenworldError("Only levels have cells to change, but this is a sprite.")


def _furnished(loaded: LoadedModel, drawn: Sampled, shape: Shape) -> Sampled:
    """A draw with the exits, and with the one start and the goal, that were wished."""
    level = level_of(drawn)
    grid = level.tiles.copy()
    for side in shape.exits:
        open_side(grid, level, Side(side))
    if shape.ends:
        level = one_of_each(Level(grid, level.legend))
        placed = play.repair(level, patterns_of(loaded), ends=True) if _misses_ends(level) else None
        grid = (placed.level if placed else level).tiles
    return changed(drawn, grid)


def open_side(grid: TileGrid, level: Level, side: Side) -> None:
    """Digs the shortest straight way from a side of `grid` to where one can walk, if that side has no exit."""
    here = Level(grid, level.legend)
    if play.exits(here)[side]:
        return
    lines = _lines(grid, side)  # rows are ways inwards, from this side
    open_cells = _lines(_places(here), side)
    deep = np.where(open_cells.any(axis=1), open_cells.argmax(axis=1), grid.size)
    middle = np.abs(np.arange(len(deep)) - len(deep) / 2)
    best = int(np.lexsort((middle, deep))[0])
    if deep[best] < grid.size:
        lines[best, : deep[best]] = lines[best, deep[best]]


def _lines(cells: NDArray[Any], side: Side) -> NDArray[Any]:
    """A view of (H, W) cells whose rows are the ways inwards from a side."""
    turned = cells.T if side in (Side.NORTH, Side.SOUTH) else cells
    return turned[:, ::-1] if side in (Side.SOUTH, Side.EAST) else turned


def _places(level: Level) -> NDArray[np.bool_]:
    """(H, W) mask of the cells in which somebody can stay, by the rules of the level's style."""
    return play.RULES[level.legend.style].places(level)


def _misses_ends(level: Level) -> bool:
    return not (level.legend.has(level.tiles, Tag.START).any() and level.legend.has(level.tiles, Tag.GOAL).any())


def one_of_each(level: Level) -> Level:
    """`level` with no more than one start, and one goal unless boxes go to goals; the farthest pair stays."""
    legend, grid = level.legend, level.tiles.copy()
    starts = np.argwhere(legend.has(grid, Tag.START))
    goals = np.argwhere(legend.has(grid, Tag.GOAL))
    if len(starts) < 2 and len(goals) < 2:
        return level
    apart = np.abs(starts[:, None] - goals[None]).sum(axis=2) if len(starts) and len(goals) else np.zeros((1, 1))
    start, goal = np.unravel_index(int(apart.argmax()), apart.shape)
    spare = np.delete(starts, start, axis=0).tolist() if len(starts) > 1 else []
    if legend.style is not Style.BOX_PUSHING and len(goals) > 1:
        spare += np.delete(goals, goal, axis=0).tolist()
    for row, column in spare:
        grid[row, column] = ground_near(level, row, column)
    return Level(grid, legend)


def ground_near(level: Level, row: int, column: int) -> int:
    """The tile that most neighbours of a cell have, among those that are neither ends nor things."""
    plain = ~level.legend.has(level.tiles, Tag.START, Tag.GOAL, Tag.ITEM, Tag.ENEMY, Tag.KEY, Tag.DOOR)
    for reach in (1, 2, max(level.tiles.shape)):
        area = (
            slice(max(0, row - reach), row + reach + 1),
            slice(max(0, column - reach), column + reach + 1),
        )
        open_here = plain[area] & _places(level)[area]
        near = level.tiles[area][open_here if open_here.any() else plain[area]]
        if near.size:
            return int(np.bincount(near).argmax())
    return int(level.tiles[row, column])


def changed(before: Sampled, grid: TileGrid) -> Sampled:
    """`before` with the cells of `grid`; its origin tells which were changed."""
    level = level_of(before)
    cells = np.argwhere(level.tiles != grid).tolist()
    return painted(before, [(row, column, int(grid[row, column])) for row, column in cells])


def painted(before: Sampled, edits: Iterable[Edit]) -> Sampled:
    """`before` with single cells changed by hand; edits on edits are one step of the origin.

    Raises:
        GenworldError: a cell outside the level, or a tile that its legend has not.
    """
    level = level_of(before)
    edits = tuple(edits)
    for row, column, tile in edits:
        limits.whole("A row", row, 0, level.height - 1)
        limits.whole("A column", column, 0, level.width - 1)
        limits.whole("A tile id", tile, 0, len(level.legend.tiles) - 1)
    real = {(row, column): tile for row, column, tile in edits}
    if all(level.tiles[cell] == tile for cell, tile in real.items()):
        return before
    grid = level.tiles.copy()
    for cell, tile in real.items():
        grid[cell] = tile
    parent = before.origin
    if isinstance(parent, EditOrigin):
        real = {(row, column): tile for row, column, tile in parent.edits} | real
        parent = parent.parent
    told = tuple((row, column, tile) for (row, column), tile in sorted(real.items()))
    return Sampled(Level(grid, level.legend), EditOrigin(parent=parent, edits=told))


def redo(
    before: Sampled,
    mask: NDArray[np.bool_],
    *,
    loaded: LoadedModel,
    seed: int,
    temperature: float | None = None,
    nudges: Nudges = (),
) -> Sampled:
    """`before` with the cells in `mask` made anew by a model, all others as they are.

    Args:
        before: a level of the model's legend.
        mask: (H, W), True = make anew.
        loaded: a model that can fill.
        seed: of the new cells; another gives others.
        temperature: the model's own by default.
        nudges: more or less of what carries a tag.

    Raises:
        GenworldError: a model that cannot fill or knows other tiles, or a mask of another size or without a cell.
    """
    level, model = level_of(before), loaded.model
    if not isinstance(model, CanFill):
        raise GenworldError(
            f"{loaded.checkpoint.title} cannot make part of a level anew; paint the cells, or sample again."
        )
    if not isinstance(model.spec, LevelSpec) or model.spec.legend.digest != level.legend.digest:
        raise GenworldError(
            f"{loaded.checkpoint.title} knows other tiles than this level has; choose the model it is from."
        )
    if mask.shape != level.tiles.shape or not mask.any():
        raise GenworldError(
            f"Cells to make anew are marked in {level.width} x {level.height} tiles, but "
            f"{'none is' if mask.shape == level.tiles.shape else 'another size came'}; mark some."
        )
    warmth = model.variety.default if temperature is None or model.variety.name != "temperature" else temperature
    origin = FillOrigin(
        parent=before.origin,
        checkpoint=loaded.checkpoint.digest,
        model=loaded.checkpoint.told_name,
        mask=tuple((int(row), int(column)) for row, column in np.argwhere(mask)),
        seed=limits.whole("The seed", seed, 0, limits.MAX_SEED),
        temperature=warmth,
        nudges=nudges,
    )
    with sampling.canonical():
        return Sampled(model.fill(level, mask, seed=seed, temperature=warmth, nudges=nudges), origin)


def repaired(
    before: Sampled, patterns: play.Patterns | None = None, *, pinned: Iterable[tuple[int, int]] = ()
) -> Sampled:
    """`before` with as few cells changed as it takes to walk from start to goal; as it is where it can be walked.

    Args:
        before: any level.
        patterns: windows that look right; None for those of the level itself.
        pinned: (row, column) of cells that stay as they are, even if no way can be made then.
    """
    return changed(before, play.repair(level_of(before), patterns, pinned=pinned).level.tiles)


def patterns_of(loaded: LoadedModel) -> play.Patterns:
    """The small windows that a model knows, from a few of its own samples."""
    digest = loaded.checkpoint.digest
    if digest not in _PATTERNS:
        if len(_PATTERNS) >= MODELS_REMEMBERED:
            _PATTERNS.clear()
        _PATTERNS[digest] = play.Patterns.learn(own_samples(loaded))
    return _PATTERNS[digest]


def own_samples(loaded: LoadedModel) -> Sequence[Level]:
    """A few plain samples of a level model, of its own size where that is not large."""
    bounds = replace(limits.LIMITS[Mode.LOCAL], level_side=PATTERN_SIDE)
    drawn = sampling.sample(loaded, seed=0, count=PATTERN_DRAWS, bounds=bounds)
    return [each.example for each in drawn if isinstance(each.example, Level)]
