from __future__ import annotations

import math
from typing import Any

import pytest

from genworld.errors import GenworldError
from genworld.limits import LIMITS
from genworld.mode import Mode
from genworld.ui import asked

BOUNDS = LIMITS[Mode.PUBLIC]
WISH: dict[str, Any] = {"model": "a", "seed": 1, "condition": ["x"], "variety": 0.5, "rows": 8, "columns": 9}
WRONG: list[Any] = [math.nan, math.inf, -1, 10**400, 10**5000, "16", None, True, [], {}, 17.3]


def test_a_wish_is_read() -> None:
    wish = asked.wish(WISH, BOUNDS)
    assert wish == asked.Wish("a", 1, ("x",), 0.5, (8, 9))


def test_what_is_left_out_is_the_models_own() -> None:
    wish = asked.wish({"model": "a", "seed": 0}, BOUNDS)
    assert (wish.condition, wish.variety, wish.size) == ((), None, None)


@pytest.mark.parametrize("name", ["seed", "rows", "columns"])
@pytest.mark.parametrize("value", WRONG, ids=lambda value: str(type(value)))
def test_numbers_that_cannot_be(name: str, value: Any) -> None:
    with pytest.raises(GenworldError):
        asked.wish({**WISH, name: value}, BOUNDS)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, 1e9, "1", True, []], ids=repr)
def test_varieties_that_cannot_be(value: Any) -> None:
    with pytest.raises(GenworldError):
        asked.wish({**WISH, "variety": value}, BOUNDS)


@pytest.mark.parametrize("value", ["", "x" * 81, None, 3, ["a"], {"a": 1}], ids=repr)
def test_model_names_that_cannot_be(value: Any) -> None:
    with pytest.raises(GenworldError):
        asked.wish({**WISH, "model": value}, BOUNDS)


@pytest.mark.parametrize("value", ["warm", [1], [""], ["x"] * 1000, None, {"0": "x"}], ids=repr)
def test_classes_that_cannot_be(value: Any) -> None:
    with pytest.raises(GenworldError):
        asked.wish({**WISH, "condition": value}, BOUNDS)


def test_a_level_may_not_be_larger_than_the_mode_allows() -> None:
    with pytest.raises(GenworldError, match=f"1 to {BOUNDS.level_side} tiles"):
        asked.wish({**WISH, "rows": BOUNDS.level_side + 1}, BOUNDS)


@pytest.mark.parametrize("value", [None, "", "short", "x" * 101, 5, "ü" * 30, ["x" * 40]], ids=repr)
def test_secrets_that_cannot_be(value: Any) -> None:
    with pytest.raises(GenworldError):
        asked.secret(value)


@pytest.mark.parametrize("value", [None, [], "12", [1] * 9, [None], [-1], [1.5], [True]], ids=repr)
def test_ids_that_cannot_be(value: Any) -> None:
    with pytest.raises(GenworldError):
        asked.ids(value, 8)


SHAPE: dict[str, Any] = {
    "exits": ["south", "north"],
    "ends": True,
    "nudges": {"solid": -1, "item": 0},
    "playable": True,
}


def test_a_shape_is_read() -> None:
    wished = asked.wish({**WISH, "shape": SHAPE}, BOUNDS).shape
    assert wished == asked.ShapeWish(("north", "south"), True, (("solid", -1.0),), True)


@pytest.mark.parametrize("shape", [None, {}, {"exits": []}, {"nudges": {"solid": 0}, "ends": False}], ids=repr)
def test_a_shape_without_a_wish_is_none(shape: Any) -> None:
    assert asked.wish({**WISH, "shape": shape}, BOUNDS).shape is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"exits": ["up"]},
        {"exits": "north"},
        {"exits": ["north"] * 9},
        {"ends": 1},
        {"playable": "yes"},
        {"nudges": {"solid": 5}},
        {"nudges": {"solid": math.nan}},
        {"nudges": {"solid": "1"}},
        {"nudges": {"sold": 1}},
        {"nudges": [["solid", 1]]},
    ],
    ids=repr,
)
def test_shapes_that_cannot_be(wrong: Any) -> None:
    with pytest.raises(GenworldError):
        asked.wish({**WISH, "shape": {**SHAPE, **wrong}}, BOUNDS)


@pytest.mark.parametrize("shape", [3, "playable", ["playable"], True], ids=repr)
def test_a_shape_is_an_object(shape: Any) -> None:
    with pytest.raises(GenworldError, match="A shape is an object"):
        asked.wish({**WISH, "shape": shape}, BOUNDS)
