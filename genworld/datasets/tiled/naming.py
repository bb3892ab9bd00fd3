"""What the tiles of a map are called and what they do, from all that its maker wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from genworld.content import Style, Tag
from genworld.datasets.meaning import tags_of_words
from genworld.datasets.tiled.attributes import Properties
from genworld.datasets.tiled.cells import GID
from genworld.datasets.tiled.layers import Layer
from genworld.datasets.tiled.marks import Thing
from genworld.datasets.tiled.project import Project
from genworld.datasets.tiled.tilesets import TileFacts, Tileset
from genworld.datasets.words import MOVEMENT

EMPTY = "empty"
PARTS = 3
"""Tiles of a stack that its name tells."""

SAYING = frozenset({"type", "class", "kind", "name", "terrain", "material", "tag", "tags", "category", "group"})
"""Custom properties whose text is what a tile is."""


@dataclass(frozen=True)
class Walk:
    """Something that was said about walking on a cell.

    Args:
        strength: what its maker says of this tile or layer counts more than the name of a file.
        height: index of the layer, from the ground up.
        tags: about movement.
    """

    strength: int
    height: int
    tags: frozenset[Tag]


def name_of(stack: Sequence[int], things: Sequence[Thing], project: Project) -> str:
    """A readable name of a stack: what stands in it, then its tiles from above."""
    names = [thing.name for thing in things]
    for gid in reversed([gid & int(GID) for gid in stack if gid]):
        tileset, number = project.tileset_of(gid)
        name = _label(tileset.tileset, number) or f"{tileset.tileset.name} {number}"
        if name not in names:
            names.append(name)
    return " on ".join(names[:PARTS]) or EMPTY


def _label(tileset: Tileset, number: int) -> str:
    """What the maker calls a tile; empty when nobody named it."""
    facts = tileset.facts(number)
    named = facts.properties.get("name")
    return next(
        (text for text in (facts.kind, named, _stem(facts), *facts.terrains) if isinstance(text, str) and text), ""
    )


def _stem(facts: TileFacts) -> str:
    return PurePosixPath(facts.image.source.replace("\\", "/")).stem if facts.image and not facts.area else ""


def tags_of(
    stack: Sequence[int], things: Sequence[Thing], project: Project, style: Style | None, *, stops: bool = False
) -> frozenset[Tag]:
    """What a stack does: all that its tiles and objects are; for walking the strongest word, then the highest.

    Args:
        stack: ids with flips, from the ground up.
        things: objects that stand in it.
        project: whose ids they are.
        style: how its maps are seen, if known.
        stops: whether it lies under rectangles that are called solid.
    """
    walks: list[Walk] = []
    tags = frozenset[Tag]().union(*(thing.tags for thing in things))
    walks += [Walk(1, len(stack), thing.tags & MOVEMENT) for thing in things if thing.tags & MOVEMENT]
    tags -= MOVEMENT
    for height, (gid, layer) in enumerate(zip(stack, project.layers, strict=True)):
        if gid and not _decorates(layer.name):
            tileset, number = project.tileset_of(gid & int(GID))
            said = list(_said(tileset.tileset, number, layer, style))
            tags |= frozenset[Tag]().union(*(found - MOVEMENT for _, found in said))
            walks += [Walk(strength, height, found & MOVEMENT) for strength, found in said if found & MOVEMENT]
            if tileset.tileset.facts(number).collides and not tags:
                walks.append(Walk(4, height, frozenset({Tag.SOLID})))
    if stops:
        walks.append(Walk(4, len(stack), frozenset({Tag.SOLID})))
    if walks:
        tags |= max(walks, key=lambda walk: (walk.strength, walk.height)).tags
    return tags


def _decorates(layer: str) -> bool:
    """Whether a layer's name says that it is only to be looked at: then nothing makes its tiles solid."""
    return not tags_of_words(f"{layer} solid")


def _said(tileset: Tileset, number: int, layer: Layer, style: Style | None) -> Iterator[tuple[int, frozenset[Tag]]]:
    """What is said of a tile, and how much each counts."""
    facts = tileset.facts(number)
    yield 6, _of_properties(facts.properties, style)
    yield 5, tags_of_words(facts.kind, style)
    yield 3, tags_of_words(layer.name, style) | _of_properties(layer.properties, style)
    for word in (*facts.terrains, _stem(facts)):
        tags = tags_of_words(word, style)
        # Water among the platforms is water, a coin on them is a coin: what is more than ground knows better.
        yield 5 if tags - MOVEMENT else 2, tags
    yield 0, tags_of_words(tileset.name, style)


def _of_properties(properties: Properties, style: Style | None) -> frozenset[Tag]:
    """Tags of properties that are true or that say what a tile is; "solid: false" says that one can walk there."""
    tags: set[Tag] = set()
    for name, value in properties.items():
        known = tags_of_words(name, style)
        if value is True or (isinstance(value, int | float) and value == 1):
            tags |= known
        elif value is False and Tag.SOLID in known:
            tags.add(Tag.PASSABLE)
        elif isinstance(value, str) and name.lower() in SAYING:
            tags |= tags_of_words(value, style)
        elif isinstance(value, str) and value.lower() in ("true", "yes", "1"):
            tags |= known
    return frozenset(tags)


def completed(tags: Sequence[frozenset[Tag]], empty: Sequence[bool], style: Style) -> list[frozenset[Tag]]:
    """Tags of all tiles, with what follows where somebody said what is solid: all else can be walked through.

    Args:
        tags: of each tile.
        empty: whether nothing is drawn in it.
        style: of the maps.
    """
    if not says_solid(tags):
        return [each or (frozenset({Tag.EMPTY}) if bare else each) for each, bare in zip(tags, empty, strict=True)]
    floors = any(
        Tag.PASSABLE in each or not each & MOVEMENT for each, bare in zip(tags, empty, strict=True) if not bare
    )
    nothing = frozenset({Tag.EMPTY, Tag.PASSABLE} if style is Style.PLATFORMER or not floors else {Tag.VOID})
    return [
        each if each & MOVEMENT else nothing | each if bare else each | {Tag.PASSABLE}
        for each, bare in zip(tags, empty, strict=True)
    ]


def says_solid(tags: Sequence[frozenset[Tag]]) -> bool:
    """Whether anything is known to stop a step."""
    return any(each & {Tag.SOLID, Tag.SOLID_TOP} for each in tags)
