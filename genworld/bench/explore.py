"""``genworld bench explore``: what moving through a model must hold, measured.

Needs no data: everything is measured on the bundled models with a latent space.
"""

from __future__ import annotations

from collections.abc import Iterator


def run() -> Iterator[object]:
    """Rows about the page's server, about points and sliders, about starts, about the page in a browser."""
    from genworld.bench import (  # each loads what it measures
        explore_page,
        explore_points,
        explore_served,
        explore_starts,
    )

    yield from explore_served.run()
    yield from explore_points.run()
    yield from explore_starts.run()
    yield from explore_page.run()
