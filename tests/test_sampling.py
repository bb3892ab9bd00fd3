"""The canonical render and origins that re-render."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from genworld import checkpoint, sampling
from genworld.content import Legend, Level, LevelSpec, Sprite, SpriteSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.limits import LIMITS
from genworld.mode import Mode
from genworld.models import build
from genworld.models.base import LatentModel, SampleRequest
from genworld.models.point import Point, points_of
from genworld.provenance import (
    ORIGIN,
    DataSource,
    EditOrigin,
    FillOrigin,
    ImportOrigin,
    LatentOrigin,
    Origin,
    SeedOrigin,
    TrainingRun,
)
from genworld.sampling import LoadedModel
from genworld.seeding import numpy_stream

SOURCE = DataSource(name="made for tests", licence="CC0-1.0")
RUN = TrainingRun(data=SOURCE, examples=8, steps=1, seed=0, command="a test")
LEGEND = Legend(
    "tiny",
    Style.TOP_DOWN,
    (Tile("#", "wall", frozenset({Tag.SOLID})), Tile(".", "floor", frozenset({Tag.PASSABLE}))),
    "dungeon",
)


def _dataset(kind: str) -> Dataset:
    random = numpy_stream(0, kind)
    labels = np.eye(2, dtype=np.uint8)[np.arange(8) % 2]
    groups = tuple(map(str, range(8)))
    if kind == "sprite":
        pictures = random.integers(0, 256, (8, 8, 8, 4), dtype=np.uint8)
        sprites = tuple(map(Sprite, pictures))
        return Dataset("noise", SpriteSpec(8, 8, ("a", "b")), sprites, labels, groups, SOURCE)
    levels = tuple(Level(grid, LEGEND) for grid in random.integers(0, 2, (8, 8, 8), dtype=np.uint8))
    return Dataset("caves", LevelSpec(LEGEND, 8, 8, ("a", "b")), levels, labels, groups, SOURCE)


@pytest.fixture
def folk(own_machine: Path) -> LoadedModel:
    return _make(
        "gan", "sprite", {"steps": 2, "batch": 4, "latent_dim": 8, "style_dim": 16, "channels": 8, "most_channels": 16}
    )


@pytest.fixture
def caves(own_machine: Path) -> LoadedModel:
    return _make("markov", "level", {"least": 1})


def _make(family: str, kind: str, settings: dict[str, object], name: str = "") -> LoadedModel:
    data = _dataset(kind)
    model = build(family, data.spec, settings)
    list(model.fit(data, seed=1))
    checkpoint.save(checkpoint.models_home() / (name or family), model, run=RUN)
    return sampling.open_model(name or family)


def _origin(loaded: LoadedModel, **wishes: object) -> Origin:
    return next(sampling.sample(loaded, seed=4, count=1, **wishes)).origin  # type: ignore[arg-type]


def test_same_origin_same_bytes_alone_or_among_64(folk: LoadedModel) -> None:
    many = list(sampling.sample(folk, seed=9, count=64))
    for index in (0, 17, 63):
        alone = next(sampling.sample(folk, seed=9, count=1, start=index))
        assert alone.example == many[index].example
        assert alone.origin == many[index].origin
        assert sampling.rerender(alone.origin) == alone.example


def test_the_number_of_threads_changes_nothing(folk: LoadedModel) -> None:
    request = SampleRequest(1, 2)
    before, pictures = torch.get_num_threads(), []
    for threads in (1, 2, 4):
        torch.set_num_threads(threads)
        pictures.append(sampling.render(folk.model, request))
        assert torch.get_num_threads() == threads
    torch.set_num_threads(before)
    assert pictures[0] == pictures[1] == pictures[2]


def test_wishes_are_part_of_the_origin(folk: LoadedModel, caves: LoadedModel) -> None:
    sampled = next(sampling.sample(folk, seed=4, count=1, condition=("b",), variety=0.5))
    assert ORIGIN.dump_python(sampled.origin) == {
        "kind": "seed",
        "checkpoint": folk.checkpoint.digest,
        "model": "gan",
        "seed": 4,
        "index": 0,
        "condition": ("b",),
        "truncation": 0.5,
        "temperature": None,
        "attempt": 0,
        "nudges": (),
        "size": None,
    }
    level = next(sampling.sample(caves, seed=4, count=1, condition=("a",), variety=0.8, size=(5, 9)))
    again = sampling.rerender(ORIGIN.validate_json(ORIGIN.dump_json(level.origin)))
    assert again == level.example
    assert (again.height, again.width) == (5, 9)


def test_origins_nest_and_render_again(caves: LoadedModel) -> None:
    seed = _origin(caves)
    edit = EditOrigin(parent=seed, edits=((0, 0, 1), (0, 1, 0)))
    edited = sampling.rerender(edit)
    assert isinstance(edited, Level)
    assert edited.tiles[0, :2].tolist() == [1, 0]
    digest, mask = caves.checkpoint.digest, tuple((row, column) for row in range(3, 6) for column in range(3, 6))
    filled = sampling.rerender(FillOrigin(parent=edit, checkpoint=digest, model="markov", mask=mask, seed=3))
    assert isinstance(filled, Level)
    changed = {tuple(place) for place in np.argwhere(filled.tiles != edited.tiles).tolist()}
    assert changed <= set(mask)


def test_latents_render_as_their_samples(folk: LoadedModel) -> None:
    assert isinstance(folk.model, LatentModel)
    for variety in (0.6, 1.0):
        sampled = next(sampling.sample(folk, seed=4, count=1, variety=variety))
        assert isinstance(sampled.origin, SeedOrigin)
        loaded, point = sampling.point_of(sampled.origin)
        assert loaded is folk
        origin = sampling.latent_origin(folk, point)
        assert sampling.rerender(ORIGIN.validate_json(ORIGIN.dump_json(origin))) == sampled.example
        assert sampling.point_of(origin) == (folk, point)


def test_a_moved_point_is_another_example(folk: LoadedModel) -> None:
    assert isinstance(folk.model, LatentModel)
    point = points_of(folk.model, [SampleRequest(4, 0)])[0]
    by = np.full(folk.model.code_dim, 0.5, np.float32)
    there = point.moved(by).moved(by)
    assert np.array_equal(there.shift, 2 * by)
    assert sampling.at(folk.model, there) != sampling.at(folk.model, point)


def test_points_of_another_model_are_refused(folk: LoadedModel) -> None:
    assert isinstance(folk.model, LatentModel)
    nothing = np.zeros(0, np.float32)
    with pytest.raises(GenworldError, match="take the model that the point is from"):
        sampling.at(folk.model, Point(np.zeros(3, np.float32), nothing, nothing))


def test_what_cannot_be_made_again_says_so(folk: LoadedModel, caves: LoadedModel) -> None:
    with pytest.raises(GenworldError, match="brought by a person"):
        sampling.rerender(ImportOrigin(file="x.png", digest="0" * 64))
    with pytest.raises(GenworldError, match="not on this machine"):
        sampling.rerender(_origin(folk).model_copy(update={"checkpoint": "0" * 64}))
    with pytest.raises(GenworldError, match="has no such space"):
        sampling.rerender(LatentOrigin(checkpoint=caves.checkpoint.digest, model="markov", z=(0.0,)))
    with pytest.raises(GenworldError, match="only levels have cells"):
        sampling.rerender(EditOrigin(parent=_origin(folk), edits=()))
    with pytest.raises(GenworldError, match="A row"):
        sampling.rerender(EditOrigin(parent=_origin(caves), edits=((99, 0, 0),)))
    with pytest.raises(GenworldError, match="A tile id"):
        sampling.rerender(EditOrigin(parent=_origin(caves), edits=((0, 0, 9),)))
    with pytest.raises(GenworldError, match="cannot do that here"):
        sampling.rerender(
            FillOrigin(parent=_origin(caves), checkpoint=folk.checkpoint.digest, model="gan", mask=((0, 0),), seed=1)
        )


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"seed": -1}, "The seed"),
        ({"seed": 2**40}, "The seed"),
        ({"count": 0}, "The count"),
        ({"count": 65}, "The count is a whole number from 1 to 64"),
        ({"count": float("nan")}, "The count"),
        ({"variety": 9}, "temperature"),
        ({"variety": float("inf")}, "temperature"),
        ({"condition": ("c",)}, "no class called 'c'"),
        ({"size": (3, 8)}, "The height"),
        ({"size": (8, 129)}, "The width is a whole number from 4 to 128 tiles"),
    ],
)
def test_wishes_out_of_range_are_refused_before_the_first_sample(
    caves: LoadedModel, wish: dict[str, object], words: str
) -> None:
    asked = {"seed": 0, "count": 1, "bounds": LIMITS[Mode.PUBLIC]} | wish
    with pytest.raises(GenworldError, match=words):
        sampling.sample(caves, **asked)  # type: ignore[arg-type]


def test_a_size_that_a_model_cannot_make_is_refused(folk: LoadedModel) -> None:
    assert next(sampling.sample(folk, seed=0, count=1, size=(8, 8))).example.height == 8
    with pytest.raises(GenworldError, match="makes 8 x 8 only"):
        sampling.sample(folk, seed=0, count=1, size=(9, 8))


def test_a_changed_checkpoint_is_read_anew(folk: LoadedModel) -> None:
    data = _dataset("sprite")
    model = build("gan", data.spec, folk.checkpoint.manifest.config)
    list(model.fit(data, seed=2))
    checkpoint.save(folk.checkpoint.folder, model, run=RUN)
    assert sampling.open_model("gan").checkpoint.digest != folk.checkpoint.digest
    assert sampling.open_model("gan") is sampling.open_model("gan")


def test_sampling_loads_nothing_that_only_training_needs() -> None:
    look = "import sys, genworld.sampling; print([name for name in ('torchvision', 'gradio') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_chain_is_made_again_link_by_link_and_goes_on_where_patience_ended(caves: LoadedModel) -> None:
    sample = next(sampling.sample(caves, seed=0, count=1, size=(8, 8)))
    painted = EditOrigin(parent=sample.origin, edits=((0, 0, 1),))
    origin = EditOrigin(parent=painted, edits=((0, 1, 1),))
    sampling._recent.clear()
    with pytest.raises(GenworldError, match="ask once more"):
        sampling.rerender(origin, -1.0)
    sampling.rerender(painted)
    again = sampling.rerender(origin)
    assert isinstance(again, Level)
    assert again.tiles[0, :2].tolist() == [1, 1]
    assert sampling.rerender(origin, -1.0) is again


def test_what_was_made_again_is_remembered_for_one_data_folder(
    caves: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = next(sampling.sample(caves, seed=0, count=1, size=(8, 8))).origin
    sampling.rerender(origin)
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(GenworldError, match="not on this machine"):
        sampling.rerender(origin)


def test_the_own_size_of_a_model_is_bounded_too(own_machine: Path) -> None:
    grid = np.arange(400, dtype=np.uint8).reshape(2, 200) % 2
    data = Dataset(
        "strip", LevelSpec(LEGEND, 2, 200), (Level(grid, LEGEND),), np.zeros((1, 0), np.uint8), ("a",), SOURCE
    )
    model = build("markov", data.spec, {})
    bounds = LIMITS[Mode.PUBLIC]
    assert sampling.checked_size(model, None, bounds) == (2, bounds.level_side)
    assert sampling.checked_size(model, None, LIMITS[Mode.LOCAL]) is None


def test_origins_do_not_tell_the_secret_name_of_a_model(own_machine: Path) -> None:
    secret = f"{checkpoint.PRIVATE}{'0' * 32}"
    made = _make("markov", "level", {}, secret)
    origin = next(sampling.sample(made, seed=0, count=1, size=(8, 8))).origin
    assert secret not in origin.model_dump_json()
    assert isinstance(sampling.rerender(origin), Level)
