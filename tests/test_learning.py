"""Learning in seconds: names that nobody loses to another, and nothing half done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from genworld import checkpoint, learning
from genworld.checkpoint import saving
from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.provenance import DataSource

LEGEND = Legend(
    "tiny",
    Style.TOP_DOWN,
    (Tile("#", "wall", frozenset({Tag.SOLID})), Tile(".", "floor", frozenset({Tag.PASSABLE}))),
    "dungeon",
)


def _data() -> Dataset:
    grid = np.indices((12, 12)).sum(axis=0).astype(np.uint8) // 3 % 2
    source = DataSource(name="made for tests", licence="CC0-1.0")
    return Dataset(
        "steps", LevelSpec(LEGEND, 12, 12), (Level(grid, LEGEND),), np.zeros((1, 0), np.uint8), ("a",), source
    )


def test_those_who_learn_at_once_each_have_a_model(own_machine: Path) -> None:
    with ThreadPoolExecutor(8) as many:
        places = list(many.map(lambda _: learning.reserved("My map"), range(24)))
    assert len(set(places)) == 24
    assert {place.name for place in places} == {"my-map", *(f"my-map-{number}" for number in range(2, 25))}


def test_a_second_model_of_a_title_does_not_replace_the_first(own_machine: Path) -> None:
    names = [learning.learn(_data(), title="Steps").name for _ in range(2)]
    assert names == ["steps", "steps-2"]
    assert {each.name for each in checkpoint.available() if each.mine} == set(names)


def test_what_could_not_be_saved_leaves_no_folder(own_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise GenworldError("The disk is full; free some space.")

    monkeypatch.setattr(saving, "write_manifest", full)
    with pytest.raises(GenworldError, match="disk is full"):
        learning.learn(_data(), title="Steps")
    assert not list((own_machine / "models").iterdir())


def test_names_run_out_in_a_sentence() -> None:
    taken = ["map", *(f"map-{number}" for number in range(2, learning.ROOM))]
    with pytest.raises(GenworldError, match="another title"):
        learning.free_name("Map", taken)
