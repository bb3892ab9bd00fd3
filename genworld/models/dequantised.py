"""Between what a codec encodes and the continuous numbers that a flow learns.

A flow has a density, tiles and bytes have none; so each example is blurred by noise that still tells which example it
was. The mean over the noise of log p(v) - log q(v | x) bounds log P(x) from below (Theis et al. 2016, section 3.1; Ho et al.
2019, *Flow++*, section 3.1, equation 12), for any noise q that keeps to the region that x alone is read from.
"""

from __future__ import annotations

import math
from abc import abstractmethod

import torch
from torch import Tensor, nn

from genworld.content import Legend, LevelSpec, Spec, Tag

TONES = 256
"""Steps of a colour as files have them."""
BLANK = 0.25
"""Colour, as a share of its range, that noise reaches where nothing is drawn."""
HALF = 0.5
"""Reach of the noise around a choice, in half distances to the next choice: as much again is left empty between the two,
so that what a smooth density spills over its edges falls between them, not on the wrong side."""
SURE = 2.0
"""Logit for each step that the numbers are nearer to one tile than to another."""


class Dequantised(nn.Module):
    """Examples as a codec encodes them, to numbers and back."""

    channels: int
    """Numbers of a cell."""

    @abstractmethod
    def blurred(self, x: Tensor, noise: Tensor, tones: int) -> Tensor:
        """(N, channels, H, W) numbers of encoded examples.

        Args:
            x: as a codec encodes examples.
            noise: (N, channels, H, W) uniform in [0, 1); one half everywhere gives the middle of the region.
            tones: steps of a colour, at most `TONES`; fewer blur more.
        """

    @abstractmethod
    def room(self, x: Tensor) -> Tensor:
        """(N, H, W) logarithm of the volume that noise of full `TONES` fills: -log q, in nats."""

    @abstractmethod
    def raw(self, v: Tensor) -> Tensor:
        """What the codec decodes, with gradients."""


class LevelDigits(Dequantised):
    """Each tile as a few binary digits, -1 or 1, with noise of a quarter either way to a half.

    One number a tile (one-hot) would be several times as many dimensions, all but one of them a flow's burden, not its
    knowledge. The first digit tells what is solid from what is not, so that the shape of a level lies in a channel of
    its own; the others number the tiles of either sort. Digits that name no tile are read as the nearest one that does.

    Buffers: ``words`` (tiles, channels).
    """

    words: Tensor

    def __init__(self, legend: Legend) -> None:
        super().__init__()
        words = digits([bool({Tag.SOLID, Tag.VOID} & tile.tags) for tile in legend.tiles])
        self.channels = words.shape[1]
        self.register_buffer("words", words)

    def blurred(self, x: Tensor, noise: Tensor, tones: int) -> Tensor:  # noqa: ARG002  tiles have no tones
        return torch.einsum("nthw,tc->nchw", x, self.words) + (2 * noise - 1) * HALF

    def room(self, x: Tensor) -> Tensor:
        return torch.full_like(x[:, 0], self.channels * math.log(2 * HALF))

    def raw(self, v: Tensor) -> Tensor:
        return SURE * torch.einsum("nchw,tc->nthw", v, self.words)


def digits(solid: list[bool]) -> Tensor:
    """(tiles, channels) digits of -1 and 1; no two tiles have the same."""
    orders = [sum(solid[:k]) if solid[k] else k - sum(solid[:k]) for k in range(len(solid))]
    both = len(set(solid)) > 1
    places = max(0 if both else 1, max(orders, default=0).bit_length())
    rows = [
        [*([solid[k]] if both else []), *(order >> place & 1 for place in range(places))]
        for k, order in enumerate(orders)
    ]
    return torch.tensor(rows, dtype=torch.float32) * 2 - 1


class SpriteNumbers(Dequantised):
    """Premultiplied colours with noise of one step, and alpha as a choice among few levels.

    Nearly all pixels are clear or opaque, so alpha has as few levels as the data need, with empty room between them.
    Where it is 0 no colour is seen; there colours are noise that reaches a quarter of the range, since with the noise of one
    step the clear half of a picture would be a spike of density, on whose height a flow would spend all it can.
    While learning, colours may be blurred over more than one step (Glow, section 6, learns 5 bits).

    Args:
        alphas: levels of alpha.
    """

    channels = 4

    def __init__(self, alphas: int) -> None:
        super().__init__()
        self.last = alphas - 1

    def blurred(self, x: Tensor, noise: Tensor, tones: int) -> Tensor:
        level = self._level(x)
        tone = ((x[:, :3] + 1) * ((TONES - 1) / 2)).round()
        seen = ((tone * tones / TONES).floor() + noise[:, :3]) / tones
        colour = torch.where(level > 0, seen, noise[:, :3] * BLANK)
        alpha = (2 * level + (2 * noise[:, 3:] - 1) * HALF) / self.last
        return torch.cat([2 * colour, alpha], dim=1) - 1

    def room(self, x: Tensor) -> Tensor:
        colour = torch.where(self._level(x)[:, 0] > 0, math.log(2 / TONES), math.log(2 * BLANK))
        return 3 * colour + math.log(2 * HALF / self.last)

    def raw(self, v: Tensor) -> Tensor:
        soft = v[:, 3:].clamp(-1, 1)
        level = ((soft + 1) / 2 * self.last).round()
        alpha = soft + (level * 2 / self.last - 1 - soft).detach()
        colour = ((v[:, :3] + 1) * (TONES / 2) - 0.5) / (TONES - 1)
        return torch.cat([torch.where(level > 0, colour * 2 - 1, -1.0), alpha], dim=1)

    def _level(self, x: Tensor) -> Tensor:
        """(N, 1, H, W) which level of alpha."""
        return ((x[:, 3:] + 1) / 2 * self.last).round()


def dequantised_for(spec: Spec, alphas: int) -> Dequantised:
    """The numbers of a spec's content."""
    return LevelDigits(spec.legend) if isinstance(spec, LevelSpec) else SpriteNumbers(alphas)
