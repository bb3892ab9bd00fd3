"""TPKL by hand, and the codes it counts with."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genworld.errors import GenworldError
from genworld.measure.patterns import EPSILON, divergence, tpkl
from genworld.measure.windows import codes


def levels(seed: int, count: int = 20, tiles: int = 3, shape: tuple[int, int] = (8, 8)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, tiles, (count, *shape), dtype=np.uint8)


def smoothed(count: int, total: int) -> float:
    return (count + EPSILON) / ((total + EPSILON) * (1 + EPSILON))


def test_divergence_by_hand() -> None:
    real = np.array([1, 1, 1, 2], dtype=np.uint64)
    generated = np.array([1, 2, 2, 3], dtype=np.uint64)
    expected = sum(smoothed(c, 4) * math.log(smoothed(c, 4) / smoothed(g, 4)) for c, g in ((3, 1), (1, 2)))
    assert divergence(real, generated) == pytest.approx(expected, rel=1e-12)
    assert expected == pytest.approx(0.75 * math.log(3) - 0.25 * math.log(2), rel=1e-6)


def test_a_pattern_never_seen_costs_as_the_formula_says() -> None:
    found = divergence(np.array([1], dtype=np.uint64), np.array([2], dtype=np.uint64))
    assert found == pytest.approx(math.log((1 + EPSILON) / EPSILON), rel=1e-6)


def test_tpkl_equals_a_count_of_patterns_one_by_one() -> None:
    real, generated = levels(0), levels(1, tiles=4)

    def count(grids: np.ndarray, size: int) -> dict[bytes, int]:
        tally: dict[bytes, int] = {}
        for grid in grids:
            for row in range(9 - size):
                for column in range(9 - size):
                    key = grid[row : row + size, column : column + size].tobytes()
                    tally[key] = tally.get(key, 0) + 1
        return tally

    sizes = []
    for size in (4, 3, 2):
        p, q = count(real, size), count(generated, size)
        n = sum(p.values())
        sizes.append(
            sum(smoothed(c, n) * math.log(smoothed(c, n) / smoothed(q.get(key, 0), n)) for key, c in p.items())
        )
    assert tpkl(real, generated) == pytest.approx(np.mean(sizes), rel=1e-9)


def test_the_same_levels_have_no_divergence_and_others_have_one() -> None:
    assert tpkl(levels(0), levels(0)) == 0
    assert tpkl(levels(0), levels(1)) > 0
    assert tpkl(levels(0), np.zeros_like(levels(0))) > tpkl(levels(0), levels(1))


@pytest.mark.parametrize("other", [levels(1, count=19), levels(1, shape=(8, 7))])
def test_unequal_cell_counts_are_refused(other: np.ndarray) -> None:
    with pytest.raises(GenworldError, match="crop them alike"):
        tpkl(levels(0), other)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 5))
def test_codes_are_equal_just_where_windows_are(seed: int, height: int, width: int) -> None:
    grid = np.random.default_rng(seed).integers(0, 2, (6, 7), dtype=np.uint8)
    view = np.lib.stride_tricks.sliding_window_view(grid, (height, width))
    windows = [view[place].tobytes() for place in np.ndindex(view.shape[:2])]
    found = codes(grid, height, width).ravel().tolist()
    assert [windows.index(window) for window in windows] == [found.index(code) for code in found]


def test_a_window_larger_than_the_level_has_no_place() -> None:
    assert codes(levels(0, count=2), 9, 3).size == 0
