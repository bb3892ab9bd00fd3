"""Rows of a bench: what must hold, whether it does, and how a row is told to a program."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Latency:
    """How long a person waits for one of many answers.

    Args:
        what: was asked.
        seconds: of each answer, in order.
        median, p95: seconds that half of them, and 95% of them, should not exceed; None where nothing was aimed at.
    """

    what: str
    seconds: tuple[float, ...]
    median: float
    p95: float | None = None

    @property
    def figures(self) -> tuple[float, float]:
        """Median and 95th percentile in seconds."""
        low, high = np.quantile(self.seconds, (0.5, 0.95))
        return float(low), float(high)

    @property
    def held(self) -> bool:
        """Whether both aims are kept."""
        middle, high = self.figures
        return middle <= self.median and (self.p95 is None or high <= self.p95)

    def __str__(self) -> str:
        """
        >>> str(Latency("an answer", (0.01, 0.02, 0.03), 0.02, 0.05))
        'an answer: median 20.0 ms, 95% within 29.0 ms, of 3 (aim: at most 20 ms and 50 ms)'
        """
        middle, high = (1000 * figure for figure in self.figures)
        aims = " and ".join(f"{1000 * aim:g} ms" for aim in (self.median, self.p95) if aim is not None)
        return f"{self.what}: median {middle:.1f} ms, 95% within {high:.1f} ms, of {len(self.seconds)} (aim: at most {aims})"


@dataclass(frozen=True)
class Share:
    """How many of several did what they should.

    Args:
        what: they should do.
        good: how many did.
        tried: how many there were.
        least: share that should.
        note: what else is to know.
    """

    what: str
    good: int
    tried: int
    least: float = 1.0
    note: str = ""

    @property
    def held(self) -> bool:
        """Whether enough did; never where none was tried."""
        return self.tried > 0 and self.good >= self.least * self.tried

    def __str__(self) -> str:
        """
        >>> str(Share("heads", 3, 4, 0.9)), str(Share("tails", 4, 4, note="a fair coin"))
        ('heads: 3 of 4, 75.0% (aim: at least 90%)', 'tails: 4 of 4, 100.0% (aim: all), a fair coin')
        """
        share = f", {self.good / self.tried:.1%}" if self.tried else ""
        aim = "all" if self.least == 1 else f"at least {self.least:.0%}"
        return f"{self.what}: {self.good} of {self.tried}{share} (aim: {aim}){self.note and ', ' + self.note}"


@dataclass(frozen=True)
class Amount:
    """A number that should be large enough.

    Args:
        what: was counted.
        value: how much there is.
        least: how much there should be.
        unit: of both.
    """

    what: str
    value: float
    least: float
    unit: str = ""

    @property
    def held(self) -> bool:
        """Whether it is large enough."""
        return self.value >= self.least

    def __str__(self) -> str:
        """
        >>> str(Amount("updates while dragging", 41.25, 25, "a second"))
        'updates while dragging: 41.2 a second (aim: at least 25 a second)'
        """
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.what}: {self.value:.1f}{unit} (aim: at least {self.least:g}{unit})"


def as_json(row: object) -> dict[str, Any]:
    """A row as a JSON object: its sentence, whether what must hold does where it says, and its numbers.

    >>> as_json("left out")
    {'text': 'left out'}
    >>> as_json(Share("heads", 3, 4))
    {'text': 'heads: 3 of 4, 75.0% (aim: all)', 'kind': 'Share', 'held': False, 'what': 'heads', 'good': 3, 'tried': 4, 'least': 1.0, 'note': ''}
    """
    told: dict[str, Any] = {"text": str(row)}
    if not is_dataclass(row) or isinstance(row, type):
        return told
    told["kind"] = type(row).__name__
    if hasattr(row, "held"):
        told["held"] = bool(row.held)
    told.update({name: _plain(value) for name, value in asdict(row).items()})
    return told


def _plain(value: Any) -> Any:
    """The same of lists, texts and numbers."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str):
        return [_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no word for it
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
