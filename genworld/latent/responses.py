"""How measured attributes answer to moves of the code: which step does what it says, and how often it does.

The step that goes with an attribute among the samples, covariance times readout, stays where the model knows things.
Where the attribute has an end to its scale, or the picture answers unevenly, a step that was fitted to answers holds
more often: random moves are tried on many samples, and what happened is regressed on the move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from genworld import sampling, seeding
from genworld.latent.fitting import FLAT, Cloud, Numbers, ridge
from genworld.latent.survey import DECODED_AT_ONCE, Survey
from genworld.measure.attributes import measured
from genworld.models.base import LatentModel

REACH = 0.5
"""Length of the random moves, in differences between a sample and the mean."""
CUT = 2.0
"""Standard deviations beyond which an answer counts as one there."""
TRIED = 2048
"""Samples that are moved at random."""
JUDGED = 96
"""Samples on which a step is judged, none of which it was fitted to."""
FAR = 2.0
"""Positions by which a judged step is moved."""

Measured = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Looking:
    """Measures moved samples of a survey.

    Args:
        survey: drawn and measured.
        model: of the survey.
        told: called with how many more samples were measured.
    """

    survey: Survey
    model: LatentModel
    told: Callable[[int], None]

    def moved(self, chosen: NDArray[np.intp], moves: Numbers) -> Measured:
        """(N, A) attributes of the chosen samples, their codes moved by (N, D) or (D,) `moves`."""
        codes = self._drawn(self.survey.codes)[chosen] + np.broadcast_to(moves, (len(chosen), self.model.code_dim))
        weights = self.survey.weights[chosen]
        parts = []
        for start in range(0, len(chosen), DECODED_AT_ONCE):
            end = start + DECODED_AT_ONCE
            parts.append(self._measured(codes[start:end].astype(np.float32), weights[start:end]))
            self.told(len(parts[-1]))
        return np.concatenate(parts)

    def _measured(self, codes: NDArray[np.float32], weights: NDArray[np.float32]) -> Measured:
        with sampling.bulk():
            examples = self.model.decode_code(torch.from_numpy(codes), torch.from_numpy(weights.copy()))
        return measured(examples, self.model.spec)

    @staticmethod
    def _drawn(codes: NDArray[np.float32] | None) -> NDArray[np.float32]:
        assert codes is not None  # noqa: S101  the survey is of a latent model
        return codes


def answers(looking: Looking, cloud: Cloud) -> Numbers:
    """(A, 2, D) slopes of each attribute's answer to random moves: of its sign, and of the answer itself, tails cut."""
    random = seeding.numpy_stream(0, "responses")
    count = min(TRIED, cloud.fitted)
    moves = cloud.centred[random.permutation(len(cloud.centred))[:count]] * random.choice([-REACH, REACH], (count, 1))
    change = looking.moved(np.arange(count), moves) - looking.survey.attributes[:count]
    return np.stack([_slopes(moves, column.astype(np.float64), cloud) for column in change.T])


def _slopes(moves: Numbers, change: Numbers, cloud: Cloud) -> Numbers:
    known = np.isfinite(change)
    usual = CUT * max(float(change[known].std()), FLAT) if known.any() else FLAT
    each = np.sign(change), np.clip(change, -usual, usual)
    return np.stack([ridge(moves[known], answer[known], cloud.ridge)[0] for answer in each])


def holding(looking: Looking, cloud: Cloud, step: Numbers, column: int) -> float:
    """Share of the judged samples whose attribute goes as stated when it moves by `FAR` steps; the worse of both ways."""
    chosen = np.arange(cloud.fitted, min(cloud.fitted + JUDGED, len(cloud.centred)))
    before = looking.survey.attributes[chosen, column]
    ends = np.nanmin(looking.survey.attributes[:, column]), np.nanmax(looking.survey.attributes[:, column])
    up = looking.moved(chosen, FAR * step)[:, column]
    down = looking.moved(chosen, -FAR * step)[:, column]
    return min(_share(up > before, before < ends[1]), _share(down < before, before > ends[0]))


def _share(right: NDArray[np.bool_], could: NDArray[np.bool_]) -> float:
    """Of those that could; NaN compares as wrong."""
    return float(right[could].mean()) if could.any() else 0.0
