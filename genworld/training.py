"""Between a data set and a checkpoint: picks windows, iterates `fit`, saves, and stops when asked.

The loop belongs to the caller:

    training = begin(open_dataset("builtin:dungeon"), "markov", {}, seed=0, command="genworld train ...")
    for progress in training:
        print(progress.step, progress.metrics)
    training.save(folder)
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch

import genworld
from genworld import checkpoint as checkpoints
from genworld import limits, sampling
from genworld.checkpoint import Checkpoint
from genworld.content import Example, Level, LevelSpec
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.latent import examples
from genworld.measure import Report, appraise
from genworld.models import build, family
from genworld.models.base import GenerativeModel, Progress, State
from genworld.provenance import TrainingRun

WINDOW = 16
"""Side in tiles of the windows that levels of differing sizes are cut into."""
WINDOW_SIDES = (8, 64)
OVERLAP = 4
"""Windows that overlap start a quarter of their side apart."""
PLAIN = 0.9
"""A window of which one tile fills this share, or more, teaches nothing but emptiness and is left out."""
SAVE_EVERY = 300.0
"""Seconds between saves while a model trains."""
DEVICES = ("auto", "cpu", "cuda")


def lessons(data: Dataset, family_name: str, window: int | None = None, least_open: float = 0.0) -> Dataset:
    """The examples as a family learns them.

    Args:
        data: sprites, or levels of any sizes.
        family_name: a family that makes any size learns whole levels; others learn levels of one size.
        window: side in tiles of the windows that levels are cut into; None cuts only where the family must have one
            size and the levels differ, and then into windows of `WINDOW`.
        least_open: share of cells that are neither solid nor void in a window worth learning.

    Raises:
        GenworldError: a number out of range, or windows of sprites, or larger than every level.
    """
    least_open = limits.real("The share of open cells", least_open, 0, 0.9)
    if window is None:
        whole = family(family_name).resizable or not isinstance(data.spec, LevelSpec) or data.spec.height is not None
        return data if whole else cut(data, family_name, WINDOW, least_open)
    return cut(data, family_name, limits.whole("The window", window, *WINDOW_SIDES, "tiles"), least_open)


def cut(data: Dataset, family_name: str, window: int, least_open: float = 0.0) -> Dataset:
    """Windows of `window` x `window` tiles, without those that are nearly all one tile or not open enough.

    They overlap for families that see a window as a whole; one that makes any size counts each cell once.
    """
    stride = window if family(family_name).resizable else max(1, window // OVERLAP)
    windows = data.windows(window, window, stride, least_open)
    worth = [index for index, example in enumerate(windows.examples) if not _plain(example)]
    return windows.take(worth) if worth else windows


def typical_size(examples: Sequence[Example]) -> tuple[int, int]:
    """The median height and the median width of examples."""
    heights = sorted(example.height for example in examples)
    widths = sorted(example.width for example in examples)
    return heights[len(heights) // 2], widths[len(widths) // 2]


def _plain(example: Example) -> bool:
    if not isinstance(example, Level):
        return False
    counts = torch.bincount(torch.from_numpy(example.tiles.reshape(-1).astype("int64")))
    return int(counts.max()) >= PLAIN * example.tiles.size


@dataclass(frozen=True)
class Cuts:
    """What of the data a model sees.

    Args:
        window, least_open: see `lessons`.
        hold_out: share of the data, by file or family, that is kept from the model to measure it with.
    """

    window: int | None = None
    least_open: float = 0.0
    hold_out: float = 0.0

    def divide(self, data: Dataset, family_name: str) -> tuple[Dataset, Dataset | None]:
        """What a family learns from, and what is held out, if anything.

        Raises:
            GenworldError: a share out of range, too few groups to hold any out, or windows that do not fit.
        """
        share = limits.real("The share held out", self.hold_out, 0, 0.5)
        kept, unseen = data.split(share, 0) if share else (data, None)
        held_out = None if unseen is None else lessons(unseen, family_name, self.window, self.least_open)
        return lessons(kept, family_name, self.window, self.least_open), held_out


class Training:
    """One run. Iterate it for its steps; save whenever a step is done.

    Args:
        model: untrained, or made for `resume`.
        data: as the model learns it, see `lessons`.
        seed: of everything random.
        command: that makes this checkpoint, for its card.
        cuts: by which `data` was cut from the whole.
        held_out: real examples that the model does not see, to measure it with.
        resume: training state to go on from.
        seconds: spent before, where it goes on.
    """

    def __init__(
        self,
        model: GenerativeModel,
        data: Dataset,
        *,
        seed: int,
        command: str,
        cuts: Cuts,
        held_out: Dataset | None = None,
        resume: State | None = None,
        seconds: float = 0.0,
    ) -> None:
        self.model = model
        self.data = data
        self.seed = seed
        self.command = command
        self.cuts = cuts
        self.held_out = held_out
        self.last: Progress | None = None
        self._resume = resume
        self._seconds = seconds

    def __iter__(self) -> Iterator[Progress]:
        """Every step, checked.

        Raises:
            GenworldError: a figure is not finite any more; `last` is still the step before.
        """
        clock = time.monotonic()
        for progress in self.model.fit(self.data, seed=self.seed, resume=self._resume):
            self._seconds += time.monotonic() - clock
            _require_finite(progress)
            self.last = progress
            yield progress
            clock = time.monotonic()

    @property
    def finished(self) -> bool:
        """Whether the last step was done."""
        return self.last is not None and self.last.step >= self.last.total

    def run(self) -> TrainingRun:
        """The record of what was done so far."""
        return TrainingRun(
            data=self.data.source,
            examples=len(self.data),
            window=self.cuts.window,
            least_open=self.cuts.least_open,
            hold_out=self.cuts.hold_out,
            typical=typical_size(self.data.examples),
            steps=self.last.step if self.last else 0,
            seed=self.seed,
            command=self.command,
            seconds=round(self._seconds, 1),
            torch=torch.__version__,
            genworld=genworld.__version__,
        )

    def appraise(self) -> Report | None:
        """Every figure of what was learned so far; None where nothing was held out. Takes about a minute."""
        if self.held_out is None:
            return None
        return appraise(self.model, self.data, self.held_out, least_open=self.cuts.least_open)

    def save(
        self,
        folder: Path,
        *,
        title: str = "",
        summary: str = "",
        measures: dict[str, Any] | None = None,
        resumable: bool = True,
    ) -> Checkpoint:
        """Write what was learned so far, see `checkpoint.save`, and a few of the examples beside it.

        Args:
            resumable: keep what going on needs, beside the weights.

        Raises:
            GenworldError: no step was done yet, weights that are not finite, or the disk refuses.
        """
        if self.last is None:
            raise GenworldError("Training has not done a step yet, so there is nothing to save; let it run longer.")
        state = self.last.state() if resumable else None
        made = checkpoints.save(
            folder, self.model, run=self.run(), title=title, summary=summary, measures=measures, resume=state
        )
        examples.keep_beside(made, self.data)
        return made


WHOLE = Cuts()
"""All of the data, levels of many sizes in windows of `WINDOW` where a family needs one size."""


def begin(
    data: Dataset,
    family_name: str,
    settings: Mapping[str, Any],
    *,
    seed: int,
    command: str = "",
    cuts: Cuts = WHOLE,
    device: str = "auto",
) -> Training:
    """A new run.

    Args:
        data: examples, as `open_dataset` gives them.
        family_name: one of `genworld.models.FAMILIES`.
        settings: of the family, by name; values may be texts. Those left out are what suits the data.
        seed: 0 to `limits.MAX_SEED`.
        command: for the card.
        cuts: what of the data it sees.
        device: one of `DEVICES`.

    Raises:
        GenworldError: anything of this does not fit.
    """
    seed = limits.whole("The seed", seed, 0, limits.MAX_SEED)
    chosen, held_out = cuts.divide(data, family_name)
    _require_room(chosen)
    suited = family(family_name).suited(chosen)
    model = build(family_name, chosen.spec, suited | dict(settings)).to(torch_device(device))
    return Training(model, chosen, seed=seed, command=command, cuts=cuts, held_out=held_out)


def _require_room(data: Dataset) -> None:
    """Refuse levels of which none is as large as the smallest sample."""
    side = sampling.SMALLEST_SIDE
    if data.levels and not any(min(level.tiles.shape) >= side for level in data.levels):
        largest = max(data.levels, key=lambda level: level.tiles.size)
        raise GenworldError(
            f"Levels of at least {side} x {side} tiles are learned from, but the largest of {data.name!r} is "
            f"{largest.width} x {largest.height}; bring a larger one."
        )


def go_on(
    checkpoint: Checkpoint,
    data: Dataset,
    *,
    changes: Mapping[str, Any] | None = None,
    command: str = "",
    device: str = "auto",
) -> Training:
    """The run of a checkpoint, from its last step: as if it had never stopped, where nothing is changed.

    Args:
        checkpoint: saved with its training state.
        data: the same examples that it learned from.
        changes: new values of settings by name, such as the number of steps in all or the step size; those that
            give the networks their shape stay.
        command: that goes on, added to the one for the card.
        device: one of `DEVICES`.

    Raises:
        GenworldError: other data, no training state, or a change that does not fit.
    """
    before = checkpoint.manifest.run
    if data.source.digest != before.data.digest:
        raise GenworldError(
            f"{checkpoint.name!r} learned from {before.data.name!r}, but {data.name!r} holds other examples; "
            "resume with the same data, or train a new model."
        )
    model = _changed(checkpoint, dict(changes or {})).to(torch_device(device))
    cuts = Cuts(before.window, before.least_open, before.hold_out)
    chosen, held_out = cuts.divide(data, checkpoint.family)
    return Training(
        model,
        chosen,
        seed=before.seed,
        command=f"{before.command} && {command}" if command else before.command,
        cuts=cuts,
        held_out=held_out,
        resume=checkpoint.load_state(),
        seconds=before.seconds,
    )


def _changed(checkpoint: Checkpoint, changes: dict[str, Any]) -> GenerativeModel:
    """An untrained model of the checkpoint's settings and the changes, of the same shapes."""
    config = checkpoint.manifest.config
    model = build(checkpoint.family, checkpoint.spec, config | changes)
    if _shapes(model) != _shapes(build(checkpoint.family, checkpoint.spec, config)):
        raise GenworldError(
            f"{' and '.join(changes)} would change the networks of {checkpoint.name!r}, which have learned already; "
            "train a new model with these settings."
        )
    return model


def _shapes(model: GenerativeModel) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in model.state_dict().items()}


def torch_device(name: str) -> torch.device:
    """The device of a name of `DEVICES`. Raises GenworldError for cuda where there is none."""
    if name == "cuda" and not torch.cuda.is_available():
        raise GenworldError("Training on cuda was asked for, but torch sees no such device here; use auto or cpu.")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """Within it Ctrl+C sets the event instead of breaking a step in two; a second one breaks off. Main thread only."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, action in before.items():
            signal.signal(number, action)

    def ask(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        stop.set()
        restore()

    for number in before:
        signal.signal(number, ask)
    try:
        yield stop
    finally:
        restore()


def _require_finite(progress: Progress) -> None:
    odd = [name for name, value in progress.metrics.items() if not math.isfinite(value)]
    if odd:
        raise GenworldError(
            f"{odd[0].capitalize()} became {progress.metrics[odd[0]]} at step {progress.step}, so training stopped; "
            "take a smaller learning_rate."
        )
