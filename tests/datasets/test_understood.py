"""What a person is shown before anything is learned: sizes, legend with pictures, examples, licence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genworld.content import Legend, Level, LevelSpec, Sprite, Style, Tag, Tile
from genworld.datasets import READERS, Dataset, open_dataset, recognise
from genworld.datasets.understood import (
    EXAMPLE_SIDE,
    TILE_SIDE,
    licence_in_words,
    shrunk,
    sizes_in_words,
    thumbnail,
    understood,
)
from genworld.provenance import DataSource

LEGEND = Legend(
    "tiny",
    Style.TOP_DOWN,
    (
        Tile("#", "wall", frozenset({Tag.SOLID})),
        Tile(".", "floor", frozenset({Tag.PASSABLE})),
        Tile("~", "never used", frozenset({Tag.LIQUID})),
    ),
    "dungeon",
)


def level(width: int, height: int) -> Level:
    grid = np.ones((height, width), np.uint8)
    grid[0] = 0
    return Level(grid, LEGEND)


def levels(*sizes: tuple[int, int]) -> Dataset:
    made = tuple(level(*size) for size in sizes)
    labels = np.zeros((len(made), 0), np.uint8)
    names = tuple(map(str, range(len(made))))
    return Dataset(
        "tiny", LevelSpec(LEGEND), made, labels, names, DataSource(name="tiny", licence="unknown"), ("Note.",)
    )


def test_levels_are_told_by_their_tiles() -> None:
    told = understood(levels((4, 3), (5, 5)), READERS["text"])
    assert (told.title, told.reader, told.kind, told.count) == ("tiny", "Text levels", "level", 2)
    assert told.sizes == "2 maps, 4 x 3 to 5 x 5 tiles"
    assert [(entry.name, entry.tags, entry.count) for entry in told.legend] == [
        ("floor", ("passable",), 28),
        ("wall", ("solid",), 9),
    ]
    assert all(entry.picture.shape[2] == 4 and max(entry.picture.shape[:2]) <= TILE_SIDE for entry in told.legend)
    assert told.style is Style.TOP_DOWN
    assert told.notes == ("Note.",)
    assert [picture.shape for picture in told.pictures] == [(48, 64, 4), (80, 80, 4)]


def test_sprites_are_told_by_their_classes(blots: Dataset) -> None:
    told = understood(blots, READERS["images"])
    assert (told.kind, told.legend, told.style) == ("sprite", (), None)
    assert told.sizes == "24 sprites of 16 x 16 pixels"
    assert told.classes == (("round", 12), ("square", 12))
    assert np.array_equal(told.pictures[0], blots.sprites[0].pixels)
    assert np.array_equal(told.pictures[-1], blots.sprites[-1].pixels)
    assert len(told.pictures) == 6


def test_one_thing_is_singular() -> None:
    assert sizes_in_words([level(40, 30)]) == "1 map of 40 x 30 tiles"
    assert sizes_in_words([Sprite(np.zeros((3, 2, 4), np.uint8))]) == "1 sprite of 2 x 3 pixels"


@pytest.mark.parametrize(
    ("licence", "sellable", "said"),
    [
        ("CC0-1.0", True, "Licence CC0-1.0: what comes of it may be sold."),
        ("CC-BY-NC-4.0", False, "Licence CC-BY-NC-4.0: what comes of it may not be sold."),
        ("GPL-3.0", None, "Licence GPL-3.0: read it before you sell what comes of it."),
        ("unknown", None, "Nobody said what licence these files have: share what comes of them only where you may."),
    ],
)
def test_licences_are_told_in_words(licence: str, sellable: bool | None, said: str) -> None:
    assert licence_in_words(DataSource(name="x", licence=licence, sellable=sellable)) == said


def test_a_huge_level_is_drawn_in_part() -> None:
    shape = thumbnail(level(2000, 3)).shape
    assert shape[1] <= EXAMPLE_SIDE
    assert shape[0] == 12  # three rows of 16 pixels, a quarter as large


def test_shrinking_takes_means_and_mixes_no_clear_colour() -> None:
    pixels = np.zeros((2, 4, 4), np.uint8)
    pixels[0, 0] = (200, 100, 0, 255)
    pixels[:, 2:] = (10, 20, 30, 255)
    assert shrunk(pixels, 2).tolist() == [[[200, 100, 0, 64], [10, 20, 30, 255]]]
    assert shrunk(pixels, 4) is pixels
    assert shrunk(np.full((1, 9, 4), 255, np.uint8), 3).shape == (1, 3, 4)


def test_what_is_recognised_is_what_is_understood(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("##\n..\n")
    (tmp_path / "tiles.json").write_text(
        '{"tiles": {"#": {"meaning": "wall", "tags": ["solid"]}, ".": {"meaning": "floor", "tags": ["passable"]}}}'
    )
    reader = recognise(tmp_path / "a.txt")
    told = understood(open_dataset(str(tmp_path / "a.txt")), reader)
    assert (told.reader, told.sizes) == ("Text levels", "1 map of 2 x 2 tiles")
