"""Codes that come near to many examples at once: where training examples lie on the maps of a model without an encoder.

`genworld.latent.inversion` finds one example as well as can be; here a place on a map will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genworld.content import Example
from genworld.latent.likeness import Likeness, likeness
from genworld.latent.survey import Survey, Told
from genworld.models.base import LatentModel
from genworld.models.descent import Cost, downhill
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
    space = _Space.of_codes(torch.from_numpy(survey.codes[:COMPARED].copy()))
    first = _likest(model, survey, model.codec.stack(examples))
    codes, weights = (torch.from_numpy(rows[first]) for rows in (survey.codes, survey.weights))
    found = []
    for start in range(0, len(examples), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        cost = _cost(model, space, likeness(model.codec, *examples[part]), weights[part])
        with torch.enable_grad():
            found.append(space.back(downhill(cost, space.of(codes[part]), STEPS, RATE)))
        told(min(start + AT_ONCE, len(examples)), len(examples))
    return torch.cat(found).numpy(), weights.numpy()


@dataclass(frozen=True)
class _Space:
    """Between codes and standardised ones. Descents of few steps end lower here than in a whitened space, which holds
    them back where codes hardly vary.

    Args:
        mean, spread: (code_dim,) of codes.
    """

    mean: Tensor
    spread: Tensor

    @classmethod
    def of_codes(cls, codes: Tensor) -> _Space:
        return cls(codes.mean(dim=0), codes.std(dim=0, correction=0).clamp(min=1e-6))

    def of(self, codes: Tensor) -> Tensor:
        return (codes - self.mean) / self.spread

    def back(self, standardised: Tensor) -> Tensor:
        return self.mean + self.spread * standardised


@torch.no_grad()
def _likest(model: LatentModel, survey: Survey, wanted: Tensor) -> NDArray[np.int64]:
    """(N,) indices of the samples that each example differs least from."""
    rows = torch.tensor(survey.codes[:COMPARED]), torch.tensor(survey.weights[:COMPARED])
    parts = [_looks(model, *(each[at : at + AT_ONCE] for each in rows)) for at in range(0, COMPARED, AT_ONCE)]
    return torch.cdist(wanted.flatten(1).float(), torch.cat(parts)).argmin(dim=1).numpy()


def _looks(model: LatentModel, codes: Tensor, weights: Tensor) -> Tensor:
    """(N, channels * H * W) what codes look like, as the codec has it."""
    return model.codec.stack(model.decode_code(codes, weights)).flatten(1).float()


def _cost(model: LatentModel, space: _Space, like: Likeness, weights: Tensor) -> Cost:
    """From (N, code_dim) standardised codes to (N,): how much each differs from its own example."""
    return lambda codes: like.cost(model.raw(space.back(codes), weights)) + LEASH * codes.square().mean(dim=1)
