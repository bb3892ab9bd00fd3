"""What a person's own words and maps say about their tiles: tags from names, the style, corrections, names, characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from genworld import limits
from genworld.art import PREFIX
from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile, TileGrid, parse_tags
from genworld.datasets.dataset import Dataset
from genworld.datasets.reader import signed
from genworld.datasets.words import MEANINGS, MOVEMENT, NEGATIONS, REFUSALS, SCENERY
from genworld.errors import GenworldError, unknown

GROUND = 0.5
"""Share of the open cells that are ground to walk on from there on in a level that is seen from above."""
SIGNS = (0.1, 0.25, 0.25, 1.75)
"""From where on each sign of `_signs` counts; two of them make a platformer."""
HEAVY = 0.2
"""Share by which the lowest third is fuller than the highest in a platformer whose tiles nobody tagged."""

_SPANS = ("az", "AZ", "09", "!!", "#'", "*:", "<@", "[[", "]`", "{~", "αρ", "σω", "ая", "АЯ", "àö", "øÿ", "ÀÖ", "ØÞ", "Āı")  # fmt: skip
_CHARS = tuple(
    dict.fromkeys(chr(code) for first, last in map(tuple, _SPANS) for code in range(ord(first), ord(last) + 1))
)[: limits.LEGEND_TILES]

SIDEWAYS, FROM_ABOVE = "platformer", "dungeon"
"""Our tilesets for levels whose style a person corrects."""

Overrides = Mapping[str, Sequence[str]]
"""Names of tags by name of a tile."""


def tags_of_words(text: str, style: Style | None = None) -> frozenset[Tag]:
    """The tags that free words point to: the name of a tile, of its class, its layer, its properties.

    Where words disagree about walking, the last one counts, as in English ("rock floor"); a tile is never an enemy
    and the start at once. What only decorates ("wall shadow", "background") says nothing.

    Args:
        text: any.
        style: ground and grass carry a platformer's hero and water lets them swim; seen from above it is the reverse.

    Returns:
        Nothing for words that are not known.

    >>> [*tags_of_words("StoneWall_03"), *tags_of_words("collides: false")]
    [<Tag.SOLID: 'solid'>]
    >>> [*tags_of_words("grass"), *tags_of_words("grass", Style.PLATFORMER)]
    [<Tag.PASSABLE: 'passable'>, <Tag.SOLID: 'solid'>]
    """
    words = _words(text)
    if not words or SCENERY & set(words):
        return frozenset()
    found = [_meaning(word, style) for word in _affirmed(words)]
    walked = [tags & MOVEMENT for tags in found if tags & MOVEMENT]
    others = frozenset(chain.from_iterable(found)) - MOVEMENT
    if Tag.ENEMY in others:
        others -= {Tag.START}
    if not walked:
        return others | {Tag.PASSABLE} if others else others
    if Tag.DOOR in others and frozenset({Tag.SOLID}) in walked:  # "locked door"
        return others | {Tag.SOLID}
    return others | next((tags for tags in walked if Tag.SOLID_TOP in tags), walked[-1])


def _words(text: str) -> list[str]:
    """Lower-case words of a text in any spelling: ``BrickWall2``, ``brick-wall``, ``BRICK WALL``."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text[: 4 * limits.NAME_LENGTH])
    return re.findall(r"[^\W\d_]+|\d+", spread.lower())


def _affirmed(words: Sequence[str]) -> list[str]:
    """The words that are not taken back: "not solid", "solid: false"."""
    after = [*words[1:], ""]
    before = ["", *words[:-1]]
    return [
        word
        for word, last, following in zip(words, before, after, strict=True)
        if last not in NEGATIONS and following not in REFUSALS
    ]


def _meaning(word: str, style: Style | None) -> frozenset[Tag]:
    known = MEANINGS[Style.PLATFORMER] if style is Style.PLATFORMER else MEANINGS[Style.TOP_DOWN]
    for form in (word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)):
        if form in known:
            return known[form]
    return frozenset()


def guess_style(grids: Iterable[TileGrid], tiles: Sequence[Tile]) -> Style:
    """How levels seem to be seen and walked.

    Boxes and places for them make a puzzle. Ladders, thin platforms, or signs that things fall down (see `_signs`)
    make a platformer. All else is seen from above.

    Args:
        grids: tile ids of each level.
        tiles: what the ids mean.
    """
    grids = list(grids)
    used = {int(tile) for grid in grids for tile in np.unique(grid)}
    tags = frozenset[Tag]().union(*(tiles[tile].tags for tile in used))
    if {Tag.PUSHABLE, Tag.GOAL} <= tags and not tags & {Tag.CLIMBABLE, Tag.SOLID_TOP}:
        return Style.BOX_PUSHING
    if tags & {Tag.CLIMBABLE, Tag.SOLID_TOP}:
        return Style.PLATFORMER
    return Style.PLATFORMER if grids and _falls([_Seen.of(grid, tiles) for grid in grids]) else Style.TOP_DOWN


