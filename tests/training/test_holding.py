"""What a model does not see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genworld.content import Legend, Level, LevelSpec, Sprite, SpriteSpec, Style, Tag, Tile
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream
from genworld.training.holding import by_area, hold_out

SOURCE = DataSource(name="made for tests", licence="CC0-1.0", sellable=True)
LEGEND = Legend("many", Style.TOP_DOWN, tuple(Tile(chr(0x4E00 + k), str(k), frozenset({Tag.PASSABLE})) for k in range(255)), "dungeon")  # fmt: skip


def _map(height: int, width: int, count: int = 1) -> Dataset:
    """Maps in which a window of eight by eight cells stands only once."""
    random = numpy_stream(0, "cells")
    grids = [random.integers(255, size=(height, width), dtype=np.uint8) for _ in range(count)]
    levels = tuple(Level(grid, LEGEND) for grid in grids)
    return Dataset("maps", LevelSpec(LEGEND), levels, np.zeros((count, 0), np.uint8), ("one file",) * count, SOURCE)


def _sprites(groups: tuple[str, ...]) -> Dataset:
    sprites = tuple(Sprite(np.full((4, 4, 4), k, np.uint8)) for k in range(len(groups)))
    return Dataset("sprites", SpriteSpec(4, 4), sprites, np.zeros((len(groups), 0), np.uint8), groups, SOURCE)


@settings(max_examples=60, deadline=None)
@given(st.integers(8, 60), st.integers(8, 60), st.integers(8, 20), st.floats(0.05, 0.5), st.integers(0, 9))
def test_no_cell_is_on_both_sides(height: int, width: int, window: int, share: float, seed: int) -> None:
    data = replace(_map(height, width), name="numbered")
    if max(height, width) < 2 * window or min(height, width) < window:
        with pytest.raises(GenworldError, match="room for two windows"):
            by_area(data, share, window, seed)
        return
    kept, held_out = by_area(data, share, window, seed)
    assert min(min(level.tiles.shape) for level in (*kept.levels, *held_out.levels)) >= window
    assert sum(level.tiles.size for level in (*kept.levels, *held_out.levels)) <= height * width
    assert not _places(kept, data) & _places(held_out, data)
    assert len(held_out.levels) == 1


def _places(part: Dataset, whole: Dataset) -> set[tuple[int, int]]:
    """Cells of the whole map that the levels of a part cover."""
    grid = whole.levels[0].tiles
    found: set[tuple[int, int]] = set()
    for level in part.levels:
        rows, columns = level.tiles.shape
        places = [
            (top, left)
            for top in range(grid.shape[0] - rows + 1)
            for left in range(grid.shape[1] - columns + 1)
            if np.array_equal(grid[top : top + rows, left : left + columns], level.tiles)
        ]
        assert len(places) == 1
        found |= {(places[0][0] + row, places[0][1] + column) for row in range(rows) for column in range(columns)}
    return found


def test_at_least_the_share_is_held_out_and_not_half_of_a_large_map() -> None:
    _, held_out = by_area(_map(60, 100), 0.15, 16)
    assert 0.15 <= held_out.levels[0].tiles.size / 6000 < 0.2


def test_the_corner_depends_on_the_seed() -> None:
    corners = {by_area(_map(40, 40), 0.2, 16, seed)[1].levels[0].digest for seed in range(20)}
    assert len(corners) == 4


def test_maps_without_room_are_learned_from() -> None:
    data = _map(40, 40, 2)
    small = Level(data.levels[1].tiles[:20, :20], LEGEND)
    kept, held_out = by_area(replace(data, examples=(data.levels[0], small)), 0.2, 16)
    assert small in kept.levels
    assert len(held_out.levels) == 1


def test_one_map_is_divided_by_area_and_many_files_as_ever() -> None:
    kept, held_out = hold_out(_map(40, 40), 0.2, 16)
    assert kept.groups[0] == held_out.groups[0]
    files = replace(_map(16, 16, 40), groups=tuple(map(str, range(40))))
    assert [part.groups for part in hold_out(files, 0.2, 16)] == [part.groups for part in files.split(0.2, 0)]


def test_of_few_sprites_whole_families_are_held_out() -> None:
    data = _sprites(("orc", "orc", "elf"))
    for seed in range(8):
        kept, held_out = hold_out(data, 0.1, 16, seed)
        assert not set(kept.groups) & set(held_out.groups)
        assert len(kept) + len(held_out) == 3
    with pytest.raises(GenworldError, match="too few"):
        hold_out(_sprites(("orc", "orc")), 0.1, 16)
