"""Tilesheets: the grid is guessed, empty cells and copies are left out, what was done is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genworld.content import Picture, SpriteSpec
from genworld.datasets import open_dataset, recognise
from genworld.datasets.grid import SURE, guess_grid
from genworld.errors import GenworldError
from genworld.seeding import numpy_stream


def tile(height: int, width: int, index: int, opaque: bool) -> Picture:
    """A tile that looks drawn: a ground with a few strokes, or a blot that stands clear of the border."""
    random = numpy_stream(index, "tile")
    pixels = np.zeros((height, width, 4), np.uint8)
    inside = (slice(None), slice(None)) if opaque else (slice(1, height - 1), slice(2, width - 2))
    pixels[inside] = (*random.integers(30, 255, 3), 255)
    for _ in range(3):
        row, column = random.integers(2, height - 2), random.integers(3, width - 3)
        pixels[row, 3 : width - 3] = (*random.integers(0, 255, 3), 255)
        pixels[3 : height - 3, column] = (*random.integers(0, 255, 3), 255)
    return pixels


def sheet(
    rows: int, columns: int, size: tuple[int, int], margin: int = 0, spacing: int = 0, *, opaque: bool = True
) -> Picture:
    """A sheet of distinct tiles."""
    height, width = size
    tall = 2 * margin + rows * (height + spacing) - spacing
    wide = 2 * margin + columns * (width + spacing) - spacing
    pixels = np.zeros((tall, wide, 4), np.uint8)
    for index in range(rows * columns):
        top = margin + index // columns * (height + spacing)
        left = margin + index % columns * (width + spacing)
        pixels[top : top + height, left : left + width] = tile(height, width, index, opaque)
    return pixels


def saved(path: Path, pixels: Picture) -> Path:
    Image.fromarray(pixels).save(path)
    return path


@pytest.mark.parametrize("opaque", [True, False], ids=["ground", "blots"])
@pytest.mark.parametrize("side", [8, 16, 24, 48])
@pytest.mark.parametrize(("margin", "spacing"), [(0, 0), (0, 1), (1, 1), (2, 4), (3, 0)])
def test_the_grid_is_guessed(side: int, margin: int, spacing: int, opaque: bool) -> None:
    opaque = opaque or bool(margin and not spacing)  # clear pixels around blots belong to the tile or to the margin
    grid = guess_grid(sheet(5, 7, (side, side), margin, spacing, opaque=opaque))
    assert (grid.height, grid.width, grid.margin, grid.spacing) == (side, side, margin, spacing)
    assert grid.score >= SURE


def test_tiles_need_not_be_square() -> None:
    grid = guess_grid(sheet(6, 8, (32, 16)))
    assert (grid.height, grid.width) == (32, 16)


def test_what_a_person_gives_is_taken() -> None:
    pixels = sheet(4, 8, (16, 16))
    assert guess_grid(pixels, (32, 32)).height == 32
    assert guess_grid(sheet(4, 8, (16, 16), 1, 2), (16, 16)).spacing == 2
    assert list(guess_grid(pixels, (16, 16), 1, 3).cells(40, 40)) == [(1, 1), (1, 20), (20, 1), (20, 20)]


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (64, 64), (300, 200), (1, 400)])
def test_a_sheet_without_a_grid_is_assumed_to_have_a_usual_one(shape: tuple[int, int]) -> None:
    grid = guess_grid(np.full((*shape, 4), 200, np.uint8))
    assert grid.score < SURE
    assert shape != (64, 64) or (grid.height, grid.width) == (16, 16)
    assert next(grid.cells(*shape)) == (0, 0)


def test_a_lone_sheet_becomes_sprites(tmp_path: Path) -> None:
    pixels = sheet(3, 4, (16, 16), 1, 1, opaque=False)
    pixels[1:17, 1:17] = 0  # an empty cell
    pixels[18:34, 1:17] = pixels[18:34, 18:34]  # and a copy
    path = saved(tmp_path / "heroes.png", pixels)
    saved(tmp_path / "other.png", pixels)  # what lies beside a chosen file does not count
    assert recognise(path).name == "tilesheet"
    dataset = open_dataset(str(path))
    assert dataset.spec == SpriteSpec(16, 16)
    assert (dataset.name, len(dataset)) == ("heroes", 10)
    assert np.array_equal(dataset.sprites[0].pixels, pixels[1:17, 18:34])
    assert len(set(dataset.groups)) == 3
    assert dataset.notes == (
        "Sliced into 10 tiles of 16 x 16 with margin 1 and spacing 1.",
        "Left out 1 exact copy and 1 empty cell.",
    )


def test_the_slicing_can_be_corrected(tmp_path: Path) -> None:
    path = saved(tmp_path / "sheet.png", sheet(4, 8, (16, 16)))
    assert len(open_dataset(str(path))) == 32
    dataset = open_dataset(str(path), size=(16, 32), margin=0, spacing=0, title="Doors", licence="CC0-1.0")
    assert dataset.array().shape == (16, 16, 32, 4)
    assert (dataset.name, dataset.source.sellable) == ("Doors", True)


def test_several_sheets_are_classes_of_one_size(tmp_path: Path) -> None:
    for name, size in (("a", 16), ("b", 16), ("c", 32)):
        saved(tmp_path / f"{name}.png", sheet(10, 10, (size, size)))
    dataset = open_dataset(str(tmp_path))
    assert dataset.spec == SpriteSpec(16, 16, ("a", "b", "c"))
    assert dataset.labels.sum(axis=0).tolist()[:2] == [100, 0]  # b repeats a: exact copies
    assert any("exact copies" in note for note in dataset.notes)


def test_a_small_picture_is_one_sprite(tmp_path: Path) -> None:
    assert recognise(saved(tmp_path / "hero.png", sheet(2, 2, (16, 16)))).name == "images"


def test_sprites_in_a_folder_are_no_sheets(tmp_path: Path) -> None:
    for index in range(3):
        saved(tmp_path / f"{index}.png", sheet(2, 4, (16, 16)))
    assert recognise(tmp_path).name == "images"


def test_doubt_is_told(tmp_path: Path) -> None:
    pixels = np.zeros((160, 160, 4), np.uint8)
    pixels[..., 3] = 255
    notes = open_dataset(str(saved(tmp_path / "dark.png", pixels))).notes
    assert notes[-1] == "No clear grid shows in dark: give the size if tiles look cut in two."


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"size": 0}, "Height of sprites is a whole number from 1"),
        ({"size": 4000}, "Height of sprites"),
        ({"margin": -1}, "Margin is a whole number from 0"),
        ({"spacing": float("nan")}, "Spacing is a whole number"),
        ({"sise": 16}, "Did you mean 'size'"),
    ],
)
def test_options_out_of_range_are_refused(tmp_path: Path, options: dict[str, object], part: str) -> None:
    path = saved(tmp_path / "sheet.png", sheet(4, 8, (16, 16)))
    with pytest.raises(GenworldError, match=part):
        open_dataset(f"tilesheet:{path}", **options)


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "clear.png", np.zeros((200, 200, 4), np.uint8))
    with pytest.raises(GenworldError, match=r"Every cell of clear\.png is empty"):
        open_dataset(str(path))