@dataclass(frozen=True)
class _Seen:
    """What a level is made of.

    Args:
        solid: (H, W) mask of the cells that block.
        ground: of those that are said to be walked on, and are not air.
        things: of those where somebody or something stands.
        told: whether anybody said what is solid.
    """

    solid: NDArray[np.bool_]
    ground: NDArray[np.bool_]
    things: NDArray[np.bool_]
    told: bool = True

    @classmethod
    def of(cls, grid: TileGrid, tiles: Sequence[Tile]) -> _Seen:
        """The masks of a level; where nobody said what is solid, all but the most frequent tile is."""

        def has(*tags: Tag) -> NDArray[np.bool_]:
            mask: NDArray[np.bool_] = np.array([bool(tile.tags & {*tags}) for tile in tiles])[grid]
            return mask

        solid = has(Tag.SOLID, Tag.SOLID_TOP)
        if not solid.any():
            solid = grid != np.bincount(grid.ravel()).argmax()
            return cls(solid, np.zeros_like(solid), np.zeros_like(solid), told=False)
        things = ~solid & has(*_THINGS)
        return cls(solid, ~things & has(Tag.PASSABLE) & ~has(Tag.EMPTY, Tag.VOID), things)


_THINGS = (Tag.ITEM, Tag.ENEMY, Tag.START, Tag.GOAL, Tag.DOOR, Tag.DEVICE, Tag.KEY)


def _falls(levels: Sequence[_Seen]) -> bool:
    """Whether levels are seen from the side."""
    signs = np.array([_signs(level) for level in levels]).mean(axis=0)
    if not any(level.told for level in levels):
        return bool(signs[0] >= HEAVY)
    ground, open_ = sum(int(level.ground.sum()) for level in levels), sum(int((~level.solid).sum()) for level in levels)
    return ground < GROUND * open_ and int((signs >= SIGNS).sum()) >= 2


def _signs(level: _Seen) -> tuple[float, float, float, float]:
    """Signs that things fall down.

    Returns:
        By how much the lowest third is more solid than the highest; by how much more often things have ground below
        than above them; by how much the lowest row is more solid than the highest; how many floors come on a wall.
    """
    third = max(1, len(level.solid) // 3)
    weight = level.solid[-third:].mean() - level.solid[:third].mean()
    things = level.things[1:-1]
    stands = ((things & level.solid[2:]).sum() - (things & level.solid[:-2]).sum()) / max(1, things.sum())
    ground = level.solid[-1].mean() - level.solid[0].mean()
    floors = (~level.solid[:-1] & level.solid[1:]).sum()
    walls = (~level.solid[:, :-1] & level.solid[:, 1:]).sum()
    return float(weight), float(stands), float(ground), float(floors / max(1, walls))


def corrected(dataset: Dataset, style: str | None = None, tags: Overrides | None = None) -> Dataset:
    """`dataset` as a person says it is to be understood.

    Args:
        dataset: levels, as a reader understood them.
        style: name of a `Style`; None leaves what was guessed.
        tags: for each tile that was misunderstood its tags, by the name in the legend.

    Raises:
        GenworldError: sprites, or an unknown style, tile or tag.
    """
    if style is None and not tags:
        return dataset
    if not isinstance(dataset.spec, LevelSpec):
        raise GenworldError(f"Style and tags belong to levels, but {dataset.name!r} holds sprites; leave them out.")
    old = dataset.spec.legend
    seen = chosen_style(style) or old.style
    legend = replace(old, style=seen, tiles=_retagged(old, tags or {}), tileset=_tileset(old, seen))
    levels = tuple(Level(level.tiles, legend) for level in dataset.levels)
    return signed(replace(dataset, spec=replace(dataset.spec, legend=legend), examples=levels))


def _tileset(legend: Legend, style: Style) -> str:
    """A person's own art draws any style; of ours one is for levels seen from the side."""
    if legend.tileset.startswith(PREFIX) or style is legend.style:
        return legend.tileset
    if style is Style.PLATFORMER:
        return SIDEWAYS
    return FROM_ABOVE if legend.tileset == SIDEWAYS else legend.tileset


def chosen_style(name: str | None) -> Style | None:
    """The style of this name; None for None. Raises GenworldError for an unknown one."""
    known = {style.value: style for style in Style}
    if name is not None and name not in known:
        raise unknown("style", str(name), known)
    return None if name is None else known[name]


def _retagged(legend: Legend, tags: Overrides) -> tuple[Tile, ...]:
    if not isinstance(tags, Mapping) or not all(isinstance(names, list | tuple) for names in tags.values()):
        raise GenworldError('Tags are given as {"name of a tile": ["solid", ...]}; correct them.')
    for name in tags:
        if name not in legend.names:
            raise unknown("tile", str(name), legend.names)
    return tuple(
        replace(tile, tags=parse_tags(tags[tile.name])) if tile.name in tags else tile for tile in legend.tiles
    )


def distinct_chars(count: int) -> tuple[str, ...]:
    """`count` distinct printable characters, the most readable first; none is a space or starts a comment.

    Args:
        count: 0 to 255.
    """
    if count > len(_CHARS):
        raise GenworldError(f"A legend has at most {len(_CHARS)} tiles, but {count} came; merge rare ones.")
    return _CHARS[:count]


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names fit for a legend: without what does not show, at most `limits.NAME_LENGTH` long, each once.

    >>> unique_names(["wall", "wall", "", "wall 2"])
    ('wall', 'wall 2', 'tile', 'wall 2 2')
    """
    taken: dict[str, int] = {}
    result: dict[str, None] = {}
    for plain in map(_plain, names):
        name, number = plain, taken.get(plain, 1)
        while name in result:
            number += 1
            name = f"{plain} {number}"
        taken[plain] = number
        result[name] = None
    return tuple(result)


def _plain(name: str) -> str:
    """`name` on one line, without control and direction marks."""
    shown = "".join(
        " " if char.isspace() else char for char in name if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join(unicodedata.normalize("NFC", shown).split())[: limits.NAME_LENGTH - 4].strip() or "tile"
