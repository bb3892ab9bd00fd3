"""Codes among which the search for an example chooses, and the space in which it moves them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

RANK = 1e-4
"""Directions of less than this share of the largest variance count as having that much."""


@dataclass(frozen=True)
class Codes:
    """Candidates: (N, D) codes, the (N, L) latents and (N, K) class weights that they began with, and (N,) costs."""

    code: Tensor
    z: Tensor
    weights: Tensor
    cost: Tensor

    def __getitem__(self, chosen: Tensor | slice) -> Codes:
        return Codes(self.code[chosen], self.z[chosen], self.weights[chosen], self.cost[chosen])

    def likest(self, count: int) -> Codes:
        return self[self.cost.argsort(stable=True)[:count]]

    def joined(self, other: Codes) -> Codes:
        pairs = zip(self.parts, other.parts, strict=True)
        return Codes(*(torch.cat(pair) for pair in pairs))

    @property
    def parts(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.code, self.z, self.weights, self.cost


class White:
    """Between codes and whitened ones, which have variance one in every direction over the draws (of 0 mean).

    Where a code has more numbers than there are draws, each number is taken to vary by itself.
    """

    def __init__(self, codes: Tensor) -> None:
        self.mean = codes.mean(dim=0)
        self._apart = codes.shape[1] > len(codes)
        self._to, self._from = _each(codes) if self._apart else _together(codes)

    def of(self, codes: Tensor) -> Tensor:
        return self._by(codes - self.mean, self._to)

    def back(self, white: Tensor) -> Tensor:
        return self.mean + self._by(white, self._from)

    def _by(self, codes: Tensor, factor: Tensor) -> Tensor:
        return codes * factor if self._apart else codes @ factor


def _each(codes: Tensor) -> tuple[Tensor, Tensor]:
    """(D,) factors to and from whitened codes."""
    spread = codes.std(dim=0, correction=0).clamp(min=RANK)
    return 1 / spread, spread


def _together(codes: Tensor) -> tuple[Tensor, Tensor]:
    """(D, D) matrices to and from whitened codes."""
    variances, axes = torch.linalg.eigh(torch.cov(codes.T))
    spread = variances.clamp(min=RANK * float(variances.max()) + 1e-12).sqrt()
    return axes / spread @ axes.T, axes * spread @ axes.T
