"""Recipes say what the bundled models record."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from genworld import checkpoint, paths
from genworld.datasets.public import CATALOGUE
from genworld.errors import GenworldError
from genworld.models import configure
from genworld.training.recipes import RECIPES, recipe


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipe_is_what_the_bundled_model_records(name: str) -> None:
    made = checkpoint.read(paths.shipped("checkpoints") / name)
    told, run = recipe(name), made.manifest.run
    last = told.settings(len(told.stages) - 1)
    assert made.family == told.family
    assert configure(told.family, made.manifest.config) == configure(told.family, last)
    assert (run.window, run.least_open, run.hold_out) == (
        told.cuts.window,
        told.cuts.least_open,
        told.cuts.hold_out,
    )
    assert run.seed == told.seed
    config = made.manifest.config
    assert run.steps == config.get("steps", config.get("order", 0) + 1), "a chain of order n takes n + 1 steps"
    assert (made.title, made.summary) == (told.title, told.summary)
    assert len(run.command.split("&&")) == len(told.stages)


@pytest.mark.parametrize("name", RECIPES)
def test_the_commands_on_the_card_are_those_of_the_recipe(name: str) -> None:
    run, told = checkpoint.read(paths.shipped("checkpoints") / name).manifest.run, recipe(name)
    for stage, command in enumerate(run.command.split("&&")):
        words = shlex.split(command)
        changed = dict(words[at + 1].split("=", 1) for at, word in enumerate(words) if word == "--set")
        assert configure(told.family, changed) == configure(told.family, dict(told.stages[stage]))


def test_the_data_of_recipes_are_built_in_or_fetched_or_asked_for() -> None:
    for each in RECIPES.values():
        if each.data.startswith("data:"):
            assert each.public is not None
            assert each.data.removeprefix("data:") in CATALOGUE[each.public.name].parts
        elif each.data.startswith("builtin:"):
            each.require_data()
            assert each.order().data == each.data
        else:
            with pytest.raises(GenworldError, match=f"genworld train FOLDER --recipe {each.name}$"):
                each.require_data()


@pytest.mark.parametrize(("name", "fetched"), [("adventurers", "dcss"), ("dungeon", "freedoom")])
def test_data_that_are_missing_are_named_as_one_fetches_them(
    name: str, fetched: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path))
    with pytest.raises(GenworldError, match=f"genworld data fetch {fetched}$"):
        recipe(name).require_data()


def test_orders_of_recipes_can_be_written_down() -> None:
    for each in RECIPES.values():
        order = each.order()
        assert type(order).checked(order.spec) == order
        assert order.data == each.data


def test_a_model_of_other_settings_is_no_stage(tmp_path: Path) -> None:
    other = checkpoint.read(paths.shipped("checkpoints") / "dungeon")
    with pytest.raises(GenworldError, match="other settings"):
        recipe("adventurers").stage(other)
    assert recipe("dungeon").stage(other) == 0


def test_an_unknown_recipe_is_refused() -> None:
    with pytest.raises(GenworldError, match="adventurers"):
        recipe("adventurer")
