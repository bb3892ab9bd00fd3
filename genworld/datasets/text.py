"""Levels as lines of characters, with a ``tiles.json`` beside them that says what each character means.

``tiles.json`` holds ``tiles``: {char: {"meaning": name, "tags": [...]}} and, if wanted, ``game`` (the name),
``style`` (free words), ``tileset``, ``licence`` (SPDX), ``credit``, ``licence_class``, ``notes``, ``jump`` (rows up and
columns of the widest pit, as in [4, 5]). A file holds one level, or many small ones, each after a line that starts with
a semicolon. Spaces count. Without a ``tiles.json`` the
meaning of the characters is guessed (`conventions`), empty lines part levels, and short lines are padded with spaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from genworld import limits
from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile, parse_tags
from genworld.datasets.conventions import guessed_legend, is_prose
from genworld.datasets.dataset import Dataset
from genworld.datasets.licences import source_of, source_of_legend
from genworld.datasets.meaning import Overrides, chosen_style, corrected
from genworld.datasets.reader import Reader, classes_of, one_size, signed
from genworld.datasets.untrusted import Bundle, open_bundle, read_json
from genworld.errors import GenworldError, unknown

LEGEND = "tiles.json"
SUFFIX = ".txt"
TILESETS = ("dungeon", "overworld", "city", "interiors", "platformer")
PACKED = ";"
"""Starts the line before each level of a file with many; only where the legend does not use it."""

_WORDS = (
    ("overworld", "overworld"),
    ("island", "overworld"),
    ("forest", "overworld"),
    ("kitchen", "interiors"),
    ("interior", "interiors"),
    ("city", "city"),
)
_TEXTS = ("game", "style", "tileset", "licence", "credit", "licence_class", "notes")

Part = tuple[str, list[str]]
"""A level's name for sentences and groups, and its lines."""


def recognises(bundle: Bundle) -> bool:
    """Whether there is a legend, or nothing but text."""
    names = {PurePosixPath(name).name for name in bundle.chosen}
    return LEGEND in names or (bool(bundle.with_suffix(SUFFIX)) and not bundle.with_suffix(".png"))


def read(
    place: Path,
    *,
    style: str | None = None,
    tags: Overrides | None = None,
    title: str = "",
    licence: str = "",
    credit: str = "",
) -> Dataset:
    """All levels of a folder or zip, or those of one ``.txt``, with the legend of that folder.

    Args:
        place: the folder, zip or file.
        style: how the levels are seen and walked, a `Style`, in place of what the legend says or is guessed.
        tags: tags of tiles that are understood wrongly, by the tile's name.
        title: what the data set is called, in place of the name of the game.
        licence: SPDX identifier, in place of what the legend says.
        credit: the line that must ship with them, likewise.

    Returns:
        Whole levels; the spec's size is None where they differ (`Dataset.windows` cuts them). Folders are classes.

    Raises:
        GenworldError: no level, a character outside the legend, ragged lines, a tag, style or tileset unknown.
    """
    said = {key: value for key, value in (("licence", licence), ("credit", credit)) if value}
    with open_bundle(place) as bundle:
        described = _legend_file(bundle)
        if described:
            about = read_json(bundle.read(described), bundle.where(described))
            legend = legend_of(about, bundle.path.resolve().stem)
            dataset = _dataset(legend, about | said, list(_bundle_parts(bundle, legend)), bundle.path.name)
        else:
            dataset = _unexplained(bundle, said, chosen_style(style))
    return signed(corrected(replace(dataset, name=title or dataset.name), style, tags))


READER = Reader(
    "text",
    "Levels as lines of characters, with a tiles.json that names the tiles.",
    recognises,
    read,
    "Text levels",
    frozenset({SUFFIX}),
)


def _legend_file(bundle: Bundle) -> str | None:
    """The legend of a bundle, or that in the folder of a single file."""
    found = [name for name in bundle.names if PurePosixPath(name).name == LEGEND]
    if len(bundle.chosen) < len(bundle.names):
        found = [name for name in found if PurePosixPath(name).parent == PurePosixPath(bundle.chosen[0]).parent]
    if len(found) > 1:
        raise GenworldError(
            f"{bundle.path.name} holds {len(found)} legends, and a data set has one; open a folder of it, such as "
            f"{str(bundle.path / found[0])[: -len(LEGEND) - 1]!r}."
        )
    return found[0] if found else None


def _unexplained(bundle: Bundle, said: dict[str, str], style: Style | None) -> Dataset:
    """Levels without a legend."""
    texts = {name: text for name, text in _texts(bundle) if not is_prose(text)}
    files = {name: _guessed_parts(text, name) for name, text in texts.items()}
    parts = [(file, (part, _padded(lines))) for file, found in files.items() for part, lines in found]
    if not parts:
        raise GenworldError(f"Expected levels drawn with characters in {bundle.path.name}, but there is none; add one.")
    legend, notes = guessed_legend([lines for _, (_, lines) in parts], bundle.path.resolve().stem, style)
    return replace(_dataset(legend, {}, parts), source=source_of(legend.name, **said), notes=notes)


