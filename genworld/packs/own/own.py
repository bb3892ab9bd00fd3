"""A level written back into the project that its art came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from genworld.art import Art
from genworld.content import Level


@dataclass(frozen=True)
class OwnFormat:
    """How levels of one kind of art are written. Paths are POSIX, inside the project.

    Args:
        place: where the original of an art stood.
        write: the files of a level of that art, called by a stem and lying where the original did, with facts about
            the level by name.
        beside: what the files of any level of the art refer to, as far as it came with the original.
    """

    place: Callable[[Art], str]
    write: Callable[[Level, Art, str, Mapping[str, str]], Mapping[str, bytes]]
    beside: Callable[[Art], Mapping[str, bytes]]
