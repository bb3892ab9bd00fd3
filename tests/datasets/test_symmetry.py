"""Flips and turns that data allow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from genworld.content import Legend, Level, LevelSpec, Sprite, SpriteSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.datasets.symmetry import allowed
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream

SOURCE = DataSource(name="made for tests", licence="CC0-1.0", sellable=True)
TILES = tuple(Tile(char, f"tile {char}", frozenset({Tag.PASSABLE})) for char in "abcdef")


def _levels(grid: NDArray[np.uint8], style: Style = Style.TOP_DOWN) -> Dataset:
    legend = Legend("own", style, TILES, "dungeon")
    return Dataset("own", LevelSpec(legend), (Level(grid, legend),), np.zeros((1, 0), np.uint8), ("map",), SOURCE)


def _speckled() -> NDArray[np.uint8]:
    return numpy_stream(0, "map").integers(0, 4, (40, 40)).astype(np.uint8)


def _with_edges(sides: tuple[int, int]) -> NDArray[np.uint8]:
    """Rooms of tiles 1 to 3 in nothing, 0, whose left and right walls are these tiles."""
    grid = np.maximum(_speckled(), 1)
    grid[7::8], grid[:, 7::8] = 0, 0
    for top in range(0, 40, 8):
        for left in range(0, 40, 8):
            grid[top : top + 7, left], grid[top : top + 7, left + 6] = sides
    return grid


def test_levels_from_above_turn_where_all_directions_are_alike() -> None:
    assert allowed(_levels(_speckled())).flips == "turns"


def test_platformers_never_turn() -> None:
    found = allowed(_levels(_speckled(), Style.PLATFORMER))
    assert found.flips == "mirror"
    assert "things fall down" in found.why


@pytest.mark.parametrize("style", Style)
def test_pieces_that_keep_to_one_side_forbid_a_mirror(style: Style) -> None:
    found = allowed(_levels(_with_edges((4, 5)), style))
    assert found.flips == "none"
    assert "% of neighbouring tiles keep to one side" in found.why


def test_the_same_piece_on_both_sides_may_be_mirrored() -> None:
    assert allowed(_levels(_with_edges((4, 4)))).flips == "mirror"


def test_pieces_that_keep_above_forbid_turns_only() -> None:
    assert allowed(_levels(np.ascontiguousarray(_with_edges((4, 5)).T))).flips == "mirror"


def test_an_empty_map_says_nothing_against_turns() -> None:
    assert allowed(_levels(np.zeros((8, 8), np.uint8))).flips == "turns"


def test_sprites_are_mirrored_unless_their_classes_face_a_side() -> None:
    sprite = Sprite(np.full((4, 4, 4), 255, np.uint8))
    data = Dataset("own", SpriteSpec(4, 4, ("orc",)), (sprite,), np.ones((1, 1), np.uint8), ("a",), SOURCE)
    assert allowed(data).flips == "mirror"
    sided = replace(data, spec=SpriteSpec(4, 4, ("orc_Left",)))
    assert allowed(sided).flips == "none"
    assert "orc_Left" in allowed(sided).why
    assert allowed(replace(data, spec=SpriteSpec(4, 4, ("bright",)))).flips == "mirror"
