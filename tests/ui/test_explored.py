"""Blends and children through the functions that the browser calls, without one."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from caller import Caller
from numpy.typing import NDArray
from PIL import Image

from genworld import checkpoint
from genworld.datasets import open_dataset
from genworld.errors import GenworldError
from genworld.library import Library
from genworld.mode import Mode
from genworld.models import build
from genworld.provenance import ORIGIN, LatentOrigin, TrainingRun
from genworld.ui import animations, exports
from genworld.ui.components.board_panel import BoardPanel
from genworld.ui.components.explore import CHILDREN, Explore
from genworld.ui.components.part import Part
from genworld.ui.components.sampler import Sampler
from genworld.ui.components.surface import Surface
from genworld.ui.components.top_bar import TopBar

SPRITES = "tiny-blobs"
LEVELS = "tiny-rooms"
HALLS = "tiny-halls"
WAY = {"way": "spherical", "steps": 5, "start": 0, "count": 16}
LITTER = {"far": 0.5, "seed": 3, "start": 0, "count": CHILDREN}
RUN = "0123456789abcdef" * 2
FILE = {"way": "spherical", "steps": 5, "seconds": 1.0, "scale": 2, "run": RUN}
Tile = dict[str, Any]


class Person(Caller):
    """One who asks as the page does."""

    def built(self, mode: Mode, library: Library) -> list[Part]:
        parts: list[Part] = [Sampler(mode), Surface(mode, library), BoardPanel(mode, library), Explore(mode, library)]
        return [*parts, TopBar(mode)]

    def samples(self, count: int, model: str = SPRITES, **wish: Any) -> list[Tile]:
        tiles: list[Tile] = self.done("samples", model=model, seed=5, start=0, count=count, **wish)["tiles"]
        return tiles


@pytest.fixture
def person(home: Path) -> Person:
    return Person()


@pytest.fixture
def halls(home: Path) -> Person:
    """One with a model of levels that has a latent space."""
    data = open_dataset("builtin:dungeon", count=8)
    model = build("vae", data.spec, {"steps": 2, "batch": 4})
    for _ in model.fit(data, seed=1):
        pass
    run = TrainingRun(data=data.source, examples=8, steps=2, seed=1, command="test")
    checkpoint.save(home / "models" / HALLS, model, run=run, title="Tiny halls", summary="For tests.")
    return Person()


def named(tiles: list[Tile]) -> list[dict[str, Any]]:
    return [{"origin": tile["origin"], "item": tile.get("id")} for tile in tiles]


def _digests(tiles: list[Tile]) -> list[str]:
    return [tile["digest"] for tile in tiles]


def _shown(tiles: list[Tile]) -> list[tuple[str, str]]:
    """What a tile shows and where it comes from: all that a batch must not change."""
    return [(tile["picture"], tile["origin"]) for tile in tiles]


def test_ends_of_a_blend_are_the_tiles_themselves(person: Person) -> None:
    one, other = person.samples(2)
    frames = person.done("blended", ends=named([one, other]), **WAY)["tiles"]
    assert len(frames) == 5
    for end, frame in ((one, frames[0]), (other, frames[-1])):
        assert (frame["picture"], frame["digest"], frame["origin"]) == (end["picture"], end["digest"], end["origin"])
    assert all(isinstance(ORIGIN.validate_json(frame["origin"]), LatentOrigin) for frame in frames[1:-1])


def test_corners_of_a_square_are_the_tiles_themselves(person: Person) -> None:
    four = person.samples(4)
    frames = person.done("blended", ends=named(four), **{**WAY, "steps": 3})["tiles"]
    assert len(frames) == 9
    assert _shown([frames[0], frames[2], frames[6], frames[8]]) == _shown(four)
    # A side of the square is the strip between its corners.
    left = person.done("blended", ends=named([four[0], four[2]]), **{**WAY, "steps": 3})["tiles"]
    assert left[1]["picture"] == frames[3]["picture"]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_frames_and_children_do_not_depend_on_the_batches_they_came_in(person: Person, count: int) -> None:
    pair = named(person.samples(2))
    whole = person.done("blended", ends=pair, **WAY)
    asked = [person.done("blended", ends=pair, **{**WAY, "start": at, "count": count}) for at in range(0, 5, count)]
    assert _shown([tile for answer in asked for tile in answer["tiles"]]) == _shown(whole["tiles"])
    assert asked[-1]["next"] == whole["next"] == 5
    litter: list[Tile] = []
    for at in range(0, 8, count):
        answer = person.done("bred", parents=pair, **{**LITTER, "start": at, "count": count}, known=_digests(litter))
        litter += answer["tiles"]
        assert answer["next"] == at + count
    assert _shown(litter) == _shown(person.done("bred", parents=pair, **{**LITTER, "count": 8})["tiles"])


def test_the_two_ways_differ_in_between_only(person: Person) -> None:
    pair = named(person.samples(2))
    arc, straight = (
        person.done("blended", ends=pair, **{**WAY, "way": way})["tiles"] for way in ("spherical", "linear")
    )
    same = [one["origin"] == other["origin"] for one, other in zip(arc, straight, strict=True)]
    assert same == [True, False, False, False, True]


def test_frames_are_kept_as_they_were_seen(person: Person) -> None:
    frames = person.done("blended", ends=named(person.samples(2)), **WAY)["tiles"]
    made = [{"origin": frame["origin"], "name": frame["name"]} for frame in frames]
    kept = person.done("keep_made", made=made)["items"]
    assert {one["digest"] for one in kept} == set(_digests(frames))
    shown = person.done("pictures", ids=[one["id"] for one in kept])["tiles"]
    assert {one["picture"] for one in shown} == {one["picture"] for one in frames}


def test_kept_items_are_ends_and_parents(person: Person) -> None:
    one, other = person.samples(2)
    person.done("keep_made", made=[{"origin": one["origin"], "name": "Mine"}])
    item = person.done("board")["items"][0]["id"]
    kept = {"origin": one["origin"], "item": item}
    frames = person.done("blended", ends=[kept, *named([other])], **WAY)["tiles"]
    assert frames[0]["picture"] == one["picture"]
    assert person.done("bred", parents=[kept], **LITTER)["tiles"]
    stranger = Person(Mode.PUBLIC)
    asked = {"parents": [kept], **LITTER, "secret": stranger.done("board")["secret"]}
    assert "error" in stranger.ask("bred", **asked), "the items of others are nobody else's parents"


def test_levels_say_whether_they_can_be_played_and_a_painted_end_stays_painted(halls: Person) -> None:
    one, other = halls.samples(2, HALLS)
    answer = halls.done("blended", ends=named([one, other]), **WAY)
    assert answer["said"] == ""
    assert all(frame["playable"] in (True, False, None) and frame["verdict"] for frame in answer["tiles"])
    painted = halls.done("painted", origin=one["origin"], edits=[[2, 2, 1], [2, 3, 0], [2, 4, 1]])["tile"]
    again = halls.done("blended", ends=named([painted, other]), **WAY)
    assert again["tiles"][0]["picture"] == painted["picture"]
    assert _shown(again["tiles"][1:]) == _shown(answer["tiles"][1:]), "the rest blends from what it began with"
    assert "changed by hand" in again["said"]
    walked = [halls.done("walked", origin=frame["origin"])["reachable"] for frame in answer["tiles"]]
    assert walked == [frame["playable"] for frame in answer["tiles"]]


def test_sixteen_children_each_unlike_the_others_and_their_lineage_grows(person: Person) -> None:
    pair = person.samples(2)
    litter = person.done("bred", parents=named(pair), **LITTER)["tiles"]
    assert len(set(_digests(litter))) == len(litter) == CHILDREN
    assert not set(_digests(litter)) & set(_digests(pair))
    origin = ORIGIN.validate_json(litter[0]["origin"])
    assert isinstance(origin, LatentOrigin)
    assert [set(each) for each in origin.lineage] == [set(_digests(pair))]
    chosen = litter[3:6]
    later = ORIGIN.validate_json(person.done("bred", parents=named(chosen), **LITTER)["tiles"][0]["origin"])
    assert isinstance(later, LatentOrigin)
    assert [set(each) for each in later.lineage] == [set(_digests(pair)), set(_digests(chosen))]


def test_the_same_wish_gives_the_same_children_and_another_seed_others(person: Person) -> None:
    parents = named(person.samples(1))
    first, again, other = (person.done("bred", parents=parents, **{**LITTER, "seed": s})["tiles"] for s in (3, 3, 4))
    assert first == again
    assert not set(_digests(first)) & set(_digests(other))


def test_near_children_are_nearer_than_far_ones(person: Person) -> None:
    parents = person.samples(1)
    parent = _pixels(parents[0])

    def distance(far: float) -> float:
        litter = person.done("bred", parents=named(parents), **{**LITTER, "far": far})["tiles"]
        return float(np.mean([np.abs(_pixels(tile) - parent).mean() for tile in litter]))

    assert distance(0.0) < distance(1.0)


def _pixels(tile: Tile) -> NDArray[np.float64]:
    raw = base64.b64decode(tile["picture"].split(",", 1)[1])
    return np.asarray(Image.open(io.BytesIO(raw)).convert("RGBA"), dtype=np.float64)


def test_a_family_that_only_fills_makes_parts_anew(person: Person) -> None:
    pair = person.samples(2, LEVELS, rows=16, columns=20)
    litter = person.done("bred", parents=named(pair), **{**LITTER, "count": 4})["tiles"]
    assert litter
    assert all((one["width"], one["height"]) == (pair[0]["width"], pair[0]["height"]) for one in litter)
    kept = person.done("keep_made", made=[{"origin": litter[0]["origin"], "name": "Child"}])["items"]
    assert kept[0]["digest"] == litter[0]["digest"]


def test_what_cannot_be_blended_says_what_serves_instead(person: Person) -> None:
    rooms, blobs = person.samples(2, LEVELS), person.samples(2)
    said = person.ask("blended", ends=named(rooms), **WAY)["error"]
    assert "Tiny rooms" in said
    assert "More like these" in said
    for name, asked in (
        ("blended", {"ends": named([rooms[0], blobs[0]]), **WAY}),
        ("bred", {"parents": named([rooms[0], blobs[0]]), **LITTER}),
    ):
        said = person.ask(name, **asked)["error"]
        assert "Tiny rooms" in said
        assert "Tiny blobs" in said


@pytest.mark.parametrize("form", ["gif", "webp"])
@pytest.mark.parametrize("bounce", [False, True])
def test_an_animation_has_every_frame(person: Person, form: str, bounce: bool) -> None:
    pair = person.samples(2)
    answer = person.done("animated", ends=named(pair), **FILE, format=form, bounce=bounce)
    path = Path(answer["path"])
    assert path.is_relative_to(exports.folder())
    assert path.stat().st_size == answer["bytes"]
    assert answer["name"] == f"tiny-blobs-blend.{form}"
    with Image.open(path) as animation:
        assert animation.format == form.upper()
        assert animation.size == (32, 32)
        assert 2 <= animation.n_frames <= (8 if bounce else 5), "frames that are the same may be told once"
        if form == "webp":
            frames = person.done("blended", ends=named(pair), **WAY)["tiles"]
            first = np.asarray(animation.convert("RGBA"), dtype=np.float64)[::2, ::2]
            np.testing.assert_array_equal(first, _pixels(frames[0]))


def test_an_animation_tells_how_far_it_is_and_can_be_stopped() -> None:
    assert animations.how_far(RUN) == {"done": 0, "total": 1}, "what is not there has done nothing"
    with animations.making(RUN, 4) as mine, animations.making("f" * 32, 9):
        mine.step()
        assert animations.how_far(RUN) == {"done": 1, "total": 4}
        assert animations.how_far(RUN, stop=True) == {"done": 1, "total": 4}
        with pytest.raises(GenworldError, match="stopped"):
            mine.step()
        assert animations.how_far("f" * 32) == {"done": 0, "total": 9}, "another one goes on"
    assert animations.how_far(RUN) == {"done": 0, "total": 1}, "what is over is forgotten"


def test_each_frame_of_a_file_is_two_steps(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    step = animations.Animation.step
    monkeypatch.setattr(animations.Animation, "step", lambda self: (step(self), told.append(self.total - self.done))[0])
    person.done("animated", ends=named(person.samples(2)), **FILE, format="gif", bounce=True)
    assert told == list(reversed(range(10)))


def test_models_say_whether_they_have_a_latent_space(person: Person) -> None:
    shelf = {one["name"]: one for one in person.done("models")["models"]}
    assert shelf[SPRITES]["latent"] is True
    assert shelf[LEVELS]["latent"] is False
    root = ORIGIN.validate_json(person.samples(1)[0]["origin"])
    assert root.checkpoint == shelf[SPRITES]["digest"]  # type: ignore[union-attr]  what the page knows a tile's model by


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    *[("blended", {key: value}) for key, values in {
        "ends": [None, [], [1], {}, "x", [{}], [{}, {}, {}], [{}] * 5, [{"origin": "{}"}] * 2],
        "way": [None, "", "round", 3, ["spherical"]],
        "steps": [None, 2, 65, 4.5, True, "9", 1e400],
        "start": [-1, 5, None, "0"],
        "count": [0, 17, None, 1.5],
    }.items() for value in values],
    *[("bred", {key: value}) for key, values in {
        "parents": [None, [], [1], {}, [{}], [{"origin": "{}"}], "x"],
        "far": [None, -0.1, 1.1, "far", float("nan"), True],
        "seed": [None, -1, 2**31, 1.5],
        "start": [-1, 16, None],
        "count": [0, 17, None],
        "known": [3, "x", ["a"] * 17, [None], {}],
    }.items() for value in values],
    *[("animated", {key: value}) for key, values in {
        "ends": [None, [{}]],
        "format": [None, "png", "../x", 3],
        "seconds": [None, 0, 1e9, "1"],
        "scale": [None, 0, 65, 1.5],
        "run": [None, "", "x" * 32, "0" * 31, 7, ["0" * 32]],
    }.items() for value in values],
]  # fmt: skip


@pytest.mark.parametrize("name", ["blended", "bred", "animated"])
def test_requests_that_cannot_be(person: Person, name: str) -> None:
    pair = named(person.samples(2))
    rest = {"blended": {"ends": pair, **WAY}, "bred": {"parents": pair, **LITTER}}
    sound = {**rest, "animated": {"ends": pair, **FILE, "format": "gif"}}[name]
    for wrong in [each for of, each in HOSTILE if of == name]:
        said = person.ask(name, **{**sound, **wrong})
        assert set(said) == {"error"}, wrong
        assert "genworld itself" not in said["error"], wrong


def test_a_square_is_smaller_than_a_strip_and_is_not_animated(person: Person) -> None:
    four = named(person.samples(4))
    assert "error" in person.ask("blended", ends=four, **{**WAY, "steps": 10})
    assert "two" in person.ask("animated", ends=four, **FILE, format="gif")["error"]


def test_too_many_parents(person: Person) -> None:
    assert "64" in person.ask("bred", parents=named(person.samples(1)) * 65, **LITTER)["error"]
