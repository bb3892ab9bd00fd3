"""Looks at a training: what they measure, what they say, and when they stop it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genworld.content import Legend, Level, LevelSpec, Sprite, SpriteSpec, Style, Tag, Tile
from genworld.datasets import Dataset
from genworld.models import build
from genworld.models.base import GenerativeModel
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream
from genworld.training.sight import COMPARED, nearness, sight
from genworld.training.signs import Signs
from genworld.training.watch import LOOKS, PATIENCE, Watch

SOURCE = DataSource(name="made for tests", licence="CC0-1.0", sellable=True)
TILES = tuple(Tile(char, f"tile {char}", frozenset({Tag.PASSABLE})) for char in "abcd")
LEGEND = Legend("own", Style.TOP_DOWN, TILES, "dungeon")
TINY = {"batch": 4, "latent_dim": 8, "style_dim": 16, "channels": 8, "most_channels": 16, "preview_every": 0}
CALM = {"near copies": 0.0, "look-alikes": 0.0, "variety": 1.0}
EXPECTED = {"near copies": 0.0, "look-alikes": 0.0}


def _grids(count: int, name: str, tiles: int = 4) -> NDArray[np.uint8]:
    return numpy_stream(0, name).integers(0, tiles, (count, 8, 8)).astype(np.uint8)


def _pictures(count: int, name: str) -> NDArray[np.uint8]:
    pictures = numpy_stream(0, name).integers(0, 256, (count, 16, 16, 4)).astype(np.uint8)
    pictures[..., 3] = 255
    return pictures


def _levels(grids: NDArray[np.uint8]) -> Dataset:
    count = len(grids)
    examples = tuple(Level(grid, LEGEND) for grid in grids)
    return Dataset("own", LevelSpec(LEGEND, 8, 8), examples, np.zeros((count, 0), np.uint8), ("map",) * count, SOURCE)


def _sprites(pictures: NDArray[np.uint8]) -> Dataset:
    count = len(pictures)
    examples = tuple(Sprite(each) for each in pictures)
    names = tuple(map(str, range(count)))
    return Dataset("own", SpriteSpec(16, 16), examples, np.zeros((count, 0), np.uint8), names, SOURCE)


KINDS = [(_levels, _grids), (_sprites, _pictures)]


@pytest.mark.parametrize(("data", "draw"), KINDS)
def test_copies_and_repetition_are_seen(data: Any, draw: Any) -> None:
    training, held_out = draw(30, "training"), draw(12, "held out")
    eyes = sight(data(training), data(held_out), 0)
    new = eyes.figures(draw(16, "new"))
    assert (new["near copies"], new["look-alikes"]) == (0, 0)
    assert new["variety"] == pytest.approx(1, abs=0.1)
    copied = eyes.figures(np.concatenate([training[:8], draw(8, "new")]))
    assert (copied["near copies"], copied["look-alikes"]) == (0.5, 0)
    repeated = eyes.figures(np.repeat(draw(2, "new"), 8, axis=0))
    assert repeated["look-alikes"] == 1
    assert repeated["variety"] < 0.7
    assert eyes.expected == {"near copies": 0, "look-alikes": 0}


@pytest.mark.parametrize(("data", "draw"), KINDS)
def test_what_is_like_the_held_out_examples_is_nearer_to_them(data: Any, draw: Any) -> None:
    eyes = sight(data(draw(30, "training")), data(draw(12, "held out")), 0)
    dull = np.ones_like(draw(16, "new"))
    unseen = sight(data(draw(30, "training")), None, 0).figures(dull)
    for name in (f"{each} to held-out" for each in eyes.distances):
        assert eyes.figures(draw(16, "new"))[name] < eyes.figures(dull)[name]
        assert name not in unseen


def _drawn(count: int, name: str) -> NDArray[np.uint8]:
    """Discs of one colour each, of differing place and size, on nothing."""
    random = numpy_stream(0, name)
    rows, columns = np.mgrid[:16, :16]
    pictures = np.zeros((count, 16, 16, 4), np.uint8)
    for picture in pictures:
        row, column, radius = random.uniform(5, 10), random.uniform(5, 10), random.uniform(2, 6)
        inside = (rows - row) ** 2 + (columns - column) ** 2 < radius**2
        picture[inside] = [*random.integers(60, 196, 3), 255]
    return pictures


def _noisy(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same shapes with noise in their colours."""
    noise = numpy_stream(0, "noise").integers(-60, 61, (*pictures.shape[:3], 3))
    coloured = np.where(pictures[..., 3:] > 0, pictures[..., :3] + noise, 0)
    return np.concatenate([coloured, pictures[..., 3:]], axis=-1).astype(np.uint8)


