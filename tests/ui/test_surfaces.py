"""Levels worked on through the functions that the browser calls, without one."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from caller import Caller
from numpy.typing import NDArray

from genworld.library import Library
from genworld.mode import Mode
from genworld.provenance import ORIGIN
from genworld.ui.components.board_panel import BoardPanel
from genworld.ui.components.part import Part
from genworld.ui.components.sampler import Sampler
from genworld.ui.components.surface import Surface

LEVELS = "tiny-rooms"
WISH = {"model": LEVELS, "seed": 5, "rows": 16, "columns": 20}
BOX = [[row * 20 + 4, 6] for row in range(3, 9)]
"""Six by six cells, as runs."""


class Person(Caller):
    """One who asks as the page does."""

    def built(self, mode: Mode, library: Library) -> list[Part]:
        return [Sampler(mode), Surface(mode, library), BoardPanel(mode, library)]

    def sample(self, **wish: Any) -> dict[str, Any]:
        tile: dict[str, Any] = self.done("samples", **{**WISH, **wish}, start=0, count=1)["tiles"][0]
        return tile


@pytest.fixture
def person(home: Path) -> Person:
    return Person()


def _grid(answer: dict[str, Any]) -> NDArray[np.uint8]:
    flat = np.frombuffer(base64.b64decode(answer["grid"]), dtype=np.uint8)
    return flat.reshape(answer["rows"], answer["columns"])


def _mask() -> NDArray[np.bool_]:
    mask = np.zeros((16, 20), dtype=np.bool_)
    mask[3:9, 4:10] = True
    return mask


def test_a_level_opens_with_its_grid_and_its_legend(person: Person) -> None:
    tile = person.sample()
    answer = person.done("opened", origin=tile["origin"])
    assert answer["tile"]["picture"] == tile["picture"]
    assert _grid(answer).shape == (16, 20)
    assert int(_grid(answer).max()) < len(answer["legend"])
    assert {"id", "name", "tags", "picture"} == set(answer["legend"][0])
    assert answer["canFill"] is True


def test_painted_cells_are_the_only_ones_that_change(person: Person) -> None:
    tile = person.sample()
    before = _grid(person.done("opened", origin=tile["origin"]))
    other = int(before[2, 3]) ^ 1
    answer = person.done("painted", origin=tile["origin"], edits=[[2, 3, other]])
    after = _grid(answer)
    assert answer["changed"] == [[2, 3]]
    assert after[2, 3] == other
    assert (after != before).sum() == 1


def test_strokes_on_strokes_are_one_step_of_the_origin(person: Person) -> None:
    origin = person.sample()["origin"]
    for column in range(5):
        origin = person.done("painted", origin=origin, edits=[[1, column, column % 2]])["tile"]["origin"]
    assert origin.count('"parent"') <= 1


def test_a_redo_keeps_what_is_not_marked_and_another_seed_gives_another(person: Person) -> None:
    tile = person.sample()
    before = _grid(person.done("opened", origin=tile["origin"]))
    grids = [_grid(person.done("redone", origin=tile["origin"], cells=BOX, seed=seed)) for seed in range(6)]
    for grid in grids:
        np.testing.assert_array_equal(grid[~_mask()], before[~_mask()])
    assert len({grid.tobytes() for grid in grids}) > 1


def test_a_box_redone_many_times_does_not_lengthen_its_origin(person: Person) -> None:
    answer = {"tile": person.sample()}
    for seed in range(8):
        answer = person.done("redone", origin=answer["tile"]["origin"], cells=BOX, seed=seed)
    origin = answer["tile"]["origin"]
    assert origin.count('"parent"') == 1
    again = person.done("opened", origin=origin)
    np.testing.assert_array_equal(_grid(again), _grid(answer))


def test_a_redo_forgets_paint_that_it_covers_and_no_other(person: Person) -> None:
    tile = person.sample()
    painted = person.done("painted", origin=tile["origin"], edits=[[4, 5, 1], [0, 0, 1], [0, 1, 1], [4, 6, 0]])
    redone = person.done("redone", origin=painted["tile"]["origin"], cells=BOX, seed=3)
    np.testing.assert_array_equal(_grid(redone)[~_mask()], _grid(painted)[~_mask()])
    np.testing.assert_array_equal(_grid(person.done("opened", origin=redone["tile"]["origin"])), _grid(redone))


def test_the_way_is_told_or_why_there_is_none(person: Person) -> None:
    answer = person.done("walked", origin=person.sample()["origin"])
    assert answer["reachable"] in (True, False, None)
    assert answer["why"].endswith(".")
    for (row, column), (next_row, next_column) in zip(answer["path"], answer["path"][1:], strict=False):
        assert max(abs(row - next_row), abs(column - next_column)) == 1


def test_what_surprises_the_model_is_told_for_each_cell(person: Person) -> None:
    tile = person.sample()
    before = person.done("surprised", origin=tile["origin"])
    assert person.done("opened", origin=tile["origin"])["canSurprise"] is True
    tenths = np.frombuffer(base64.b64decode(before["tenths"]), dtype=np.uint8)
    assert tenths.shape == (16 * 20,)
    assert (before["veil"]["height"], before["veil"]["width"]) == (16, 20)
    assert before["veil"]["picture"].startswith("data:image/png;base64,")
    assert abs(tenths[tenths < 255].mean() / 10 - before["mean"]) < 0.1
    row, column = before["strongest"]
    assert tenths[row * 20 + column] == tenths.max()
    odd = _grid(person.done("opened", origin=tile["origin"]))[::-1]
    edits = [[row, column, int(odd[row, column])] for row, column in np.ndindex(odd.shape)]
    painted = person.done("painted", origin=tile["origin"], edits=edits)["tile"]
    after = person.done("surprised", origin=painted["origin"])
    assert after["mean"] > before["mean"]


def test_repair_tells_what_it_changed_and_the_level_can_be_walked(person: Person) -> None:
    tile = person.sample()
    before = _grid(person.done("opened", origin=tile["origin"]))
    wall = person.done("opened", origin=tile["origin"])["legend"]
    solid = next(one["id"] for one in wall if "solid" in one["tags"])
    blocked = person.done("painted", origin=tile["origin"], edits=[[row, 10, solid] for row in range(16)])
    answer = person.done("repaired", origin=blocked["tile"]["origin"])
    differs = np.argwhere(_grid(answer) != _grid(blocked)).tolist()
    assert answer["changed"] == differs
    assert person.done("walked", origin=answer["tile"]["origin"])["reachable"] is True
    assert before.shape == _grid(answer).shape


def test_repair_changes_no_pinned_cell(person: Person) -> None:
    tile = person.sample()
    legend = person.done("opened", origin=tile["origin"])["legend"]
    solid = next(one["id"] for one in legend if "solid" in one["tags"])
    blocked = person.done("painted", origin=tile["origin"], edits=[[row, 10, solid] for row in range(16)])
    origin = blocked["tile"]["origin"]
    changed = person.done("repaired", origin=origin)["changed"]
    assert changed
    pins = [[row * 20 + column, 1] for row, column in changed]
    again = person.done("repaired", origin=origin, pins=pins)["changed"]
    assert not {tuple(cell) for cell in changed} & {tuple(cell) for cell in again}
    stuck = person.done("repaired", origin=origin, pins=[[0, 16 * 20]])
    assert stuck["changed"] == []
    assert stuck["said"].endswith(".")
    for wrong in ("x", [[0, 16 * 20 + 1]], [[-1, 2]], [{}]):
        assert "error" in person.ask("repaired", origin=origin, pins=wrong)


def test_what_was_changed_is_kept_by_its_origin_with_one_undo(person: Person) -> None:
    tile = person.sample()
    redone = person.done("redone", origin=tile["origin"], cells=BOX, seed=8)
    other = int(_grid(redone)[0, 0]) ^ 1  # outside the box, so that it is another level whatever the draw gave
    made = person.done("painted", origin=redone["tile"]["origin"], edits=[[0, 0, other]])["tile"]
    wanted = [{"origin": one["origin"], "name": f"Hall {index}"} for index, one in enumerate((tile, made))]
    kept = person.done("keep_made", made=wanted, picture="data:forged")["items"]
    assert {item["digest"] for item in kept} == {tile["digest"], made["digest"]}
    shown = person.done("pictures", ids=[item["id"] for item in kept])["tiles"]
    assert sorted(one["name"] for one in shown) == ["Hall 0", "Hall 1"]
    assert person.done("undo")["items"] == []


def test_shaped_samples_are_kept_as_they_were_seen(person: Person) -> None:
    shape = {"exits": ["north", "south"], "nudges": {"solid": -1}, "playable": True}
    tiles = person.done("samples", **WISH, shape=shape, start=0, count=3)["tiles"]
    kept = person.done("keep_made", made=[{"origin": one["origin"], "name": one["name"]} for one in tiles])["items"]
    assert {item["digest"] for item in kept} == {one["digest"] for one in tiles}
    for one in tiles:
        assert person.done("walked", origin=one["origin"])["reachable"] is True
        assert (one["seed"], one["index"]) == (5, tiles.index(one))


@pytest.fixture
def orphan(person: Person, home: Path) -> tuple[Person, dict[str, Any]]:
    """A kept level whose model is gone."""
    tile = person.sample()
    item = person.done("keep_made", made=[{"origin": tile["origin"], "name": "Old hall"}])["items"][0]
    shutil.rmtree(home / "models" / LEVELS)
    return person, {**item, "origin": tile["origin"]}


def test_a_kept_level_can_be_painted_when_its_model_is_gone(orphan: tuple[Person, dict[str, Any]]) -> None:
    person, item = orphan
    assert "not on this machine" in person.ask("opened", origin=item["origin"])["error"]
    base = {"origin": item["origin"], "item": item["id"]}
    opened = person.done("opened", **base)
    assert opened["canFill"] is False
    assert opened["canSurprise"] is False
    assert "not here any more" in person.ask("surprised", **base)["error"]
    assert opened["why"]
    assert "error" in person.ask("redone", **base, cells=BOX, seed=1)
    answer = person.done("painted", **base, edits=[[2, 3, int(_grid(opened)[2, 3]) ^ 1]])
    answer = person.done("painted", origin=answer["tile"]["origin"], item=item["id"], edits=[[5, 5, 1]])
    made = {"origin": answer["tile"]["origin"], "name": "New hall", "item": item["id"]}
    kept = person.done("keep_made", made=[made])["items"]
    assert answer["tile"]["digest"] in {one["digest"] for one in kept}
    # The changed one is worked on in its turn, from what was stored.
    last = max(kept, key=lambda one: one["id"])
    opened = person.done("opened", origin=made["origin"], item=last["id"])
    np.testing.assert_array_equal(_grid(opened), _grid(answer))
    person.done("painted", origin=made["origin"], item=last["id"], edits=[[6, 6, 1]])


def test_the_items_of_others_are_not_opened(home: Path) -> None:
    person = Person(Mode.PUBLIC)
    one, two = (person.done("board")["secret"] for _ in range(2))
    made = [{"origin": person.sample()["origin"], "name": "Mine"}]
    item = person.done("keep_made", made=made, secret=one)["items"][0]["id"]
    asked = {"origin": made[0]["origin"], "item": item}
    assert "error" in person.ask("opened", **asked, secret=two)
    assert "error" in person.ask("opened", **asked)
    assert person.done("opened", **asked, secret=one)["rows"] == 16


def _nested(depth: int, tile: dict[str, Any]) -> str:
    text = str(tile["origin"])
    for _ in range(depth):
        text = '{"kind":"edit","parent":' + text + ',"edits":[[0,0,0]]}'
    return text


def test_origins_that_cannot_be(person: Person) -> None:
    tile = person.sample()
    origin = ORIGIN.validate_json(tile["origin"])
    vast = origin.model_copy(update={"size": (100_000, 100_000)})
    latent = {"kind": "latent", "checkpoint": "0" * 64, "model": "x", "z": [0.5]}
    far = {**latent, "checkpoint": origin.checkpoint, "z": [1e30]}
    long = {**latent, "checkpoint": origin.checkpoint, "z": [0.0] * 5000}
    brought = {"kind": "import", "file": "x", "digest": "0" * 64}
    hostile: list[Any] = [
        None, 3, "", "{}", "[" * 5000, "x" * 100, {"kind": "seed"}, latent, ORIGIN.validate_python(latent).model_dump_json(),
        ORIGIN.validate_python(far).model_dump_json(), ORIGIN.validate_python(long).model_dump_json(),
        ORIGIN.validate_python(brought).model_dump_json(), vast.model_dump_json(), _nested(101, tile), _nested(5000, tile),
        tile["origin"].replace(origin.checkpoint, "0" * 64), tile["origin"][:-1] + ',"extra":1}',
    ]  # fmt: skip
    for one in hostile:
        for name, rest in (("opened", {}), ("walked", {}), ("surprised", {}), ("painted", {"edits": [[0, 0, 0]]})):
            assert set(person.ask(name, origin=one, **rest)) == {"error"}, str(one)[:80]
        assert set(person.ask("keep_made", made=[{"origin": one, "name": "x"}])) == {"error"}
    assert "genworld itself" not in person.ask("opened", origin=hostile[-1])["error"]


@pytest.mark.parametrize(
    "edits", [None, [], [[0, 0]], [[0, 0, 0, 0]], [["0", 0, 0]], [[-1, 0, 0]], [[0, 20, 0]], [[0, 0, 200]], [3], {}]
)
def test_paint_that_cannot_be(person: Person, edits: Any) -> None:
    said = person.ask("painted", origin=person.sample()["origin"], edits=edits)
    assert set(said) == {"error"}
    assert "genworld itself" not in said["error"]


@pytest.mark.parametrize("cells", [None, [], [[0]], [[0, 0]], [[0, 321]], [[319, 2]], [[-1, 2]], [[0, 1.5]], ["x"], {}])
def test_marks_that_cannot_be(person: Person, cells: Any) -> None:
    said = person.ask("redone", origin=person.sample()["origin"], cells=cells, seed=1)
    assert set(said) == {"error"}
    assert "genworld itself" not in said["error"]
