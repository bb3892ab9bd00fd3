"""Maps of an upload: which of its files they are, and the data set that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from genworld import limits
from genworld.datasets.dataset import Dataset
from genworld.datasets.licences import UNKNOWN, source_of
from genworld.datasets.meaning import Overrides, chosen_style, corrected
from genworld.datasets.reader import Reader, signed
from genworld.datasets.tiled.document import TiledMap, read_map
from genworld.datasets.tiled.files import Files
from genworld.datasets.tiled.learned import Learned
from genworld.datasets.tiled.project import joined
from genworld.datasets.untrusted import Bundle, open_bundle
from genworld.errors import GenworldError

SUFFIXES = (".tmx", ".tmj")
JSON_SUFFIX = ".json"

_OF_A_MAP = [re.compile(rb'"%s"\s*:' % key) for key in (b"tilewidth", b"layers", b"tilesets")]


def recognises(bundle: Bundle) -> bool:
    """Whether there is a map among the files that a person chose."""
    return bool(bundle.with_suffix(*SUFFIXES)) or any(_is_map(bundle, name) for name in bundle.with_suffix(JSON_SUFFIX))


def read(
    place: Path,
    *,
    style: str | None = None,
    tags: Overrides | None = None,
    title: str = "",
    licence: str = UNKNOWN,
    credit: str = "",
    maps: Sequence[str] = (),
) -> Dataset:
    """All maps of a folder or zip, or one of them.

    Args:
        place: a folder, a zip, or a map with what lies beside it.
        style: how the maps are seen; guessed when None.
        tags: tags in place of those that were understood, by name of the tile.
        title: what a person calls them; the name of the file when empty.
        licence: SPDX identifier of the maps.
        credit: the line that must ship with what is made of them.
        maps: the maps to take, as paths in the folder or zip; all when empty.

    Returns:
        One level for each map, the largest first. Its legend is drawn with a `TiledArt`, which is kept on this machine.

    Raises:
        GenworldError: no map, none that can be read, an unknown style or tag.
    """
    with open_bundle(place) as bundle:
        files = Files(bundle)
        project = joined(_maps(bundle, files, maps))
        alone = PurePosixPath(project.maps[0].path).stem if len(project.maps) == 1 else bundle.path.resolve().stem
        made = Learned(project, files).dataset(title or alone, chosen_style(style))
    named = replace(made, source=source_of(made.name, licence, credit))
    return corrected(signed(named), None, tags)


READER = Reader(
    "tiled",
    "Maps of the Tiled editor (TMX, TMJ) with their tilesets.",
    recognises,
    read,
    "Tiled maps",
    frozenset({*SUFFIXES, JSON_SUFFIX}),
)


def _is_map(bundle: Bundle, name: str) -> bool:
    """Whether a JSON file speaks of layers and tilesets, as maps do and tilesets do not."""
    try:
        raw = bundle.read(name, limits.MAP_BYTES)
    except GenworldError:
        return False
    return all(pattern.search(raw) for pattern in _OF_A_MAP)


def _names(bundle: Bundle, wanted: Sequence[str]) -> list[str]:
    found = [name for name in bundle.with_suffix(*SUFFIXES, JSON_SUFFIX) if not wanted or name in wanted]
    # A file that was chosen alone is read as a map in any case: that says best what is wrong with it.
    alone = len(found) == 1
    names = [name for name in found if alone or PurePosixPath(name).suffix.lower() in SUFFIXES or _is_map(bundle, name)]
    if not names:
        raise GenworldError(
            f"Expected a map of Tiled (.tmx, .tmj) in {bundle.path.name}, but there is none; drop the map with its tilesets."
        )
    return names


def _maps(bundle: Bundle, files: Files, wanted: Sequence[str]) -> list[TiledMap]:
    """The maps that can be read, the largest first; what is wrong with the others is noted."""
    names = _names(bundle, wanted)
    if len(names) == 1:
        return [read_map(names[0], files)]
    maps = []
    for name in names:
        try:
            maps.append(read_map(name, files))
        except GenworldError as error:
            files.note(name, f"Left out: {error.sentence}")
    if not maps:
        raise GenworldError(f"None of the {len(names)} maps of {bundle.path.name} can be read. {files.notes[0]}")
    return sorted(maps, key=lambda each: (-each.size[0] * each.size[1], each.path))
