"""Every reader by name, and how what stands at a path finds its own."""

from __future__ import annotations

import inspect
from pathlib import Path

from genworld.datasets import builtin, images, ldtk, paperdoll, text, tiled, tilesheet, wad
from genworld.datasets.builtin import BUILTIN
from genworld.datasets.dataset import Dataset
from genworld.datasets.reader import Reader
from genworld.datasets.untrusted import open_bundle
from genworld.errors import GenworldError, unknown

PAPERDOLL = Reader(
    "paperdoll",
    "Characters composed from layers: player_parts/<slot>/*.png and a table of dressed ones.",
    lambda bundle: paperdoll.is_wardrobe(bundle.path),
    paperdoll.read,
    "Paper dolls",
)

READERS = {
    reader.name: reader
    for reader in (
        *(builtin.READER, tiled.READER, ldtk.READER, wad.READER, text.READER),
        *(PAPERDOLL, tilesheet.READER, images.READER),
    )
}
"""Readers by name, asked in this order what they recognise: a map comes before the pictures that belong to it."""


def read_place(name_or_path: str, **options: object) -> Dataset:
    """The data set of a reader's name and a place, or of a path whose reader is found; see `open_dataset`."""
    head, colon, place = name_or_path.partition(":")
    if not colon or head not in READERS:
        head, place = "", name_or_path
    if head != builtin.READER.name:
        _check_place(place)
    reader = READERS[head] if head else recognise(Path(place))
    check_options(reader, options)
    return reader.read(Path(place), **options)


def _check_place(place: str) -> None:
    try:
        Path(place).stat()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        hint = f"did you mean 'builtin:{place}'?" if place in BUILTIN else "check the path."
        raise GenworldError(f"There is no folder or file {place!r}; {hint}") from error


def recognise(path: Path) -> Reader:
    """The reader for what stands at a path.

    Args:
        path: a folder, a zip, or a single file, for which those beside it may count.

    Raises:
        GenworldError: nothing there, or nothing that a reader knows.
    """
    with open_bundle(path) as bundle:
        for reader in READERS.values():
            if reader.recognises(bundle):
                return reader
    titles = [reader.title for reader in READERS.values() if reader is not builtin.READER]
    raise GenworldError(
        f"Expected maps or pictures in {path.name}, but it holds neither; bring any of: {', '.join(titles)}."
    )


def options_of(reader: Reader) -> tuple[str, ...]:
    """The names of the options that a reader takes."""
    return tuple(inspect.signature(reader.read).parameters)[1:]


def check_options(reader: Reader, options: dict[str, object]) -> None:
    """Refuse an option that a reader does not take, with the nearest that it does."""
    taken = options_of(reader)
    for option in options:
        if option not in taken:
            raise unknown(f"option of {reader.name} data", option, taken)
