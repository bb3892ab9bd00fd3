"""What the bench of real maps says of copies."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from genworld.bench.own_maps import verbatim
from genworld.content import Legend, Level, Style, Tag, Tile
from genworld.provenance import ImportOrigin
from genworld.sampling import Sampled

LEGEND = Legend(
    "tiny",
    Style.TOP_DOWN,
    (Tile("#", "wall", frozenset({Tag.SOLID})), Tile(".", "floor", frozenset({Tag.PASSABLE}))),
    "dungeon",
)
MAP = np.random.default_rng(0).integers(0, 2, (6, 60), dtype=np.uint8)


def _sampled(grid: NDArray[np.generic]) -> Sampled:
    return Sampled(Level(grid.astype(np.uint8), LEGEND), ImportOrigin(file="x", digest="0" * 64))


def test_a_copy_is_verbatim_and_noise_is_not() -> None:
    copied = verbatim(Level(MAP, LEGEND), [_sampled(MAP[:, 10:50])])
    assert (copied.all, copied.mixed, copied.holds) == (1.0, 1.0, False)
    noise = np.random.default_rng(1).integers(0, 2, (6, 40))
    fresh = verbatim(Level(MAP, LEGEND), [_sampled(noise)])
    assert (fresh.all, fresh.mixed, fresh.holds) == (0.0, 0.0, True)
    half = verbatim(Level(MAP, LEGEND), [_sampled(np.hstack([MAP[:, :15], noise[:, :14]]))])
    assert half.all == pytest.approx(8 / 22)
    assert half.mixed == half.all


def test_windows_of_one_tile_count_by_the_definition_but_a_plain_map_is_judged_by_the_others() -> None:
    plain = np.zeros((6, 60), dtype=np.uint8)
    plain[:, :4] = MAP[:, :4]
    grid = np.zeros((6, 40), dtype=np.uint8)
    grid[::2, 20:22] = 1
    copied = verbatim(Level(plain, LEGEND), [_sampled(grid)])
    assert copied.is_plain
    assert copied.all == pytest.approx(24 / 33)
    assert copied.mixed == 0.0
    assert copied.holds
    assert "of the map is one tile" in str(copied)
