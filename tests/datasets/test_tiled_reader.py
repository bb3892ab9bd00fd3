"""Maps of Tiled: what is read is what was drawn, and what lies is refused in a sentence."""

from __future__ import annotations

import base64
import contextlib
import tracemalloc
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tiled_samples import ENCODINGS, Layer, Map, cave, flat, sheet, with_attributes, write_project

from genworld import art
from genworld.art.tiled import TiledArt
from genworld.content import Level, Style, Tag
from genworld.datasets import Dataset, open_dataset
from genworld.datasets.tiled.pictures import shown, shrunk
from genworld.errors import GenworldError


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path / "home"))


def art_of(level: Level) -> TiledArt:
    found = art.of_legend(level.legend)
    assert isinstance(found, TiledArt)
    return found


def stacks(level: Level) -> np.ndarray:
    """(layers, H, W) ids of a level."""
    return np.moveaxis(art_of(level).stacks[level.tiles], -1, 0)


def drawn(made: Map) -> np.ndarray:
    return np.stack([layer.gids for layer in made.layers])


def tags(dataset: Dataset, name: str) -> set[str]:
    legend = dataset.levels[0].legend
    return {str(tag) for tag in legend.tiles[legend.names.index(name)].tags}


@pytest.mark.parametrize(("encoding", "compression"), ENCODINGS)
@pytest.mark.parametrize("name", ["cave.tmx", "cave.tmj"])
def test_every_encoding_gives_every_stack(tmp_path: Path, encoding: str, compression: str, name: str) -> None:
    if encoding == "xml" and name.endswith("tmj"):
        encoding = "csv"
    made = replace(cave(), encoding=encoding, compression=compression)
    data = open_dataset(str(write_project(tmp_path / "p", made, name)))
    assert np.array_equal(stacks(data.levels[0]), drawn(made))
    assert not any("among the files" in note for note in data.notes)


@pytest.mark.parametrize("encoding", ["csv", "xml", "base64"])
def test_infinite_maps_are_cut_to_what_is_drawn(tmp_path: Path, encoding: str) -> None:
    gids = np.zeros((12, 16), np.uint32)
    gids[3:9, 5:14] = np.arange(54).reshape(6, 9) % 8 + 1
    made = Map((Layer("Ground", gids), Layer("Top", np.zeros_like(gids))), encoding=encoding, infinite=True)
    level = open_dataset(str(write_project(tmp_path / "p", made))).levels[0]
    assert np.array_equal(stacks(level)[0], gids[3:9, 5:14])


@given(
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)).flatmap(
        lambda size: arrays.arrays(np.uint32, (size[2], *size[:2]), elements=st.integers(0, 8))
    ),
    st.sampled_from(ENCODINGS),
    st.integers(0, 7),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_map_is_read_as_drawn(
    tmp_path_factory: pytest.TempPathFactory, gids: np.ndarray, how: tuple[str, str], flips: int
) -> None:
    gids = np.where(gids > 4, gids | np.uint32(flips << 29), gids).astype(np.uint32)
    made = Map(tuple(Layer(f"L{index}", each) for index, each in enumerate(gids)), *how)
    level = open_dataset(str(write_project(tmp_path_factory.mktemp("map"), made))).levels[0]
    assert np.array_equal(stacks(level), gids)


def test_a_zip_is_read_like_its_folder(tmp_path: Path) -> None:
    path = write_project(tmp_path / "p", cave())
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for each in sorted(path.parent.iterdir()):
            archive.write(each, f"game/{each.name}")
    ours, theirs = open_dataset(str(tmp_path / "p.zip")).levels[0], open_dataset(str(path.parent)).levels[0]
    assert np.array_equal(ours.tiles, theirs.tiles)
    assert set(art_of(ours).companions()) == {"game/ground.tsx", "game/ground.png"}


def test_several_maps_share_one_legend_whatever_their_first_ids(tmp_path: Path) -> None:
    small = Map(
        (Layer("Flowers", flat(0, 14, 0, 0)), Layer("Ground", flat(11, 12, 13, 11))),
        tilesets=({"firstgid": 1, "source": "other.tsx"}, {"firstgid": 10, "source": "ground.tsx"}),
    )
    write_project(tmp_path / "p", cave())
    write_project(tmp_path / "p", small, "small.tmj")
    (tmp_path / "p" / "other.tsx").write_text(
        (tmp_path / "p" / "ground.tsx").read_text().replace('"ground"', '"other"')
    )
    data = open_dataset(str(tmp_path / "p"))
    assert [level.tiles.shape for level in data.levels] == [(12, 20), (1, 4)]
    assert stacks(data.levels[1])[:, 0].tolist() == [[2, 3, 4, 2], [0, 5, 0, 0]]  # Ground below, Flowers above


