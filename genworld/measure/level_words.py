"""How a designer speaks of the tiles of a legend: "more water", "fewer monsters"."""

from __future__ import annotations

import re

from genworld.content import Legend, Tag
from genworld.measure.attribute import Attribute

WORDS = {
    Tag.SOLID: "walls",
    Tag.PASSABLE: "open ground",
    Tag.SOLID_TOP: "platforms",
    Tag.HAZARD: "hazards",
    Tag.LIQUID: "liquid",
    Tag.CLIMBABLE: "ladders",
    Tag.BREAKABLE: "breakable tiles",
    Tag.PUSHABLE: "things to push",
    Tag.DOOR: "doors",
    Tag.KEY: "keys",
    Tag.DEVICE: "devices",
    Tag.ITEM: "items",
    Tag.ENEMY: "enemies",
    Tag.START: "starts",
    Tag.GOAL: "goals",
    Tag.EMPTY: "empty space",
    Tag.VOID: "void",
}
"""What is said where several tiles carry a tag, or the only one has no fitting name."""

STUFF = frozenset(
    [
        "acid",
        "air",
        "brick",
        "dirt",
        "fire",
        "floor",
        "forest",
        "glass",
        "grass",
        "grassland",
        "gravel",
        "ground",
        "ice",
        "lava",
        "liquid",
        "mud",
        "poison",
        "rock",
        "sand",
        "sea",
        "sky",
        "slime",
        "snow",
        "space",
        "stone",
        "swamp",
        "vegetation",
        "void",
        "water",
        "wood",
    ]
)
"""Words for what is not counted: less of it, not fewer."""

FITTING = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}")
"""A name that reads as words: one to three, of letters."""

LONGEST = 24


def share_of(legend: Legend, tag: Tag) -> Attribute:
    """The attribute that tells how many cells carry a tag.

    >>> from genworld.content import Style, Tile
    >>> sea = Tile("~", "deep water (no way)", frozenset({Tag.LIQUID}))
    >>> rat = Tile("r", "Rat", frozenset({Tag.ENEMY}))
    >>> legend = Legend("shore", Style.TOP_DOWN, (sea, rat), "none")
    >>> [share_of(legend, tag).more for tag in (Tag.LIQUID, Tag.ENEMY)], share_of(legend, Tag.ENEMY).less
    (['more deep water', 'more rats'], 'fewer rats')
    """
    words = spoken(legend, tag)
    fewer = "less" if _is_stuff(words) else "fewer"
    about = f"Share of the cells whose tile is tagged {tag.value}."
    return Attribute(tag.value, words[:1].upper() + words[1:], f"{fewer} {words}", f"more {words}", "share", about)


def spoken(legend: Legend, tag: Tag) -> str:
    """What the tiles with a tag are called: the name of the only one, in the plural where it is counted, else a word."""
    names = [tile.name for tile in legend.tiles if tag in tile.tags]
    name = plain(names[0]) if len(names) == 1 else ""
    return _plural(name) if name else WORDS[tag]


def plain(name: str) -> str:
    """The first of several names of a tile, without remarks; empty where it does not read as words.

    >>> plain("water or harmless liquid"), plain("door, lift"), plain("wall / void"), plain("tile 17")
    ('water', 'door', 'wall', '')
    """
    first = re.split(r"[,/(;:]| or ", name, maxsplit=1)[0].strip().lower()
    return first if FITTING.fullmatch(first) and len(first) <= LONGEST else ""


def _plural(name: str) -> str:
    """
    >>> [_plural(name) for name in ("monster", "spikes", "lava", "torch", "enemy", "key")]
    ['monsters', 'spikes', 'lava', 'torches', 'enemies', 'keys']
    """
    if name.endswith("s") or _is_stuff(name):
        return name
    if name.endswith(("x", "sh", "ch")):
        return f"{name}es"
    return f"{name[:-1]}ies" if re.search(r"[^aeiou]y$", name) else f"{name}s"


def _is_stuff(words: str) -> bool:
    return words.split()[-1] in STUFF
