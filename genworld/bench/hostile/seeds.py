"""Small whole files of every format that strangers bring, to be damaged."""

from __future__ import annotations

import base64
import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from genworld import checkpoint
from genworld.datasets import open_dataset
from genworld.learning import learn
from genworld.seeding import numpy_stream

ROWS, COLUMNS, TILE = 6, 8, 8


@dataclass(frozen=True)
class Seed:
    """A whole file among those that belong to it.

    Args:
        files: bytes by path.
        damaged: the file that is damaged.
        opened: the file that is opened; the folder when empty.
        read: as in `Case`.
    """

    files: dict[str, bytes]
    damaged: str
    opened: str = ""
    read: Callable[[Path], object] | None = None


def picture(kind: str, height: int = 16, width: int = 32) -> bytes:
    """A picture of noise in one of Pillow's formats."""
    pixels = numpy_stream(0, "hostile/picture").integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = np.where(pixels[..., 3] > 60, 255, 0)
    file = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert("RGB") if kind == "JPEG" else image).save(file, kind)
    return file.getvalue()


def gids() -> list[int]:
    """A map's tiles, one of them flipped."""
    cells = numpy_stream(0, "hostile/cells").integers(0, 9, ROWS * COLUMNS).tolist()
    return [0x80000003, *cells[1:]]


TILESET = f"""<tileset version="1.10" name="ground" tilewidth="{TILE}" tileheight="{TILE}" tilecount="8" columns="4">
 <properties><property name="kind" value="cave"/></properties>
 <image source="ground.png" width="32" height="16"/>
 <tile id="0" type="wall"><properties><property name="solid" type="bool" value="true"/></properties></tile>
 <tile id="1"><objectgroup><object id="1" x="0" y="0" width="8" height="8"/></objectgroup></tile>
 <tile id="2"><animation><frame tileid="2" duration="100"/><frame tileid="3" duration="100"/></animation></tile>
 <wangsets>
  <wangset name="land" type="corner" tile="0">
   <wangcolor name="rock" color="#ff0000" tile="0" probability="1"/>
   <wangtile tileid="0" wangid="0,1,0,1,0,1,0,1"/>
  </wangset>
 </wangsets>
</tileset>"""


def tmx(tileset: str = TILESET.replace("<tileset ", '<tileset firstgid="1" ')) -> bytes:
    """A map with a CSV layer, a packed one, objects and a tileset."""
    packed = base64.b64encode(zlib.compress(np.array(gids(), "<u4").tobytes())).decode()
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<map version="1.10" orientation="orthogonal" renderorder="right-down" width="{COLUMNS}" height="{ROWS}"
 tilewidth="{TILE}" tileheight="{TILE}" infinite="0" nextlayerid="4" nextobjectid="3">
 {tileset}
 <layer id="1" name="Ground" width="{COLUMNS}" height="{ROWS}">
  <data encoding="csv">{",".join(map(str, gids()))}</data>
 </layer>
 <group id="4" name="Above" opacity="0.5">
  <layer id="2" name="Walls" width="{COLUMNS}" height="{ROWS}" offsetx="1" offsety="2">
   <data encoding="base64" compression="zlib">{packed}</data>
  </layer>
 </group>
 <objectgroup id="3" name="Things">
  <object id="1" name="start" type="spawn" x="8" y="8" width="8" height="8"/>
  <object id="2" gid="2" x="16" y="24" width="8" height="8"/>
 </objectgroup>
