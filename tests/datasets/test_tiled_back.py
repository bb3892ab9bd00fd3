"""Levels of own maps of Tiled go back where they came from, and another reader than ours finds them right."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import pytiled_parser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tiled_samples import Layer, Map, cave, flat, write_project

from genworld import art, packs, sampling
from genworld.art.tiled import Mark, TiledArt
from genworld.content import Example, Legend, Level, Sprite, Style, Tag, Tile
from genworld.datasets import open_dataset
from genworld.errors import GenworldError
from genworld.learning import learn
from genworld.library import Item
from genworld.packs import into
from genworld.packs.own import write_level
from genworld.provenance import DataSource, ImportOrigin

THINGS = (
    {"name": "Start", "x": 12.0, "y": 9.5, "point": True},
    {"name": "bat", "type": "enemy", "gid": 5, "x": 24, "y": 32, "width": 8, "height": 8},
)

OURS = Legend(
    "crypt",
    Style.TOP_DOWN,
    (Tile(".", "floor", frozenset({Tag.PASSABLE})), Tile("#", "wall", frozenset({Tag.SOLID}))),
    "dungeon",
)


def item(example: Example, name: str = "made") -> Item:
    origin = ImportOrigin(file="cave.tmx", digest="a" * 64)
    kind = "level" if isinstance(example, Level) else "sprite"
    source = DataSource(name="mine", licence="CC0-1.0", sellable=True)
    return Item(1, kind, name, example, origin, "Mine", source, example.digest, "2026-11-20T12:00:00Z")


def level_of(path: Path, **options: object) -> Level:
    return open_dataset(str(path), **options).levels[0]


def art_of(level: Level) -> TiledArt:
    found = art.of_legend(level.legend)
    assert isinstance(found, TiledArt)
    return found


def tiles_in(layers: list[Any]) -> Iterator[tuple[str, list[list[int]]]]:
    for layer in layers:
        if hasattr(layer, "layers"):
            yield from tiles_in(layer.layers)
        elif hasattr(layer, "data"):
            yield layer.name, layer.data


def marks_in(level: Level) -> list[tuple[Mark, ...]]:
    """The objects of each cell."""
    return [art_of(level).marks[tile] for tile in level.tiles.ravel()]


def stacks_at(path: Path) -> np.ndarray:
    """(layers, H, W) ids, as pytiled-parser reads them."""
    return np.array([grid for _, grid in tiles_in(pytiled_parser.parse_map(path).layers)], dtype=np.int64)


def unpacked(items: list[Item], folder: Path, kind: str = "own") -> Path:
    with zipfile.ZipFile(packs.export(items, name="pack", format=kind, folder=folder)) as archive:
        archive.extractall(folder)
    return folder / "pack"


def files_of(pack: Path) -> list[str]:
    return [each["files"][0] for each in json.loads((pack / "manifest.json").read_text())["items"]]


@pytest.mark.parametrize("name", ["cave.tmx", "cave.tmj"])
def test_what_is_learned_is_exported_in_known_stacks(tmp_path: Path, name: str) -> None:
    path = write_project(tmp_path / "p", cave(16, 24), name)
    data = open_dataset(str(path))
    learned = learn(data, folder=tmp_path / "model")
    loaded = sampling.LoadedModel(learned, learned.load())
    samples = [each.example for each in sampling.sample(loaded, seed=0, count=4, size=(16, 36))]
    pack = unpacked([item(each) for each in samples], tmp_path / "out")
    known = {tuple(each) for each in stacks_at(path).reshape(2, -1).T.tolist()}
    for place, sample in zip(files_of(pack), samples, strict=True):
        assert place == f"cave/cave-0{samples.index(sample) + 1}{path.suffix}"
        read = stacks_at(pack / place)
        assert read.shape == (2, 16, 36)
        assert {tuple(each) for each in read.reshape(2, -1).T.tolist()} <= known
        assert np.array_equal(level_of(pack / place).tiles.shape, sample.tiles.shape)


@given(
    st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 3)).flatmap(
        lambda size: arrays.arrays(np.uint32, (size[2], *size[:2]), elements=st.integers(0, 8))
    ),
    st.integers(0, 7),
    st.sampled_from(["a.tmx", "a.tmj"]),
    st.booleans(),
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_map_goes_out_as_it_came(
    tmp_path_factory: pytest.TempPathFactory, gids: np.ndarray, flips: int, name: str, grouped: bool
) -> None:
    folder = tmp_path_factory.mktemp("map")
    gids = np.where(gids > 5, gids | np.uint32(flips << 29), gids).astype(np.uint32)
    layers = tuple(Layer(f"L{n % 2}", each, group="G" if grouped and n else "") for n, each in enumerate(gids))
    level = level_of(write_project(folder, replace(Map(layers), objects=THINGS), name))
    ((written, data),) = write_level(level, art_of(level), stem="b", facts={"origin": "a <test> & more"}).items()
    (folder / written).write_bytes(data)
    again = level_of(folder / written)
    assert np.array_equal(np.moveaxis(art_of(again).stacks[again.tiles], -1, 0), gids)
    for before, after in zip(marks_in(level), marks_in(again), strict=True):
        assert [mark.corner for mark in before] == [mark.corner for mark in after]
        assert all(new.attributes.items() >= old.attributes.items() for old, new in zip(before, after, strict=True))


def test_all_but_tiles_and_stray_objects_stays(tmp_path: Path) -> None:
    ground = Layer("Ground", np.full((5, 6), 2, np.uint32), {"opacity": 0.5, "offsetx": 3}, {"deep": True})
    made = replace(
        Map(
            (ground, Layer("Top", np.full((5, 6), 4, np.uint32), group="Upper")),
            attributes={"backgroundcolor": "#102030"},
        ),
        objects=(*THINGS, {"name": "a bench", "x": 0, "y": 0, "width": 8, "height": 8}),
    )
    path = write_project(tmp_path / "p", made)
    path.write_bytes(
        path.read_bytes().replace(
            b"</map>", b'<imagelayer id="77" name="sky"><image source="ground.png"/></imagelayer></map>'
        )
    )
    level = level_of(path)
    wide = Level(np.tile(level.tiles, (1, 2)), level.legend)
    pack = unpacked([item(wide, "Two & two")], tmp_path / "out")
    before, after = ET.parse(path).getroot(), ET.parse(pack / files_of(pack)[0]).getroot()
    assert after.attrib == {**before.attrib, "width": "12", "nextobjectid": "5"}
    assert [each.attrib for each in after.findall("tileset")] == [each.attrib for each in before.findall("tileset")]
    for tag in (".//layer", ".//group", ".//objectgroup", ".//imagelayer"):
        kept = [{**each.attrib, "width": "12"} if tag == ".//layer" else each.attrib for each in before.findall(tag)]
        assert [each.attrib for each in after.findall(tag)] == kept
    assert after.find("layer/properties/property").attrib == {"name": "deep", "type": "bool", "value": "true"}
    told = {each.get("name"): each.get("value") for each in after.findall("properties/property")}
    assert told["music"] == "cave.ogg"
    assert told["genworld_name"] == "Two & two"
    assert told["genworld_licence"] == "CC0-1.0"
    places = [(each.get("name"), float(each.get("x")), float(each.get("y"))) for each in after.iter("object")]
    assert sorted(places) == [("Start", 12, 9.5), ("Start", 60, 9.5), ("bat", 24, 32), ("bat", 72, 32)]
    assert len({each.get("id") for each in after.iter("object")}) == 4
    assert {"ground.tsx", "ground.png"} <= {each.name for each in (pack / "cave").iterdir()}


def test_infinite_maps_come_back_with_an_end(tmp_path: Path) -> None:
    for name in ("a.tmx", "a.tmj"):
        made = replace(cave(), infinite=name.endswith("tmx"))
        level = level_of(write_project(tmp_path / name, made, name))
        pack = unpacked([item(level)], tmp_path / f"out-{name}")
        read = pytiled_parser.parse_map(pack / files_of(pack)[0])
        assert read.infinite is False
        assert (read.map_size.width, read.map_size.height) == (20, 12)


def test_layers_and_tilesets_of_other_maps_are_added(tmp_path: Path) -> None:
    write_project(tmp_path / "p", cave())
    other = Map(
        (Layer("Roof", flat(21, 22, 0, 0)),),
        tilesets=({"firstgid": 20, "source": "roof.tsx"},),
        objects=({"name": "exit", "x": 1, "y": 1, "width": 8, "height": 8},),
    )
    write_project(tmp_path / "p" / "more", other, "b.tmx")
    (tmp_path / "p" / "more" / "ground.tsx").rename(tmp_path / "p" / "more" / "roof.tsx")
    data = open_dataset(str(tmp_path / "p"))
    pack = unpacked([item(data.levels[1])], tmp_path / "out")
    read = pytiled_parser.parse_map(pack / files_of(pack)[0])
    assert [tileset.name for tileset in read.tilesets.values()] == ["ground", "ground"]
    grids = dict(tiles_in(read.layers))
    first = max(read.tilesets)
    assert grids["Roof"] == [[first + 1, first + 2, 0, 0]]
    assert grids["Ground"] == [[0, 0, 0, 0]]
    assert [each.name for layer in read.layers for each in getattr(layer, "tiled_objects", [])] == ["exit"]


@pytest.mark.parametrize("name", ["cave.tmx", "cave.tmj"])
@pytest.mark.parametrize("folder", ["art/sets", "../sets", "../../shared/sets"])
def test_files_without_their_folders_get_them_back(tmp_path: Path, name: str, folder: str) -> None:
    """Who drops a map and its tileset as they come gives no folders; the map still names them."""
    path = write_project(tmp_path / "loose", cave(), name)
    (tileset,) = {each.name for each in path.parent.iterdir()} & {"ground.tsx", "ground.tsj"}
    path.write_text(path.read_text().replace(tileset, f"{folder}/{tileset}"))
    level = level_of(path.parent)
    pack = unpacked([item(level)], tmp_path / "out")
    read = stacks_at(pack / files_of(pack)[0])
    home = tmp_path / "game" / "world" / "maps"
    home.mkdir(parents=True)
    (home / folder).mkdir(parents=True)
    path.rename(home / name)
    for each in (tmp_path / "loose").iterdir():
        each.rename(home / folder / each.name)
    assert np.array_equal(read, stacks_at(home / name))
    (written,) = packs.write_into(home, [item(level)])
    assert np.array_equal(stacks_at(written), read)


def test_straight_into_the_project_folder(tmp_path: Path) -> None:
    path = write_project(tmp_path / "game" / "maps", cave())
    level = level_of(tmp_path / "game")
    before = {each: each.read_bytes() for each in path.parent.iterdir()}
    (path.parent / "cave-01.tmx").write_text("mine")
    written = packs.write_into(tmp_path / "game", [item(level), item(level)])
    assert [each.name for each in written] == ["cave-02.tmx", "cave-03.tmx"]
    assert (path.parent / "cave-01.tmx").read_text() == "mine"
    assert {each: each.read_bytes() for each in before} == before
    assert len(list(path.parent.iterdir())) == len(before) + 3
    assert np.array_equal(stacks_at(written[0]), stacks_at(path))
    assert packs.write_into(path.parent, [item(level)])[0].name == "cave-04.tmx"


def test_what_cannot_be_written_into_a_folder_is_told(tmp_path: Path) -> None:
    level = level_of(write_project(tmp_path / "p", cave()))
    sprite = item(Sprite(np.zeros((4, 4, 4), np.uint8)))
    (tmp_path / "empty").mkdir()
    for folder, items, words in (
        (tmp_path / "none", [item(level)], "no folder"),
        (tmp_path / "empty", [item(level)], "should be in"),
        (tmp_path / "p", [item(level), sprite], "did not come from a map"),
        (tmp_path / "p", [], "Nothing is kept"),
    ):
        with pytest.raises(GenworldError, match=words):
            packs.write_into(folder, items)
    assert len(list((tmp_path / "p").iterdir())) == 3


@pytest.mark.parametrize("place", ["../p/cave.tmx", "/etc/hosts.tmx", "maps/../../cave.tmx", "cave.sh", "cave"])
def test_a_model_of_a_stranger_leads_to_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    level = level_of(write_project(tmp_path / "p", cave()))
    (tmp_path / "p" / "cave.sh").write_text("echo")
    before = set(tmp_path.rglob("*"))
    odd = replace(into.WRITERS[TiledArt.kind], place=lambda art: place)
    monkeypatch.setitem(into.WRITERS, TiledArt.kind, odd)
    with pytest.raises(GenworldError, match="learn it again"):
        packs.write_into(tmp_path / "p", [item(level)])
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("kind", ["own", "tiled"])
def test_own_levels_ours_and_sprites_share_a_pack(tmp_path: Path, kind: str) -> None:
    own = [level_of(write_project(tmp_path / each, cave(seed=n))) for n, each in enumerate("ab")]
    builtin = Level(np.eye(5, dtype=np.uint8), OURS)
    sprite = Sprite(np.full((8, 8, 4), 255, np.uint8))
    pack = unpacked([item(own[0]), item(builtin), item(sprite), item(own[1])], tmp_path / "out", kind)
    assert files_of(pack) == ["cave/cave-01.tmx", "levels/01-made.tmx", "sprites/01-made.png", "cave-2/cave-01.tmx"]
    for place in files_of(pack):
        assert (pack / place).is_file()
    assert np.array_equal(stacks_at(pack / "cave-2/cave-01.tmx"), stacks_at(tmp_path / "b" / "cave.tmx"))
    pytiled_parser.parse_map(pack / "levels/01-made.tmx")
    text = (pack / "README.txt").read_text()
    assert "in the same tilesets and layers" in text
    assert "open any file of levels/" in text


def test_a_pack_of_own_levels_alone_speaks_of_nothing_else(tmp_path: Path) -> None:
    level = level_of(write_project(tmp_path / "p", cave()))
    text = (unpacked([item(level)], tmp_path / "out") / "README.txt").read_text()
    assert "levels/" not in text
    assert "genworld tileset art" not in text
