"""Sliders through a latent space, called as the browser calls them."""

from __future__ import annotations

import base64
import hashlib
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from caller import Caller
from numpy.typing import NDArray
from PIL import Image

from genworld import sampling
from genworld.latent import directions
from genworld.library import Library
from genworld.mode import Mode
from genworld.provenance import ORIGIN, EditOrigin
from genworld.recent import Recent
from genworld.ui import fittings, latents, searches
from genworld.ui.components.board_panel import BoardPanel
from genworld.ui.components.latent import Latent
from genworld.ui.components.part import Part
from genworld.ui.components.sampler import Sampler

SPRITES = "tiny-blobs"
LEVELS = "tiny-rooms"
CLOSE = 0.02
"""Positions are told with four decimals, and codes are 32-bit floats."""


class Person(Caller):
    """One who asks as the page does."""

    def built(self, mode: Mode, library: Library) -> list[Part]:
        return [Sampler(mode), Latent(mode, library), BoardPanel(mode, library)]

    def begun(self, seed: int = 5) -> dict[str, Any]:
        """At a seed, with the sliders there."""
        self.sliders(seed)
        return self.done("entered", model=SPRITES, seed=seed)

    def sliders(self, seed: int = 5) -> list[dict[str, Any]]:
        origin = self.done("entered", model=SPRITES, seed=seed)["tile"]["origin"]
        end = time.monotonic() + 180
        while time.monotonic() < end:
            answer = self.done("sliders", origin=origin)
            if answer["ready"]:
                return list(answer["sliders"])
            assert 0 <= answer["done"] <= max(1, answer["total"])
            time.sleep(0.05)
        raise AssertionError("the sliders were not fitted within three minutes")


