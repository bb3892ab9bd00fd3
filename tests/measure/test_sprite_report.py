"""The whole sprite report on sprites whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.errors import GenworldError
from genworld.measure import sprite_report


def blobs(seed: int, count: int) -> np.ndarray:
    """(N, 16, 16, 4) discs of random colour, place and size."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[:16, :16]
    made = np.zeros((count, 16, 16, 4), dtype=np.uint8)
    for sprite in made:
        row, column, size = generator.uniform((5, 5, 9), (11, 11, 30))
        sprite[(x - column) ** 2 + (y - row) ** 2 < size] = [*generator.integers(0, 256, 3), 255]
    return made


def test_good_samples_are_as_good_as_held_out_ones() -> None:
    report = sprite_report(blobs(0, 80), blobs(1, 120), blobs(2, 90), seed=5)
    assert report["precision"].value == pytest.approx(report["precision"].ceiling, abs=0.2)
    assert "seed 0" in report["precision"].name
    assert "VGG" in report["MMD"].name
    assert report["coverage"].counts == "80 / 80 / 80"
    assert report["near copies"].counts == "80 / 120 / 90"
    assert report["exact copies"].value == 0
    assert all(figure.ceiling is not None and figure.low is not None and figure.seed == 5 for figure in report.figures)


def test_copied_samples_are_caught_although_they_look_perfect() -> None:
    training = blobs(1, 100)
    report = sprite_report(training[:, :, ::-1], training, blobs(2, 100))
    assert report["exact copies"].value == 1
    assert report["exact copies"].ceiling == 0
    assert sprite_report(training, training, blobs(2, 100))["1-NN"].value < 0.4


def test_one_sprite_over_and_over_is_caught() -> None:
    report = sprite_report(np.repeat(blobs(0, 1), 500, axis=0), blobs(1, 500), blobs(2, 500))
    assert report["unique"].value == 1 / 500
    assert report["coverage"].value < 0.1
    assert report["recall"].value < 0.05
    assert report["1-NN"].value > 0.7
    assert report["unique"].low is None


def test_the_ceiling_is_that_of_held_out_sprites_whatever_the_samples() -> None:
    real = blobs(1, 40), blobs(2, 40)
    bad = sprite_report(np.zeros_like(blobs(0, 40)), *real)
    good = sprite_report(blobs(0, 40), *real)
    assert [figure.ceiling for figure in bad.figures] == [figure.ceiling for figure in good.figures]
    assert bad["precision"].value < bad["precision"].ceiling


def test_the_same_seed_gives_the_same_report() -> None:
    sets = blobs(0, 30), blobs(1, 40), blobs(2, 30)
    assert sprite_report(*sets, seed=1) == sprite_report(*sets, seed=1)
    assert sprite_report(*sets, seed=1) != sprite_report(*sets, seed=2)


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (blobs(0, 11), "At least 12 samples"),
        (blobs(0, 20)[:, :8], "training sprites have shape"),
        (blobs(0, 20).astype(np.float32), "samples have shape .* float32"),
        (blobs(0, 20)[..., 0], "samples have shape"),
    ],
)
def test_what_cannot_be_compared_is_refused(samples: np.ndarray, words: str) -> None:
    with pytest.raises(GenworldError, match=words):
        sprite_report(samples, blobs(1, 20), blobs(2, 20))
