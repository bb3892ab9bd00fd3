"""Levels back in a person's own project: their tilesets, their layers, beside their own maps.

A new kind of art that can be written back is one file with an `OwnFormat` and one line in `WRITERS`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from genworld.art import Art, of_legend
from genworld.art.dressed import DressedArt
from genworld.art.ldtk import LdtkArt
from genworld.art.tiled import TiledArt
from genworld.content import Level
from genworld.errors import GenworldError
from genworld.library import Item
from genworld.packs.own import dressed, ldtk, tiled
from genworld.packs.own.own import OwnFormat
from genworld.packs.slugs import slug
from genworld.packs.story import story

__all__ = ["WRITERS", "OwnFormat", "Projects", "is_own", "own_level", "write_item", "write_level"]

WRITERS: dict[str, OwnFormat] = {TiledArt.kind: tiled.TILED, LdtkArt.kind: ldtk.LDTK, DressedArt.kind: dressed.DRESSED}
"""How levels are written back, by kind of the art of their legend."""

NUMBERS = 10_000
"""New files of one map in one folder."""

RESERVED = ("levels", "sprites", "tilesets")
"""Folders of a pack that hold what did not come from a project."""


def own_art(level: Level) -> Art | None:
    """The art of a level that can be written back where it came from; None for any other level."""
    art = of_legend(level.legend)
    return art if art is not None and art.kind in WRITERS else None


def is_own(level: Level, kinds: Collection[str] = WRITERS.keys()) -> bool:
    """Whether a level can be written back into the project that it came from, by an art of one of these kinds."""
    art = own_art(level)
    return art is not None and art.kind in kinds


def write_level(level: Level, art: Art, *, stem: str, facts: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a level in its own format, by path inside the project.

    Args:
        level: of a legend that the art draws.
        art: of a kind in `WRITERS`.
        stem: what the file is called.
        facts: where the level comes from, by name.
    """
    return dict(WRITERS[art.kind].write(level, art, stem, facts))


@dataclass
class Projects:
    """The projects in a pack, each in a folder of its own with what its levels refer to.

    Args:
        files: content by path inside the pack.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    _folders: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def add(self, item: Item) -> list[str]:
        """Lays a level into the project of its art; returns the paths of its files in the pack."""
        folder = self._folder(own_level(item)[1])
        number = self._counts[folder] = self._counts.get(folder, 0) + 1
        written = {f"{folder}/{path}": data for path, data in write_item(item, number).items()}
        self.files.update(written)
        return list(written)

    def _folder(self, art: Art) -> str:
        """The folder of an art's project; what lies beside its levels is put there when it is new."""
        if art.digest not in self._folders:
            plain = slug(art.name, "project")
            taken = {*self._folders.values(), *RESERVED}
            names = (plain if number == 1 else f"{plain}-{number}" for number in range(1, NUMBERS))
            folder = self._folders[art.digest] = next(name for name in names if name not in taken)
            self.files.update({f"{folder}/{path}": data for path, data in WRITERS[art.kind].beside(art).items()})
        return self._folders[art.digest]


def own_level(item: Item) -> tuple[Level, Art]:
    """A kept level and the art that writes it. Raises GenworldError for what did not come from a map of a person's own."""
    level = item.example
    art = own_art(level) if isinstance(level, Level) else None
    if art is None or not isinstance(level, Level):
        raise GenworldError(
            f"{item.name} did not come from a map of yours, so that it has no project to go back into; export a pack instead."
        )
    return level, art


def write_item(item: Item, number: int) -> dict[str, bytes]:
    """The files of a kept level by path inside its project, named after the original with a number."""
    level, art = own_level(item)
    stem = PurePosixPath(WRITERS[art.kind].place(art)).stem
    facts = {name: str(value) for name, value in story(item).items()}
    return write_level(level, art, stem=f"{stem}-{number:02}", facts=facts)
