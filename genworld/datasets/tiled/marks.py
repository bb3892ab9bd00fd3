"""Objects that mean something, as part of the cells that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from genworld.art.tiled import Mark
from genworld.content import Tag
from genworld.datasets.meaning import tags_of_words
from genworld.datasets.tiled.cells import GID
from genworld.datasets.tiled.document import TiledMap
from genworld.datasets.tiled.objects import MapObject
from genworld.datasets.tiled.project import Project, group_of

MEANT = frozenset(
    {Tag.START, Tag.GOAL, Tag.KEY, Tag.DOOR, Tag.ENEMY, Tag.ITEM, Tag.DEVICE, Tag.HAZARD, Tag.PUSHABLE, Tag.BREAKABLE}
)
"""Tags of which an object has one to count."""

LARGEST = 8.0
"""Sides of a cell that an object may have to stand for one."""


@dataclass(frozen=True)
class Thing:
    """A kind of object.

    Args:
        name: for a person.
        tags: what it means.
        mark: the first of its kind, which is written wherever it stands.
    """

    name: str
    tags: frozenset[Tag]
    mark: Mark


@dataclass(frozen=True)
class Marks:
    """The objects of all maps that mean something.

    Args:
        grids: of each map, (H, W) number of the set of things in each cell.
        sets: the sets by number; the first is empty.
    """

    grids: tuple[NDArray[np.int64], ...]
    sets: tuple[tuple[Thing, ...], ...]


def marks_of(project: Project) -> Marks:
    """The objects of the maps by cell."""
    kinds: dict[object, Thing] = {}
    sets: dict[tuple[object, ...], int] = {(): 0}
    grids = []
    for one in project.maps:
        grid = np.zeros(one.size, np.int64)
        cells: dict[tuple[int, int], list[object]] = {}
        for each in one.objects:
            key = _kind(each, one, project, kinds)
            if key is not None and key not in cells.setdefault(each.cell, []):
                cells[each.cell].append(key)
        for cell, keys in cells.items():
            grid[cell] = sets.setdefault(tuple(sorted(keys, key=repr)), len(sets))
        grids.append(grid)
    return Marks(tuple(grids), tuple(tuple(kinds[key] for key in keys) for keys in sets))


def _kind(each: MapObject, one: TiledMap, project: Project, kinds: dict[object, Thing]) -> object | None:
    """The key of an object's kind in `kinds`; None where it means nothing."""
    words = [*each.words, *_of_tile(each.mark, one)]
    group = each.mark.group[-2]
    tags = frozenset[Tag]().union(*map(tags_of_words, words)) | (tags_of_words(group) & MEANT)
    if not tags & MEANT or not _is_small(each.mark, one):
        return None
    attributes = {name: each.mark.attributes.get(name, "") for name in ("type", "class", "gid", "template", "rotation")}
    key = (each.mark.group, _plain(each.mark.attributes.get("name", "")), *attributes.items(), each.mark.shape)
    if key not in kinds:
        name = next((_plain(word) for word in words if _plain(word)), _plain(group) or "object")
        mark = _moved(each.mark, one, project)
        kinds[key] = Thing(name, tags, mark)
    return key


def _of_tile(mark: Mark, one: TiledMap) -> Iterator[str]:
    """What is said of the tile that an object shows."""
    text = mark.attributes.get("gid", "")
    gid = int(text) & int(GID) if text.isdecimal() and len(text) < 11 else 0
    for first, tileset in reversed(one.tilesets):
        if first <= gid:
            facts = tileset.facts(gid - first)
            yield facts.kind
            if facts.image:
                yield PurePosixPath(facts.image.source).stem
            return


def _is_small(mark: Mark, one: TiledMap) -> bool:
    sides = zip((mark.attributes.get("width", "0"), mark.attributes.get("height", "0")), one.cell, strict=True)
    return all(float(side) <= LARGEST * length for side, length in sides)


def _plain(name: str) -> str:
    """A name without the number that tells one of a kind from another.

    >>> _plain("enemy_12"), _plain("Door A")
    ('enemy', 'Door A')
    """
    return re.sub(r"[\s_#-]*\d+$", "", name).strip()


def _moved(mark: Mark, one: TiledMap, project: Project) -> Mark:
    """The mark in the object layers and tile ids of the first map."""
    groups = project.maps[0].groups
    attributes = dict(mark.attributes)
    if "gid" in attributes:
        gid = project.renumbered(int(attributes["gid"]), one)
        attributes = {**attributes, "gid": str(gid)} if gid else {k: v for k, v in attributes.items() if k != "gid"}
    return Mark(group_of(mark, groups), mark.corner, attributes, mark.shape, mark.properties)
