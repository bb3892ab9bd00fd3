"""Codecs: between examples and what a network reads and writes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from genworld.content import Example, Legend, Level, LevelSpec, Spec, Sprite
from genworld.errors import GenworldError

OPAQUE = 255
FAINT = 32
"""Alpha this near to either end is taken for the end: networks never quite reach it."""


class Codec(ABC):
    """Examples to tensors and back."""

    channels: int
    """Of what a network reads and writes."""

    @abstractmethod
    def encode(self, examples: NDArray[np.uint8]) -> Tensor:
        """(N, channels, H, W) float32 for stacked examples."""

    @abstractmethod
    def shown(self, raw: Tensor) -> Tensor:
        """What a discriminator sees of a decoder's raw output, on the scale of `encode`."""

    @abstractmethod
    def decode(self, raw: Tensor) -> list[Example]:
        """Examples of a decoder's raw output (N, channels, H, W)."""

    def stack(self, examples: Sequence[Example]) -> Tensor:
        """`encode` of a list."""
        arrays = [example.tiles if isinstance(example, Level) else example.pixels for example in examples]
        return self.encode(np.stack(arrays))


class LevelCodec(Codec):
    """One channel a tile: one-hot in, logits out."""

    def __init__(self, legend: Legend) -> None:
        self.legend = legend
        self.channels = len(legend.tiles)

    def encode(self, examples: NDArray[np.uint8]) -> Tensor:
        ids = torch.from_numpy(examples.astype(np.int64))
        return F.one_hot(ids, self.channels).permute(0, 3, 1, 2).float().contiguous()

    def shown(self, raw: Tensor) -> Tensor:
        return raw.softmax(dim=1)

    def decode(self, raw: Tensor) -> list[Example]:
        ids = raw.argmax(dim=1).to(torch.uint8).cpu().numpy()
        return [Level(grid, self.legend) for grid in ids]


class SpriteCodec(Codec):
    """Premultiplied RGBA in [-1, 1], so that colour under transparency neither costs nor shows."""

    channels = 4

    def encode(self, examples: NDArray[np.uint8]) -> Tensor:
        x = torch.from_numpy(examples.astype(np.float32) / OPAQUE).permute(0, 3, 1, 2)
        colour, alpha = x[:, :3], x[:, 3:]
        return (torch.cat([colour * alpha, alpha], dim=1) * 2 - 1).contiguous()

    def shown(self, raw: Tensor) -> Tensor:
        return raw

    def decode(self, raw: Tensor) -> list[Example]:
        x = raw.float().cpu().add(1).div(2).clamp(0, 1)
        alpha = (x[:, 3:] * OPAQUE).round()
        alpha = torch.where(alpha <= FAINT, 0.0, torch.where(alpha >= OPAQUE - FAINT, float(OPAQUE), alpha))
        colour = (x[:, :3] / (alpha / OPAQUE).clamp(min=1 / OPAQUE)).clamp(0, 1) * OPAQUE
        pixels = torch.cat([colour.round() * (alpha > 0), alpha], dim=1).permute(0, 2, 3, 1)
        return [Sprite(picture) for picture in pixels.to(torch.uint8).numpy()]


def codec_for(spec: Spec) -> Codec:
    """The codec of a spec's content."""
    return LevelCodec(spec.legend) if isinstance(spec, LevelSpec) else SpriteCodec()


def fixed_size(spec: Spec) -> tuple[int, int]:
    """Rows and columns of a spec whose examples all have one size.

    Raises:
        GenworldError: the examples differ in size.
    """
    if spec.height is None or spec.width is None:
        raise GenworldError(
            "This family learns levels of one size, but the levels differ in size; cut them into windows, of 16 x 16 for example."
        )
    return spec.height, spec.width
