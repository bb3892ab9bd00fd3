"""Autotile shapes against their definitions, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from genworld.render import shapes

masks = arrays(np.bool_, st.tuples(st.integers(1, 7), st.integers(1, 7)))


def at(mask: np.ndarray, row: int, column: int) -> bool:
    """The cell, a level going on beyond its border as its outermost cells do."""
    return bool(mask[min(max(row, 0), mask.shape[0] - 1), min(max(column, 0), mask.shape[1] - 1)])


def test_there_are_47_blobs():
    assert len(shapes.BLOB) == 47
    assert shapes.BLOB[0] == 0
    assert shapes.BLOB[-1] == 255


@settings(deadline=None, max_examples=60)
@given(masks)
def test_blob_tells_sides_and_the_corners_between_them(mask):
    frames = shapes.blob(mask)
    for row, column in np.ndindex(mask.shape):
        bits = shapes.BLOB[frames[row, column]]
        around = [at(mask, row + down, column + right) for down, right in shapes.AROUND]
        for k in range(8):
            if k % 2 == 0:
                assert bool(bits >> k & 1) == around[k]
            else:
                assert bool(bits >> k & 1) == (around[k - 1] and around[k] and around[(k + 1) % 8])


@settings(deadline=None, max_examples=60)
@given(masks)
def test_edges_are_blobs_but_for_the_inside(mask):
    blob, edge = shapes.blob(mask), shapes.edge(mask)
    assert np.array_equal(edge == -1, blob == 46)
    assert np.array_equal(edge[edge >= 0], blob[edge >= 0])


@settings(deadline=None, max_examples=60)
@given(masks)
def test_walls_show_fronts_above_what_is_open(mask):
    frames = shapes.wall(mask, mask)
    assert frames.min() >= 0
    assert frames.max() < shapes.SHAPES["wall"].count
    for row, column in np.argwhere(mask):
        is_front = not at(mask, row + 1, column)
        assert (frames[row, column] >= len(shapes.WALL_TOPS)) == is_front
        if is_front:
            assert ((frames[row, column] - 13) // 9 == 1) == (not at(mask, row - 1, column))


@settings(deadline=None, max_examples=60)
@given(masks)
def test_shadows_fall_to_the_south_and_the_east(mask):
    frames = shapes.shadow(mask)
    for row, column in np.ndindex(mask.shape):
        north, west, corner = at(mask, row - 1, column), at(mask, row, column - 1), at(mask, row - 1, column - 1)
        assert (frames[row, column] == -1) == (not (north or west or corner))


def test_runs():
    mask = np.array([[1, 0, 0, 1, 1, 1, 0]], dtype=np.bool_)
    assert shapes.row(mask)[0, 3:6].tolist() == [1, 2, 3]
    lone = np.array([[0, 1, 0]], dtype=np.bool_)
    assert shapes.row(lone)[0, 1] == 0
    assert shapes.column(mask.T)[3:6, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("rows", "frame"), [(("...", "###", "..."), 0), ((".#.", ".#.", ".#."), 1), (("...", ".#.", "..."), 2)]
)
def test_a_door_opens_through_the_wall_it_stands_in(rows, frame):
    alike = np.array([[char == "#" for char in row] for row in rows])
    assert shapes.way(alike)[1, 1] == frame


def test_groups_are_connected_by_sides():
    mask = np.array([[1, 1, 0], [0, 0, 1], [1, 0, 1]], dtype=np.bool_)
    assert shapes.groups(mask).tolist() == [[0, 0, -1], [-1, -1, 5], [6, -1, 5]]
