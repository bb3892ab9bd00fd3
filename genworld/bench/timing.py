"""A timed thing and how it is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs of one thing, and what was aimed at.

    Args:
        what: was timed.
        seconds: of each run, in order; the first may include what later runs find ready.
        aim: seconds that should not be exceeded.
    """

    what: str
    seconds: tuple[float, ...]
    aim: float

    @property
    def held(self) -> bool:
        """Whether the median keeps the aim."""
        return median(self.seconds) <= self.aim

    def __str__(self) -> str:
        """
        >>> str(Timing("a cup of tea", (4.0, 2.0, 3.0), 5.0))
        'a cup of tea: median 3.000 s, worst 4.000 s of 3 runs (aim: at most 5 s)'
        """
        middle, worst = median(self.seconds), max(self.seconds)
        runs = f"{len(self.seconds)} runs"
        return f"{self.what}: median {middle:.3f} s, worst {worst:.3f} s of {runs} (aim: at most {self.aim:g} s)"


def time_runs(what: str, act: Callable[[int], object], *, runs: int, aim: float) -> Timing:
    """The seconds that ``act(0)``, ``act(1)``, ... take."""
    seconds = []
    for number in range(runs):
        began = time.perf_counter()
        act(number)
        seconds.append(time.perf_counter() - began)
    return Timing(what, tuple(seconds), aim)
