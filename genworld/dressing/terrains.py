"""Terrain sets of a ``<tileset>``: Tiled's Wang sets, and the terrains of before Tiled 1.5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from genworld import limits
from genworld.art.wang import PLACES, WangId, WangSet

MOST_SETS = 64
OLD_CORNERS = (7, 1, 5, 3)
"""Place in a Wang id of the four corners that a tile's ``terrain`` names: top left, top right, bottom left, bottom right."""


def wang_sets(element: Element, count: int) -> tuple[WangSet, ...]:
    """The terrain sets of a tileset of `count` tiles; tiles or colours that it does not have are left out."""
    found = [_wang_set(each, count) for each in element.findall("wangsets/wangset")[:MOST_SETS]]
    found += _old(element, count)
    return tuple(each for each in found if each.tiles)


def _wang_set(element: Element, count: int) -> WangSet:
    colours = tuple(each.get("name", "")[: limits.NAME_LENGTH] for each in element.findall("wangcolor"))
    tiles = {int(tile): one for tile, one in _tiles(element) if int(tile) < count and max(one) <= len(colours)}
    kind = element.get("type", "mixed")
    return WangSet(
        name=element.get("name", "")[: limits.NAME_LENGTH],
        kind=kind if kind in PLACES else "mixed",
        colours=colours,
        tiles=tuple(sorted(tiles.items())),
    )


def _tiles(element: Element) -> Iterator[tuple[str, WangId]]:
    for each in element.findall("wangtile"):
        tile, written = each.get("tileid", ""), each.get("wangid", "")
        if re.fullmatch(r"\d{1,6}", tile) and re.fullmatch(r"\d{1,3}(,\d{1,3}){7}", written):
            yield tile, tuple(int(part) for part in written.split(","))


def _old(element: Element, count: int) -> list[WangSet]:
    """The terrains of older files as one set of corners."""
    colours = tuple(each.get("name", "")[: limits.NAME_LENGTH] for each in element.findall("terraintypes/terrain"))
    tiles: dict[int, WangId] = {}
    for each in element.findall("tile"):
        number, corners = each.get("id", ""), each.get("terrain", "").split(",")
        if re.fullmatch(r"\d{1,6}", number) and int(number) < count and len(corners) == 4:
            one = _corners(corners)
            if any(one) and max(one) <= len(colours):
                tiles[int(number)] = one
    return [WangSet("terrains", "corner", colours, tuple(sorted(tiles.items())))] if colours else []


def _corners(written: list[str]) -> WangId:
    colours = [int(part) + 1 if re.fullmatch(r"\d{1,3}", part) else 0 for part in written]
    one = [0] * 8
    for place, colour in zip(OLD_CORNERS, colours, strict=True):
        one[place] = colour
    return tuple(one)
