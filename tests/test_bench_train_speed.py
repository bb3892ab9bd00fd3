"""The bench of learning: what it tells, not how quick it is."""

from __future__ import annotations

import pytest

from genworld.bench import train_speed
from genworld.bench.train_speed import Bare, Throughput, bare_gan, bare_vae, compare

TINY = {"batch": 4, "latent_dim": 8, "style_dim": 16, "channels": 8, "most_channels": 16}


@pytest.mark.parametrize(("name", "bare"), [("gan", bare_gan), ("vae", bare_vae)])
def test_both_loops_learn_and_are_timed(name: str, bare: Bare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_speed, "STEPS", 2)
    monkeypatch.setattr(train_speed, "ROUNDS", 3)
    row = compare(name, bare, "cpu", TINY)
    assert (row.family, row.device) == (name, "cpu")
    assert len(row.fit) == len(row.bare) == 3
    assert min(*row.fit, *row.bare) > 0


def test_the_aim_is_nine_tenths_of_the_bare_loop() -> None:
    assert Throughput("gan", "cpu", (90.0, 95.0, 20.0), (100.0, 100.0, 100.0)).held
    assert not Throughput("gan", "cpu", (89.0, 95.0, 20.0), (100.0, 100.0, 100.0)).held
