"""Copies that were put there on purpose are found, and only those."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.measure import level_copies
from genworld.measure.level_copies import exact_copies, near_copies, verbatim_shares
from genworld.measure.variety import pairwise_hamming
from genworld.measure.windows import Symmetry, moved, shuffled


def levels(seed: int, count: int, shape: tuple[int, int] = (10, 10)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 5, (count, *shape), dtype=np.uint8)


def changed(grid: np.ndarray, cells: int) -> np.ndarray:
    result = grid.copy()
    result.reshape(-1)[:cells] ^= 1
    return result


@pytest.mark.parametrize("move", Symmetry.ALL.moves)
def test_each_turned_copy_is_found(move: tuple[int, bool]) -> None:
    training = levels(0, 30)
    copy = moved(training[7:8], move)
    assert exact_copies(copy, training, Symmetry.ALL).all()
    assert near_copies(copy, training, Symmetry.ALL).all()


def test_the_eight_moves_are_different_and_closed() -> None:
    grid = levels(0, 1)
    all_eight = {moved(grid, move).tobytes() for move in Symmetry.ALL.moves}
    assert len(all_eight) == 8
    for symmetry in Symmetry:
        once = {moved(grid, move).tobytes() for move in symmetry.moves}
        twice = {moved(moved(grid, move), again).tobytes() for move in symmetry.moves for again in symmetry.moves}
        assert once == twice, symmetry


@pytest.mark.parametrize(
    ("symmetry", "move", "found"),
    [
        (Symmetry.NONE, (0, True), False),
        (Symmetry.MIRROR, (0, True), True),
        (Symmetry.MIRROR, (2, False), False),
        (Symmetry.FLIPS, (2, False), True),
        (Symmetry.FLIPS, (1, False), False),
    ],
)
def test_only_moves_that_training_used_count(symmetry: Symmetry, move: tuple[int, bool], found: bool) -> None:
    training = levels(0, 30)
    copy = moved(training[7:8], move)
    assert exact_copies(copy, training, symmetry).tolist() == [found]
    assert near_copies(copy, training, symmetry).tolist() == [found]


def test_near_copies_differ_in_at_most_three_cells_of_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(level_copies, "STEP", 4)
    training = levels(0, 30)
    samples = np.stack([changed(training[20], cells) for cells in range(6)])
    assert near_copies(samples, training, Symmetry.ALL).tolist() == [True] * 4 + [False] * 2
    assert exact_copies(samples, training, Symmetry.ALL).tolist() == [True] + [False] * 5


def test_near_copies_equal_brute_force() -> None:
    training = np.random.default_rng(0).integers(0, 2, (200, 4, 9), dtype=np.uint8)
    samples = np.random.default_rng(1).integers(0, 2, (60, 4, 9), dtype=np.uint8)
    samples[:20] = training[40:60, ::-1]
    samples[10:20, 0, 0] ^= 1
    found = near_copies(samples, training, Symmetry.FLIPS)
    versions = np.concatenate([moved(training, move) for move in Symmetry.FLIPS.moves])
    expected = [(versions != sample).sum(axis=(1, 2)).min() <= 0.03 * 36 for sample in samples]
    assert found.tolist() == expected
    assert 20 <= found.sum() < 60


def test_quarter_turns_are_for_square_levels_only() -> None:
    oblong = levels(0, 12, (4, 9))
    assert exact_copies(oblong, oblong, Symmetry.ALL).all()
    assert shuffled(oblong, Symmetry.ALL, 0, "t").shape == oblong.shape


def test_verbatim_windows_are_counted_where_they_stand() -> None:
    world = levels(3, 1, (10, 40))[0]
    sample = world[:, 11:27].copy()
    sample[4, 12] ^= 7
    shares = verbatim_shares(np.stack([world[:, 20:36], sample, sample[:, ::-1]]), [levels(4, 1)[0], world])
    np.testing.assert_allclose(shares, [1, 5 / 9, 0])  # windows that start at columns 0 to 4 end before column 12


def test_verbatim_windows_are_found_at_any_height() -> None:
    world = levels(3, 1, (30, 40))[0]
    assert verbatim_shares(world[None, 7:17, 3:19], [world]).tolist() == [1]


def test_hamming_equals_all_pairs_one_by_one() -> None:
    grids = levels(0, 12)
    pairs = [(grids[i] != grids[j]).mean() for i in range(12) for j in range(i)]
    assert pairwise_hamming(grids) == pytest.approx(np.mean(pairs))
    assert pairwise_hamming(np.repeat(grids[:1], 4, axis=0)) == 0


def test_moves_by_hand() -> None:
    grid = np.array([[[1, 2], [3, 4]]], dtype=np.uint8)
    assert moved(grid, (0, True)).tolist() == [[[2, 1], [4, 3]]]
    assert moved(grid, (1, False)).tolist() == [[[2, 4], [1, 3]]]
    assert moved(grid, (2, True)).tolist() == [[[3, 4], [1, 2]]]
