"""Nearest-neighbour figures and MMD against brute force and against what must hold."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.errors import GenworldError
from genworld.measure import neighbours
from genworld.measure.quality import polynomial_mmd, quality


def cloud(seed: int, count: int, shift: float = 0.0, dimensions: int = 6) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(count, dimensions))
    return (noise + shift).astype(np.float32)


def brute_force(real: np.ndarray, samples: np.ndarray, k: int) -> dict[str, float]:
    """The definitions of Naeem et al. 2020, one loop for each sum."""
    between = lambda a, b: float(np.linalg.norm(a.astype(np.float64) - b.astype(np.float64)))  # noqa: E731

    def others(rows: np.ndarray, index: int) -> list[float]:
        return sorted(between(rows[index], row) for place, row in enumerate(rows) if place != index)

    real_radius = [others(real, i)[k - 1] for i in range(len(real))]
    sample_radius = [others(samples, j)[k - 1] for j in range(len(samples))]
    held = [[between(x, y) <= real_radius[i] for y in samples] for i, x in enumerate(real)]
    reached = [any(between(x, y) <= sample_radius[j] for j, y in enumerate(samples)) for x in real]
    right = [others(real, i)[0] < min(between(x, y) for y in samples) for i, x in enumerate(real)]
    right += [others(samples, j)[0] < min(between(x, y) for x in real) for j, y in enumerate(samples)]
    columns = list(zip(*held, strict=True))
    return {
        "precision": sum(any(column) for column in columns) / len(samples),
        "recall": sum(reached) / len(real),
        "density": sum(sum(column) for column in columns) / (k * len(samples)),
        "coverage": sum(any(row) for row in held) / len(real),
        "nearest_neighbour": sum(right) / len(right),
    }


def brute_force_mmd(real: np.ndarray, samples: np.ndarray) -> float:
    kernel = lambda x, y: (float(np.dot(x.astype(np.float64), y)) / len(x) + 1) ** 3  # noqa: E731
    inside = lambda rows: np.mean(  # noqa: E731
        [kernel(x, y) for i, x in enumerate(rows) for j, y in enumerate(rows) if i != j]
    )
    return float(inside(real) + inside(samples) - 2 * np.mean([kernel(x, y) for x in real for y in samples]))


@pytest.mark.parametrize(("seed", "shift"), [(0, 0.0), (1, 0.7), (2, 2.0)])
def test_figures_equal_brute_force(seed: int, shift: float) -> None:
    real, samples = cloud(seed, 23), cloud(seed + 100, 17, shift)
    found = quality(real, samples, k=3)
    for name, expected in brute_force(real, samples, k=3).items():
        assert getattr(found, name) == pytest.approx(expected), name
    assert found.mmd == pytest.approx(brute_force_mmd(real, samples), rel=1e-6)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real, samples = cloud(0, 60), cloud(1, 50, 0.5)
    whole = quality(real, samples)
    monkeypatch.setattr(neighbours, "BLOCK_CELLS", 170)
    assert quality(real, samples) == whole


def test_data_against_itself_is_precise_covered_and_copied() -> None:
    data = cloud(0, 80)
    found = quality(data, data)
    assert (found.precision, found.recall, found.coverage) == (1, 1, 1)
    assert found.density >= 1
    assert found.nearest_neighbour == 0


def test_disjoint_clouds_share_nothing() -> None:
    found = quality(cloud(0, 80), cloud(1, 80, shift=50))
    assert (found.precision, found.recall, found.density, found.coverage) == (0, 0, 0, 0)
    assert found.nearest_neighbour == 1
    assert found.mmd > 1


def test_two_halves_of_one_set_cannot_be_told_apart() -> None:
    found = quality(cloud(0, 600), cloud(1, 600))
    assert found.nearest_neighbour == pytest.approx(0.5, abs=0.05)
    assert found.coverage == pytest.approx(1 - 0.5**5, abs=0.03)  # Naeem et al. 2020, section 3.3
    assert found.density == pytest.approx(1, abs=0.1)
    assert found.mmd == pytest.approx(0, abs=0.2)


def test_mmd_is_unbiased() -> None:
    values = [polynomial_mmd(cloud(seed, 40), cloud(seed + 1000, 40)) for seed in range(200)]
    assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(len(values))
    assert min(values) < 0


def test_a_dropped_mode_costs_recall_and_not_precision() -> None:
    real = np.concatenate([cloud(0, 100), cloud(1, 100, shift=30)])
    found = quality(real, cloud(2, 200))
    assert found.precision > 0.9
    assert found.recall <= 0.5
    assert found.coverage <= 0.5


def test_repeated_rows_count_as_one_place() -> None:
    rows = np.repeat(cloud(0, 10), 7, axis=0) + 100
    assert neighbours.within(rows, 5).radius.max() == 0
    assert quality(rows, rows).nearest_neighbour == 0.5


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(GenworldError, match=r"At least 6 .* 5 came"):
        quality(cloud(0, 20), cloud(1, 5))
