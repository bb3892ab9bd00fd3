"""A map of Tiled: its layers of tiles, its tilesets, and its objects by cell.

https://doc.mapeditor.org/en/stable/reference/tmx-map-format/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from genworld.art.tiled import Key
from genworld.datasets.tiled.attributes import whole
from genworld.datasets.tiled.cells import GID
from genworld.datasets.tiled.files import Files
from genworld.datasets.tiled.layers import Layer, layers_of, tile_layers
from genworld.datasets.tiled.objects import MapObject, read_object
from genworld.datasets.tiled.tilesets import Tileset, read_tileset
from genworld.errors import GenworldError

TILESETS = 1024
OBJECTS = 50_000
LARGEST_CELL = 1024
"""Pixels a side."""


@dataclass(frozen=True)
class TiledMap:
    """One map.

    Args:
        path: inside the upload.
        cell: (width, height) of a cell, in pixels.
        tilesets: with the first id of each, ascending.
        layers: of tiles, from the ground up, all of one size.
        groups: the keys of the object layers, from the ground up.
        objects: that stand in one cell each.
    """

    path: str
    cell: tuple[int, int]
    tilesets: tuple[tuple[int, Tileset], ...]
    layers: tuple[Layer, ...]
    groups: tuple[Key, ...]
    objects: tuple[MapObject, ...]

    @property
    def size(self) -> tuple[int, int]:
        """(rows, columns)."""
        height, width = self.layers[0].gids.shape
        return height, width


def read_map(path: str, files: Files) -> TiledMap:
    """The map of a TMX or TMJ file.

    Raises:
        GenworldError: not orthogonal, no layer of tiles, sizes or ids that cannot be, damaged data.
    """
    where = files.where(path)
    root = files.element(path, "map")
    _check_orientation(root, where)
    cell = _cell(root, where)
    size = whole(root, "width", where), whole(root, "height", where)
    tilesets = tuple(_tilesets(root, path, files))
    found = list(layers_of(root, where))
    corner, layers = tile_layers(found, root, size, where)
    for layer in layers:
        _check_range(layer, tilesets, where)
    for picture in root.iterfind(".//imagelayer/image"):  # it travels with the map
        files.find(picture.get("source", ""), path)
    groups = [(each.key, each.element) for each in found if each.element.tag == "objectgroup"]
    objects = _objects(groups, path, files, cell, corner)
    rows, columns = layers[0].gids.shape
    inside = (each for each in objects if 0 <= each.cell[0] < rows and 0 <= each.cell[1] < columns)
    return TiledMap(path, cell, tilesets, tuple(layers), tuple(key for key, _ in groups), tuple(inside))


def _cell(root: Element, where: str) -> tuple[int, int]:
    """(width, height) of a cell, in pixels."""
    width, height = whole(root, "tilewidth", where, low=1), whole(root, "tileheight", where, low=1)
    if max(width, height) > LARGEST_CELL:
        raise GenworldError(
            f"The cells of {where} have {width:,} x {height:,} pixels, but at most {LARGEST_CELL:,} a side are read; "
            "choose a map of smaller ones."
        )
    return width, height


def _check_orientation(root: Element, where: str) -> None:
    orientation = root.get("orientation", "orthogonal")
    if orientation != "orthogonal":
        raise GenworldError(
            f"{where} is {ascii(orientation[:40]).strip(chr(39))}, and only orthogonal maps are learned from; choose one of those."
        )


def _tilesets(root: Element, path: str, files: Files) -> Iterator[tuple[int, Tileset]]:
    elements = root.findall("tileset")
    where = files.where(path)
    if len(elements) > TILESETS:
        raise GenworldError(
            f"{where} has {len(elements):,} tilesets, but {TILESETS:,} are read; remove those not in use."
        )
    firsts = [whole(each, "firstgid", where, low=1) for each in elements]
    if len(set(firsts)) < len(firsts):
        raise GenworldError(f"Two tilesets of {where} begin with the same id; open the map in Tiled and save it again.")
    for first, element in sorted(zip(firsts, elements, strict=True), key=lambda pair: pair[0]):
        yield first, read_tileset(element, path, files)


def _check_range(layer: Layer, tilesets: tuple[tuple[int, Tileset], ...], where: str) -> None:
    """Every id belongs to a tileset."""
    used = layer.gids[layer.gids > 0] & GID
    if not len(used):
        return
    first = tilesets[0][0] if tilesets else 1
    end = tilesets[-1][0] + tilesets[-1][1].count if tilesets else 1
    low, high = int(used.min()), int(used.max())
    if low < first or high >= end:
        wrong = low if low < first else high
        raise GenworldError(
            f"Layer {layer.name[:40]!a} of {where} names tile {wrong:,}, but its tilesets hold the ids {first:,} to "
            f"{end - 1:,}; open the map in Tiled and save it again."
        )


def _objects(
    groups: list[tuple[Key, Element]], path: str, files: Files, cell: tuple[int, int], corner: tuple[int, int]
) -> Iterator[MapObject]:
    if sum(len(group) for _, group in groups) > OBJECTS:
        raise GenworldError(f"{files.where(path)} holds more than {OBJECTS:,} objects; remove some of them.")
    for key, group in groups:
        for element in group.iterfind("object"):
            found = read_object(element, key, path, files, cell)
            if found is not None:
                yield found.moved(-corner[0], -corner[1])
