"""Codes that come near to many examples at once: where training examples lie on the maps of a model without an encoder.

`genworld.latent.inversion` finds one example as well as can be; here a place on a map will do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from genworld.content import Example, LevelSpec
from genworld.latent.survey import Survey, Told
from genworld.models.base import LatentModel
from genworld.models.descent import Descent
from genworld.sampling import latent_model

COMPARED = 1_024
"""Samples of which the likest is where an example's code starts from."""
AT_ONCE = 32
STEPS, RATE = 80, 0.08
LEASH = 1e-3
"""Weight of the mean square of a standardised code: what lies far from the samples is hardly ever worth it."""

Rows = NDArray[np.float32]


def located(survey: Survey, examples: Sequence[Example], told: Told) -> tuple[Rows, Rows]:
    """(N, code_dim) codes and (N, K) class weights that come near to examples.

    Args:
        survey: of a latent model.
        examples: N, of the model's content and size.
        told: hears how many are done.
    """
    model = latent_model(survey.loaded)
    survey.draw(COMPARED)
    wanted = model.codec.stack(list(examples))
    first = _likest(model, survey, wanted)
    codes, weights = (torch.from_numpy(rows[first]) for rows in (survey.codes, survey.weights))
    mean, spread = (torch.from_numpy(rows) for rows in _shape(survey))
    found = []
    for start in range(0, len(wanted), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        cost = _cost(model, wanted[part], weights[part], mean, spread)
        descent = Descent((codes[part] - mean) / spread)
        with torch.enable_grad():
            for _ in range(STEPS):
                descent.step(cost, RATE)
        found.append(mean + spread * descent.at)
        told(min(start + AT_ONCE, len(wanted)), len(wanted))
    return torch.cat(found).numpy(), weights.numpy()


def _shape(survey: Survey) -> tuple[Rows, Rows]:
    """(code_dim,) mean and standard deviation of the codes."""
    codes = survey.codes[:COMPARED]
    return codes.mean(axis=0), np.maximum(codes.std(axis=0), 1e-6)


@torch.no_grad()
def _likest(model: LatentModel, survey: Survey, wanted: Tensor) -> NDArray[np.int64]:
    """(N,) indices of the samples that each example differs least from."""
    rows = torch.tensor(survey.codes[:COMPARED]), torch.tensor(survey.weights[:COMPARED])
    parts = [_looks(model, *(each[at : at + AT_ONCE] for each in rows)) for at in range(0, COMPARED, AT_ONCE)]
    return torch.cdist(wanted.flatten(1).float(), torch.cat(parts)).argmin(dim=1).numpy()


def _looks(model: LatentModel, codes: Tensor, weights: Tensor) -> Tensor:
    """(N, channels * H * W) what codes look like, as the codec has it."""
    return model.codec.stack(model.decode_code(codes, weights)).flatten(1).float()


def _cost(
    model: LatentModel, wanted: Tensor, weights: Tensor, mean: Tensor, spread: Tensor
) -> Callable[[Tensor], Tensor]:
    """From (N, code_dim) standardised codes to (N,): how much each differs from its own example."""
    level = isinstance(model.spec, LevelSpec)

    def cost(codes: Tensor) -> Tensor:
        raw = model.raw(mean + spread * codes, weights)
        differing = F.cross_entropy(raw, wanted, reduction="none") if level else (raw - wanted).square()
        return differing.flatten(1).mean(dim=1) + LEASH * codes.square().mean(dim=1)

    return cost
