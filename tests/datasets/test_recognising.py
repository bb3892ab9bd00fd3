"""Whatever a person drops finds its reader: single files, folders of mixed files, zips."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from genworld.bench.hostile.seeds import LEGEND, TEXT, TILESET, ldtk, picture, tmj, tmx
from genworld.datasets import READERS, open_dataset, options_of, recognise
from genworld.datasets.understood import understood
from genworld.errors import GenworldError

PROSE = b"Read me first, there are many words about the pictures, and nothing of it is meant as a level for you."
PNG = picture("PNG")
MAP = {"map.tmx": tmx(), "ground.png": PNG}
PROJECT = {"world.ldtk": ldtk(), "ground.png": PNG}


def laid(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


MIXED = {
    "a map with its pictures": ("tiled", MAP),
    "a map, text and prose": ("tiled", {**MAP, "README.txt": PROSE, "a.txt": TEXT}),
    "a map in JSON": ("tiled", {"map.json": tmj(), "ground.png": PNG}),
    "a project with its pictures": ("ldtk", PROJECT),
    "levels with a legend and pictures": ("text", {"a.txt": TEXT, "tiles.json": LEGEND, "preview.png": PNG}),
    "levels alone": ("text", {"a.txt": TEXT}),
    "one large picture": ("tilesheet", {"sheet.png": picture("PNG", 64, 160)}),
    "large pictures and prose": (
        "tilesheet",
        {f"{name}.png": picture("PNG", 64, 160) for name in "ab"} | {"a.txt": PROSE},
    ),
    "small pictures and prose": ("images", {"a.png": PNG, "b.png": PNG, "README.txt": PROSE}),
    "a tileset without a map": ("images", {"ground.tsx": TILESET.encode(), "a.png": PNG, "b.png": PNG}),
}


@pytest.mark.parametrize(("reader", "files"), MIXED.values(), ids=list(MIXED))
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_mixed_files_find_their_reader(tmp_path: Path, reader: str, files: dict[str, bytes], packed: bool) -> None:
    place = laid(tmp_path / "mine", files)
    if packed:
        place = tmp_path / "mine.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for name, raw in files.items():
                archive.writestr(f"mine/{name}", raw)
    found = recognise(place)
    assert found.name == reader
    assert understood(open_dataset(str(place)), found).count >= 1


@pytest.mark.parametrize(
    ("name", "raw", "reader"),
    [
        ("map.tmx", tmx(), "tiled"),
        ("MAP.TMX", tmx(), "tiled"),
        ("map.tmj", tmj(), "tiled"),
        ("map.json", tmj(), "tiled"),
        ("world.ldtk", ldtk(), "ldtk"),
        ("level.txt", TEXT, "text"),
        ("hero.png", PNG, "images"),
        ("hero.jpg", picture("JPEG"), "images"),
        ("hero.gif", picture("GIF"), "images"),
        ("hero.webp", picture("WEBP"), "images"),
        ("sheet.png", picture("PNG", 64, 160), "tilesheet"),
    ],
)
def test_a_single_file_is_read_whatever_lies_beside_it(tmp_path: Path, name: str, raw: bytes, reader: str) -> None:
    place = laid(tmp_path / "mine", {"z.tmx": b"<broken", "ground.png": PNG, "deep/other.ldtk": b"{}", "x.txt": TEXT})
    (place / name).write_bytes(raw)
    found = recognise(place / name)
    assert found.name == reader
    assert Path(name).suffix.lower() in found.suffixes
    assert understood(open_dataset(str(place / name)), found).reader == found.title


@pytest.mark.parametrize("name", ["what.pdf", "ground.tsx", "nothing", ".tmx.bak"])
def test_a_file_of_another_kind_is_told(tmp_path: Path, name: str) -> None:
    laid(tmp_path, {name: TILESET.encode()})
    with pytest.raises(
        GenworldError, match="but it holds neither; bring any of: Tiled maps, LDtk projects, Doom maps, Text levels"
    ):
        recognise(tmp_path / name)


def test_every_reader_says_what_it_takes() -> None:
    assert list(READERS) == ["builtin", "tiled", "ldtk", "wad", "text", "paperdoll", "tilesheet", "images"]
    for name in ("tiled", "ldtk", "text"):
        assert {"style", "tags", "title", "licence", "credit"} <= {*options_of(READERS[name])}
    for name in ("tilesheet", "images"):
        assert {"size", "title", "licence", "credit"} <= {*options_of(READERS[name])}
    assert all(reader.title and reader.summary for reader in READERS.values())
    assert all(suffix.startswith(".") and suffix.islower() for r in READERS.values() for suffix in r.suffixes)
