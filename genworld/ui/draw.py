"""Samples for the page: drawn on demand, and drawn once more before they are kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from genworld import sampling
from genworld.errors import GenworldError
from genworld.library import Draft
from genworld.sampling import LoadedModel, Sampled
from genworld.ui import shelf, tiles
from genworld.ui.asked import Wish

TURNS = threading.BoundedSemaphore(2)
"""How many renders run at once: the canonical render has one thread, and the page itself must stay quick."""
PATIENCE_SECONDS = 30.0


def draw(wish: Wish, start: int, count: int) -> dict[str, Any]:
    """Samples `start` to `start + count - 1` of a wish, as tiles.

    Raises:
        GenworldError: the model cannot serve the wish, or too many wait.
    """
    loaded = shelf.opened(wish.model)
    title, source = loaded.checkpoint.title, loaded.checkpoint.manifest.run.data
    return {"tiles": [tiles.of_sample(sampled, title, source) for sampled in render(loaded, wish, start, count)]}


def drafts(wish: Wish, indices: Sequence[int]) -> list[Draft]:
    """Samples of a wish, drawn here again: what a browser claims about pixels is never kept."""
    loaded = shelf.opened(wish.model)
    title, source = loaded.checkpoint.title, loaded.checkpoint.manifest.run.data
    drawn = [(index, sampled) for index in indices for sampled in render(loaded, wish, index, 1)]
    return [Draft(sampled.example, sampled.origin, title, f"{title} {index}", source) for index, sampled in drawn]


def render(loaded: LoadedModel, wish: Wish, start: int, count: int) -> list[Sampled]:
    """The canonical render of `count` samples from index `start`."""
    with turn():
        return list(
            sampling.sample(
                loaded,
                seed=wish.seed,
                count=count,
                start=start,
                condition=wish.condition,
                variety=wish.variety,
                size=wish.size,
            )
        )


@contextmanager
def turn() -> Iterator[None]:
    """A turn at rendering. Raises GenworldError after waiting too long for one."""
    if not TURNS.acquire(timeout=PATIENCE_SECONDS):
        raise GenworldError(
            f"A turn at sampling was expected within {PATIENCE_SECONDS:g} seconds, but many people sample now; "
            "please try again in a minute."
        )
    try:
        yield
    finally:
        TURNS.release()
