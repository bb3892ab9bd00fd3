"""What is told of a model's surprise."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from genworld.errors import GenworldError
from genworld.measure import Surprise, bits_per_dimension, glow, surprise
from genworld.render.heat import heated, with_heat

sys.path.insert(0, str(Path(__file__).parent.parent / "models"))

from worlds import levels, sprites, trained  # type: ignore[import-not-found]

CELLS = Surprise(np.array([[0.5, 6.0], [np.inf, 1.5]], dtype=np.float32))


@pytest.mark.parametrize("family", ["markov", "hmm"])
def test_bits_are_those_of_the_likelihood(family: str) -> None:
    data = levels()
    model = trained(family, data)
    found = surprise(model, data.levels[0])
    assert found.cells.shape == (8, 8)
    assert found.bits_per_tile == pytest.approx(float(bits_per_dimension(model, data.levels[:1])[0]), rel=1e-5)
    assert found.bits_per_tile == pytest.approx(-float(model.log_prob(data.levels[:1])[0]) / np.log(2) / 64, rel=1e-5)


def test_what_no_model_would_draw_is_told_apart() -> None:
    assert CELLS.impossible == 1
    assert CELLS.strongest(3) == [(1, 0), (0, 1), (1, 1)]
    assert CELLS.bits_per_tile == np.inf
    np.testing.assert_allclose(glow(CELLS), [[0.5 / 12, 0.5], [1, 1.5 / 12]])


def test_the_veil_covers_each_cell() -> None:
    level = levels().levels[0]
    picture = with_heat(level, np.zeros((8, 8), dtype=np.float32))
    strong = with_heat(level, np.eye(8, dtype=np.float32))
    side = picture.shape[0] // 8
    differs = (picture != strong).any(axis=-1).reshape(8, side, 8, side).any(axis=(1, 3))
    np.testing.assert_array_equal(differs, np.eye(8, dtype=np.bool_))
    assert heated(np.zeros((2, 3), dtype=np.float32)).shape == (2, 3, 4)


def test_a_model_without_a_density_says_so() -> None:
    model = trained("vae", levels(), steps=1)
    with pytest.raises(GenworldError, match="cannot say how likely each tile"):
        surprise(model, levels().levels[0])
    with pytest.raises(GenworldError, match="cannot say how likely an example is"):
        bits_per_dimension(trained("vae", sprites(), steps=1), sprites().examples)
