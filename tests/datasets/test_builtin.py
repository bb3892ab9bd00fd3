"""Every level of every procedural world can be played, and tells its class."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from genworld.content import Level, Style, Tag
from genworld.datasets import BUILTIN, open_dataset
from genworld.datasets.builtin import draw_level
from genworld.errors import GenworldError

SIZES = ((16, 16), (16, 40), (33, 24), (32, 32), (64, 64))
SEEDS = range(4)
Cell = tuple[int, int]
Mask = NDArray[np.bool_]


@cache
def level_of(name: str, kind: str, rows: int, columns: int, seed: int) -> Level:
    return draw_level(BUILTIN[name], kind, rows, columns, seed, seed)


def levels(name: str, *kinds: str) -> Iterator[tuple[str, Level]]:
    """Levels of all sizes and seeds, with what names them in a failure."""
    for kind, size, seed in product(kinds or BUILTIN[name].classes, SIZES, SEEDS):
        if size != (64, 64) or seed == 0:
            yield f"{name} {kind} {size[0]}x{size[1]} seed {seed}", level_of(name, kind, *size, seed)


def cells(mask: Mask) -> list[Cell]:
    return [(int(row), int(column)) for row, column in np.argwhere(mask)]


def flood(free: Mask, start: Cell) -> Mask:
    """An independent flood fill."""
    seen = np.zeros_like(free)
    queue = deque([start])
    seen[start] = True
    while queue:
        row, column = queue.popleft()
        for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if 0 <= r < free.shape[0] and 0 <= c < free.shape[1] and free[r, c] and not seen[r, c]:
                seen[r, c] = True
                queue.append((r, c))
    return seen


def named(level: Level, *names: str) -> Mask:
    return np.isin(level.tiles, [level.legend.names.index(name) for name in names])


def only(level: Level, tag: Tag) -> Cell:
    found = cells(level.legend.has(level.tiles, tag))
    assert len(found) == 1, (tag, found)
    return found[0]


@pytest.mark.parametrize("name", ["caves", "islands", "forest"])
def test_start_and_goal_are_connected(name: str) -> None:
    for where, level in levels(name):
        free = level.legend.has(level.tiles, Tag.PASSABLE)
        assert flood(free, only(level, Tag.START))[only(level, Tag.GOAL)], where


@pytest.mark.parametrize("name", ["caves", "forest"])
def test_all_open_ground_can_be_reached(name: str) -> None:
    for where, level in levels(name):
        free = level.legend.has(level.tiles, Tag.PASSABLE)
        assert (flood(free, only(level, Tag.START)) == free).all(), where


def test_keys_lie_before_locked_doors() -> None:
    locked_somewhere = 0
    for where, level in levels("dungeon"):
        doors = named(level, "locked door")
        keys = level.legend.has(level.tiles, Tag.KEY)
        free = level.legend.has(level.tiles, Tag.PASSABLE)
        before = flood(free, only(level, Tag.START))
        assert keys.sum() == doors.sum(), where
        assert (before | ~keys).all(), where
        everywhere = flood(free | doors, only(level, Tag.START))
        assert everywhere[only(level, Tag.GOAL)], where
        assert (everywhere == (free | doors)).all(), where
        assert not doors.any() or not before[free].all(), f"{where}: a lock that locks nothing"
        locked_somewhere += int(doors.any())
    assert locked_somewhere > 20


def test_roads_of_a_city_hang_together() -> None:
    for where, level in levels("city"):
        road = named(level, "road", "crossing", "start", "goal")
        assert (flood(road, only(level, Tag.START)) == road).all(), where
        free = level.legend.has(level.tiles, Tag.PASSABLE)
        assert (flood(free, only(level, Tag.START)) == free).all(), f"{where}: a place nobody can walk to"


def test_crossings_lead_from_pavement_to_pavement() -> None:
    count = 0
    for where, level in levels("city"):
        kerb = np.pad(~named(level, "road", "crossing", "start", "goal"), 3, constant_values=True)
        road = np.pad(named(level, "road", "crossing", "start", "goal"), 3, constant_values=True)
        for row, column in cells(np.pad(named(level, "crossing"), 3)):
            across = kerb[row, column - 3 : column].any() and kerb[row, column + 1 : column + 4].any()
            along = kerb[row - 3 : row, column].any() and kerb[row + 1 : row + 4, column].any()
            assert across or along, where
            assert road[row - 1 : row + 2, column].sum() + road[row, column - 1 : column + 2].sum() >= 4, where
            count += 1
    assert count > 100


def test_every_room_of_an_interior_can_be_entered() -> None:
    for where, level in levels("interiors"):
        free = level.legend.has(level.tiles, Tag.PASSABLE)
        assert (flood(free, only(level, Tag.START)) == free).all(), where
        outside = named(level, "void")
        for row, column in cells(outside):
            near = free[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
            assert not near.any(), f"{where}: no wall between a floor and the outside"


def test_interiors_have_what_makes_them() -> None:
    wanted = {"home": ("bed", "stove", "table"), "classroom": ("blackboard", "desk"), "laboratory": ("bench", "sink")}
    for kind, names in wanted.items():
        for where, level in levels("interiors", kind):
            if level.width >= 24:
                assert all(named(level, name).any() for name in names), where


class Jumper:
    """Walks, climbs, falls, and jumps at most 4 high and 5 wide; spikes and water kill."""

    def __init__(self, level: Level) -> None:
        has = level.legend.has
        self.solid = has(level.tiles, Tag.SOLID)
        self.deadly = has(level.tiles, Tag.HAZARD)
        self.ladder = has(level.tiles, Tag.CLIMBABLE)
        self.top = self.solid | has(level.tiles, Tag.SOLID_TOP)
        self.shape = level.tiles.shape

    def free(self, row: int, column: int) -> bool:
        inside = 0 <= row < self.shape[0] and 0 <= column < self.shape[1]
        return inside and not self.solid[row, column] and not self.deadly[row, column]

    def rests(self, row: int, column: int) -> bool:
        if self.ladder[row, column]:
            return True
        return row + 1 < self.shape[0] and bool(self.top[row + 1, column] or self.ladder[row + 1, column])

    def reach(self, start: Cell) -> set[Cell]:
        queue, seen = deque([(*start, 4, 5)]), {(*start, 4, 5)}
        while queue:
            row, column, rise, drift = queue.popleft()
            if self.rests(row, column):
                rise, drift = 4, 5
            steps = [(row + 1, column, 0, drift)]
            steps += [(row - 1, column, rise - 1, drift)] if rise else []
            steps += [(row, column + side, rise, drift - 1) for side in (-1, 1)] if drift else []
            for step in steps:
                if step not in seen and self.free(step[0], step[1]):
                    seen.add(step)
                    queue.append(step)
        return {(row, column) for row, column, _, _ in seen}


def test_platformers_can_be_finished_and_coins_collected() -> None:
    for where, level in levels("platformer"):
        reached = Jumper(level).reach(only(level, Tag.START))
        assert only(level, Tag.GOAL) in reached, where
        coins = cells(level.legend.has(level.tiles, Tag.ITEM))
        assert sum(coin in reached for coin in coins) >= 0.95 * len(coins), where


@pytest.mark.parametrize("name", BUILTIN)
def test_levels_differ_between_seeds_and_not_with_count(name: str) -> None:
    few = open_dataset(f"builtin:{name}", count=5, size=24, seed=3)
    many = open_dataset(f"builtin:{name}", count=12, size=24, seed=3)
    other = open_dataset(f"builtin:{name}", count=12, size=24, seed=4)
    assert few.examples == many.examples[:5]
    assert len({example.digest for example in (*many.examples, *other.examples)}) == 24
    assert few.source.digest == few.digest


@pytest.mark.parametrize("name", BUILTIN)
def test_data_set_says_what_it_is(name: str) -> None:
    world = BUILTIN[name]
    data = open_dataset(f"builtin:{name}", count=2 * len(world.classes), size=(16, 20))
    assert (data.spec.height, data.spec.width, data.spec.classes) == (16, 20, world.classes)
    assert (data.labels.sum(axis=0) == 2).all()
    assert (data.labels.sum(axis=1) == 1).all()
    assert (data.source.licence, data.source.sellable, data.source.credit) == ("CC0-1.0", True, "")
    assert 2 <= len(world.classes) <= 4
    assert world.title
    assert world.summary.endswith(".")
    assert (world.legend.style is Style.PLATFORMER) == (name == "platformer")


@pytest.mark.parametrize("name", BUILTIN)
def test_each_tile_of_a_legend_is_used(name: str) -> None:
    used = {tile for _, level in levels(name) for tile in np.unique(level.tiles).tolist()}
    missing = {BUILTIN[name].legend.names[tile] for tile in range(len(BUILTIN[name].legend.tiles)) if tile not in used}
    assert not missing


@pytest.mark.parametrize("name", BUILTIN)
def test_classes_can_be_told_by_counts(name: str) -> None:
    """The nearest mean of tile shares, in all and in the middle, and of how neighbours go together names the class of most fresh levels."""
    world = BUILTIN[name]
    features = _features(len(world.legend.tiles))
    train = open_dataset(f"builtin:{name}", count=12 * len(world.classes), size=32, seed=1)
    fresh = open_dataset(f"builtin:{name}", count=8 * len(world.classes), size=32, seed=2)
    table = np.stack([features(level) for level in train.levels])
    scale = table.std(axis=0) + 0.02
    means = np.stack([table[train.labels[:, k] == 1].mean(axis=0) / scale for k in range(len(world.classes))])
    guesses = [int(np.square(features(level) / scale - means).sum(axis=1).argmin()) for level in fresh.levels]
    right = np.mean(np.array(guesses) == fresh.labels.argmax(axis=1))
    assert right >= 0.8, f"{name}: {right:.0%} of fresh levels were told"


def _features(count: int) -> Callable[[Level], NDArray[np.float64]]:
    def features(level: Level) -> NDArray[np.float64]:
        middle = level.tiles[level.height // 4 : -level.height // 4, level.width // 4 : -level.width // 4]
        shares = [np.bincount(part.ravel(), minlength=count) / part.size for part in (level.tiles, middle)]
        below = level.tiles[1:] == level.tiles[:-1]
        beside = level.tiles[:, 1:] == level.tiles[:, :-1]
        return np.sqrt(np.concatenate([*shares, [below.mean(), beside.mean()]]))

    return features


@pytest.mark.parametrize("name", BUILTIN)
def test_levels_are_not_noise(name: str) -> None:
    """A tile tells about its right neighbour what it would not in a shuffled level."""
    for kind in BUILTIN[name].classes:
        level = level_of(name, kind, 32, 32, 0)
        shuffled = np.random.default_rng(0).permutation(level.tiles.ravel()).reshape(level.tiles.shape)
        assert _shared_bits(level.tiles) > _shared_bits(shuffled) + 0.1, kind


def _shared_bits(grid: NDArray[np.uint8]) -> float:
    """Mutual information of horizontal neighbours, in bits."""
    both = np.histogram2d(grid[:, :-1].ravel(), grid[:, 1:].ravel(), bins=np.arange(-0.5, 32))[0] / grid[:, 1:].size
    alone = both.sum(axis=1, keepdims=True) * both.sum(axis=0, keepdims=True)
    return float((both[both > 0] * np.log2(both[both > 0] / alone[both > 0])).sum())


@pytest.mark.parametrize(
    ("place", "options", "part"),
    [
        ("builtin:dungeons", {}, "Did you mean 'dungeon'?"),
        ("builtin:city", {"kind": "down town"}, "Did you mean 'downtown'?"),
        ("builtin:city", {"size": 15}, "16 to 64"),
        ("builtin:city", {"size": (16, 65)}, "16 to 64"),
        ("builtin:city", {"size": (16, 16, 3)}, "(rows, columns)"),
        ("builtin:city", {"count": 0}, "from 1 to"),
        ("builtin:city", {"count": float("nan")}, "from 1 to"),
        ("builtin:city", {"seed": -1}, "Seed"),
        ("builtin:city", {"sizes": 16}, "Did you mean 'size'?"),
        ("city", {}, "did you mean 'builtin:city'?"),
    ],
)
def test_bad_wishes_are_told(place: str, options: dict[str, object], part: str) -> None:
    with pytest.raises(GenworldError) as caught:
        open_dataset(place, **options)
    assert part in caught.value.sentence
