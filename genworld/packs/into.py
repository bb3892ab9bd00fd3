"""Levels written straight into the project that they were learned from, beside its own maps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from genworld.art import Art, of_legend
from genworld.art.dressed import DressedArt
from genworld.content import Legend, Level
from genworld.errors import GenworldError
from genworld.library import Item
from genworld.packs.own import NUMBERS, WRITERS, own_level, write_item

SUFFIXES = frozenset({".tmx", ".tmj", ".json", ".ldtk"})
"""Of map files; nothing else is ever written into a person's folder. Tiled calls TMJ ``.json`` too."""


@dataclass(frozen=True)
class Planned:
    """One level on its way into a project.

    Args:
        item: the kept level.
        original: the map that it was learned from.
        number: makes its name: no file of it is there, and none is planned.
    """

    item: Item
    original: Path
    number: int

    @property
    def path(self) -> Path:
        """The file that it becomes."""
        return _named(self.original, self.number)


def has_original(legend: Legend) -> bool:
    """Whether levels of a legend were learned from a map of a person's own, so that they have one to lie beside."""
    art = of_legend(legend)
    # A tileset chosen for levels of another model has no map that they could lie beside.
    return art is not None and art.kind in WRITERS and art.kind != DressedArt.kind


def of_projects(items: Sequence[Item]) -> list[Item]:
    """The levels among `items` that were learned from a map of a person's own."""
    return [item for item in items if isinstance(item.example, Level) and has_original(item.example.legend)]


def original_of(item: Item) -> str:
    """File name of the map that a level was learned from. Raises GenworldError for what has none."""
    return _place(_art(item)).name


def belonging(folder: Path, items: Sequence[Item]) -> list[Item]:
    """The levels among `items` whose original lies in a project.

    Raises:
        GenworldError: there is no such folder, no level of an own map, or no original of them in the folder.
    """
    own = of_projects(items)
    if not own:
        raise GenworldError("No level here was learned from a map of yours; export a pack instead.")
    _require_folder(folder)
    here = [item for item in own if _found(folder, _art(item))]
    if not here:
        raise _missing(folder, own[0])
    return here


def write_into(folder: Path, items: Sequence[Item]) -> list[Path]:
    """Writes levels into their project, beside the original.

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
    return [_written(each) for each in plan(folder, items)]


def plan(folder: Path, items: Sequence[Item]) -> list[Planned]:
    """What `write_into` would write, in the order of the items. Raises GenworldError as that does, but writes nothing."""
    _require_folder(folder)
    if not items:
        raise GenworldError("Nothing is kept that could be written; keep a sample first.")
    last: dict[Path, int] = {}
    planned = []
    for item in items:
        original = _found(folder, _art(item))
        if original is None:
            raise _missing(folder, item)
        last[original] = _free(original, last.get(original, 0) + 1)
        planned.append(Planned(item, original, last[original]))
    return planned


def _require_folder(folder: Path) -> None:
    # os.path says no where pathlib would raise: a folder that may not be entered, a name that cannot be.
    if not os.path.isdir(folder):
        raise GenworldError(f"There is no folder {str(folder)!r} that can be read; choose the folder of the project.")


def _art(item: Item) -> Art:
    level, art = own_level(item)
    if not has_original(level.legend):
        raise GenworldError(
            f"{item.name} is drawn in a tileset of yours, but did not come from a map of yours; export a pack instead."
        )
    return art


def _place(art: Art) -> PurePosixPath:
    """Where the original stands in its project. A model may come from a stranger, and with it this path."""
    place = PurePosixPath(WRITERS[art.kind].place(art))
    if place.is_absolute() or ".." in place.parts or place.suffix.lower() not in SUFFIXES:
        raise GenworldError(f"A map inside a project was expected, but its model names {str(place)!r}; learn it again.")
    return place


def _missing(folder: Path, item: Item) -> GenworldError:
    return GenworldError(
        f"{original_of(item)} should be in {str(folder)!r}, but it is not; choose the folder of the project that holds it."
    )


def _found(folder: Path, art: Art) -> Path | None:
    """The file in a project that an art came from."""
    place = _place(art)
    # Whoever brought a whole project may choose it again, or the folder in it where the map lies.
    places = (folder.joinpath(*place.parts[depth:]) for depth in range(len(place.parts)))
    return next((path for path in places if os.path.isfile(path)), None)


def _named(original: Path, number: int) -> Path:
    return original.with_name(f"{original.stem}-{number:02}{original.suffix}")


def _free(original: Path, start: int) -> int:
    """The first number, from `start`, under which nothing lies beside the original."""
    for number in range(start, NUMBERS):
        if not os.path.lexists(_named(original, number)):
            return number
    raise GenworldError(
        f"{original.parent} holds {NUMBERS:,} levels made from {original.name}; move some of them away."
    )


def _written(planned: Planned) -> Path:
    (data,) = write_item(planned.item, planned.number).values()  # a map is one file: what it refers to is there
    return _create(planned.path, data)


def _create(path: Path, data: bytes) -> Path:
    """Writes a file that was not there."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise GenworldError(f"{path.name} appeared in {path.parent} a moment ago; try again.") from error
    except OSError as error:
        path.unlink(missing_ok=True)
        raise GenworldError(
            f"{path.name} could not be written to {path.parent} ({error.strerror}); choose a folder that you may write to."
        ) from error
    return path
