"""What ``genworld bench NAME`` runs: one file for each, named here. Speed is shown, never asserted in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from genworld.bench import explore, hostile, own, quality, sampling, start, train
from genworld.bench.rows import as_json
from genworld.bench.timing import Timing

Bench = Callable[[Path | None], Iterator[object]]
"""Rows to print; a folder of data serves benches that measure on some."""

BENCHES: dict[str, tuple[str, Bench]] = {
    "sampling": ("canonical samples of the bundled models", lambda _: sampling.run()),
    "start": ("from `python app.py` to the page answering", lambda _: start.run()),
    "hostile": ("files that mean harm, and damaged ones", lambda _: hostile.run()),
    "own": ("learning from a person's own maps", own.run),
    "explore": ("sliders, ways and maps of the bundled models", lambda _: explore.run()),
    "quality": ("models beside those of others, wins and losses", quality.run),
    "train": ("training in the background", lambda _: train.run()),
}
"""Title and function of each bench, by name."""

__all__ = ["BENCHES", "Bench", "Timing", "as_json"]
