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
FEW = 0.03
WINDOWS = 1000
"""Windows measured of each size, drawn at random."""


@dataclass(frozen=True)
class Repairs:
    """What repair did to windows of one size.

    Args:
        side: of the windows, in tiles.
        rock: share of the windows drawn that hold no two places to go between: nothing can be asked of them.
        before, after: share of the others that can be played.
        within: share of the others that can be played then with at most 3% of their cells changed.
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
    within: float
    changed: float
    most: float
    milliseconds: float

    @property
    def holds(self) -> bool:
        """Whether nearly all can be played, after few changes made soon."""
        return self.within >= 0.99 and self.milliseconds <= 50

    def __str__(self) -> str:
        """
        >>> str(Repairs(24, 900, 0.1, 0.7, 1.0, 0.995, 0.002, 0.04, 12.3))  # doctest: +NORMALIZE_WHITESPACE
        'repair of 900 windows of 24 x 24 tiles: playable 70.0% before, 100.0% after, 99.5% with at most 3% of the cells
         changed (aim: at least 99%); 0.20% changed on average, 4.0% at most; median 12 ms (aim: at most 50 ms); 10.0% of
         the windows are rock alone'
        """
        return (
            f"repair of {self.windows} windows of {self.side} x {self.side} tiles: playable {self.before:.1%} before, "
            f"{self.after:.1%} after, {self.within:.1%} with at most {FEW:.0%} of the cells changed (aim: at least 99%); "
            f"{self.changed:.2%} changed on average, {self.most:.1%} at most; median {self.milliseconds:.0f} ms (aim: at most 50 ms); "
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
    played = [check(done.level).reachable is True for done, _ in timed]
    return Repairs(
        side=levels[0].height,
        windows=len(open_),
        rock=1 - len(open_) / len(levels),
        before=mean(check(level).reachable is True for level in open_),
        after=mean(played),
        within=mean(each and share <= FEW for each, share in zip(played, shares, strict=True)),
        changed=mean(shares),
        most=max(shares),
        milliseconds=1000 * median(needed or [0.0]),
    )


def _timed(level: Level, patterns: Patterns) -> tuple[Repaired, float]:
    began = time.perf_counter()
    done = repaired(level, patterns)
    return done, time.perf_counter() - began
