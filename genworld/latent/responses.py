"""How measured attributes answer to moves of the code: what a reading learns from its own moves, and how often it is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from genworld import sampling, seeding
from genworld.latent.fitting import FLAT, Numbers
from genworld.latent.reading import Reading, Rows
from genworld.latent.survey import DECODED_AT_ONCE, Survey
from genworld.measure.attributes import measured
from genworld.models.base import LatentModel

TRIED = 384
"""Samples that each slider moves in each round of practice."""
NEAR, FAR = 0.5, 2.5
"""Positions by which they are moved, either way."""
JUDGED = 128
"""Samples on which sliders are judged, none of which anything was fitted to."""
BY = 2.0
"""Positions by which a judged slider moves."""

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

    def codes(self, chosen: Rows) -> Numbers:
        """(N, D) what leads the codes of the chosen samples."""
        return self.survey.codes[chosen, : self.model.leading].astype(np.float64)

    def measured(self, codes: Numbers, chosen: Rows) -> Measured:
        """(N, A) attributes at codes that (N, D) lead, of the classes and with the details of the chosen samples."""
        weights, parts = self.survey.weights[chosen], []
        for start in range(0, len(chosen), DECODED_AT_ONCE):
            end = start + DECODED_AT_ONCE
            details = self.survey.codes[chosen[start:end], self.model.leading :]
            whole = np.concatenate([codes[start:end].astype(np.float32), details], axis=1)
            parts.append(self._measured(whole, weights[start:end]))
            self.told(len(parts[-1]))
        return np.concatenate(parts)

    def _measured(self, codes: NDArray[np.float32], weights: NDArray[np.float32]) -> Measured:
        with sampling.bulk():
            examples = self.model.decode_code(torch.from_numpy(codes), torch.from_numpy(weights.copy()))
        return measured(examples, self.model.spec)


def practice(looking: Looking, reading: Reading, rows: Rows, count: int, turn: int) -> tuple[Numbers, Measured]:
    """Codes to which the sliders move samples, and what is measured there: where a reading is wrong, it is led there.

    Args:
        looking: at the model.
        reading: as it is by now.
        rows: the sliders that move.
        count: the samples that are moved are among the first ones, so many.
        turn: of practice, so that others are moved each time.
    """
    random = seeding.numpy_stream(0, f"practice/{turn}")
    codes, found = [], []
    for row in rows:
        chosen = random.integers(0, count, TRIED)
        by = random.uniform(NEAR, FAR, TRIED) * random.choice([-1.0, 1.0], TRIED)
        codes.append(_moved(looking.codes(chosen), reading, row, by))
        found.append(looking.measured(codes[-1], chosen))
    return np.concatenate(codes), np.concatenate(found)


def holding(looking: Looking, reading: Reading, row: int, chosen: Rows) -> float:
    """Share of the chosen samples whose attribute goes as stated when its slider moves by `BY`; the worse of both ways.

    Those at the end of the scale already, beyond which no sample of the survey is, are left out.
    """
    before, whole = looking.survey.attributes[chosen, row], looking.survey.attributes[:, row]
    codes = looking.codes(chosen)
    up, down = (
        looking.measured(_moved(codes, reading, row, np.full(len(chosen), by)), chosen)[:, row] for by in (BY, -BY)
    )
    return min(_share(up > before, before < np.nanmax(whole)), _share(down < before, before > np.nanmin(whole)))


def _moved(codes: Numbers, reading: Reading, row: int, by: Numbers) -> Numbers:
    rows = np.array([row])
    return reading.moved(codes, rows, reading.positions(codes)[:, rows] + by[:, None])


def _share(right: NDArray[np.bool_], could: NDArray[np.bool_]) -> float:
    """Of those that could; NaN compares as wrong."""
    return float(right[could].mean()) if could.any() else 0.0


def varying(values: Numbers) -> Rows:
    """The columns of (N, A) standardised values in which there is anything to read."""
    known = np.isfinite(values)
    return np.flatnonzero(np.where(known, np.abs(values), 0.0).max(axis=0, initial=0.0) > FLAT)
