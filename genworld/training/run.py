"""One run of learning: its steps, each checked, and what it saves.

The loop belongs to the caller:

    training = begin(open_dataset("builtin:dungeon"), "markov", {}, seed=0, command="genworld train ...")
    for progress in training:
        print(progress.step, progress.metrics)
    training.save(folder)
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

import genworld
from genworld import checkpoint as checkpoints
from genworld import limits
from genworld.checkpoint import Checkpoint
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.latent import examples, learned
from genworld.measure import Report, Symmetry, appraise
from genworld.measure.fingerprints import Fingerprints
from genworld.models import build, family
from genworld.models.base import GenerativeModel, Progress, State
from genworld.provenance import TrainingRun
from genworld.training.devices import torch_device
from genworld.training.lessons import WHOLE, Cuts, require_windows, typical_size
from genworld.training.memory import Memory

Keep = Callable[[str], bool]
"""Whether the checkpoint of a digest must be kept."""


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
        memory: of the course, where it goes on.
        seconds: spent on learning before, where it goes on; they are counted on here.
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
        memory: Memory | None = None,
        seconds: float = 0.0,
    ) -> None:
        self.model = model
        self.data = data
        self.seed = seed
        self.command = command
        self.cuts = cuts
        self.held_out = held_out
        self.memory = memory or Memory()
        self.seconds = seconds
        self.last: Progress | None = None
        self._taken = 0
        self._resume = resume
        self._steps: Iterator[Progress] | None = None

    def prepare(self) -> None:
        """Put the model where it stood when it was saved; `last` is then the step that was done last."""
        if self._steps is not None:
            return
        self._steps = iter(self.model.fit(self.data, seed=self.seed, resume=self._resume))
        if self._resume is not None and "step" in self._resume:
            state, self._resume = self._resume, None
            self.last = Progress(int(state["step"]), int(self.model.config.steps), {}, lambda: state)

    def __iter__(self) -> Iterator[Progress]:
        """Every step that is left, checked.

        Raises:
            GenworldError: a figure is not finite any more; `last` is still the step before.
        """
        self.prepare()
        clock = time.monotonic()
        for progress in self._steps or ():
            self.seconds += time.monotonic() - clock
            _require_finite(progress)
            self.last = progress
            yield progress
            clock = time.monotonic()

    @property
    def finished(self) -> bool:
        """Whether the last step was done."""
        return self.last is not None and self.last.step >= self.last.total

    @property
    def ended(self) -> bool:
        """Whether no step is left: the last was done, or looks found that going on is not worth it."""
        return self.finished or self.memory.stopped

    def take_best(self) -> None:
        """Give the model the weights of the best step that was seen, if any; going on still starts from the last."""
        if self.last is None or not self.memory.best:
            return
        state = self.last.state()
        self.last = replace(self.last, state=lambda: state)
        self.model.load_state_dict(self.memory.best)
        self._taken = self.memory.best_step

    @property
    def _learned(self) -> int:
        """Steps behind the weights that the model has now."""
        return self._taken or (self.last.step if self.last else 0)

    def run(self) -> TrainingRun:
        """The record of what was done so far."""
        return TrainingRun(
            data=self.data.source,
            examples=len(self.data),
            window=self.cuts.window,
            least_open=self.cuts.least_open,
            hold_out=self.cuts.hold_out,
            typical=typical_size(self.data.examples),
            steps=self._learned,
            seed=self.seed,
            command=self.command,
            seconds=round(self.seconds, 1),
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
        keep: Keep | None = None,
    ) -> Checkpoint:
        """Write what was learned so far, see `checkpoint.save`, with a few of the examples and the fingerprints of all
        beside it.

        Args:
            resumable: keep what going on needs, beside the weights.
            keep: whether an earlier checkpoint of this model, by its digest, must stay.

        Raises:
            GenworldError: no step was done yet, weights that are not finite, or the disk refuses.
        """
        if self.last is None:
            raise GenworldError("Training has not done a step yet, so there is nothing to save; let it run longer.")
        state = self.last.state() | self.memory.to_state() if resumable else None
        made = checkpoints.save(
            folder, self.model, run=self.run(), title=title, summary=summary, measures=measures, resume=state, keep=keep
        )
        examples.keep_beside(made, self.data)
        learned.keep_beside(made, self._fingerprints)
        return made

    @cached_property
    def _fingerprints(self) -> Fingerprints:
        """Of what it learns from, the same at every save."""
        symmetry = Symmetry.of_config(self.model.config.model_dump())
        return learned.learn(self.data, self.model.family, symmetry, self.cuts.least_open)


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
    require_windows(chosen)
    suited = family(family_name).suited(chosen)
    model = build(family_name, chosen.spec, suited | dict(settings)).to(torch_device(device))
    return Training(model, chosen, seed=seed, command=command, cuts=cuts, held_out=held_out)


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
    state = checkpoint.load_state()
    memory = Memory.of(state)
    cuts = Cuts(before.window, before.least_open, before.hold_out)
    chosen, held_out = cuts.divide(data, checkpoint.family)
    return Training(
        model,
        chosen,
        seed=before.seed,
        command=f"{before.command} && {command}" if command else before.command,
        cuts=cuts,
        held_out=held_out,
        resume=state,
        memory=memory.anew() if changes else memory,
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


def _require_finite(progress: Progress) -> None:
    odd = [name for name, value in progress.metrics.items() if not math.isfinite(value)]
    if odd:
        raise GenworldError(
            f"{odd[0].capitalize()} became {progress.metrics[odd[0]]} at step {progress.step}, so training stopped; "
            "take a smaller learning_rate."
        )
