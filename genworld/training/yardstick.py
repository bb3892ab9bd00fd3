"""What a model is measured against, given data: what it learned from and what was held out, or others of its kind."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from genworld.checkpoint import Checkpoint
from genworld.content import LevelSpec, Spec
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.training.lessons import Cuts

HALF = 0.5
"""Of other data one half stands for what was learned, the other for what was held out."""


@dataclass(frozen=True)
class Yardstick:
    """What a model is measured against.

    Args:
        training: what it learned from, as it learned it, or what stands for that.
        held_out: what it did not see; None where nothing was held out.
        own: whether it learned from these data.
        words: what they are, a sentence.
    """

    training: Dataset
    held_out: Dataset | None
    own: bool
    words: str


def yardstick(checkpoint: Checkpoint, data: Dataset, unseen: Dataset | None = None) -> Yardstick:
    """What to measure a model against, given data.

    Args:
        checkpoint: the model.
        data: what it learned from, or others of its kind.
        unseen: drawn in the same way and seen by nobody, where data are drawn; for a model that held nothing out.

    Raises:
        GenworldError: data that it could not have learned from.
    """
    run, name = checkpoint.manifest.run, checkpoint.family
    cuts = Cuts(run.window, run.least_open, run.hold_out)
    if data.source.digest != run.data.digest:
        return _others(checkpoint, data)
    training, held_out = cuts.divide(data, name)
    if held_out is not None:
        return Yardstick(training, held_out, True, f"Held out as in its training: {run.hold_out:.0%} of {data.name}.")
    if unseen is not None:
        words = (
            f"Nothing was held out of {data.name}, so others that are drawn the same way stand for what it never saw."
        )
        return Yardstick(training, cuts.divide(unseen, name)[0], True, words)
    words = f"It learned from all of {data.name}, so there is nothing to compare with: no figure has a ceiling."
    return Yardstick(training, None, True, words)


def _others(checkpoint: Checkpoint, data: Dataset) -> Yardstick:
    """Data that the model never saw."""
    run, spec = checkpoint.manifest.run, checkpoint.spec
    _require_kin(checkpoint, data)
    if isinstance(data.spec, LevelSpec) and spec.height is None:  # levels of many sizes are measured in windows
        data = replace(data, spec=replace(data.spec, height=None, width=None))
    window = run.window or (None if _sized_alike(spec, data.spec) else spec.height or spec.width)
    words = f"{checkpoint.title} did not learn from {data.name} but from {run.data.name}"
    try:
        training, held_out = Cuts(window, run.least_open, HALF).divide(data, checkpoint.family)
        words += ": one half of it stands for the training data, the other for what was held out."
    except GenworldError:
        training, held_out = Cuts(window, run.least_open).divide(data, checkpoint.family)
        words += ", and it is too small to be halved: no figure has a ceiling."
    training = _as_known(training, spec)
    return Yardstick(training, None if held_out is None else _as_known(held_out, spec), False, words)


def _sized_alike(spec: Spec, other: Spec) -> bool:
    free = spec.height is None and spec.width is None
    return free or (spec.height, spec.width) == (other.height, other.width)


def _require_kin(checkpoint: Checkpoint, data: Dataset) -> None:
    spec, other = checkpoint.spec, data.spec
    if spec.kind != other.kind:
        raise GenworldError(
            f"{checkpoint.title} makes {spec.kind}s, but {data.name} holds {other.kind}s; give its kind."
        )
    if isinstance(spec, LevelSpec) and isinstance(other, LevelSpec):
        if spec.legend.tiles != other.legend.tiles:
            raise GenworldError(
                f"{checkpoint.title} knows the tiles of {spec.legend.name!r}, but {data.name} has those of "
                f"{other.legend.name!r}; give levels of the same tiles."
            )
    elif not _sized_alike(spec, other):
        raise GenworldError(
            f"{checkpoint.title} makes sprites of {spec.width} x {spec.height} pixels, but those of {data.name} are "
            f"{other.width} x {other.height}; give sprites of that size."
        )


def _as_known(data: Dataset, spec: Spec) -> Dataset:
    """Data with the classes of a model; its own classes mean nothing there."""
    if data.spec.classes == spec.classes:
        return data
    labels = np.zeros((len(data), len(spec.classes)), np.uint8)
    return replace(data, spec=replace(data.spec, classes=spec.classes), labels=labels)
