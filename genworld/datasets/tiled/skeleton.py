"""A map without its tiles and objects: what levels are written back into."""

from __future__ import annotations

import copy
import json
import posixpath
from typing import Any
from xml.etree import ElementTree as ET

from genworld.datasets.tiled.files import STEPS_OUT, Files, json_of
from genworld.datasets.tiled.project import Numbered, Project
from genworld.datasets.tiled.tilesets import Image


def skeleton(project: Project, files: Files) -> bytes:
    """The first map of a project as TMX or TMJ, as it was, with the tilesets of the others added."""
    path = project.maps[0].path
    raw = files.read(path)
    more = project.tilesets[len(project.maps[0].tilesets) :]
    tilesets = [_tileset(each, path, files) for each in more]
    if files.is_json(path):
        return _json(json_of(raw, files.where(path), "map"), tilesets)
    return _xml(files.element(path, "map"), tilesets)


def _xml(root: ET.Element, tilesets: list[dict[str, Any]]) -> bytes:
    root = copy.deepcopy(root)
    for data in root.iterfind(".//layer/data"):
        data.clear()
    for group in root.iterfind(".//objectgroup"):
        for each in group.findall("object"):
            group.remove(each)
    for settings in root.findall("editorsettings"):  # it names the file that Tiled last exported to
        root.remove(settings)
    last = max((index for index, child in enumerate(root) if child.tag == "tileset"), default=-1)
    for offset, tileset in enumerate(tilesets, start=1):
        root.insert(last + offset, _element(tileset))
    return ET.tostring(root, encoding="unicode").encode()


def _element(tileset: dict[str, Any]) -> ET.Element:
    """``<tileset>`` of what `_tileset` describes."""
    texts = {key: str(value) for key, value in tileset.items() if isinstance(value, str | int) and key not in _IMAGE}
    element = ET.Element("tileset", texts)
    if "image" in tileset:
        ET.SubElement(element, "image", _attributes(tileset))
    for tile in tileset.get("tiles", ()):
        ET.SubElement(ET.SubElement(element, "tile", id=str(tile["id"])), "image", _attributes(tile))
    return element


_IMAGE = {"image": "source", "imagewidth": "width", "imageheight": "height"}


def _attributes(holder: dict[str, Any]) -> dict[str, str]:
    return {tag: str(holder[key]) for key, tag in _IMAGE.items()}


def _json(document: dict[str, Any], tilesets: list[dict[str, Any]]) -> bytes:
    document.pop("editorsettings", None)
    document["tilesets"] = [*document.get("tilesets", []), *tilesets]
    pending = [document]
    while pending:
        holder = pending.pop()
        layers = [each for each in holder.get("layers", []) if isinstance(each, dict)]
        pending += layers
        for layer in layers:
            for part in ("data", "chunks", "objects"):
                if part in layer:
                    layer[part] = []
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


_DEEP = "/-" * STEPS_OUT
"""A folder from which one can go up as far as any reference leads."""


def _tileset(each: Numbered, path: str, files: Files) -> dict[str, Any]:
    """A tileset of another map, as the map at `path` has to name it, in the words of TMJ."""
    tileset = each.tileset
    if tileset.source:
        source = _from(path, files.meant(tileset.path)) if tileset.path else tileset.source
        return {"firstgid": each.first, "source": source}
    described: dict[str, Any] = {
        "firstgid": each.first,
        "name": tileset.name,
        "tilewidth": tileset.tile[0],
        "tileheight": tileset.tile[1],
        "tilecount": tileset.count,
        "columns": tileset.columns,
        "margin": tileset.margin,
        "spacing": tileset.spacing,
    }
    if tileset.image:
        described |= _picture(tileset.image, path, files)
    pictures = ((number, facts.image) for number, facts in tileset.tiles.items() if facts.image)
    tiles = [{"id": number, **_picture(image, path, files)} for number, image in pictures]
    return {**described, "tiles": tiles} if tiles else described


def _picture(image: Image, path: str, files: Files) -> dict[str, Any]:
    width, height = image.size
    return {
        "image": _from(path, files.meant(image.path)) if image.path else image.source,
        "imagewidth": width,
        "imageheight": height,
    }


def _from(path: str, other: str) -> str:
    """The reference of the file at `path` to another of the upload, which may lie above that."""
    return posixpath.relpath(f"{_DEEP}/{other}", posixpath.dirname(f"{_DEEP}/{path}"))
