"""The random network is the same everywhere, and sees what it should."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genworld.measure.features import features, network
from genworld.measure.pictures import premultiplied


def disc() -> np.ndarray:
    """(1, 32, 32, 4) a coloured gradient in a disc."""
    y, x = np.mgrid[:32, :32]
    alpha = np.where((x - 16) ** 2 + (y - 16) ** 2 < 150, 255, 0)
    return np.stack([8 * x, 8 * y, 4 * (x + y), alpha], axis=-1).astype(np.uint8)[None]


def test_features_of_a_fixed_picture_do_not_drift() -> None:
    found = features(disc())[0]
    expected = [0.0, 0.4097753167, 0.1170597970, 0.0, 0.7650232911, 0.0, 0.0, 0.3377832770]
    np.testing.assert_allclose(found[::128], expected, atol=1e-4)
    assert found.shape == (1024,)
    assert float(np.linalg.norm(found)) == pytest.approx(10.61843, abs=1e-3)


def test_weights_do_not_drift() -> None:
    first = network()[0].weight
    expected = [-0.1427857429, -0.1740423590, -0.0762018710, 0.0280890614, -0.0220570713, -0.2287542373]
    np.testing.assert_allclose(first.flatten()[:6].numpy(), expected, atol=1e-6)
    np.testing.assert_allclose(first.sum(dim=(2, 3)).numpy(), 0, atol=1e-5)


def test_random_numbers_elsewhere_change_nothing() -> None:
    before = features(disc())
    network.cache_clear()
    torch.manual_seed(7)
    np.testing.assert_array_equal(features(disc()), before)


def test_a_batch_gives_what_single_pictures_give() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (70, 32, 32, 4), dtype=np.uint8)
    singly = np.concatenate([features(picture[None]) for picture in pictures[60:]])
    np.testing.assert_allclose(features(pictures)[60:], singly, atol=1e-4)


@pytest.mark.parametrize(("shape", "length"), [((16, 16), 1024), ((20, 31), 1024), ((48, 32), 2048), ((64, 64), 4096)])
def test_any_size_is_padded_to_whole_cells(shape: tuple[int, int], length: int) -> None:
    pictures = np.full((2, *shape, 4), 200, dtype=np.uint8)
    assert features(pictures).shape == (2, length)


def test_padding_is_centred_and_transparent() -> None:
    small = disc()[:, 8:24, 8:24]
    large = np.zeros_like(disc())
    large[:, 8:24, 8:24] = small
    np.testing.assert_array_equal(features(small), features(large))


def test_colour_where_nothing_shows_is_not_seen() -> None:
    picture = disc()
    tinted = picture.copy()
    tinted[picture[..., 3] == 0, :3] = 77
    np.testing.assert_array_equal(features(tinted), features(picture))


def test_premultiplied_is_colour_times_alpha() -> None:
    pixel = np.array([[[[255, 102, 0, 51]]]], dtype=np.uint8)
    np.testing.assert_allclose(premultiplied(pixel)[0, 0, 0], [0.2, 0.08, 0, 0.2], atol=1e-6)
