"""Copies that were put there on purpose are found without the data, and distances are about what they are."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.measure import fingerprints, sketches
from genworld.measure.fingerprints import Fingerprints, learn
from genworld.measure.sprite_copies import nearest_difference
from genworld.measure.windows import Symmetry, versions


def sprites(seed: int, count: int) -> np.ndarray:
    """(N, 16, 16, 4) discs of two colours, of random place and size, some half transparent."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:16, :16]
    made = np.zeros((count, 16, 16, 4), np.uint8)
    for picture in made:
        for _ in range(2):
            row, column, size = random.uniform((3, 3, 6), (13, 13, 40))
            inside = (rows - row) ** 2 + (columns - column) ** 2 < size
            picture[inside] = [*random.integers(0, 256, 3), random.choice([128, 255])]
    return made


def levels(seed: int, count: int, side: int = 12) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, (count, side, side), dtype=np.uint8)


def test_copies_are_found_whatever_way_round() -> None:
    training = sprites(1, 300)
    found = learn(training, Symmetry.NONE).find(
        np.concatenate([training[40:42], training[250:251, :, ::-1], sprites(2, 20)]), Symmetry.NONE
    )
    assert found.exact.tolist() == [True] * 3 + [False] * 20
    assert found.distance[:3].tolist() == [0, 0, 0]
    assert not found.near[3:].any()


@pytest.mark.parametrize("symmetry", list(Symmetry))
def test_turned_levels_are_copies_where_training_turned_them(symmetry: Symmetry) -> None:
    training = levels(1, 50)
    prints = learn(training, symmetry)
    for version in versions(training[7:8], Symmetry.ALL):
        expected = any(np.array_equal(version, other) for other in versions(training[7:8], symmetry))
        assert prints.find(version, symmetry).exact[0] == expected


def test_faint_changes_are_near_and_larger_ones_are_not() -> None:
    training = sprites(1, 400)
    training[..., 3] = 255
    offsets = np.concatenate([np.full(30, 3), np.full(30, 9)])[:, None, None, None]
    signs = np.random.default_rng(0).choice([-1, 1], (60, 16, 16, 3))
    samples = training[:60].copy()
    samples[..., :3] = np.clip(samples[..., :3].astype(int) + offsets * signs, 0, 255)
    true = nearest_difference(samples, training) < 0.02
    assert true.tolist() == [True] * 30 + [False] * 30
    assert learn(training, Symmetry.NONE).find(samples, Symmetry.NONE).near.tolist() == true.tolist()


def test_distances_of_unseen_sprites_are_about_right() -> None:
    training, unseen = sprites(1, 500), sprites(2, 60)
    told = learn(training, Symmetry.NONE).find(unseen, Symmetry.NONE).distance
    ratio = told / nearest_difference(unseen, training)
    assert abs(np.median(ratio) - 1) < 0.08
    assert np.abs(ratio - 1).mean() < 0.12


def test_distances_of_levels_are_shares_of_cells() -> None:
    training = levels(1, 200)
    samples = training[:40].copy()
    flat = samples.reshape(40, -1)
    flat[:, :36] = (flat[:, :36] + 1) % 4  # a quarter of 144 cells
    told = learn(training, Symmetry.NONE).find(samples, Symmetry.NONE)
    assert not told.near.any()
    assert told.distance.mean() == pytest.approx(0.25, rel=0.2)


def test_sums_of_signs_tell_the_distance_on_average() -> None:
    one, other = levels(1, 1), levels(2, 1)
    gap = sketches.of_levels(one, 512) - sketches.of_levels(other, 512)
    assert np.square(gap).mean() == pytest.approx(2 * (one != other).sum(), rel=0.2)
    first, second = sketches.premultiplied(sprites(1, 1)), sketches.premultiplied(sprites(2, 1))
    gap = sketches.of_sprites(first, 512) - sketches.of_sprites(second, 512)
    assert np.square(gap).mean() == pytest.approx(np.square(first.astype(float) - second).sum(), rel=0.2)


def test_premultiplying_rounds_to_the_nearest() -> None:
    colour, alpha = np.meshgrid(np.arange(256), np.arange(256))
    picture = np.stack([colour, colour, colour, alpha], axis=-1).astype(np.uint8)[None]
    expected = np.floor(colour * alpha / 255 + 0.5).astype(np.uint8)
    np.testing.assert_array_equal(sketches.premultiplied(picture)[0, ..., 0], expected)


def test_the_same_examples_give_the_same_bytes_and_more_than_fit_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    training = sprites(1, 60)
    first, again = (learn(training, Symmetry.NONE).to_arrays() for _ in range(2))
    assert all(first[name].tobytes() == again[name].tobytes() for name in first)
    monkeypatch.setattr(fingerprints, "MOST", 40)
    few = learn(training, Symmetry.NONE)
    assert (len(few), few.total) == (40, 60)
    assert few.find(training, Symmetry.NONE).exact.sum() == 40


def test_many_examples_have_coarser_sketches_and_all_fit_into_a_small_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "FINE_MOST", 30)
    assert learn(sprites(1, 31), Symmetry.NONE).sums.shape[1] == fingerprints.COARSE
    assert fingerprints.MOST * (fingerprints.COARSE + 8) < 1_500_000
    assert 10_000 * (fingerprints.FINE + 8) < 1_500_000


def test_arrays_of_strangers_are_looked_at_before_they_are_believed() -> None:
    good = learn(sprites(1, 20), Symmetry.NONE).to_arrays()
    assert Fingerprints.of_arrays(good) is not None
    numbers = good["numbers"]
    bad = [
        {**good, "more": numbers},
        {name: array for name, array in good.items() if name != "centre"},
        {**good, "sums": good["sums"].astype(np.int16)},
        {**good, "sums": good["sums"][:, :10]},
        {**good, "sums": good["sums"][:0]},
        {**good, "centre": good["centre"][:5]},
        {**good, "hashes": good["hashes"][:0]},
        *(
            {**good, "numbers": np.where(np.arange(6) == at, wrong, numbers)}
            for at in range(6)
            for wrong in (-1, np.nan)
        ),
    ]
    assert [Fingerprints.of_arrays(each) for each in bad] == [None] * len(bad)


def test_one_example_alone_has_no_other() -> None:
    prints = learn(sprites(1, 1), Symmetry.NONE)
    assert (prints.apart, prints.stretch) == (0, 1)
    assert not prints.find(sprites(2, 3), Symmetry.NONE).near.any()
