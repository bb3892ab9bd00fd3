"""Sprites from pictures: sizes, classes, families, and what is told when it cannot be."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from genworld import limits
from genworld.datasets import open_dataset
from genworld.datasets.images import family, fitted
from genworld.errors import GenworldError


def save(path: Path, pixels: NDArray[np.uint8] | tuple[int, int], **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(pixels, tuple):
        pixels = np.full((*pixels, 4), 200, np.uint8)
    Image.fromarray(pixels).save(path, **options)
    return path


def numbered(height: int, width: int) -> NDArray[np.uint8]:
    """A picture whose every pixel is different and opaque."""
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 3] = np.arange(height)[:, None] + 1, np.arange(width)[None, :] + 1, 255
    return pixels


def refused(place: Path | str, **options: object) -> str:
    with pytest.raises(GenworldError) as caught:
        open_dataset(str(place), **options)
    assert "\n" not in caught.value.sentence
    return caught.value.sentence


def test_pixels_come_as_they_are(tmp_path: Path) -> None:
    pixels = numbered(6, 5)
    pixels[0, 0] = (9, 9, 9, 0)
    save(tmp_path / "art" / "a.png", pixels)
    data = open_dataset(str(tmp_path / "art"))
    assert (data.spec.height, data.spec.width) == (6, 5)
    assert data.sprites[0].pixels[0, 0].tolist() == [0, 0, 0, 0]
    assert np.array_equal(data.sprites[0].pixels[1:], pixels[1:])
    assert (data.source.licence, data.source.sellable) == ("unknown", None)
    assert data.source.digest == data.digest


def test_most_usual_size_wins_and_the_rest_is_fitted(tmp_path: Path) -> None:
    for name, shape in {"a": (8, 8), "b": (8, 8), "c": (4, 4), "d": (12, 12)}.items():
        save(tmp_path / "art" / f"{name}.png", numbered(*shape))
    data = open_dataset(str(tmp_path / "art"))
    assert data.array().shape == (4, 8, 8, 4)
    assert data.sprites[2].pixels[..., 3].any(axis=0).tolist() == [False] * 2 + [True] * 4 + [False] * 2
    assert data.sprites[2].pixels[-1, 2].tolist() == [4, 1, 0, 255]  # its lower edge is the lower edge


def test_fitting() -> None:
    small = numbered(2, 2)
    padded = fitted(small, (4, 4))
    assert np.array_equal(padded[2:, 1:3], small)
    assert padded[:2].sum() == 0
    assert np.array_equal(fitted(padded, (2, 2)), small)
    assert np.array_equal(fitted(small, (5, 4), "scale")[1:], small.repeat(2, axis=0).repeat(2, axis=1))
    large = numbered(3, 2).repeat(3, axis=0).repeat(3, axis=1)
    assert np.array_equal(fitted(large, (3, 2), "scale"), numbered(3, 2))


@pytest.mark.parametrize("kind", ["gif", "bmp", "webp", "jpg", "PNG"])
def test_other_formats_are_read(tmp_path: Path, kind: str) -> None:
    save(tmp_path / "art" / f"a.{kind}", np.full((3, 4, 3), 90, np.uint8))
    assert open_dataset(str(tmp_path / "art")).array().shape == (1, 3, 4, 4)


def test_folders_are_classes(tmp_path: Path) -> None:
    for name in ("orc/a.png", "orc/deep/b.png", "elf/a.png", "loose.png"):
        save(tmp_path / "art" / name, (4, 4))
    data = open_dataset(str(tmp_path / "art"))
    assert data.spec.classes == ("elf", "orc", "unsorted")
    assert data.spec.exclusive
    assert data.labels.argmax(axis=1).tolist() == [0, 2, 1, 1]


def test_a_folder_around_everything_is_no_class(tmp_path: Path) -> None:
    raw = io.BytesIO()
    Image.new("RGBA", (4, 4)).save(raw, "PNG")
    with zipfile.ZipFile(tmp_path / "art.zip", "w") as archive:
        for name in ("pack/orc/a.png", "pack/elf/b.png", "pack/licence.txt"):
            archive.writestr(name, raw.getvalue())
    assert open_dataset(str(tmp_path / "art.zip")).spec.classes == ("elf", "orc")


def test_families_are_groups(tmp_path: Path) -> None:
    for name in ("orc_1", "orc_2", "orc3", "hero_left_0", "hero_right_1", "007"):
        save(tmp_path / "art" / f"{name}.png", (4, 4))
    assert open_dataset(str(tmp_path / "art")).groups == ("007", "hero", "hero", "orc", "orc", "orc")


def test_numbers_of_a_cut_sheet_are_names(tmp_path: Path) -> None:
    for index in range(40):
        save(tmp_path / "art" / f"tile_{index:03}.png", (4, 4))
    assert len(set(open_dataset(str(tmp_path / "art")).groups)) == 40


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("a_b_12", "a_b"),
        ("down", "down"),
        ("slime__3_", "slime"),
        ("x2y4", "x2y"),
        ("12_34", "12_34"),
        ("_1_1_1_1x", "_1_1_1_1x"),
    ],
)
def test_family(stem: str, expected: str) -> None:
    assert family(stem) == expected


@pytest.mark.parametrize("beside", [False, True])
def test_index_names_families(tmp_path: Path, beside: bool) -> None:
    folder = tmp_path / "set" / "art"
    for name in ("red_orc", "green_orc", "elf"):
        save(folder / f"{name}.png", (4, 4))
    prefix = "art/" if beside else ""
    rows = [
        "file,kind,category,family",
        f"{prefix}red_orc.png,c,x,orc",
        f"{prefix}green_orc.png,c,x,orc",
        "other.png,c,x,",
    ]
    (folder.parent if beside else folder).joinpath("index.csv").write_text("\n".join(rows))
    assert open_dataset(str(folder)).groups == ("elf", "orc", "orc")


def test_size_and_licence_can_be_given(tmp_path: Path) -> None:
    save(tmp_path / "art" / "a.png", (4, 4))
    data = open_dataset(str(tmp_path / "art"), size=(6, 8), fit="scale", licence="CC-BY-4.0", credit="By me")
    assert data.array().shape == (1, 6, 8, 4)
    assert (data.source.licence, data.source.credit, data.source.sellable) == ("CC-BY-4.0", "By me", True)


def test_large_sheets_ask_for_a_size(tmp_path: Path) -> None:
    save(tmp_path / "art" / "sheet.png", (limits.SPRITE_SIDE + 1, 20))
    sheets = f"images:{tmp_path / 'art'}"
    assert "give a size" in refused(sheets)
    assert open_dataset(sheets, size=16).array().shape == (1, 16, 16, 4)


def test_what_was_changed_is_told(tmp_path: Path) -> None:
    for name, size in (("a", (4, 4)), ("b", (4, 4)), ("c", (2, 4)), ("d", (9, 4))):
        save(tmp_path / "art" / f"{name}.png", size)
    assert open_dataset(str(tmp_path / "art")).notes == (
        "1 of 4 pictures are smaller than 4 x 4 pixels and were padded.",
        "1 of 4 pictures are larger than 4 x 4 pixels and were cut.",
    )
    scaled = open_dataset(str(tmp_path / "art"), fit="scale", title="Mine")
    assert scaled.notes == ("2 of 4 pictures were scaled to 4 x 4 pixels.",)
    assert scaled.name == "Mine"


def test_one_picture_is_read(tmp_path: Path) -> None:
    for name in "ab":
        save(tmp_path / "art" / f"{name}.png", (4, 4))
    assert len(open_dataset(str(tmp_path / "art" / "a.png"))) == 1


def test_bad_places_are_told(tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", "null\0", "x" * 5000, "images:nowhere", "text:nowhere", "paperdoll:nowhere"):
        assert "There is no folder or file" in refused(place)
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.md", "nothing here")
    assert "holds neither" in refused(tmp_path / "empty.zip")
    with pytest.raises(GenworldError, match="Expected pictures"):
        open_dataset(f"images:{tmp_path / 'empty.zip'}")
    (tmp_path / "one.bin").write_bytes(b"123")
    assert "neither" in refused(tmp_path / "one.bin")


def test_bad_pictures_and_options_are_told(tmp_path: Path) -> None:
    whole = save(tmp_path / "art" / "a.png", numbered(9, 9)).read_bytes()
    for options in ({"size": 0}, {"size": 129}, {"size": "16"}, {"fit": "stretch"}, {"count": 3}, {"size": (4, None)}):
        refused(tmp_path / "art", **options)
    (tmp_path / "art" / "b.png").write_bytes(whole[: len(whole) // 2])
    assert "b.png is not a whole picture" in refused(tmp_path / "art")


def test_too_many_classes_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CLASSES", 2)
    for name in "abc":
        save(tmp_path / "art" / name / "x.png", (4, 4))
    assert "3 folders came" in refused(tmp_path / "art")


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "art" / "a.png", (40, 40))
    monkeypatch.setattr(limits, "PICTURES_BYTES", 1000)
    assert "memory" in refused(tmp_path / "art")
