"""Levels of own maps straight into a project's folder. In local mode only: the folder is the person's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from genworld import packs
from genworld.errors import GenworldError
from genworld.library import Item
from genworld.ui import asked

LONGEST = 4096
"""Characters of a path."""


def planned(items: Sequence[Item], where: Any) -> dict[str, Any]:
    """What would be written: how many levels of which maps, and once a folder is chosen the names of the files.

    Args:
        items: of the board, or those selected.
        where: the folder as the browser sent it; nothing where none was typed yet.

    Raises:
        GenworldError: nothing here can be written into this folder.
    """
    if not where:
        own = packs.of_projects(items)
        return {"levels": len(own), "maps": _maps(own), "files": [], "left": []}
    place = folder(where)
    here = packs.belonging(place, items)
    written = {item.id for item in here}
    left = [item for item in packs.of_projects(items) if item.id not in written]
    files = [each.path.name for each in packs.plan(place, here)]
    return {"levels": len(here), "maps": _maps(here), "files": files, "left": _maps(left)}


def write(items: Sequence[Item], where: Any) -> dict[str, Any]:
    """Writes the levels whose map lies in a folder, beside it; tells the names of the new files."""
    place = folder(where)
    return {"files": [path.name for path in packs.write_into(place, packs.belonging(place, items))]}


def _maps(items: Sequence[Item]) -> list[str]:
    return list(dict.fromkeys(packs.original_of(item) for item in items))


def folder(value: Any) -> Path:
    """The folder that a person typed. Raises GenworldError for what is none; nothing in it is read here."""
    typed = asked.text("The project folder", value, LONGEST).strip()
    try:
        path = Path(typed).expanduser()
    except RuntimeError as error:  # nobody has that name
        raise _not_from_the_top(typed) from error
    if not path.is_absolute():
        raise _not_from_the_top(typed)
    return path


def _not_from_the_top(typed: str) -> GenworldError:
    return GenworldError(
        f"A project folder is a whole path, such as ~/games/meadow, but {typed[:80]!r} came; copy it from your file browser."
    )
