"""What is done to examples on the way into training."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


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
