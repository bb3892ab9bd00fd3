"""Data sets: procedural ones that ship with genworld, readers for what a person brings, and what was kept of that.

A new kind of data is one file with a `Reader` and one line in `READERS`.
"""

from __future__ import annotations

from genworld.datasets import store
from genworld.datasets.builtin import BUILTIN
from genworld.datasets.dataset import Dataset
from genworld.datasets.reader import Reader
from genworld.datasets.readers import READERS, options_of, read_place, recognise
from genworld.datasets.worlds import BuiltinWorld

__all__ = ["BUILTIN", "READERS", "BuiltinWorld", "Dataset", "Reader", "open_dataset", "options_of", "recognise"]


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
