"""Forms made from config classes, and what browsers send of them."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from genworld.errors import GenworldError
from genworld.models import FAMILIES
from genworld.ui import forms


class Settings(BaseModel):
    """One field of each kind."""

    steps: int = Field(100, ge=1, le=1000, description="training steps")
    learning_rate: float = Field(0.1, gt=0, le=1, description="step size")
    half: bool = Field(True, description="in 16 bits")
    flips: Literal["none", "mirror"] = Field("none", description="symmetries")
    bands: int | None = Field(None, ge=0, le=64, description="height bands")


def _field(name: str, **suited: Any) -> dict[str, Any]:
    return next(one for one in forms.fields(Settings, suited) if one["name"] == name)


def test_each_field_is_told_with_range_default_and_description() -> None:
    assert _field("steps") == {
        "name": "steps",
        "title": "Steps",
        "about": "training steps",
        "kind": "whole",
        "low": 1,
        "high": 1000,
        "above": False,
        "choices": [],
        "optional": False,
        "value": 100,
    }
    rate = _field("learning_rate")
    assert (rate["kind"], rate["low"], rate["above"], rate["title"]) == ("real", 0, True, "Learning rate")
    assert _field("half")["kind"] == "switch"
    assert _field("flips")["choices"] == ["none", "mirror"]
    assert (_field("bands")["optional"], _field("bands")["value"]) == (True, None)


def test_what_suits_stands_in_for_the_default() -> None:
    assert _field("steps", steps=7)["value"] == 7


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_setting_of_every_family_has_a_control(family: str) -> None:
    config = FAMILIES[family].Config
    fields = forms.fields(config)
    assert [one["name"] for one in fields] == list(config.model_fields)
    assert all(one["about"] for one in fields)
    defaults = {one["name"]: one["value"] for one in fields}
    assert forms.read(config, defaults) == defaults
    assert config.model_validate(defaults) == config()


GOOD = {"steps": 1000, "learning_rate": 1, "half": False, "flips": "mirror", "bands": None}


def test_what_fits_is_read() -> None:
    assert forms.read(Settings, GOOD) == GOOD


NUMBERS = [float("nan"), float("inf"), -1, 10**400, "16", None, True, [], {}, "x" * 1_000_000]


@pytest.mark.parametrize("value", [*NUMBERS, 17.3, 0, 1001])
def test_a_whole_number_is_nothing_else(value: Any) -> None:
    with pytest.raises(GenworldError, match="Steps is a whole number from 1 to 1000"):
        forms.read(Settings, {"steps": value})


@pytest.mark.parametrize("value", [*NUMBERS, 0, 1.01])
def test_a_real_number_is_nothing_else(value: Any) -> None:
    with pytest.raises(GenworldError, match="Learning rate is"):
        forms.read(Settings, {"learning_rate": value})


@pytest.mark.parametrize("value", [1, "true", None, float("nan")])
def test_a_switch_is_on_or_off(value: Any) -> None:
    with pytest.raises(GenworldError, match="Half is on or off"):
        forms.read(Settings, {"half": value})


@pytest.mark.parametrize("value", [None, "turns", "x" * 1_000_000, 3])
def test_a_choice_is_one_of_its_own(value: Any) -> None:
    with pytest.raises(GenworldError):
        forms.read(Settings, {"flips": value})


@pytest.mark.parametrize("sent", [None, [], "steps", float("nan"), {"step": 3}, {"__proto__": 1}, {3: 4}])
def test_settings_come_by_names_that_are_known(sent: Any) -> None:
    with pytest.raises(GenworldError) as fault:
        forms.read(Settings, sent)
    assert len(fault.value.sentence) < 600


def test_a_kind_of_setting_without_a_control_is_noticed() -> None:
    class Odd(BaseModel):
        names: list[str] = Field([], description="names")

    with pytest.raises(TypeError, match="no control"):
        forms.fields(Odd)
