"""What a reader understood of a person's files, ready to be shown before anything is learned from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genworld.content import Example, Legend, Level, LevelSpec, Picture, Style
from genworld.datasets.dataset import Dataset
from genworld.datasets.licences import UNKNOWN
from genworld.datasets.reader import Reader
from genworld.provenance import DataSource
from genworld.render import picture

EXAMPLES = 6
EXAMPLE_SIDE = 512
"""Pixels that the picture of an example may have on a side."""
TILE_SIDE = 64
"""Pixels that the picture of a tile may have on a side."""
DRAWN_SIDE = 2048
"""Pixels that are drawn of an example on a side, before it is shrunk."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One tile of a legend, as it was found.

    Args:
        name: of the tile.
        tags: their names, sorted.
        count: cells of all levels that hold it.
        picture: (h, w, 4), at most `TILE_SIDE` on a side.
    """

    name: str
    tags: tuple[str, ...]
    count: int
    picture: Picture


@dataclass(frozen=True, eq=False)
class Understood:
    """What was understood.

    Args:
        title: name of the data.
        reader: what kind of files they are, for a person.
        kind: "level" or "sprite".
        count: examples.
        sizes: their number and sizes in words.
        classes: name and number of examples of each.
        legend: the tiles in use, the most frequent first; empty for sprites.
        pictures: a few examples, the first always, at most `EXAMPLE_SIDE` on a side: of what is larger the middle
            `DRAWN_SIDE` pixels are drawn, and shrunk by a whole number.
        notes: what a person should know, a sentence each.
        style: of levels.
        licence: what may be done with the results, in words.
    """

    title: str
    reader: str
    kind: str
    count: int
    sizes: str
    classes: tuple[tuple[str, int], ...]
    legend: tuple[Entry, ...]
    pictures: tuple[Picture, ...]
    notes: tuple[str, ...]
    style: Style | None
    licence: str


def understood(dataset: Dataset, reader: Reader) -> Understood:
    """The preview of `dataset`, which `reader` read."""
    spec = dataset.spec
    legend = spec.legend if isinstance(spec, LevelSpec) else None
    chosen = sorted(set(np.linspace(0, len(dataset) - 1, EXAMPLES).astype(int).tolist()))
    return Understood(
        title=dataset.name,
        reader=reader.title,
        kind=spec.kind,
        count=len(dataset),
        sizes=sizes_in_words(dataset.examples),
        classes=tuple(zip(spec.classes, dataset.labels.sum(axis=0, dtype=int).tolist(), strict=True)),
        legend=_entries(dataset.levels, legend) if legend else (),
        pictures=tuple(thumbnail(dataset.examples[index]) for index in chosen),
        notes=dataset.notes,
        style=legend.style if legend else None,
        licence=licence_in_words(dataset.source),
    )


def sizes_in_words(examples: Sequence[Example]) -> str:
    """Number and sizes, width first: "12 maps of 40 x 30 tiles", "3 maps, 40 x 30 to 100 x 100 tiles"."""
    one, unit = ("map", "tiles") if isinstance(examples[0], Level) else ("sprite", "pixels")
    number = f"{len(examples):,} {one}{'s' * (len(examples) > 1)}"
    sizes = sorted({(each.width * each.height, each.width, each.height) for each in examples})
    first, last = (f"{width} x {height}" for _, width, height in (sizes[0], sizes[-1]))
    return f"{number} of {first} {unit}" if len(sizes) == 1 else f"{number}, {first} to {last} {unit}"


def licence_in_words(source: DataSource) -> str:
    """What a source lets a person do, a sentence."""
    if source.licence == UNKNOWN:
        return "Nobody said what licence these files have: share what comes of them only where you may."
    may = {True: "what comes of it may be sold", False: "what comes of it may not be sold"}
    unsure = "read it before you sell what comes of it"
    said = unsure if source.sellable is None else may[source.sellable]
    return f"Licence {source.licence}: {said}."


def thumbnail(example: Example, side: int = EXAMPLE_SIDE) -> Picture:
    """A picture of at most `side` pixels on a side; see `Understood`."""
    if isinstance(example, Level):
        example = _middle(example)
    return shrunk(picture(example), side)


def shrunk(pixels: Picture, side: int) -> Picture:
    """`pixels` divided by the least whole number that brings both sides to `side`: each block becomes its mean."""
    by = -(-max(pixels.shape[:2]) // side)
    if by == 1:
        return pixels
    height, width = (max(length // by, 1) for length in pixels.shape[:2])
    blocks = _blocks(pixels, by)[:height, :width].astype(np.float32)
    alpha = blocks[..., 3:]
    colour = (blocks[..., :3] * alpha).sum(axis=(2, 3)) / np.maximum(alpha.sum(axis=(2, 3)), 1)
    return np.concatenate([colour, alpha.mean(axis=(2, 3))], axis=-1).round().astype(np.uint8)


def _blocks(pixels: Picture, by: int) -> Picture:
    """(rows, columns, by, by, 4): the picture in blocks; what is narrower than one is padded with clear pixels."""
    height, width = (max(length // by, 1) * by for length in pixels.shape[:2])
    canvas = np.zeros((height, width, 4), np.uint8)
    inside = pixels[:height, :width]
    canvas[: inside.shape[0], : inside.shape[1]] = inside
    return canvas.reshape(height // by, by, width // by, by, 4).swapaxes(1, 2)


def _middle(level: Level) -> Level:
    """The middle of a level, as much as may be drawn."""
    tile = picture(Level(level.tiles[:1, :1], level.legend)).shape[:2]
    rows, columns = (max(1, DRAWN_SIDE // length) for length in tile)
    top, left = max(0, (level.height - rows) // 2), max(0, (level.width - columns) // 2)
    return Level(level.tiles[top : top + rows, left : left + columns], level.legend)


def _entries(levels: Sequence[Level], legend: Legend) -> tuple[Entry, ...]:
    counts = np.zeros(len(legend.tiles), np.int64)
    for level in levels:
        counts += np.bincount(level.tiles.ravel(), minlength=len(counts))
    order = np.argsort(-counts, kind="stable")
    return tuple(_entry(legend, int(tile), int(counts[tile])) for tile in order if counts[tile])


def _entry(legend: Legend, tile: int, count: int) -> Entry:
    alone = Level(np.array([[tile]], np.uint8), legend)
    entry = legend.tiles[tile]
    return Entry(entry.name, tuple(sorted(tag.value for tag in entry.tags)), count, shrunk(picture(alone), TILE_SIDE))
