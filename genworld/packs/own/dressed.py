"""Levels as maps of Tiled in a tileset that a person chose for them: ground below, things on it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from itertools import accumulate

import numpy as np

from genworld.art import Art
from genworld.art.dressed import DressedArt
from genworld.art.sheet import Sheet
from genworld.art.wang import WangSet
from genworld.content import Level
from genworld.datasets.untrusted import read_xml
from genworld.errors import GenworldError
from genworld.packs.own.own import OwnFormat
from genworld.packs.tiled_xml import (
    TILED_VERSION,
    VERSION,
    Element,
    add_properties,
    add_tiles,
    document,
    element,
    map_root,
)

PREFIX = "genworld_"
"""Begins the names of the properties that tell where a level comes from."""


def write(level: Level, art: Art, stem: str, facts: Mapping[str, str]) -> dict[str, bytes]:
    """The map of a level, a TMX that lies in one folder with `beside`; see `OwnFormat`."""
    dressed = _dressed(art)
    layers = dressed.layers(level.tiles)
    root = map_root((level.height, level.width), dressed.tile, len(layers))
    add_properties(root, {PREFIX + name: value for name, value in facts.items()})
    for first, (_, tsx) in zip(_first_ids(dressed), dressed.file_names, strict=True):
        element(root, "tileset", firstgid=first, source=tsx)
    for number, (name, frames) in enumerate(layers, start=1):
        add_tiles(root, number, name, _ids(dressed)[frames], visible=True, properties={})
    return {f"{stem}.tmx": document(root)}


def beside(art: Art) -> dict[str, bytes]:
    """The pictures of the tileset and Tiled's descriptions of them: the person's own, or made where there was none."""
    dressed = _dressed(art)
    files: dict[str, bytes] = {}
    for sheet, (picture, tsx) in zip(dressed.sheets, dressed.file_names, strict=True):
        files |= {picture: sheet.data, tsx: _description(sheet, picture)}
    return files


def _dressed(art: Art) -> DressedArt:
    if not isinstance(art, DressedArt):
        raise GenworldError(f"A chosen tileset was expected, but {art.name!r} is of kind {art.kind!r}.")
    return art


def _first_ids(art: DressedArt) -> list[int]:
    """The first global tile id of each sheet; a description may count more tiles than its picture has."""
    room = [max(sheet.count, _declared(sheet)) for sheet in art.sheets]
    return list(accumulate(room[:-1], initial=1))


def _declared(sheet: Sheet) -> int:
    text = read_xml(sheet.tsx, sheet.tsx_file).get("tilecount", "") if sheet.tsx else ""
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _ids(art: DressedArt) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """(frames + 1,) the global tile id of each frame; the last is 0, so that -1 is empty."""
    pairs = zip(_first_ids(art), art.sheets, strict=True)
    return np.concatenate([*(np.arange(sheet.count) + first for first, sheet in pairs), [0]]).astype(np.uint32)


def _description(sheet: Sheet, picture: str) -> bytes:
    """The TSX of a sheet. The person's own stays byte for byte, but for the place of its picture where that moved."""
    if not sheet.tsx:
        return document(_tileset(sheet, picture))
    root = read_xml(sheet.tsx, sheet.tsx_file)
    image = root.find("image")
    if image is None or image.get("source") == picture:
        return sheet.tsx
    image.set("source", picture)
    return document(root)


def _tileset(sheet: Sheet, picture: str) -> Element:
    rows, columns = sheet.grid
    root = element(
        None,
        "tileset",
        version=VERSION,
        tiledversion=TILED_VERSION,
        name=sheet.name or posixpath.splitext(picture)[0],
        tilewidth=sheet.cut.width,
        tileheight=sheet.cut.height,
        spacing=sheet.cut.spacing,
        margin=sheet.cut.margin,
        tilecount=rows * columns,
        columns=columns,
    )
    height, width = sheet.picture.shape[:2]
    clear = {} if sheet.clear is None else {"trans": "{:02x}{:02x}{:02x}".format(*sheet.clear)}
    element(root, "image", source=picture, **clear, width=width, height=height)
    for tile, told in sorted(sheet.words.items()):
        element(root, "tile", id=tile, type=told)
    if sheet.wangs:
        sets = element(root, "wangsets")
        for wang in sheet.wangs:
            _add_wang_set(sets, wang)
    return root


def _add_wang_set(parent: Element, wang: WangSet) -> None:
    root = element(parent, "wangset", name=wang.name, type=wang.kind, tile=-1)
    for number, name in enumerate(wang.colours):
        shade = f"#{number * 97 % 256:02x}{(255 - number * 61) % 256:02x}{number * 149 % 256:02x}"
        element(root, "wangcolor", name=name, color=shade, tile=-1, probability=1)
    for tile, one in wang.tiles:
        element(root, "wangtile", tileid=tile, wangid=",".join(map(str, one)))


DRESSED = OwnFormat(place=lambda art: _dressed(art).file_names[0][1], write=write, beside=beside)
