"""Masked search on a model of two patterns."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import LEGEND, SMALL, levels, trained

from genworld.content import Level, LevelSpec
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import build
from genworld.models.base import CanFill
from genworld.models.masked import _closeness, _decide, _windows


def stripes() -> Dataset:
    rows, columns = np.indices((8, 8))
    grids = [(rows // 2 % 2).astype(np.uint8), (columns // 2 % 2).astype(np.uint8)] * 8
    examples = tuple(Level(grid, LEGEND) for grid in grids)
    labels = np.zeros((16, 0), dtype=np.uint8)
    return Dataset("stripes", LevelSpec(LEGEND, 8, 8), examples, labels, tuple(map(str, range(16))), levels().source)


def test_a_search_finds_the_pattern_that_is_pinned() -> None:
    data = stripes()
    model = build("vae", data.spec, SMALL["vae"] | {"steps": 100, "preview_every": 0, "learning_rate": 1e-2})
    for _ in model.fit(data, seed=0):
        pass
    assert isinstance(model, CanFill)
    mask = np.zeros((8, 8), dtype=np.bool_)
    mask[2:6, 2:6] = True
    for level in data.levels[:2]:
        filled = [model.fill(level, mask, seed=seed) for seed in range(3)]
        assert np.mean([one.tiles == level.tiles for one in filled]) > 0.95


def test_near_cells_weigh_most() -> None:
    free = np.zeros((5, 9), dtype=np.bool_)
    free[2, 2] = True
    weights = _closeness(free)
    assert weights[2, 2] == 0
    assert weights.sum() == pytest.approx(1)
    assert weights[2, 3] > weights[2, 4] > weights[2, 8] > 0


def test_a_cell_is_decided_by_windows_that_are_known() -> None:
    pattern = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]], dtype=np.uint8)
    grid = pattern.copy()
    grid[1, 2] = 2
    _decide(grid, 1, 2, np.unique(_windows(pattern)), np.array([0.5, 0.0, 9.0], dtype=np.float32))
    assert np.array_equal(grid, pattern)


def test_a_level_of_another_size_is_refused() -> None:
    model = trained("vae", stripes())
    assert isinstance(model, CanFill)
    with pytest.raises(GenworldError, match="fills levels of 8 x 8 tiles, but one of 9 x 8 came"):
        model.fill(Level(np.zeros((9, 8), dtype=np.uint8), LEGEND), np.ones((9, 8), dtype=np.bool_), seed=0)
