"""Islands: height and rain give the biomes; villages are joined by paths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from genworld.content import Style, Tag, TileGrid
from genworld.datasets.worlds.terrain import (
    Cell,
    Mask,
    ends,
    grown,
    neighbours,
    noise,
    only,
    parts,
    put,
    scattered,
    way,
)
from genworld.datasets.worlds.world import BuiltinWorld, legend, tile_ids

LEGEND = legend(
    "islands",
    Style.TOP_DOWN,
    "overworld",
    "= deep water: solid liquid",
    "~ shallow water: solid liquid",
    "s beach: passable",
    ". grassland: passable",
    "T forest: passable",
    "n hills: passable",
    "^ mountains: solid",
    ": desert: passable",
    "* snow: passable",
    "% swamp: passable",
    "v village: passable",
    "- path: passable",
    "S start: passable start",
    "X goal: passable goal",
)
T = tile_ids(LEGEND)
Field = NDArray[np.float64]

TOIL = {
    "beach": 2.0,
    "grassland": 1.0,
    "forest": 2.0,
    "hills": 3.5,
    "desert": 1.5,
    "snow": 2.0,
    "swamp": 4.0,
    "path": 0.3,
}
"""Of laying a path over each kind of land."""


def _continent(shape: tuple[int, int], random: np.random.Generator) -> tuple[Field, float]:
    ground = noise(shape, min(shape) / 2, random, octaves=4)
    return ground - 1.1 * _from_centre(shape) ** 2, 0.58


def _archipelago(shape: tuple[int, int], random: np.random.Generator) -> tuple[Field, float]:
    ground = noise(shape, max(min(shape) / 5, 6), random, octaves=3)
    return ground - 0.5 * _from_centre(shape) ** 4, 0.36


def _atoll(shape: tuple[int, int], random: np.random.Generator) -> tuple[Field, float]:
    ring = np.abs(_from_centre(shape) - random.uniform(0.58, 0.68))
    return noise(shape, min(shape) / 4, random) - 3.6 * ring, 0.34


SHAPES: dict[str, Callable[[tuple[int, int], np.random.Generator], tuple[Field, float]]] = {
    "continent": _continent,
    "archipelago": _archipelago,
    "atoll": _atoll,
}
"""Height of the ground, and the share of the map that is land, by class."""


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One sea with its islands; see `Draw`."""
    ground, share = SHAPES[kind]((height, width), random)
    land = _smoothed(ground > np.quantile(ground, 1 - share))
    grid = _sea(land, random)
    _grow_biomes(grid, land, ground, random)
    _lift_mountains(grid, land, ground, random)
    _settle(grid, random)
    return grid


WORLD = BuiltinWorld(
    "islands",
    "Islands",
    "Continents, archipelagos and atolls with biomes, villages and paths.",
    LEGEND,
    tuple(SHAPES),
    draw,
)


def _from_centre(shape: tuple[int, int]) -> Field:
    """0 in the middle of the map, 1 at the middle of its edges."""
    rows, columns = (np.linspace(-1, 1, length) for length in shape)
    return np.hypot(rows[:, None], columns[None, :])


def _smoothed(land: Mask) -> Mask:
    """Coasts without single cells; the outermost cells are always sea."""
    inner = np.zeros_like(land)
    inner[1:-1, 1:-1] = True
    for _ in range(2):
        near = neighbours(land)
        land = ((near >= 5) | (land & (near >= 3))) & inner
    for part in parts(land):
        if part.sum() < 4:
            land &= ~part
    return land


def _sea(land: Mask, random: np.random.Generator) -> TileGrid:
    """Shallow water along the coasts, wider here and there."""
    wide = grown(land, 2) & (noise(land.shape, 6, random) > 0.45)
    shallow = grown(land, diagonal=True) | wide
    return np.where(shallow, T["shallow water"], T["deep water"]).astype(np.uint8)


