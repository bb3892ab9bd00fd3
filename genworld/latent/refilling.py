"""More like a level, by models without a latent space that fill: parts of it made anew, or taken from another one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genworld import limits, shaping
from genworld.content import Level
from genworld.latent.parts import Mask, box, boxes, seam
from genworld.provenance import FillOrigin, Nudges, Origin, SeedOrigin, chain
from genworld.sampling import LoadedModel, Sampled

LEAST, MOST = 0.06, 0.75
"""Share of the cells that are made anew, at `far` 0 and 1."""
PART = (0.35, 0.75)
"""Share of a level's rows and of its columns that are taken from the other parent."""
PARTS = 6
"""Boxes among which the part is chosen."""


def refilled(loaded: LoadedModel, levels: Sequence[Sampled], random: np.random.Generator, far: float) -> Sampled:
    """A parent with boxes of it made anew, and a part of another one put in where there is one that fits."""
    parent = levels[int(random.integers(len(levels)))]
    level = shaping.level_of(parent)
    mask = boxes(level, LEAST + (MOST - LEAST) * far, random)
    mates = [each for each in levels if each is not parent and _fits(shaping.level_of(each), level)]
    if mates:
        mate = shaping.level_of(mates[int(random.integers(len(mates)))])
        part = _part(level, mate, random)
        parent = shaping.changed(parent, np.where(part, mate.tiles, level.tiles))
        mask |= seam(part)
    warmth, nudges = _mood(parent.origin)
    return shaping.redo(
        parent, mask, loaded=loaded, seed=int(random.integers(limits.MAX_SEED)), temperature=warmth, nudges=nudges
    )


def _fits(mate: Level, level: Level) -> bool:
    return mate.tiles.shape == level.tiles.shape and mate.legend.digest == level.legend.digest


def _part(level: Level, mate: Level, random: np.random.Generator) -> Mask:
    """(H, W) a box that holds about half of what tells two levels apart, so that a child has something of both."""
    differs = level.tiles != mate.tiles
    parts = [box(level, random.uniform(*PART, 2), random) for _ in range(PARTS)]
    return min(parts, key=lambda part: abs(int(differs[part].sum()) - int(differs[~part].sum())))


def _mood(origin: Origin) -> tuple[float | None, Nudges]:
    """The temperature and the nudges with which a level was drawn last."""
    for link in chain(origin):
        if isinstance(link, FillOrigin | SeedOrigin):
            return link.temperature, link.nudges
    return None, ()
