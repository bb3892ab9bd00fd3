"""Packs for Tiled, read back by pytiled-parser: no tile and no pixel differs."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import pytiled_parser
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_samples import LEGEND, Unpacked, drawn, item, level, meaning, origin, some_items, sprite

from genworld.content import MAX_TILES, Legend, Level, Style, Tag, Tile
from genworld.library import Item
from genworld.packs import export, tiled
from genworld.provenance import EditOrigin, ImportOrigin
from genworld.render import load_tileset, picture

HARD_NAMES = ["<b>\"&'</b>", "洞窟 🗺️", "‏عرض", "../../etc/passwd", "C:\\x", "a\x00b\x1b[0m", "]]>", "", "CON", "é" * 80]


def pack(items: list[Item], folder: Path) -> Unpacked:
    return Unpacked.of(export(items, name="Test pack", format="tiled", folder=folder), folder / "out")


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return some_items(20, 20)


@pytest.fixture(scope="module")
def unpacked(items: list[Item], tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    return pack(items, tmp_path_factory.mktemp("pack"))


def test_every_tile_reads_back(items: list[Item], unpacked: Unpacked) -> None:
    levels = [each.example for each in items if isinstance(each.example, Level)]
    maps = unpacked.maps()
    assert len(maps) == 20
    for read, made in zip(maps, levels, strict=True):
        assert np.array_equal(meaning(read), made.tiles)
        names = {number: tile.class_ for number, tile in (read.tilesets[max(read.tilesets)].tiles or {}).items()}
        assert names == dict(enumerate(made.legend.names))


def test_every_pixel_reads_back(items: list[Item], unpacked: Unpacked) -> None:
    for read, made in zip(unpacked.maps(), items[:20], strict=True):
        assert np.array_equal(drawn(read), picture(made.example)[..., :3])


def test_the_atlas_is_the_rendered_tileset(unpacked: Unpacked) -> None:
    tiles = load_tileset("dungeon")
    assert np.array_equal(unpacked.pixels("tilesets/dungeon.png"), tiles.atlas)
    read = unpacked.maps()[0].tilesets[1]
    assert (read.columns, read.tile_width, read.tile_height) == (tiles.columns, tiles.tile_size, tiles.tile_size)
    assert [tile.class_ for tile in (read.tiles or {}).values()] == list(tiles.frame_names)


def test_the_legend_says_what_tiles_do(unpacked: Unpacked) -> None:
    read = unpacked.maps()[0].tilesets
    tiles = read[max(read)].tiles or {}
    assert tiles[0].properties == {"char": "#", "solid": True}
    assert tiles[2].properties == {"char": "~", "hazard": True, "liquid": True}
    icons = unpacked.pixels("tilesets/legend-01-crypt.png")
    for number in range(len(LEGEND.tiles)):
        alone = picture(Level(np.array([[number]], dtype=np.uint8), LEGEND))
        assert np.array_equal(icons[:, number * 16 : number * 16 + 16], alone)


def test_maps_say_where_they_come_from(items: list[Item], unpacked: Unpacked) -> None:
    read = unpacked.maps()[3]
    assert read.version == "1.10"
    assert read.tiled_version == "1.10.2"
    assert (read.orientation, read.render_order, read.infinite) == ("orthogonal", "right-down", False)
    properties = read.properties or {}
    assert properties["origin"] == "Sample 3 of seed 7 from caves, big"
    assert (properties["seed"], properties["model"]) == (7, "Caves")
    assert properties["digest"] == items[3].digest


def test_objects_stand_where_their_tiles_are(items: list[Item], unpacked: Unpacked) -> None:
    expected_type = {"k": "key", "e": "enemy", "S": "start", "X": "goal"}
    for read, made in zip(unpacked.maps(), items[:20], strict=True):
        assert isinstance(made.example, Level)
        (layer,) = [each for each in read.layers if isinstance(each, pytiled_parser.ObjectLayer)]
        found = {
            (each.coordinates.y / 16, each.coordinates.x / 16, each.name, each.class_, each.size.width)
            for each in layer.tiled_objects
        }
        chars = np.array(LEGEND.chars)[made.example.tiles]
        expected = {
            (row, column, LEGEND.names[LEGEND.id_of[chars[row, column]]], expected_type[chars[row, column]], 16)
            for row, column in np.argwhere(np.isin(chars, list(expected_type)))
        }
        assert found == expected


def test_sprites_read_back_alone_and_from_the_atlas(items: list[Item], unpacked: Unpacked) -> None:
    frames = json.loads((unpacked.root / "sprites/atlas.json").read_text())["frames"]
    sheet = unpacked.pixels("sprites/atlas.png")
    assert len(frames) == 20
    for frame, made in zip(frames, items[20:], strict=True):
        assert np.array_equal(unpacked.pixels(f"sprites/{frame['filename']}"), made.example.pixels)
        place = frame["frame"]
        cut = sheet[place["y"] : place["y"] + place["h"], place["x"] : place["x"] + place["w"]]
        assert np.array_equal(cut, made.example.pixels)


def test_the_sprite_tileset_is_a_grid_of_the_largest_cell(items: list[Item], unpacked: Unpacked) -> None:
    root = ET.parse(unpacked.root / "sprites/atlas.tsx").getroot()
    assert (root.get("tilewidth"), root.get("tileheight")) == ("32", "32")
    sheet = unpacked.pixels("sprites/atlas.png")
    assert int(root.get("columns", 0)) * 32 == sheet.shape[1]
    assert int(root.get("tilecount", 0)) * 32 * 32 == sheet.shape[0] * sheet.shape[1]
    tiles = root.findall("tile")
    assert [tile.get("type") for tile in tiles] == [each.name for each in items[20:]]
    assert [int(tile.get("id", -1)) for tile in tiles] == list(range(20))


def test_many_sprites_go_into_several_atlases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiled, "PICTURE_PIXELS", 3 * 32 * 32)
    items = [item(n, sprite(n)) for n in range(7)]
    unpacked = pack(items, tmp_path)
    sheets = [
        json.loads((unpacked.root / f"sprites/{name}.json").read_text()) for name in ("atlas", "atlas-2", "atlas-3")
    ]
    assert [len(each["frames"]) for each in sheets] == [3, 3, 1]
    frame = sheets[2]["frames"][0]
    assert frame["filename"] == "07-sprite-6.png"
    assert np.array_equal(unpacked.pixels("sprites/atlas-3.png")[:32, :32], sprite(6).pixels)


def test_each_legend_has_its_own_tileset(tmp_path: Path) -> None:
    other = Legend("crypt", Style.TOP_DOWN, tuple(reversed(LEGEND.tiles)), "dungeon")
    items = [item(1, level(1)), item(2, level(2, legend=other)), item(3, level(3))]
    unpacked = pack(items, tmp_path)
    for read, made in zip(unpacked.maps(), items, strict=True):
        assert isinstance(made.example, Level)
        tiles = read.tilesets[max(read.tilesets)].tiles or {}
        assert [tile.class_ for tile in tiles.values()] == list(made.example.legend.names)
        assert np.array_equal(meaning(read), made.example.tiles)


@pytest.mark.parametrize("name", HARD_NAMES)
def test_names_of_any_kind_survive_or_are_made_safe(tmp_path: Path, name: str) -> None:
    unpacked = pack([item(1, level(1), name=name), item(2, sprite(1), name=name)], tmp_path)
    for path in unpacked.root.rglob("*"):
        assert set(path.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.README")
        assert len(path.name) <= 60
    shown = (unpacked.maps()[0].properties or {}).get("name")
    if name.isprintable():
        assert (shown or "") == (name or "level 1")


def test_the_seed_is_that_of_the_first_ancestor(tmp_path: Path) -> None:
    edited = EditOrigin(parent=EditOrigin(parent=origin(1), edits=((0, 0, 1),)), edits=())
    brought = EditOrigin(parent=ImportOrigin(file="x", digest="b" * 64), edits=())
    unpacked = pack([item(1, level(1), made=edited), item(2, level(2), made=brought)], tmp_path)
    first, second = ((read.properties or {}) for read in unpacked.maps())
    assert first["seed"] == 7
    assert "seed" not in second


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def legends(draw: st.DrawFn) -> Legend:
    """1 to 255 tiles with characters and names of any script."""
    count = draw(st.one_of(st.integers(1, 12), st.just(MAX_TILES)))
    start = draw(st.sampled_from([0, 33, 0x3A0, 0x600, 0x4E00, 0x1F300]))
    names = draw(st.lists(TEXT, min_size=min(count, 12), max_size=min(count, 12), unique=True))
    names += [f"tile {number} of many" for number in range(count - len(names))]
    tags = draw(st.lists(st.frozensets(st.sampled_from(Tag), max_size=3), min_size=1, max_size=6))
    tiles = tuple(Tile(chr(start + k), name, tags[k % len(tags)]) for k, name in enumerate(names))
    return Legend(draw(TEXT), draw(st.sampled_from(Style)), tiles, "dungeon")


@settings(max_examples=15, deadline=None)
@given(legends(), st.integers(1, 40), st.integers(1, 40), st.integers(0, 10**6), TEXT)
def test_any_level_survives(legend: Legend, height: int, width: int, number: int, name: str) -> None:
    made = level(number, height, width, legend)
    with tempfile.TemporaryDirectory() as folder:
        unpacked = pack([item(1, made, name=name)], Path(folder))
        (read,) = unpacked.maps()
        assert np.array_equal(meaning(read), made.tiles)
        assert np.array_equal(drawn(read), picture(made)[..., :3])
        stored = json.loads((unpacked.root / "manifest.json").read_text())
        assert Legend.from_dict(stored["legends"][legend.digest]) == legend
