"""A person's own pictures for a legend: what draws their maps, and what writes them back."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from genworld.content import Picture, TileGrid
from genworld.errors import GenworldError
from genworld.limits import NAME_LENGTH

PREFIX = "art:"
"""A legend whose tileset is this and a digest is drawn with the art of that digest."""


class Art(ABC):
    """What a person's own project says about a legend, so that a level of it looks and is written as theirs.

    An art is a value: it is the files that `files` gives, and `digest` names it.
    """

    kind: ClassVar[str]
    """Key in `genworld.art.KINDS`."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What a person calls it, such as the name of the map it came from."""

    @property
    @abstractmethod
    def tile(self) -> tuple[int, int]:
        """(height, width) of a cell, in pixels."""

    @abstractmethod
    def draw(self, grid: TileGrid) -> Picture:
        """(H * height, W * width, 4) RGBA of (H, W) tile ids; clear where nothing is drawn."""

    @abstractmethod
    def files(self) -> Mapping[str, bytes]:
        """All that it is, by plain names without folders: what `from_files` takes, here or on another machine."""

    @classmethod
    @abstractmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """The art that `files` gave. Raises GenworldError when they do not belong together."""

    def tile_picture(self, tile: int) -> Picture:
        """(height, width, 4) RGBA of one tile standing alone, for a legend."""
        return self.draw(np.array([[tile]], dtype=np.uint8))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over kind and files."""
        total = hashlib.sha256(self.kind.encode())
        for name, data in sorted(self.files().items()):
            total.update(f"\0{name}\0{len(data)}\0".encode() + data)
        return total.hexdigest()

    @property
    def reference(self) -> str:
        """What a legend names as its tileset to be drawn with this."""
        return PREFIX + self.digest


def inside(path: str) -> str:
    """`path`, a POSIX path that stays inside its project on every system. Raises GenworldError for another.

    >>> inside("maps/cave.tmx")
    'maps/cave.tmx'
    """
    if any(part in ("", ".", "..") for part in path.split("/")) or re.search(r"[\\:\x00-\x1f\x7f]", path):
        raise GenworldError(
            f"A file of a project has a plain name inside its folder, but {path[:NAME_LENGTH]!a} is none; rename it."
        )
    return path
