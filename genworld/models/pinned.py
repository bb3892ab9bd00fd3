"""Cells that must stay: how families that keep to them exactly are asked, and are told what is pinned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.content import Level
from genworld.errors import GenworldError
from genworld.models.base import SampleRequest
from genworld.provenance import Nudges

FREE = -1


def pins_of(request: SampleRequest, size: tuple[int, int]) -> NDArray[np.int16]:
    """(H, W) tile ids that must stay, -1 where free.

    Raises:
        GenworldError: pins of another size than the sample's.
    """
    if request.pins is None:
        return np.full(size, FREE, np.int16)
    if request.pins.shape != size:
        rows, columns = request.pins.shape
        raise GenworldError(
            f"Pins for {size[0]} x {size[1]} tiles were expected, but {rows} x {columns} came; give the size of the pins."
        )
    return request.pins


def all_but(
    level: Level, mask: NDArray[np.bool_], *, seed: int, temperature: float, nudges: Nudges = ()
) -> SampleRequest:
    """What is asked where the cells in `mask` (H, W) are made anew: all others of the level are pinned."""
    pins = np.where(mask, FREE, level.tiles.astype(np.int16)).astype(np.int16)
    size = (level.height, level.width)
    return SampleRequest(seed, 0, variety=temperature, size=size, pins=pins, nudges=nudges)
