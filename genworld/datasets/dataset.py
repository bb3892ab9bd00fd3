"""The data set: examples, their labels, where they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genworld.content import Example, Level, LevelSpec, Spec, Sprite, Tag
from genworld.errors import GenworldError
from genworld.provenance import DataSource


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples of one spec.

    Args:
        name: short name.
        spec: shape and alphabet.
        examples: N levels of one legend, or N sprites of one size.
        labels: (N, K) uint8, 1 where an example has class k of ``spec.classes``; K may be 0.
        groups: N names; examples of one group (a file, a family of recoloured sprites) never stand on both sides of
            a split.
        source: licence and credit.
        notes: what a person should know about how it was understood, a sentence each.
    """

    name: str
    spec: Spec
    examples: tuple[Example, ...]
    labels: NDArray[np.uint8]
    groups: tuple[str, ...]
    source: DataSource
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.examples)
        if n == 0:
            raise GenworldError(f"Expected at least one example in {self.name!r}, but there is none.")
        if self.labels.shape != (n, len(self.spec.classes)) or len(self.groups) != n:
            raise GenworldError(
                f"{self.name!r} has {n} examples and {len(self.spec.classes)} classes, but labels of shape "
                f"{self.labels.shape} and {len(self.groups)} groups."
            )

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The examples as levels; empty for sprites."""
        return tuple(example for example in self.examples if isinstance(example, Level))

    @property
    def sprites(self) -> tuple[Sprite, ...]:
        """The examples as sprites; empty for levels."""
        return tuple(example for example in self.examples if isinstance(example, Sprite))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the digests of the examples, in order."""
        total = hashlib.sha256()
        for example in self.examples:
            total.update(bytes.fromhex(example.digest))
        return total.hexdigest()

    def array(self) -> NDArray[np.uint8]:
        """(N, H, W) tile ids or (N, H, W, 4) RGBA.

        Raises:
            GenworldError: the examples differ in size; cut windows first.
        """
        arrays = [example.tiles if isinstance(example, Level) else example.pixels for example in self.examples]
        if len({array.shape for array in arrays}) > 1:
            raise GenworldError(
                f"Examples of one size were expected in {self.name!r}, but they differ; "
                "cut them into windows of one size."
            )
        return np.stack(arrays)

    def take(self, indices: Sequence[int] | NDArray[np.intp]) -> Dataset:
        """The data set of these examples only, in this order."""
        chosen = [int(index) for index in indices]
        return replace(
            self,
            examples=tuple(self.examples[index] for index in chosen),
            labels=self.labels[chosen],
            groups=tuple(self.groups[index] for index in chosen),
        )

    def split(self, held_out: float, seed: int) -> tuple[Dataset, Dataset]:
        """Training and held-out part, cut between groups.

        Which side a group goes to depends on its name and `seed` alone, so adding files moves no other file.

        Args:
            held_out: expected share of groups held out, 0 to 1.
            seed: of the choice.
        """
        edge = int(held_out * 2**32)
        out = [int(hashlib.sha256(f"{seed}/{group}".encode()).hexdigest()[:8], 16) < edge for group in self.groups]
        kept = [index for index, held in enumerate(out) if not held]
        rest = [index for index, held in enumerate(out) if held]
        if not kept or not rest:
            raise GenworldError(
                f"{self.name!r} has {len(set(self.groups))} groups, too few to hold {held_out:.0%} of them out; "
                "bring more files."
            )
        return self.take(kept), self.take(rest)

    def windows(self, height: int | None, width: int | None, stride: int, least_open: float = 0.0) -> Dataset:
        """All windows of `height` x `width` tiles at steps of `stride`, the far edges included.

        Args:
            height, width: in tiles; None for the whole of each level, which gives strips.
            stride: in tiles.
            least_open: share of cells, 0 to 1, that are neither solid nor void in a window worth keeping; what is
                nearly all rock teaches nothing.

        Raises:
            GenworldError: no level is large enough, no window open enough, or the examples are sprites.
        """
        if not isinstance(self.spec, LevelSpec):
            raise GenworldError("Only levels are cut into windows, but these are sprites; give their size instead.")
        cut: list[Example] = []
        origin: list[int] = []
        for index, level in enumerate(self.levels):
            rows, columns = height or level.height, width or level.width
            if level.height < rows or level.width < columns:
                continue
            for top in starts(level.height, rows, stride):
                for left in starts(level.width, columns, stride):
                    tiles = level.tiles[top : top + rows, left : left + columns]
                    if least_open and 1 - level.legend.has(tiles, Tag.SOLID, Tag.VOID).mean() < least_open:
                        continue
                    cut.append(Level(tiles, level.legend))
                    origin.append(index)
        if not cut and least_open:
            raise GenworldError(
                f"No window of {_side(height)} x {_side(width)} tiles of {self.name!r} is open in {least_open:.0%} of its cells; ask for less."
            )
        if not cut:
            largest = max((level.height, level.width) for level in self.levels)
            raise GenworldError(
                f"Windows of {_side(height)} x {_side(width)} tiles were asked for, but the largest level of {self.name!r} is "
                f"{largest[0]} x {largest[1]}; ask for smaller windows."
            )
        return replace(
            self,
            spec=replace(self.spec, height=height, width=width),
            examples=tuple(cut),
            labels=self.labels[origin],
            groups=tuple(self.groups[index] for index in origin),
        )


def _side(length: int | None) -> str:
    return "any" if length is None else str(length)


def starts(length: int, window: int, stride: int) -> list[int]:
    """Where windows begin along a side, the last one at its end.

    >>> starts(10, 4, 4)
    [0, 4, 6]
    """
    starts = list(range(0, length - window + 1, stride))
    if starts[-1] != length - window:
        starts.append(length - window)
    return starts
