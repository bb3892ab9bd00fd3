"""Sprites from a folder or zip of pictures; a folder inside it is a class."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from genworld import limits
from genworld.content import Picture, Sprite, SpriteSpec
from genworld.datasets.dataset import Dataset
from genworld.datasets.licences import UNKNOWN, source_of
from genworld.datasets.reader import Reader, classes_of, signed
from genworld.datasets.untrusted import (
    PICTURE_SUFFIXES,
    Bundle,
    Folder,
    open_bundle,
    read_file,
    read_picture,
    read_text,
)
from genworld.errors import GenworldError, unknown

FITS = ("pad", "scale")
INDEX = "index.csv"
FEW_FAMILIES = 8
LARGE_FAMILY = 16
FACINGS = frozenset({"up", "down", "left", "right"})

Size = tuple[int, int]
"""Rows, columns in pixels."""


def recognises(bundle: Bundle) -> bool:
    """Whether there is a picture."""
    return bool(bundle.with_suffix(*PICTURE_SUFFIXES))


def read(
    place: Path,
    *,
    size: int | Size | None = None,
    fit: str = "pad",
    licence: str = UNKNOWN,
    credit: str = "",
    title: str = "",
) -> Dataset:
    """All pictures of a folder or zip, brought to one size.

    Args:
        place: a picture, a folder or a zip. The first folder below the one that all share is the class.
        size: side, or (rows, columns), in pixels; None takes the most usual size that `limits.SPRITE_SIDE` allows.
        fit: "pad" pads what is smaller and cuts what is larger, about the middle of the lower edge; "scale" first
            multiplies or divides by the whole number that fills the size best.
        licence: SPDX identifier of the pictures, where the person knows it.
        credit: the line that must ship with them.
        title: what the data set is called, in place of the name of the folder.

    Raises:
        GenworldError: no picture, a damaged or oversized one, or an option out of range.
    """
    if fit not in FITS:
        raise unknown("way to fit pictures", fit, FITS)
    wanted = None if size is None else sprite_size(size)
    with open_bundle(place) as bundle:
        names = bundle.with_suffix(*PICTURE_SUFFIXES)
        if not names:
            raise GenworldError(
                f"Expected pictures ({', '.join(sorted(PICTURE_SUFFIXES))}) in {bundle.path.name}, but there is none; "
                "add some or choose another place."
            )
        pictures = read_pictures(bundle, names)
        groups = _groups(bundle, names)
    shape = wanted or _usual_size(pictures, place.name)
    classes, labels = classes_of(names)
    name = title or place.resolve().stem
    dataset = Dataset(
        name=name,
        spec=SpriteSpec(*shape, classes),
        examples=tuple(Sprite(fitted(picture, shape, fit)) for picture in pictures),
        labels=labels,
        groups=groups,
        source=source_of(name, licence, credit),
        notes=_notes(pictures, shape, fit),
    )
    return signed(dataset)


READER = Reader(
    "images",
    "Sprites from a folder or zip of pictures; folders are classes.",
    recognises,
    read,
    "Pictures",
    PICTURE_SUFFIXES,
)


def fitted(picture: Picture, size: Size, fit: str = "pad") -> Picture:
    """`picture` on a canvas of `size`; see `read`. Padding is transparent."""
    if fit == "scale":
        picture = _scaled(picture, size)
    canvas = np.zeros((*size, 4), np.uint8)
    rows, columns = min(size[0], picture.shape[0]), min(size[1], picture.shape[1])
    to, of = (size[1] - columns) // 2, (picture.shape[1] - columns) // 2
    canvas[size[0] - rows :, to : to + columns] = picture[picture.shape[0] - rows :, of : of + columns]
    return canvas


def _scaled(picture: Picture, size: Size) -> Picture:
    height, width = picture.shape[:2]
    up = min(size[0] // height, size[1] // width)
    if up >= 1:
        return picture.repeat(up, axis=0).repeat(up, axis=1)
    down = max(-(-height // size[0]), -(-width // size[1]))
    return picture[down // 2 :: down, down // 2 :: down]


def _notes(pictures: Sequence[Picture], shape: Size, fit: str) -> tuple[str, ...]:
    """What happened to pictures of another size."""
    others = sum(picture.shape[:2] != shape for picture in pictures)
    larger = sum(picture.shape[0] > shape[0] or picture.shape[1] > shape[1] for picture in pictures)
    size = f"{shape[1]} x {shape[0]} pixels"
    if fit == "scale" and others:
        return (f"{others:,} of {len(pictures):,} pictures were scaled to {size}.",)
    notes = []
    if others > larger:
        notes.append(f"{others - larger:,} of {len(pictures):,} pictures are smaller than {size} and were padded.")
    if larger:
        notes.append(f"{larger:,} of {len(pictures):,} pictures are larger than {size} and were cut.")
    return tuple(notes)


def family(stem: str) -> str:
    """What a file's name says about kinship: numbers, facings and marks at its end do not count.

    >>> family("goblin_left_12"), family("ogre2"), family("007")
    ('goblin', 'ogre', '007')
    """
    parts = re.split(r"[_ .-]+", stem)
    while len(parts) > 1 and (not parts[-1] or parts[-1].isdigit() or parts[-1].lower() in FACINGS):
        parts.pop()
    return "_".join(parts).rstrip("0123456789") or stem


def sprite_size(size: int | Size) -> Size:
    """(rows, columns) from a side or both. Raises GenworldError for what no sprite can have."""
    rows, columns = size if isinstance(size, Sequence) and len(size) == 2 else (size, size)
    return (
        limits.whole("Height of sprites", rows, 1, limits.SPRITE_SIDE, "pixels"),
        limits.whole("Width of sprites", columns, 1, limits.SPRITE_SIDE, "pixels"),
    )


def read_pictures(bundle: Bundle, names: Sequence[str]) -> list[Picture]:
    """The pictures of these names. Raises GenworldError for a damaged one, or where together they are too large."""
    pictures, total = [], 0
    for name in names:
        pictures.append(read_picture(bundle.read(name), bundle.where(name)))
        total += pictures[-1].nbytes
        if total > limits.PICTURES_BYTES:
            raise GenworldError(
                f"The pictures of {bundle.path.name} need over {limits.PICTURES_BYTES // limits.MIB} MiB of memory; "
                "choose fewer or smaller ones."
            )
    return pictures


def _usual_size(pictures: Sequence[Picture], where: str) -> Size:
    """The most usual (rows, columns) within bounds; of two equally usual ones the larger."""
    sizes = Counter(picture.shape[:2] for picture in pictures if max(picture.shape[:2]) <= limits.SPRITE_SIDE)
    if not sizes:
        raise GenworldError(
            f"Sprites have at most {limits.SPRITE_SIDE} x {limits.SPRITE_SIDE} pixels, but every picture in {where} is "
            "larger; give a size and a way to fit, or cut the sheet into sprites."
        )
    rows, columns = max(sizes, key=lambda size: (sizes[size], size))
    return rows, columns


def _groups(bundle: Bundle, names: Sequence[str]) -> tuple[str, ...]:
    listed = _index(bundle)
    paths = [PurePosixPath(name) for name in names]
    families = tuple(listed.get(str(path), str(path.parent / family(path.stem))) for path in paths)
    return tuple(names) if _only_numbered(families) else families


def _only_numbered(families: Sequence[str]) -> bool:
    """Whether numbers are names here, as in a sheet cut into tile_000, tile_001 and so on: few families, all large."""
    count = len(set(families))
    return count < FEW_FAMILIES and len(families) > LARGE_FAMILY * count


def _index(bundle: Bundle) -> dict[str, str]:
    """Family by name inside the bundle, from an index in the folder or next to it."""
    if INDEX in bundle.names:
        return _families(bundle.text(INDEX), "")
    beside = bundle.path.parent / INDEX
    if isinstance(bundle, Folder) and beside.is_file():
        return _families(read_text(read_file(beside, limits.ZIP_MEMBER_BYTES), INDEX), f"{bundle.path.name}/")
    return {}


def _families(text: str, prefix: str) -> dict[str, str]:
    try:
        rows = list(csv.DictReader(io.StringIO(text)))
    except csv.Error as error:
        raise GenworldError(f"{INDEX} is not a table with commas ({error}); correct or remove it.") from error
    return {
        row["file"].removeprefix(prefix): row["family"]
        for row in rows
        if row.get("family") and (row.get("file") or "").startswith(prefix) and row["file"]
    }
