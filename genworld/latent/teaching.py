"""Teaching a reading what is measured of samples: a small network, quickly fitted, the same one on every machine's run."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus

from genworld import sampling, seeding
from genworld.latent.fitting import FLAT, Cloud, Numbers
from genworld.latent.reading import Reading

WIDTH = 96
"""Of both hidden layers."""
STEPS = 2_000
BATCH = 256
RATE = 3e-3
DECAY = 0.1
CHECKED = 0.12
"""Share of the samples that tell when to stop."""
EVERY = 100
"""Steps between two looks at them."""
AT_ONCE = 20
"""Steps during which whoever wants a render waits: some 30 ms."""
PAST = 0.1
"""What it costs to read past the end of the scale where what is measured is at the end, less than anywhere else: for
how far a sample is from leaving the end cannot be measured, yet its slope there must not vanish."""

Weights = dict[str, Tensor]


def taught(cloud: Cloud, codes: Numbers, values: Numbers, told: Callable[[], None] = lambda: None) -> Reading:
    """A reading of what is measured.

    Args:
        cloud: codes of samples as the model draws them: what is far is told by it.
        codes: (N, D), samples and moved ones.
        values: (N, A) their attributes, standardised; NaN is left out.
        told: called now and then.
    """
    spread = max(math.sqrt(float(np.diag(cloud.covariance).mean())), FLAT)
    x = torch.from_numpy(((codes - cloud.mean) / spread).astype(np.float32))
    y = torch.from_numpy(values.astype(np.float32))
    order = torch.randperm(len(x), generator=seeding.stream(0, "reading/checked"))
    checked = order[: max(1, int(CHECKED * len(x)))]
    seen = order[len(checked) :]
    ends = _ends(values)
    lesson = _Lesson(x.shape[1], y.shape[1], ends)
    best = lesson.learn((x[seen], y[seen]), (x[checked], y[checked]), told)
    return Reading(
        mean=cloud.mean,
        spread=np.array(spread),
        covariance=(cloud.covariance + cloud.ridge) / spread**2,
        low=ends[0],
        high=ends[1],
        **{name: weight.numpy().astype(np.float64) for name, weight in best.items()},
    )


def _ends(values: Numbers) -> tuple[Numbers, Numbers]:
    """(A,) both; 0 for what is never defined."""
    known = np.isfinite(values)
    return (
        np.where(known, values, 0.0).min(axis=0, where=known, initial=0.0),
        np.where(known, values, 0.0).max(axis=0, where=known, initial=0.0),
    )


class _Lesson:
    """One fit: AdamW, its rate falling to nothing, the weights that did best on the samples that were held out."""

    def __init__(self, width: int, count: int, ends: tuple[Numbers, Numbers]) -> None:
        self.weights = _fresh(width, count)
        self.low, self.high = (torch.from_numpy(end.astype(np.float32)) for end in ends)
        self.adam = torch.optim.AdamW(self.weights.values(), lr=RATE, weight_decay=DECAY)
        self.falling = torch.optim.lr_scheduler.CosineAnnealingLR(self.adam, STEPS)
        self.batches = seeding.stream(0, "reading/batches")

    def learn(self, seen: tuple[Tensor, Tensor], checked: tuple[Tensor, Tensor], told: Callable[[], None]) -> Weights:
        least, best = math.inf, self.weights
        for done in range(0, STEPS, AT_ONCE):
            with sampling.canonical(), torch.inference_mode(False), torch.enable_grad():
                self._some(seen)
            if (done + AT_ONCE) % EVERY == 0:
                told()
                with torch.no_grad():
                    cost = float(self._cost(*checked))
                if cost < least:
                    least, best = cost, {name: weight.detach().clone() for name, weight in self.weights.items()}
        return {name: weight.detach() for name, weight in best.items()}

    def _some(self, seen: tuple[Tensor, Tensor]) -> None:
        for _ in range(AT_ONCE):
            chosen = torch.randint(len(seen[0]), (BATCH,), generator=self.batches)
            self.adam.zero_grad()
            self._cost(seen[0][chosen], seen[1][chosen]).backward()  # type: ignore[no-untyped-call]
            self.adam.step()
            self.falling.step()

    def _cost(self, x: Tensor, y: Tensor) -> Tensor:
        known = torch.isfinite(y)
        y = torch.where(known, y, 0.0)
        off = _read(self.weights, x) - y
        past = ((y <= self.low) & (off < 0)) | ((y >= self.high) & (off > 0))
        return (off.square() * torch.where(past, PAST, 1.0) * known).mean()


def _fresh(width: int, count: int) -> Weights:
    random = seeding.stream(0, "reading/weights")
    shapes = {
        "first": (WIDTH, width),
        "first_level": (WIDTH,),
        "second": (WIDTH, WIDTH),
        "second_level": (WIDTH,),
        "out": (count, WIDTH),
        "skip": (count, width),
        "level": (count,),
    }
    made = {name: torch.rand(shape, generator=random) * 2 - 1 for name, shape in shapes.items()}
    return {name: (each / math.sqrt(each.shape[-1])).requires_grad_(True) for name, each in made.items()}


def _read(weights: Weights, x: Tensor) -> Tensor:
    """(N, A), as `Reading` reads it, with graph."""
    hidden = softplus(x @ weights["first"].T + weights["first_level"])
    hidden = softplus(hidden @ weights["second"].T + weights["second_level"])
    return hidden @ weights["out"].T + x @ weights["skip"].T + weights["level"]
