"""A turn at rendering ends in time."""

from __future__ import annotations

import pytest

from genworld.errors import GenworldError
from genworld.ui import draw


def test_what_takes_too_long_ends_before_the_next_one() -> None:
    begun: list[int] = []
    drawn = (begun.append(number) or number for number in range(3))  # type: ignore[func-returns-value]
    with pytest.raises(GenworldError, match="ask for fewer"):
        list(draw.in_time(drawn, 3, longest=-1.0))
    assert begun == [0]
    assert list(draw.in_time(iter([7]), 1, longest=-1.0)) == [7]
