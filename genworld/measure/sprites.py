"""The report on a model of sprites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from genworld.errors import GenworldError
from genworld.measure.draws import SHARE, Chosen, Range, estimates, subset
from genworld.measure.features import FEATURE, features
from genworld.measure.pictures import Pictures
from genworld.measure.quality import K, quality
from genworld.measure.report import Comparison, Figure, Report, compare
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


def sprite_report(samples: Pictures, training: Pictures, held_out: Pictures, *, seed: int = 0) -> Report:
    """Every figure of a sprite model, each with its ceiling.

    Quality compares equal numbers of samples, training and held-out sprites, drawn by `seed`, because these figures
    depend on the counts: bring as many held-out sprites as samples. Copies are looked for among all training sprites.

    Args:
        samples: (N, H, W, 4) uint8 RGBA, straight alpha.
        training: (M, H, W, 4), what the model saw.
        held_out: (L, H, W, 4), real sprites that it did not see.
        seed: of the choice of training sprites and of the halves.

    Raises:
        GenworldError: fewer than 12 sprites of a kind, or shapes or types that do not fit.
    """
    _check(samples, training, held_out)
    return Report(
        title="sprites",
        figures=(
            *_quality_figures(samples, training, held_out, seed),
            *_copy_figures(samples, training, held_out, seed),
        ),
    )


def _check(*sets: Pictures) -> None:
    shape = sets[0].shape[1:]
    for name, pictures in zip(("samples", "training sprites", "held-out sprites"), sets, strict=True):
        if pictures.ndim != 4 or pictures.shape[3] != 4 or pictures.dtype != "uint8" or pictures.shape[1:] != shape:
            raise GenworldError(
                f"Sprites of 4 channels of 8 bits and of one size are compared, (count, height, width, 4), but the "
                f"{name} have shape {pictures.shape} and type {pictures.dtype}; pad or crop them alike."
            )
        if len(pictures) < LEAST:
            raise GenworldError(
                f"At least {LEAST} {name} are needed to measure a model, but {len(pictures)} came; bring more."
            )


def _quality_figures(samples: Pictures, training: Pictures, held_out: Pictures, seed: int) -> list[Figure]:
    count = min(len(samples), len(training), len(held_out))
    vectors = [
        features(pictures[subset(len(pictures), count, seed, f"equal/{index}")])
        for index, pictures in enumerate((samples, training, held_out))
    ]

    def measure(chosen: Chosen, real: Chosen, ceiling: Chosen) -> Mapping[str, float]:
        of_samples = asdict(quality(vectors[1][real], vectors[0][chosen]))
        of_held_out = asdict(quality(vectors[1][real], vectors[2][ceiling]))
        return of_samples | {f"ceiling {name}": value for name, value in of_held_out.items()}

    found = estimates(measure, (count,) * 3, seed, "quality")
    return compare(QUALITY, found, (count,) * 3, seed)


def _copy_figures(samples: Pictures, training: Pictures, held_out: Pictures, seed: int) -> list[Figure]:
    near, ceiling_near = nearest_difference(samples, training), nearest_difference(held_out, training)

    def measure(chosen: Chosen, ceiling: Chosen) -> Mapping[str, float]:
        return {
            "near": float((near[chosen] < NEAR).mean()),
            "exact": float((near[chosen] < EXACT).mean()),
            "unique": unique_share(samples[chosen]),
            "ceiling near": float((ceiling_near[ceiling] < NEAR).mean()),
            "ceiling exact": float((ceiling_near[ceiling] < EXACT).mean()),
            "ceiling unique": unique_share(held_out[ceiling]),
        }

    found = estimates(measure, (len(samples), len(held_out)), seed, "copies")
    return compare(COPIES, found, (len(samples), len(training), len(held_out)), seed)
