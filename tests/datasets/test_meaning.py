"""Tags from words, the style from maps, characters and names for a legend."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile
from genworld.datasets import Dataset
from genworld.datasets.meaning import (
    chosen_style,
    corrected,
    distinct_chars,
    guess_style,
    tags_of_words,
    unique_names,
)
from genworld.errors import GenworldError
from genworld.provenance import DataSource


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("wall", "solid"),
        ("Walls", "solid"),
        ("brickWall_02", "solid"),
        ("collides", "solid"),
        ("collides: true", "solid"),
        ("collides: false", ""),
        ("not solid", ""),
        ("rock floor", "passable"),
        ("floor rock", "solid"),
        ("Wall shadows", ""),
        ("thin platform", "solid-top"),
        ("one-way oneway wall", "solid-top"),
        ("ladders", "passable climbable"),
        ("LAVA", "passable liquid hazard"),
        ("Spikes", "passable hazard"),
        ("locked door", "solid door"),
        ("door", "passable door"),
        ("keys", "passable key"),
        ("Coins", "passable item"),
        ("treasure chest", "passable item"),
        ("enemy spawn", "passable enemy"),
        ("enemies", "passable enemy"),
        ("PlayerStart", "passable start"),
        ("level exit", "passable goal"),
        ("boxes", "solid pushable"),
        ("water", "solid liquid"),
        ("shallow water", "solid liquid"),
        ("IntGrid layer 1", ""),
        ("", ""),
        ("été 東京", ""),
    ],
)
def test_words_say_what_a_tile_does(words: str, tags: str) -> None:
    assert tags_of_words(words) == {Tag(tag) for tag in tags.split()}


def test_ground_and_water_depend_on_the_style() -> None:
    assert tags_of_words("dirt", Style.PLATFORMER) == {Tag.SOLID}
    assert tags_of_words("dirt", Style.BOX_PUSHING) == {Tag.PASSABLE}
    assert tags_of_words("water", Style.PLATFORMER) == {Tag.PASSABLE, Tag.LIQUID}


@given(text=st.text(max_size=80))
def test_any_words_give_at_most_one_way_to_walk(text: str) -> None:
    assert len(tags_of_words(text) & {Tag.SOLID, Tag.PASSABLE, Tag.SOLID_TOP}) <= 1


def tile(char: str, *tags: Tag) -> Tile:
    return Tile(char, char, frozenset(tags))


AIR, GROUND = tile(".", Tag.PASSABLE, Tag.EMPTY), tile("#", Tag.SOLID)


def grid(*rows: str) -> np.ndarray:
    return np.array([[".#x".index(char) for char in row] for row in rows], np.uint8)


@pytest.mark.parametrize(
    ("other", "rows", "style"),
    [
        (tile("x", Tag.CLIMBABLE), ("....", ".x..", "####"), Style.PLATFORMER),
        (tile("x", Tag.CLIMBABLE), ("####", "#..#", "####"), Style.TOP_DOWN),  # in the legend, but never used
        (tile("x", Tag.SOLID_TOP), ("....", ".x..", "...."), Style.PLATFORMER),
        (tile("x"), ("......", "......", "..####"), Style.PLATFORMER),
        (tile("x"), ("######", "#....#", "######"), Style.TOP_DOWN),
        (tile("x", Tag.PUSHABLE, Tag.GOAL), ("####", "#x.#", "####"), Style.BOX_PUSHING),
        (tile("x", Tag.PUSHABLE), ("####", "#x.#", "####"), Style.TOP_DOWN),
    ],
)
def test_the_style_is_seen_in_the_map(other: Tile, rows: tuple[str, ...], style: Style) -> None:
    assert guess_style([grid(*rows)], (AIR, GROUND, other)) is style


def test_ground_to_walk_on_is_seen_from_above() -> None:
    rows = ("......", "......", "..####")
    assert guess_style([grid(*rows)], (AIR, GROUND, tile("x"))) is Style.PLATFORMER
    assert guess_style([grid(*rows)], (tile(".", Tag.PASSABLE), GROUND, tile("x"))) is Style.TOP_DOWN
    assert guess_style([grid(*rows)], (tile("."), GROUND, tile("x"))) is Style.PLATFORMER  # nothing is said of it


def test_things_that_stand_on_ground_are_a_sign() -> None:
    thing = tile("x", Tag.PASSABLE, Tag.ITEM)
    assert guess_style([grid("######", "#.x..#", "#.##.#", "#x.x.#", "#####.")], (AIR, GROUND, thing)) is Style.TOP_DOWN
    assert (
        guess_style([grid("......", "#.xx.#", ".###..", ".x.x..", ".####.")], (AIR, GROUND, thing)) is Style.PLATFORMER
    )


def test_without_tags_the_most_frequent_tile_is_taken_for_open() -> None:
    plain = (tile("."), tile("#"), tile("x"))
    assert guess_style([grid(".....", ".....", "#x#x#")], plain) is Style.PLATFORMER
    assert guess_style([], plain) is Style.TOP_DOWN


def sample(tileset: str = "dungeon") -> Dataset:
    legend = Legend("l", Style.TOP_DOWN, (AIR, GROUND), tileset)
    level = Level(np.zeros((2, 2), np.uint8), legend)
    source = DataSource(name="x", licence="unknown", digest="0" * 64)
    return Dataset("x", LevelSpec(legend), (level,), np.zeros((1, 0), np.uint8), ("a",), source)


def test_corrections_reach_every_level_and_the_digest() -> None:
    made = corrected(sample(), "platformer", {"#": ["solid", "hazard"]})
    assert isinstance(made.spec, LevelSpec)
    assert made.levels[0].legend == made.spec.legend
    assert made.spec.legend.ids(Tag.HAZARD) == (1,)
    assert made.spec.legend.tileset == "platformer"
    assert made.source.digest == made.digest != sample().digest
    assert corrected(made, "top-down").spec.legend.tileset == "dungeon"  # type: ignore[union-attr]
    assert corrected(sample("art:" + "0" * 64), "platformer").spec.legend.tileset.startswith("art:")  # type: ignore[union-attr]


def test_nothing_to_correct_leaves_the_data_as_they_are(blots: Dataset) -> None:
    data = sample()
    assert corrected(data) is data
    assert corrected(blots) is blots
    with pytest.raises(GenworldError, match="holds sprites"):
        corrected(blots, "platformer")
    with pytest.raises(GenworldError, match="no style"):
        corrected(replace(data), "isometric")
    assert chosen_style(None) is None


def test_characters_are_distinct_and_can_be_read() -> None:
    chars = distinct_chars(255)
    assert len(set(chars)) == 255
    assert distinct_chars(3) == ("a", "b", "c")
    assert all(char.isprintable() and not unicodedata.combining(char) and char not in ' ;"\\' for char in chars)
    assert all(len(unicodedata.normalize("NFC", char)) == 1 for char in chars)
    with pytest.raises(GenworldError, match="merge"):
        distinct_chars(256)


@given(names=st.lists(st.text(max_size=120) | st.sampled_from(["wall", "wall 2", "wall 3"]), max_size=40))
def test_names_are_unique_and_fit_on_a_line(names: list[str]) -> None:
    made = unique_names(names)
    assert len(made) == len(set(made)) == len(names)
    assert all(name.isprintable() and 0 < len(name) <= 80 for name in made)


def test_names_lose_what_does_not_show() -> None:
    assert unique_names(["  a\n\tb\u202e\x07 ", "a b"]) == ("a b", "a b 2")
