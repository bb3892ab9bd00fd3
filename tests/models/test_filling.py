"""Filling against brute force, and with masks of every shape."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from worlds import LEGEND, levels, trained

from genworld.content import Level, LevelSpec
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import places
from genworld.models.base import SampleRequest
from genworld.models.filling import Canvas, Scene
from genworld.models.markov import Markov
from genworld.seeding import numpy_stream

COUNT = 6000


def learned(grids: list[NDArray[np.uint8]], **settings: object) -> Markov:
    examples = tuple(Level(grid, LEGEND) for grid in grids)
    labels = np.zeros((len(grids), 0), dtype=np.uint8)
    data = Dataset("grids", LevelSpec(LEGEND), examples, labels, tuple(map(str, range(len(grids)))), levels().source)
    model = trained("markov", data, **settings)
    assert isinstance(model, Markov)
    return model


def blots(count: int, height: int, width: int) -> list[NDArray[np.uint8]]:
    """Noise of two tiles whose neighbours are often alike."""
    random = numpy_stream(0, "blots")
    grids = []
    for _ in range(count):
        grid = random.integers(0, 2, (height, width)).astype(np.uint8)
        alike = random.random((height, width)) < 0.6
        grid[:, 1:] = np.where(alike[:, 1:], grid[:, :-1], grid[:, 1:])
        grid[1:] = np.where(alike[1:], grid[:-1], grid[1:])
        grids.append(grid)
    return grids


def scene(model: Markov, grid: NDArray[np.uint8], free: NDArray[np.bool_], nudges: tuple = ()) -> Scene:
    where = places.places(*np.indices(grid.shape), grid.shape, model.bands)
    return Scene(model._tables.chances(1.0, nudges), grid.astype(np.int64), free, where)


def posterior(model: Markov, grid: NDArray[np.uint8], free: NDArray[np.bool_]) -> dict[tuple[int, ...], float]:
    """The chance of each filling, by trying all."""
    fillings = list(itertools.product(range(3), repeat=int(free.sum())))
    whole = []
    for filling in fillings:
        tiles = grid.copy()
        tiles[free] = filling
        whole.append(Level(tiles, LEGEND))
    return dict(zip(fillings, model.log_prob(whole).softmax(0).tolist(), strict=True))


def distance(canvas: Canvas, free: NDArray[np.bool_], wanted: dict[tuple[int, ...], float]) -> float:
    """Total variation between the fillings of a canvas and their chances."""
    seen = Counter(tuple(canvas.result(number)[free].tolist()) for number in range(len(canvas.grids)))
    return sum(abs(seen[one] / COUNT - chance) for one, chance in wanted.items()) / 2


FREE = [[[0, 1, 1], [0, 1, 0]], [[1, 1, 0], [0, 0, 0]], [[1, 1, 1], [1, 0, 0]]]


@pytest.mark.parametrize("shape", FREE)
def test_particles_and_sweeps_draw_from_the_posterior(shape: list[list[int]]) -> None:
    model = learned(blots(400, 2, 3), order=5, least=1, escape=0.5)
    grid, free = np.array([[0, 1, 0], [1, 0, 1]], dtype=np.uint8), np.array(shape, dtype=np.bool_)
    wanted = posterior(model, grid, free)
    canvas = Canvas(scene(model, grid, free), COUNT, numpy_stream(0, "test"))
    canvas.grow(canvas.positions(y[free[y, x]], x[free[y, x]]) for y, x in places.slants(2, 3))
    canvas.choose(COUNT)
    assert distance(canvas, free, wanted) < 0.04
    canvas.grids[:, canvas.free] = 2
    for _ in range(12):
        canvas.sweep(canvas.lattices(free))
    assert distance(canvas, free, wanted) < 0.04


def test_a_prior_draw_would_not_pass_for_the_posterior() -> None:
    """The figure above can fail: fillings that ignore what comes after are further away."""
    model = learned(blots(400, 2, 3), order=5, least=1, escape=0.5)
    grid, free = np.array([[0, 1, 0], [1, 0, 1]], dtype=np.uint8), np.array(FREE[1], dtype=np.bool_)
    blind = Canvas(scene(model, grid, np.ones_like(free)), COUNT, numpy_stream(0, "test"))
    blind.grow(blind.positions(y, x) for y, x in places.slants(2, 3))
    assert distance(blind, free, posterior(model, grid, free)) > 0.08


def test_what_comes_after_decides_what_comes_before() -> None:
    columns = [np.full((8, 1), tile, dtype=np.uint8) for tile in (0, 1, 2)] * 4
    model = learned(columns)
    for tile in range(3):
        mask = np.arange(8)[:, None] < 7
        filled = model.fill(Level(columns[tile], LEGEND), mask, seed=tile)
        assert np.array_equal(filled.tiles, columns[tile])


def bricks(height: int, width: int) -> NDArray[np.uint8]:
    rows, columns = np.indices((height, width))
    return ((rows % 3 == 0) | ((columns + rows // 3 * 2) % 4 == 0)).astype(np.uint8)


@pytest.mark.parametrize("mask", ["box", "cell", "scattered", "strip", "whole", "none", "corner"])
def test_masks_of_every_shape(mask: str) -> None:
    level = Level(bricks(24, 28), LEGEND)
    model = learned([bricks(36, 40)], order=11)
    free = np.zeros((24, 28), dtype=np.bool_)
    match mask:
        case "box":
            free[5:17, 7:20] = True
        case "cell":
            free[11, 3] = True
        case "scattered":
            free = numpy_stream(0, "mask").random(free.shape) < 0.3
        case "strip":
            free[9:15] = True
        case "whole":
            free[:] = True
        case "corner":
            free[-6:, -9:] = True
    filled = model.fill(level, free, seed=4)
    assert np.array_equal(filled.tiles[~free], level.tiles[~free])
    assert filled == model.fill(level, free, seed=4)
    known = windows(bricks(36, 40))
    assert np.isin(windows(filled.tiles), known).mean() > 0.99


def windows(grid: NDArray[np.uint8]) -> NDArray[np.int64]:
    g = grid.astype(np.int64)
    return ((g[:-1, :-1] * 3 + g[:-1, 1:]) * 3 + g[1:, :-1]) * 3 + g[1:, 1:]


def test_a_filling_depends_on_its_seed() -> None:
    model = learned(blots(20, 16, 16), order=4)
    level = Level(blots(1, 16, 16)[0], LEGEND)
    mask = np.zeros((16, 16), dtype=np.bool_)
    mask[4:12, 4:12] = True
    assert len({model.fill(level, mask, seed=seed) for seed in range(6)}) == 6


def test_a_large_level_costs_no_more_than_the_box() -> None:
    """Only what the free cells depend on is looked at."""
    model = learned(blots(20, 16, 16), order=4)
    grid = np.tile(blots(1, 16, 16)[0], (10, 10))
    mask = np.zeros(grid.shape, dtype=np.bool_)
    mask[80:84, 80:84] = True
    part, where = scene(model, grid, mask).near()
    assert part.free.shape == (16, 16)
    assert np.array_equal(grid[where], part.grid)


def test_pins_of_a_sample_are_kept_on_all_sides() -> None:
    model = learned([bricks(36, 40)], order=11)
    pins = np.full((24, 28), -1, dtype=np.int16)
    pins[:, -2:] = bricks(24, 28)[:, -2:]
    pins[-2:] = bricks(24, 28)[-2:]
    level = model.sample([SampleRequest(0, 0, size=(24, 28), pins=pins)])[0]
    assert isinstance(level, Level)
    assert np.array_equal(level.tiles[pins >= 0], pins[pins >= 0])
    assert np.isin(windows(level.tiles), windows(bricks(36, 40))).mean() > 0.99


def test_levels_that_grow_together_meet_fewer_dead_ends() -> None:
    """Bricks with a tile of their own for each of their cells: one wrong cell leaves nothing that fits."""
    rows, columns = np.indices((18, 24))
    grid = np.where(bricks(18, 24) == 1, (columns + rows // 3 * 2) % 3, (rows + columns) % 3).astype(np.uint8)
    shares = []
    for fillings in (0, 32):
        model = learned([grid], order=11, warmth=1.5, fillings=fillings)
        drawn = model.sample([SampleRequest(0, index, size=(18, 24)) for index in range(4)])
        again = model.sample([SampleRequest(0, 2, size=(18, 24))])[0]
        assert drawn[2] == again
        shares.append(np.mean([np.isin(windows(level.tiles), windows(grid)).mean() for level in drawn]))  # type: ignore[union-attr]
    assert shares[1] >= shares[0]
    assert shares[1] > 0.98


def test_pins_that_leave_all_free_are_none() -> None:
    model = learned([bricks(36, 40)], order=11)
    pins = np.full((9, 9), -1, dtype=np.int16)
    with_pins = model.sample([SampleRequest(0, 0, size=(9, 9), pins=pins)])
    assert with_pins == model.sample([SampleRequest(0, 0, size=(9, 9))])


def test_pins_of_another_size_are_refused() -> None:
    model = learned([bricks(36, 40)], order=4)
    with pytest.raises(GenworldError, match="9 x 9 tiles were expected, but 8 x 9 came"):
        model.sample([SampleRequest(0, 0, size=(9, 9), pins=np.zeros((8, 9), dtype=np.int16))])


def test_what_is_pinned_tells_the_class() -> None:
    """Rooms of the second class have a wall across, beyond which nothing of the first class reminds."""
    data = levels(classes=("open", "closed"))
    model = trained("markov", data, order=11)
    assert isinstance(model, Markov)
    mask = np.zeros((8, 8), dtype=np.bool_)
    mask[3:6, 1:5] = True
    for level, closed in ((data.levels[0], False), (data.levels[1], True)):
        filled = [model.fill(level, mask, seed=seed).tiles[4, 1:5] for seed in range(6)]
        assert np.mean([(row == 0).mean() for row in filled]) == pytest.approx(float(closed), abs=0.1)


def test_gradients_are_not_asked_for() -> None:
    model = learned([bricks(36, 40)], order=4)
    with torch.inference_mode():
        assert model.fill(Level(bricks(9, 9), LEGEND), np.eye(9, dtype=np.bool_), seed=0).height == 9
