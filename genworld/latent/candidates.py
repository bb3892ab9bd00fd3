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
    """Between codes and whitened ones, which have variance one in every direction over the draws (of 0 mean)."""

    def __init__(self, codes: Tensor) -> None:
        self.mean = codes.mean(dim=0)
        variances, axes = torch.linalg.eigh(torch.cov(codes.T))
        spread = variances.clamp(min=RANK * float(variances.max()) + 1e-12).sqrt()
        self._to, self._from = axes / spread @ axes.T, axes * spread @ axes.T

    def of(self, codes: Tensor) -> Tensor:
        white: Tensor = (codes - self.mean) @ self._to
        return white

    def back(self, white: Tensor) -> Tensor:
        codes: Tensor = self.mean + white @ self._from
        return codes
