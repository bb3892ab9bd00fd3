"""What is done to examples on the way into training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Change = Callable[[Tensor, torch.Generator], Tensor]
"""From (N, C, H, W) examples to changed ones, each by chance; gradients flow through."""


def translate(x: Tensor, share: float, random: torch.Generator) -> Tensor:
    """Each example shifted by its own whole number of cells, edges repeated; gradients flow through.

    Seen by the discriminator on both sides, this keeps it from learning examples by heart
    (Zhao et al. 2020, "translation").

    Args:
        x: (N, C, H, W).
        share: furthest shift, as a share of the side.
        random: CPU generator.
    """
    n, _, height, width = x.shape
    reach = max(1, round(share * min(height, width)))
    shift = torch.randint(0, 2 * reach + 1, (2, n), generator=random).to(x.device)
    padded = F.pad(x, (reach,) * 4, mode="replicate")
    rows = shift[0][:, None] + torch.arange(height, device=x.device)
    columns = shift[1][:, None] + torch.arange(width, device=x.device)
    each = torch.arange(n, device=x.device)[:, None, None]
    moved: Tensor = padded.permute(0, 2, 3, 1)[each, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    return moved


def cut_out(x: Tensor, share: float, empty: float, random: torch.Generator) -> Tensor:
    """A square of each example hidden, anywhere, also over an edge (Zhao et al. 2020, "cutout").

    Args:
        x: (N, C, H, W).
        share: side of the square, as a share of the shorter side.
        empty: what hidden cells hold: no tile at all, or nothing drawn.
        random: CPU generator.
    """
    n, _, height, width = x.shape
    side = max(1, round(share * min(height, width)))
    place = torch.rand(2, n, generator=random).to(x.device)
    rows, columns = (
        _within(length, (start * (length + 1)).floor() - side // 2, side)
        for length, start in zip((height, width), place, strict=True)
    )
    return torch.where((rows[:, :, None] & columns[:, None, :])[:, None], x.new_tensor(empty), x)


def _within(length: int, start: Tensor, side: int) -> Tensor:
    """(N, length) which cells of a line lie in a stretch of `side` from (N,) starts on."""
    cells = torch.arange(length, device=start.device)
    return (cells >= start[:, None]) & (cells < start[:, None] + side)


def recolour(x: Tensor, strength: float, random: torch.Generator) -> Tensor:
    """Each sprite brighter or darker, paler or stronger in colour and contrast (Zhao et al. 2020, "color").

    Colours are premultiplied, so what is added is multiplied by alpha first: what was clear stays clear, and alpha stays
    as it is. Saturation and contrast are scaled about means that are premultiplied themselves.

    Args:
        x: (N, 4, H, W) premultiplied RGBA in [-1, 1].
        strength: 1 adds up to half of the range to the brightness, scales saturation by 0 to 2, contrast by 0.5 to 1.5.
        random: CPU generator.
    """
    brighter, stronger, harder = (torch.rand(3, len(x), 1, 1, 1, generator=random).to(x) * 2 - 1) * strength
    full = (x + 1) / 2
    colour, alpha = full[:, :3], full[:, 3:]
    colour = colour + alpha * brighter / 2
    grey = colour.mean(dim=1, keepdim=True)
    colour = grey + (colour - grey) * (1 + stronger)
    mean = colour.sum(dim=(1, 2, 3), keepdim=True) / (3 * alpha.sum(dim=(1, 2, 3), keepdim=True)).clamp(min=1)
    colour = mean * alpha + (colour - mean * alpha) * (1 + harder / 2)
    return torch.cat([colour * 2 - 1, x[:, 3:]], dim=1)


def mirror(x: Tensor, random: torch.Generator) -> Tensor:
    """Half of the examples (N, C, H, W) flipped left to right."""
    from torchvision.transforms.v2 import functional as v2  # here: sampling never needs it, and it is slow to load

    chosen = torch.rand(x.shape[0], generator=random).to(x.device) < 0.5
    return torch.where(chosen[:, None, None, None], v2.horizontal_flip(x), x)


def turn(x: Tensor, random: torch.Generator) -> Tensor:
    """Square examples (N, C, S, S) turned by a random number of quarter turns and flipped: the eight symmetries."""
    which = torch.randint(0, 4, (x.shape[0],), generator=random).to(x.device)
    turned = torch.stack([torch.rot90(x, k, (2, 3)) for k in range(4)])
    return mirror(turned[which, torch.arange(x.shape[0], device=x.device)], random)


def symmetry(x: Tensor, flips: str, random: torch.Generator) -> Tensor:
    """Examples (N, C, H, W) under a random one of the symmetries that a setting ``flips`` names: none, mirror, turns."""
    if flips == "none":
        return x
    return mirror(x, random) if flips == "mirror" else turn(x, random)


@dataclass(frozen=True)
class Changes:
    """What both players' examples go through before they are judged.

    Args:
        shift: furthest translation, share of the side.
        hole: side of the square that is hidden, share of the side.
        colour: strength of `recolour`; of sprites only.
        empty: what a hole holds.
    """

    shift: float = 0.0
    hole: float = 0.0
    colour: float = 0.0
    empty: float = 0.0

    def each(self) -> Iterator[Change]:
        """Those that do anything, in order: a hole comes last, so that it hides what it should."""
        if self.colour:
            yield lambda x, random: recolour(x, self.colour, random)
        if self.shift:
            yield lambda x, random: translate(x, self.shift, random)
        if self.hole:
            yield lambda x, random: cut_out(x, self.hole, self.empty, random)


SPAN = 25_000
"""Examples judged over which the chance of a change grows from 0 to 1, where a discriminator is always surer than it
should be. Karras et al. take 500,000 for networks and data that are far larger."""
MOST = 0.8
"""Chance beyond which what is done to examples begins to show in samples (Karras et al. 2020, section 2.2)."""
SCORES = 64
"""Scores between two changes of that chance."""


class Chance(nn.Module):
    """How often examples are changed: more often while a discriminator is too sure of what it learned by heart.

    Its buffers are part of the training state. Source: adaptive discriminator augmentation, Karras et al. 2020,
    section 3, with the measure r_t: the mean sign of the scores of real training examples.

    Args:
        target: of that mean sign; 0 changes every example, always.
    """

    chance: Tensor
    signs: Tensor
    seen: Tensor

    def __init__(self, target: float) -> None:
        super().__init__()
        self.target = target
        for name in ("chance", "signs", "seen"):
            self.register_buffer(name, torch.zeros((), dtype=torch.float64))

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """A state from before the chance was adapted begins it anew."""
        return super().load_state_dict(state_dict, strict, assign) if state_dict else None

    def apply_to(self, x: Tensor, changes: Changes, random: torch.Generator) -> Tensor:
        """(N, C, H, W) examples, each changed in each way with this chance."""
        for change in changes.each():
            x = change(x, random) if not self.target else self._some(x, change(x, random), random)
        return x

    def _some(self, x: Tensor, changed: Tensor, random: torch.Generator) -> Tensor:
        chosen = torch.rand(len(x), generator=random, dtype=torch.float64) < self.chance
        return torch.where(chosen.to(x.device)[:, None, None, None], changed, x)

    @torch.no_grad()
    def learn(self, scores: Tensor) -> None:
        """Adapt to (N,) scores of real examples, on a scale where 0 is undecided."""
        self.signs += scores.sign().sum().double().cpu()
        self.seen += len(scores)
        if float(self.seen) < SCORES:
            return
        step = float(self.seen) / SPAN
        surer = float(self.signs / self.seen) > self.target
        self.chance.copy_((self.chance + (step if surer else -step)).clamp(0, MOST))
        self.signs.zero_()
        self.seen.zero_()
