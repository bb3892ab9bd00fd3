"""The XML of a Tiled map that is filled anew."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from genworld.art.tiled import Key, Mark, Scalar
from genworld.datasets.tiled.layers import layers_of
from genworld.datasets.untrusted import read_xml
from genworld.packs.tiled_xml import TILED_VERSION, VERSION, Element, document, element

EXPECTED = {"version": VERSION, "tiledversion": TILED_VERSION, "renderorder": "right-down", "orientation": "orthogonal"}
"""Attributes that every map has today."""


class TmxDocument:
    """A map without tiles and objects, on its way to a level.

    Args:
        raw: the file.
    """

    def __init__(self, raw: bytes) -> None:
        self._root = read_xml(raw, "the map")
        found = list(layers_of(self._root, "the map"))
        self._layers = [each.element for each in found if each.element.tag == "layer"]
        self._groups: dict[Key, Element] = {
            each.key: each.element for each in found if each.element.tag == "objectgroup"
        }
        self._objects = 0
        self._size = (0, 0)

    def resize(self, height: int, width: int) -> None:
        """Gives the map a size in cells; it has an end from now on."""
        self._size = height, width
        for name, value in (("width", width), ("height", height), ("infinite", 0)):
            self._root.set(name, str(value))

    def tell(self, facts: Mapping[str, str]) -> None:
        """Adds custom properties to the map, in place of those of the same name."""
        block = self._root.find("properties")
        if block is None:
            block = ET.Element("properties")
            self._root.insert(0, block)
        for old in [each for each in block if each.get("name") in facts]:
            block.remove(old)
        for name, value in facts.items():
            element(block, "property", name=name, value=value)

    def fill(self, key: Key, index: int, gids: NDArray[np.uint32]) -> None:
        """Writes (H, W) ids into tile layer `index`, which is made on top where the map has no such."""
        layer = self._layers[index] if index < len(self._layers) else self._new("layer", key)
        layer.set("width", str(self._size[1]))
        layer.set("height", str(self._size[0]))
        for old in layer.findall("data"):
            layer.remove(old)
        rows = (",".join(map(str, row)) for row in gids.tolist())
        element(layer, "data", encoding="csv").text = "\n" + ",\n".join(rows) + "\n"

    def place(self, mark: Mark, x: float, y: float) -> None:
        """Puts an object at a point in pixels, into its layer, which is made where the map has no such."""
        if mark.group not in self._groups:
            self._groups[mark.group] = self._new("objectgroup", mark.group)
        self._objects += 1
        made = element(self._groups[mark.group], "object", id=self._objects)
        for name, value in {**mark.attributes, "x": _number(x), "y": _number(y)}.items():
            made.set(name, value)
        if mark.properties:
            _add_properties(made, mark.properties)
        if mark.shape:
            element(made, mark.shape)

    def to_bytes(self) -> bytes:
        """The file, with what maps of old versions lack and readers of today expect."""
        for name, value in {**EXPECTED, "nextlayerid": str(self._free_number())}.items():
            self._root.attrib.setdefault(name, value)
        self._root.set("nextobjectid", str(self._objects + 1))
        return document(self._root)

    def _new(self, tag: str, key: Key) -> Element:
        number = self._free_number()
        self._root.set("nextlayerid", str(number + 1))
        return element(self._root, tag, id=number, name=key[-2])

    def _free_number(self) -> int:
        """One more than the number of any layer."""
        return max(_whole(self._root, "nextlayerid"), 1 + max(map(_id, self._root.iter())))


def _id(layer: Element) -> int:
    """The number of a layer; 0 where it has none."""
    return _whole(layer, "id") if layer.tag in ("layer", "objectgroup", "imagelayer", "group") else 0


def _whole(holder: Element, name: str) -> int:
    """A small whole-number attribute; 0 for anything else."""
    text = holder.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _add_properties(made: Element, properties: Mapping[str, Scalar]) -> None:
    block = element(made, "properties")
    for name, value in properties.items():
        kind = {bool: "bool", int: "int", float: "float"}.get(type(value), "string")
        element(block, "property", name=name, type=kind, value=value if isinstance(value, bool | int) else str(value))


def _number(value: float) -> str:
    """A coordinate as Tiled writes it.

    >>> _number(48.0), _number(12.25)
    ('48', '12.25')
    """
    return f"{value:.4f}".rstrip("0").rstrip(".")
