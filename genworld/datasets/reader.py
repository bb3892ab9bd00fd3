"""What a reader of data sets is, and what several of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from genworld import limits
from genworld.content import Level
from genworld.datasets.dataset import Dataset
from genworld.datasets.untrusted import Bundle
from genworld.errors import GenworldError

LOOSE = "unsorted"
"""Class of the files that stand beside the folders that name the other classes."""


@dataclass(frozen=True)
class Reader:
    """One way to bring a data set.

    Args:
        name: what ``name:place`` starts with to choose this reader.
        summary: one line for a person.
        recognises: whether the files of a folder or zip are of this kind.
        read: makes the data set from what stands behind the colon, or from the path; keyword options are its own.
        title: what such files are, for a person: "Tiled maps".
        suffixes: of the single files that it reads, lower case, with the dot.
    """

    name: str
    summary: str
    recognises: Callable[[Bundle], bool]
    read: Callable[..., Dataset]
    title: str
    suffixes: frozenset[str] = frozenset()


def classes_of(names: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """Classes and labels from folders: the first folder below the one that all files share.

    Args:
        names: N paths inside a bundle.

    Returns:
        K class names, sorted, and (N, K) uint8 labels, exactly one 1 in each row; K is 0 without folders.
    """
    folders = [PurePosixPath(name).parts[:-1] for name in names]
    shared = _shared(folders)
    chosen = [parts[shared] if len(parts) > shared else LOOSE for parts in folders]
    classes = sorted(set(chosen))
    if len(classes) < 2:
        return (), np.zeros((len(names), 0), np.uint8)
    if len(classes) > limits.CLASSES:
        raise GenworldError(
            f"Each folder is a class and there may be {limits.CLASSES}, but {len(classes)} folders came; "
            "put the files into fewer folders."
        )
    place = {name: index for index, name in enumerate(classes)}
    labels = np.zeros((len(names), len(classes)), np.uint8)
    labels[np.arange(len(names)), [place[name] for name in chosen]] = 1
    return tuple(classes), labels


def one_size(levels: Sequence[Level]) -> tuple[int, int] | tuple[None, None]:
    """(rows, columns) that all levels have, or None for both."""
    sizes = {(level.height, level.width) for level in levels}
    return sizes.pop() if len(sizes) == 1 else (None, None)


def signed(dataset: Dataset) -> Dataset:
    """`dataset` whose source carries the digest of its examples."""
    return replace(dataset, source=dataset.source.model_copy(update={"digest": dataset.digest}))


def _shared(folders: Sequence[tuple[str, ...]]) -> int:
    """How many leading folders all paths have in common."""
    count = 0
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        count += 1
    return count