def test_maps_of_other_cells_are_refused_together(tmp_path: Path) -> None:
    write_project(tmp_path / "p", cave())
    write_project(tmp_path / "p", replace(cave(4, 4), cell=(16, 16)), "large.tmx")
    with pytest.raises(GenworldError, match="cells of one size"):
        open_dataset(str(tmp_path / "p"))
    assert len(open_dataset(str(tmp_path / "p"), maps=["large.tmx"])) == 1


def test_a_bad_map_among_good_ones_is_left_out_and_named(tmp_path: Path) -> None:
    write_project(tmp_path / "p", cave())
    write_project(tmp_path / "p", with_attributes(cave(), orientation="isometric"), "iso.tmx")
    data = open_dataset(str(tmp_path / "p"))
    assert len(data) == 1
    assert any("iso.tmx is isometric" in note for note in data.notes)


def test_words_of_the_maker_become_tags(tmp_path: Path) -> None:
    tiles = (
        '<tile id="0" type="wall"/>'
        '<tile id="1"><properties><property name="name" value="moss"/></properties></tile>'
        '<tile id="2"><properties><property name="collides" type="bool" value="true"/></properties></tile>'
        '<tile id="3"><objectgroup><object id="1" x="0" y="0" width="8" height="8"/></objectgroup></tile>'
        '<wangsets><wangset name="Sea" type="corner"><wangcolor name="water"/>'
        '<wangtile tileid="5" wangid="0,1,0,1,0,1,0,1"/></wangset></wangsets>'
    )
    made = Map((Layer("Ground", flat(1, 2, 3, 4, 6, 0, 2, 2)),))
    data = open_dataset(str(write_project(tmp_path / "p", made, tiles=tiles)))
    assert tags(data, "wall") == {"solid"}
    assert tags(data, "moss") == {"passable"}
    assert tags(data, "ground 2") == tags(data, "ground 3") == {"solid"}
    assert "liquid" in tags(data, "water")


def test_names_of_layers_become_tags_and_decoration_does_not(tmp_path: Path) -> None:
    floor, walls = flat(2, 2, 2, 2), flat(7, 0, 0, 0)
    made = Map(
        (Layer("Floor", floor), Layer("Collision", walls, {"visible": 0}), Layer("Background walls", flat(0, 8, 0, 0)))
    )
    level = open_dataset(str(write_project(tmp_path / "p", made))).levels[0]
    solid = level.legend.has(level.tiles, Tag.SOLID)
    assert solid.tolist() == [[True, False, False, False]]


def test_where_nothing_says_what_is_solid_a_note_says_so(tmp_path: Path) -> None:
    made = Map((Layer("Tile Layer 1", flat(1, 2, 3, 4)),))
    path = write_project(tmp_path / "p", made)
    assert any("says what is solid" in note for note in open_dataset(str(path)).notes)
    corrected = open_dataset(str(path), tags={"ground 0": ["solid"]}, style="platformer").levels[0].legend
    assert corrected.style is Style.PLATFORMER
    assert corrected.tiles[corrected.names.index("ground 0")].tags == {Tag.SOLID}


def test_rectangles_over_walls_make_them_solid(tmp_path: Path) -> None:
    gids = np.full((4, 6), 2, np.uint32)
    gids[0], gids[:, 0] = 4, 7
    walls = [{"x": 0, "y": 0, "width": 48, "height": 7}, {"x": 1, "y": 8, "width": 8, "height": 24}]
    made = replace(Map((Layer("Tile Layer 1", gids),)), objects=tuple({"name": "collision", **each} for each in walls))
    level = open_dataset(str(write_project(tmp_path / "p", made))).levels[0]
    assert np.array_equal(level.legend.has(level.tiles, Tag.SOLID), gids != 2)
    assert np.array_equal(level.legend.has(level.tiles, Tag.PASSABLE), gids == 2)


