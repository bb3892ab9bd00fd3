"""What tokens are called and what they do: from the words of values, tile tags, layers and entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from genworld.art.ldtk import Alphabet, Definitions, Entity, Layer, Stack, Thing, Token, Value
from genworld.content import Style, Tag
from genworld.datasets.meaning import tags_of_words

WALKING = frozenset({Tag.SOLID, Tag.PASSABLE, Tag.SOLID_TOP})

Tags = frozenset[Tag]

EMPTY = "empty"


class Names:
    """The words of a project, asked token by token.

    Args:
        defs: what the project defines.
        alphabet: whose tokens are asked about.
    """

    def __init__(self, defs: Definitions, alphabet: Alphabet) -> None:
        self._defs, self._alphabet = defs, alphabet
        self._values = [_by_number(defs.layer(part.layer)) for part in alphabet.values]
        self._valued = [defs.layer(part.layer) for part in alphabet.values]
        self._tiled = [defs.layer(part.layer) for part in alphabet.stacks]

    def name(self, token: Token) -> str:
        """What a person reads for a token, such as ``"walls + Chest"``."""
        parts = [*self._value_names(token), *self._tile_names(token), *self._thing_names(token)]
        return " + ".join(dict.fromkeys(parts)) or EMPTY

    def tags(self, token: Token, style: Style | None) -> Tags:
        """What a token does, as far as words say it.

        Where several layers speak of walking, the one highest up counts; what stands on it adds to that.
        """
        if not any(map(any, (*token.values, *token.stacks))) and not token.things:
            return frozenset({Tag.EMPTY, Tag.PASSABLE})
        ground: Tags = frozenset()
        for tags in self._ground(token, style):
            ground = (ground - WALKING if tags & WALKING else ground) | tags
        things = frozenset[Tag]().union(*(self._thing_tags(self._thing(number), style) for number in token.things))
        walked = ground & WALKING or things & WALKING or {Tag.PASSABLE}
        if Tag.SOLID in things and Tag.SOLID not in ground:
            walked = frozenset({Tag.SOLID})
        painted = any(map(any, (*token.values, *token.stacks)))
        if not ground and not things and painted and not self._valued:
            return frozenset()
        return (ground | things) - WALKING | walked

    def _ground(self, token: Token, style: Style | None) -> Iterator[Tags]:
        """Tags of tiles and values, the lowest layer first; values are meant, so that they come after tiles."""
        for layer, cells in reversed(list(zip(self._tiled, token.stacks, strict=True))):
            for stack in cells:
                yield from (self._tile_tags(layer, tile, style) for tile, _ in stack)
        for layer, known, values in reversed(list(zip(self._valued, self._values, token.values, strict=True))):
            yield from (_value_tags(layer, known.get(number), style) for number in values if number)

    def _value_names(self, token: Token) -> Iterator[str]:
        for layer, known, cells in zip(self._valued, self._values, token.values, strict=True):
            for number in dict.fromkeys(cells):
                if number and layer:
                    value = known.get(number)
                    yield value.name if value and value.name else f"{layer.name} {number}"

    def _tile_names(self, token: Token) -> Iterator[str]:
        for layer, cells in zip(self._tiled, token.stacks, strict=True):
            for stack in dict.fromkeys(cells):
                if stack and layer:
                    yield self._stack_name(layer, stack)

    def _stack_name(self, layer: Layer, stack: Stack) -> str:
        tagged = [word for tile, _ in stack for word in self._words(layer, tile)]
        return " ".join(dict.fromkeys(tagged)) or f"{layer.name} {stack[-1][0]}"

    def _words(self, layer: Layer | None, tile: int) -> tuple[str, ...]:
        tileset = self._defs.tilesets.get(layer.tileset) if layer and layer.tileset is not None else None
        return tileset.tags.get(tile, ()) if tileset else ()

    def _tile_tags(self, layer: Layer | None, tile: int, style: Style | None) -> Tags:
        tags = tags_of_words(" ".join(self._words(layer, tile)), style)
        return tags or tags_of_words(layer.name if layer else "", style)

    def _thing_names(self, token: Token) -> Iterator[str]:
        for number in token.things:
            thing = self._thing(number)
            entity = self._entity(thing)
            kind = _chosen(thing.raw)
            yield f"{entity.name} {kind}".strip() if entity else "entity"

    def _thing_tags(self, thing: Thing, style: Style | None) -> Tags:
        entity = self._entity(thing)
        if entity is None:
            return frozenset()
        tags = tags_of_words(entity.name, style)
        return tags or frozenset[Tag]().union(*(tags_of_words(tag, style) for tag in entity.tags))

    def _thing(self, number: int) -> Thing:
        return self._alphabet.things[number]

    def _entity(self, thing: Thing) -> Entity | None:
        return self._defs.entities.get(thing.entity)


def _by_number(layer: Layer | None) -> Mapping[int, Value]:
    return {value.number: value for value in layer.values} if layer else {}


@cache
def _value_tags(layer: Layer | None, value: Value | None, style: Style | None) -> Tags:
    """Tags of a value; in a layer called "Collisions" or "Walls" what says nothing of walking is solid."""
    name = value.name if value else ""
    tags = tags_of_words(name, style)
    if layer is None or Tag.SOLID not in tags_of_words(layer.name):
        # Somebody painted it, and nothing says what it is: most often it is what stands in the way.
        return tags or frozenset({Tag.SOLID})
    sideways = tags_of_words(name, Style.PLATFORMER)  # dirt among collisions is what one stands on
    if Tag.SOLID in sideways or not tags & WALKING:
        return tags - WALKING | {Tag.SOLID}
    return tags


def _chosen(raw: Mapping[str, Any]) -> str:
    """The enum value that an entity carries, which tells one "Item" from another; empty where it carries none."""
    fields = raw.get("fieldInstances")
    for field in fields if isinstance(fields, list) else []:
        if isinstance(field, dict) and str(field.get("__type", "")).startswith("LocalEnum"):
            value = field.get("__value")
            return value if isinstance(value, str) else ""
    return ""
