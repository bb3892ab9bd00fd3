"""The bench of exploring counts what holds and what does not; how quick this machine is, is not a test's business."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genworld import sampling
from genworld.bench import explore_page, explore_points, explore_served, explore_starts
from genworld.bench.rows import Share
from genworld.bench.timing import Timing
from genworld.content import Legend, Level, Sprite, Style, Tag, Tile
from genworld.errors import GenworldError
from genworld.latent.direction import Direction
from genworld.latent.inversion import Found
from genworld.models.base import LatentModel, SampleRequest
from genworld.models.point import Point, points_of
from genworld.sampling import LoadedModel


@pytest.fixture(scope="module")
def adventurers() -> LoadedModel:
    return sampling.open_model("adventurers")


def point_of(loaded: LoadedModel, index: int) -> Point:
    assert isinstance(loaded.model, LatentModel)
    return points_of(loaded.model, [SampleRequest(explore_points.SEED, index)])[0]


# -- points


def test_ends_of_ways_are_counted(adventurers: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore_points, "PAIRS", 2)
    row = explore_points.ends(adventurers)
    assert (row.good, row.tried) == (8, 8)  # two pairs, two ends, two ways

    def off(a: Point, b: Point, steps: int, way: object) -> list[Point]:
        return [a, b, a]

    monkeypatch.setattr("genworld.latent.interpolation.strip", off)
    assert explore_points.ends(adventurers).good == 4


def test_a_search_is_measured_by_the_distance_of_two_samples(
    adventurers: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explore_points, "SEARCHED", 2)
    monkeypatch.setattr(explore_points, "COMPARED", 6)
    shift = 0

    def search(loaded: LoadedModel, example: object, *, seed: int) -> Iterator[Found]:
        yield from (
            Found(step, 2, point_of(loaded, index), Sprite(np.zeros((1, 1, 4), np.uint8)), 0.0)
            for step, index in ((1, 5), (2, seed + shift))
        )

    monkeypatch.setattr("genworld.latent.inversion.search", search)
    (found,) = explore_points.searches(adventurers)
    assert (found.shares, found.held) == ((0.0, 0.0), True)
    shift = 1
    (found,) = explore_points.searches(adventurers)
    assert min(found.shares) > explore_points.WITHIN
    assert not found.held


def test_sliders_that_move_what_they_say_are_told_from_those_that_do_not(
    adventurers: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slider that is faked goes from each sample to the next one, whatever it is asked for."""
    monkeypatch.setattr(explore_points, "MOVED", 6)
    words = {"less": "", "more": "taller", "title": "", "group": "Attributes", "about": ""}
    faked = Direction("attribute:height", **words, score=0.5, holds=1.0)
    part = Direction("part:robe", **words, score=0.5, holds=1.0)
    monkeypatch.setattr("genworld.latent.directions.directions_of", lambda _: SimpleNamespace(shown=(faked, part)))
    monkeypatch.setattr("genworld.latent.moves.positions", lambda *_: {"attribute:height": 0.5})
    monkeypatch.setattr("genworld.latent.moves.moved", lambda loaded, point, name, to: point)
    (row,) = explore_points.sliders(adventurers)
    assert (row.good, row.tried, row.held) == (0, 6, False)

    asked: list[float] = []
    heights = iter([3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 3.0, 9.0, 3.0, 7.0, 8.5])

    def measured(examples: list[Any], spec: object) -> np.ndarray:
        return np.array([[0.0] * 4 + [next(heights)] + [0.0] * 3 for _ in examples], np.float32)

    def moved(loaded: LoadedModel, point: Point, name: str, to: float) -> Point:
        asked.append(to)
        return point

    monkeypatch.setattr("genworld.latent.moves.moved", moved)
    monkeypatch.setattr(explore_points, "measured", measured)
    (row,) = explore_points.sliders(adventurers)
    assert asked == [2.5, -1.5] * 3  # up for one, down for the next, from where it stands
    assert row.good == 4  # 3 to 9, 4 to 3, 5 to 9, 6 to 3 as asked; 7 stays, and 8 goes up where it should go down


def test_how_far_examples_are_apart() -> None:
    tiles = tuple(Tile(char, char, frozenset({Tag.PASSABLE})) for char in ".#")
    legend = Legend("two", Style.TOP_DOWN, tiles, "none")
    levels = [Level.from_text(lines, legend) for lines in (["..", ".."], ["#.", ".."])]
    assert explore_points.difference(*levels) == 0.25
    white, empty = (Sprite(np.full((1, 1, 4), value, np.uint8)) for value in (255, 0))
    assert explore_points.difference(white, empty) == pytest.approx(1)
    assert explore_points.mean_difference([white, empty, empty]) == pytest.approx(0.5)


# -- starts


def test_starts_are_compared_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(name: str, threads: int) -> explore_starts.Start:
        sign = 1 if threads == 1 or name == "dungeon" else -1
        return {"sliders": [["taller", [0.5, sign * 1.0]], ["darker", [0.1]]], "places": [["a sample", [1.0, 2.0]]]}

    monkeypatch.setattr(explore_starts, "started", started)
    assert [(row.good, row.tried) for row in explore_starts.run()] == [(1, 2), (1, 1), (2, 2), (1, 1)]


