"""Shared blocks: a decoder from a style to a picture, and an encoder from a picture to features.

The blocks know channels and sizes only; what the channels mean (premultiplied colour, or one tile
each) is the codec's business.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

SMALLEST = 4
"""Side of the coarsest grid, in cells, at least."""
GROUP = 4
"""Examples whose deviation a discriminator sees together."""


@dataclass(frozen=True)
class Pyramid:
    """Sizes and widths of a network's stages, coarse to fine.

    Args:
        height, width: of the finest stage, in pixels or tiles; padded up so that each stage doubles the last.
        channels: features at the finest stage; each coarser stage has twice as many, up to `most`.
        most: features of a stage at most.
    """

    height: int
    width: int
    channels: int
    most: int

    @property
    def doublings(self) -> int:
        """How often the coarsest grid doubles."""
        return max(0, int(math.log2(min(self.height, self.width) / SMALLEST)))

    @property
    def coarsest(self) -> tuple[int, int]:
        """Rows and columns of the coarsest grid."""
        unit = 2**self.doublings
        return -(-self.height // unit), -(-self.width // unit)

    @property
    def padding(self) -> tuple[int, int]:
        """Rows and columns that the finest grid has beyond the content."""
        unit = 2**self.doublings
        rows, columns = self.coarsest
        return rows * unit - self.height, columns * unit - self.width

    @property
    def widths(self) -> list[int]:
        """Features of each stage, coarse to fine."""
        return [min(self.most, self.channels * 2**stage) for stage in range(self.doublings, -1, -1)]

    def pad(self, x: Tensor) -> Tensor:
        """(N, C, height, width) to the finest grid, borders repeated."""
        rows, columns = self.padding
        return F.pad(x, (0, columns, 0, rows), mode="replicate") if rows or columns else x

    def crop(self, x: Tensor) -> Tensor:
        """The inverse of `pad`."""
        return x[..., : self.height, : self.width]


def groups_for(channels: int) -> int:
    """Groups of a group norm: about eight channels each."""
    return math.gcd(channels, max(1, channels // 8))


class StyledNorm(nn.Module):
    """Group norm whose scale and shift come from a style.

    Source: adaptive normalisation, Huang and Belongie 2017, equation 8, with groups instead of instances.
    """

    def __init__(self, channels: int, style_dim: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(groups_for(channels), channels, affine=False)
        self.modulation = nn.Linear(style_dim, 2 * channels)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        scale, shift = self.modulation(w)[..., None, None].chunk(2, dim=1)
        return torch.addcmul(shift, self.norm(x), 1 + scale)


class StyledBlock(nn.Module):
    """Residual block of the decoder; doubles the grid when asked to."""

    def __init__(self, inputs: int, outputs: int, style_dim: int, doubles: bool) -> None:
        super().__init__()
        self.doubles = doubles
        self.norm1 = StyledNorm(inputs, style_dim)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2 = StyledNorm(outputs, style_dim)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1, bias=False) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        main = F.silu(self.norm1(x, w))
        skip = self.skip(x)
        if self.doubles:
            main, skip = (F.interpolate(part, scale_factor=2, mode="nearest") for part in (main, skip))
        main = self.conv1(main)
        main = self.conv2(F.silu(self.norm2(main, w)))
        mixed: Tensor = (main + skip) * math.sqrt(0.5)
        return mixed


class Decoder(nn.Module):
    """From a style to a picture.

    Args:
        pyramid: sizes and widths.
        style_dim: length of the style.
        outputs: channels of the picture.

    Shape: (N, style_dim) -> (N, outputs, height, width)
    """

    def __init__(self, pyramid: Pyramid, style_dim: int, outputs: int) -> None:
        super().__init__()
        self.pyramid = pyramid
        widths = pyramid.widths
        rows, columns = pyramid.coarsest
        self.base = nn.Linear(style_dim, widths[0] * rows * columns)
        stages = [StyledBlock(widths[0], widths[0], style_dim, doubles=False)]
        stages += [StyledBlock(a, b, style_dim, doubles=True) for a, b in itertools.pairwise(widths)]
        self.blocks = nn.ModuleList(stages)
        self.norm = StyledNorm(widths[-1], style_dim)
        self.out = nn.Conv2d(widths[-1], outputs, 3, padding=1)

    def forward(self, w: Tensor) -> Tensor:
        x = self.base(w).unflatten(1, (-1, *self.pyramid.coarsest))
        for block in self.blocks:
            x = block(x, w)
        picture: Tensor = self.out(F.silu(self.norm(x, w)))
        return self.pyramid.crop(picture)


class Paints(nn.Module):
    """Colours of one sprite, made from its style; each pixel is painted with one of them, or with a mixture.

    Pixel art has few colours, and a robe is of one cloth: what is painted freely, pixel by pixel, comes out quilted. The
    first colour is nothing at all.

    Args:
        style_dim: length of the style.
        colours: how many, with the one that is nothing.

    Shape: (N, colours, H, W) logits and (N, style_dim) styles -> (N, 4, H, W) premultiplied RGBA in [-1, 1]
    """

    def __init__(self, style_dim: int, colours: int) -> None:
        super().__init__()
        self.mix = nn.Linear(style_dim, 4 * (colours - 1))

    def forward(self, logits: Tensor, w: Tensor) -> Tensor:
        shares = logits.float().softmax(dim=1)[:, 1:]
        painted = torch.einsum("nkhw,nkc->nchw", shares, self.colours(w))
        return painted * 2 - 1

    def colours(self, w: Tensor) -> Tensor:
        """(N, colours - 1, 4) premultiplied RGBA in [0, 1]."""
        full = self.mix(w).float().unflatten(1, (-1, 4)).sigmoid()
        colour, alpha = full[..., :3], full[..., 3:]
        return torch.cat([colour * alpha, alpha], dim=-1)


class DownBlock(nn.Module):
    """Residual block of the encoder; halves the grid when asked to. Without norms, which gradient penalties dislike."""

    def __init__(self, inputs: int, outputs: int, halve: bool) -> None:
        super().__init__()
        self.halve = halve
        self.conv1 = nn.Conv2d(inputs, inputs, 3, padding=1)
        self.conv2 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1, bias=False) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        main = self.conv1(F.leaky_relu(x, 0.2))
        main, skip = F.leaky_relu(main, 0.2), x
        if self.halve:
            main, skip = F.avg_pool2d(main, 2), F.avg_pool2d(skip, 2)
        mixed: Tensor = (self.conv2(main) + self.skip(skip)) * math.sqrt(0.5)
        return mixed


class Encoder(nn.Module):
    """From a picture to features.

    Args:
        pyramid: sizes and widths.
        inputs: channels of the picture.
        features: length of the result.
        compare: whether to append how much the batch varies (minibatch deviation, Karras et al. 2018, section 3),
            by which a discriminator sees a collapse.

    Shape: (N, inputs, height, width) -> (N, features)
    """

    def __init__(self, pyramid: Pyramid, inputs: int, features: int, compare: bool = False) -> None:
        super().__init__()
        self.pyramid, self.compare = pyramid, compare
        widths = pyramid.widths[::-1]
        self.stem = nn.Conv2d(inputs, widths[0], 3, padding=1)
        stages = [DownBlock(a, b, halve=True) for a, b in itertools.pairwise(widths)]
        self.blocks = nn.Sequential(*stages, DownBlock(widths[-1], widths[-1], halve=False))
        rows, columns = pyramid.coarsest
        self.out = nn.Linear((widths[-1] + compare) * rows * columns, features)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(self.stem(self.pyramid.pad(x)))
        if self.compare:
            x = torch.cat([x, deviation(x)], dim=1)
        features: Tensor = self.out(F.leaky_relu(x, 0.2).flatten(1))
        return F.leaky_relu(features, 0.2)


def deviation(x: Tensor, group: int = GROUP) -> Tensor:
    """(N, 1, H, W): how much the features vary within groups of `group` examples, one figure a group.

    Members of a group stand N / group apart.
    """
    n = x.shape[0]
    group = math.gcd(n, group)
    y = x.reshape(group, n // group, *x.shape[1:])
    spread = (y.var(0, unbiased=False) + 1e-8).sqrt().mean(dim=(1, 2, 3))
    return spread.repeat(group)[:, None, None, None].expand(n, 1, *x.shape[2:])


class Mapping(nn.Module):
    """From a normalised latent and class weights to a style (Karras et al. 2019, section 2).

    Shape: (N, latent_dim), (N, classes) -> (N, style_dim)
    """

    def __init__(self, latent_dim: int, classes: int, style_dim: int, depth: int = 2) -> None:
        super().__init__()
        self.embed = nn.Linear(classes, latent_dim, bias=False) if classes else None
        inputs = latent_dim * (2 if classes else 1)
        sizes = [inputs, *[style_dim] * depth]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in itertools.pairwise(sizes))

    def forward(self, z: Tensor, condition: Tensor) -> Tensor:
        x = unit(z)
        if self.embed is not None:
            x = torch.cat([x, unit(self.embed(condition - 0.5))], dim=1)
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2) * math.sqrt(2)
        return x


def unit(x: Tensor) -> Tensor:
    """Rows scaled to a mean square of one."""
    return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + 1e-8)


def initialise(network: nn.Module, random: torch.Generator) -> None:
    """Draw all weights anew from `random`; biases become zero.

    Scales keep the size of what passes through (He et al. 2015, equation 10, for convolutions that follow a
    rectifier); modulations begin at half of that.
    """
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            gain = math.sqrt(2) if isinstance(module, nn.Conv2d) else 0.5 if name.endswith("modulation") else 1.0
            scale = gain / math.sqrt(module.weight[0].numel())
            with torch.no_grad():
                module.weight.copy_(torch.randn(module.weight.shape, generator=random) * scale)
                if module.bias is not None:
                    module.bias.zero_()


def bound_slopes(network: nn.Module, random: torch.Generator) -> None:
    """Divide all weights by their largest singular value from now on (spectral norm, Miyato et al. 2018).

    The vectors of the power iteration, buffers from then on, begin at numbers from `random`.
    """
    for module in list(network.modules()):
        if isinstance(module, nn.Conv2d | nn.Linear):
            spectral_norm(module)
    for name, vector in network.named_buffers():
        if ".parametrizations." in f".{name}":
            vector.copy_(F.normalize(torch.randn(vector.shape, generator=random), dim=0))
