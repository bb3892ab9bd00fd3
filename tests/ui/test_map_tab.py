"""Maps through the functions that the browser calls, without one; and the script that draws them."""

from __future__ import annotations

import base64
import gzip
import io
import time
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genworld.latent import examples
from genworld.library import Library
from genworld.limits import LIMITS
from genworld.mode import Mode
from genworld.sampling import open_model
from genworld.ui import fetched, maps
from genworld.ui.components.board_panel import BoardPanel
from genworld.ui.components.map import FEWEST, PICTURES_AT_ONCE, TILES_AT_ONCE, MapView
from genworld.ui.components.sampler import Sampler

SPRITES, LEVELS = "tiny-blobs", "tiny-rooms"
COUNT = 60
MAP = {"model": SPRITES, "seed": 3, "count": COUNT, "method": "pca"}
MEASURED = {**MAP, "method": "measured", "axes": ["brightness", "filled"]}


class Person:
    """One who asks as the page does."""

    def __init__(self, mode: Mode = Mode.LOCAL, library: Library | None = None) -> None:
        library = library or Library.open(mode=mode)
        with gr.Blocks():
            self.parts = [MapView(mode, library), BoardPanel(mode, library), Sampler(mode)]

    def ask(self, name: str, asked: Any) -> dict[str, Any]:
        answers = {fn.__name__: fn for part in self.parts for fn in part.component.server_fns}
        answer: dict[str, Any] = answers[name](asked)
        return answer

    def done(self, name: str, asked: Any, **more: Any) -> dict[str, Any]:
        answer = self.ask(name, {**asked, **more})
        assert "error" not in answer, answer
        return answer

    def measured(self, asked: dict[str, Any]) -> NDArray[np.float32]:
        """Asks until all is measured; (count, A)."""
        rows: list[NDArray[np.float32]] = []
        wide = len(self.done("map_about", asked)["attributes"])
        while sum(map(len, rows)) < asked["count"]:
            answer = self.done("map_measures", asked, start=sum(map(len, rows)))
            rows.append(_floats(answer["attributes"]).reshape(-1, wide))
            assert answer["total"] == asked["count"]
        return np.concatenate(rows)


@pytest.fixture
def person(home: Path) -> Person:
    return Person()


def _floats(packed: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(packed), "<f4")


def _places(person: Person, asked: dict[str, Any]) -> NDArray[np.float32]:
    return _floats(person.done("map_places", asked)["xy"]).reshape(-1, 2)


def test_families_without_a_latent_space_say_why_they_have_measured_axes_only(person: Person) -> None:
    assert person.done("map_about", MAP)["methods"] == ["pca", "umap", "measured"]
    told = person.done("map_about", {"model": LEVELS})
    assert told["methods"] == ["measured"]
    assert "no latent space" in told["why"]
    assert "no latent space" in person.ask("map_places", {**MAP, "model": LEVELS})["error"]


def test_places_have_one_pair_for_each_sample_and_axes_in_words(person: Person) -> None:
    answer = person.done("map_places", MAP)
    assert _floats(answer["xy"]).shape == (2 * COUNT,)
    first, second = answer["axes"]
    assert first["share"] >= second["share"] > 0


def test_a_map_is_worked_on_in_pieces_until_it_is_done(person: Person) -> None:
    told = {"done": 0, "total": 1}
    while told["done"] < told["total"]:
        before, told = told, person.done("map_grow", {**MAP, "model": LEVELS, "method": "measured"})
        assert told["done"] > before["done"]
    assert told == {"done": COUNT, "total": COUNT}


def test_what_is_measured_is_what_the_measured_map_shows(person: Person) -> None:
    rows = person.measured(MEASURED)
    names = [each["name"] for each in person.done("map_about", MEASURED)["attributes"]]
    columns = [names.index(name) for name in MEASURED["axes"]]
    np.testing.assert_array_equal(_places(person, MEASURED), rows[:, columns])


def test_a_measured_map_that_was_stopped_does_not_measure_the_rest(person: Person) -> None:
    stopped = {**MEASURED, "model": LEVELS, "axes": None, "seed": 77, "count": 2_000}
    done = person.done("map_measures", stopped, start=0)["done"]
    assert done < 2_000
    began = time.monotonic()
    person.done("map_kept", stopped)
    assert len(_places(person, stopped)) < 2_000
    assert time.monotonic() - began < 60


def test_a_point_is_the_sample_of_its_index(person: Person) -> None:
    shown = person.done("map_tiles", MAP, indices=[7, 2])["tiles"]
    wish = {"model": SPRITES, "seed": 3, "start": 0, "count": 8}
    sampled = person.done("samples", wish)["tiles"]
    assert [tile["digest"] for tile in shown] == [sampled[7]["digest"], sampled[2]["digest"]]
    assert shown == [sampled[7], sampled[2]]


