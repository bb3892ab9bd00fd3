"""Levels as lines of characters, with a ``tiles.json`` beside them that says what each character means.

``tiles.json`` holds ``tiles``: {char: {"meaning": name, "tags": [...]}} and, if wanted, ``game`` (the name),
``style`` (free words), ``tileset``, ``licence`` (SPDX), ``credit``, ``licence_class``, ``notes``. A file holds one
level, or many small ones, each after a line that starts with a semicolon. Spaces count.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from genworld import limits
from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile, parse_tags
from genworld.datasets.dataset import Dataset
from genworld.datasets.licences import source_of_legend
from genworld.datasets.reader import Reader, classes_of, signed
from genworld.datasets.untrusted import Bundle, open_bundle, read_file, read_json, read_text
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


def read(place: Path) -> Dataset:
    """All levels of a folder or zip with a legend, or those of one ``.txt`` with the legend beside it.

    Returns:
        Whole levels; the spec's size is None where they differ (`Dataset.windows` cuts them). Folders are classes.

    Raises:
        GenworldError: no legend or level, a character outside the legend, ragged lines, a tag or tileset unknown.
    """
    if place.suffix.lower() == SUFFIX and place.is_file():
        return _read_file(place)
    with open_bundle(place) as bundle:
        return _read_bundle(bundle)


READER = Reader(
    "text",
    "Levels as lines of characters, with a tiles.json that names the tiles.",
    recognises,
    read,
    "Text levels",
    frozenset({SUFFIX}),
)


def _read_file(place: Path) -> Dataset:
    beside = place.parent / LEGEND
    if not beside.is_file():
        raise _no_legend(place.name)
    about = read_json(read_file(beside, limits.MANIFEST_BYTES), LEGEND)
    legend = legend_of(about, place.stem)
    text = read_text(read_file(place, limits.ZIP_MEMBER_BYTES), place.name)
    return _dataset(legend, about, [(place.stem, part) for part in _parts(text, place.name, legend)])


def _read_bundle(bundle: Bundle) -> Dataset:
    legends = [name for name in bundle.names if PurePosixPath(name).name == LEGEND]
    if not legends:
        raise _no_legend(bundle.path.name)
    if len(legends) > 1:
        raise GenworldError(
            f"{bundle.path.name} holds {len(legends)} legends, and a data set has one; open a folder of it, such as "
            f"{str(bundle.path / legends[0])[: -len(LEGEND) - 1]!r}."
        )
    about = read_json(bundle.read(legends[0]), bundle.where(legends[0]))
    legend = legend_of(about, bundle.path.resolve().stem)
    return _dataset(legend, about, list(_bundle_parts(bundle, legend)), bundle.path.name)


def _bundle_parts(bundle: Bundle, legend: Legend) -> Iterator[tuple[str, Part]]:
    total = 0
    for name in bundle.with_suffix(SUFFIX):
        text = bundle.text(name)
        total += len(text)
        if total > limits.TEXT_BYTES:
            raise GenworldError(
                f"The levels of {bundle.path.name} are larger than the {limits.TEXT_BYTES // limits.MIB} MiB that are "
                "read; choose fewer."
            )
        yield from ((name, part) for part in _parts(text, name, legend))


def _parts(text: str, name: str, legend: Legend) -> Iterator[Part]:
    """The levels of one file. Only empty lines at its end are dropped: spaces are tiles."""
    lines = text.split("\n")
    if not (lines[0].startswith(PACKED) and PACKED not in legend.id_of):
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
    height, width = _one_size(levels)
    dataset = Dataset(
        name=legend.name,
        spec=LevelSpec(legend, height, width, classes),
        examples=levels,
        labels=labels,
        groups=tuple(part for _, (part, _) in parts),
        source=source_of_legend(legend.name, about),
    )
    return signed(dataset)


def _one_size(levels: tuple[Level, ...]) -> tuple[int, int] | tuple[None, None]:
    sizes = {(level.height, level.width) for level in levels}
    return sizes.pop() if len(sizes) == 1 else (None, None)


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
    return Legend(about.get("game", name), style, entries, _tileset(about.get("tileset"), words, style))


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


def _no_legend(where: str) -> GenworldError:
    return GenworldError(
        f"Text levels need a legend, but there is no {LEGEND} with {where}; write one that maps each character to its "
        "meaning and tags."
    )
