"""Colours as numbers."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.measure.colours import colours
from genworld.seeding import numpy_stream


@pytest.mark.parametrize("size", [(32, 32), (16, 24), (5, 3)])
def test_pictures_of_any_size_become_finite_rows(size: tuple[int, int]) -> None:
    pictures = numpy_stream(0, "any").integers(0, 256, (4, *size, 4)).astype(np.uint8)
    rows = colours(pictures)
    assert rows.shape[0] == 4
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()


def test_what_is_clear_has_no_colour() -> None:
    clear = np.zeros((2, 8, 8, 4), np.uint8)
    clear[1, ..., :3] = 200
    rows = colours(clear)
    assert (rows == 0).all()


def test_one_colour_has_means_and_no_differences() -> None:
    one = np.full((1, 16, 16, 4), 255, np.uint8)
    assert set(np.unique(colours(one) == 0)) == {False, True}
    speckled = one.copy()
    speckled[:, ::2, ::2, 0] = 0
    assert (colours(speckled) != 0).all()