def _guessed_parts(text: str, name: str) -> list[Part]:
    """The levels of a file without a legend: empty lines part them, too."""
    found = []
    for part, lines in _parts(text, name, packed=True):
        blocks = [list(block) for filled, block in groupby(lines, key=bool) if filled]
        found += [(part if len(blocks) == 1 else f"{part} {number}", each) for number, each in enumerate(blocks, 1)]
    return found


def _padded(lines: list[str]) -> list[str]:
    width = max(map(len, lines))
    return [line.ljust(width) for line in lines]


def _texts(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Name and text of every file of levels."""
    total = 0
    for name in bundle.with_suffix(SUFFIX):
        text = bundle.text(name)
        total += len(text)
        if total > limits.TEXT_BYTES:
            raise GenworldError(
                f"The levels of {bundle.path.name} are larger than the {limits.TEXT_BYTES // limits.MIB} MiB that are "
                "read; choose fewer."
            )
        yield name, text


def _bundle_parts(bundle: Bundle, legend: Legend) -> Iterator[tuple[str, Part]]:
    for name, text in _texts(bundle):
        yield from ((name, part) for part in _parts(text, name, packed=PACKED not in legend.id_of))


def _parts(text: str, name: str, packed: bool) -> Iterator[Part]:
    """The levels of one file. Only empty lines at its end are dropped: spaces are tiles."""
    lines = text.split("\n")
    if not (packed and lines[0].startswith(PACKED)):
        yield name, _trimmed(lines)
        return
    starts = [index for index, line in enumerate(lines) if line.startswith(PACKED)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield f"{name} {lines[start][1:].strip()[: limits.NAME_LENGTH]}", _trimmed(lines[start + 1 : end])


def _trimmed(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return lines[:end]


def _dataset(legend: Legend, about: dict[str, Any], parts: list[tuple[str, Part]], where: str = "") -> Dataset:
    if not parts:
        raise GenworldError(f"Expected levels ({SUFFIX} files) beside {LEGEND} in {where}, but there is none; add one.")
    levels = tuple(Level.from_text(lines, legend, where=part) for _, (part, lines) in parts)
    classes, labels = classes_of([file for file, _ in parts])
    height, width = one_size(levels)
    return Dataset(
        name=legend.name,
        spec=LevelSpec(legend, height, width, classes),
        examples=levels,
        labels=labels,
        groups=tuple(part for _, (part, _) in parts),
        source=source_of_legend(legend.name, about),
    )


def legend_of(about: Any, name: str) -> Legend:
    """The legend that a parsed ``tiles.json`` describes.

    Args:
        about: the parsed file.
        name: of the legend, where the file names no ``game``.

    Raises:
        GenworldError: an entry is missing or of the wrong kind, or names an unknown tag or tileset.
    """
    tiles = about.get("tiles") if isinstance(about, dict) else None
    if not isinstance(tiles, dict):
        raise GenworldError(f"{LEGEND} should hold 'tiles', which maps each character to its meaning and tags; add it.")
    for key in _TEXTS:
        if not isinstance(about.get(key, ""), str):
            raise GenworldError(f"Entry {key!r} of {LEGEND} should be a text; correct it.")
    entries = tuple(_tile(char, entry) for char, entry in tiles.items())
    tags = frozenset().union(*(tile.tags for tile in entries))
    words = about.get("style", "").lower()
    style = style_of(words, tags)
    tileset, jump = _tileset(about.get("tileset"), words, style), about.get("jump")
    return Legend(about.get("game", name), style, entries, tileset, tuple(jump) if isinstance(jump, list) else jump)


def _tile(char: str, entry: Any) -> Tile:
    meaning, tags = (entry.get("meaning"), entry.get("tags")) if isinstance(entry, dict) else (None, None)
    if not isinstance(meaning, str) or not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise GenworldError(
            f'Tile {char!r} of {LEGEND} should be described as {{"meaning": "wall", "tags": ["solid"]}}; correct it.'
        )
    return Tile(char, meaning, parse_tags(tags))


def style_of(words: str, tags: frozenset[Tag]) -> Style:
    """The style that free words and the tags in use point to; top-down unless something says otherwise.

    >>> style_of("platformer (vertical)", frozenset())
    <Style.PLATFORMER: 'platformer'>
    """
    if "platform" in words or (not words and tags & {Tag.SOLID_TOP, Tag.CLIMBABLE}):
        return Style.PLATFORMER
    return Style.BOX_PUSHING if Tag.PUSHABLE in tags else Style.TOP_DOWN


def _tileset(chosen: str | None, words: str, style: Style) -> str:
    if chosen is not None:
        if chosen not in TILESETS:
            raise unknown("tileset", chosen, TILESETS)
        return chosen
    if style is Style.PLATFORMER:
        return "platformer"
    return next((tileset for word, tileset in _WORDS if word in words), "dungeon")
