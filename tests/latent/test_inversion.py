"""The way back: from a sprite or level to the point that comes nearest to it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from genworld import checkpoint, sampling
from genworld.content import Legend, Level, LevelSpec, Sprite, SpriteSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.latent import inversion
from genworld.latent.inversion import Found, adapted, search
from genworld.latent.likeness import LevelLikeness, SpriteLikeness, damped, likeness
from genworld.models import build
from genworld.models.base import LatentModel
from genworld.models.codecs import codec_for
from genworld.models.point import Point, codes_of
from genworld.provenance import TrainingRun
from genworld.sampling import LoadedModel
from genworld.seeding import numpy_stream

WALL = Tile("#", "wall", frozenset({Tag.SOLID}))
FLOOR = Tile(".", "floor", frozenset({Tag.PASSABLE}))
WATER = Tile("~", "water", frozenset({Tag.LIQUID}))
KNOWN = Legend("known", Style.TOP_DOWN, (WALL, FLOOR, WATER), "dungeon")
SPEC = LevelSpec(KNOWN, 2, 3)


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search of a second or so."""
    monkeypatch.setattr(inversion, "DRAWS", 100)
    monkeypatch.setattr(inversion, "DOWN", ((6, 8), (3, 6)))
    monkeypatch.setattr(inversion, "NEWTON", (2, 2))
    monkeypatch.setattr(inversion, "LAST", 2)
    monkeypatch.setattr(inversion, "AGAIN", 2)
    monkeypatch.setattr(inversion, "LATENT_STEPS", 20)


def _level(ids: list[list[int]], *tiles: Tile) -> Level:
    return Level(np.array(ids, np.uint8), Legend("other", Style.TOP_DOWN, tiles, "dungeon"))


def _latent(loaded: LoadedModel) -> LatentModel:
    assert isinstance(loaded.model, LatentModel)
    return loaded.model


# What fits


def test_what_fits_stays_as_it_is() -> None:
    level = Level(np.array([[0, 1, 2], [2, 1, 0]], np.uint8), KNOWN)
    assert adapted(level, SPEC) == level
    sprite = Sprite(np.full((4, 6, 4), 200, np.uint8))
    assert adapted(sprite, SpriteSpec(4, 6)) == sprite


def test_a_smaller_sprite_is_centred_on_nothing() -> None:
    sprite = Sprite(np.full((2, 3, 4), 200, np.uint8))
    found = adapted(sprite, SpriteSpec(6, 6))
    assert isinstance(found, Sprite)
    assert np.array_equal(found.pixels[2:4, 1:4], sprite.pixels)
    assert found.pixels.astype(int).sum() == sprite.pixels.astype(int).sum()


def test_tiles_are_known_by_name_and_then_by_character_and_tags() -> None:
    pond = Tile("~", "pond", frozenset({Tag.LIQUID}))
    wall = Tile("X", "wall", frozenset({Tag.SOLID}))
    spare = Tile("?", "never used", frozenset())
    found = adapted(_level([[0, 1, 3], [3, 1, 0]], pond, wall, spare, FLOOR), SPEC)
    assert isinstance(found, Level)
    assert found.legend == KNOWN
    assert found.tiles.tolist() == [[2, 0, 1], [1, 0, 2]]


def test_a_stack_is_the_topmost_part_that_is_known() -> None:
    drawn = Tile("d", "wall on wall top on void", frozenset())
    thing = Tile("t", "marker on water on pond 2", frozenset())
    found = adapted(_level([[0, 1, 0], [1, 0, 1]], drawn, thing), SPEC)
    assert [found.legend.names[tile] for tile in found.tiles[0]] == ["wall", "water", "wall"]


