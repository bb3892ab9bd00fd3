"""A project's auto-layer rules, applied to a whole layer at once as the editor applies them cell by cell.

The order of things, and what hides what, follow LDtk 1.5.3: its documentation says what a rule means, its saved files
say the rest (which tile is chosen by chance, what lies under an opaque tile).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from genworld.art.ldtk.definitions import ANYTHING, Layer, Rule, Tileset
from genworld.art.ldtk.dice import Ints, roll
from genworld.art.ldtk.ground import Ground, Mask
from genworld.art.ldtk.noise import noise

FLIPS = ((0, 1, 1), (1, -1, 1), (2, 1, -1), (3, -1, -1))
"""Bits of a flip, and the directions in which its pattern is read."""


@dataclass(frozen=True, eq=False)
class Placed:
    """Tiles that one rule places, in the order in which they are drawn.

    Args:
        rule: uid.
        alpha: 0 to 1.
        cell: (n,) number of the cell that matched, row by row.
        place: (n,) counts the tiles of one cell.
        x, y: (n,) pixels inside the layer.
        tile: (n,) ids.
        flips: (n,) 1 for a tile mirrored left to right, 2 top to bottom, 3 both.
    """

    rule: int
    alpha: float
    cell: Ints
    place: Ints
    x: Ints
    y: Ints
    tile: Ints
    flips: Ints


@dataclass(frozen=True)
class Setting:
    """What a level says about one of its layers.

    Args:
        seed: of all that is chosen by chance.
        optional: uids of the optional rule groups that are on.
        biomes: of the level; None where the layer has none.
    """

    seed: int
    optional: frozenset[int] = frozenset()
    biomes: frozenset[str] | None = None


def apply(
    layer: Layer, grid: Ints, setting: Setting, tileset: Tileset, groups: Mapping[int, int], kept: Mask
) -> list[Placed]:
    """What the rules of a layer place, lowest first.

    Args:
        layer: with rules.
        grid: (H, W) values of the IntGrid that the rules read.
        setting: what the level says.
        tileset: of the layer.
        groups: group of each value.
        kept: (H, W) cells that may take tiles.
    """
    ground = Ground(grid, groups)
    free = kept.copy()
    placed = []
    for rule in _active(layer, setting):
        found = _found(rule, ground, setting.seed, free)
        if not found:
            continue
        tiles = _tiles(rule, found, layer, tileset, setting.seed, grid.shape[1])
        placed.append(tiles)
        _hide(rule, tiles, tileset, free)
    return placed[::-1]


def _active(layer: Layer, setting: Setting) -> Iterator[Rule]:
    groups = (group for group in layer.groups if group.applies(setting.optional, setting.biomes))
    return (rule for group in groups for rule in group.rules if rule.tiles and rule.chance > 0)


def _found(rule: Rule, ground: Ground, seed: int, free: Mask) -> list[tuple[int, Mask]]:
    """Flips and (H, W) cells that match; empty where none does."""
    open_cells = free & _spaced(rule, ground)
    for wanted in {value for value in rule.pattern if value > 0 and value != ANYTHING}:
        open_cells &= ground.near(wanted, max(1, rule.size // 2), rule.size == 1)
    if not open_cells.any():
        return []
    found: list[tuple[int, Mask]] = []
    for flips, across, down in FLIPS:
        if (flips & 1 and not rule.flip_x) or (flips & 2 and not rule.flip_y):
            continue
        cells = _matches(rule, ground, across, down) & open_cells
        if rule.breaks:
            open_cells = open_cells & ~cells
        if cells.any():
            found.append((flips, cells))
    return _by_chance(rule, found, seed, free.shape)


def _by_chance(rule: Rule, found: list[tuple[int, Mask]], seed: int, shape: tuple[int, ...]) -> list[tuple[int, Mask]]:
    if not found or (rule.chance >= 1 and rule.noise is None):
        return found
    rows, columns = np.nonzero(np.logical_or.reduce([cells for _, cells in found]))
    lucky = np.zeros(shape, np.bool_)
    lucky[rows, columns] = _lucky(rule, rows, columns, seed)
    return [(flips, cells & lucky) for flips, cells in found if (cells & lucky).any()]


def _lucky(rule: Rule, rows: Ints, columns: Ints, seed: int) -> Mask:
    lucky: Mask = np.ones(rows.shape, np.bool_)
    if rule.chance < 1:
        lucky &= roll(seed + rule.uid, columns, rows, 100) < rule.chance * 100
    if rule.noise is not None:
        salt, scale, octaves = rule.noise
        lucky &= noise(seed + salt, columns * scale, rows * scale, octaves) >= 0
    return lucky


def _spaced(rule: Rule, ground: Ground) -> Mask:
    """(H, W) cells that the modulo of a rule leaves, shifted in every other row or column for a checker."""
    across, down = rule.modulo
    rows, columns = ground.rows - rule.offset[1], ground.columns - rule.offset[0]
    if rule.checker == "Vertical":
        rows = ground.rows + ground.columns // across % 2
    if rule.checker == "Horizontal":
        columns = ground.columns + ground.rows // down % 2
    spaced: Mask = (rows % down == 0) & (columns % across == 0)
    return spaced


def _matches(rule: Rule, ground: Ground, across: int, down: int) -> Mask:
    height, width = ground.grid.shape
    reach = rule.size // 2
    matches = np.ones((height, width), np.bool_)
    for place, wanted in enumerate(rule.pattern):
        if wanted:
            row, column = (place // rule.size - reach) * down + reach, (place % rule.size - reach) * across + reach
            matches &= ground.mask(wanted, rule.outside, reach)[row : row + height, column : column + width]
    return matches


def _tiles(rule: Rule, found: list[tuple[int, Mask]], layer: Layer, tileset: Tileset, seed: int, width: int) -> Placed:
    parts = [_turned(rule, flips, cells, layer, tileset, seed) for flips, cells in found]
    row, column, place, x, y, tile, flips = np.concatenate(parts, axis=1)
    cell = row * width + column
    order = np.lexsort((place, cell))
    return Placed(rule.uid, rule.alpha, *(each[order] for each in (cell, place, x, y, tile, flips)))


def _turned(rule: Rule, flips: int, cells: Mask, layer: Layer, tileset: Tileset, seed: int) -> Ints:
    """(7, n) row, column, place, x, y, tile and flips of what one direction of a pattern places."""
    rows, columns = np.nonzero(cells)
    chosen = roll(rule.uid + seed + flips, columns, rows, len(rule.tiles))
    x = columns * layer.grid + _shift(rule.shift[0], rule.jitter_x, rule.uid + seed + flips, columns, rows, flips & 1)
    # The seed of the height knows nothing of flips: LDtk has it so.
    y = rows * layer.grid + _shift(rule.shift[1], rule.jitter_y, rule.uid + seed + 1, columns, rows, flips & 2)
    parts = [np.zeros((7, 0), np.int64)]
    for number, tiles in enumerate(rule.tiles):
        here = chosen == number
        for place, (tile, right, below) in enumerate(_stamp(rule, tiles, layer, tileset, flips)):
            same = np.ones_like(rows[here])
            own = (same * (flips * len(tiles) + place), x[here] + right, y[here] + below, same * tile, same * flips)
            parts.append(np.stack([rows[here], columns[here], *own]))
    return np.concatenate(parts, axis=1)


def _shift(fixed: int, jitter: tuple[int, int], seed: int, columns: Ints, rows: Ints, mirrored: int) -> Ints:
    low, high = jitter
    shift = np.full(rows.shape, fixed, np.int64)
    if low or high:
        shift += roll(seed, columns, rows, max(1, high - low + 1)) + low
    return -shift if mirrored else shift


def _stamp(
    rule: Rule, tiles: tuple[int, ...], layer: Layer, tileset: Tileset, flips: int
) -> Iterator[tuple[int, int, int]]:
    """Each tile of an alternative with its place in pixels beside the cell: tiles of a stamp lie as in the tileset."""
    if not rule.stamp or not tiles:
        yield from ((tile, 0, 0) for tile in tiles)
        return
    places = [divmod(tile, tileset.columns) for tile in tiles]
    top, left = (min(place[axis] for place in places) for axis in (0, 1))
    bottom, right = (max(place[axis] for place in places) for axis in (0, 1))
    for tile, (row, column) in zip(tiles, places, strict=True):
        across = int((column - left - rule.pivot[0] * (right - left) + layer.pivot[0]) * layer.grid)
        below = int((row - top - rule.pivot[1] * (bottom - top) + layer.pivot[1]) * layer.grid)
        yield tile, -across if flips & 1 else across, -below if flips & 2 else below


def _hide(rule: Rule, tiles: Placed, tileset: Tileset, free: Mask) -> None:
    """Closes the cells where no later rule may place a tile: what would lie under this one is not kept."""
    if rule.breaks:
        free.flat[tiles.cell] = False
    elif not rule.moves and rule.alpha >= 1:
        opaque = [tile for tile in np.unique(tiles.tile).tolist() if tileset.is_opaque(tile)]
        free.flat[tiles.cell[np.isin(tiles.tile, opaque)]] = False
