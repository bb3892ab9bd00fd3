"""Tiled's XML, version 1.10 (https://doc.mapeditor.org/en/stable/reference/tmx-map-format/).

Elements are built as a tree, never as text, so that no name can break out of its attribute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

VERSION = "1.10"
TILED_VERSION = "1.10.2"

Element = ET.Element
Value = str | int | bool

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class TilesetTile:
    """One tile of a tileset: what it is called, and what an editor may read off it."""

    name: str
    properties: Mapping[str, Value]


def document(root: Element) -> bytes:
    """The file of an element tree."""
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode")  # several times quicker than into bytes
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def element(parent: Element | None, tag: str, **attributes: Value) -> Element:
    """A new element at the end of `parent`; characters that XML has not are left out of its attributes."""
    texts = {key: _text(value) for key, value in attributes.items()}
    return Element(tag, texts) if parent is None else ET.SubElement(parent, tag, texts)


def map_root(size: tuple[int, int], cell: tuple[int, int], layers: int, objects: int = 0) -> Element:
    """``<map>`` of (rows, columns) cells of (height, width) pixels.

    Args:
        layers, objects: how many will stand in it; the numbers that follow are free.
    """
    return element(
        None,
        "map",
        version=VERSION,
        tiledversion=TILED_VERSION,
        orientation="orthogonal",
        renderorder="right-down",
        width=size[1],
        height=size[0],
        tilewidth=cell[1],
        tileheight=cell[0],
        infinite=0,
        nextlayerid=layers + 1,
        nextobjectid=objects + 1,
    )


def add_properties(parent: Element, properties: Mapping[str, Value]) -> None:
    """Custom properties, typed; none, none."""
    if properties:
        block = element(parent, "properties")
        for name, value in properties.items():
            kind: dict[str, Value] = {"type": _kind(value)} if not isinstance(value, str) else {}
            element(block, "property", name=name, **kind, value=value)


def add_tiles(
    parent: Element, number: int, name: str, gids: NDArray[np.uint32], *, visible: bool, properties: Mapping[str, Value]
) -> None:
    """A layer of (H, W) global tile ids, 0 where empty."""
    height, width = gids.shape
    hidden: dict[str, Value] = {} if visible else {"visible": 0}
    layer = element(parent, "layer", id=number, name=name, width=width, height=height, **hidden)
    add_properties(layer, properties)
    rows = (",".join(map(str, row)) for row in gids.tolist())
    element(layer, "data", encoding="csv").text = "\n" + ",\n".join(rows) + "\n"


def tileset(
    name: str, image: str, size: tuple[int, int], tile: tuple[int, int], tiles: Sequence[TilesetTile]
) -> Element:
    """A tileset over a grid of cells.

    Args:
        name: of the tileset.
        image: path of its picture, relative to the file.
        size: (height, width) of the picture, in pixels.
        tile: (height, width) of a cell, in pixels.
        tiles: the first cells; the rest of the grid stays unnamed.
    """
    columns, rows = size[1] // tile[1], size[0] // tile[0]
    root = element(
        None,
        "tileset",
        version=VERSION,
        tiledversion=TILED_VERSION,
        name=name,
        tilewidth=tile[1],
        tileheight=tile[0],
        tilecount=columns * rows,
        columns=columns,
    )
    element(root, "image", source=image, width=size[1], height=size[0])
    for number, each in enumerate(tiles):
        add_properties(element(root, "tile", id=number, type=each.name), each.properties)
    return root


def _kind(value: Value) -> str:
    return "bool" if isinstance(value, bool) else "int"


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _NOT_XML.sub("", value)