</map>
""".encode()


def tmj() -> bytes:
    """The same as JSON, infinite, with the tileset inside."""
    chunk = {"x": 0, "y": 0, "width": COLUMNS, "height": ROWS, "data": gids()}
    sheet = {"image": "ground.png", "imagewidth": 32, "imageheight": 16, "columns": 4, "tilecount": 8}
    tiles = [{"id": 0, "type": "wall", "properties": [{"name": "solid", "type": "bool", "value": True}]}]
    size = {"tilewidth": TILE, "tileheight": TILE}
    layer = {
        "type": "tilelayer",
        "id": 1,
        "name": "Ground",
        "x": 0,
        "y": 0,
        "startx": 0,
        "starty": 0,
        "chunks": [chunk],
    }
    things = [{"id": 1, "name": "exit", "type": "goal", "x": 8, "y": 8, "width": 8, "height": 8}]
    made = {
        "type": "map",
        "version": "1.10",
        "orientation": "orthogonal",
        "renderorder": "right-down",
        **size,
        "infinite": True,
        "width": COLUMNS,
        "height": ROWS,
        "tilesets": [{"firstgid": 1, "name": "ground", **size, **sheet, "tiles": tiles}],
        "layers": [
            {**layer, "width": COLUMNS, "height": ROWS, "opacity": 1, "visible": True},
            {"type": "objectgroup", "id": 2, "name": "Things", "objects": things},
        ],
    }
    return json.dumps(made, indent=1).encode()


def ldtk() -> bytes:
    """A project with rules, an IntGrid, tiles and an entity."""
    return json.dumps(_ldtk(), indent=1).encode()


def _ldtk() -> dict[str, Any]:
    cells = numpy_stream(0, "hostile/grid").integers(0, 2, ROWS * COLUMNS).tolist()
    rule = {"uid": 31, "active": True, "size": 1, "tileRectsIds": [[1], [2]], "alpha": 1, "chance": 0.9}
    rule |= {"breakOnMatch": True, "pattern": [1], "flipX": True, "flipY": False, "xModulo": 2, "yModulo": 1}
    rule |= {"checker": "None", "tileMode": "Single", "pivotX": 0, "pivotY": 0, "perlinActive": False}
    group = {"uid": 30, "name": "walls", "active": True, "isOptional": False, "rules": [rule]}
    walls = {"__type": "IntGrid", "type": "IntGrid", "identifier": "Walls", "uid": 20, "autoRuleGroups": [group]}
    walls["intGridValues"] = [{"value": 1, "identifier": "wall", "color": "#804020"}]
    tiles = {"__type": "Tiles", "type": "Tiles", "identifier": "Floor", "uid": 21, "autoRuleGroups": []}
    things = {"__type": "Entities", "type": "Entities", "identifier": "Things", "uid": 22, "autoRuleGroups": []}
    shared = {"gridSize": TILE, "tilesetDefUid": 10, "displayOpacity": 1, "pxOffsetX": 0, "pxOffsetY": 0}
    sheet = {"identifier": "Ground", "uid": 10, "relPath": "ground.png", "pxWid": 32, "pxHei": 16, "spacing": 0}
    sheet |= {"tileGridSize": TILE, "padding": 0, "__cWid": 4, "__cHei": 2, "enumTags": []}
    player = {"identifier": "Player", "uid": 11, "width": 8, "height": 8, "pivotX": 0, "pivotY": 0, "tags": []}
    tile = {"px": [8, 16], "src": [8, 8], "f": 1, "t": 5, "d": [0], "a": 1}
    entity = {"__identifier": "Player", "__grid": [2, 1], "defUid": 11, "px": [16, 8], "width": 8, "height": 8}
    entity |= {"iid": "p", "__pivot": [0, 0], "__tags": [], "fieldInstances": []}
    held = [(things, {"entityInstances": [entity]}), (walls, {"intGridCsv": cells}), (tiles, {"gridTiles": [tile]})]
    level = {"identifier": "One", "iid": "l", "uid": 1, "worldX": 0, "worldY": 0, "pxWid": 64, "pxHei": 48}
    level["layerInstances"] = [_instance(definition | shared, content) for definition, content in held]
    defs = {"layers": [each | shared for each, _ in held], "entities": [player], "tilesets": [sheet], "enums": []}
    head = {"__header__": {"fileType": "LDtk Project JSON", "app": "LDtk"}, "jsonVersion": "1.5.3"}
    return {**head, "externalLevels": False, "worldLayout": "Free", "defs": defs, "levels": [level], "worlds": []}


def _instance(definition: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {"intGridCsv": [], "gridTiles": [], "autoLayerTiles": [], "entityInstances": []}
    size = {"__cWid": COLUMNS, "__cHei": ROWS, "__gridSize": TILE, "__opacity": 1, "visible": True, "seed": 7}
    kind = {"__identifier": definition["identifier"], "__type": definition["type"], "layerDefUid": definition["uid"]}
    return {**kind, **size, **empty, **content, "__tilesetDefUid": 10, "pxOffsetX": 0, "pxOffsetY": 0}


def zipped(**files: bytes) -> bytes:
    """A zip of pictures by stem."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for stem, raw in files.items():
            archive.writestr(zipfile.ZipInfo(f"{stem}.png"), raw)
    return file.getvalue()


TEXT = b"########\n#S...~~#\n#.##.~~#\n#...k+E#\n########\n"
LEGEND = json.dumps(
    {
        "game": "tiny",
        "style": "top-down",
        "tiles": {
            char: {"meaning": name, "tags": tags}
            for char, name, tags in (
                ("#", "wall", ["solid"]),
                (".", "floor", ["passable"]),
                ("S", "start", ["passable", "start"]),
                ("E", "end", ["passable", "goal"]),
                ("~", "water", ["liquid"]),
                ("k", "key", ["key"]),
                ("+", "door", ["door"]),
            )
        },
    },
    indent=1,
).encode()


def _model() -> dict[str, bytes]:
    """The files of a small model, as another person may send them."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "brought"
        place.mkdir()
        (place / "a.txt").write_bytes(TEXT)
        made = learn(open_dataset(str(place / "a.txt")), name="brought", folder=Path(name) / "model")
        names = (checkpoint.MANIFEST, made.manifest.weights.file)
        return {each: (made.folder / each).read_bytes() for each in names}


def _load(folder: Path) -> object:
    return checkpoint.read(folder).load()


def seeds() -> dict[str, Seed]:
    """A seed of every format, by name."""
    ground = {"ground.png": picture("PNG")}
    model = _model()
    weights = next(name for name in model if name != checkpoint.MANIFEST)
    outside = '<tileset firstgid="1" source="ground.tsx"/>'
    pictures = {
        kind: Seed({f"a.{suffix}": picture(kind)}, f"a.{suffix}", f"a.{suffix}")
        for kind, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp"))
    }
    return {
        **pictures,
        "zip": Seed({"a.zip": zipped(one=picture("PNG"), two=picture("PNG", 8, 8))}, "a.zip", "a.zip"),
        "TMX": Seed({"map.tmx": tmx(), **ground}, "map.tmx"),
        "TSX": Seed({"map.tmx": tmx(outside), "ground.tsx": TILESET.encode(), **ground}, "ground.tsx"),
        "TMJ": Seed({"map.tmj": tmj(), **ground}, "map.tmj"),
        "LDtk": Seed({"world.ldtk": ldtk(), **ground}, "world.ldtk"),
        "text": Seed({"a.txt": TEXT, "tiles.json": LEGEND}, "a.txt"),
        "tiles.json": Seed({"a.txt": TEXT, "tiles.json": LEGEND}, "tiles.json"),
        "manifest": Seed(model, checkpoint.MANIFEST, read=_load),
        "safetensors": Seed(model, weights, read=_load),
    }
