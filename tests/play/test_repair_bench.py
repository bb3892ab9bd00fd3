"""What the bench of repair tells."""

from __future__ import annotations

import numpy as np

from genworld.bench.own_play import measured
from genworld.content import Level
from genworld.datasets.builtin import read
from genworld.play import Patterns


def test_it_counts_what_repair_did() -> None:
    data = read("dungeon", count=6, size=24, seed=1)
    rock = Level(np.zeros((24, 24), dtype=np.uint8), data.levels[0].legend)
    row = measured([*data.levels, rock, rock], Patterns.learn(data.levels))
    assert (row.windows, row.rock, row.before, row.after, row.within, row.changed) == (6, 0.25, 1, 1, 1, 0)
    assert row.holds
    cut = data.levels[0].tiles.copy()
    cut[:, 12] = 0
    spoiled = measured([Level(cut, rock.legend)], Patterns.learn(data.levels))
    assert (spoiled.before, spoiled.after) == (0, 1)
    assert 0 < spoiled.changed == spoiled.most