THINGS = (
    {"name": "Start", "x": 12.0, "y": 9.5, "point": True},
    {"name": "coin 1", "type": "item", "x": 24, "y": 8, "width": 8, "height": 8},
    {"name": "coin 2", "type": "item", "x": 26, "y": 10, "width": 4, "height": 4},
    {"name": "bat", "type": "enemy", "gid": 5, "x": 8, "y": 24, "width": 8, "height": 8},
    {"name": "a bench", "x": 0, "y": 0, "width": 8, "height": 8},
)


@pytest.mark.parametrize("name", ["cave.tmx", "cave.tmj"])
def test_objects_become_part_of_their_cell(tmp_path: Path, name: str) -> None:
    made = replace(Map((Layer("Floor", np.full((4, 4), 2, np.uint32)),)), objects=THINGS)
    level = open_dataset(str(write_project(tmp_path / "p", made, name))).levels[0]
    assert np.argwhere(level.legend.has(level.tiles, Tag.START)).tolist() == [[1, 1]]
    assert np.argwhere(level.legend.has(level.tiles, Tag.ITEM)).tolist() == [[1, 3]]
    assert np.argwhere(level.legend.has(level.tiles, Tag.ENEMY)).tolist() == [[2, 1]]
    assert len(level.legend.tiles) == 4  # the bench means nothing