@pytest.mark.parametrize(
    ("example", "spec", "words"),
    [
        (Sprite(np.zeros((9, 4, 4), np.uint8)), SpriteSpec(8, 8), ("8 x 8", "4 x 9")),
        (_level([[0, 0]], WALL), SPEC, ("3 x 2", "2 x 1")),
        (_level([[0, 0, 1]] * 2, WALL, Tile("!", "trap", frozenset())), SPEC, ("'trap'", "water")),
        (_level([[0, 0, 1]] * 2, WALL, Tile("~", "lava", frozenset({Tag.HAZARD}))), SPEC, ("'lava'",)),
        (_level([[0, 0, 0]] * 2, WALL), SpriteSpec(8, 8), ("sprites", "a level came")),
        (Sprite(np.zeros((2, 3, 4), np.uint8)), SPEC, ("levels", "a picture came")),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    example: Level | Sprite, spec: LevelSpec | SpriteSpec, words: tuple[str, ...]
) -> None:
    with pytest.raises(GenworldError) as refused:
        adapted(example, spec)
    assert all(word in refused.value.sentence for word in words)


def test_levels_of_any_size_fit_where_the_spec_has_none() -> None:
    assert adapted(_level([[0, 0]], WALL), LevelSpec(KNOWN)).height == 1


# How like


def test_the_difference_of_sprites_is_the_root_mean_square_of_premultiplied_colour() -> None:
    blank, full = Sprite(np.zeros((2, 2, 4), np.uint8)), Sprite(np.full((2, 2, 4), 255, np.uint8))
    like = likeness(codec_for(SpriteSpec(2, 2)), blank)
    assert isinstance(like, SpriteLikeness)
    assert like.difference(blank) == 0
    assert like.difference(full) == pytest.approx(1)
    shadow = Sprite(np.array([[[0, 0, 0, 255]] * 2] * 2, np.uint8))
    assert like.difference(shadow) == pytest.approx(0.5)


def test_the_difference_of_levels_is_the_share_of_cells() -> None:
    level = Level(np.array([[0, 1, 2], [2, 1, 0]], np.uint8), KNOWN)
    like = likeness(codec_for(SPEC), level)
    assert isinstance(like, LevelLikeness)
    assert like.difference(level) == 0
    assert like.difference(Level(np.array([[0, 1, 2], [2, 1, 1]], np.uint8), KNOWN)) == pytest.approx(1 / 6)


@pytest.mark.parametrize("kind", ["sprite", "level"])
def test_slopes_and_curvature_are_those_of_the_cost(kind: str) -> None:
    spec = SPEC if kind == "level" else SpriteSpec(2, 3)
    random = numpy_stream(4, kind)
    example = (
        Level(random.integers(3, size=(2, 3)).astype(np.uint8), KNOWN)
        if kind == "level"
        else Sprite(random.integers(256, size=(2, 3, 4)).astype(np.uint8))
    )
    codec = codec_for(spec)
    like = likeness(codec, example)
    slopes = torch.from_numpy(random.normal(size=(5, codec.channels, 2, 3))).float()
    raw = torch.from_numpy(random.normal(size=(codec.channels, 2, 3))).float()

    def cost(at: torch.Tensor) -> torch.Tensor:
        return like.cost((raw + torch.einsum("d,dchw->chw", at, slopes))[None])[0]

    slope, curvature = like.bend(raw, slopes)
    here = torch.zeros(5)
    # both are linear in the numbers, so that the Gauss-Newton curvature is all there is
    torch.testing.assert_close(slope, torch.autograd.functional.jacobian(cost, here), rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(curvature, torch.autograd.functional.hessian(cost, here), rtol=1e-3, atol=1e-4)


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_damped_steps_lead_down_and_the_more_damped_are_shorter(seed: int) -> None:
    random = numpy_stream(seed, "steps")
    root = torch.from_numpy(random.normal(size=(4, 4)))
    slope = torch.from_numpy(random.normal(size=4))
    steps = damped(slope, root @ root.T, torch.tensor([0.01, 1.0, 100.0], dtype=torch.float64))
    assert (steps @ slope < 0).all()
    assert (steps.norm(dim=1).diff() < 0).all()


# The search


@pytest.mark.parametrize("name", ["adventurers", "dungeon"])
def test_a_search_comes_nearer_and_its_point_makes_what_it_shows(
    name: str, brisk: None, request: pytest.FixtureRequest
) -> None:
    loaded = request.getfixturevalue(name)
    (own,) = sampling.sample(loaded, seed=900, count=1, start=1)
    found = list(search(loaded, own.example))
    assert [each.step for each in found] == list(range(1, found[0].total + 1))
    assert all(b.difference <= a.difference for a, b in pairwise(found[:-1]))
    assert found[-1].difference <= found[-2].difference + 1e-3
    assert found[-1].difference < found[0].difference
    for each in (found[0], found[-1]):
        assert sampling.at(_latent(loaded), each.point) == each.example
        like = likeness(_latent(loaded).codec, own.example)
        assert like.difference(each.example) == each.difference


def test_a_search_is_the_same_every_time_and_another_seed_begins_elsewhere(dungeon: LoadedModel, brisk: None) -> None:
    (own,) = sampling.sample(dungeon, seed=900, count=1)

    def last(seed: int) -> Found:
        return list(search(dungeon, own.example, seed=seed))[-1]

    assert last(0).point == last(0).point
    assert last(0).point != last(1).point


def test_the_whole_search_finds_a_sample_of_the_model_itself(dungeon: LoadedModel) -> None:
    own, other = sampling.sample(dungeon, seed=900, count=2)
    like = likeness(_latent(dungeon).codec, own.example)
    last = list(search(dungeon, own.example))[-1]
    assert last.step == last.total
    assert last.difference < 0.1 * like.difference(other.example)
    bare = Point(last.point.z, last.point.weights, np.zeros(0, np.float32))
    code, _ = codes_of(_latent(dungeon), [bare])
    assert np.square(last.point.shift).mean() < 0.1 * float(code.square().mean())


def test_where_there_is_an_encoder_it_is_asked_and_the_latent_is_the_code(
    blots: Dataset, own_machine: Path, brisk: None
) -> None:
    settings = {"steps": 20, "batch": 8, "latent_dim": 4, "style_dim": 16, "channels": 8, "most_channels": 16}
    model = build("vae", blots.spec, settings)
    for _ in model.fit(blots, seed=0):
        pass
    run = TrainingRun(data=blots.source, examples=24, steps=20, seed=0, command="a test")
    checkpoint.save(checkpoint.models_home() / "blots", model.eval(), run=run)
    loaded = sampling.open_model("blots")
    found = list(search(loaded, blots.examples[0]))
    assert len(found[-1].point.shift) == 0
    assert found[-1].difference <= found[0].difference
    assert sampling.rerender(sampling.latent_origin(loaded, found[-1].point)) == found[-1].example


def test_nothing_but_a_latent_space_can_be_searched(chain: LoadedModel) -> None:
    (own,) = sampling.sample(chain, seed=1, count=1)
    with pytest.raises(GenworldError, match="no latent space"):
        search(chain, own.example)


def test_a_wrong_size_or_seed_is_refused_at_once(adventurers: LoadedModel) -> None:
    with pytest.raises(GenworldError, match="32 x 32"):
        search(adventurers, Sprite(np.zeros((64, 64, 4), np.uint8)))
    with pytest.raises(GenworldError, match="seed"):
        search(adventurers, Sprite(np.zeros((32, 32, 4), np.uint8)), seed=-1)


def test_what_came_near_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    monkeypatch.setattr(inversion._Search, "_newton", lambda _, row: tried.append(row))
    again = object.__new__(inversion._Search)
    again.apart, again.nearest = [torch.tensor([0.4, 0.6])], 0.02
    again._newton_again(1)
    assert tried == []
    again.nearest = 0.1
    again._newton_again(2)
    assert tried == [2]
