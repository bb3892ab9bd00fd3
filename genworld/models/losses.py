"""Adversarial losses: small functions of one signature, and the gradient penalties."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]
"""From (N,) scores of real and (N,) scores of generated examples to a scalar."""


class AdversarialLoss(NamedTuple):
    """What each of the two players lowers.

    Args:
        discriminator, generator: their losses.
        between: whether the penalty asks for a slope of one between real and generated examples, which a Wasserstein
            distance needs; else for none at the examples.
    """

    discriminator: Loss
    generator: Loss
    between: bool = False


def _non_saturating_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def _non_saturating_generator(real: Tensor, fake: Tensor) -> Tensor:  # noqa: ARG001  one signature for all
    return F.softplus(-fake).mean()


def _relativistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(fake - real).mean()


def _relativistic_generator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(real - fake).mean()


def _wasserstein_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return fake.mean() - real.mean()


def _hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def _linear_generator(real: Tensor, fake: Tensor) -> Tensor:  # noqa: ARG001  one signature for all
    return -fake.mean()


LOSSES = {
    # Goodfellow et al. 2014, section 3
    "non-saturating": AdversarialLoss(_non_saturating_discriminator, _non_saturating_generator),
    # Jolicoeur-Martineau 2019, paired; each real is scored against a fake, so that a dropped mode keeps costing
    # (Huang et al. 2024, equation 2)
    "relativistic": AdversarialLoss(_relativistic_discriminator, _relativistic_generator),
    # Arjovsky et al. 2017, with the penalty of Gulrajani et al. 2017
    "wasserstein": AdversarialLoss(_wasserstein_discriminator, _linear_generator, between=True),
    # Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17
    "hinge": AdversarialLoss(_hinge_discriminator, _linear_generator),
}


def gradient_penalty(scores: Tensor, inputs: Tensor) -> Tensor:
    """Mean squared norm of the scores' gradient at the inputs (R1 of Mescheder et al. 2018 on real examples, R2 on generated)."""
    (gradient,) = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()


def unit_slope_penalty(scores: Tensor, inputs: Tensor) -> Tensor:
    """Mean squared distance from 1 of the norm of the scores' gradient at the inputs (Gulrajani et al. 2017, equation 3)."""
    (gradient,) = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
    norm = (gradient.square().sum(dim=(1, 2, 3)) + 1e-12).sqrt()
    return (norm - 1).square().mean()


def between(real: Tensor, fake: Tensor, random: torch.Generator) -> Tensor:
    """(N, C, H, W) points on the lines from real to generated examples, where that penalty is taken."""
    share = torch.rand(len(real), 1, 1, 1, generator=random).to(real)
    return torch.lerp(real.detach(), fake.detach(), share).requires_grad_(True)
