"""How like an example a decoder's raw output is: as a cost to descend, and as a difference for a person."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from genworld.content import Example, Level
from genworld.models.codecs import Codec


class Likeness(ABC):
    """Likeness to one example, or of each output to its own.

    Args:
        codec: of the model.
        examples: what the outputs should be like: one for all of them, or one for each.
    """

    def __init__(self, codec: Codec, examples: Sequence[Example]) -> None:
        self.codec, self.wanted = codec, codec.stack(examples)

    @abstractmethod
    def cost(self, raw: Tensor) -> Tensor:
        """(N,) costs of raw outputs (N, channels, H, W); with their graph."""

    @abstractmethod
    def differences(self, raw: Tensor) -> Tensor:
        """(N,) how far raw outputs are from it: 0 for the same, 1 for nothing in common."""

    @abstractmethod
    def bend(self, raw: Tensor, slopes: Tensor) -> tuple[Tensor, Tensor]:
        """Slope (D,) and Gauss-Newton curvature (D, D) of the cost at one raw output, for the first example.

        Args:
            raw: (channels, H, W).
            slopes: (D, channels, H, W) its change with each of D numbers.
        """

    def difference(self, other: Example) -> float:
        """How far another example is from this one."""
        return float(self.differences(self.codec.stack([other]))[0])


class SpriteLikeness(Likeness):
    """Mean square of what differs in premultiplied colour and alpha; the difference is its root, on a scale of 0 to 1."""

    def cost(self, raw: Tensor) -> Tensor:
        return (raw - self.wanted).square().mean(dim=(1, 2, 3))

    def differences(self, raw: Tensor) -> Tensor:
        return self.cost(raw.clamp(-1, 1)).sqrt() / 2  # codecs reach from -1 to 1

    def bend(self, raw: Tensor, slopes: Tensor) -> tuple[Tensor, Tensor]:
        flat = slopes.flatten(1)
        scale = 2 / flat.shape[1]
        return scale * (flat @ (raw - self.wanted[0]).flatten()), scale * (flat @ flat.T)


class LevelLikeness(Likeness):
    """Mean cross-entropy of the cells, in nats; the difference is the share of cells that are other tiles."""

    def cost(self, raw: Tensor) -> Tensor:
        return F.cross_entropy(raw, self.wanted.expand_as(raw), reduction="none").mean(dim=(1, 2))

    def differences(self, raw: Tensor) -> Tensor:
        return (raw.argmax(dim=1) != self.wanted.argmax(dim=1)).float().mean(dim=(1, 2))

    def bend(self, raw: Tensor, slopes: Tensor) -> tuple[Tensor, Tensor]:
        """Of a softmax, the curvature in the logits is diag(p) - p p' (Martens 2020, section 9.2)."""
        chance, flat = raw.softmax(dim=0).flatten(1), slopes.flatten(2)
        mean = (flat * chance).sum(dim=1)
        spread = (flat * chance.sqrt()).flatten(1)
        slope = flat.flatten(1) @ (chance - self.wanted[0].flatten(1)).flatten()
        cells = chance.shape[1]
        return slope / cells, (spread @ spread.T - mean @ mean.T) / cells


def likeness(codec: Codec, *examples: Example) -> Likeness:
    """Likeness to an example of a codec's content, or of each output to its own; at least one."""
    return (LevelLikeness if isinstance(examples[0], Level) else SpriteLikeness)(codec, examples)


def damped(slope: Tensor, curvature: Tensor, damping: Tensor) -> Tensor:
    """(M, D) steps downhill for (M,) dampings, the smaller the more daring (Levenberg 1944, Marquardt 1963)."""
    size = curvature.diagonal().mean()
    identity = torch.eye(len(slope))
    steps: Tensor = -torch.linalg.solve(curvature + damping[:, None, None] * size * identity, slope)
    return steps