def _grow_biomes(grid: TileGrid, land: Mask, ground: Field, random: np.random.Generator) -> None:
    rain = noise(grid.shape, max(min(grid.shape) / 3, 7), random)
    north = np.linspace(0, 1, grid.shape[0])[:, None] * random.choice([1, 1, -1])
    warmth = _ranked(north % 1.0001 + 0.9 * noise(grid.shape, min(grid.shape) / 2, random), land)
    low = _ranked(ground, land) < 0.35
    grid[land] = T["grassland"]
    grid[land & (rain > 0.55)] = T["forest"]
    bog = land & (rain > 0.74) & low & ~grown(~land)
    grid[bog & (neighbours(bog) >= 3)] = T["swamp"]
    grid[land & (warmth > 0.7) & (rain < 0.42)] = T["desert"]
    grid[land & (warmth < 0.14)] = T["snow"]
    coast = land & grown(~land, diagonal=True)
    sandy = noise(grid.shape, 5, random) > 0.3
    grid[coast & sandy & (grid != T["snow"])] = T["beach"]


def _ranked(field: Field, among: Mask) -> Field:
    """`field` as shares of the cells of `among` that are lower."""
    sorted_ = np.sort(field[among])
    return np.searchsorted(sorted_, field) / max(sorted_.size, 1)


def _lift_mountains(grid: TileGrid, land: Mask, ground: Field, random: np.random.Generator) -> None:
    """Ridges on high ground, hills around them, snow on what is left cold beside them."""
    ridge = noise(grid.shape, 7, random)
    height = _ranked(ground + 0.5 * ridge, land)
    inland = land & ~grown(~land, diagonal=True)
    peaks = inland & (height > 0.88)
    peaks &= neighbours(peaks) >= 2
    foot = inland & (height > 0.72) & ~peaks
    grid[foot & (grid != T["snow"])] = T["hills"]
    grid[peaks] = T["mountains"]


def _settle(grid: TileGrid, random: np.random.Generator) -> None:
    """Start, goal and villages on the largest land that can be walked, joined by paths."""
    free = parts(LEGEND.has(grid, Tag.PASSABLE))[0]
    shore = free & (grid == T["beach"])
    start, goal = ends(free, shore if shore.sum() > 3 else free, random)
    homely = free & ((grid == T["grassland"]) | (grid == T["desert"]) | (grid == T["beach"]) | (grid == T["forest"]))
    homely &= ~grown(only(grid.shape, start, goal), 3, diagonal=True)
    villages = scattered(homely & (neighbours(free) >= 7), max(1, int(free.sum()) // 90), random, gap=4)
    _lay_paths(grid, free, [start, *villages, goal])
    put(grid, villages, T["village"])
    grid[start], grid[goal] = T["start"], T["goal"]
    _settle_elsewhere(grid, free, random)


def _settle_elsewhere(grid: TileGrid, free: Mask, random: np.random.Generator) -> None:
    """A village on some other islands."""
    for part in parts(LEGEND.has(grid, Tag.PASSABLE) & ~free):
        if part.sum() >= 12 and random.random() < 0.5:
            put(grid, scattered(part & (neighbours(part) >= 5), 1, random), T["village"])


def _lay_paths(grid: TileGrid, free: Mask, places: list[Cell]) -> None:
    """Each place is joined to the nearest that is joined already; paths share their ways."""
    joined, waiting = [places[0]], list(places[1:])
    while waiting:
        near, place = min(((a, b) for a in joined for b in waiting), key=lambda pair: _apart(*pair))
        for cell in way(_toil(grid, free), near, place):
            grid[cell] = T["path"]
        joined.append(place)
        waiting.remove(place)


def _toil(grid: TileGrid, free: Mask) -> Field:
    lookup = np.full(256, np.inf)
    for name, toil in TOIL.items():
        lookup[T[name]] = toil
    return np.where(free, lookup[grid], np.inf)


def _apart(a: Cell, b: Cell) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])
