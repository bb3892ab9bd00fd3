"""The 2 x 2 windows of levels."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genworld.play import Patterns


def grids(seed: int, count: int = 3) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.choice([0, 1, 7, 254], random.integers(2, 7, 2)).astype(np.uint8) for _ in range(count)]


def plain_windows(grid: np.ndarray) -> list[tuple[int, ...]]:
    height, width = grid.shape
    return [tuple(grid[r : r + 2, c : c + 2].ravel().tolist()) for r in range(height - 1) for c in range(width - 1)]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_counts_and_costs_are_those_counted_one_by_one(seed: int) -> None:
    *levels, other = grids(seed)
    patterns = Patterns.learn(levels)
    windows = [window for level in levels for window in plain_windows(level)]
    assert patterns.seen(other).ravel().tolist() == [windows.count(window) for window in plain_windows(other)]
    assert patterns.known(other).ravel().tolist() == [window in windows for window in plain_windows(other)]
    tiles = [0, 254, 9]
    costs = patterns.costs(other, tiles)
    for (row, column), _ in np.ndenumerate(other):
        for number, tile in enumerate(tiles):
            changed = other.copy()
            changed[row, column] = tile
            near = changed[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
            assert costs[number, row, column] == sum(window not in windows for window in plain_windows(near))


def test_a_level_knows_all_its_own_windows() -> None:
    level = grids(5)[0]
    assert Patterns.learn([level]).share(level) == 1.0
    assert Patterns.learn([]).share(level) == 0.0
    assert Patterns.learn([]).share(level[:1]) == 1.0
