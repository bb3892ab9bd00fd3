"""The figures of own models, on patterns whose figures are known."""

from __future__ import annotations

import numpy as np

from genworld.bench import own_models
from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.models.base import CanFill
from genworld.models.markov import Markov
from genworld.play import Patterns
from genworld.provenance import DataSource

LEGEND = Legend(
    "stripes",
    Style.TOP_DOWN,
    (Tile("#", "wall", frozenset({Tag.SOLID})), Tile(".", "floor", frozenset({Tag.PASSABLE}))),
    "dungeon",
)


def stripes(height: int, width: int) -> Dataset:
    """One map of stripes three cells wide."""
    grid = (np.indices((height, width))[1] // 3 % 2).astype(np.uint8)
    source = DataSource(name="made for tests", licence="CC0-1.0", sellable=True)
    return Dataset("stripes", LevelSpec(LEGEND), (Level(grid, LEGEND),), np.zeros((1, 0), np.uint8), ("a",), source)


def test_a_map_that_can_only_be_copied_is_copied() -> None:
    row = own_models.single(stripes(12, 40), "stripes")
    assert row.map == "stripes"
    assert row.tpkl < 0.05
    assert row.verbatim > 0.9
    assert row.speed > 0


def test_boxes_of_stripes_are_made_anew_without_a_seam() -> None:
    found = own_models.redo(stripes(24, 40), size=(24, 30))
    assert found.kept == 1.0
    assert found.seam > 0.98
    assert found.inside > 0.98
    assert found.boxes == own_models.BOXES


def test_seams_that_show_are_counted() -> None:
    class Breaking(Markov, CanFill):
        def fill(self, level, mask, *, seed, temperature=1.0, nudges=()):  # type: ignore[no-untyped-def]
            return Level(np.where(mask, 1 - level.tiles, level.tiles), level.legend)

    data = stripes(24, 40)
    model = Breaking(data.spec, Markov.Config(order=5))
    for _ in model.fit(data, seed=0):
        pass
    found = own_models.redo(data, model, size=(24, 30))
    assert found.kept == 1.0
    assert found.inside > 0.98
    assert found.seam < 0.6


def test_windows_are_told_apart_by_where_they_lie() -> None:
    mask = np.zeros((6, 6), dtype=np.bool_)
    mask[2:5, 2:5] = True
    plain = np.zeros((6, 6), dtype=np.uint8)
    seam, inside = own_models.window_shares(plain, mask, Patterns.learn([plain]))
    assert (len(seam), len(inside)) == (12, 4)
    assert seam.all()
