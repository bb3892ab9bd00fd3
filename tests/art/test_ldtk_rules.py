"""Auto-layer rules against results made by hand, and against the editor's own on a cell each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from genworld.art.ldtk.definitions import ANYTHING, Layer
from genworld.art.ldtk.dice import roll
from genworld.art.ldtk.noise import noise
from genworld.art.ldtk.parsing import definitions
from genworld.art.ldtk.rules import Placed, Setting, apply
from genworld.errors import GenworldError
from genworld.seeding import numpy_stream

SEED = 1234


def rule(uid: int, pattern: list[int], tiles: list[list[int]], **other: Any) -> dict[str, Any]:
    size = int(len(pattern) ** 0.5)
    plain = {"active": True, "chance": 1, "breakOnMatch": True, "alpha": 1, "tileMode": "Single"}
    return {"uid": uid, "size": size, "pattern": pattern, "tileRectsIds": tiles, **plain, **other}


def project(*groups: dict[str, Any], opaque: str = "", **layer: Any) -> dict[str, Any]:
    values = [{"value": 1, "groupUid": 1}, {"value": 2, "groupUid": 1}, {"value": 3, "groupUid": 0}]
    own = {
        "uid": 9,
        "identifier": "Walls",
        "type": "IntGrid",
        "gridSize": 8,
        "tilesetDefUid": 1,
        "intGridValues": values,
    }
    tiles = {"uid": 1, "identifier": "Tiles", "tileGridSize": 8, "__cWid": 4, "__cHei": 4, "relPath": "tiles.png"}
    cached = {"opaqueTiles": opaque} if opaque else None
    return {
        "defs": {
            "layers": [{**own, "autoRuleGroups": list(groups), **layer}],
            "tilesets": [{**tiles, "cachedPixelData": cached}],
            "entities": [],
        }
    }


def group(*rules: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {"uid": 60, "active": True, "isOptional": False, "rules": list(rules), **other}


def placed(
    grid: list[list[int]], *groups: dict[str, Any], setting: Setting | None = None, **other: Any
) -> dict[tuple[int, int], list[int]]:
    """Tiles by (row, column) of the cell that matched, the lowest first."""
    found: dict[tuple[int, int], list[int]] = {}
    for each in results(grid, *groups, setting=setting, **other):
        for cell, tile in zip(each.cell.tolist(), each.tile.tolist(), strict=True):
            row, column = divmod(cell, len(grid[0]))
            found.setdefault((row, column), []).append(tile)
    return found


def results(
    grid: list[list[int]], *groups: dict[str, Any], setting: Setting | None = None, **other: Any
) -> list[Placed]:
    defs = definitions(project(*groups, **other))
    layer: Layer = defs.layers[0]
    cells = np.array(grid)
    belongs = {value.number: value.group for value in layer.values}
    return apply(layer, cells, setting or Setting(SEED), defs.tilesets[1], belongs, np.ones(cells.shape, np.bool_))


WALL = [[0, 1, 0], [1, 1, 0], [0, 0, 2]]


@pytest.mark.parametrize(
    ("wanted", "cells"),
    [
        (1, {(0, 1), (1, 0), (1, 1)}),
        (-1, {(0, 0), (0, 2), (1, 2), (2, 0), (2, 1), (2, 2)}),
        (ANYTHING, {(0, 1), (1, 0), (1, 1), (2, 2)}),
        (-ANYTHING, {(0, 0), (0, 2), (1, 2), (2, 0), (2, 1)}),
        (2000, {(0, 1), (1, 0), (1, 1), (2, 2)}),  # both values are of group 1
        (-2000, {(0, 0), (0, 2), (1, 2), (2, 0), (2, 1)}),
        (1000, set()),  # the group of value 3, which is nowhere
    ],
)
def test_an_entry_of_a_pattern_asks_for_a_value_a_group_or_anything(wanted: int, cells: set[tuple[int, int]]) -> None:
    assert placed(WALL, group(rule(1, [wanted], [[5]]))).keys() == cells


def test_a_pattern_looks_around_and_outside_matches_only_what_the_rule_says() -> None:
    above_free = [0, -1, 0, 0, 1, 0, 0, 0, 0]
    assert placed(WALL, group(rule(1, above_free, [[5]]))) == {(1, 0): [5]}
    assert placed(WALL, group(rule(1, above_free, [[5]], outOfBoundsValue=0))) == {(0, 1): [5], (1, 0): [5]}
    assert placed(WALL, group(rule(1, above_free, [[5]], outOfBoundsValue=1))) == {(1, 0): [5]}


def test_a_mirrored_pattern_places_a_mirrored_tile() -> None:
    left_free = [0, 0, 0, -1, 1, 0, 0, 0, 0]
    grid = [[0, 1, 0, 1, 1, 0]]
    (one,) = results(grid, group(rule(1, left_free, [[5]], flipX=True)))
    assert dict(zip(one.cell.tolist(), one.flips.tolist(), strict=True)) == {1: 0, 3: 0, 4: 1}
    (both,) = results(grid, group(rule(1, left_free, [[5]], flipX=True, breakOnMatch=False)))
    assert list(zip(both.cell.tolist(), both.flips.tolist(), strict=True)) == [(1, 0), (1, 1), (3, 0), (4, 1)]
    above_free = [0, -1, 0, 0, 1, 0, 0, 0, 0]
    (turned,) = results([[0], [1], [1], [0]], group(rule(1, above_free, [[5]], flipY=True)))
    assert dict(zip(turned.cell.tolist(), turned.flips.tolist(), strict=True)) == {1: 0, 2: 2}


def test_the_first_rule_lies_on_top_and_may_hide_the_others() -> None:
    first, second = rule(1, [1], [[5]], breakOnMatch=False), rule(2, [1], [[6]])
    assert placed([[1]], group(first, second)) == {(0, 0): [6, 5]}
    assert placed([[1]], group({**first, "breakOnMatch": True}, second)) == {(0, 0): [5]}
    assert placed([[1]], group(first, second), opaque="0000010") == {(0, 0): [5]}, "an opaque tile hides what is below"
    clear = {**first, "alpha": 0.5}
    assert placed([[1]], group(clear, second), opaque="0000010") == {(0, 0): [6, 5]}
    moved = {**first, "tileXOffset": 1}
    assert placed([[1]], group(moved, second), opaque="0000010") == {(0, 0): [6, 5]}


def test_switched_off_rules_and_groups_place_nothing() -> None:
    fill = rule(1, [1], [[5]])
    assert placed([[1]], group({**fill, "active": False})) == {}
    assert placed([[1]], group(fill, active=False)) == {}
    assert placed([[1]], group({**fill, "chance": 0})) == {}
    assert placed([[1]], group(fill, isOptional=True)) == {}
    assert placed([[1]], group(fill, isOptional=True), setting=Setting(SEED, frozenset({60}))) == {(0, 0): [5]}


def test_biomes_choose_groups() -> None:
    snow = group(rule(1, [1], [[5]]), requiredBiomeValues=["Snow", "Night"])
    both = {**snow, "biomeRequirementMode": 1}

    def on(one: dict[str, Any], *biomes: str) -> bool:
        return bool(placed([[1]], one, setting=Setting(SEED, frozenset(), frozenset(biomes))))

    assert on(snow, "Snow")
    assert not on(snow, "Sand")
    assert not on(both, "Snow")
    assert on(both, "Snow", "Night")
    assert placed([[1]], snow), "a level without biomes has all groups"


def test_modulo_and_checker_space_the_cells() -> None:
    field = [[1] * 6 for _ in range(4)]
    every = placed(field, group(rule(1, [1], [[5]], xModulo=3, yModulo=2, xOffset=1)))
    assert every.keys() == {(row, column) for row in (0, 2) for column in (1, 4)}
    shifted = placed(field, group(rule(1, [1], [[5]], xModulo=2, yModulo=1, checker="Horizontal")))
    assert shifted.keys() == {(row, column) for row in range(4) for column in range(6) if (row + column) % 2 == 0}
    down = placed(field, group(rule(1, [1], [[5]], xModulo=1, yModulo=2, checker="Vertical")))
    assert down.keys() == {(row, column) for row in range(4) for column in range(6) if (row + column) % 2 == 0}


def test_a_stamp_lies_as_in_the_tileset_about_its_pivot() -> None:
    stamp = rule(1, [1], [[0, 1, 4, 5]], tileMode="Stamp", pivotX=1, pivotY=1)
    (one,) = results([[0, 0], [0, 1]], group(stamp))
    where = {tile: (x, y) for tile, x, y in zip(one.tile.tolist(), one.x.tolist(), one.y.tolist(), strict=True)}
    assert where == {0: (0, 0), 1: (8, 0), 4: (0, 8), 5: (8, 8)}
    assert one.cell.tolist() == [3] * 4


def test_old_rules_name_their_tiles_in_another_entry() -> None:
    old = {**rule(1, [1], []), "tileIds": [5]}
    del old["tileRectsIds"]
    assert placed([[1]], group(old)) == {(0, 0): [5]}
    (one,) = results([[1]], group({**old, "tileIds": [0, 1], "tileMode": "Stamp"}))
    assert one.tile.tolist() == [0, 1]


def test_tiles_of_another_layer_keep_those_of_rules_away() -> None:
    defs = definitions(project(group(rule(1, [1], [[5]]))))
    kept = np.array([[True, False]])
    (one,) = apply(defs.layers[0], np.array([[1, 1]]), Setting(SEED), defs.tilesets[1], {}, kept)
    assert one.cell.tolist() == [0]


def by_hand(seed: int, x: int, y: int, sides: int) -> int:
    """`roll` as a JavaScript engine computes it, one number at a time."""

    def word(number: int) -> int:
        return (number + 2**31) % 2**32 - 2**31

    mixed = word(seed + x * 374761393 + y * 668265263)
    mixed = word(int(float(mixed ^ (mixed >> 13)) * 1274126177.0))
    mixed ^= mixed >> 16
    return mixed % sides if mixed >= 0 else -(-mixed % sides)


def test_chance_rolls_as_the_editor_does() -> None:
    rng = numpy_stream(3, "cells")
    cells = rng.integers(0, 300, (500, 2))
    for seed in (0, 77, 9_999_999, 19_000_001):
        rolled = roll(seed, cells[:, 0], cells[:, 1], 100)
        assert rolled.tolist() == [by_hand(seed, int(x), int(y), 100) for x, y in cells]


def test_chance_and_alternatives_follow_the_seed_of_the_layer() -> None:
    field = [[1] * 20 for _ in range(20)]
    some = rule(1, [1], [[5], [6], [7]], chance=0.3)
    first, again = placed(field, group(some)), placed(field, group(some))
    other = placed(field, group(some), setting=Setting(SEED + 1))
    assert first == again != other
    assert {tile for tiles in first.values() for tile in tiles} == {5, 6, 7}


def test_noise_makes_patches_of_about_half() -> None:
    rows, columns = np.indices((60, 60))
    patches = noise(5, columns * 0.2, rows * 0.2, 2) >= 0
    assert 0.35 < patches.mean() < 0.65
    beside = (patches[:, 1:] == patches[:, :-1]).mean()
    assert beside > 0.7, "cells beside each other are mostly alike"


@pytest.mark.parametrize(
    "wrong",
    [
        {"pattern": [1, 1]},
        {"pattern": "1"},
        {"size": 8},
        {"size": 10**9},
        {"size": 2**80},
        {"tileRectsIds": [["a"]]},
        {"tileRectsIds": 7},
        {"xModulo": 0},
        {"chance": "often"},
        {"flipX": 1},
    ],
)
def test_a_damaged_rule_is_told_in_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(GenworldError, match="LDtk project"):
        definitions(project(group({**rule(1, [1], [[5]]), **wrong})))


def test_too_many_rules_are_refused() -> None:
    with pytest.raises(GenworldError, match="4,000 rules"):
        definitions(project(group(*[rule(uid, [1], [[5]]) for uid in range(4001)])))
