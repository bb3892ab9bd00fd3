"""An LDtk project inside an upload: its JSON, its levels wherever they stand, the pictures of its tilesets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from genworld import limits
from genworld.art.ldtk import Definitions, Record, definitions
from genworld.datasets.untrusted import PICTURE_SUFFIXES, Bundle, read_json, read_picture, resolve
from genworld.errors import GenworldError

SUFFIX = ".ldtk"
LEVEL_SUFFIX = ".ldtkl"
BACKUPS = "backups"
BYTES = 32 * limits.MIB
LEVELS = 2_000
LISTED = 3
"""So many names stand in a sentence."""

OLDEST, NEWEST = (0, 9), (1, 5)
READABLE = (0, 6)
"""Before this tiles were written in another way."""


@dataclass(frozen=True)
class Project:
    """A project as it was brought.

    Args:
        place: of its file among what was brought.
        raw: as LDtk wrote it.
        defs: what it defines.
        levels: those whose content is there, each with its layers.
        pictures: files of the tilesets, by uid.
        notes: what a person should know.
    """

    place: str
    raw: dict[str, Any]
    defs: Definitions
    levels: tuple[Record, ...]
    pictures: dict[int, bytes]
    notes: tuple[str, ...]


def open_project(bundle: Bundle) -> Project:
    """The one LDtk project of an upload.

    Raises:
        GenworldError: there is none or several, it is damaged, or of a version that is not read.
    """
    place = _only(bundle)
    raw = read_json(bundle.read(place, BYTES), bundle.where(place), BYTES)
    root = Record(raw, bundle.where(place))
    notes = list(_version_notes(root, place))
    defs = definitions(root.raw)
    found = list(_levels(root))
    if len(found) > LEVELS:
        raise GenworldError(
            f"{place} has {len(found):,} levels, and at most {LEVELS:,} are read; bring a part of them."
        )
    levels = tuple(level for each in found if (level := _whole(each, bundle, place, notes)) is not None)
    if not levels:
        raise GenworldError(f"{place} has no level whose content is there; {_missing(bool(found))}")
    return Project(place, root.raw, defs, levels, _pictures(bundle, place, defs, notes), tuple(notes))


def _only(bundle: Bundle) -> str:
    names = bundle.with_suffix(SUFFIX)
    names = [name for name in names if BACKUPS not in PurePosixPath(name).parts] or names
    if not names:
        alone = " The levels alone are not enough." if bundle.with_suffix(LEVEL_SUFFIX) else ""
        raise GenworldError(
            f"Expected an LDtk project ({SUFFIX}) in {bundle.path.name}, but there is none.{alone} Add it."
        )
    if len(names) > 1:
        raise GenworldError(
            f"{bundle.path.name} holds {len(names)} LDtk projects ({', '.join(names[:3])}), and one is read at a time; "
            "choose one of them."
        )
    return names[0]


def _version_notes(root: Record, place: str) -> Iterator[str]:
    said = root.text("jsonVersion")
    numbers = re.match(r"(\d{1,4})\.(\d{1,4})", said)
    if numbers is None or not isinstance(root.raw.get("defs"), dict):
        raise GenworldError(f"{place} does not say which version of LDtk wrote it; save it again in LDtk.")
    version = (int(numbers[1]), int(numbers[2]))
    if version < READABLE or version >= (2, 0):
        raise GenworldError(
            f"{place} was written by LDtk {said[:20]}, but {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} are read; "
            "save it with such a version."
        )
    if not OLDEST <= version <= NEWEST:
        yield (
            f"This project was written by LDtk {said[:20]}; versions {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} "
            "are known, so check that all of it was understood."
        )


def _levels(root: Record) -> Iterator[Record]:
    """The levels of the project, and since 1.0 those of its worlds."""
    yield from root.records("levels", "level")
    for world in root.records("worlds", "world"):
        yield from world.records("levels", "level")


def _whole(level: Record, bundle: Bundle, place: str, notes: list[str]) -> Record | None:
    """A level with its layers, which may stand in a file of their own; None where that was not brought."""
    if level.raw.get("layerInstances") is not None:
        return level
    reference = level.text("externalRelPath")
    name = resolve(reference, place, bundle.names) if reference else None
    if name is None or not name.lower().endswith(LEVEL_SUFFIX):
        notes.append(f"L{level.where[1:]} is left out: its file {reference[:80]!r} was not brought.")
        return None
    outside = Record(read_json(bundle.read(name, BYTES), bundle.where(name), BYTES), level.where)
    return outside if outside.raw.get("layerInstances") is not None else None


def _missing(any_level: bool) -> str:
    if any_level:
        return f"bring the {LEVEL_SUFFIX} files of its folder with it."
    return "draw one in LDtk first."


def _pictures(bundle: Bundle, place: str, defs: Definitions, notes: list[str]) -> dict[int, bytes]:
    used = {layer.tileset for layer in defs.layers} | {
        each.rect.tileset for each in defs.entities.values() if each.rect
    }
    wanted = [each for each in defs.tilesets.values() if each.uid in used and each.path]
    pictures: dict[int, bytes] = {}
    for tileset in wanted:
        raw = _picture(bundle, place, tileset.path)
        if raw is not None and sum(map(len, pictures.values())) + len(raw) <= limits.ART_BYTES // 2:
            pictures[tileset.uid] = raw
    missing = [each.path for each in wanted if each.uid not in pictures]
    if missing:
        notes.append(
            f"Pictures that are not here or of a kind that is not read: {listed(missing)}. "
            "Plain colours are shown in their place; what is learned stays the same."
        )
    return pictures


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, short and not too many.

    >>> listed(["a", "b", "c", "d", "e"])
    "'a', 'b', 'c' and 2 more"
    """
    shown = ", ".join(repr(name[: limits.NAME_LENGTH]) for name in names[:LISTED])
    return f"{shown} and {len(names) - LISTED:,} more" if len(names) > LISTED else shown


def _picture(bundle: Bundle, place: str, path: str) -> bytes | None:
    """The file of a tileset's picture, once it is known to be a whole picture."""
    name = resolve(path, place, bundle.names)
    if name is None or PurePosixPath(name).suffix.lower() not in PICTURE_SUFFIXES:
        return None
    raw = bundle.read(name)
    try:
        read_picture(raw, bundle.where(name))
    except GenworldError:
        return None
    return raw
