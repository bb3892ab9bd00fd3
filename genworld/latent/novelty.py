"""How new a sample is, told without the data: by fingerprints, and by the few training examples that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from genworld.checkpoint import Checkpoint
from genworld.content import Example, Level, Sprite
from genworld.latent import examples, learned
from genworld.measure import fingerprints
from genworld.measure.fingerprints import Fingerprints, Stack
from genworld.measure.windows import Symmetry

PARTS = 36
"""Windows of one large sample that are looked for, at most."""
HALF = 2
"""Windows of samples start half of their side apart."""


@dataclass(frozen=True)
class Nearest:
    """How near a sample is to what its model learned from.

    Args:
        exact, near: whether it equals a training example, or almost; of a large level, whether a part of it does.
        distance: to the nearest of all training examples, about: a root mean square difference of sprites, 0 to 1, or
            the share of tiles that differ; None where the model keeps no fingerprints.
        error: share by which that is off, one standard deviation.
        known, total: examples with a fingerprint, and all examples.
        apart: how far a training example is from the nearest other one, in the middle.
        shown: the nearest of the few examples that are kept as they are; None where there are none.
        shown_distance: to that, exactly.
        shown_of: how many are kept.
        sides: rows and columns of the part of the sample that was compared; None where all of it was.
    """

    exact: bool = False
    near: bool = False
    distance: float | None = None
    error: float = 0.0
    known: int = 0
    total: int = 0
    apart: float = 0.0
    shown: Example | None = None
    shown_distance: float = 0.0
    shown_of: int = 0
    sides: tuple[int, int] | None = None


def nearest(checkpoint: Checkpoint, example: Example) -> Nearest | None:
    """How near an example is to what a model learned from.

    Returns:
        None where the model keeps nothing of it, or where the example is of another size, too small, or all one tile.
    """
    prints, few = learned.of(checkpoint), examples.of(checkpoint)
    sides = _sides(checkpoint, prints, few)
    parts = _parts(example, sides) if sides else None
    if parts is None:
        return None
    symmetry = learned.symmetry_of(checkpoint)
    found, parts = _by_fingerprints(prints, parts, symmetry) if prints else (Nearest(), parts)
    found = replace(found, sides=None if sides == _size(example) else sides)
    return _beside(found, parts, few, symmetry)


def _sides(checkpoint: Checkpoint, prints: Fingerprints | None, few: Sequence[Example]) -> tuple[int, int] | None:
    """Rows and columns of what is compared."""
    if prints is not None:
        return prints.height, prints.width
    return learned.sides(checkpoint.spec, few, checkpoint.family) if few else None


def _size(example: Example) -> tuple[int, int]:
    return example.height, example.width


def _parts(example: Example, sides: tuple[int, int]) -> Stack | None:
    """(N, rows, columns, ...) what of an example is compared, the whole or windows; None where there is nothing."""
    if isinstance(example, Sprite):
        return example.pixels[None] if _size(example) == sides else None
    if _size(example) == sides:
        return example.tiles[None]
    parts = learned.cut(example.tiles, sides, HALF)
    busy = parts[~learned.plain(parts)]
    return busy[np.unique(np.linspace(0, len(busy) - 1, PARTS).round().astype(int))] if len(busy) else None


def _by_fingerprints(prints: Fingerprints, parts: Stack, symmetry: Symmetry) -> tuple[Nearest, Stack]:
    """What fingerprints say, and (1, ...) the part that is nearest."""
    told = prints.find(parts, symmetry)
    at = int(told.distance.argmin())
    found = Nearest(
        exact=bool(told.exact.any()),
        near=bool(told.near.any()),
        distance=float(told.distance[at]),
        error=prints.error,
        known=len(prints),
        total=prints.total,
        apart=prints.apart,
    )
    return found, parts[at : at + 1]


def _beside(found: Nearest, parts: Stack, few: Sequence[Example], symmetry: Symmetry) -> Nearest:
    """What was found, with the nearest of the examples that are kept as they are."""
    known = _stack(few, parts.shape[1:3])
    if not len(known):
        return found
    versions = [version for part in parts for version in fingerprints.turned(part[None], symmetry)]
    smallest = np.min([fingerprints.true_distances(version, known) for version in versions], axis=0)
    at = int(smallest.argmin())
    return replace(found, shown=_like(few[0], known[at]), shown_distance=float(smallest[at]), shown_of=len(few))


def _stack(few: Sequence[Example], sides: tuple[int, ...]) -> Stack:
    """(N, rows, columns, ...) the kept examples, or all their windows where they are larger."""
    rows, columns = sides
    cut = [
        each.pixels[None] if isinstance(each, Sprite) else learned.cut(each.tiles, (rows, columns), learned.OVERLAP)
        for each in few
    ]
    fitting = [each for each in cut if each.shape[1:3] == (rows, columns)]
    return np.concatenate(fitting) if fitting else np.zeros((0, rows, columns), np.uint8)


def _like(one: Example, array: Stack) -> Example:
    return Level(array, one.legend) if isinstance(one, Level) else Sprite(array)
