"""Levels in bulk: arrays of tile ids from many samples at once, for what only counts and measures.

Sample k of a seed is drawn from the same noise as alone, but the sums of large batches on all threads differ in the
last bits, so here and there a tile may be another: nothing that is kept, shown or exported is made here.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genworld.content import Level, LevelSpec
from genworld.errors import GenworldError
from genworld.models.base import GenerativeModel, LatentModel, SampleRequest

DECODED = 128
"""Levels that are decoded together: what passes between the layers then stays near the processor."""
DRAWN = 1024
"""Levels that are drawn together cell by cell, each step for all of them."""


def grids(
    model: GenerativeModel, seed: int, count: int, *, start: int = 0, size: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """Tile ids of samples `start` to `start + count - 1` of a seed; not the canonical render.

    Args:
        model: of levels.
        seed: of the noise.
        count: how many, at least 1.
        start: index of the first.
        size: (rows, columns) in tiles, for a model that can make any; None for its own.

    Returns:
        (count, H, W) tile ids.

    Raises:
        GenworldError: the model makes sprites, or no level is asked for.
    """
    if not isinstance(model.spec, LevelSpec) or count < 1:
        raise GenworldError(
            f"Tile ids are of one level or more, but {count} {model.spec.kind}s were asked for; ask for levels."
        )
    requests = [SampleRequest(seed, index, size=size) for index in range(start, start + count)]
    step = DECODED if isinstance(model, LatentModel) else DRAWN
    with torch.inference_mode():
        return np.concatenate([_batch(model, requests[first : first + step]) for first in range(0, count, step)])


def _batch(model: GenerativeModel, requests: list[SampleRequest]) -> NDArray[np.uint8]:
    if isinstance(model, LatentModel):
        condition = model.condition(requests)
        code = model.code(model.noise(requests), condition, model.variety_column(requests))
        return highest(model.raw(code, condition)).cpu().numpy()
    return np.stack([level.tiles for level in model.sample(requests) if isinstance(level, Level)])


def highest(raw: Tensor) -> Tensor:
    """(N, H, W) uint8 ids of the highest of (N, T, H, W) logits, the first one of equals.

    Tile by tile: several times as quick as an argmax across planes.

    >>> highest(torch.tensor([[[[0.0, 2.0, 1.0]], [[1.0, 2.0, 0.0]]]])).tolist()
    [[[1, 0, 0]]]
    """
    best, ids = raw[:, 0].clone(), torch.zeros_like(raw[:, 0], dtype=torch.uint8)
    for tile in range(1, raw.shape[1]):
        plane = raw[:, tile]
        ids.masked_fill_(plane > best, tile)
        torch.maximum(best, plane, out=best)
    return ids
