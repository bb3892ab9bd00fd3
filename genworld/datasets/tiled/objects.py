"""Objects of a map that stand in one cell: where a player starts, a chest, a door."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from genworld.art.tiled import Mark
from genworld.datasets.tiled.attributes import properties, real
from genworld.datasets.tiled.files import Files
from genworld.datasets.tiled.tilesets import read_tileset
from genworld.errors import GenworldError

AREAS = frozenset({"polygon", "polyline", "text"})
"""Shapes that stand for no single cell."""

_KEPT = ("name", "type", "class", "template", "gid", "width", "height", "rotation", "visible", "opacity")


@dataclass(frozen=True)
class MapObject:
    """An object and its cell.

    Args:
        cell: row and column of the cell that it stands in.
        group: key of its layer.
        words: its name and class, those of its template and of its tile are asked elsewhere.
        mark: what is written back in a cell that has one.
    """

    cell: tuple[int, int]
    words: tuple[str, ...]
    mark: Mark

    def moved(self, rows: int, columns: int) -> MapObject:
        """The object in another cell."""
        return replace(self, cell=(self.cell[0] + rows, self.cell[1] + columns))


def read_object(
    element: Element, group: tuple[str, ...], base: str, files: Files, cell: tuple[int, int]
) -> MapObject | None:
    """The object of an ``<object>``; None for one that stands for no single cell."""
    template = _template(element, base, files)
    shapes = {part.tag for each in (template, element) for part in each}
    if shapes & AREAS:
        return None
    where = files.where(base)
    merged = Element("object", {**template.attrib, **element.attrib})
    x, y, width, height = (real(merged, name, where) for name in ("x", "y", "width", "height"))
    for name in ("rotation", "opacity"):
        real(merged, name, where)
    tile = "gid" in merged.attrib
    if tile and not re.fullmatch(r"\d{1,10}", merged.attrib["gid"]):
        raise GenworldError(
            f"An object of {where} shows tile {merged.attrib['gid'][:40]!a}, which is no id; save the map again."
        )
    # A tile object stands on its lower edge, every other one hangs from its upper left corner.
    middle = (x + width / 2, y - 1 if tile else y + height / 2)
    column, row = int(middle[0] // cell[0]), int(middle[1] // cell[1])
    mark = Mark(
        group=group,
        corner=(x - column * cell[0], y - row * cell[1]),
        attributes={name: element.attrib[name] for name in _KEPT if name in element.attrib},
        shape=next((part.tag for part in element if part.tag in ("point", "ellipse", "capsule")), ""),
        properties=properties(element),
    )
    words = tuple(merged.get(name, "") for name in ("type", "class", "name") if merged.get(name))
    return MapObject((row, column), words, mark)


def _template(element: Element, base: str, files: Files) -> Element:
    """What an object takes from its template; nothing where that did not come."""
    reference = element.get("template")
    if not reference:
        return Element("object")
    path = files.find(reference, base)
    if path is None:
        files.miss(reference, "objects made from it mean nothing here")
        return Element("object")
    root = files.element(path, "template")
    for tileset in root.iterfind("tileset"):  # it travels with the template
        read_tileset(tileset, path, files)
    found = root.find("object")
    return Element("object") if found is None else found
