"""More like this: children differ, are deterministic, and can be made again from what they tell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genworld import sampling, shaping
from genworld.content import Example, Level, Sprite
from genworld.errors import GenworldError
from genworld.latent import breeding
from genworld.latent.breeding import children
from genworld.models.point import Point
from genworld.provenance import FillOrigin, ImportOrigin, LatentOrigin
from genworld.sampling import LoadedModel, Sampled

NOTHING = np.zeros(0, np.float32)


def _samples(loaded: LoadedModel, count: int, **wanted: object) -> list[Sampled]:
    return list(sampling.sample(loaded, seed=6, count=count, **wanted))  # type: ignore[arg-type]


def _point(sampled: Sampled) -> Point:
    assert isinstance(sampled.origin, LatentOrigin)
    return sampling.told_point(sampled.origin)


def _apart(a: Example, b: Example) -> float:
    if isinstance(a, Level) and isinstance(b, Level):
        return float((a.tiles != b.tiles).mean())
    assert isinstance(a, Sprite)
    assert isinstance(b, Sprite)
    return float(np.abs(a.pixels.astype(int) - b.pixels).mean())


@pytest.mark.parametrize("name", ["adventurers", "dungeon", "chain"])
@pytest.mark.parametrize("count", [1, 2])
def test_children_differ_and_can_be_made_again(name: str, count: int, request: pytest.FixtureRequest) -> None:
    loaded = request.getfixturevalue(name)
    parents = _samples(loaded, count)
    made = list(children(parents, loaded=loaded, far=0.2, seed=1, count=4))
    assert len({each.example.digest for each in made + parents}) == 4 + count
    assert all(sampling.rerender(each.origin).digest == each.example.digest for each in made)


@pytest.mark.parametrize("name", ["adventurers", "chain"])
def test_the_same_seed_gives_the_same_children_and_another_gives_others(
    name: str, request: pytest.FixtureRequest
) -> None:
    loaded = request.getfixturevalue(name)
    parents = _samples(loaded, 2)

    def digests(seed: int) -> list[str]:
        return [each.example.digest for each in children(parents, loaded=loaded, far=0.3, seed=seed, count=2)]

    assert digests(1) == digests(1)
    assert not set(digests(1)) & set(digests(2))


@pytest.mark.parametrize("name", ["adventurers", "dungeon", "chain"])
def test_far_children_are_farther(name: str, request: pytest.FixtureRequest) -> None:
    loaded = request.getfixturevalue(name)
    (parent,) = _samples(loaded, 1)

    def mean(far: float) -> float:
        made = children([parent], loaded=loaded, far=far, seed=1, count=6)
        return float(np.mean([_apart(parent.example, each.example) for each in made]))

    assert mean(0) < 0.6 * mean(1)


def test_sixteen_children_all_differ_even_close_by(adventurers: LoadedModel) -> None:
    parents = _samples(adventurers, 2)
    made = list(children(parents, loaded=adventurers, far=0, seed=1))
    assert len({each.example.digest for each in made + parents}) == 18


def test_class_weights_are_those_of_the_parents(adventurers: LoadedModel) -> None:
    classes = adventurers.model.spec.classes
    parents = [*_samples(adventurers, 1, condition=("cloak",)), *_samples(adventurers, 1, condition=("shield",))]
    own = np.array([_origin_weights(each) for each in parents])
    same = own[0] == own[1]
    assert not same.all()
    made = [_point(each) for each in children(parents, loaded=adventurers, far=1, seed=1, count=8)]
    found = np.array([point.weights for point in made])
    assert found.shape == (8, len(classes))
    assert (found[:, same] == own[0, same]).all()
    assert np.isin(found, (0, 1)).all()
    assert len(np.unique(found, axis=0)) > 1


def _origin_weights(sampled: Sampled) -> np.ndarray:
    return sampling.point_of(sampled.origin)[1].weights  # type: ignore[arg-type]


def test_children_of_one_keep_its_norm_and_some_of_its_shift(dungeon: LoadedModel) -> None:
    (parent,) = _samples(dungeon, 1)
    point = sampling.point_of(parent.origin)[1].moved(np.ones(dungeon.model.code_dim, np.float32))  # type: ignore
    moved = Sampled(sampling.at(dungeon.model, point), sampling.latent_origin(dungeon, point))  # type: ignore
    for child in children([moved], loaded=dungeon, far=0.5, seed=2, count=4):
        assert np.linalg.norm(_point(child).z) == pytest.approx(np.linalg.norm(point.z), rel=0.35)
        assert 0.2 < _point(child).shift[0] < 0.8
        assert np.ptp(_point(child).shift) < 1e-6


def test_lineage_grows_by_a_generation_and_forgets_the_oldest(
    adventurers: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    parents = _samples(adventurers, 2)
    first = list(children(parents, loaded=adventurers, far=0.2, seed=1, count=2))
    digests = tuple(each.example.digest for each in parents)
    assert all(each.origin.lineage == (digests,) for each in first)  # type: ignore[union-attr]
    (second,) = children([first[0], parents[1]], loaded=adventurers, far=0.2, seed=1, count=1)
    here = (first[0].example.digest, parents[1].example.digest)
    assert second.origin.lineage == (digests, here)  # type: ignore[union-attr]
    monkeypatch.setattr(breeding, "GENERATIONS", 2)
    (third,) = children([second], loaded=adventurers, far=0.2, seed=1, count=1)
    assert third.origin.lineage == (here, (second.example.digest,))  # type: ignore[union-attr]


def test_of_a_painted_level_what_counts_is_the_sample_it_began_with(dungeon: LoadedModel) -> None:
    (parent,) = _samples(dungeon, 1)
    level = shaping.level_of(parent)
    painted = shaping.painted(parent, [(0, 0, (int(level.tiles[0, 0]) + 1) % len(level.legend.tiles))])
    (child,) = children([painted], loaded=dungeon, far=0.2, seed=1, count=1)
    (plain,) = children([parent], loaded=dungeon, far=0.2, seed=1, count=1)
    assert child.example.digest == plain.example.digest
    assert child.origin.lineage == ((painted.example.digest,),)  # type: ignore[union-attr]


def test_a_nudged_sample_of_a_latent_model_is_refilled(dungeon: LoadedModel) -> None:
    tag = sorted(tag.value for tile in dungeon.model.spec.legend.tiles for tag in tile.tags)[0]  # type: ignore
    (parent,) = shaping.sample(dungeon, seed=1, count=1, shape=shaping.Shape(nudges=((tag, 1.0),)))
    (child,) = children([parent], loaded=dungeon, far=0.2, seed=1, count=1)
    assert isinstance(child.origin, FillOrigin)
    assert child.origin.nudges == ((tag, 1.0),)
    assert sampling.rerender(child.origin).digest == child.example.digest


def test_a_refilled_child_keeps_the_rest_of_its_parent(chain: LoadedModel) -> None:
    (parent,) = _samples(chain, 1, variety=0.8)
    (child,) = children([parent], loaded=chain, far=0, seed=1, count=1)
    assert isinstance(child.origin, FillOrigin)
    assert child.origin.parent == parent.origin
    assert child.origin.temperature == 0.8
    changed = np.argwhere(shaping.level_of(child).tiles != shaping.level_of(parent).tiles).tolist()
    assert changed
    assert {tuple(cell) for cell in changed} <= set(child.origin.mask)
    assert len(child.origin.mask) < 0.3 * shaping.level_of(parent).tiles.size


def test_of_two_levels_a_part_of_one_is_in_the_other(chain: LoadedModel) -> None:
    parents = _samples(chain, 2)
    a, b = (shaping.level_of(each).tiles for each in parents)
    told = (a != b).mean()
    for child in children(parents, loaded=chain, far=0, seed=3, count=3):
        grid = shaping.level_of(child).tiles
        assert ((grid == a) & (a != b)).mean() > 0.1 * told
        assert ((grid == b) & (a != b)).mean() > 0.1 * told


def test_levels_of_two_sizes_are_refilled_each_by_itself(chain: LoadedModel) -> None:
    parents = [*_samples(chain, 1), *_samples(chain, 1, size=(10, 12))]
    made = list(children(parents, loaded=chain, far=0.2, seed=1, count=4))
    assert {shaping.level_of(each).tiles.shape for each in made} == {(10, 12), shaping.level_of(parents[0]).tiles.shape}


def test_where_nothing_else_is_near_fewer_come(adventurers: LoadedModel) -> None:
    (parent,) = _samples(adventurers, 1, variety=0.0)
    assert list(children([parent], loaded=adventurers, far=0, seed=1, count=2)) == []


def test_parents_of_two_models_are_refused_in_words(adventurers: LoadedModel, dungeon: LoadedModel) -> None:
    mixed = [*_samples(adventurers, 1), *_samples(dungeon, 1)]
    with pytest.raises(GenworldError, match="one model"):
        children(mixed, loaded=adventurers, far=0.2, seed=1)


def test_a_sprite_that_was_brought_is_refused_in_words(adventurers: LoadedModel, own_machine: Path) -> None:
    brought = Sampled(_samples(adventurers, 1)[0].example, ImportOrigin(file="me.png", digest="0" * 64))
    with pytest.raises(GenworldError, match="Latent tab"):
        children([brought], loaded=adventurers, far=0.2, seed=1)


@pytest.mark.parametrize("wrong", [{"far": 1.5}, {"far": float("nan")}, {"count": 0}, {"seed": -1}, {"seed": 0.5}])
def test_what_is_out_of_range_is_refused_at_once(adventurers: LoadedModel, wrong: dict[str, float]) -> None:
    settings = {"far": 0.2, "seed": 1, "count": 2} | wrong
    with pytest.raises(GenworldError, match="came"):
        children(_samples(adventurers, 1), loaded=adventurers, **settings)  # type: ignore[arg-type]


def test_no_parent_is_refused(adventurers: LoadedModel) -> None:
    with pytest.raises(GenworldError, match="number of parents"):
        children([], loaded=adventurers, far=0.2, seed=1)
