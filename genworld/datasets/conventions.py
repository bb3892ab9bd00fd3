"""What characters of text levels mean where no legend says so: what most who draw such levels agree on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from genworld import limits
from genworld.content import Legend, Style, Tag, Tile, parse_tags
from genworld.datasets.meaning import guess_style
from genworld.errors import GenworldError

FEW = 4
"""Starts or exits that a level has at most; a character that is more frequent means something else."""
SKY = 0.5
"""Share of a level that is drawn as ``-`` where that is the air of a platformer."""

_ABOVE = """
# wall: solid
X block: solid
% rock: solid
W dark wall: solid
1 solid: solid
B barrel: solid
b box: solid
T tree: solid
. floor: passable
, ground: passable
: path: passable
" grass: passable
_ plain floor: passable
= bridge: passable
0 open: passable
- empty: passable empty
~ water: solid liquid
w shallow water: passable liquid
L lava: passable liquid hazard
^ trap: passable hazard
+ door: passable door
D large door: passable door
' open door: passable door
k key: passable key
K large key: passable key
$ gold: passable item
* gem: passable item
! potion: passable item
? scroll: passable item
) weapon: passable item
[ armour: passable item
/ wand: passable item
o coin: passable item
c chest: passable item
i item: passable item
m monster: passable enemy
M large monster: passable enemy
e enemy: passable enemy
& demon: passable enemy
H ladder: passable climbable
@ start: passable start
S start point: passable start
P player: passable start
> exit: passable goal
E end: passable goal
G goal: passable goal
< way back: passable
"""

_BESIDE = """
X ground: solid
= platform: solid-top
. air: passable empty
- sky: passable empty
0 open: passable empty
~ water: passable liquid
% breakable block: solid breakable
? question block: solid
Q used block: solid
[ pipe left: solid
] pipe right: solid
B cannon: solid hazard
b cannon base: solid
| rope: passable climbable
^ spikes: passable hazard
"""

_FREQUENT = """
S brick: solid breakable
P platform: solid-top
E foe: passable enemy
G treasure: passable item
@ creature: passable enemy
> pipe end: solid
< pipe start: solid
"""
"""What is meant by signs of starts and exits that are too frequent to be any."""

_BOXES = """
# wall: solid
$ box: solid pushable
. target: passable goal
@ player: passable start
+ player on a target: passable start goal
* box on a target: solid pushable goal
- floor: passable
_ outside: passable
"""

Meaning = tuple[str, frozenset[Tag]]


def _table(text: str) -> dict[str, Meaning]:
    rows = (line[0:1] + line[2:] for line in text.strip().splitlines())
    return {row[0]: _meaning(row[1:]) for row in rows}


def _meaning(text: str) -> Meaning:
    name, tags = text.split(": ")
    return name, parse_tags(tags.split())


_TABLES = {
    Style.TOP_DOWN: _table(_ABOVE),
    Style.PLATFORMER: _table(_ABOVE) | _table(_BESIDE),
    Style.BOX_PUSHING: _table(_BOXES),
}
_OTHERWISE = _table(_FREQUENT)
_AIR = frozenset(".- ")
"""Air in a platformer, ground or nothing elsewhere: whether it is air is what tells them apart."""


def guessed_legend(
    parts: Sequence[Sequence[str]], name: str, style: Style | None = None
) -> tuple[Legend, tuple[str, ...]]:
    """A legend for levels that came without one, and notes that tell what was guessed.

    Args:
        parts: the lines of each level, of one length in a level.
        name: of the legend.
        style: where a person says it.

    Raises:
        GenworldError: more characters than a legend holds, or one that cannot be shown.
    """
    counts = Counter(char for lines in parts for line in lines for char in line)
    _check(counts)
    chars = sorted(counts, key=lambda char: (-counts[char], char))
    style = style or _style(parts, counts, chars)
    known = _known(counts, style, len(parts))
    tiles = _tiles(chars, known)
    tileset = "platformer" if style is Style.PLATFORMER else "dungeon"
    return Legend(name, style, tiles, tileset), _notes(chars, known)


def is_prose(text: str) -> bool:
    """Whether these are sentences: no level has many different words between spaces."""
    words = set(re.findall(r"(?<= )[a-z]{3,}(?=[ ,.:;)\n])", text))
    return len([word for word in words if len(set(word)) > 2]) >= 5


def _check(counts: Counter[str]) -> None:
    odd = sorted(char for char in counts if not char.isprintable())
    if odd:
        raise GenworldError(f"Levels are lines of characters, but {odd[0]!a} came, which shows nothing; remove it.")
    if len(counts) > limits.LEGEND_TILES:
        raise GenworldError(
            f"A legend has at most {limits.LEGEND_TILES} tiles, but {len(counts)} different characters came; use fewer."
        )


def _style(parts: Sequence[Sequence[str]], counts: Counter[str], chars: Sequence[str]) -> Style:
    if {"#", "$", "@"} <= counts.keys() and counts.keys() <= {*_TABLES[Style.BOX_PUSHING], " "}:
        return Style.BOX_PUSHING
    if counts["-"] >= SKY * counts.total():
        return Style.PLATFORMER
    place = {char: index for index, char in enumerate(chars)}
    grids = [np.array([[place[char] for char in line] for line in lines], np.uint8) for lines in parts]
    plain = _known(counts, Style.TOP_DOWN, len(parts))
    airy = {char: meaning for char, meaning in _known(counts, Style.PLATFORMER, len(parts)).items() if char in _AIR}
    guess = guess_style(grids, _tiles(chars, plain | airy))
    return Style.TOP_DOWN if guess is Style.BOX_PUSHING else guess


def _known(counts: Counter[str], style: Style, levels: int) -> dict[str, Meaning]:
    """What is known of the characters in use."""
    known = {char: meaning for char, meaning in _TABLES[style].items() if char in counts}
    if " " in counts:
        known[" "] = _blank(counts, style)
    if style is Style.BOX_PUSHING:
        return known
    ends = {char for char, (_, tags) in known.items() if tags & {Tag.START, Tag.GOAL}} | {"<"}
    frequent = {char for char in ends if counts[char] > FEW * levels}
    return known | {char: _OTHERWISE[char] for char in frequent}


def _blank(counts: Counter[str], style: Style) -> Meaning:
    """A space: air, the floor where no other sign means it, or what lies outside of the walls."""
    if style is Style.PLATFORMER:
        return "blank air", frozenset({Tag.PASSABLE, Tag.EMPTY})
    if counts["."] and style is Style.TOP_DOWN:
        return "outside", frozenset({Tag.VOID})
    return "bare floor", frozenset({Tag.PASSABLE})


def _tiles(chars: Sequence[str], known: Mapping[str, Meaning]) -> tuple[Tile, ...]:
    unknown = {char: (f"'{char}'", frozenset({Tag.PASSABLE})) for char in chars}
    return tuple(Tile(char, *known.get(char, unknown[char])) for char in chars)


def _notes(chars: Sequence[str], known: Mapping[str, Meaning]) -> tuple[str, ...]:
    guessed = ", ".join(f"{_sign(char)} {known[char][0]}" for char in chars if char in known)
    rest = " ".join(_sign(char) for char in chars if char not in known)
    notes = [f"No tiles.json says what the characters mean, so it was guessed: {guessed}."] if guessed else []
    if rest:
        notes.append(
            f"Nothing is known of {rest}: they are taken for tiles that one walks through; correct their tags."
        )
    return tuple(notes)


def _sign(char: str) -> str:
    return "space" if char == " " else char
