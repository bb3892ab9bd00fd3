"""Levels that grow together, for data too sparse to be drawn cell by cell: seeds, attempts, nudges, when it is chosen."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.models import build
from genworld.models.base import SampleRequest
from genworld.models.markov import SPARSE, Markov
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream

SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh"
LEGEND = Legend(
    "patchwork",
    Style.TOP_DOWN,
    tuple(Tile(char, f"tile {char}", frozenset({Tag.PASSABLE})) for char in SYMBOLS),
    "dungeon",
)


@pytest.fixture(scope="module")
def patchwork() -> Dataset:
    """One small map of framed patches, each corner and side with a tile of its own."""
    grid = np.zeros((20, 24), dtype=np.uint8)
    for index in range(14):
        random = numpy_stream(2, f"patch/{index}")
        height, width = random.integers(3, 7, 2)
        row, column = int(random.integers(0, 20 - height)), int(random.integers(0, 24 - width))
        patch = np.full((height, width), 9, dtype=np.uint8)
        patch[0], patch[-1], patch[:, 0], patch[:, -1] = 1, 2, 3, 4
        patch[0, 0], patch[0, -1], patch[-1, 0], patch[-1, -1] = 5, 6, 7, 8
        patch[1, 1] = 10 + index
        grid[row : row + height, column : column + width] = patch
    spec = LevelSpec(LEGEND, 20, 24)
    source = DataSource(name="made for tests", licence="CC0-1.0")
    return Dataset("patchwork", spec, (Level(grid, LEGEND),), np.zeros((1, 0), dtype=np.uint8), ("one",), source)


def _chain(data: Dataset, **settings: object) -> Markov:
    model = build("markov", data.spec, settings)
    assert isinstance(model, Markov)
    list(model.fit(data, seed=0))
    return model


def _drawn(model: Markov, count: int = 6, size: tuple[int, int] = (16, 30)) -> list[Level]:
    made = [model.sample([SampleRequest(4, index, size=size)])[0] for index in range(count)]
    return [level for level in made if isinstance(level, Level)]


def test_a_level_is_the_same_alone_and_among_others(patchwork: Dataset) -> None:
    model = _chain(patchwork, least=1, fillings=16)
    requests = [SampleRequest(4, index, size=(14, 20)) for index in range(4)]
    assert model.sample(requests) == [model.sample([request])[0] for request in requests]
    assert len(set(model.sample(requests))) > 1


def test_a_level_that_is_open_enough_is_grown_once(patchwork: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    model, grown = _chain(patchwork, least=1, fillings=16), []
    grow = model._grown
    monkeypatch.setattr(model, "_grown", lambda request, attempt: grown.append(attempt) or grow(request, attempt))
    model.sample([SampleRequest(4, 0, size=(14, 20))])
    assert grown == [0]


def test_attempts_differ(patchwork: Dataset) -> None:
    model = _chain(patchwork, least=1, fillings=16)
    tries = [model.sample([SampleRequest(4, 0, size=(14, 20), attempt=attempt)])[0] for attempt in range(3)]
    assert len(set(tries)) > 1


def test_sparse_data_are_learned_with_it_and_others_are_not(patchwork: Dataset) -> None:
    assert Markov.suited(patchwork)["fillings"]
    grid = np.zeros((SPARSE, 4), dtype=np.uint8)
    grid[:, :2] = 1
    plenty = Dataset(
        "plenty",
        LevelSpec(LEGEND, *grid.shape),
        (Level(grid, LEGEND),),
        np.zeros((1, 0), dtype=np.uint8),
        ("one",),
        patchwork.source,
    )
    assert "fillings" not in Markov.suited(plenty)


def test_nudges_count_here_too(patchwork: Dataset) -> None:
    legend = Legend(
        "patchwork",
        Style.TOP_DOWN,
        tuple(Tile(t.char, t.name, frozenset({Tag.ITEM} if t.char == "J" else {Tag.PASSABLE})) for t in LEGEND.tiles),
        "dungeon",
    )
    random = numpy_stream(3, "litter")
    grid = np.where(random.random((20, 24)) < 0.7, 0, random.integers(1, 20, (20, 24))).astype(np.uint8)
    data = Dataset(
        "items", LevelSpec(legend, 20, 24), (Level(grid, legend),), patchwork.labels, ("one",), patchwork.source
    )
    model = _chain(data, order=3, least=1, fillings=16)

    def share(amount: float) -> float:
        nudges = (("item", amount),) if amount else ()
        made = model.sample([SampleRequest(1, index, size=(16, 20), nudges=nudges) for index in range(12)])
        return float(np.mean([legend.has(level.tiles, Tag.ITEM).mean() for level in made if isinstance(level, Level)]))

    assert share(-3) < share(0) < share(3)
