"""Levels of an LDtk project, learned on what a person painted and drawn with the project's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from genworld import art, limits
from genworld.art.ldtk import LdtkArt, Record
from genworld.content import Legend, Level, LevelSpec, Style, Tile
from genworld.datasets.dataset import Dataset
from genworld.datasets.ldtk.names import Names
from genworld.datasets.ldtk.planes import read_levels
from genworld.datasets.ldtk.project import LEVEL_SUFFIX, SUFFIX, Project, open_project
from genworld.datasets.ldtk.tokens import Found, tokens_of
from genworld.datasets.licences import UNKNOWN, source_of
from genworld.datasets.meaning import chosen_style, corrected, distinct_chars, guess_style, unique_names
from genworld.datasets.reader import Reader, one_size, signed
from genworld.datasets.untrusted import Bundle, open_bundle

SHOWN = 8
"""So many merged tokens are named in a note."""

CONTENT = ("intGridCsv", "gridTiles", "autoLayerTiles", "entityInstances")
"""What a level holds in its layers."""


def recognises(bundle: Bundle) -> bool:
    """Whether there is an LDtk project, or a level of one."""
    return bool(bundle.with_suffix(SUFFIX, LEVEL_SUFFIX))


def read(
    place: Path,
    *,
    style: str | None = None,
    tags: Mapping[str, Sequence[str]] | None = None,
    title: str = "",
    licence: str = UNKNOWN,
    credit: str = "",
) -> Dataset:
    """All levels of an LDtk project: a file, or a folder or zip that holds one with what it refers to.

    A cell is what a person painted there: its values over all IntGrid layers, hand-placed tiles, entities. What the
    project's rules place is left to the rules.

    Args:
        place: the project, or where it lies.
        style: name of a `Style`, in place of the one that was guessed.
        tags: names of tags by name of a tile, in place of those that were understood.
        title: what a person calls it; the name of the project when empty.
        licence: SPDX identifier, where the person knows it.
        credit: the line that must ship with it.

    Raises:
        GenworldError: no project or several, a damaged one, one without anything painted, or an option out of range.
    """
    wanted = chosen_style(style)
    with open_bundle(place) as bundle:
        project = open_project(bundle)
    planes, book = read_levels(project)
    found = tokens_of(planes, book)
    drawn = LdtkArt(project.place, skeleton(project), found.alphabet, project.pictures)
    art.put(drawn)
    name = title or PurePosixPath(project.place).stem
    legend = _legend(name, project, found, drawn.reference, wanted)
    levels = tuple(Level(grid, legend) for grid in found.grids)
    notes = (*project.notes, *book.notes, *_merged_notes(project, found, legend), *_look_notes(project))
    dataset = Dataset(
        name=name,
        spec=LevelSpec(legend, *one_size(levels)),
        examples=levels,
        labels=np.zeros((len(planes), 0), np.uint8),
        groups=tuple(each.name for each in planes),
        source=source_of(name, licence, credit),
        notes=notes,
    )
    return corrected(signed(dataset), style, tags)


READER = Reader(
    "ldtk",
    "Levels of an LDtk project, drawn with its own rules.",
    recognises,
    read,
    title="LDtk projects",
    suffixes=frozenset({SUFFIX, LEVEL_SUFFIX}),
)


def skeleton(project: Project) -> dict[str, Any]:
    """A project with all that it defines and one level, whose layers are empty."""
    level = {**project.levels[0].raw, "externalRelPath": None, "__neighbours": []}
    level.pop("__header__", None)  # of a level that had a file of its own
    level["layerInstances"] = [_emptied(each) for each in project.levels[0].records("layerInstances", "layer")]
    raw = {**project.raw, "externalLevels": False, "levels": [level], "worlds": []}
    raw["toc"] = [{**each, **_no_instances(each)} for each in _objects(project.raw.get("toc"))]
    worlds = _objects(project.raw.get("worlds"))
    if worlds:
        raw |= {"levels": [], "worlds": [{**worlds[0], "levels": [level]}]}
    return {key: value for key, value in raw.items() if key in project.raw}


def _emptied(instance: Record) -> dict[str, Any]:
    held: dict[str, Any] = {key: [] for key in (*CONTENT, "intGrid") if key in instance.raw}
    return {**instance.raw, **held}


def _objects(entries: Any) -> list[dict[str, Any]]:
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []


def _no_instances(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: [] for key in ("instances", "instancesData") if key in entry}


def _legend(name: str, project: Project, found: Found, tileset: str, wanted: Style | None) -> Legend:
    names = Names(project.defs, found.alphabet)
    called = unique_names([names.name(token) for token in found.alphabet.tokens])
    chars = distinct_chars(len(called))

    def tiles(style: Style | None) -> tuple[Tile, ...]:
        tags = [names.tags(token, style) for token in found.alphabet.tokens]
        return tuple(Tile(*each) for each in zip(chars, called, tags, strict=True))

    style = wanted or guess_style(found.grids, tiles(None))
    return Legend(name[: limits.NAME_LENGTH], style, tiles(style), tileset)


def _merged_notes(project: Project, found: Found, legend: Legend) -> list[str]:
    if not found.count:
        return []
    names = Names(project.defs, found.alphabet)
    shown = [f"{names.name(token)!r} into {legend.tiles[target].name!r}" for token, target in found.merged[:SHOWN]]
    more = f" and {found.count - SHOWN:,} more" if found.count > SHOWN else ""
    return [
        f"There are more kinds of cells than are told apart, so the rarest became others: {', '.join(shown)}{more}."
    ]


def _look_notes(project: Project) -> Iterator[str]:
    """What looks otherwise here than in the editor."""
    if any(level.text("bgRelPath") for level in project.levels):
        yield "Background pictures of levels are not drawn; their colour is."
    rules = (rule for layer in project.defs.layers for group in layer.groups for rule in group.rules)
    if any(rule.noise is not None for rule in rules):
        yield "Some rules follow noise: their patches are as large as in the editor, but at other places."
