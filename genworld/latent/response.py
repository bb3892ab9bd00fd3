"""What a slider changes: how strongly each pixel or cell answers it at a point."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genworld import sampling
from genworld.latent.directions import directions_of
from genworld.models.point import Point, codes_of
from genworld.sampling import LoadedModel, latent_model


def response(loaded: LoadedModel, point: Point, key: str) -> NDArray[np.float32]:
    """How strongly each place answers a slider: the slope of what the decoder shows along the way that moves the slider.

    Args:
        loaded: the model.
        point: where.
        key: id of a direction.

    Returns:
        (H, W) float32, 0 to 1: the size of the slope, summed over channels (premultiplied RGBA, or the chance of each
        tile), the largest being 1; all 0 where nothing answers.

    Raises:
        GenworldError: an unknown id.

    Source: Simonyan et al. 2014, *Deep inside convolutional networks*, section 3, turned round: one direction in, all
        pixels out. By two backward passes, as torch's forward mode takes many seconds to load what it needs.
    """
    known = directions_of(loaded)
    (row,) = known.rows([key])
    model = latent_model(loaded)
    with sampling.canonical(), torch.inference_mode(False), torch.enable_grad():
        code, weights = (part.clone() for part in codes_of(model, [point]))
        read = code[:, : model.leading].cpu().numpy().astype(np.float64)
        step = known.reading.steps(read)[:, row]
        whole = torch.zeros_like(code)
        whole[:, : model.leading] = torch.from_numpy(step)
        code.requires_grad_(True)
        slope = _along(model.codec.shown(model.raw(code, weights)), code, whole)
    return _scaled(slope[0].abs().sum(dim=0).detach().cpu().numpy())


def _along(shown: Tensor, code: Tensor, step: Tensor) -> Tensor:
    """(1, channels, H, W) slope of what is shown along a step: the derivative of the backward pass by what enters it."""
    entering = torch.zeros_like(shown, requires_grad=True)
    (back,) = torch.autograd.grad(shown, code, entering, create_graph=True)
    (slope,) = torch.autograd.grad(back, entering, step)
    return slope


def _scaled(strength: NDArray[np.float32]) -> NDArray[np.float32]:
    most = float(strength.max())
    return strength / np.float32(most) if most > 0 else np.zeros_like(strength)
