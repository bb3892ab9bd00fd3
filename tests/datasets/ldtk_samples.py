"""Small LDtk projects of our own, as the editor writes them: of several versions, with and without rules."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Raw = dict[str, Any]

GRID = 8
COLUMNS = 4
TILES, WALLS, WATER, THINGS, FLOOR = 1, 1, 2, 3, 4
"""Uids of the tileset, values, and uids of layers."""

CAVE = (
    "####################",
    "#......##..........#",
    "#.P.....#....##....#",
    "#............##..E.#",
    "#....~~~.....###...#",
    "###..~~~...#####.C.#",
    "###........####....#",
    "####################",
)
POOL = (
    "############",
    "#..........#",
    "#.C.~~~~...#",
    "#...~~~~...#",
    "############",
)
KINDS = {"P": ("Player", 20), "E": ("Exit", 21), "C": ("Chest", 22)}


def picture() -> bytes:
    """A tileset of 4 x 4 tiles of 8 pixels, each of one colour with a light corner; tile 15 is clear."""
    pixels = np.zeros((COLUMNS * GRID, COLUMNS * GRID, 4), np.uint8)
    for tile in range(COLUMNS**2 - 1):
        row, column = divmod(tile, COLUMNS)
        cell = pixels[row * GRID : (row + 1) * GRID, column * GRID : (column + 1) * GRID]
        cell[:] = (tile * 16, 255 - tile * 16, 40, 255)
        cell[:2, :2] = (255, 255, 255, 255)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def rule(uid: int, pattern: Sequence[int], tiles: Sequence[int], **other: Any) -> Raw:
    """A rule of 1.5; one alternative for each tile."""
    return {
        "uid": uid,
        "active": True,
        "size": int(len(pattern) ** 0.5),
        "tileRectsIds": [[tile] for tile in tiles],
        "alpha": 1,
        "chance": 1,
        "breakOnMatch": True,
        "pattern": list(pattern),
        "flipX": False,
        "flipY": False,
        "xModulo": 1,
        "yModulo": 1,
        "checker": "None",
        "tileMode": "Single",
        "pivotX": 0,
        "pivotY": 0,
        "outOfBoundsValue": None,
        "perlinActive": False,
        **other,
    }


def layer(uid: int, name: str, kind: str, **other: Any) -> Raw:
    """The definition of a layer."""
    return {
        "__type": kind,
        "type": kind,
        "identifier": name,
        "uid": uid,
        "gridSize": GRID,
        "displayOpacity": 1,
        "pxOffsetX": 0,
        "pxOffsetY": 0,
        "intGridValues": [],
        "autoRuleGroups": [],
        "autoSourceLayerDefUid": None,
        "tilesetDefUid": TILES,
        "tilePivotX": 0,
        "tilePivotY": 0,
        **other,
    }


def group(uid: int, rules: Sequence[Raw], **other: Any) -> Raw:
    """A group of rules."""
    return {"uid": uid, "name": str(uid), "active": True, "isOptional": False, "rules": list(rules), **other}


def tileset(**other: Any) -> Raw:
    """The definition of the tileset of `picture`."""
    return {
        "identifier": "Ground",
        "uid": TILES,
        "relPath": "art/tiles.png",
        "pxWid": COLUMNS * GRID,
        "pxHei": COLUMNS * GRID,
        "tileGridSize": GRID,
        "spacing": 0,
        "padding": 0,
        "__cWid": COLUMNS,
        "__cHei": COLUMNS,
        "enumTags": [],
        "cachedPixelData": {"opaqueTiles": "1" * 15 + "0"},
        **other,
    }


def entity(name: str, uid: int) -> Raw:
    """The definition of a kind of entity."""
    return {
        "identifier": name,
        "uid": uid,
        "tags": ["actor"],
        "width": GRID,
        "height": GRID,
        "color": "#FF0044",
        "pivotX": 0.5,
        "pivotY": 1,
        "tilesetId": TILES,
        "tileRect": {"tilesetUid": TILES, "x": 8, "y": 0, "w": 8, "h": 8},
        "fieldDefs": [],
    }


def instance(definition: Raw, rows: Sequence[str], **content: Any) -> Raw:
    """A layer of a level."""
    return {
        "__identifier": definition["identifier"],
        "__type": definition["type"],
        "__cWid": len(rows[0]) * GRID // definition["gridSize"],
        "__cHei": len(rows) * GRID // definition["gridSize"],
        "__gridSize": definition["gridSize"],
        "__opacity": 1,
        "__pxTotalOffsetX": 0,
        "__pxTotalOffsetY": 0,
        "__tilesetDefUid": definition["tilesetDefUid"],
        "__tilesetRelPath": "art/tiles.png",
        "iid": f"layer-{definition['uid']}",
        "levelId": 0,
        "layerDefUid": definition["uid"],
        "pxOffsetX": 0,
        "pxOffsetY": 0,
        "visible": True,
        "optionalRules": [],
        "intGridCsv": [],
        "autoLayerTiles": [],
        "seed": 1234567,
        "overrideTilesetUid": None,
        "gridTiles": [],
        "entityInstances": [],
        **content,
    }


def thing(row: int, column: int, char: str) -> Raw:
    """An entity that stands in a cell, its pivot in the middle of the lower edge; it refers to another one."""
    name, uid = KINDS[char]
    reference = {"__identifier": "target", "__type": "EntityRef", "__value": {"entityIid": "x"}, "defUid": 90}
    point = {
        "__identifier": "route",
        "__type": "Array<Point>",
        "__value": [{"cx": column + 1, "cy": row}],
        "defUid": 91,
    }
    return {
        "__identifier": name,
        "__grid": [column, row],
        "__pivot": [0.5, 1],
        "__tags": ["actor"],
        "__tile": {"tilesetUid": TILES, "x": 8, "y": 0, "w": 8, "h": 8},
        "__smartColor": "#FF0044",
        "iid": f"{name}-{row}-{column}",
        "width": GRID,
        "height": GRID,
        "defUid": uid,
        "px": [column * GRID + 4, row * GRID + 8],
        "fieldInstances": [
            {**reference, "realEditorValues": [{"id": "V_String", "params": ["x"]}]},
            {**point, "realEditorValues": [{"id": "V_String", "params": [f"{column + 1},{row}"]}]},
        ],
        "__worldX": column * GRID + 4,
        "__worldY": row * GRID + 8,
    }


def tile(row: int, column: int, number: int, flips: int = 0) -> Raw:
    """A hand-placed tile."""
    source = [number % COLUMNS * GRID, number // COLUMNS * GRID]
    return {"px": [column * GRID, row * GRID], "src": source, "f": flips, "t": number, "d": [0], "a": 1}


def level(name: str, rows: Sequence[str], layers: Sequence[Raw], **other: Any) -> Raw:
    """A level."""
    return {
        "identifier": name,
        "iid": f"level-{name}",
        "uid": 50,
        "worldX": 0,
        "worldY": 0,
        "worldDepth": 0,
        "pxWid": len(rows[0]) * GRID,
        "pxHei": len(rows) * GRID,
        "__bgColor": "#202030",
        "bgColor": None,
        "bgRelPath": None,
        "externalRelPath": None,
        "fieldInstances": [],
        "layerInstances": list(layers),
        "__neighbours": [{"levelIid": "other", "dir": "n"}],
        **other,
    }


def project(layers: Sequence[Raw], levels: Sequence[Raw], **other: Any) -> Raw:
    """A project of 1.5.3."""
    entities = [entity(name, uid) for name, uid in KINDS.values()]
    return {
        "__header__": {"fileType": "LDtk Project JSON", "app": "LDtk"},
        "iid": "project",
        "jsonVersion": "1.5.3",
        "nextUid": 100,
        "worldLayout": "Free",
        "externalLevels": False,
        "toc": [{"identifier": "Player", "instances": [], "instancesData": [{"worldX": 1}]}],
        "defs": {"layers": copy.deepcopy(list(layers)), "entities": entities, "tilesets": [tileset()], "enums": []},
        "levels": list(levels),
        "worlds": [],
        **other,
    }


WALL_RULES = group(
    60,
    [
        rule(61, [0, -1, 0, 0, 1, 0, 0, 0, 0], [4], outOfBoundsValue=1),  # a wall with open air above
        rule(62, [1], [5, 6, 7]),
        rule(63, [2], [8], breakOnMatch=False),
    ],
)

CAVE_LAYERS = (
    layer(THINGS, "Entities", "Entities", tilesetDefUid=None),
    layer(
        FLOOR + 10,
        "Collisions",
        "IntGrid",
        intGridValues=[
            {"value": WALLS, "identifier": "walls", "color": "#804020", "groupUid": 0},
            {"value": WATER, "identifier": "water", "color": "#2040C0", "groupUid": 0},
        ],
        autoRuleGroups=[WALL_RULES],
    ),
    layer(FLOOR, "Floor", "Tiles"),
)


def cave_level(name: str, rows: Sequence[str], **other: Any) -> Raw:
    """A level of `CAVE_LAYERS`: walls, water, entities, and floor tiles beside the water."""
    values = [{"#": WALLS, "~": WATER}.get(char, 0) for row in rows for char in row]
    cells = [(y, x, char) for y, row in enumerate(rows) for x, char in enumerate(row)]
    floor = [tile(y, x + 1, 9, 1) for y, x, char in cells if char == "~" and rows[y][x + 1] == "."]
    things, walls, tiles = CAVE_LAYERS
    return level(
        name,
        rows,
        [
            instance(things, rows, entityInstances=[thing(*cell) for cell in cells if cell[2] in KINDS]),
            instance(walls, rows, intGridCsv=values),
            instance(tiles, rows, gridTiles=floor),
        ],
        **other,
    )


def cave_project(**other: Any) -> Raw:
    """Two caves with rules, entities and hand-placed tiles."""
    return project(CAVE_LAYERS, [cave_level("Cave", CAVE), cave_level("Pool", POOL)], **other)


def tiles_project() -> Raw:
    """A map of hand-placed tiles in two layers, and no IntGrid."""
    rows = ("........", "........", "........", "........")
    layers = (layer(6, "Decoration", "Tiles"), layer(5, "Ground", "Tiles"))
    ground = [tile(y, x, 1 if x < 4 else 2, x % 2) for y in range(4) for x in range(8)]
    upper = [tile(1, 2, 3), tile(1, 2, 10, 2), tile(2, 5, 11, 3)]
    made = [instance(layers[0], rows, gridTiles=upper), instance(layers[1], rows, gridTiles=ground)]
    return project(layers, [level("Meadow", rows, made)])


def old_project() -> Raw:
    """The caves as LDtk 0.9 wrote them, with the IntGrid as the list of the cells that it was before."""
    made = cave_project(jsonVersion="0.9.3")
    for key in ("iid", "worlds", "toc"):
        del made[key]
    for each in made["defs"]["layers"]:
        each_rules = [rule for one in each["autoRuleGroups"] for rule in one["rules"]]
        if each_rules:
            each |= {
                "autoTilesetDefUid": each["tilesetDefUid"],
                "tilesetDefUid": None,
                "autoRuleGroups": [_old_group()],
            }
    for each in made["levels"]:
        del each["iid"]
        for one in each["layerInstances"]:
            del one["iid"]
            csv = one.pop("intGridCsv")
            one["intGrid"] = [{"coordId": place, "v": value - 1} for place, value in enumerate(csv) if value]
            one["entityInstances"] = [_old_thing(old) for old in one["entityInstances"]]
    return made


def _old_group() -> Raw:
    keep = ("uid", "size", "chance", "breakOnMatch", "pattern", "flipX", "flipY", "outOfBoundsValue", "active")
    old = [
        {**{key: each[key] for key in keep}, "tileIds": [ids[0] for ids in each["tileRectsIds"]]}
        for each in WALL_RULES["rules"]
    ]
    return group(60, old)


def _old_thing(raw: Raw) -> Raw:
    old = {key: value for key, value in raw.items() if key not in ("iid", "__worldX", "__worldY", "__smartColor")}
    return {**old, "__tile": {"tilesetUid": TILES, "srcRect": [8, 0, 8, 8]}}


def external_project() -> tuple[Raw, dict[str, Raw]]:
    """The caves with a file for each level: the project, and the levels by path."""
    made = cave_project(externalLevels=True)
    outside = {}
    for each in made["levels"]:
        path = f"world/{each['identifier']}.ldtkl"
        outside[path] = {**each, "__header__": {"fileType": "LDtk Level JSON"}}
        each |= {"layerInstances": None, "externalRelPath": path}
    return made, outside


def write(folder: Path, made: Raw, outside: Mapping[str, Raw] | None = None, *, art: bool = True) -> Path:
    """Writes a project with its levels and its picture; returns the path of the project."""
    for path, raw in {"world.ldtk": made, **(outside or {})}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(raw))
    if art:
        (folder / "art").mkdir(exist_ok=True)
        (folder / "art/tiles.png").write_bytes(picture())
    return folder / "world.ldtk"
