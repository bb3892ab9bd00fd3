"""Looks at a model while it trains: figures, warnings in plain words, and when to stop.

When to look is decided by steps alone, never by a clock: a training that was interrupted anywhere makes the same
decisions and ends with the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from genworld.content import Example, Level
from genworld.datasets import Dataset
from genworld.models.base import GenerativeModel, LatentModel, SampleRequest
from genworld.replay import Note
from genworld.training.sight import Sight, Stack, nearness, sight
from genworld.training.signs import Signs

SAMPLES = 64
"""Samples of a look, always of the same latents."""
LOOKS = (8, 40)
"""Looks of a training, at least and at most."""
STEPS = 250
"""Steps between two looks, where that makes a number of looks in this range."""
PATIENCE = 0.4
"""Share of all steps that may pass without a better look."""
BETTER = 0.01
"""Share by which the distance that decides, see `nearness`, has to fall to count as better."""
SETTLED = 0.1
"""Share of the steps before which samples say nothing yet: noise may be nearer than the first blurs to what is real."""


@dataclass(frozen=True)
class Looked:
    """What a look found.

    Args:
        figures: by name.
        notes: that were not said before.
        stop: whether going on is not worth it.
        best: whether the weights of this step are the best so far.
    """

    figures: dict[str, float]
    notes: list[Note]
    stop: bool = False
    best: bool = False


class Watch:
    """Looks at one training.

    Args:
        model: that trains.
        data: what it learns from, as it learns it.
        held_out: examples of the same shape that it does not see; None stops nothing early.
        seed: of which examples are compared.
    """

    def __init__(self, model: GenerativeModel, data: Dataset, held_out: Dataset | None, seed: int = 0) -> None:
        self._model = model
        self._data, self._held_out, self._seed = data, held_out, seed
        self._total = int(getattr(model.config, "steps", 0))
        self._sight: Sight | None = None
        self._steady = isinstance(model, LatentModel)
        self._signs = Signs(data, held_out, counts=not self._steady)
        self._least = math.inf
        self._best_step = 0
        self._since = 0

    @property
    def every(self) -> int:
        """Steps from one look to the next."""
        looks = min(max(self._total // STEPS, LOOKS[0]), LOOKS[1])
        return max(1, self._total // looks)

    def due(self, step: int, seconds: float = 0.0) -> bool:  # noqa: ARG002
        """Whether to look after a step; the seconds learned change nothing, see above.

        Families that count are a model only when all is counted: of them only what they learn from is looked at.
        """
        return step == 1 or (self._steady and step % self.every == 0)

    def look(self, step: int) -> Looked:
        """Draw samples and compare them."""
        if not self._steady:
            return Looked({}, self._signs.opening(step))
        self._sight = self._sight or sight(
            self._data, self._held_out, self._seed, getattr(self._model.config, "flips", "none")
        )
        figures = self._sight.figures(self._samples())
        early = step < SETTLED * self._total
        best = not early and self._judge(step, figures)
        notes = self._signs.opening(step) if early else self._signs.of(step, figures, self._sight.expected)
        stop = not early and step < self._total and self._since * self.every > PATIENCE * self._total
        if stop:
            notes.append(self._stopped(step))
        return Looked(figures, notes, stop, best)

    def state(self) -> dict[str, Any]:
        """All that later looks depend on, as plain JSON."""
        least = self._least if math.isfinite(self._least) else None
        return {"least": least, "best": self._best_step, "since": self._since, "said": self._signs.state()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave."""
        self._least = math.inf if state["least"] is None else float(state["least"])
        self._best_step, self._since = int(state["best"]), int(state["since"])
        self._signs.restore(state["said"])

    @torch.no_grad()
    def _samples(self) -> Stack:
        return _stacked(self._model.sample([SampleRequest(self._seed, index) for index in range(SAMPLES)]))

    def _judge(self, step: int, figures: dict[str, float]) -> bool:
        """Whether this step is the best so far, see `nearness`."""
        found = nearness(figures)
        if found is None:
            return False
        better = found < self._least * (1 - BETTER)
        self._since = 0 if better else self._since + 1
        if better:
            self._least, self._best_step = found, step
        return better

    def _stopped(self, step: int) -> Note:
        text = (
            f"Stopped at step {step:,} of {self._total:,}: samples have not come nearer to what was held out since step "
            f"{self._best_step:,}, which is the one that is kept."
        )
        return Note(step, "stopped", text)


def _stacked(examples: Sequence[Example]) -> Stack:
    return np.stack([each.tiles if isinstance(each, Level) else each.pixels for each in examples])
