"""Several maps as one: their tile ids, layers and object layers counted alike, as in the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from genworld.art.tiled import Key, Mark, Stratum
from genworld.datasets.tiled.cells import FLIPS, GID, Gids
from genworld.datasets.tiled.document import TiledMap
from genworld.datasets.tiled.layers import Layer
from genworld.datasets.tiled.tilesets import Tileset
from genworld.errors import GenworldError


@dataclass(frozen=True)
class Numbered:
    """A tileset and its ids among those of the project.

    Args:
        first: id of its tile 0.
        end: one more than its last id.
        tileset: what it is.
        base: the map that names it.
    """

    first: int
    end: int
    tileset: Tileset
    base: str


@dataclass(frozen=True)
class Project:
    """Maps that are learned from together.

    Args:
        maps: as they were read, the one that levels are written back into first.
        tilesets: of all maps, by first id; those of the first map keep theirs.
        layers: of all maps: those of the first, in its order, then others.
        stacks: of each map, (layers, H, W) ids of the project with flips, 0 where empty.
    """

    maps: tuple[TiledMap, ...]
    tilesets: tuple[Numbered, ...]
    layers: tuple[Layer, ...]
    stacks: tuple[Gids, ...]

    @property
    def strata(self) -> tuple[Stratum, ...]:
        """The layers as an art knows them."""
        return tuple(Stratum(layer.key, layer.look) for layer in self.layers)

    def tileset_of(self, gid: int) -> tuple[Numbered, int]:
        """The tileset of an id without flips, and the number of the tile in it."""
        found = max((each for each in self.tilesets if each.first <= gid), key=lambda each: each.first)
        return found, gid - found.first

    def renumbered(self, gid: int, one: TiledMap) -> int:
        """An id of one of the maps, with its flips, among those of the project; 0 where it has no tileset."""
        plain, flips = gid & int(GID), gid & int(FLIPS)
        named = [(first, tileset) for first, tileset in one.tilesets if first <= plain]
        if not named:
            return 0
        first, tileset = named[-1]
        found = next((each for each in self.tilesets if _same(each.tileset, tileset)), None)
        return (found.first + plain - first) | flips if found else 0


def joined(maps: Sequence[TiledMap]) -> Project:
    """The project of these maps; the first gives layers and ids.

    Raises:
        GenworldError: their cells differ in size.
    """
    _check_cells(maps)
    tilesets: list[Numbered] = []
    layers: list[Layer] = []
    renumbered = [_renumbered(each, tilesets) for each in maps]
    places = [_places(each, layers) for each in maps]
    stacks = [
        _stack(grids, rows, len(layers), each.size) for each, grids, rows in zip(maps, renumbered, places, strict=True)
    ]
    return Project(tuple(maps), tuple(tilesets), tuple(layers), tuple(stacks))


def _check_cells(maps: Sequence[TiledMap]) -> None:
    for each in maps[1:]:
        if each.cell != maps[0].cell:
            (width, height), (first_width, first_height) = each.cell, maps[0].cell
            raise GenworldError(
                f"Maps that are learned from together have cells of one size, but {maps[0].path} has {first_width} x "
                f"{first_height} pixels and {each.path} has {width} x {height}; bring them one after the other."
            )


def _renumbered(one: TiledMap, tilesets: list[Numbered]) -> list[Gids]:
    """The layers of a map in ids of the project; appends the tilesets that are new."""
    lookup: list[tuple[int, int, int]] = []
    own = [first for first, _ in one.tilesets]
    for index, (first, tileset) in enumerate(one.tilesets):
        following = own[index + 1] if index + 1 < len(own) else first + max(1, tileset.count)
        place = _place(first, following, tileset, one, tilesets)
        lookup.append((first, following, place.first - first))
    return [_shifted(layer.gids, lookup) for layer in one.layers]


def _place(first: int, end: int, tileset: Tileset, one: TiledMap, tilesets: list[Numbered]) -> Numbered:
    for each in tilesets:
        if _same(each.tileset, tileset) and each.end - each.first >= end - first:
            return each
    clear = max((each.end for each in tilesets), default=1)
    taken = any(each.first < end and first < each.end for each in tilesets)
    start = clear if taken else first
    made = Numbered(start, start + end - first, tileset, one.path)
    tilesets.append(made)
    return made


def _same(one: Tileset, other: Tileset) -> bool:
    """Whether two maps mean the same tileset: one file, or one name and picture."""
    if one.path or other.path:
        return one.path == other.path
    pictures = [(each.image.path or each.image.source) if each.image else "" for each in (one, other)]
    return (one.name, pictures[0]) == (other.name, pictures[1])


def _shifted(gids: Gids, lookup: list[tuple[int, int, int]]) -> Gids:
    if not any(shift for _, _, shift in lookup):
        return gids & (GID | FLIPS)
    plain, result = gids & GID, gids & (GID | FLIPS)
    for first, end, shift in lookup:
        inside = (plain >= first) & (plain < end)
        result[inside] += np.uint32(shift % 2**32)
    return result


def _places(one: TiledMap, layers: list[Layer]) -> list[int]:
    """Where each layer of a map stands among those of the project; appends those that are new."""
    places: list[int] = []
    for layer in one.layers:
        names = [index for index, each in enumerate(layers) if each.key == layer.key and index not in places]
        loose = [index for index, each in enumerate(layers) if each.name == layer.name and index not in places]
        if names or loose:
            places.append((names or loose)[0])
        else:
            places.append(len(layers))
            layers.append(replace(layer, gids=np.zeros((0, 0), np.uint32)))
    return places


def _stack(grids: list[Gids], places: list[int], layers: int, size: tuple[int, int]) -> Gids:
    if places == list(range(layers)):
        return np.stack(grids)
    stack = np.zeros((layers, *size), np.uint32)
    stack[places] = grids
    return stack


def group_of(mark: Mark, groups: Sequence[Key]) -> Key:
    """The object layer of the first map that takes an object: its own, one of the same name, else its own, new."""
    if mark.group in groups:
        return mark.group
    return next((key for key in groups if key[-2] == mark.group[-2]), mark.group)
