"""``genworld bench train``: what training in the background must hold, measured."""

from __future__ import annotations

from collections.abc import Iterator


def run() -> Iterator[object]:
    """All rows; each part loads what it needs."""
    from genworld.bench import train_jobs, train_page, train_speed

    yield from train_speed.run()
    yield from train_page.run()
    yield from train_jobs.run()
