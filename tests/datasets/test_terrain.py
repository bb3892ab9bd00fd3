"""The drawing tools of the procedural worlds, against brute force on small grids."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from genworld.datasets.worlds import terrain

Mask = NDArray[np.bool_]
masks = arrays(np.bool_, st.tuples(st.integers(1, 7), st.integers(1, 7)))


def flood(free: Mask, start: tuple[int, int]) -> set[tuple[int, int]]:
    seen, stack = {start}, [start]
    while stack:
        row, column = stack.pop()
        for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            inside = 0 <= r < free.shape[0] and 0 <= c < free.shape[1]
            if inside and free[r, c] and (r, c) not in seen:
                seen.add((r, c))
                stack.append((r, c))
    return seen


@settings(max_examples=80, deadline=None)
@given(masks)
def test_parts_partition_a_mask(mask: Mask) -> None:
    parts = terrain.parts(mask)
    assert np.array_equal(np.sum([np.zeros(mask.shape), *parts], axis=0), mask)
    for part in parts:
        assert flood(mask, terrain.cells(part)[0]) == set(terrain.cells(part))
    assert [part.sum() for part in parts] == sorted((part.sum() for part in parts), reverse=True)


@settings(max_examples=80, deadline=None)
@given(masks)
def test_taking_a_cell_that_blocks_nothing_keeps_the_rest_together(mask: Mask) -> None:
    for cell in terrain.cells(mask):
        if terrain.blocks_nothing(mask, cell):
            rest = mask.copy()
            rest[cell] = False
            assert len(terrain.parts(rest)) == len(terrain.parts(mask))


@settings(max_examples=60, deadline=None)
@given(masks, st.booleans())
def test_growing_is_what_is_near(mask: Mask, diagonal: bool) -> None:
    grown = terrain.grown(mask, 1, diagonal)
    for row, column in np.ndindex(mask.shape):
        near = [
            abs(row - r) + abs(column - c) <= 1 or (diagonal and max(abs(row - r), abs(column - c)) <= 1)
            for r, c in terrain.cells(mask)
        ]
        assert grown[row, column] == any(near)


@settings(max_examples=60, deadline=None)
@given(masks)
def test_openings_join_everything(mask: Mask) -> None:
    if mask.any():
        joined = mask.copy()
        terrain.put(joined, terrain.openings(mask, np.where(mask, 0.1, 1.0)), True)
        assert len(terrain.parts(joined)) == 1


def test_bridges_are_straight_and_short() -> None:
    free = np.zeros((5, 9), np.bool_)
    free[:, :3], free[:, 6:] = True, True
    built = terrain.bridges(free, ~free, 6)
    assert len(built) == 3
    assert len({row for row, _ in built}) == 1
    assert terrain.bridges(free, ~free, 2) == []


def test_way_takes_the_cheapest_cells_and_no_forbidden_ones() -> None:
    cost = np.ones((3, 5))
    cost[:2, 2] = np.inf
    way = terrain.way(cost, (0, 0), (0, 4))
    assert way[0] == (0, 0)
    assert way[-1] == (0, 4)
    assert len(way) == 9
    assert (2, 2) in way
    cost[2, 2] = np.inf
    assert terrain.way(cost, (0, 0), (0, 4)) == []


def test_ends_are_far_apart_and_distances_are_steps() -> None:
    free = np.ones((1, 10), np.bool_)
    start, goal = terrain.ends(free, free, np.random.default_rng(0))
    assert {start, goal} == {(0, 0), (0, 9)}
    assert terrain.distances(free, (0, 0))[0].tolist() == list(range(10))
    free[0, 5] = False
    assert terrain.distances(free, (0, 0))[0, 7] == terrain.FAR


@pytest.mark.parametrize("shape", [(16, 16), (3, 40), (64, 17)])
def test_noise_is_smooth_and_spread_evenly(shape: tuple[int, int]) -> None:
    field = terrain.noise(shape, 8, np.random.default_rng(1))
    assert field.shape == shape
    assert field.min() == 0
    assert field.max() == 1
    assert abs((field < 0.25).mean() - 0.25) < 0.02
    assert np.abs(np.diff(field, axis=1)).mean() < 0.15