def _pixels(address: str) -> NDArray[np.uint8]:
    file = io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,")))
    return np.asarray(Image.open(file).convert("RGBA"))


def test_small_pictures_are_the_samples_themselves(person: Person) -> None:
    shown = person.done("map_pictures", MAP, indices=[7, 2])["pictures"]
    tiles = person.done("map_tiles", MAP, indices=[7, 2])["tiles"]
    assert [each["index"] for each in shown] == [7, 2]
    for each, tile in zip(shown, tiles, strict=True):
        np.testing.assert_array_equal(_pixels(each["picture"]), _pixels(tile["picture"]))
        assert (each["width"], each["height"]) == (tile["width"], tile["height"])
    assert person.done("map_pictures", MAP, indices=[7, 2], large=True)["pictures"] == shown, "sprites have one size"


def test_pictures_of_levels_are_overviews_and_larger_from_near(person: Person) -> None:
    asked = {**MAP, "model": LEVELS, "method": "measured", "indices": [3]}
    full = person.done("map_tiles", asked)["tiles"][0]
    sizes = []
    for large in (False, True):
        (one,) = person.done("map_pictures", asked, large=large)["pictures"]
        assert _pixels(one["picture"]).shape == (one["height"], one["width"], 4)
        assert one["width"] / one["height"] == pytest.approx(full["width"] / full["height"], rel=0.1)
        sizes.append(one["width"] * one["height"])
    assert sizes[0] <= maps.SIDES[0] ** 2 < sizes[1] <= maps.SIDES[1] ** 2 < full["width"] * full["height"]


def test_pictures_that_a_turn_has_no_time_for_are_left_out(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "PATIENCE_SECONDS", 0)
    left = [5, 1, 4]
    for index in (5, 1, 4):
        shown = person.done("map_pictures", MAP, indices=left)["pictures"]
        assert [each["index"] for each in shown] == [index], "never none"
        left.remove(index)


def test_what_is_measured_already_is_told(person: Person) -> None:
    plain = {**MEASURED, "seed": 0}
    before = person.done("map_about", plain)["measured"]
    person.measured(plain)
    after = person.done("map_about", plain)["measured"]
    assert after >= max(before, COUNT)  # the survey is everybody's: others may have measured some of it before


def test_a_known_place_of_a_pca_map_has_a_tile_that_can_be_kept(person: Person) -> None:
    x, y = map(float, _places(person, MAP)[5])
    answer = person.done("map_made", MAP, x=x + 0.01, y=y)
    assert (answer["x"], answer["y"]) == pytest.approx((x + 0.01, y), abs=1e-3)
    assert answer["words"].endswith(".")
    kept = person.done("keep_made", {"made": [{"origin": answer["tile"]["origin"], "name": "made"}]})["items"]
    assert kept[0]["digest"] == answer["tile"]["digest"]


def test_far_places_say_how_far_they_are(person: Person) -> None:
    places = _places(person, MAP)
    answer = person.done("map_made", MAP, x=float(places[:, 0].max() * 3), y=float(places[:, 1].max() * 3))
    assert answer["times"] > 1
    assert "times as far" in answer["words"]


def test_empty_places_of_a_measured_map_are_searched(person: Person) -> None:
    person.measured(MEASURED)
    answer = person.done("map_made", MEASURED, x=0.9, y=0.9)
    assert answer["missed"] > 0
    assert answer["tile"]["picture"].startswith("data:image/png")


def test_labels_are_those_that_the_samples_ask_for(person: Person) -> None:
    answer = person.done("map_labels", MAP)
    labels = np.frombuffer(base64.b64decode(answer["labels"]), np.uint8)
    if answer["exclusive"]:
        assert set(labels.tolist()) <= {0, 1}
    else:
        bits = np.unpackbits(labels.reshape(COUNT, -1), axis=1)[:, :2]
        assert 0 < bits.sum() <= bits.size


def test_own_items_lie_where_their_samples_do(person: Person) -> None:
    person.done("keep", {"model": SPRITES, "seed": 3, "indices": [4, 9]})
    person.done("keep", {"model": SPRITES, "seed": 8, "indices": [0]})
    person.done("keep", {"model": LEVELS, "seed": 1, "indices": [0]})
    told = person.done("map_kept", MAP)
    assert sorted(one["index"] for one in told["samples"]) == [4, 9]
    assert [one["how"] for one in told["others"]] == ["exact"]
    assert told["left"] == 1
    assert told["why"]
    shown = person.done("map_items", {"ids": [told["others"][0]["id"]]})["tiles"]
    assert len(shown) == 1


