"""Tilesets of a map: how their tiles are numbered, where their pictures are, and what is said of their tiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from genworld.datasets.tiled.attributes import Properties, properties, real, whole
from genworld.datasets.tiled.files import Files

UNKNOWN_TILES = 65_536
"""Ids that are left to a tileset whose file did not come."""


@dataclass(frozen=True)
class Image:
    """A picture that a tileset names.

    Args:
        source: as written in the file.
        path: the file of the upload that it means; None when it did not come.
        trans: the colour that is clear, as written, or empty.
        size: (width, height) in pixels as written; 0 where nothing is said.
    """

    source: str
    path: str | None
    trans: str
    size: tuple[int, int]


@dataclass(frozen=True)
class TileFacts:
    """What a tileset says of one tile."""

    kind: str = ""
    properties: Properties = field(default_factory=dict)
    image: Image | None = None
    area: tuple[int, int, int, int] | None = None
    """x, y, width, height within its own picture, in pixels."""
    collides: bool = False
    terrains: tuple[str, ...] = ()


NOTHING = TileFacts()


@dataclass(frozen=True)
class Tileset:
    """A tileset as a map uses it.

    Args:
        name: as written; of its file where that did not come.
        source: the reference of the map to an external file, or empty.
        path: the file of the upload that holds it; None where it is embedded or did not come.
        count: ids that belong to it, from 0.
        tile: (width, height) of a tile in pixels.
        columns: tiles in a row of its picture.
        margin, spacing: pixels around and between the tiles.
        image: its picture; None for a collection.
        offset: (x, y) in pixels that its tiles are moved by when drawn.
        fills: whether its tiles are drawn as large as the cell, whatever their size.
        tiles: what is said of single tiles.
        came: whether its file did.
    """

    name: str
    source: str
    path: str | None
    count: int
    tile: tuple[int, int]
    columns: int = 0
    margin: int = 0
    spacing: int = 0
    image: Image | None = None
    offset: tuple[int, int] = (0, 0)
    fills: bool = False
    tiles: Mapping[int, TileFacts] = field(default_factory=dict)
    came: bool = True

    def facts(self, tile: int) -> TileFacts:
        """What is said of a tile."""
        return self.tiles.get(tile, NOTHING)


def read_tileset(element: Element, base: str, files: Files) -> Tileset:
    """The tileset that a ``<tileset>`` of the map `base` is or names."""
    source = element.get("source", "")
    if not source:
        return _described(element, base, files, source="", path=None)
    path = files.find(source, base)
    if path is None:
        files.miss(source, "its tiles are drawn as coloured squares")
        name = PurePosixPath(source.replace("\\", "/")).stem
        return Tileset(name, source, None, UNKNOWN_TILES, (0, 0), came=False)
    return _described(files.element(path, "tileset"), path, files, source=source, path=path)


def _described(element: Element, base: str, files: Files, *, source: str, path: str | None) -> Tileset:
    where = files.where(base)
    tile = whole(element, "tilewidth", where, low=1), whole(element, "tileheight", where, low=1)
    margin, spacing = (whole(element, name, where, default=0) for name in ("margin", "spacing"))
    image = _image(element.find("image"), base, files)
    columns, rows = _shape(element, image, tile, (margin, spacing), where)
    tiles = dict(_tiles(element, base, files))
    count = max(whole(element, "tilecount", where, default=0), columns * rows, max(tiles, default=-1) + 1)
    moved = element.find("tileoffset")
    offset = (0, 0) if moved is None else (int(real(moved, "x", where)), int(real(moved, "y", where)))
    return Tileset(
        name=element.get("name", "") or PurePosixPath(source or base).stem,
        source=source,
        path=path,
        count=min(count, 1 << 28),
        tile=tile,
        columns=columns,
        margin=margin,
        spacing=spacing,
        image=image,
        offset=offset,
        fills=element.get("tilerendersize") == "grid",
        tiles=tiles,
    )


def _shape(
    element: Element, image: Image | None, tile: tuple[int, int], gaps: tuple[int, int], where: str
) -> tuple[int, int]:
    """Columns and rows of the picture: as written, else from its size."""
    margin, spacing = gaps
    if image is None:
        return 0, 0
    size = tuple(
        max(0, (length - 2 * margin + spacing) // (each + spacing))
        for length, each in zip(image.size, tile, strict=True)
    )
    columns = whole(element, "columns", where, default=0) or size[0]
    return columns, size[1]


def _image(element: Element | None, base: str, files: Files) -> Image | None:
    if element is None or not element.get("source"):
        return None
    where, source = files.where(base), element.get("source", "")
    size = whole(element, "width", where, default=0), whole(element, "height", where, default=0)
    path = files.find(source, base)
    size = size if all(size) or path is None else files.size(path)
    return Image(source, path, element.get("trans", ""), size)


def _tiles(element: Element, base: str, files: Files) -> Iterator[tuple[int, TileFacts]]:
    where = files.where(base)
    terrains = _terrains(element, where)
    told: dict[int, Element] = {}
    for tile in element.iterfind("tile"):
        told.setdefault(whole(tile, "id", where), tile)
    for number in sorted({*told, *terrains}):
        tile = told.get(number, Element("tile"))
        yield number, _facts(tile, base, files, tuple(terrains.get(number, ())))


def _facts(tile: Element, base: str, files: Files, terrains: tuple[str, ...]) -> TileFacts:
    for each in tile.iterfind("objectgroup/object[@template]"):  # it travels with the tileset
        files.find(each.get("template", ""), base)
    return TileFacts(
        kind=tile.get("type") or tile.get("class") or "",
        properties=properties(tile),
        image=_image(tile.find("image"), base, files),
        area=_area(tile, files.where(base)),
        collides=tile.find("objectgroup/object") is not None,
        terrains=terrains,
    )


def _area(tile: Element, where: str) -> tuple[int, int, int, int] | None:
    if "width" not in tile.attrib or "height" not in tile.attrib:
        return None
    x, y, width, height = (whole(tile, name, where, default=0) for name in ("x", "y", "width", "height"))
    return (x, y, width, height) if width and height else None


def _terrains(element: Element, where: str) -> dict[int, list[str]]:
    """Names of the terrain that each tile shows most, from Wang sets and from what came before them."""
    found: dict[int, list[str]] = {}
    for wangset in element.iterfind("wangsets/wangset"):
        colours = [each.get("name", "") for each in wangset.iterfind("wangcolor")]
        for tile in wangset.iterfind("wangtile"):
            name = _most([number - 1 for number in _numbers(tile.get("wangid", ""))], colours)
            _note(found, whole(tile, "tileid", where), name or wangset.get("name", ""))
    old = [each.get("name", "") for each in element.iterfind("terraintypes/terrain")]
    for tile in element.iterfind("tile") if old else ():
        name = _most(_numbers(tile.get("terrain", "")), old)
        _note(found, whole(tile, "id", where), name)
    return found


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.strip().isdecimal() and len(part) < 6]


def _most(indices: list[int], names: list[str]) -> str:
    """The name that stands most often, the first of several."""
    there = [names[index] for index in indices if 0 <= index < len(names)]
    return max(there, key=there.count) if there else ""


def _note(found: dict[int, list[str]], tile: int, name: str) -> None:
    kept = found.setdefault(tile, [])
    if name and name not in kept:
        kept.append(name)
