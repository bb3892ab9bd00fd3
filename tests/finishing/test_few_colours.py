"""Colours: how far apart they look, and many of them as few."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.finishing.colours import MOST_GROUPED, fewer, nearest, oklab
from genworld.seeding import numpy_stream

RED, GREEN, BLACK = (200, 30, 30), (30, 200, 30), (0, 0, 0)


def rows(*colours: tuple[int, int, int]) -> np.ndarray:
    return np.array(colours, dtype=np.uint8)


def test_oklab_is_that_of_its_author() -> None:
    # https://bottosson.github.io/posts/oklab/: linear sRGB red is L 0.628, a 0.225, b 0.126
    assert oklab(rows((255, 0, 0)))[0] == pytest.approx((0.6280, 0.2249, 0.1258), abs=1e-3)


def test_the_nearest_colour_of_a_palette() -> None:
    palette = rows(RED, GREEN, BLACK)
    assert nearest(rows((210, 60, 50), (5, 5, 9), (90, 220, 90), RED), palette).tolist() == [0, 2, 1, 0]


def test_few_colours_stay_as_they_are() -> None:
    colours = rows(RED, GREEN, RED, BLACK)
    assert np.array_equal(fewer(colours, 3), colours)


def test_those_that_look_alike_become_one_and_a_rare_one_that_stands_out_stays() -> None:
    cloth = [(30 + index % 5, 40, 150 + index % 7) for index in range(200)]
    skin = [(220, 180 + index % 6, 140) for index in range(100)]
    few = fewer(rows(*cloth, *skin, (250, 250, 60)), 3)
    assert len(np.unique(few, axis=0)) == 3
    assert few[-1].tolist() == [250, 250, 60]
    assert len(np.unique(few[:200], axis=0)) == 1
    assert abs(few[0].astype(int) - (32, 40, 153)).max() <= 1


@pytest.mark.parametrize("count", [1, 2, 7, 16, 256])
@pytest.mark.parametrize("pixels", [1, 3, MOST_GROUPED, MOST_GROUPED + 1, 3000])
def test_never_more_than_asked_for_and_always_the_same(count: int, pixels: int) -> None:
    colours = numpy_stream(pixels, "colours").integers(0, 256, (pixels, 3), dtype=np.uint8)
    few = fewer(colours, count)
    assert few.shape == colours.shape
    assert len(np.unique(few, axis=0)) <= count
    assert np.array_equal(few, fewer(colours, count))
