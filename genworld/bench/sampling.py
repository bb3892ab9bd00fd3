"""How long canonical samples of the bundled models take."""

from __future__ import annotations

from collections.abc import Iterator

from genworld import checkpoint, sampling
from genworld.bench.timing import Timing, time_runs

RUNS = 5
SPRITES = 64
WORLD = (64, 64)


def run() -> Iterator[Timing]:
    """64 samples of each bundled sprite model, 64 of each level model of one size, a 64 x 64 level of the others."""
    for found in checkpoint.available():
        if found.mine:
            continue
        loaded = sampling.open_model(found.name)
        size = loaded.model.nearest_size(WORLD) if loaded.model.resizable else None
        count = 1 if size else SPRITES
        what = f"{found.name}, {count} of {size[0]} x {size[1]} tiles" if size else f"{found.name}, {count} samples"

        def act(
            seed: int, count: int = count, size: tuple[int, int] | None = size, loaded: sampling.LoadedModel = loaded
        ) -> None:
            list(sampling.sample(loaded, seed=seed, count=count, size=size))

        yield time_runs(what, act, runs=RUNS, aim=0.5 if size else 1.0)
