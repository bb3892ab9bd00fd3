"""The Markov chain against brute force, and what a stored one must be."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from worlds import LEGEND, RUN, levels, trained

from genworld import checkpoint
from genworld.checkpoint import record
from genworld.content import Level, LevelSpec
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import build
from genworld.models.base import SampleRequest
from genworld.models.markov import ENOUGH, Markov


def chain(data: Dataset, **settings: object) -> Markov:
    model = trained("markov", data, **settings)
    assert isinstance(model, Markov)
    return model


def test_the_chances_of_all_levels_of_a_size_add_up_to_one() -> None:
    model = chain(levels(classes=()), order=3, escape=0.5)
    every = [
        Level(np.array(tiles, dtype=np.uint8).reshape(2, 3), LEGEND) for tiles in itertools.product(range(3), repeat=6)
    ]
    assert float(model.log_prob(every).exp().sum()) == pytest.approx(1.0, abs=1e-9)


def test_chances_with_classes_add_up_to_one() -> None:
    model = chain(levels(), order=2, escape=0.5)
    every = [
        Level(np.array(tiles, dtype=np.uint8).reshape(2, 2), LEGEND) for tiles in itertools.product(range(3), repeat=4)
    ]
    assert float(model.log_prob(every).exp().sum()) == pytest.approx(1.0, abs=1e-9)


def test_chances_with_bands_both_ways_add_up_to_one() -> None:
    model = chain(levels(classes=()), order=2, bands=2, stripes=3, escape=0.5)
    every = [
        Level(np.array(tiles, dtype=np.uint8).reshape(2, 3), LEGEND) for tiles in itertools.product(range(3), repeat=6)
    ]
    assert float(model.log_prob(every).exp().sum()) == pytest.approx(1.0, abs=1e-9)


def test_stripes_keep_things_in_their_columns() -> None:
    """A chain that sees one neighbour cannot tell the third column of twelve from the ninth, one with stripes can."""
    grid = np.zeros((12, 12), dtype=np.uint8)
    grid[:, 8] = 2
    data = levels(1, 12, 12, classes=())
    data = Dataset("lines", data.spec, (Level(grid, LEGEND),), data.labels, data.groups, data.source)
    kept, loose = (
        np.stack(
            [
                each.tiles
                for each in chain(data, order=1, stripes=stripes).sample([SampleRequest(0, k) for k in range(8)])
            ]
        )  # type: ignore[union-attr]
        for stripes in (12, 0)
    )
    assert (kept == grid).mean() > 0.99
    assert (loose == grid).mean() < 0.95
    filled = chain(data, order=1, stripes=12).fill(Level(grid, LEGEND), np.ones((12, 12), dtype=np.bool_), seed=0)
    assert (filled.tiles == grid).mean() > 0.99


def test_more_bands_than_places_allow_are_refused() -> None:
    with pytest.raises(GenworldError, match="take fewer of either"):
        build("markov", levels().spec, {"bands": 64, "stripes": 8})


def test_one_neighbour_counts_as_by_hand() -> None:
    """Rows of one line: the chance of each tile given its left neighbour, counted by hand."""
    grids = [[0, 1, 1, 2, 1, 1, 0, 1, 1, 0], [0, 1, 2, 1, 1, 1, 0, 1, 0, 0]]
    examples = tuple(Level(np.array([row], dtype=np.uint8), LEGEND) for row in grids)
    data = Dataset("lines", LevelSpec(LEGEND), examples, np.zeros((2, 0), dtype=np.uint8), ("a", "b"), levels().source)
    escape = 0.25
    model = chain(data, order=1, least=1, escape=escape)
    # Cells 3 and more from the right edge share their place; their left neighbours and tiles:
    pairs = [(row[k - 1], row[k]) for row in grids for k in range(1, 8)]
    place = [row[k] for row in grids for k in range(8)]
    after = [tile for left, tile in pairs if left == 1]
    shorter = place.count(1) / len(place)
    by_hand = (after.count(1) + escape * shorter) / (len(after) + escape)
    with_one = Level(np.array([[0, 1, 1, 2, 1, 1, 0, 1, 1, 0]], dtype=np.uint8), LEGEND)
    framed_chance = _chance_of_cell(model, with_one, column=5)
    assert framed_chance == pytest.approx(by_hand)


def _chance_of_cell(model: Markov, level: Level, column: int) -> float:
    """The chance of one cell: each of its tiles in turn, the cells after it summed out by the definition of a chain."""
    width = 3 + column
    assert level.width >= width
    weights = []
    for tile in range(3):
        ends = itertools.product(range(3), repeat=2)
        rows = [[*level.tiles[0, :column].tolist(), tile, *end] for end in ends]
        parts = [Level(np.array([row], dtype=np.uint8), LEGEND) for row in rows]
        weights.append(float(model.log_prob(parts).exp().sum()))
    return weights[int(level.tiles[0, column])] / sum(weights)


def test_samples_occur_as_often_as_they_are_likely() -> None:
    model = chain(levels(classes=()), order=2, escape=0.5)
    model.openness.zero_()
    drawn = model.sample([SampleRequest(0, index, size=(1, 3)) for index in range(4000)])
    seen: dict[Level, int] = {}
    for level in drawn:
        assert isinstance(level, Level)
        seen[level] = seen.get(level, 0) + 1
    likely = sorted(seen, key=lambda level: -seen[level])[:3]
    for level, nats in zip(likely, model.log_prob(likely), strict=True):
        assert seen[level] / 4000 == pytest.approx(float(nats.exp()), abs=0.03)


def test_draws_are_as_open_as_the_data() -> None:
    """A chain that nearly always stays in rock, with examples that are half open."""
    grid = np.zeros((12, 12), dtype=np.uint8)
    grid[6:, :] = 1
    spec = LevelSpec(LEGEND)
    examples, groups = (Level(grid, LEGEND),) * ENOUGH, ("a",) * ENOUGH
    data = Dataset("many", spec, examples, np.zeros((ENOUGH, 0), dtype=np.uint8), groups, levels().source)
    model = chain(data, order=0)
    drawn = model.sample([SampleRequest(0, index, size=(5, 5)) for index in range(60)])
    first = model._draw([SampleRequest(0, index) for index in range(60)], (5, 5), 1.0)
    shares = [float((level.tiles == 1).mean()) for level in drawn if isinstance(level, Level)]
    assert min((grid == 1).mean() for grid in first) < 0.5 <= min(shares)
    assert sum(np.array_equal(level.tiles, grid) for level, grid in zip(drawn, first, strict=True)) > 10


def test_one_map_does_not_set_how_open_all_are() -> None:
    grid = np.zeros((12, 12), dtype=np.uint8)
    grid[6:, :] = 1
    spec = LevelSpec(LEGEND)
    data = Dataset("one", spec, (Level(grid, LEGEND),), np.zeros((1, 0), dtype=np.uint8), ("a",), levels().source)
    assert float(chain(data, order=0).openness) == 0.25


def test_any_size_may_be_asked_for() -> None:
    model = chain(levels())
    for size in ((1, 1), (1, 40), (40, 1), (7, 31)):
        level = model.sample([SampleRequest(0, 0, size=size)])[0]
        assert (level.height, level.width) == size


def test_a_sample_is_the_same_alone_and_among_others() -> None:
    model = chain(levels())
    together = model.sample([SampleRequest(3, index, size=(12, 17)) for index in range(20)])
    for index, level in enumerate(together):
        assert model.sample([SampleRequest(3, index, size=(12, 17))]) == [level]


def test_a_class_that_never_goes_with_another_is_refused() -> None:
    data = levels(8)
    spec = LevelSpec(LEGEND, 8, 8, data.spec.classes, exclusive=False)
    model = chain(Dataset(data.name, spec, data.examples, data.labels, data.groups, data.source))
    with pytest.raises(GenworldError, match="open and closed at once"):
        model.sample([SampleRequest(0, 0, condition=("open", "closed"))])


def test_symmetries_are_learned_when_asked_for() -> None:
    grid = np.array([[1, 2, 0, 0], [1, 2, 0, 0], [1, 2, 0, 0], [1, 2, 0, 0]], dtype=np.uint8)
    spec = LevelSpec(LEGEND)
    data = Dataset("one", spec, (Level(grid, LEGEND),), np.zeros((1, 0), dtype=np.uint8), ("a",), levels().source)
    mirrored = [Level(np.ascontiguousarray(np.fliplr(grid)), LEGEND)]
    plain, both = (chain(data, flips=flips).log_prob(mirrored) for flips in ("none", "mirror"))
    assert float(both) > float(plain) + 5


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("contexts.1.sizes", lambda x: x + 1),
        ("contexts.1.tiles", lambda x: x + 3),
        ("contexts.1.counts", lambda x: -x),
        ("contexts.2.keys", lambda x: x.flip(0)),
        ("contexts.2.keys", lambda x: x.double()),
        ("contexts.2.counts", lambda x: x[:-1]),
    ],
)
def test_counts_that_contradict_each_other_are_refused(name: str, change: object, tmp_path: Path) -> None:
    model = chain(levels())
    tensors = model.state_dict()
    tensors[name] = change(tensors[name])  # type: ignore[operator]
    other = build("markov", levels().spec, {"order": 4, "least": 1})
    with pytest.raises(GenworldError):
        record._put(other, tensors, "odd")


def test_a_model_of_unknown_lengths_is_stored_whole(tmp_path: Path) -> None:
    model = chain(levels())
    loaded = checkpoint.save(tmp_path / "chain", model, run=RUN).load()
    for key, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], value)
