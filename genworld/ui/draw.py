"""Samples for the page: drawn on demand, and drawn once more before they are kept. Importing this loads torch."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, TypeVar

from genworld import sampling, shaping
from genworld.errors import GenworldError
from genworld.latent.finishes import suited_to
from genworld.library import Draft
from genworld.sampling import LoadedModel, Sampled
from genworld.ui import dresses, shelf, tiles
from genworld.ui.asked import Wish

T = TypeVar("T")

WAITING = threading.BoundedSemaphore(16)
"""How many may render or wait for it: beyond, boards and the page itself would have no thread left to answer."""
TURNS = threading.BoundedSemaphore(2)
"""How many renders run at once: the canonical render has one thread, and the page itself must stay quick."""
PATIENCE_SECONDS = 30.0
LONGEST_SECONDS = 60.0
"""How long one turn goes on with more samples: others wait for it."""


def draw(wish: Wish, start: int, count: int) -> dict[str, Any]:
    """Samples `start` to `start + count - 1` of a wish, as tiles.

    Raises:
        GenworldError: the model cannot serve the wish, or too many wait.
    """
    loaded = shelf.wished(wish)
    title, source = loaded.checkpoint.title, loaded.checkpoint.manifest.run.data
    return {"tiles": [tiles.of_sample(sampled, title, source) for sampled in render(loaded, wish, start, count)]}


def drafts(wish: Wish, indices: Sequence[int]) -> list[Draft]:
    """Samples of a wish, drawn here again: what a browser claims about pixels is never kept."""
    loaded = shelf.wished(wish)
    title, source = loaded.checkpoint.title, loaded.checkpoint.manifest.run.data
    each = ((index, sampled) for index in indices for sampled in render(loaded, wish, index, 1))
    drawn = in_time(each, len(indices))
    return [Draft(sampled.example, sampled.origin, title, f"{title} {index}", source) for index, sampled in drawn]


def render(loaded: LoadedModel, wish: Wish, start: int, count: int) -> list[Sampled]:
    """The canonical render of `count` samples from index `start`, in the art that is wished."""
    shape = shaping.Shape(**asdict(wish.shape)) if wish.shape else shaping.Shape()
    with turn():
        drawn = shaping.sample(
            loaded,
            seed=wish.seed,
            count=count,
            start=start,
            condition=wish.condition,
            variety=wish.variety,
            size=wish.size,
            shape=shape,
        )
        if wish.finish:
            finish = suited_to(loaded.checkpoint)
            drawn = (sampling.with_finish(each, finish) for each in drawn)
        return [replace(each, example=dresses.in_art(each.example, wish.art)) for each in in_time(drawn, count)]


def in_time(drawn: Iterable[T], count: int, longest: float = LONGEST_SECONDS) -> Iterator[T]:
    """`count` samples or drafts, one drawn after the other. Raises GenworldError when the time is over before the last."""
    end = time.monotonic() + longest
    for number, each in enumerate(drawn, start=1):
        yield each
        if number < count and time.monotonic() > end:
            raise GenworldError(
                f"These samples take longer than the {longest:g} seconds of a turn; ask for fewer or smaller ones."
            )


@contextmanager
def turn() -> Iterator[None]:
    """A turn at rendering. Raises GenworldError when too many wait for one, or it takes too long."""
    with _place(WAITING, 0.0), _place(TURNS, PATIENCE_SECONDS):
        yield


@contextmanager
def _place(places: threading.BoundedSemaphore, patience: float) -> Iterator[None]:
    if not places.acquire(timeout=patience):
        raise GenworldError(
            f"A turn at sampling comes within {PATIENCE_SECONDS:g} seconds as a rule, but many people sample now; "
            "please try again in a minute."
        )
    try:
        yield
    finally:
        places.release()
