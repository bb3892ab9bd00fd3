"""Tables that grow."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.latent.growing import Growing


def test_what_was_given_never_changes() -> None:
    table = Growing(2, np.float32)
    table.add(np.ones((3, 2)))
    before = table.rows
    for _ in range(100):
        table.add(np.full((5, 2), 7))
    assert len(table) == 503
    assert before.shape == (3, 2)
    assert (before == 1).all()
    assert (table.rows[:3] == 1).all()
    assert (table.rows[3:] == 7).all()


def test_readers_cannot_write() -> None:
    table = Growing(None, np.int8)
    table.add(np.array([1, 0]))
    with pytest.raises(ValueError, match="read-only"):
        table.rows[0] = 0
