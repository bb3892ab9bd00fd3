"""What a tile of a legend is to a painter: ground or a thing on it, where it gives way, and which words may mean it."""

from __future__ import annotations

import re

from genworld.content import Style, Tag, Tile

THINGS = frozenset(
    {Tag.START, Tag.GOAL, Tag.KEY, Tag.ITEM, Tag.ENEMY, Tag.DOOR, Tag.PUSHABLE, Tag.DEVICE, Tag.CLIMBABLE}
)
"""Tags of what stands on a ground."""

_PLAIN = frozenset({"tile", "or", "and", "the", "of", "other", "with", "on", "in", "open", "type", "true", "false"})


def is_thing(tile: Tile, style: Style) -> bool:
    """Whether a tile stands on a ground, as a chest does."""
    solid_thing = {Tag.HAZARD, Tag.SOLID} <= tile.tags and style is not Style.PLATFORMER
    return bool(tile.tags & THINGS) or solid_thing


def is_open(tile: Tile, style: Style) -> bool:
    """Whether things may stand on the ground that this tile is."""
    if is_thing(tile, style):
        return False
    walked = Tag.PASSABLE in tile.tags and not tile.tags & {Tag.LIQUID, Tag.HAZARD, Tag.SOLID}
    return walked or Tag.EMPTY in tile.tags


def is_sky(tile: Tile, style: Style) -> bool:
    """Whether nothing has to be drawn: the open air of a platformer."""
    return style is Style.PLATFORMER and Tag.EMPTY in tile.tags and not is_thing(tile, style)


def yields(tile: Tile) -> int:
    """Where terrains meet, the greater number shows the transition: walls and water have edges, floors go on."""
    ranks = ((Tag.SOLID, 4), (Tag.SOLID_TOP, 4), (Tag.VOID, 3), (Tag.HAZARD, 2), (Tag.LIQUID, 2))
    return next((rank for tag, rank in ranks if tag in tile.tags), 1 if Tag.PASSABLE in tile.tags else 0)


def words(text: str) -> frozenset[str]:
    """The words of a name, lower case and singular; word and number, and parts of camelCase, are apart.

    >>> sorted(words("WaterEdges_03 of:pond"))
    ['edge', 'pond', 'water']
    """
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)
    return frozenset(_singular(part.lower()) for part in parts if len(part) > 2) - _PLAIN


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def shares_tags(said: frozenset[Tag], tile: Tile, style: Style) -> bool:
    """Whether words that mean these tags may be about a tile: of a thing they name the thing, of a ground the ground."""
    if is_thing(tile, style):
        return bool(said & tile.tags & (THINGS | {Tag.BREAKABLE}))
    if said & THINGS:
        return False
    apart = tile.tags - {Tag.PASSABLE}
    return bool(said & apart) if apart else said == {Tag.PASSABLE}
