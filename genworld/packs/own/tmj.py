"""The JSON of a Tiled map that is filled anew."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld.art.tiled import Key, Mark, Scalar
from genworld.packs.tiled_xml import TILED_VERSION, VERSION

Json = dict[str, Any]

EXPECTED = {"type": "map", "version": VERSION, "tiledversion": TILED_VERSION, "renderorder": "right-down"}
"""What every map says of itself today."""

_WHOLE = frozenset({"gid"})
_REAL = frozenset({"width", "height", "rotation", "opacity"})
_CHUNKED = ("chunks", "startx", "starty", "encoding", "compression")


class TmjDocument:
    """A map without tiles and objects, on its way to a level; as `TmxDocument`.

    Args:
        raw: the file.
    """

    def __init__(self, raw: bytes) -> None:
        self._root: Json = json.loads(raw)
        self._root.setdefault("layers", [])
        found = list(_numbered(_nested(self._root, ())))
        self._layers = [layer for _, layer in found if layer.get("type") == "tilelayer"]
        self._groups = {key: layer for key, layer in found if layer.get("type") == "objectgroup"}
        self._objects = 0
        self._size = (0, 0)

    def resize(self, height: int, width: int) -> None:
        """Gives the map a size in cells; it has an end from now on."""
        self._size = height, width
        self._root |= {"width": width, "height": height, "infinite": False}

    def tell(self, facts: Mapping[str, str]) -> None:
        """Adds custom properties to the map, in place of those of the same name."""
        old = self._root.get("properties", [])
        if isinstance(old, dict):  # as before Tiled 1.2
            self._root["properties"] = {**old, **facts}
            return
        kept = [each for each in old if each.get("name") not in facts]
        self._root["properties"] = kept + _properties(facts)

    def fill(self, key: Key, index: int, gids: NDArray[np.uint32]) -> None:
        """Writes (H, W) ids into tile layer `index`, which is made on top where the map has no such."""
        layer = self._layers[index] if index < len(self._layers) else self._new("tilelayer", key)
        for name in _CHUNKED:
            layer.pop(name, None)
        layer |= {"width": self._size[1], "height": self._size[0], "x": 0, "y": 0, "data": gids.ravel().tolist()}

    def place(self, mark: Mark, x: float, y: float) -> None:
        """Puts an object at a point in pixels, into its layer, which is made where the map has no such."""
        if mark.group not in self._groups:
            self._groups[mark.group] = self._new("objectgroup", mark.group)
        self._objects += 1
        made: Json = {"id": self._objects, "x": _number(x), "y": _number(y)}
        made |= {name: _value(name, text) for name, text in mark.attributes.items()}
        if mark.shape:
            made[mark.shape] = True
        if mark.properties:
            made["properties"] = _properties(mark.properties)
        if "template" not in made:  # programs that read TMJ expect these
            defaults = {"name": "", "type": "", "width": 0, "height": 0, "rotation": 0, "visible": True}
            made = {**defaults, **made}
        self._groups[mark.group].setdefault("objects", []).append(made)

    def to_bytes(self) -> bytes:
        """The file, with what maps of old versions lack and readers of today expect."""
        for name, value in {**EXPECTED, "nextlayerid": self._free_number()}.items():
            self._root.setdefault(name, value)
        self._root["nextobjectid"] = self._objects + 1
        return (json.dumps(self._root, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

    def _new(self, kind: str, key: Key) -> Json:
        number = self._free_number()
        self._root["nextlayerid"] = number + 1
        empty: Json = {"draworder": "topdown", "objects": []} if kind == "objectgroup" else {}
        layer: Json = {
            "id": number,
            "name": key[-2],
            "type": kind,
            "opacity": 1,
            "visible": True,
            "x": 0,
            "y": 0,
            **empty,
        }
        self._root["layers"].append(layer)
        return layer

    def _free_number(self) -> int:
        """One more than the number of any layer."""
        return max(_whole(self._root.get("nextlayerid")), 1 + max(_numbers(self._root), default=0))


def _numbers(holder: Json) -> Iterator[int]:
    """The numbers of all layers."""
    for layer in holder.get("layers", []):
        if isinstance(layer, dict):
            yield _whole(layer.get("id"))
            yield from _numbers(layer)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value < 10**9 else 0


def _nested(holder: Json, names: Key) -> Iterator[tuple[Key, Json]]:
    """Tile and object layers in drawing order, those of groups in their place."""
    for layer in holder.get("layers", []):
        if isinstance(layer, dict):
            inner = (*names, str(layer.get("name", "")))
            if layer.get("type") == "group":
                yield from _nested(layer, inner)
            elif layer.get("type") in ("tilelayer", "objectgroup"):
                yield inner, layer


def _numbered(layers: Iterator[tuple[Key, Json]]) -> Iterator[tuple[Key, Json]]:
    """Layers with their number among those of the same name at the end of their key."""
    seen: dict[tuple[str, Key], int] = {}
    for names, layer in layers:
        number = seen[layer["type"], names] = seen.get((layer["type"], names), 0) + 1
        yield (*names, str(number)), layer


def _properties(values: Mapping[str, Scalar]) -> list[Json]:
    kinds = {bool: "bool", int: "int", float: "float"}
    return [{"name": name, "type": kinds.get(type(each), "string"), "value": each} for name, each in values.items()]


def _value(name: str, text: str) -> Any:
    """An attribute as TMJ writes it."""
    if name in _WHOLE:
        return int(text)
    if name in _REAL:
        return _number(float(text))
    return text not in ("0", "false") if name == "visible" else text


def _number(value: float) -> float | int:
    """A coordinate or size as Tiled writes it.

    >>> _number(48.0), _number(12.25)
    (48, 12.25)
    """
    return int(value) if value == int(value) else round(value, 4)
