"""Moving points downhill, by hand: torch's first optimizer of a process takes seconds to load what training may want."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

MEMORY = 0.9
"""Share of the past in the averages of slopes and of their squares."""

Cost = Callable[[Tensor], Tensor]
"""From (N, D) points to their (N,) costs."""


class Descent:
    """Points on their way down their own costs by Adam (Kingma and Ba 2015, algorithm 1).

    Args:
        start: (N, D) points; they stay as they are.
    """

    def __init__(self, start: Tensor) -> None:
        self.at = start.clone()
        self._speed, self._square = torch.zeros_like(start), torch.zeros_like(start)
        self._step = 0

    def step(self, cost: Cost, rate: float) -> None:
        """One step; gradients must be enabled."""
        self._step += 1
        at = self.at.detach().requires_grad_(True)
        (slope,) = torch.autograd.grad(cost(at).sum(), at)
        self._speed = MEMORY * self._speed + (1 - MEMORY) * slope
        self._square = MEMORY * self._square + (1 - MEMORY) * slope.square()
        share = 1 - MEMORY**self._step
        self.at = (at - rate * (self._speed / share) / ((self._square / share).sqrt() + 1e-8)).detach()


def downhill(cost: Cost, start: Tensor, steps: int, rate: float) -> Tensor:
    """(N, D) points after `steps` steps of a `Descent`."""
    descent = Descent(start)
    for _ in range(steps):
        descent.step(cost, rate)
    return descent.at
