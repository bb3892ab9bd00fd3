"""``genworld bench explore``: what moving through a model must hold, measured.

Needs no data: everything is measured on the bundled models with a latent space.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

IDLE = 0.5
"""Programs that want a processor, for each there is, below which times can be trusted."""


def run() -> Iterator[object]:
    """Rows about the page's server, about points and sliders, about starts, about the page in a browser."""
    from genworld.bench import (  # each loads what it measures
        explore_page,
        explore_points,
        explore_served,
        explore_starts,
    )

    yield machine(os.cpu_count() or 1, os.getloadavg()[0])
    yield from explore_served.run()
    yield from explore_points.run()
    yield from explore_starts.run()
    yield from explore_page.run()


def machine(cores: int, load: float) -> str:
    """What the figures were measured on.

    >>> machine(2, 0.2)
    '2 processors, load 0.2.'
    >>> machine(2, 8.0)
    '2 processors, load 8.0: other programs are running, so times are longer than they need be.'
    """
    busy = ": other programs are running, so times are longer than they need be" if load > IDLE * cores else ""
    return f"{cores} processors, load {load:.1f}{busy}."
