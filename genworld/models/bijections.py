"""Invertible maps of pictures, the parts of a flow. Each knows how much it stretches space, cell by cell.

``forward(x, condition) -> (y, stretch)``: ``stretch`` is (N, h, w) or broadcasts to it, the logarithm in nats of the
volume that each cell of the grid gains; its sum over the grid is the log-determinant of the Jacobian. ``inverse(y,
condition) -> x``. A squeeze keeps positions, so what a coarse cell gains belongs to the block of cells that it stands on.

References:
    Dinh et al. 2017, *Density estimation using Real NVP*; Kingma and Dhariwal 2018, *Glow*.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genworld.errors import GenworldError

Size = tuple[int, int]
"""Rows and columns of a grid."""

MOST = 2.0
"""Largest logarithm of a scale that comes from a network, either way: an odd input must not blow up what follows."""
LEAST_SPREAD = 1e-3
"""Deviation below which a channel counts as constant when it is first seen."""


class Bijection(nn.Module, ABC):
    """An invertible map of (N, C, h, w) grids that may heed (N, K) class weights."""

    @abstractmethod
    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """What `x` is mapped to, and its stretch."""

    @abstractmethod
    def inverse(self, y: Tensor, condition: Tensor) -> Tensor:
        """What is mapped to `y`."""

    def adapt(self, x: Tensor) -> None:
        """Take the scale of the first batch that comes by."""


class ActNorm(Bijection):
    """Each channel shifted and scaled; the first batch leaves it with mean 0 and variance 1 (Glow, section 3.1)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(channels))
        self.log_scale = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:  # noqa: ARG002
        return (x + _channels(self.shift)) * _channels(self.log_scale.exp()), self.log_scale.sum()

    def inverse(self, y: Tensor, condition: Tensor) -> Tensor:  # noqa: ARG002
        return y * _channels((-self.log_scale).exp()) - _channels(self.shift)

    @torch.no_grad()
    def adapt(self, x: Tensor) -> None:
        self.shift.copy_(-x.mean(dim=(0, 2, 3)))
        self.log_scale.copy_(-x.std(dim=(0, 2, 3), correction=0).clamp(min=LEAST_SPREAD).log())


class Mix(Bijection):
    """Channels mixed by an invertible matrix P L (U + diag s), the same in every cell (Glow, section 3.2, equation 10).

    Buffers: ``permutation`` P and the ``signs`` of s, which stay; learned are L, U and log |s|.
    """

    permutation: Tensor
    signs: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.lower = nn.Parameter(torch.zeros(channels, channels))
        self.upper = nn.Parameter(torch.zeros(channels, channels))
        self.log_scale = nn.Parameter(torch.zeros(channels))
        self.register_buffer("permutation", torch.eye(channels))
        self.register_buffer("signs", torch.ones(channels))

    @torch.no_grad()
    def draw(self, random: torch.Generator) -> None:
        """Begin as a random rotation: its log-determinant is 0."""
        size = len(self.signs)
        rotation, _ = torch.linalg.qr(torch.randn(size, size, generator=random, dtype=torch.float64))
        permutation, lower, upper = torch.linalg.lu(rotation)
        self.permutation.copy_(permutation)
        self.lower.copy_(lower.tril(-1))
        self.upper.copy_(upper.triu(1))
        self.log_scale.copy_(upper.diagonal().abs().log())
        self.signs.copy_(upper.diagonal().sign())

    def check(self) -> None:
        """Raises GenworldError where the matrix has no inverse."""
        ones = torch.ones_like(self.signs)
        rows, columns = self.permutation.sum(dim=0), self.permutation.sum(dim=1)
        entries = self.permutation.square()
        if not (torch.equal(rows, ones) and torch.equal(columns, ones) and torch.equal(entries, self.permutation)):
            raise GenworldError("A mix of this flow is no permutation, so it could not be undone; get the model again.")
        if not torch.equal(self.signs.abs(), ones):
            raise GenworldError("The signs of a mix of this flow are not 1 or -1; get the model again.")

    @property
    def factors(self) -> tuple[Tensor, Tensor]:
        """L and U + diag s."""
        lower = self.lower.tril(-1) + torch.eye(len(self.signs), device=self.signs.device, dtype=self.lower.dtype)
        return lower, self.upper.triu(1) + torch.diag(self.signs * self.log_scale.exp())

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:  # noqa: ARG002
        lower, upper = self.factors
        return _mixed(x, self.permutation @ lower @ upper), self.log_scale.sum()

    def inverse(self, y: Tensor, condition: Tensor) -> Tensor:  # noqa: ARG002
        """In 64 bits as far as the matrix goes: what a few dozen of these lose adds up."""
        lower, upper = (factor.double() for factor in self.factors)
        back = torch.linalg.solve_triangular(lower, self.permutation.T.double(), upper=False, unitriangular=True)
        return _mixed(y, torch.linalg.solve_triangular(upper, back, upper=True).to(y.dtype))


