"""Copies that were put there on purpose are found, and only those."""

from __future__ import annotations

import numpy as np

from genworld.measure import neighbours, sprite_copies
from genworld.measure.pictures import premultiplied
from genworld.measure.sprite_copies import EXACT, NEAR, nearest_difference


def sprites(seed: int, count: int) -> np.ndarray:
    made = np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 4), dtype=np.uint8)
    made[..., 3] = np.where(made[..., 3] > 90, 255, 0)
    return made


def test_difference_equals_brute_force(monkeypatch) -> None:
    monkeypatch.setattr(sprite_copies, "STEP", 7)
    monkeypatch.setattr(neighbours, "BLOCK_CELLS", 30)
    samples, training = sprites(0, 9), sprites(1, 40)
    both = premultiplied(np.concatenate([training, training[:, :, ::-1]])).astype(np.float64)
    expected = [min(np.sqrt(np.mean((one - other) ** 2)) for other in both) for one in premultiplied(samples)]
    np.testing.assert_allclose(nearest_difference(samples, training), expected, rtol=1e-5)


def test_a_copy_and_a_mirrored_copy_are_exact() -> None:
    training = sprites(0, 300)
    samples = np.concatenate([training[17:18], training[200:201, :, ::-1], sprites(1, 3)])
    difference = nearest_difference(samples, training)
    np.testing.assert_array_equal(difference[:2], 0)
    assert difference[2:].min() > NEAR


def test_a_faint_change_is_a_near_copy_and_not_an_exact_one() -> None:
    training = sprites(0, 50)
    training[..., 3] = 255
    sample = training[:1].copy()
    sample[..., :3] = np.where(sample[..., :3] < 128, sample[..., :3] + 4, sample[..., :3] - 4)  # 4 / 255 = 0.0157
    assert EXACT < nearest_difference(sample, training)[0] < NEAR


def test_a_turned_copy_is_not_counted() -> None:
    training = sprites(0, 20)
    assert nearest_difference(np.rot90(training, axes=(1, 2)), training).min() > NEAR
