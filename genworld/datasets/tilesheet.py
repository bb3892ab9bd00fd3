"""Sprites from tilesheets: pictures that hold many tiles in a grid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from genworld import limits
from genworld.content import Picture, Sprite, SpriteSpec
from genworld.datasets.dataset import Dataset
from genworld.datasets.grid import SURE, Grid, guess_grid
from genworld.datasets.images import Size, read_pictures, sprite_size
from genworld.datasets.licences import UNKNOWN, source_of
from genworld.datasets.reader import Reader, signed
from genworld.datasets.untrusted import PICTURE_SUFFIXES, Bundle, open_bundle, read_picture
from genworld.errors import GenworldError

MOST_SHEETS = 64
MOST_TILES = 50_000
LONE_SPRITE = 32
"""Pixels: a picture no longer than this is one sprite, whatever shows in it."""
BORDERS = (0, 64)
"""Pixels that a margin or spacing may have."""


@dataclass(frozen=True)
class _Sheet:
    """One picture, by its name, and the grid that was found in it."""

    name: str
    picture: Picture
    grid: Grid


def recognises(bundle: Bundle) -> bool:
    """Whether every picture holds more than one sprite: all are too large for one, or a lone one shows a grid."""
    names = bundle.with_suffix(*PICTURE_SUFFIXES)
    if not 1 <= len(names) <= MOST_SHEETS:
        return False
    pictures = (read_picture(bundle.read(name), bundle.where(name)) for name in names)
    if len(names) > 1:
        return all(max(picture.shape[:2]) > limits.SPRITE_SIDE for picture in pictures)
    return _is_sheet(next(pictures))


def _is_sheet(picture: Picture) -> bool:
    longest = max(picture.shape[:2])
    return longest > limits.SPRITE_SIDE or (longest > LONE_SPRITE and guess_grid(picture).score >= SURE)


def read(
    place: Path,
    *,
    size: int | Size | None = None,
    margin: int | None = None,
    spacing: int | None = None,
    licence: str = UNKNOWN,
    credit: str = "",
    title: str = "",
) -> Dataset:
    """The tiles of one picture, or of all in a folder or zip; each row of a sheet is a group, each sheet a class.

    Empty cells and exact copies are left out. Where sheets differ in the size of their tiles, the most usual counts.

    Args:
        place: a picture, folder or zip.
        size: side, or (rows, columns), of a tile in pixels; guessed when None.
        margin: pixels before the first tile; guessed when None.
        spacing: pixels between tiles; guessed when None.
        licence: SPDX identifier of the pictures, where the person knows it.
        credit: the line that must ship with them.
        title: what the data set is called, in place of the name of the file.

    Raises:
        GenworldError: no picture, a damaged or oversized one, no tile that holds anything, or an option out of range.
    """
    wanted = None if size is None else sprite_size(size)
    around = [
        None if value is None else limits.whole(name, value, *BORDERS, "pixels")
        for name, value in (("Margin", margin), ("Spacing", spacing))
    ]
    with open_bundle(place) as bundle:
        pictures = _pictures(bundle)
    sheets = _sheets(pictures, wanted, *around)
    tiles, left_out = _tiles(sheets)
    if not tiles:
        raise GenworldError(f"Every cell of {place.name} is empty; choose another picture or another size of tiles.")
    name = title or place.resolve().stem
    classes = tuple(sheet.name for sheet in sheets) if len(sheets) > 1 else ()
    labels = np.array([[sheet == each for each in classes] for sheet, _, _ in tiles], np.uint8).reshape(len(tiles), -1)
    dataset = Dataset(
        name=name,
        spec=SpriteSpec(sheets[0].grid.height, sheets[0].grid.width, classes),
        examples=tuple(sprite for _, _, sprite in tiles),
        labels=labels,
        groups=tuple(f"{sheet}, row at {top}" for sheet, top, _ in tiles),
        source=source_of(name, licence, credit),
        notes=_notes(sheets, len(tiles), left_out),
    )
    return signed(dataset)


READER = Reader(
    "tilesheet",
    "Sprites cut from a tilesheet; the size of tiles, margin and spacing are guessed or given.",
    recognises,
    read,
    "Tilesheets",
    PICTURE_SUFFIXES,
)


def _pictures(bundle: Bundle) -> dict[str, Picture]:
    names = bundle.with_suffix(*PICTURE_SUFFIXES)
    if not 1 <= len(names) <= MOST_SHEETS:
        raise GenworldError(
            f"Expected 1 to {MOST_SHEETS} tilesheets in {bundle.path.name}, but {len(names)} pictures came; "
            "choose one, or read them as pictures of one sprite each."
        )
    return dict(zip(names, read_pictures(bundle, names), strict=True))


def _sheets(pictures: dict[str, Picture], size: Size | None, margin: int | None, spacing: int | None) -> list[_Sheet]:
    """Each picture with its grid, all of one size of tiles."""
    guessed = {name: guess_grid(picture, size, margin, spacing) for name, picture in pictures.items()}
    sizes = Counter((grid.height, grid.width) for grid in guessed.values())
    shape = max(sizes, key=lambda each: (sizes[each], each))
    for name, grid in guessed.items():
        if (grid.height, grid.width) != shape:
            guessed[name] = guess_grid(pictures[name], shape, margin, spacing)
    titles = _titles(tuple(pictures))
    return [_Sheet(titles[name], pictures[name], grid) for name, grid in guessed.items()]


def _titles(names: Sequence[str]) -> dict[str, str]:
    """What each file is called: its stem, or its path where two share one."""
    stems = {name: PurePosixPath(name).stem for name in names}
    return stems if len(set(stems.values())) == len(names) else {name: name for name in names}


def _tiles(sheets: Sequence[_Sheet]) -> tuple[list[tuple[str, int, Sprite]], Counter[str]]:
    """(name of the sheet, top, sprite) of every distinct tile that holds something, and what was left out."""
    found: dict[str, tuple[str, int, Sprite]] = {}
    left_out: Counter[str] = Counter()
    for sheet in sheets:
        grid = sheet.grid
        for top, left in grid.cells(*sheet.picture.shape[:2]):
            sprite = Sprite(sheet.picture[top : top + grid.height, left : left + grid.width])
            if not sprite.pixels.any():
                left_out["empty cell"] += 1
            elif sprite.digest in found:
                left_out["exact copy"] += 1
            else:
                found[sprite.digest] = (sheet.name, top, sprite)
            if len(found) > MOST_TILES:
                raise GenworldError(f"At most {MOST_TILES:,} tiles are cut from sheets; give a larger size of tiles.")
    return list(found.values()), left_out


def _notes(sheets: Sequence[_Sheet], count: int, left_out: Counter[str]) -> tuple[str, ...]:
    """How the sheets were cut, what was left out, and what is doubtful."""
    grid = sheets[0].grid
    borders = {(sheet.grid.margin, sheet.grid.spacing) for sheet in sheets}
    around = f"margin {grid.margin} and spacing {grid.spacing}" if len(borders) == 1 else "different margins"
    notes = [f"Sliced into {count:,} tiles of {grid.width} x {grid.height} with {around}."]
    if left_out:
        parts = (_plural(number, what) for what, number in sorted(left_out.items(), reverse=True))
        notes.append(f"Left out {' and '.join(parts)}.")
    unsure = [sheet.name for sheet in sheets if sheet.grid.score < SURE]
    if unsure:
        notes.append(f"No clear grid shows in {', '.join(unsure[:5])}: give the size if tiles look cut in two.")
    return tuple(notes)


def _plural(number: int, what: str) -> str:
    plural = what if number == 1 else {"empty cell": "empty cells", "exact copy": "exact copies"}[what]
    return f"{number:,} {plural}"
