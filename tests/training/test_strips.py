"""Strips of levels: how they are cut, and what a model of any length and of one breadth is from training to sampling."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genworld import card, checkpoint, sampling, training
from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile
from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.measure import appraise
from genworld.provenance import DataSource, chain
from genworld.seeding import numpy_stream
from genworld.training import Cuts
from genworld.training.lessons import Strip, strip_of

LEGEND = Legend(
    "steps",
    Style.PLATFORMER,
    (Tile(".", "air", frozenset({Tag.EMPTY, Tag.PASSABLE})), Tile("#", "ground", frozenset({Tag.SOLID}))),
    "platformer",
)
SOURCE = DataSource(name="steps", licence="CC0-1.0", sellable=True)


def runs(*sizes: tuple[int, int], style: Style = Style.PLATFORMER) -> Dataset:
    """Levels of these (rows, columns) with a floor that goes up and down."""
    legend, examples = replace(LEGEND, style=style), []
    for number, (rows, columns) in enumerate(sizes):
        random = numpy_stream(number, "run")
        top = np.clip(np.cumsum(random.integers(-1, 2, columns)) + rows // 2, 1, rows - 1)
        examples.append(Level((np.arange(rows)[:, None] >= top).astype(np.uint8), legend))
    same = sizes[0] if len(set(sizes)) == 1 else (None, None)
    labels, groups = np.zeros((len(sizes), 0), dtype=np.uint8), tuple(f"run {k}" for k in range(len(sizes)))
    return Dataset("runs", LevelSpec(legend, *same), tuple(examples), labels, groups, SOURCE)


@pytest.mark.parametrize(
    ("sizes", "strip"),
    [
        ([(14, 150), (14, 80)], Strip(14, None)),  # one height in common
        ([(150, 16), (90, 16)], Strip(None, 16)),  # one width
        ([(40, 150), (30, 90)], Strip(16, None)),  # neither, wider than tall
        ([(150, 40), (90, 30)], Strip(None, 16)),  # neither, taller than wide
        ([(13, 90), (14, 80), (14, 95), (15, 70)], Strip(14, None)),  # most are no higher
        ([(14, 150)], Strip(14, None)),
    ],
)
def test_strips_run_along_the_side_in_which_levels_differ(sizes: list[tuple[int, int]], strip: Strip) -> None:
    assert strip_of(runs(*sizes)) == strip
    if min(strip.height or 64, strip.width or 64) == 16:
        assert strip_of(runs(*sizes, style=Style.TOP_DOWN)).height == (None if sizes[0][1] == 16 else 16)


def test_a_window_says_how_broad_strips_are() -> None:
    lessons = training.lessons(runs((40, 150), (30, 90)), "hmm", 24)
    assert (lessons.spec.height, lessons.spec.width) == (24, None)
    assert {level.height for level in lessons.levels} == {24}
    assert {level.width for level in lessons.levels} == {150, 90}
    with pytest.raises(GenworldError, match="Windows of 64 x any tiles were asked for"):
        training.lessons(runs((40, 150), (30, 90)), "hmm", 64)


def test_levels_of_one_breadth_stay_whole_and_short_ones_keep_their_size() -> None:
    data = runs((14, 150), (14, 80))
    lessons = training.lessons(data, "hmm")
    assert lessons.examples == data.examples
    assert (lessons.spec.height, lessons.spec.width) == (14, None)
    rooms = training.lessons(runs((12, 20), (12, 20)), "hmm")
    assert (rooms.spec.height, rooms.spec.width) == (12, 20)
    assert training.lessons(runs((12, 90)), "hmm").spec.width is None


def test_what_is_held_out_is_cut_as_what_is_learned() -> None:
    data = runs(*((rows, 70 + rows) for rows in (13, 14, 14, 14, 15, 15, 20, 30, 30, 30)))
    kept, held_out = Cuts(hold_out=0.3).divide(data, "hmm")
    assert held_out is not None
    assert kept.spec == held_out.spec
    assert {level.height for level in (*kept.levels, *held_out.levels)} == {kept.spec.height}


def test_a_family_of_any_size_sees_levels_as_they_are() -> None:
    data = runs((40, 150), (30, 90))
    assert training.lessons(data, "markov") is data


def test_from_training_to_sampling(own_machine: Path) -> None:
    data = runs((14, 150), (14, 80), (14, 90), (14, 100))
    run = training.begin(data, "hmm", {"steps": 3}, seed=0, command="a test", cuts=Cuts(hold_out=0.25))
    assert [progress.step for progress in run] == [1, 2, 3]
    assert run.finished
    assert run.model.config.states < 128, "little data has few states"
    made = run.save(checkpoint.models_home() / "steps")
    assert made.free_sides == (False, True)
    assert made.makes == "levels of 14 rows and any number of columns"
    card.write_card(made, real=run.data.examples)
    text = (made.folder / "README.md").read_text(encoding="utf-8")
    assert "**Makes:** levels of 14 rows and any number of columns" in text
    assert "It makes levels of 14 rows and any number of columns only." in text

    loaded = sampling.open_model("steps")
    assert loaded.model.nearest_size((48, 60)) == (14, 60)
    sampled = next(sampling.sample(loaded, seed=3, count=1, size=(14, 61)))
    assert (sampled.example.height, sampled.example.width) == (14, 61)
    assert sampling.rerender(sampled.origin) == sampled.example
    assert len(list(chain(sampled.origin))) == 1
    with pytest.raises(GenworldError, match="14 rows and any number of columns, but 20 x 61 was asked for"):
        sampling.sample(loaded, seed=3, count=1, size=(20, 61))
    report = appraise(loaded.model, run.data, run.held_out or run.data, count=8)
    assert report["TPKL"].value >= 0
    assert report["verbatim"].n == 8


def test_a_training_that_was_saved_goes_on(own_machine: Path) -> None:
    data = open_dataset("builtin:platformer", count=3, seed=1)
    whole = training.begin(data, "hmm", {"steps": 4, "states": 8}, seed=0)
    for _ in whole:
        pass
    part = training.begin(data, "hmm", {"steps": 4, "states": 8}, seed=0)
    next(iter(part))
    made = part.save(checkpoint.models_home() / "part")
    rest = training.go_on(made, data)
    assert [progress.step for progress in rest] == [2, 3, 4]
    a, b = whole.model.state_dict(), rest.model.state_dict()
    assert all((a[name] == b[name]).all() for name in a)
