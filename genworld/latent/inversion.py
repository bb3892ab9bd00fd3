"""Inversion: the point of a latent space whose example comes nearest to a given one.

Draws of the prior, and what an encoder says where there is one, are where the search starts. The likest go downhill
together; then the likest of those by Gauss-Newton steps, which a picture of the model's own needs but a few of. All
of that happens in the space of codes, in which the model's own codes have variance one in every direction. In the
end a latent is sought that explains as much of the code as it can; the point's shift is the rest.

References:
    Zhu et al. 2016, *Generative Visual Manipulation on the Natural Image Manifold*, section 3.1; Abdal et al. 2019,
    *Image2StyleGAN*; Marquardt 1963, *An Algorithm for Least-Squares Estimation of Nonlinear Parameters*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from genworld import limits, sampling
from genworld.content import Example
from genworld.latent.brought import adapted
from genworld.latent.candidates import Codes, White
from genworld.latent.likeness import damped, likeness
from genworld.models.base import HasEncoder, HasStyle, LatentModel, SampleRequest
from genworld.models.descent import Descent, downhill
from genworld.models.point import Point
from genworld.sampling import LoadedModel, latent_model

__all__ = ["Found", "adapted", "search"]

DRAWS = 600
"""Draws of the prior that are looked at."""
CHUNK = 100
"""Draws that are decoded together."""
DOWN = ((24, 20), (8, 40))
"""How many codes go downhill together, and for how many steps; then the likest go on."""
NEWTON = (3, 4)
"""The same of Gauss-Newton steps."""
BENT = 512
"""Numbers of a code up to which there are such steps: each number is one more code to decode. The longer codes are those
of flows, whose encoder leaves hardly anything to look for."""
LAST, AGAIN = 12, 12
"""Further Gauss-Newton steps of the likest; and of each other one, where that did not come near enough."""
ENOUGH = 0.05
"""That is near: difference over the mean difference of the draws."""
SETTLED = 0.999
"""A step that leaves more of the cost than this share was the last of its code."""
RATE = 0.1
AT_ONCE = 48
"""Codes moved between two reports."""
LEASH = 1e-4
"""Weight of the mean square of a whitened code: what lies far from the prior is hardly ever worth it."""
NUDGE = 0.02
"""Change of a whitened code by which slopes are taken, forwards: torch's own forward mode takes seconds to load."""
DAMPINGS = tuple(10.0**power for power in range(-5, 3))
"""All tried at each Gauss-Newton step: decoding a few more codes costs little beside the slopes."""
LATENTS = 16
"""Latents that are tried for a code in the end, of the draws whose codes lie nearest."""
LATENT_STEPS, LATENT_RATE = 200, 0.05
"""How they go downhill."""
ROUNDING = 1e-3
"""Difference that another latent for the same code may make."""
COMBINATIONS = 16
"""Class weights with which an encoder is asked, at most."""


@dataclass(frozen=True)
class Found:
    """The best so far.

    Args:
        step, total: how much of the search is done.
        point: where it lies.
        example: the canonical render there.
        difference: of sprites, the root mean square of what differs in premultiplied RGBA on a scale of 0 to 1; of
            levels, the share of cells that are other tiles.
    """

    step: int
    total: int
    point: Point
    example: Example
    difference: float


def search(loaded: LoadedModel, example: Example, *, seed: int = 0) -> Iterator[Found]:
    """Looks for the point of an example, and tells every few steps how near it has come; the last report is the best.

    The work is the same on every machine, and so is the result on machines of one kind. Whoever stops asking, stops.

    Args:
        loaded: a model with a latent space.
        example: what to find; see `adapted`.
        seed: of the draws.

    Raises:
        GenworldError: at once, for a model without a latent space, or an example that does not fit it.
    """
    seed = limits.whole("The seed", seed, 0, limits.MAX_SEED)
    model = latent_model(loaded)
    return _Search(model, adapted(example, model.spec), seed).reports()


@contextmanager
def _computing() -> Iterator[None]:
    """Within it torch computes canonically, with gradients where they are asked for."""
    with sampling.canonical(), torch.inference_mode(False), torch.no_grad():
        yield