def test_rare_stacks_are_merged_into_the_most_alike_and_named(tmp_path: Path) -> None:
    bottom = np.repeat(np.array([1, 2], np.uint32), 200).reshape(20, 20)
    cells = np.arange(400, dtype=np.uint32).reshape(20, 20)
    top, third, fourth = (np.where(cells < 390, cells // step % 8 + 1, 0).astype(np.uint32) for step in (1, 8, 64))
    layers = tuple(Layer(name, gids) for name, gids in zip("abcd", (bottom, top, third, fourth), strict=True))
    data = open_dataset(str(write_project(tmp_path / "p", Map(layers))))
    level = data.levels[0]
    assert len(level.legend.tiles) == 255
    assert any("different stacks" in note and "became" in note for note in data.notes)
    assert np.array_equal(stacks(level)[0], bottom)  # the ground stays as it was
    known = {tuple(each) for each in np.moveaxis(drawn(Map(layers)), 0, -1).reshape(-1, 4).tolist()}
    assert {tuple(each) for each in np.moveaxis(stacks(level), 0, -1).reshape(-1, 4).tolist()} <= known


@pytest.mark.parametrize("missing", ["ground.png", "ground.tsx"])
def test_a_missing_file_is_named_and_does_not_stop_learning(tmp_path: Path, missing: str) -> None:
    path = write_project(tmp_path / "p", cave())
    (path.parent / missing).unlink()
    data = open_dataset(str(path))
    assert any(note.startswith(f"{missing} is not among the files") for note in data.notes)
    level = data.levels[0]
    assert np.array_equal(stacks(level), drawn(cave()))
    pictures = {art_of(level).tile_picture(tile).tobytes() for tile in range(len(level.legend.tiles))}
    assert len(pictures) > 3  # squares of different colours


def test_nothing_outside_the_upload_is_read(tmp_path: Path) -> None:
    (tmp_path / "ground.tsx").write_text("<tileset/>")
    made = replace(cave(), tilesets=({"firstgid": 1, "source": "../ground.tsx"},))
    path = write_project(tmp_path / "p", made)
    (path.parent / "ground.tsx").unlink()
    assert any("ground.tsx is not among the files" in note for note in open_dataset(str(path.parent)).notes)


def test_collections_large_tiles_and_gaps(tmp_path: Path) -> None:
    collection = '<tileset name="things" tilewidth="8" tileheight="16" tilecount="2" columns="0">{}</tileset>'
    pictures = '<tile id="3"><image source="tree.png"/></tile><tile id="9"><image source="goldKey.png"/></tile>'
    made = Map((Layer("Things", flat(4, 10, 0, 4)),), tilesets=({"firstgid": 1, "source": "things.tsx"},))
    path = write_project(tmp_path / "p", made)
    (path.parent / "things.tsx").write_text(collection.format(pictures))
    (path.parent / "tree.png").write_bytes(sheet(1, 1, (8, 16)))
    (path.parent / "goldKey.png").write_bytes(sheet(1, 1, (8, 8)))
    data = open_dataset(str(path))
    assert set(data.levels[0].legend.names) == {"tree", "goldKey", "empty"}
    assert "key" in tags(data, "goldKey")
    assert art_of(data.levels[0]).frames[4].pixels.shape == (16, 8, 4)


def test_large_cells_are_drawn_smaller() -> None:
    assert shrunk((128, 128)) == 4
    assert shrunk((48, 48)) == 1
    assert shrunk((97, 97)) == 3
    assert shown((97, 97)) == (32, 32)


BIG = 10**9
GOOD = cave(6, 6)
BOMB = zlib.compress(bytes(60_000_000), 9)


def lying(**attributes: object) -> bytes:
    return with_attributes(GOOD, **attributes).tmx()


LIES = {
    "isometric": lying(orientation="isometric"),
    "hexagonal": lying(orientation="hexagonal"),
    "staggered": lying(orientation="staggered"),
    "huge map": Map((), attributes={"width": BIG, "height": BIG}).tmx().replace(b"</map>", b'<layer name="x"/></map>'),
    "negative": lying(width=-1),
    "no number": lying(tilewidth="wide"),
    "huge cell": lying(tilewidth=9_999_999),
    "zero cell": lying(tileheight=0),
    "huge layer": GOOD.tmx().replace(b'width="6" height="6">', b'width="1000000000" height="6">'),
    "no layer": Map(()).tmx(),
    "too few cells": GOOD.tmx().replace(b"1,1,1,1,1,1", b"1,1", 1),
    "letters": GOOD.tmx().replace(b"1,1,1", b"1,x,1", 1),
    "huge id": GOOD.tmx().replace(b"1,1,1", b"1,99999999999,1", 1),
    "id out of range": GOOD.tmx().replace(b"1,1,1", b"1,500,1", 1),
    "unknown encoding": GOOD.tmx().replace(b'encoding="csv"', b'encoding="rot13"'),
    "unknown packing": replace(GOOD, encoding="base64", compression="zlib").tmx().replace(b'"zlib"', b'"lzma"'),
    "broken base64": replace(GOOD, encoding="base64").tmx().replace(b"AAAA", b"A*A", 1),
    "chunk of a billion": replace(GOOD, infinite=True).tmx().replace(b'width="4"', b'width="1000000000"'),
    "far chunk": replace(GOOD, infinite=True).tmx().replace(b'x="-8"', b'x="9000000"', 1),
    "same first id": replace(
        GOOD, tilesets=({"firstgid": 1, "source": "a.tsx"}, {"firstgid": 1, "source": "b.tsx"})
    ).tmx(),
    "zlib bomb": replace(GOOD, encoding="base64", compression="zlib").tmx(),
    "entity": b'<!DOCTYPE map [<!ENTITY a "b">]>' + GOOD.tmx(),
    "not xml": b"\x89PNG....",
    "empty": b"",
    "list": b"[1, 2]",
    "gid of an object": replace(GOOD, objects=({"name": "bat", "gid": "x", "x": 0, "y": 0},)).tmx(),
    "nan": replace(GOOD, objects=({"name": "bat", "x": "nan", "y": 0},)).tmx(),
}


@pytest.mark.parametrize("lie", LIES)
def test_lies_are_refused_in_one_sentence_within_bounds(tmp_path: Path, lie: str) -> None:
    raw = LIES[lie]
    if lie == "zlib bomb":
        start = raw.index(b'compression="zlib">') + len(b'compression="zlib">')
        raw = raw[:start] + base64.b64encode(BOMB) + raw[raw.index(b"</data>") :]
    path = write_project(tmp_path / "p", GOOD)
    path.write_bytes(raw)
    tracemalloc.start()
    with pytest.raises(GenworldError) as error:
        open_dataset(f"tiled:{path}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "\n" not in error.value.sentence
    assert error.value.sentence.endswith((".", "?"))
    assert peak < 60_000_000


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_maps_never_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    made = replace(cave(5, 6), encoding="base64", compression=data.draw(st.sampled_from(["", "zlib", "gzip", "zstd"])))
    name = data.draw(st.sampled_from(["cave.tmx", "cave.tmj"]))
    path = write_project(tmp_path_factory.mktemp("map"), replace(made, objects=THINGS), name)
    victim = path.parent / data.draw(st.sampled_from([name, "ground.tsx", "ground.png"]))
    raw = bytearray(victim.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    victim.write_bytes(bytes(raw))
    with contextlib.suppress(GenworldError):
        assert len(open_dataset(f"tiled:{path}")) == 1
