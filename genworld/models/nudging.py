"""Nudges: what is added to the log-chance of each tile."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, Tag
from genworld.errors import GenworldError, unknown
from genworld.provenance import Nudges

MOST = 8.0
"""Furthest nudge of one tag, in nats."""


def tile_nats(legend: Legend, nudges: Nudges) -> NDArray[np.float64] | None:
    """(T,) nats added to the log-chance of each tile, all its tags together; None where that changes nothing.

    Raises:
        GenworldError: a tag that is none, or a nudge out of range.
    """
    nats = np.zeros(len(legend.tiles))
    for name, amount in nudges:
        if name not in {tag.value for tag in Tag}:
            raise unknown("tile tag", name, [tag.value for tag in Tag])
        if not (math.isfinite(amount) and abs(amount) <= MOST):
            raise GenworldError(
                f"A nudge goes from {-MOST:g} to {MOST:g}, but {amount:g} came for {name!r}; choose a value within."
            )
        nats[list(legend.ids(Tag(name)))] += amount
    return nats if (nats != nats[0]).any() else None
