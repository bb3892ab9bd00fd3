"""What an attribute is: one number that a designer has words for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""(N,), one number for each example; NaN where it is undefined."""

Examples = TypeVar("Examples")


@dataclass(frozen=True)
class Attribute:
    """One number that is measured on an example, and how a person speaks of it.

    Args:
        name: short and fixed: ``"brightness"``; that of a share of tiles is the tag: ``"liquid"``.
        title: what it is called on the page.
        less, more: what an example with a lower or a higher value is: ``"darker"`` and ``"brighter"``.
        unit: of the values; ``"share"`` runs from 0 to 1; empty for a plain number.
        about: what exactly is measured, one sentence.
    """

    name: str
    title: str
    less: str
    more: str
    unit: str
    about: str


@dataclass(frozen=True)
class Measure(Generic[Examples]):
    """An attribute and the function that measures it on a stack of examples."""

    attribute: Attribute
    of: Callable[[Examples], Values]


def ratio(parts: Values, wholes: Values) -> Values:
    """(N,) parts over wholes; NaN where there is no whole."""
    found: Values = np.divide(parts, wholes, out=np.full(len(wholes), np.nan), where=wholes > 0)
    return found
