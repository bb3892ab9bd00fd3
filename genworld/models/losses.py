"""Adversarial losses: small functions of one signature, and the gradient penalty."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]
"""From (N,) scores of real and (N,) scores of generated examples to a scalar."""


class AdversarialLoss(NamedTuple):
    """What each of the two players lowers."""

    discriminator: Loss
    generator: Loss


def _non_saturating_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def _non_saturating_generator(real: Tensor, fake: Tensor) -> Tensor:  # noqa: ARG001  one signature for all
    return F.softplus(-fake).mean()


def _relativistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(fake - real).mean()


def _relativistic_generator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(real - fake).mean()


LOSSES = {
    # Goodfellow et al. 2014, section 3
    "non-saturating": AdversarialLoss(_non_saturating_discriminator, _non_saturating_generator),
    # Jolicoeur-Martineau 2019, paired; each real is scored against a fake, so that a dropped mode keeps costing
    # (Huang et al. 2024, equation 2)
    "relativistic": AdversarialLoss(_relativistic_discriminator, _relativistic_generator),
}


def gradient_penalty(scores: Tensor, inputs: Tensor) -> Tensor:
    """Mean squared norm of the scores' gradient at the inputs (R1 of Mescheder et al. 2018 on real examples, R2 on generated)."""
    (gradient,) = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()
