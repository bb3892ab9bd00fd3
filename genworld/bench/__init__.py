"""What ``genworld bench NAME`` runs: one file for each, named here. Speed is shown, never asserted in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from genworld.bench import sampling, start
from genworld.bench.timing import Timing

Bench = Callable[[], Iterator[Timing]]

BENCHES: dict[str, tuple[str, Bench]] = {
    "sampling": ("canonical samples of the bundled models", sampling.run),
    "start": ("from `python app.py` to the page answering", start.run),
}
"""Title and function of each bench, by name."""

__all__ = ["BENCHES", "Bench", "Timing"]