class _Search:
    """One search; its steps are pieces of work of about a tenth of a second."""

    def __init__(self, model: LatentModel, example: Example, seed: int) -> None:
        self.model, self.example, self.seed = model, example, seed
        self.like = likeness(model.codec, example)
        self.drawn: Codes
        self.white: White
        self.left: Codes
        self.descent: Descent
        self.apart: list[Tensor] = []
        self.settled: set[int] = set()
        self.nearest = float("inf")

    def reports(self) -> Iterator[Found]:
        """One after each step."""
        steps = list(self._steps())
        best: Found | None = None
        for number, step in enumerate(steps, start=1):
            with _computing():
                step()
                found = self._found(self._point(self.left.likest(1)), number, len(steps) + 1)
            self.nearest = min(self.nearest, found.difference)
            best = found if best is None or found.difference < best.difference else replace(best, step=number)
            yield best
            if not best.difference:
                break
        assert best is not None  # noqa: S101  there are steps
        with _computing():
            last = self._found(self._explained(best.point), best.total, best.total)
        yield last if last.difference <= best.difference + ROUNDING else replace(best, step=best.total)

    def _steps(self) -> Iterator[Callable[[], None]]:
        yield from (partial(self._draw, first) for first in range(0, DRAWS, CHUNK))
        for count, steps in DOWN:
            yield partial(self._begin_descent, count)
            pace = max(1, AT_ONCE // count)
            yield from (partial(self._descend, min(pace, steps - done)) for done in range(0, steps, pace))
        if self.model.code_dim > BENT:
            return
        count, steps = NEWTON
        yield partial(self._keep, count)
        yield from (partial(self._newton, row) for _ in range(steps) for row in range(count))
        yield partial(self._keep, count)
        yield from (partial(self._newton, 0) for _ in range(LAST))
        yield from (partial(self._newton_again, row) for row in range(1, count) for _ in range(AGAIN))

    def _found(self, point: Point, step: int, total: int) -> Found:
        example = sampling.at(self.model, point)
        return Found(step, total, point, example, self.like.difference(example))

    def _draw(self, first: int) -> None:
        """Look at some draws, and at what the encoder says where there is one."""
        wanted = [SampleRequest(self.seed, index) for index in range(first, first + CHUNK)]
        found = self._looked_at(self.model.noise(wanted), self.model.condition(wanted))
        self.drawn = self.drawn.joined(found) if first else found
        self.left = self.drawn.likest(DOWN[0][0])
        if first + CHUNK >= DRAWS:
            self.white = White(self.drawn.code)
            self.left = self.left.joined(self._encoded()) if isinstance(self.model, HasEncoder) else self.left

    def _encoded(self) -> Codes:
        assert isinstance(self.model, HasEncoder)  # noqa: S101  `_draw` has looked
        weights = torch.unique(self.drawn.weights, dim=0)[:COMBINATIONS]
        return self._looked_at(self.model.encode([self.example] * len(weights), weights), weights)

    def _looked_at(self, z: Tensor, weights: Tensor) -> Codes:
        code = self.model.coded(z, weights)
        raw = self.model.raw(code, weights)
        self.apart.append(self.like.differences(raw))
        return Codes(code, z, weights, self.like.cost(raw))

    def _cost(self, white: Tensor, weights: Tensor) -> Tensor:
        raw = self.model.raw(self.white.back(white), weights.expand(len(white), -1))
        return self.like.cost(raw) + LEASH * white.square().mean(dim=1)

    def _keep(self, count: int) -> None:
        self.left = self.left.likest(count)
        self.settled = set()

    def _begin_descent(self, count: int) -> None:
        self._keep(count)
        self.descent = Descent(self.white.of(self.left.code))

    def _descend(self, steps: int) -> None:
        """Move all that are left together."""
        with torch.enable_grad():
            for _ in range(steps):
                self.descent.step(lambda white: self._cost(white, self.left.weights), RATE)
        cost = self._cost(self.descent.at, self.left.weights)
        self.left = replace(self.left, code=self.white.back(self.descent.at), cost=cost)

    def _newton_again(self, row: int) -> None:
        """One that was less likely has its turn, where the likest led into a valley that is not deep enough."""
        if self.nearest > ENOUGH * float(torch.cat(self.apart).mean()):
            self._newton(row)

    def _newton(self, row: int) -> None:
        """The best of several Gauss-Newton steps of one that is left; none where none leads down any more."""
        if row in self.settled:
            return
        one = self.left[slice(row, row + 1)]
        white = self.white.of(one.code)
        slope, curvature = self._bend(white, one.weights)
        tried = torch.cat([white, white + damped(slope, curvature, torch.tensor(DAMPINGS))])
        cost = self._cost(tried, one.weights)
        best = int(cost.argmin())
        if float(cost[best]) > SETTLED * float(cost[0]):
            self.settled.add(row)
        self.left.code[row], self.left.cost[row] = self.white.back(tried[best]), cost[best]

    def _bend(self, white: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Slope and curvature of the cost at one (1, D) whitened code."""
        size = white.shape[1]
        near = torch.cat([white, white + NUDGE * torch.eye(size)])
        raw = self.model.raw(self.white.back(near), weights.expand(len(near), -1))
        slope, curvature = self.like.bend(raw[0], (raw[1:] - raw[0]) / NUDGE)
        pull = 2 * LEASH / size
        return slope + pull * white[0], curvature + pull * torch.eye(size)

    def _point(self, one: Codes) -> Point:
        """The point of a candidate: where there is a style, its shift is what its latent does not explain."""
        if not isinstance(self.model, HasStyle):
            return Point(one.code.numpy(), one.weights.numpy(), torch.empty(0).numpy())
        shift = one.code - self.model.coded(one.z, one.weights)
        return Point(one.z.numpy(), one.weights.numpy(), shift.numpy())

    def _explained(self, point: Point) -> Point:
        """The same code by the latent that explains most of it, so that the shift is small."""
        if not isinstance(self.model, HasStyle):
            return point
        code = self._code(point)
        near = self.drawn[(self.drawn.code - code).square().sum(dim=1).argsort(stable=True)[:LATENTS]]

        def cost(z: Tensor) -> Tensor:
            return (self.model.coded(z, near.weights) - code).square().mean(dim=1)

        with torch.enable_grad():
            z = downhill(cost, near.z, LATENT_STEPS, LATENT_RATE)
        best = slice(int(cost(z).argmin()), None)
        return self._point(Codes(code, z[best][:1], near.weights[best][:1], torch.zeros(1)))

    def _code(self, point: Point) -> Tensor:
        z, weights = torch.from_numpy(point.z.copy())[None], torch.from_numpy(point.weights.copy())[None]
        return self.model.coded(z, weights) + torch.from_numpy(point.shift.copy())
