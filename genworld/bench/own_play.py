"""How well a repair makes windows of real maps playable, and how little it changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from genworld.content import Level
from genworld.datasets import open_dataset
from genworld.play import Patterns, Repaired, check, ends
from genworld.play import repair as repaired
from genworld.seeding import numpy_stream

SIDES = (24, 32)
STRIDE = 8
WINDOWS = 1000
"""Windows measured of each size, drawn at random."""


@dataclass(frozen=True)
class Repairs:
    """What repair did to windows of one size.

    Args:
        side: of the windows, in tiles.
        rock: share of the windows drawn that hold no two places to go between: nothing can be asked of them.
        before, after: share of the others that can be played.
        changed: mean share of cells changed, over all of them.
        most: the largest share of cells changed in one window.
        milliseconds: median of a repair, of those that were needed.
        windows: measured.
    """

    side: int
    windows: int
    rock: float
    before: float
    after: float
    changed: float
    most: float
    milliseconds: float

    @property
    def holds(self) -> bool:
        """Whether nearly all can be played, after few changes made soon."""
        return self.after >= 0.99 and self.changed <= 0.03 and self.milliseconds <= 50

    def __str__(self) -> str:
        """
        >>> str(Repairs(24, 900, 0.1, 0.7, 0.999, 0.002, 0.04, 12.3))  # doctest: +NORMALIZE_WHITESPACE
        'repair of 900 windows of 24 x 24 tiles: playable 70.0% before, 99.9% after (aim: at least 99%), 0.20% of the cells
         changed (aim: at most 3%; 4.0% in one window), median 12 ms (aim: at most 50 ms); 10.0% of the windows are rock alone'
        """
        return (
            f"repair of {self.windows} windows of {self.side} x {self.side} tiles: playable {self.before:.1%} before, "
            f"{self.after:.1%} after (aim: at least 99%), {self.changed:.2%} of the cells changed (aim: at most 3%; "
            f"{self.most:.1%} in one window), median {self.milliseconds:.0f} ms (aim: at most 50 ms); "
            f"{self.rock:.1%} of the windows are rock alone"
        )


def repair(folder: Path) -> Iterator[Repairs]:
    """A row for windows of 24 x 24 and of 32 x 32 tiles of the levels in a folder."""
    data = open_dataset(str(folder))
    patterns = Patterns.learn(data.levels)
    for side in SIDES:
        windows = data.windows(side, side, STRIDE).levels
        order = numpy_stream(0, f"bench/repair/{side}").permutation(len(windows))[:WINDOWS]
        yield measured([windows[index] for index in order], patterns)


def measured(levels: list[Level], patterns: Patterns) -> Repairs:
    """What repair does to levels of one size."""
    open_ = [level for level in levels if ends(level) != (None, None)]
    timed = [_timed(level, patterns) for level in open_]
    shares = [len(done.changed) / done.level.tiles.size for done, _ in timed]
    needed = [seconds for done, seconds in timed if done.changed]
    return Repairs(
        side=levels[0].height,
        windows=len(open_),
        rock=1 - len(open_) / len(levels),
        before=mean(check(level).reachable is True for level in open_),
        after=mean(check(done.level).reachable is True for done, _ in timed),
        changed=mean(shares),
        most=max(shares),
        milliseconds=1000 * median(needed or [0.0]),
    )


def _timed(level: Level, patterns: Patterns) -> tuple[Repaired, float]:
    began = time.perf_counter()
    done = repaired(level, patterns)
    return done, time.perf_counter() - began
