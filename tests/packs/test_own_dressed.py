"""Levels exported in a person's tileset, read back by an independent reader: pixel for pixel what the page shows."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytiled_parser
from pack_samples import LEGEND, item, level
from PIL import Image

from genworld import packs
from genworld.art import PREFIX
from genworld.art.dressed import AROUND, DressedArt
from genworld.art.sheet import Cut, Sheet
from genworld.art.wang import WangSet
from genworld.content import Level, Picture
from genworld.dressing import Pick, dress, keep
from genworld.packs.own import write_level
from genworld.packs.own.dressed import beside
from genworld.seeding import numpy_stream

SIDE = 8


def _sheet(name: str, columns: int, rows: int, *, margin: int = 0, spacing: int = 0, **more: object) -> Sheet:
    """Noise; the lower half of the tiles has a clear rim."""
    step = SIDE + spacing
    shape = (margin + rows * step - spacing, margin + columns * step - spacing, 4)
    pixels = numpy_stream(1, name).integers(0, 256, shape, dtype=np.uint8)
    pixels[..., 3] = 255
    for row in range(rows // 2, rows):
        for column in range(columns):
            top, left = margin + row * step, margin + column * step
            pixels[top : top + 2, left : left + SIDE] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return Sheet(name, f"{name}.png", file.getvalue(), Cut(SIDE, SIDE, margin, spacing), **more)  # type: ignore[arg-type]


SHORE = WangSet(
    "shore",
    "corner",
    ("sand", "sea"),
    tuple((k, (0, 1 + (k & 1), 0, 1 + (k >> 1 & 1), 0, 1 + (k >> 2 & 1), 0, 1 + (k >> 3))) for k in range(16)),
)


@pytest.fixture
def dressed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DressedArt:
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path / "home"))
    ground = _sheet("ground", 8, 4, margin=1, spacing=2, wangs=(SHORE,), words={3: "rock & <roll>"})
    things = _sheet("things", 4, 4)
    picks = [Pick(20), Pick(0), Pick(15), *(Pick(AROUND, 32 + 8 + k) for k in range(5))]
    return dress(LEGEND, [ground, things], picks, "My tiles")


def _drawn(path: Path) -> Picture:
    """A TMX drawn by what pytiled_parser says of it, over the files that it names."""
    read = pytiled_parser.parse_map(path)
    width, height = int(read.tile_size.width), int(read.tile_size.height)
    canvas = Image.new("RGBA", (int(read.map_size.width) * width, int(read.map_size.height) * height))
    for layer in read.layers:
        shown = Image.new("RGBA", canvas.size)
        for row, line in enumerate(layer.data):  # type: ignore[attr-defined]
            for column, gid in enumerate(line):
                if gid:
                    shown.paste(_tile(read, gid), (column * width, row * height))
        canvas = Image.alpha_composite(canvas, shown)
    return np.array(canvas)


def _tile(read: pytiled_parser.TiledMap, gid: int) -> Image.Image:
    first = max(each for each in read.tilesets if each <= gid)
    tileset = read.tilesets[first]
    row, column = divmod(gid - first, tileset.columns)
    left = tileset.margin + column * (tileset.tile_width + tileset.spacing)
    top = tileset.margin + row * (tileset.tile_height + tileset.spacing)
    assert tileset.image is not None
    with Image.open(tileset.image) as image:
        return image.convert("RGBA").crop((left, top, left + tileset.tile_width, top + tileset.tile_height))


def test_the_map_shows_what_is_drawn(dressed: DressedArt, tmp_path: Path) -> None:
    for number in range(3):
        one = level(number)
        files = {**beside(dressed), **write_level(one, dressed, stem="a", facts={"name": "Crypt"})}
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        assert np.array_equal(_drawn(tmp_path / "a.tmx"), dressed.draw(one.tiles))
    read = pytiled_parser.parse_map(tmp_path / "a.tmx")
    assert [layer.name for layer in read.layers or ()] == ["ground", "things"]
    assert (read.properties or {})["genworld_name"] == "Crypt"


def test_terrains_go_out_with_the_tileset(dressed: DressedArt, tmp_path: Path) -> None:
    for name, data in {**beside(dressed), **write_level(level(1), dressed, stem="a", facts={})}.items():
        (tmp_path / name).write_bytes(data)
    tileset = pytiled_parser.parse_map(tmp_path / "a.tmx").tilesets[1]
    assert tileset.wang_sets is not None
    assert [(each.name, each.wang_type) for each in tileset.wang_sets] == [("shore", "corner")]
    assert tileset.wang_sets[0].wang_tiles[5].wang_id == list(SHORE.tiles[5][1])
    assert tileset.tiles is not None
    assert tileset.tiles[3].class_ == "rock & <roll>"


def test_a_persons_own_description_stays_byte_for_byte(dressed: DressedArt) -> None:
    written = beside(dressed)["ground.tsx"]
    sheets = [replace(dressed.sheets[0], tsx=written, tsx_file="mine.tsx"), dressed.sheets[1]]
    own = DressedArt("own", sheets, dressed.names, dressed.worn, dressed.meaning)
    assert beside(own)["mine.tsx"] == written
    moved = written.replace(b'source="ground.png"', b'source="../art/ground.png"')
    sheets[0] = replace(sheets[0], tsx=moved)
    again = beside(DressedArt("own", sheets, dressed.names, dressed.worn, dressed.meaning))["mine.tsx"]
    assert b'source="ground.png"' in again


@pytest.mark.parametrize("kind", ["tiled", "own"])
def test_packs_hold_the_level_and_its_tileset(dressed: DressedArt, tmp_path: Path, kind: str) -> None:
    keep(dressed, listed=True)
    legend = replace(LEGEND, tileset=PREFIX + dressed.digest)
    kept = [item(k, Level(level(k).tiles, legend)) for k in range(2)]
    plain = item(9, level(9))
    path = packs.export([*kept, plain], name="mine", format=kind, folder=tmp_path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    folder = tmp_path / "out" / "mine" / "my-tiles"
    assert sorted(each.name for each in folder.iterdir()) == [
        "ground-01.tmx",
        "ground-02.tmx",
        "ground.png",
        "ground.tsx",
        "things.png",
        "things.tsx",
    ]
    assert np.array_equal(_drawn(folder / "ground-02.tmx"), dressed.draw(level(1).tiles))
    assert len(list((tmp_path / "out" / "mine" / "levels").glob("*.tmx"))) == 1
