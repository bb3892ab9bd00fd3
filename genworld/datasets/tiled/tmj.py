"""Tiled's JSON (TMJ, TSJ) as the elements of its XML, so that one reader serves both.

https://doc.mapeditor.org/en/stable/reference/json-map-format/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement

LAYERS = {"tilelayer": "layer", "objectgroup": "objectgroup", "imagelayer": "imagelayer", "group": "group"}
"""Tag of each type of layer."""

SHAPES = ("point", "ellipse", "capsule", "polygon", "polyline", "text")
_IMAGE = {"image": "source", "imagewidth": "width", "imageheight": "height", "transparentcolor": "trans"}


def map_element(raw: dict[str, Any]) -> Element:
    """``<map>`` of a parsed map."""
    root = _element(None, "map", raw)
    for tileset in _dicts(raw.get("tilesets")):
        root.append(tileset_element(tileset))
    _add_layers(root, raw)
    return root


def tileset_element(raw: dict[str, Any]) -> Element:
    """``<tileset>`` of a parsed tileset, or of the place where a map names one."""
    root = _element(None, "tileset", raw, leave=frozenset(_IMAGE))
    _add_image(root, raw)
    for part in ("tileoffset", "grid"):
        if isinstance(raw.get(part), dict):
            _element(root, part, raw[part])
    for tile in _tiles(raw):
        _add_tile(root, tile)
    _add_terrains(root, raw)
    for wangset in _dicts(raw.get("wangsets")):
        _add_wangset(root, wangset)
    return root


def template_element(raw: dict[str, Any]) -> Element:
    """``<template>`` of a parsed object template."""
    root = Element("template")
    if isinstance(raw.get("tileset"), dict):
        root.append(tileset_element(raw["tileset"]))
    if isinstance(raw.get("object"), dict):
        _add_object(root, raw["object"])
    return root


def _element(parent: Element | None, tag: str, raw: dict[str, Any], leave: frozenset[str] = frozenset()) -> Element:
    texts = {str(key): _text(value) for key, value in raw.items() if key not in leave and _plain(value)}
    element = Element(tag, texts) if parent is None else SubElement(parent, tag, texts)
    _add_properties(element, raw.get("properties"))
    return element


def _plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _text(value: object) -> str:
    return (
        str(int(value)) if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()) else str(value)
    )


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    """The objects of a list; nothing where it is none."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def _add_properties(element: Element, raw: object) -> None:
    pairs = (
        [{"name": name, "value": value} for name, value in raw.items()] if isinstance(raw, dict) else list(_dicts(raw))
    )
    if not pairs:
        return
    block = SubElement(element, "properties")
    for pair in pairs:
        value = pair.get("value")
        if _plain(value):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            kind = "bool" if isinstance(value, bool) else str(pair.get("type", "string"))
            SubElement(block, "property", name=str(pair.get("name", "")), type=kind, value=text)


def _add_layers(parent: Element, raw: dict[str, Any]) -> None:
    for layer in _dicts(raw.get("layers")):
        kind = str(layer.get("type"))
        element = _element(parent, LAYERS.get(kind, "unknown"), layer, leave=frozenset({"data", "image"}))
        _add_layers(element, layer)
        if kind == "tilelayer":
            _add_data(element, layer)
        if kind == "imagelayer":
            _add_image(element, layer)
        for each in _dicts(layer.get("objects")):
            _add_object(element, each)


def _add_data(layer: Element, raw: dict[str, Any]) -> None:
    encoding = "base64" if isinstance(raw.get("data"), str) or raw.get("encoding") == "base64" else "csv"
    data = SubElement(layer, "data", encoding=encoding, compression=str(raw.get("compression") or ""))
    data.text = _cells(raw.get("data"))
    for chunk in _dicts(raw.get("chunks")):
        _element(data, "chunk", chunk, leave=frozenset({"data"})).text = _cells(chunk.get("data"))


def _cells(data: object) -> str:
    return ",".join(map(str, data)) if isinstance(data, list) else str(data or "")


def _add_object(parent: Element, raw: dict[str, Any]) -> None:
    element = _element(parent, "object", raw, leave=frozenset(SHAPES))
    for shape in SHAPES:
        if raw.get(shape):
            SubElement(element, shape)


def _add_image(parent: Element, raw: dict[str, Any]) -> None:
    if raw.get("image"):
        SubElement(parent, "image", {tag: str(raw[key]) for key, tag in _IMAGE.items() if _plain(raw.get(key))})


def _tiles(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is told of single tiles; before Tiled 1.2 by id, with properties apart."""
    tiles, apart = raw.get("tiles"), raw.get("tileproperties")
    if isinstance(tiles, dict):
        tiles = [{**each, "id": key} for key, each in tiles.items() if isinstance(each, dict)]
    yield from _dicts(tiles)
    if isinstance(apart, dict):
        yield from ({"id": key, "properties": each} for key, each in apart.items())


def _add_tile(parent: Element, raw: dict[str, Any]) -> None:
    tile = _element(parent, "tile", raw, leave=frozenset(_IMAGE))
    if isinstance(raw.get("terrain"), list):
        tile.set("terrain", ",".join("" if each == -1 else str(each) for each in raw["terrain"]))
    _add_image(tile, raw)
    group = raw.get("objectgroup")
    if isinstance(group, dict):
        block = SubElement(tile, "objectgroup")
        for each in _dicts(group.get("objects")):
            _add_object(block, each)


def _add_terrains(root: Element, raw: dict[str, Any]) -> None:
    terrains = list(_dicts(raw.get("terrains")))
    if terrains:
        block = SubElement(root, "terraintypes")
        for terrain in terrains:
            SubElement(block, "terrain", name=str(terrain.get("name", "")))


def _add_wangset(root: Element, raw: dict[str, Any]) -> None:
    block = root.find("wangsets")
    wangset = _element(SubElement(root, "wangsets") if block is None else block, "wangset", raw)
    old = [*_dicts(raw.get("cornercolors")), *_dicts(raw.get("edgecolors"))]
    for each in _dicts(raw.get("colors") or old):
        _element(wangset, "wangcolor", each)
    for tile in _dicts(raw.get("wangtiles")):
        corners = tile.get("wangid")
        ids = ",".join(map(str, corners)) if isinstance(corners, list) else ""
        SubElement(wangset, "wangtile", tileid=str(tile.get("tileid", "")), wangid=ids)
