"""Levels back in a person's own project: their tilesets, their layers, beside their own maps.

A new kind of art that can be written back is one file with an `OwnFormat` and one line in `WRITERS`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

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

__all__ = ["WRITERS", "OwnFormat", "Projects", "is_own", "write_into", "write_level"]

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
        level, art = _own(item)
        folder = self._folder(art)
        number = self._counts[folder] = self._counts.get(folder, 0) + 1
        written = {f"{folder}/{path}": data for path, data in _written(item, level, art, number).items()}
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


def _own(item: Item) -> tuple[Level, Art]:
    level = item.example
    art = own_art(level) if isinstance(level, Level) else None
    if art is None or not isinstance(level, Level):
        raise GenworldError(
            f"{item.name} did not come from a map of yours, so that it has no project to go back into; export a pack instead."
        )
    return level, art


def _written(item: Item, level: Level, art: Art, number: int) -> dict[str, bytes]:
    """The files of an item, named after the original with a number."""
    stem = PurePosixPath(WRITERS[art.kind].place(art)).stem
    facts = {name: str(value) for name, value in story(item).items()}
    return write_level(level, art, stem=f"{stem}-{number:02}", facts=facts)


def write_into(folder: Path, items: Sequence[Item]) -> list[Path]:
    """Writes levels straight into the project that they were learned from, beside the original.

    New files are called after the original with a number; nothing that is there is changed.

    Args:
        folder: of the project, or the folder in it where the original lies.
        items: levels of a person's own maps.

    Returns:
        The paths of the files written, in the order of the items.

    Raises:
        GenworldError: no such folder, an item that is no level of an own map, an original that is not there, or a disk
            that refuses; the files written before that stay.
    """
    if not folder.is_dir():
        raise GenworldError(f"There is no folder {str(folder)!r}; choose the folder of the project.")
    if not items:
        raise GenworldError("Nothing is kept that could be written; keep a sample first.")
    places = [(item, _original(folder, _own(item)[1])) for item in items]
    return [path for item, original in places for path in _write_beside(item, original)]


def _original(folder: Path, art: Art) -> Path:
    """The file in a project that an art came from."""
    place = PurePosixPath(WRITERS[art.kind].place(art))
    # Whoever brought a whole project may choose it again, or the folder in it where the map lies.
    found = (folder.joinpath(*place.parts[depth:]) for depth in range(len(place.parts)))
    original = next((path for path in found if path.is_file()), None)
    if original is None:
        raise GenworldError(
            f"{place.name} should be in {str(folder)!r}, but it is not; choose the folder of the project that holds it."
        )
    return original


def _write_beside(item: Item, original: Path) -> list[Path]:
    level, art = _own(item)
    home = PurePosixPath(WRITERS[art.kind].place(art)).parent
    for number in range(1, NUMBERS):
        made = _written(item, level, art, number)
        paths = [original.parent / PurePosixPath(path).relative_to(home) for path in made]
        if not any(path.exists() for path in paths):
            for path, data in zip(paths, made.values(), strict=True):
                _create(path, data)
            return paths
    raise GenworldError(
        f"{original.parent} holds {NUMBERS:,} levels made from {original.name}; move some of them away."
    )


def _create(path: Path, data: bytes) -> None:
    """Writes a file that was not there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise GenworldError(f"{path.name} appeared in {path.parent} a moment ago; try again.") from error
    except OSError as error:
        path.unlink(missing_ok=True)
        raise GenworldError(
            f"{path.name} could not be written to {path.parent} ({error.strerror}); choose a folder that you may write to."
        ) from error
