"""Data sets: procedural ones that ship with genworld, readers for what a person brings, and what was kept of that.

A new kind of data is one file with a `Reader` and one line in `READERS`.
"""

from __future__ import annotations

from pathlib import Path

from genworld.datasets import store
from genworld.datasets.builtin import BUILTIN
from genworld.datasets.dataset import Dataset
from genworld.datasets.reader import Reader
from genworld.datasets.readers import READERS, options_of, read_place, recognise
from genworld.datasets.worlds import BuiltinWorld

__all__ = [
    "BUILTIN",
    "READERS",
    "BuiltinWorld",
    "Dataset",
    "Reader",
    "open_dataset",
    "open_unseen",
    "options_of",
    "recognise",
]


def open_dataset(name_or_path: str, **options: object) -> Dataset:
    """A data set by name or from a place.

    Args:
        name_or_path: ``builtin:NAME`` with a name of `BUILTIN`; ``data:NAME`` for what is kept on this machine (see
            `store`); the path of a folder, zip or text file, recognised by what is in it; or ``READER:PATH`` to choose
            one of `READERS`.
        options: of the reader: see ``read`` of its module. For kept data they come on top of those it was kept with.

    Raises:
        GenworldError: nothing there, nothing recognised, an unknown option, or what the reader refuses.
    """
    head, _, name = name_or_path.partition(":")
    if head == store.SCHEME:
        return store.open(name, **options)
    return read_place(name_or_path, **options)


def open_unseen(name_or_path: str, **options: object) -> Dataset | None:
    """Examples that are drawn the same way from the next seed, so that whoever learned from these saw none of them.

    Args:
        name_or_path, options: as `open_dataset` takes them.

    Returns:
        None where data are not drawn but are what they are.
    """
    head, _, name = name_or_path.partition(":")
    if head == store.SCHEME:
        reader, given = READERS[store.find(name).reader], {**store.find(name).options, **options}
    else:
        reader, given = READERS[head] if head in READERS else recognise(Path(name_or_path)), options
    if "seed" not in options_of(reader):
        return None
    seed = given.get("seed", 0)
    return open_dataset(name_or_path, **{**options, "seed": (seed if isinstance(seed, int) else 0) + 1})