def test_visitors_see_their_own_items_alone(home: Path) -> None:
    library = Library.open(mode=Mode.PUBLIC)
    person = Person(Mode.PUBLIC, library)
    mine, other = (person.done("board", {})["secret"] for _ in range(2))
    item = person.done("keep", {"model": SPRITES, "seed": 3, "indices": [4], "secret": mine})["items"][0]["id"]
    assert len(person.done("map_kept", MAP, secret=mine)["samples"]) == 1
    assert person.done("map_kept", MAP, secret=other)["samples"] == []
    assert "error" in person.ask("map_kept", MAP)
    assert "error" in person.ask("map_items", {"ids": [item], "secret": other})


def test_training_examples_are_laid_over_or_it_is_said_why_not(person: Person) -> None:
    assert person.done("map_training", MAP)["why"]
    loaded = open_model(SPRITES)
    samples = loaded.model.sample(maps.chart(_wish(), COUNT, bounds=LIMITS[Mode.LOCAL]).survey.requests(0, 4))
    examples.keep(loaded.checkpoint, samples, np.zeros((4, 2), np.uint8))
    assert person.done("map_about", MAP)["examples"] == 4
    assert len(person.done("map_training", MEASURED)["items"]) == 4
    tile = person.done("map_example", {"model": SPRITES, "index": 3})["tile"]
    assert "origin" not in tile
    assert "error" in person.ask("map_example", {"model": SPRITES, "index": 4})


def _wish() -> Any:
    from genworld.ui import asked

    return asked.wish({"model": SPRITES, "seed": 3}, LIMITS[Mode.LOCAL])


def test_a_umap_that_is_not_laid_out_is_no_map_yet(person: Person) -> None:
    assert "not laid out yet" in person.ask("map_places", {**MAP, "method": "umap"})["error"]
    begun = person.done("map_umap", {**MAP, "method": "umap"})
    assert begun["state"] in ("queued", "running")
    assert person.done("map_umap_state", begun)["state"] in ("queued", "running", "succeeded")
    person.done("map_umap_leave", begun)
    assert "Nobody waits" in person.ask("map_umap_state", begun)["error"]


WRONG = [
    {"method": "tsne"},
    {"method": None},
    {"count": FEWEST - 1},
    {"count": LIMITS[Mode.PUBLIC].map_points + 1},
    {"count": "many"},
    {"seed": -1},
    {"model": "../x"},
    {"method": "measured", "axes": ["brightness", "brightness"]},
    {"method": "measured", "axes": ["brightness"]},
    {"method": "measured", "axes": ["brightness", "taste"]},
    {"condition": ["nobody"]},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_cannot_be_is_said_in_words(home: Path, wrong: dict[str, Any]) -> None:
    answer = Person(Mode.PUBLIC).ask("map_places", {**MAP, **wrong})
    assert set(answer) == {"error"}
    assert "genworld itself" not in answer["error"]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("map_tiles", {"indices": [COUNT]}),
        ("map_tiles", {"indices": [-1]}),
        ("map_tiles", {"indices": list(range(TILES_AT_ONCE + 1))}),
        ("map_tiles", {"indices": []}),
        ("map_pictures", {"indices": [COUNT]}),
        ("map_pictures", {"indices": list(range(PICTURES_AT_ONCE + 1))}),
        ("map_pictures", {"indices": []}),
        ("map_made", {"x": float("nan"), "y": 0}),
        ("map_made", {"x": 1e9, "y": 0}),
        ("map_made", {"x": 0}),
        ("map_measures", {"start": -1}),
        ("map_umap_state", {"token": "x"}),
        ("map_umap_state", {"token": "x" * 30}),
        ("map_example", {"index": -1}),
    ],
)
def test_other_questions_are_bounded_too(home: Path, name: str, more: dict[str, Any]) -> None:
    answer = Person(Mode.PUBLIC).ask(name, {**MAP, **more})
    assert set(answer) == {"error"}
    assert "genworld itself" not in answer["error"]


def test_a_public_page_shows_fewer_points_than_a_persons_own() -> None:
    assert LIMITS[Mode.PUBLIC].map_points < LIMITS[Mode.LOCAL].map_points == 20_000


def test_the_script_is_served_under_its_version_compressed_and_for_good() -> None:
    client = TestClient(Starlette(middleware=[fetched.Fetched.middleware()]), base_url="http://127.0.0.1")
    address = "/" + fetched.plotly_address()
    zipped = client.get(address, headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "immutable" in zipped.headers["cache-control"]
    assert int(zipped.headers["content-length"]) < 2_000_000
    plain = client.get(address, headers={"accept-encoding": "identity"})
    assert plain.content == zipped.content == gzip.decompress(fetched._zipped())
    assert b"plotly.js" in plain.content[:200]
    assert client.get("/fetched/other.js").status_code == 404
    assert client.post(address).status_code != 200
