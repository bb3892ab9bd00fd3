"""What a pack is made of, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from genworld.library import Item
from genworld.provenance import DataSource


@dataclass(frozen=True)
class Contents:
    """Items written in a format.

    Args:
        files: content of each file by its path inside the pack.
        of_item: paths of the files that hold each item, in the order of the items.
        art: sources of pictures that the format adds to what the items hold.
        opening: how to open what is there, a paragraph each; what the format says of the kinds of items when empty.
    """

    files: Mapping[str, bytes]
    of_item: Sequence[Sequence[str]]
    art: Sequence[DataSource] = ()
    opening: Sequence[str] = ()


@dataclass(frozen=True)
class PackFormat:
    """One export format.

    Args:
        name: what the command calls it.
        title: what the page calls it.
        summary: one sentence: what opens it.
        opening: how to open it, for the pack's README, by kind of item: only what is in a pack is told.
        write: lays items out as files.
    """

    name: str
    title: str
    summary: str
    opening: Mapping[str, str]
    write: Callable[[Sequence[Item]], Contents]