def _smeared(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same colours with every edge softened."""
    shifted = [np.roll(pictures.astype(np.float64), (y, x), (1, 2)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return np.asarray(np.mean(shifted, axis=0)).astype(np.uint8)


def test_each_distance_of_sprites_sees_what_the_other_overlooks() -> None:
    eyes = sight(_sprites(_drawn(60, "training")), _sprites(_drawn(40, "held out")), 0)
    new = _drawn(64, "new")
    shape, colour = (f"{name} to held-out" for name in eyes.distances)
    same, noisy, smeared = (eyes.figures(sheet) for sheet in (new, _noisy(new), _smeared(new)))
    assert noisy[colour] - same[colour] > 4 * (smeared[colour] - same[colour])
    assert smeared[shape] - same[shape] > 4 * (noisy[shape] - same[shape])
    assert nearness(same) < min(nearness(noisy), nearness(smeared)) / 2  # type: ignore[operator,type-var]


def test_what_decides_is_moved_as_much_by_each_distance() -> None:
    figures = {"shape MMD to held-out": 0.5, "colour MMD to held-out": 0.02, "colour MMD to training": 9.0}
    first = nearness(figures)
    assert first == pytest.approx(0.1)
    assert nearness(figures | {"shape MMD to held-out": 0.25}) == pytest.approx(0.1 / 2**0.5)
    assert nearness(figures | {"colour MMD to held-out": 0.01}) == pytest.approx(0.1 / 2**0.5)
    below = [nearness(figures | {"colour MMD to held-out": value}) for value in (-0.001, 0.0)]
    assert below[0] == below[1]
    assert nearness({"shape MMD to training": 0.5}) is None


def test_copies_are_looked_for_in_every_turn_that_training_showed() -> None:
    grids = _grids(20, "training")
    turned = np.rot90(grids, axes=(1, 2))
    assert sight(_levels(grids), None, 0, "none").copies(turned).sum() == 0
    assert sight(_levels(grids), None, 0, "turns").copies(turned).all()


def _said(signs: Signs, step: int, **figures: float) -> list[str]:
    return [note.kind for note in signs.of(step, CALM | figures, EXPECTED) if note.kind != "few"]


def test_a_warning_is_said_once_until_it_gets_worse_or_comes_anew() -> None:
    signs = Signs(_levels(_grids(20, "training")), _levels(_grids(4, "held out")))
    share = {"near copies": 0.3}
    assert _said(signs, 1, **share) == ["near-copies"]
    assert _said(signs, 2, **share) == []
    assert _said(signs, 3, **{"near copies": 0.8}) == ["near-copies"]
    assert _said(signs, 4, **{"near copies": 0.5}) == []
    assert _said(signs, 5) == []
    assert _said(signs, 6, **share) == ["near-copies"]


def test_warnings_tell_the_number_and_what_it_means() -> None:
    signs = Signs(_sprites(_pictures(17, "training")), _sprites(_pictures(3, "held out")))
    notes = signs.of(5, {"near copies": 0.31, "look-alikes": 0.5, "variety": 0.25}, EXPECTED)
    told = {note.kind: note.text for note in notes[:2]} | {note.kind: note.text for note in notes[3:]}
    assert told["few"].startswith("Only 17 sprites to learn from")
    assert told["collapse"].startswith("Half of the samples look the same as another (0% of yours do)")
    assert told["near-copies"].startswith("31% of the samples are near copies of examples that it learned from (0% of")
    assert "only 25% as much as your examples do" in notes[2].text
    assert all(note.step == 5 for note in notes)


def test_what_real_examples_do_as_well_is_no_warning() -> None:
    signs = Signs(_levels(_grids(20, "training")), None)
    figures = {"near copies": 0.6, "look-alikes": 0.6, "variety": 1.0}
    assert [note.kind for note in signs.of(5, figures, {"near copies": 0.55, "look-alikes": 0.5})] == ["few"]


def test_over_fitting_is_leaving_the_held_out_examples_alone() -> None:
    signs = Signs(_levels(_grids(20, "training")), _levels(_grids(4, "held out")))
    steps = [(2.0, 2.0), (1.0, 1.0), (0.8, 1.05), (0.6, 1.3), (0.5, 1.32)]
    said = [_said(signs, k, **{"x to training": a, "x to held-out": b}) for k, (a, b) in enumerate(steps)]
    assert said == [[], [], [], ["over-fitting"], []]
    other = Signs(_levels(_grids(20, "training")), _levels(_grids(4, "held out")))
    both_worse = [(1.0, 1.0), (1.5, 1.5)]
    assert not any(_said(other, k, **{"x to training": a, "x to held-out": b}) for k, (a, b) in enumerate(both_worse))


@pytest.fixture
def gan() -> GenerativeModel:
    return build("gan", LevelSpec(LEGEND, 8, 8), TINY | {"steps": 80})


def _watched(model: GenerativeModel, distances: list[float], monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A watch that finds these distances, look by look, the last one again and again."""
    watch = Watch(model, _levels(_grids(20, "training")), _levels(_grids(8, "held out")))
    left = iter(distances)

    def figures(self: object, samples: object) -> dict[str, float]:
        return CALM | {"pattern distance to held-out": next(left, distances[-1])}

    monkeypatch.setattr("genworld.training.sight.LevelSight.figures", figures)
    return watch


def test_looks_are_few_and_decided_by_steps_alone(gan: GenerativeModel) -> None:
    watch = Watch(gan, _levels(_grids(20, "training")), None)
    due = [step for step in range(1, 81) if watch.due(step, float(step**3))]
    assert due == [step for step in range(1, 81) if watch.due(step, 0.0)]
    assert due[0] == 1
    assert len(due) == LOOKS[0] + 1


def test_of_families_that_count_only_what_they_learn_from_is_told() -> None:
    data = _levels(_grids(2, "training"))
    watch = Watch(build("markov", data.spec, {}), data, None)
    assert [step for step in range(1, 20) if watch.due(step, 0.0)] == [1]
    looked = watch.look(1)
    assert looked.figures == {}
    assert [note.kind for note in looked.notes] == ["few"]
    assert looked.notes[0].text.startswith("Only 2 maps with 128 cells to count patterns in")
    assert watch.look(1).notes == []


@pytest.mark.parametrize(
    ("count", "maps", "told"),
    [
        (30, 1, "Only one map to learn from, cut into 30 windows that overlap"),
        (30, 6, "Only 6 maps to learn from, cut into 30 windows that overlap"),
        (30, 30, "Only 30 levels to learn from"),
        (240, 3, "Only 3 maps to learn from, cut into 240 windows that overlap"),
        (240, 6, None),
        (240, 240, None),
    ],
)
def test_few_levels_are_told_as_what_they_are(count: int, maps: int, told: str | None) -> None:
    data = replace(_levels(_grids(count, "training")), groups=tuple(f"map {index % maps}" for index in range(count)))
    texts = [note.text for note in Signs(data, None).opening(1)]
    assert len(texts) == (told is not None)
    assert all(text.startswith(told or "") for text in texts)


def test_a_training_stops_when_it_comes_no_nearer(gan: GenerativeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = _watched(gan, [5.0, 3.0, 2.0, 2.1], monkeypatch)
    looked = {step: watch.look(step) for step in range(10, 81, 10)}
    assert [step for step, each in looked.items() if each.best] == [10, 20, 30]
    stopped = [step for step, each in looked.items() if each.stop]
    assert stopped[0] == 30 + 10 * (int(PATIENCE * 8) + 1)
    note = looked[stopped[0]].notes[-1]
    assert note.kind == "stopped"
    assert "since step 30" in note.text


def test_the_last_step_is_the_end_and_no_stop(gan: GenerativeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = _watched(gan, [1.0, 2.0], monkeypatch)
    looks = [watch.look(step) for step in range(10, 81, 10)]
    assert not looks[-1].stop


def test_a_watch_goes_on_where_it_was(gan: GenerativeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    distances = [5.0, 3.0, 3.5, 2.0, 2.1, 2.2, 2.3, 1.0]
    whole = _watched(gan, distances, monkeypatch)
    seen = [whole.look(step) for step in range(10, 81, 10)]
    first = _watched(gan, distances[:3], monkeypatch)
    begun = [first.look(step) for step in (10, 20, 30)]
    second = _watched(gan, distances[3:], monkeypatch)
    second.restore(json.loads(json.dumps(first.state())))
    assert begun + [second.look(step) for step in range(40, 81, 10)] == seen
    fresh = _watched(gan, [], monkeypatch)
    fresh.restore(json.loads(json.dumps(fresh.state())))


def test_looks_draw_samples_of_the_model_and_leave_it_as_it_is(gan: GenerativeModel) -> None:
    before = {name: value.clone() for name, value in gan.state_dict().items()}
    watch = Watch(gan, _levels(_grids(20, "training")), _levels(_grids(8, "held out")))
    looked = watch.look(1)
    assert watch.look(1).figures == looked.figures
    assert not looked.best
    assert [note.kind for note in looked.notes] == ["few"]
    assert looked.figures.keys() >= {"near copies", "look-alikes", "variety", "pattern distance to held-out"}
    assert all((gan.state_dict()[name] == value).all() for name, value in before.items())


def test_many_held_out_examples_are_compared_in_part() -> None:
    eyes = sight(_levels(_grids(20, "training")), _levels(_grids(COMPARED + 40, "held out")), 0)
    assert eyes.held_out is not None
    assert len(eyes.held_out) == COMPARED
