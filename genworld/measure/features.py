"""What a picture looks like to an untrained network: the feature in which sprites are compared.

Networks trained on photographs say little about pixel art, so the network is random and fixed (Naeem et al. 2020,
section 5, *random embeddings*): the first ten convolutions of VGG-16 at half their width, for four channels. The
first kernels sum to zero in each channel, so they see edges, as those of a trained network do: measured on sprites
that were blurred, blended or patched, this shows all three faults more clearly than plain random kernels.

References:
    Simonyan and Zisserman 2015, *Very deep convolutional networks*; He et al. 2015 (the scale of the weights).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from genworld import seeding
from genworld.measure.neighbours import Vectors
from genworld.measure.pictures import Pictures, premultiplied

STAGES = ((32, 32), (64, 64), (128, 128, 128), (256, 256, 256))
"""Channels that each 3x3 convolution gives, stage by stage; every stage ends by halving the picture."""

SEED = 0
FEATURE = f"random VGG-16/2 on edges, pool4, seed {SEED}"
"""Network, layer and seed: part of the name of every figure that rests on it."""

CELL = 32
"""Pictures are padded with transparent pixels, centred, to whole multiples of this many pixels."""

BATCH = 64


def features(pictures: Pictures, told: Callable[[int], None] | None = None) -> Vectors:
    """Feature vectors of RGBA pictures.

    Args:
        pictures: (N, H, W, 4) uint8, straight alpha.
        told: hears how many are done.

    Returns:
        (N, D) float32; D is 1024 for sizes up to 32 x 32 and 1024 more for each further 32 x 32 pixels.
    """
    batches = []
    for start in range(0, len(pictures), BATCH):
        if told:
            told(start)
        batches.append(_embed(pictures[start : start + BATCH]))
    return np.concatenate(batches)


@torch.inference_mode()
def _embed(pictures: Pictures) -> Vectors:
    planes = torch.from_numpy(premultiplied(_padded(pictures))).permute(0, 3, 1, 2)
    embedded: Vectors = network()(planes).flatten(1).numpy()
    return embedded


def _padded(pictures: Pictures) -> Pictures:
    missing = [-side % CELL for side in pictures.shape[1:3]]
    sides = [(gap // 2, gap - gap // 2) for gap in missing]
    return np.pad(pictures, [(0, 0), *sides, (0, 0)])


@cache
def network() -> nn.Sequential:
    """The fixed network: (N, 4, H, W) premultiplied RGBA in [0, 1] to (N, 256, H / 16, W / 16)."""
    layers: list[nn.Module] = []
    entering = 4
    for number, widths in enumerate(STAGES):
        for position, width in enumerate(widths):
            layers += [_convolution(entering, width, f"{number}.{position}"), nn.ReLU()]
            entering = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers).eval().requires_grad_(False)


def _convolution(entering: int, leaving: int, name: str) -> nn.Conv2d:
    layer = nn.Conv2d(entering, leaving, kernel_size=3, padding=1)
    with torch.no_grad():
        layer.weight.copy_(_weights(tuple(layer.weight.shape), entering * 9, name))
        if name == "0.0":
            layer.weight -= layer.weight.mean(dim=(2, 3), keepdim=True)
        layer.bias.zero_()  # type: ignore[union-attr]
    return layer


def _weights(shape: tuple[int, ...], fan_in: int, name: str) -> Tensor:
    # Uniform numbers come from whole bits and are the same on every processor; normal ones differ in the last digit.
    uniform = torch.rand(shape, generator=seeding.stream(SEED, f"measure/features/{name}"))
    return (2 * uniform - 1) * math.sqrt(6 / fan_in)
