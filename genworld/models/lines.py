"""Levels as sequences of lines: all columns from left to right, or all rows from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from genworld.content import Level, LevelSpec, Style
from genworld.errors import GenworldError

Along = Literal["columns", "rows"]
Lines = NDArray[np.uint8]
"""(K, R) tile ids: K lines of R cells."""
Ids = NDArray[np.int64]
T = TypeVar("T", bound=np.integer[Any])

BESIDE = 1
"""Lines on either side that count when lines are compared: two floors of one height are alike where both go on alike."""


def along_of(legend_style: Style, height: int, width: int) -> Along:
    """Which way a level is read: platformers the way they run, all others from left to right."""
    return "rows" if legend_style is Style.PLATFORMER and height > width else "columns"


def resolved(spec: LevelSpec, wanted: str) -> Along:
    """The lines that levels of a spec are read in.

    Args:
        spec: of which one side at least must be fixed: the length of a line.
        wanted: ``"columns"``, ``"rows"``, or ``"auto"`` for what the spec suggests.

    Raises:
        GenworldError: lines would differ in length.
    """
    height, width = spec.height, spec.width
    if wanted == "auto" and height is not None and width is not None:
        return along_of(spec.legend.style, height, width)
    upright = wanted == "rows" or (wanted == "auto" and height is None and width is not None)
    along: Along = "rows" if upright else "columns"
    if (height if along == "columns" else width) is None:
        side, lines = ("height", "columns") if along == "columns" else ("width", "rows")
        raise GenworldError(
            f"This family learns {lines} of one length, but the levels differ in {side}; cut them into strips, "
            "for example with a window of 16."
        )
    return along


def turned(grid: NDArray[Any], along: Along) -> NDArray[Any]:
    """A level's grid as its lines, or lines as a grid: both ways are the same."""
    return np.ascontiguousarray(grid.T) if along == "columns" else grid


def lines_of(level: Level, along: Along, cells: int) -> Lines:
    """(K, cells) lines of a level. Raises GenworldError where they are of another length."""
    lines = turned(level.tiles, along)
    if lines.shape[1] != cells:
        side = "rows" if along == "columns" else "columns"
        raise GenworldError(
            f"This model knows levels of {cells} {side}, but one of {lines.shape[1]} came; cut it to that."
        )
    return lines


def distinct(lines: NDArray[T]) -> tuple[NDArray[T], Ids, Ids]:
    """(V, R) different lines, sorted, (K,) which of them each line is, and (V,) how often each stands."""
    words, index, counts = np.unique(lines, axis=0, return_inverse=True, return_counts=True)
    return words, index.reshape(-1).astype(np.int64), counts.astype(np.int64)


def seeded(sequences: Sequence[Lines], groups: Ids, states: int, random: np.random.Generator) -> Ids:
    """(sum of K,) a first state for every line: lines of one group that look and go on alike share one.

    States are centred on lines drawn far from each other (k-means++, Arthur and Vassilvitskii 2007; the squared distance
    of one-hot cells is their Hamming distance), each with the lines beside it. Lines of another group are as far as if
    no cell of theirs were alike: a state that served two classes could not tell them apart.

    Args:
        sequences: (K, R) lines of each level.
        groups: (N,) of the levels.
        states: how many at most; fewer where fewer different lines stand in different company.
        random: of the draws.
    """
    each = [_with_neighbours(lines, group) for lines, group in zip(sequences, groups.tolist(), strict=True)]
    views, index, counts = distinct(np.concatenate(each))
    nearest = np.full(len(views), np.inf)
    state = np.zeros(len(views), dtype=np.int64)
    chosen = int(random.choice(len(views), p=counts / counts.sum()))
    for number in range(states):
        distance = (views != views[chosen]).sum(axis=1)
        closer = distance < nearest
        state[closer], nearest[closer] = number, distance[closer]
        weights = nearest * counts
        if not weights.any():
            break
        chosen = int(random.choice(len(views), p=weights / weights.sum()))
    return state[index]


def _with_neighbours(lines: Lines, group: int) -> NDArray[np.int32]:
    """(K, 4 R) each line with those before and after it, at the ends itself, and its group as often as it has cells."""
    padded = np.pad(lines, ((BESIDE, BESIDE), (0, 0)), mode="edge")
    views = [padded[k : k + len(lines)].astype(np.int32) for k in range(2 * BESIDE + 1)]
    return np.concatenate([*views, np.full(lines.shape, group, dtype=np.int32)], axis=1)
