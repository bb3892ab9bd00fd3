"""The report on a model of sprites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from genworld.errors import GenworldError
from genworld.measure.draws import SHARE, Chosen, Range, estimates, subset
from genworld.measure.features import FEATURE, features
from genworld.measure.neighbours import Vectors
from genworld.measure.pictures import Pictures
from genworld.measure.quality import K, quality
from genworld.measure.report import Comparison, Figure, Report, Told, compare, untold
from genworld.measure.sprite_copies import EXACT, NEAR, nearest_difference
from genworld.measure.variety import unique_share

LEAST = 2 * (K + 1)
"""Examples needed on each side, so that a half still has k neighbours."""

UNBOUNDED: Range = (float("-inf"), float("inf"))

BALLS = f"k = {K}, {FEATURE}"

QUALITY = (
    Comparison("precision", SHARE, "share of samples that look like training sprites", f"precision, {BALLS}"),
    Comparison("recall", SHARE, "share of training sprites that the samples reach", f"recall, {BALLS}"),
    Comparison("density", (0.0, float("inf")), "as precision, outliers discounted; may exceed 1", f"density, {BALLS}"),
    Comparison("coverage", SHARE, "share of training sprites with a sample close by", f"coverage, {BALLS}"),
    Comparison("nearest_neighbour", SHARE, "0.5 is best: cannot be told apart; below: copies", f"1-NN, {FEATURE}"),
    Comparison("mmd", UNBOUNDED, "unbiased, cubic kernel; 0 is best", f"MMD, {FEATURE}"),
)

COPIES = (
    Comparison("near", SHARE, f"nearest training sprite, mirrored too, differs by less than {NEAR} RMS", "near copies"),
    Comparison("exact", SHARE, f"the same below {EXACT}", "exact copies"),
    Comparison("unique", SHARE, "share of distinct sprites among those measured", alone=True),
)


def sprite_report(
    samples: Pictures, training: Pictures, held_out: Pictures | None, *, seed: int = 0, told: Told = untold
) -> Report:
    """Every figure of a sprite model, each with its ceiling where something was held out.

    Quality compares equal numbers of samples, training and held-out sprites, drawn by `seed`, because these figures
    depend on the counts: bring as many held-out sprites as samples. Copies are looked for among all training sprites.

    Args:
        samples: (N, H, W, 4) uint8 RGBA, straight alpha.
        training: (M, H, W, 4), what the model saw.
        held_out: (L, H, W, 4), real sprites that it did not see; None where there are none.
        seed: of the choice of training sprites and of the halves.
        told: hears how far it is.

    Raises:
        GenworldError: fewer than 12 sprites of a kind, or shapes or types that do not fit.
    """
    unseen = [] if held_out is None else [held_out]
    _check(samples, training, *unseen)
    return Report(
        title="sprites",
        figures=(
            *_quality_figures([samples, training, *unseen], seed, told),
            *_copy_figures(samples, training, held_out, seed, told),
        ),
    )


def _check(*sets: Pictures) -> None:
    shape = sets[0].shape[1:]
    for name, pictures in zip(("samples", "training sprites", "held-out sprites"), sets, strict=False):
        if pictures.ndim != 4 or pictures.shape[3] != 4 or pictures.dtype != "uint8" or pictures.shape[1:] != shape:
            raise GenworldError(
                f"Sprites of 4 channels of 8 bits and of one size are compared, (count, height, width, 4), but the "
                f"{name} have shape {pictures.shape} and type {pictures.dtype}; pad or crop them alike."
            )
        if len(pictures) < LEAST:
            raise GenworldError(
                f"At least {LEAST} {name} are needed to measure a model, but {len(pictures)} came; bring more."
            )


def _quality_figures(sets: Sequence[Pictures], seed: int, told: Told) -> list[Figure]:
    """Of samples and training sprites, and of held-out ones where they came."""
    count = min(map(len, sets))
    vectors = [
        _features(
            pictures[subset(len(pictures), count, seed, f"equal/{index}")], index * count, len(sets) * count, told
        )
        for index, pictures in enumerate(sets)
    ]

    def measure(chosen: Chosen, real: Chosen, ceiling: Chosen | None = None) -> Mapping[str, float]:
        of_samples = asdict(quality(vectors[1][real], vectors[0][chosen]))
        if ceiling is None:
            return of_samples
        of_held_out = asdict(quality(vectors[1][real], vectors[2][ceiling]))
        return of_samples | {f"ceiling {name}": value for name, value in of_held_out.items()}

    found = estimates(measure, (count,) * len(sets), seed, "quality")
    return compare(QUALITY, found, (count,) * 3, seed)


def _features(pictures: Pictures, before: int, total: int, told: Told) -> Vectors:
    return features(pictures, lambda done: told("pictures compared", before + done, total))


def _copy_figures(
    samples: Pictures, training: Pictures, held_out: Pictures | None, seed: int, told: Told
) -> list[Figure]:
    told("copies looked for", 0, 0)
    near = nearest_difference(samples, training)
    unseen = samples[:0] if held_out is None else held_out
    ceiling_near = nearest_difference(unseen, training) if len(unseen) else near[:0]

    def measure(chosen: Chosen, ceiling: Chosen) -> Mapping[str, float]:
        found = _shares(near[chosen], samples[chosen])
        best = _shares(ceiling_near[ceiling], unseen[ceiling]) if len(unseen) else {}
        return found | {f"ceiling {name}": value for name, value in best.items()}

    found = estimates(measure, (len(samples), len(unseen)), seed, "copies")
    return compare(COPIES, found, (len(samples), len(training), len(unseen)), seed)


def _shares(near: NDArray[np.float64], pictures: Pictures) -> dict[str, float]:
    """Of near copies, of exact ones and of distinct pictures, by their distances to the nearest training sprite."""
    return {
        "near": float((near < NEAR).mean()),
        "exact": float((near < EXACT).mean()),
        "unique": unique_share(pictures),
    }