class Advice(nn.Module):
    """The small network that a coupling asks: what one half of the channels says of the other.

    It knows where on the grid it looks, since characters stand upright and in the middle, and which classes are wanted.
    Its answer is nothing at all to begin with, so that a fresh flow maps by its mixes alone. While it learns it may convolve
    in 16 bits (`short`): what is asked twice of one network must only be the same both times.

    Shape: (N, inputs, h, w), (N, classes) -> (N, outputs, h, w)
    """

    def __init__(self, inputs: int, outputs: int, width: int, size: Size, classes: int) -> None:
        super().__init__()
        self.near = nn.Conv2d(inputs, width, 3, padding=1, bias=False)
        self.place = nn.Parameter(torch.zeros(width, *size))
        self.wanted = nn.Linear(classes, width, bias=False) if classes else None
        self.within = nn.Conv2d(width, width, 1)
        self.out = nn.Conv2d(width, outputs, 3, padding=1)
        self.gain = nn.Parameter(torch.zeros(outputs))
        self.short = False

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        bias = self.place
        if self.wanted is not None:
            bias = bias + self.wanted(condition)[..., None, None]
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.short):
            hidden = self.near(x.contiguous(memory_format=torch.channels_last))
            raw = self.out(F.relu(self.within(F.relu(hidden + bias.to(hidden.dtype)))))
        told: Tensor = raw.to(x.dtype) * _channels(self.gain)
        return told

    @torch.no_grad()
    def draw(self, random: torch.Generator) -> None:
        """Weights that keep the size of what passes through (He et al. 2015, equation 10)."""
        for convolution in (self.near, self.within, self.out):
            scale = math.sqrt(2 / convolution.weight[0].numel())
            convolution.weight.copy_(torch.randn(convolution.weight.shape, generator=random) * scale)
            if convolution.bias is not None:
                convolution.bias.zero_()
        if self.wanted is not None:
            self.wanted.weight.copy_(torch.randn(self.wanted.weight.shape, generator=random) * 0.1)


class Coupling(Bijection):
    """Half of the channels scaled and shifted by what the other half says (Real NVP, section 3.2)."""

    def __init__(self, channels: int, width: int, size: Size, classes: int) -> None:
        super().__init__()
        self.kept = channels // 2
        self.advice = Advice(self.kept, 2 * (channels - self.kept), width, size, classes)

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        kept, moved = x[:, : self.kept], x[:, self.kept :]
        log_scale, shift = self._told(kept, condition)
        return torch.cat([kept, (moved + shift) * log_scale.exp()], dim=1), log_scale.sum(dim=1)

    def inverse(self, y: Tensor, condition: Tensor) -> Tensor:
        kept, moved = y[:, : self.kept], y[:, self.kept :]
        log_scale, shift = self._told(kept, condition)
        return torch.cat([kept, moved * (-log_scale).exp() - shift], dim=1)

    def _told(self, kept: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        raw, shift = self.advice(kept, condition).chunk(2, dim=1)
        return bounded(raw), shift


class Step(Bijection):
    """One step of a flow: actnorm, mix, coupling (Glow, figure 2a)."""

    def __init__(self, channels: int, width: int, size: Size, classes: int) -> None:
        super().__init__()
        self.norm = ActNorm(channels)
        self.mix = Mix(channels)
        self.coupling = Coupling(channels, width, size, classes)

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        x, first = self.norm(x, condition)
        x, second = self.mix(x, condition)
        x, third = self.coupling(x, condition)
        return x, first + second + third

    def inverse(self, y: Tensor, condition: Tensor) -> Tensor:
        y = self.mix.inverse(self.coupling.inverse(y, condition), condition)
        return self.norm.inverse(y, condition)

    def adapt(self, x: Tensor) -> None:
        self.norm.adapt(x)


class Prior(Bijection):
    """Latents from what leaves a flow, by a Gaussian whose mean and deviation are read off what goes on (Glow, figure 2b).

    Args:
        channels: of what leaves.
        known: of what goes on; 0 at the end of the flow, where place and classes alone tell.
    """

    def __init__(self, channels: int, known: int, width: int, size: Size, classes: int) -> None:
        super().__init__()
        self.channels = channels
        self.place = nn.Parameter(torch.zeros(2 * channels, *size))
        self.wanted = nn.Linear(classes, 2 * channels, bias=False) if classes else None
        if self.wanted is not None:
            nn.init.zeros_(self.wanted.weight)
        self.advice = Advice(known, 2 * channels, width, size, classes) if known else None

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        going, leaving = x[:, self.channels :], x[:, : self.channels]
        log_scale, shift = self._told(going, condition)
        return torch.cat([(leaving + shift) * log_scale.exp(), going], dim=1), log_scale.sum(dim=1)

    def inverse(self, y: Tensor, condition: Tensor) -> Tensor:
        latent, going = y[:, : self.channels], y[:, self.channels :]
        log_scale, shift = self._told(going, condition)
        return torch.cat([latent * (-log_scale).exp() - shift, going], dim=1)

    def _told(self, going: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        told = self.place.expand(len(going), -1, -1, -1)
        if self.wanted is not None:
            told = told + self.wanted(condition)[..., None, None]
        if self.advice is not None:
            told = told + self.advice(going, condition)
        raw, shift = told.chunk(2, dim=1)
        return bounded(raw), shift


def squeeze(x: Tensor) -> Tensor:
    """(N, C, h, w) to (N, 4 C, h / 2, w / 2): each block of 2 x 2 cells becomes one."""
    return F.pixel_unshuffle(x, 2)


def unsqueeze(y: Tensor) -> Tensor:
    """The inverse of `squeeze`."""
    return F.pixel_shuffle(y, 2)


def bounded(raw: Tensor) -> Tensor:
    """Logarithms of scales between -`MOST` and `MOST`, as they are near 0."""
    return MOST * torch.tanh(raw / MOST)


def _channels(values: Tensor) -> Tensor:
    return values[:, None, None]


def _mixed(x: Tensor, matrix: Tensor) -> Tensor:
    return F.conv2d(x, matrix[..., None, None])