def test_a_start_has_nothing_but_the_checkpoint(monkeypatch: pytest.MonkeyPatch, own_machine: object) -> None:
    """The program that is started is replaced: it tells what it was given."""
    script = (
        "import json, os, sys; from pathlib import Path; folder = Path(sys.argv[3]);"
        "print('noise'); print(json.dumps({'sliders': sorted(each.name for each in folder.iterdir()),"
        "'places': [os.environ['OMP_NUM_THREADS'], os.environ['GENWORLD_HOME']]}))"
    )
    real = explore_starts.subprocess.run
    monkeypatch.setattr(
        explore_starts.subprocess,
        "run",
        lambda command, **rest: real([sys.executable, "-c", script, *command[1:]], **rest),
    )
    told = explore_starts.started("dungeon", 2)
    assert "manifest.json" in told["sliders"]
    assert "explore" not in told["sliders"]
    assert told["places"][0] == "2"
    assert told["places"][1] != str(own_machine)


def test_a_start_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = explore_starts.subprocess.run
    monkeypatch.setattr(
        explore_starts.subprocess,
        "run",
        lambda command, **rest: real([sys.executable, "-c", "raise SystemExit('out of luck')"], **rest),
    )
    with pytest.raises(GenworldError, match="out of luck"):
        explore_starts.started("dungeon", 1)


# -- the page's server


class Page:
    """What the page's server would answer: tiles whose origin is the path of moves that led there."""

    def __init__(self, forgetful: bool = False) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.forgetful = forgetful
        self.grown = 0

    def ask(self, part: str, function: str, **request: Any) -> dict[str, Any]:
        self.asked.append((function, request))
        return {
            "entered": lambda: {"tile": self.tile([])},
            "sliders": lambda: {"ready": True, "sliders": [{"id": "attribute:height"}, {"id": "part:robe"}]},
            "live": lambda: {"picture": "p"},
            "settled": lambda: {"tile": self.tile(json.loads(request["origin"]) + request.get("moves", []))},
            "map_about": dict,
            "map_grow": self.grow,
            "map_places": lambda: {"xy": base64.b64encode(bytes(8 * request["count"])).decode()},
            "map_umap": lambda: {"state": "running", "token": "t"},
            "map_umap_state": lambda: {"state": "succeeded"},
        }[function]()

    def tile(self, path: list[Any]) -> dict[str, Any]:
        again = len(self.asked) if self.forgetful else ""
        return {"origin": json.dumps(path), "picture": f"{path}{again}", "digest": json.dumps(path)}

    def grow(self) -> dict[str, int]:
        self.grown += 1
        return {"done": self.grown % 3, "total": 2}


def test_dragging_is_timed_and_undoing_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore_served, "MOVES", 5)
    monkeypatch.setattr(explore_served, "STEPS", 3)
    page = Page()
    dragged, undone = explore_served.sliders(page, "adventurers")  # type: ignore[arg-type]
    assert len(dragged.seconds) == 5
    assert (undone.good, undone.tried) == (3, 3)
    moved = [request["moves"][0] for function, request in page.asked if function == "live"]
    assert [name for name, _ in moved] == ["attribute:height", "part:robe"] * 2 + ["attribute:height"]
    assert all(-2 <= to <= 2 for _, to in moved)
    assert len({to for _, to in moved}) == 5


def test_a_page_that_does_not_come_back_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore_served, "MOVES", 1)
    monkeypatch.setattr(explore_served, "STEPS", 3)
    *_, undone = explore_served.sliders(Page(forgetful=True), "adventurers")  # type: ignore[arg-type]
    assert undone.good < undone.tried
    assert not undone.held


def test_maps_are_asked_for_until_they_are_whole() -> None:
    page = Page()
    rows = list(explore_served.maps(page, "dungeon"))  # type: ignore[arg-type]
    assert all(isinstance(row, Timing) for row in rows)
    assert len(rows) == 4
    assert max(request["count"] for function, request in page.asked if function == "map_places") == 20_000
    assert [request for function, request in page.asked if function == "map_umap_state"] == [{"token": "t"}]


# -- the browser


def test_without_playwright_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert list(explore_page.run()) == [explore_page.WITHOUT_BROWSER]


def test_without_a_browser_it_says_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright.sync_api")
    monkeypatch.setattr(explore_page, "BROWSERS", ("no-such-browser",))
    assert list(explore_page.run()) == [explore_page.WITHOUT_BROWSER]


@pytest.mark.browser
def test_the_page_is_driven(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real page in a real browser, with counts that say nothing about its speed."""
    pytest.importorskip("playwright.sync_api")
    if not any(map(explore_page.shutil.which, explore_page.BROWSERS)):
        pytest.skip("no chromium on the path")
    monkeypatch.setattr(explore_page, "MODELS", ("adventurers",))
    monkeypatch.setattr(explore_page, "DRAG_SECONDS", 1.0)
    monkeypatch.setattr(explore_page, "POINTS", 2_500)
    for name, count in (("RELEASES", 2), ("KEEPS", 3), ("CLICKS", 3)):
        monkeypatch.setattr(explore_page, name, count)
    dragged, released, kept, clicked, loaded = explore_page.run()
    assert dragged.value > 0
    assert released == Share("adventurers, sliders that stand where they were let go", 2, 2)
    assert (kept.good, kept.tried) == (3, 3)
    assert len(clicked.seconds) == 3
    assert len(loaded.seconds) == 1