@pytest.fixture
def person(home: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(directions, "SAMPLES", 256)
    return Person()


def _pixels(answer: dict[str, Any]) -> NDArray[np.uint8]:
    picture = answer["tile"]["picture"] if "tile" in answer else answer["picture"]
    return np.array(Image.open(io.BytesIO(base64.b64decode(picture.split(",")[1]))))


def test_a_seed_opens_at_its_first_sample(person: Person) -> None:
    sample = person.done("samples", model=SPRITES, seed=5, start=0, count=1)["tiles"][0]
    answer = person.done("entered", model=SPRITES, seed=5)
    assert answer["tile"] == sample
    assert answer["model"]["classes"] == ["cold", "warm"]
    assert answer["positions"]["variety"] == answer["model"]["variety"]["default"]
    assert answer["playable"] is None


def test_a_tile_opens_where_it_lies(person: Person) -> None:
    sample = person.done("samples", model=SPRITES, seed=9, condition=["warm"], variety=0.5, start=3, count=1)["tiles"][
        0
    ]
    answer = person.done("entered", origin=sample["origin"])
    assert (answer["tile"]["digest"], answer["said"]) == (sample["digest"], "")
    assert answer["positions"]["class:warm"] == 1
    assert answer["positions"]["variety"] == 0.5


def test_what_was_changed_since_opens_at_the_sample_it_began_with(person: Person) -> None:
    tile = person.begun()["tile"]
    painted = EditOrigin(parent=ORIGIN.validate_json(tile["origin"]), edits=((0, 0, 1),))
    answer = person.done("entered", origin=ORIGIN.dump_json(painted).decode())
    assert answer["tile"]["picture"] == tile["picture"]
    assert "Changed by hand" in answer["said"]


def test_a_model_without_a_latent_space_says_so(person: Person) -> None:
    answer = person.done("entered", model=LEVELS, seed=1)
    assert "piece by piece" in answer["model"]["none"]
    assert "tile" not in answer
    tile = person.done("samples", model=LEVELS, seed=1, rows=8, columns=8, start=0, count=1)["tiles"][0]
    assert "no latent space" in person.ask("entered", origin=tile["origin"])["error"]


def test_a_slider_goes_where_it_is_put_and_locked_ones_stay(person: Person) -> None:
    names = [one["id"] for one in person.sliders() if one["id"].startswith("principal:")]
    assert len(names) > 1
    before = person.begun()
    moves = [[names[0], 1.25]]
    free = person.done("settled", origin=before["tile"]["origin"], moves=moves)
    assert free["positions"][names[0]] == pytest.approx(1.25, abs=CLOSE)
    held = person.done("settled", origin=before["tile"]["origin"], moves=moves, locked=names[1:2])
    assert held["positions"][names[0]] == pytest.approx(1.25, abs=CLOSE)
    assert held["positions"][names[1]] == pytest.approx(before["positions"][names[1]], abs=CLOSE)


def test_a_locked_slider_stays_when_variety_and_classes_change(person: Person) -> None:
    name = next(one["id"] for one in person.sliders() if one["id"].startswith("principal:"))
    before = person.begun()
    moves = [["variety", 0.4], ["class:warm", 0.5], ["z:1", 2.0]]
    after = person.done("settled", origin=before["tile"]["origin"], moves=moves, locked=[name])
    assert after["positions"][name] == pytest.approx(before["positions"][name], abs=CLOSE)


def test_what_is_shown_while_dragging_is_what_stands_in_the_end(person: Person) -> None:
    before = person.begun()
    name = person.sliders()[0]["id"]
    request = {"origin": before["tile"]["origin"], "moves": [[name, -2.0]]}
    live, settled = person.done("live", **request), person.done("settled", **request)
    np.testing.assert_array_equal(_pixels(live), _pixels(settled))
    assert (live["positions"], live["origin"]) == (settled["positions"], settled["tile"]["origin"])
    assert person.done("settled", origin=settled["tile"]["origin"])["tile"] == settled["tile"]


def test_the_way_back_shows_the_same_bytes(person: Person) -> None:
    before = person.begun()
    person.done("settled", origin=before["tile"]["origin"], moves=[["variety", 0.3]])
    sampling._recent.clear()
    assert person.done("settled", origin=before["tile"]["origin"])["tile"] == before["tile"]


def test_classes_that_exclude_each_other_give_way(person: Person) -> None:
    origin = person.begun()["tile"]["origin"]
    shares = person.done("settled", origin=origin, moves=[["class:warm", 0.75]])["positions"]
    assert shares["class:warm"] == 0.75
    assert shares["class:cold"] == 0.25


def test_numbers_of_the_latent_are_told_and_set(person: Person) -> None:
    origin = person.begun()["tile"]["origin"]
    assert "z" not in person.done("settled", origin=origin)
    before = person.done("settled", origin=origin, numbers=True)["z"]
    after = person.done("settled", origin=origin, moves=[["z:2", -1.5]], numbers=True)["z"]
    assert after == [*before[:2], -1.5, *before[3:]]


def test_another_draw_leaves_what_is_locked(person: Person) -> None:
    before = person.begun()
    name = person.sliders()[0]["id"]
    request = {"origin": before["tile"]["origin"], "seed": 8, "locked": [name]}
    one, again = person.done("randomised", **request), person.done("randomised", **request)
    assert one["tile"] == again["tile"]
    assert one["tile"]["digest"] != before["tile"]["digest"]
    assert one["positions"][name] == pytest.approx(before["positions"][name], abs=CLOSE)
    free = person.done("randomised", origin=before["tile"]["origin"], seed=8)
    classes = [key for key in before["positions"] if key.startswith("class:")]
    assert [free["positions"][key] for key in classes] == [before["positions"][key] for key in classes]


def test_neighbours_are_the_same_whenever_somebody_comes_by(person: Person) -> None:
    origin = person.begun()["tile"]["origin"]
    found = person.done("around", origin=origin, sides=list(latents.COMPASS))["tiles"]
    assert [one["side"] for one in found] == list(latents.COMPASS)
    assert len({one["tile"]["origin"] for one in found} | {origin}) == 9
    assert person.done("around", origin=origin, sides=["east", "north-west"])["tiles"] == [found[4], found[0]]


def test_what_a_slider_changes_is_a_picture_of_the_same_shape(person: Person) -> None:
    before = person.begun()
    answer = person.done("answers_where", origin=before["tile"]["origin"], slider=person.sliders()[0]["id"])
    assert _pixels(answer).shape == (16, 16, 4)


def test_heat_is_brighter_where_more_changes() -> None:
    heat = latents.heated(np.array([[0.0, 0.5, 1.0, 7.0]], np.float32)).astype(int).sum(axis=-1)[0]
    assert heat[0] < heat[1] < heat[2] == heat[3]


def test_a_kept_point_is_what_was_seen(person: Person) -> None:
    tile = person.done("settled", origin=person.begun()["tile"]["origin"], moves=[["variety", 0.6]])["tile"]
    board = person.done("keep_made", made=[{"origin": tile["origin"], "name": tile["name"]}])
    assert [item["digest"] for item in board["items"]] == [tile["digest"]]
    kept = person.done("pictures", ids=[board["items"][0]["id"]])["tiles"][0]
    assert kept["picture"] == tile["picture"]
    opened = person.done("entered", origin=kept["origin"], item=kept["id"])
    assert opened["tile"]["digest"] == tile["digest"]


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("entered", {"model": SPRITES, "seed": -1}, "The seed"),
        ("entered", {"model": "../x", "seed": 1}, "no model"),
        ("entered", {"origin": "{}"}, "sample it again"),
        ("settled", {"moves": [["variety", 99]]}, "from"),
        ("settled", {"moves": [["variety", float("nan")]]}, "number"),
        ("settled", {"moves": [["class:evil", 1]]}, "class"),
        ("settled", {"moves": [["class:warm", 1.5]]}, "share"),
        ("settled", {"moves": [["z:9999", 1]]}, "number of a latent"),
        ("settled", {"moves": [["z:-1", 1]]}, "number of a latent"),
        ("settled", {"moves": [["attribute:nothing", 1]]}, "slider"),
        ("settled", {"moves": [["principal:1", 40]]}, "position"),
        ("settled", {"moves": "x"}, "From 1 to"),
        ("settled", {"moves": [[1, 2, 3]]}, "A move"),
        ("settled", {"moves": [["variety", 1]] * 2000}, "From 1 to"),
        ("live", {"locked": "all", "moves": [["variety", 1]]}, "Locked sliders"),
        ("live", {"locked": ["attribute:nothing"], "moves": [["variety", 1]]}, "slider"),
        ("randomised", {"seed": "x"}, "The seed"),
        ("around", {"sides": ["up"]}, "side"),
        ("answers_where", {"slider": "attribute:nothing"}, "slider"),
        ("search", {"token": "guess"}, "search is over"),
        ("search", {}, "search is over"),
        ("bring", {"model": SPRITES, "files": [{"path": "/etc/passwd", "name": "x.png"}]}, "drop"),
    ],
)
def test_what_cannot_be_is_answered_in_words(person: Person, name: str, asked: dict[str, Any], said: str) -> None:
    origin = person.begun()["tile"]["origin"]
    request = asked if name in ("entered", "search", "bring") else {"origin": origin, **asked}
    error = person.ask(name, **request)["error"]
    assert said in error
    assert "genworld itself" not in error


