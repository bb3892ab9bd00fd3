"""Levels, sprites, legends and specs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genworld.content import (
    Legend,
    Level,
    LevelSpec,
    Sprite,
    SpriteSpec,
    Style,
    Tag,
    Tile,
    parse_tags,
    spec_from_dict,
)
from genworld.errors import GenworldError

LEGEND = Legend(
    "tiny",
    Style.TOP_DOWN,
    (
        Tile("#", "wall", frozenset({Tag.SOLID})),
        Tile(".", "floor", frozenset({Tag.PASSABLE})),
        Tile("ß", "door", frozenset({Tag.PASSABLE, Tag.DOOR})),
    ),
    "dungeon",
)


@given(st.lists(st.lists(st.integers(0, 2), min_size=5, max_size=5), min_size=1, max_size=9))
def test_text_and_back_is_the_same_level(rows: list[list[int]]) -> None:
    level = Level(np.array(rows, dtype=np.uint8), LEGEND)
    assert Level.from_text(level.to_text().splitlines(), LEGEND) == level


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["##", "#"], "line 2 has 1"),
        (["#?"], r"Line 1, column 2 of the level holds '\?'"),
        ([], "it is empty"),
        ([""], "it is empty"),
    ],
)
def test_text_that_is_no_level_is_refused(lines: list[str], words: str) -> None:
    with pytest.raises(GenworldError, match=words):
        Level.from_text(lines, LEGEND)


@pytest.mark.parametrize(
    "grid",
    [
        np.zeros((2, 2), dtype=np.int64),
        np.zeros((2, 2, 1), dtype=np.uint8),
        np.zeros((0, 2), dtype=np.uint8),
        np.full((1, 1), 3, dtype=np.uint8),
    ],
)
def test_arrays_that_are_no_level_are_refused(grid: np.ndarray) -> None:
    with pytest.raises(GenworldError):
        Level(grid, LEGEND)


def test_levels_and_sprites_cannot_be_changed() -> None:
    grid, pixels = np.zeros((2, 2), dtype=np.uint8), np.full((2, 2, 4), 255, dtype=np.uint8)
    level, sprite = Level(grid, LEGEND), Sprite(pixels)
    grid[0, 0] = 1
    pixels[0, 0] = 0
    assert level.tiles[0, 0] == 0
    assert sprite.pixels[0, 0, 0] == 255
    with pytest.raises(ValueError, match="read-only"):
        level.tiles[0, 0] = 1


def test_hidden_colour_is_dropped() -> None:
    assert Sprite(np.array([[[9, 8, 7, 0], [9, 8, 7, 1]]], dtype=np.uint8)).pixels.tolist() == [
        [[0, 0, 0, 0], [9, 8, 7, 1]]
    ]


def test_digests_tell_shape_and_legend_apart() -> None:
    flat = Level(np.zeros((2, 3), dtype=np.uint8), LEGEND)
    tall = Level(np.zeros((3, 2), dtype=np.uint8), LEGEND)
    other = Level(np.zeros((2, 3), dtype=np.uint8), Legend("other", LEGEND.style, LEGEND.tiles, LEGEND.tileset))
    assert len({flat.digest, tall.digest, other.digest}) == 3
    assert flat == Level(np.zeros((2, 3), dtype=np.uint8), LEGEND)
    assert flat != other


def test_tags_find_cells() -> None:
    level = Level.from_text(["#.ß"], LEGEND)
    assert LEGEND.has(level.tiles, Tag.DOOR).tolist() == [[False, False, True]]
    assert LEGEND.ids(Tag.PASSABLE) == (1, 2)


@pytest.mark.parametrize(
    ("tiles", "words"),
    [
        ((), "1 to 255"),
        (LEGEND.tiles + LEGEND.tiles[:1], "own character"),
        ((LEGEND.tiles[0], Tile("x", "wall", frozenset())), "own name"),
    ],
)
def test_legends_that_are_ambiguous_are_refused(tiles: tuple[Tile, ...], words: str) -> None:
    with pytest.raises(GenworldError, match=words):
        Legend("odd", Style.TOP_DOWN, tiles, "dungeon")


def test_unknown_tags_and_long_characters_are_refused() -> None:
    with pytest.raises(GenworldError, match="Did you mean 'solid'"):
        parse_tags(["solit"])
    with pytest.raises(GenworldError, match="one character"):
        Tile("ab", "wall", frozenset())


@pytest.mark.parametrize(
    "spec",
    [
        LevelSpec(LEGEND),
        LevelSpec(LEGEND, 8, 9, ("a", "b")),
        SpriteSpec(16, 12, ("red", "tall"), exclusive=False),
    ],
)
def test_specs_survive_json(spec: LevelSpec | SpriteSpec) -> None:
    assert spec_from_dict(spec.to_dict()) == spec


@pytest.mark.parametrize("change", [{"kind": "song"}, {"kind": "level"}, {"classes": None}])
def test_specs_that_are_not_whole_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(GenworldError):
        spec_from_dict(SpriteSpec(1, 1).to_dict() | change)
