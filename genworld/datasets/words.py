"""Words that designers call tiles by, and the tags they point to."""

from __future__ import annotations

from genworld.content import Style, Tag, parse_tags

MOVEMENT = frozenset({Tag.SOLID, Tag.PASSABLE, Tag.SOLID_TOP})
"""Of these a tile has one."""

NEGATIONS = frozenset({"not", "non", "no", "un", "in"})
"""Take back the word after them."""

REFUSALS = frozenset({"false", "0", "off"})
"""Take back the word before them, as the value of a property does."""

SCENERY = frozenset(
    [
        "background",
        "backgrounds",
        "bg",
        "shadow",
        "shadows",
        "decor",
        "decoration",
        "decorations",
        "deco",
        "overlay",
        "overlays",
    ]
)
"""Seen, never met: whatever else is said of it does not count."""

_ANYWHERE = {
    "wall walls solid block blocked blocking blocker collide collision collider collidable impassable unwalkable "
    "obstacle barrier rock cliff mountain tree trees fence building house roof pillar column brick boulder hedge "
    "statue table chair counter bookshelf shelf bed furniture cabinet barrel tombstone gravestone platforms": "solid",
    "floor path road street pavement cobblestone carpet rug walkable passable walk bridge stair stairs corridor free "
    "open trail beach desert meadow forest hill character npc": "passable",
    "air sky empty blank none nothing": "passable empty",
    "void outside": "void",
    "oneway jumpthrough jumpthru semisolid thin platform ledge": "solid-top",
    "ladder vine rope climb climbable": "passable climbable",
    "spike thorn trap saw hazard damage death deadly danger dangerous kill fire flame poison pit hole chasm abyss": (
        "passable hazard"
    ),
    "lava acid magma": "passable liquid hazard",
    "shallow swamp mud": "passable liquid",
    "door gate portcullis": "passable door",
    "locked lock": "solid door",
    "key": "passable key",
    "button switch lever plate teleport teleporter portal device machine spring trampoline": "passable device",
    "coin gem item loot treasure gold silver potion heart health ammo powerup pickup collectible collectable diamond "
    "ruby jewel star food fruit money chest weapon sword": "passable item",
    "enemy enemie monster mob foe goblin orc skeleton zombie ghost boss villain": "passable enemy",
    "start spawn spawnpoint player hero entrance entry begin playerstart": "passable start",
    "goal exit finish target flag win end": "passable goal",
    "box crate pushable push": "solid pushable",
    "breakable destructible destroyable diggable fragile crumbling breaking": "solid breakable",
}

_BY_STYLE = {
    Style.TOP_DOWN: {
        "ground grass dirt earth soil sand snow ice plain field land terrain": "passable",
        "water river lake sea ocean pond deep": "solid liquid",
    },
    Style.PLATFORMER: {
        "ground grass dirt earth soil sand snow ice plain field land terrain": "solid",
        "water river lake sea ocean pond deep": "passable liquid",
    },
}


def _table(*tables: dict[str, str]) -> dict[str, frozenset[Tag]]:
    rows = (row for table in tables for row in table.items())
    return {word: parse_tags(tags.split()) for words, tags in rows for word in words.split()}


MEANINGS = {style: _table(_ANYWHERE, table) for style, table in _BY_STYLE.items()}
"""Tags by word, in the singular, for levels seen from above and from the side."""
