"""The page's tabs for exploring in a real browser; left out where there is none."""

from __future__ import annotations

from collections.abc import Iterator


def run() -> Iterator[object]:
    """Nothing yet: the tabs are being built."""
    yield from ()
