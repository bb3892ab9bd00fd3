"""A small map is learned loosely enough to give other levels than itself."""

from __future__ import annotations

import numpy as np

from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.models import build
from genworld.models.base import GenerativeModel
from genworld.models.markov import ORDERS, Markov
from genworld.models.varied import VARIED, difference, first_varied
from genworld.provenance import DataSource

LEGEND = Legend(
    "mosaic",
    Style.TOP_DOWN,
    tuple(Tile(chr(ord("A") + k), f"tile {k}", frozenset({Tag.PASSABLE})) for k in range(26)),
    "dungeon",
)


def _mosaic() -> Dataset:
    """Rooms of one kind, each with a thing of its own in it: long contexts tell which room it is, short ones do not."""
    grid = np.zeros((12, 16), dtype=np.uint8)
    for number in range(12):
        row, column = number // 4 * 4, number % 4 * 4
        grid[row : row + 3, column : column + 3] = 1
        grid[row + 1, column + 1] = 2 + number
    source = DataSource(name="made for tests", licence="CC0-1.0")
    spec = LevelSpec(LEGEND, 12, 16)
    return Dataset("mosaic", spec, (Level(grid, LEGEND),), np.zeros((1, 0), np.uint8), ("one",), source)


def _learned(data: Dataset, **settings: object) -> GenerativeModel:
    model = build("markov", data.spec, settings)
    for _ in model.fit(data, seed=0):
        pass
    return model


def test_long_contexts_repeat_a_small_map() -> None:
    data = _mosaic()
    assert difference(_learned(data, least=1, fillings=16, order=11), data) < VARIED


def test_a_small_map_is_learned_so_that_its_samples_differ() -> None:
    data = _mosaic()
    settings = Markov.suited(data)
    assert settings["order"] < ORDERS[0]
    assert difference(_learned(data, **settings), data) >= VARIED


def test_the_longest_contexts_that_will_do_are_taken() -> None:
    data, asked = _mosaic(), []

    def learned(order: int) -> GenerativeModel:
        asked.append(order)
        return _learned(data, least=1, fillings=16, order=11 if order > 5 else 1)

    assert first_varied((9, 7, 5, 2), data, learned) == 5
    assert asked == [9, 7, 5]