@pytest.fixture
def send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[NDArray[np.uint8]], list[dict[str, str]]]:
    """Puts a picture where Gradio's upload would, and says of it what the browser says."""
    served = tmp_path / "served"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(served))

    def put(pixels: NDArray[np.uint8]) -> list[dict[str, str]]:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        place = served / hashlib.sha256(file.getvalue()).hexdigest() / "dropped.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.getvalue())
        return [{"path": str(place), "name": "mine.png"}]

    return put


def test_a_picture_of_ones_own_is_looked_for_piece_by_piece(person: Person, send: Any) -> None:
    brought = _pixels(person.begun(seed=77))
    begun = person.done("bring", model=SPRITES, files=send(brought))
    np.testing.assert_array_equal(_pixels(begun), brought)
    shares = []
    for _ in range(400):
        answer = person.done("search", token=begun["token"])
        shares.append(answer["step"] / answer["total"])
        if answer["over"]:
            break
    assert answer["over"]
    assert shares == sorted(shares)
    assert "The nearest to yours" in answer["said"]
    assert person.done("settled", origin=answer["tile"]["origin"])["tile"] == answer["tile"]
    assert "search is over" in person.ask("search", token=begun["token"])["error"]


def test_what_is_there_so_far_may_do(person: Person, send: Any) -> None:
    token = person.done("bring", model=SPRITES, files=send(_pixels(person.begun())))["token"]
    person.done("search", token=token)
    answer = person.done("search", token=token, enough=True)
    assert answer["over"] is True
    assert answer["model"]["name"] == SPRITES


def test_a_picture_that_is_too_large_is_refused_in_words(person: Person, send: Any) -> None:
    large = np.full((40, 40, 4), 255, np.uint8)
    assert "16 x 16" in person.ask("bring", model=SPRITES, files=send(large))["error"]
    assert "latent space" in person.ask("bring", model=LEVELS, files=send(large))["error"]


def test_searches_give_way_and_are_forgotten(person: Person, send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "_open", Recent[str, Any](2))
    files = send(_pixels(person.begun()))
    tokens = [person.done("bring", model=SPRITES, files=files)["token"] for _ in range(3)]
    assert len(set(tokens)) == 3
    assert "error" in person.ask("search", token=tokens[0])
    person.done("stop_search", token=tokens[1])
    assert "error" in person.ask("search", token=tokens[1])
    person.done("search", token=tokens[2])


def test_a_fitting_that_failed_begins_anew(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    fittings._recent.clear()

    def broken(*_: Any) -> Any:
        raise ValueError("a secret path")

    with monkeypatch.context() as patch:
        patch.setattr(directions, "directions_of", broken)
        origin = person.done("entered", model=SPRITES, seed=1)["tile"]["origin"]
        answer = person.ask("sliders", origin=origin)
    assert "could not be fitted" in answer["error"]
    assert "secret" not in answer["error"]
    assert "error" not in person.ask("sliders", origin=origin)
