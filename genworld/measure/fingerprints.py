"""Fingerprints of training examples: a few bytes each, by which copies are found without the data.

- A *hash* of the example in the least of its versions (mirrored, turned as training turned it) tells whether a sample
  equals any, without fail.
- A *sketch* (see `genworld.measure.sketches`) tells how far a sample is from each, about. Of the smallest of thousands of
  such distances chance has picked one that is too small; by how much is measured on the examples themselves and set right.

Neither gives an example back: fingerprints may go where the data may not. Of samples made on purpose to lie around the border
of near copies, these shares were found, and of those said to be near these were: sprites of 32 x 32 pixels among 20,000, 96%
and 95%; rooms of 24 x 24 tiles among 4,834, 95% and 94%; rooms of 10 x 10 among 17,887, 89% and 97%. Distances of unseen
examples to the nearest were off by 7%, 8% and 13% on average.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld import seeding
from genworld.measure import level_copies, sketches, sprite_copies
from genworld.measure.neighbours import squared_distances
from genworld.measure.windows import Symmetry, versions

Stack = NDArray[np.uint8]
"""(N, H, W, 4) sprites or (N, H, W) levels."""
Distances = NDArray[np.float64]
"""(N,) root mean square differences of sprites, 0 to 1, or shares of the cells of levels that differ."""

MOST = 20_000
"""Examples with a fingerprint, at most: 1.4 MB. Of more, as many are drawn."""
FINE, COARSE = 128, 64
"""Sums of a sketch; the second where there are more than `FINE_MOST` examples."""
FINE_MOST = 10_000
TRIED = 128
"""Examples on which distances are set right."""
CANDIDATES = 16
"""Nearest by sketch, of which the nearest in truth is looked for."""
STEP = 64
"""Samples that are looked for at once."""
SIDES = (1, 4096)
NUMBERS = 6


@dataclass(frozen=True)
class Found:
    """What fingerprints say of N samples.

    Args:
        exact: (N,) whether it equals a training example.
        near: (N,) whether it is almost one.
        distance: (N,) to the nearest training example, about.
    """

    exact: NDArray[np.bool_]
    near: NDArray[np.bool_]
    distance: Distances


@dataclass(frozen=True)
class Fingerprints:
    """Those of M examples of one size.

    Args:
        height, width: of the examples, in pixels or tiles.
        hashes: (M,) sorted.
        sums: (M, K) whole sketches less `centre`, in units of `unit`.
        centre: (K,).
        unit: of the sums.
        total: examples there were.
        apart: how far an example is from the nearest other one, in the middle.
        stretch: by which the smallest of all distances is too small.
    """

    height: int
    width: int
    hashes: NDArray[np.uint64]
    sums: NDArray[np.int8]
    centre: NDArray[np.int32]
    unit: int
    total: int
    apart: float
    stretch: float

    def __len__(self) -> int:
        return len(self.sums)

    @property
    def error(self) -> float:
        """Share by which a distance is off, one standard deviation."""
        return float(np.sqrt(0.5 / self.sums.shape[1]))

    def find(self, samples: Stack, symmetry: Symmetry) -> Found:
        """Look for samples of the same size among the examples.

        Args:
            samples: (N, H, W, 4) sprites, which are looked for mirrored too, or (N, H, W) levels.
            symmetry: turns and flips of levels that training used.
        """
        plain = _plain(samples)
        raw, exact = self._smallest(plain, symmetry), np.isin(_hashes(plain, symmetry), self.hashes)
        near = exact | (raw < sprite_copies.NEAR if samples.ndim == 4 else raw <= level_copies.NEAR)
        return Found(exact, near, np.where(exact, 0.0, self._set_right(raw)))

    def _set_right(self, raw: Distances) -> Distances:
        """Distances by sketch, stretched the more the more examples are about as near: of one that is alone nearest none is
        picked by chance."""
        crowd = np.minimum(1.0, raw * self.stretch / self.apart) if self.apart else np.ones_like(raw)
        stretched: Distances = raw * (1 + (self.stretch - 1) * crowd)
        return stretched

    def _smallest(self, plain: Stack, symmetry: Symmetry) -> Distances:
        """(N,) the smallest distance by sketch, not yet stretched."""
        parts = [plain[start : start + STEP] for start in range(0, len(plain), STEP)]
        smallest = [self.squared(part, symmetry).min(axis=1) for part in parts]
        return _distance(np.concatenate(smallest), plain)

    def squared(self, plain: Stack, symmetry: Symmetry) -> NDArray[np.float32]:
        """(N, M) mean square differences of sketches, of the nearest version of each sample; sprites premultiplied."""
        each = np.concatenate(list(turned(plain, symmetry)))
        count = self.sums.shape[1]
        rows = ((_sketches(each, count) - self.centre) / self.unit).astype(np.float32)
        blocks = [squared for _, squared in squared_distances(rows, self.sums.astype(np.float32))]
        nearest = np.concatenate(blocks).reshape(-1, len(plain), len(self)).min(axis=0)
        # A rounded sum is off by up to half a unit: a twelfth of its square on average.
        rounded = count / 12 if self.unit > 1 else 0.0
        mean: NDArray[np.float32] = np.maximum(nearest - np.float32(rounded), 0) * np.float32(self.unit**2 / count)
        return mean

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays, as they are kept."""
        numbers = [self.height, self.width, self.unit, self.total, self.apart, self.stretch]
        return {
            "hashes": self.hashes,
            "sums": self.sums,
            "centre": self.centre,
            "numbers": np.array(numbers, np.float64),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Fingerprints | None:
        """What `to_arrays` gave; None where it is not of that form: files may be of strangers or of another version."""
        wanted = {"hashes": (1, np.uint64), "sums": (2, np.int8), "centre": (1, np.int32), "numbers": (1, np.float64)}
        if wanted.keys() != arrays.keys() or any(
            (arrays[name].ndim, arrays[name].dtype) != (dimensions, np.dtype(kind))
            for name, (dimensions, kind) in wanted.items()
        ):
            return None
        hashes, sums, centre, numbers = (arrays[name] for name in wanted)
        if not _sound(hashes, sums, centre, numbers):
            return None
        height, width, unit, total = (int(number) for number in numbers[:4])
        return cls(height, width, hashes, sums, centre, unit, total, float(numbers[4]), float(numbers[5]))


def _sound(
    hashes: NDArray[np.uint64], sums: NDArray[np.int8], centre: NDArray[np.int32], numbers: NDArray[np.float64]
) -> bool:
    """Whether arrays of the right kinds fit each other and every number is within its bounds."""
    if numbers.shape != (NUMBERS,) or not np.isfinite(numbers).all() or not 0 < len(sums) <= MOST:
        return False
    if sums.shape[1] not in (FINE, COARSE) or centre.shape != (sums.shape[1],) or not 0 < len(hashes) <= MOST:
        return False
    height, width, unit, total, apart, stretch = numbers.tolist()
    sides = all(SIDES[0] <= side <= SIDES[1] for side in (height, width))
    return sides and 1 <= unit <= 2**31 and len(sums) <= total <= 2**31 and 0 <= apart <= 1 and 1 <= stretch <= 10


def learn(examples: Stack, symmetry: Symmetry) -> Fingerprints:
    """The fingerprints of training examples, the same for the same examples in the same order.

    Args:
        examples: (M, H, W, 4) sprites or (M, H, W) levels; of more than `MOST` as many are drawn.
        symmetry: turns and flips of levels that training used.
    """
    chosen = examples
    if len(examples) > MOST:
        order = seeding.numpy_stream(0, "measure/fingerprints").permutation(len(examples))
        chosen = examples[np.sort(order[:MOST])]
    chosen = _plain(chosen)
    whole = _sketches(chosen, FINE if len(chosen) <= FINE_MOST else COARSE)
    centre = np.rint(whole.mean(axis=0, dtype=np.float64)).astype(np.int32)
    unit = max(1, int(np.ceil(np.abs(whole - centre).max() / 127)))
    sums = np.rint((whole - centre) / unit).astype(np.int8)
    hashes = np.unique(_hashes(chosen, symmetry))
    height, width = chosen.shape[1:3]
    rough = Fingerprints(height, width, hashes, sums, centre, unit, len(examples), 0.0, 1.0)
    apart, stretch = _calibrated(rough, chosen, symmetry)
    return Fingerprints(height, width, hashes, sums, centre, unit, len(examples), apart, stretch)


def _calibrated(rough: Fingerprints, examples: Stack, symmetry: Symmetry) -> tuple[float, float]:
    """How far examples are from the nearest other one in the middle, and by how much sketches tell it too small.

    Args:
        examples: as `_plain` gave them.
    """
    if len(examples) < 2:
        return 0.0, 1.0
    tried = np.sort(seeding.numpy_stream(0, "measure/fingerprints/tried").permutation(len(examples))[:TRIED])
    squared = rough.squared(examples[tried], symmetry)
    squared[np.arange(len(tried)), tried] = np.inf
    told = _distance(squared.min(axis=1), examples)
    true = _true(squared, examples[tried], examples, symmetry)
    real = (told > 0) & (true > 0)
    stretch = float(np.median(true[real] / told[real])) if real.any() else 1.0
    return float(np.clip(np.median(true), 0, 1)), float(np.clip(stretch, 1, 10))


def _true(squared: NDArray[np.float32], rows: Stack, examples: Stack, symmetry: Symmetry) -> Distances:
    """(N,) true distance of rows to the nearest of those examples that are nearest by (N, M) sketches."""
    count = min(CANDIDATES, len(examples) - 1)
    nearest = np.argpartition(squared, count - 1, axis=1)[:, :count]
    each = [
        [_differences(version[row : row + 1], examples[nearest[row]]).min() for row in range(len(rows))]
        for version in turned(rows, symmetry)
    ]
    smallest: Distances = np.array(each).min(axis=0)
    return smallest


def true_distances(sample: Stack, others: Stack) -> Distances:
    """(M,) distances of (1, ...) one example to (M, ...) others as they lie, sprites straight."""
    return _differences(_plain(sample), _plain(others))


def _differences(sample: Stack, others: Stack) -> Distances:
    """The same, sprites premultiplied."""
    if sample.ndim == 4:
        gap = sample.astype(np.float32) - others
        return np.asarray(np.sqrt(np.square(gap).mean(axis=(1, 2, 3), dtype=np.float64)) / sketches.OPAQUE)
    return np.asarray((sample != others).mean(axis=(1, 2)))


def turned(examples: Stack, symmetry: Symmetry) -> Iterator[Stack]:
    """The versions that count as the same: of sprites the mirrored one, of levels those of `symmetry`."""
    if examples.ndim == 4:
        yield from (examples, examples[:, :, ::-1])
    else:
        yield from versions(examples, symmetry)


def _plain(examples: Stack) -> Stack:
    """Sprites premultiplied, levels as they are: what is compared."""
    return sketches.premultiplied(examples) if examples.ndim == 4 else examples


def _hashes(plain: Stack, symmetry: Symmetry) -> NDArray[np.uint64]:
    """(N,) 64 bits of each example, the same for all its versions; two that differ share them once in 10^19 pairs."""
    each = [[_hash(example) for example in version] for version in turned(plain, symmetry)]
    least: NDArray[np.uint64] = np.array(each, np.uint64).min(axis=0)
    return least


def _hash(example: NDArray[np.uint8]) -> int:
    return int.from_bytes(hashlib.blake2b(np.ascontiguousarray(example).data, digest_size=8).digest(), "big")


def _sketches(plain: Stack, count: int) -> sketches.Sums:
    return sketches.of_sprites(plain, count) if plain.ndim == 4 else sketches.of_levels(plain, count)


def _distance(squared: NDArray[np.float32], examples: Stack) -> Distances:
    """Distances from mean square differences of sketches."""
    of_cells: Distances = squared.astype(np.float64) / examples[0].size
    return np.sqrt(of_cells) / sketches.OPAQUE if examples.ndim == 4 else of_cells / 2
