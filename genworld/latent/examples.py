"""Training examples that are kept with a model, to be laid over its maps: a few of them, all of one size."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genworld.checkpoint import Checkpoint
from genworld.content import Example, Level, LevelSpec, Spec, Sprite
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.latent import kept
from genworld.seeding import numpy_stream

KEY = "training"
MOST = 256
"""Examples kept with a model, at most."""
LARGEST_SIDE = 32
"""Rows or columns of a window of larger levels, for models of any size."""
TRIES = 8
"""Windows of one level, of which the most varied is kept."""
BYTES = 4_000_000
"""Of the examples kept with a model: of large sprites there are fewer."""
EXAMPLES, LABELS = "examples", "labels"

_log = logging.getLogger(__name__)


def keep(
    checkpoint: Checkpoint, examples: Sequence[Example], labels: NDArray[np.uint8], folder: Path | None = None
) -> None:
    """Keep some of the examples that a model learned from.

    Args:
        checkpoint: the model.
        examples: N, of its content; of larger levels a window is kept.
        labels: (N, K) their classes.
        folder: where to; the person's data folder when None.

    Raises:
        GenworldError: the disk refuses.
    """
    height, width = sides(checkpoint.spec, examples)
    fitting = [index for index, each in enumerate(examples) if each.height >= height and each.width >= width]
    random = numpy_stream(0, "training examples")
    most = min(MOST, max(1, BYTES // _bytes(checkpoint.spec, height, width)))
    chosen = sorted(random.permutation(fitting)[:most].tolist())
    stacked = np.stack([_window(_array(examples[index]), height, width, random) for index in chosen])
    kept.put(checkpoint, KEY, {EXAMPLES: stacked, LABELS: labels[chosen].astype(np.uint8)}, folder)


def keep_beside(checkpoint: Checkpoint, data: Dataset) -> None:
    """Keep some of the examples of a new model in its own folder; a disk that refuses is logged, for the model is whole."""
    try:
        keep(checkpoint, data.examples, data.labels, checkpoint.folder / kept.FOLDER)
    except GenworldError as error:
        _log.warning("%s", error)


def of(checkpoint: Checkpoint) -> tuple[Example, ...]:
    """The examples that were kept with a model, always in the same order; none where none were."""
    found = kept.get(checkpoint, KEY)
    spec = checkpoint.spec
    if found is None or not _fits(found.get(EXAMPLES), spec):
        return ()
    arrays = found[EXAMPLES]
    if isinstance(spec, LevelSpec):
        return tuple(Level(array, spec.legend) for array in arrays)
    return tuple(Sprite(array) for array in arrays)


def labels_of(checkpoint: Checkpoint) -> NDArray[np.uint8]:
    """(N, K) classes of the examples that `of` gives; (0, K) where there are none."""
    found, classes = kept.get(checkpoint, KEY) or {}, len(checkpoint.spec.classes)
    labels = found.get(LABELS)
    if labels is None or labels.shape != (len(found.get(EXAMPLES, ())), classes):
        return np.zeros((0, classes), np.uint8)
    return labels.astype(np.uint8)


def sides(spec: Spec, examples: Sequence[Example]) -> tuple[int, int]:
    """Rows and columns: the model's own, or middling ones that half of the examples have, for windows."""
    if spec.height is not None and spec.width is not None:
        return spec.height, spec.width
    heights, widths = (sorted(sides) for sides in zip(*((e.height, e.width) for e in examples), strict=True))
    wanted = min(LARGEST_SIDE, heights[len(heights) // 2]), min(LARGEST_SIDE, widths[len(widths) // 2])
    fits = any(each.height >= wanted[0] and each.width >= wanted[1] for each in examples)
    return wanted if fits else (heights[0], widths[0])


def _bytes(spec: Spec, height: int, width: int) -> int:
    return height * width * (1 if isinstance(spec, LevelSpec) else 4)


def _array(example: Example) -> NDArray[np.uint8]:
    return example.tiles if isinstance(example, Level) else example.pixels


def _window(array: NDArray[np.uint8], height: int, width: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """The array, or a window of it that is not too plain: the most varied of a few."""
    if array.shape[:2] == (height, width):
        return array
    tops, lefts = (
        random.integers(spare + 1, size=TRIES) for spare in (array.shape[0] - height, array.shape[1] - width)
    )
    windows = [array[top : top + height, left : left + width] for top, left in zip(tops, lefts, strict=True)]
    return max(windows, key=_variety)


def _variety(window: NDArray[np.uint8]) -> float:
    """The chance that two cells differ (Simpson's index)."""
    shares = np.bincount(window.reshape(-1)) / window.size
    return float(1 - (shares**2).sum())


def _fits(arrays: NDArray[np.uint8] | None, spec: Spec) -> bool:
    """Whether a kept array holds examples of a spec: files may be of another version."""
    if arrays is None or arrays.dtype != np.uint8 or not arrays.size:
        return False
    if isinstance(spec, LevelSpec):
        return arrays.ndim == 3 and int(arrays.max()) < len(spec.legend.tiles)
    return arrays.shape[1:] == (spec.height, spec.width, 4)
