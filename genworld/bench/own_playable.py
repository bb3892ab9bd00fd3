"""Only playable: how many samples of chains of one map can be walked, as they come, and when only such will do."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genworld import learning, play, sampling, shaping
from genworld.datasets import open_dataset
from genworld.sampling import LoadedModel, Sampled
from genworld.shaping import Shape

SAMPLES = 20
AIM = 0.95


@dataclass(frozen=True)
class Playable:
    """What came of one map.

    Args:
        name: of the map.
        plain: share of its plain samples that can be played from start to goal.
        chosen: that share where only playable ones were asked for.
        repaired: share of those that no draw gave, so that one was repaired.
        seconds: for each of them.
    """

    name: str
    plain: float
    chosen: float
    repaired: float
    seconds: float

    def __str__(self) -> str:
        """
        >>> str(Playable("a", 0.25, 1.0, 0.1, 0.5))
        'a: playable 25%, 100% after "only playable" (aim: at least 95%), 10% of them repaired, 0.50 s each'
        """
        return (
            f'{self.name}: playable {self.plain:.0%}, {self.chosen:.0%} after "only playable" (aim: at least {AIM:.0%}), '
            f"{self.repaired:.0%} of them repaired, {self.seconds:.2f} s each"
        )


def run(folder: Path) -> Iterator[Playable]:
    """A row for each level of a folder, each learned alone and sampled at its own size."""
    data = open_dataset(str(folder))
    for index, name in enumerate(data.groups):
        with tempfile.TemporaryDirectory() as scratch:
            made = learning.learn(data.take([index]), title=name, folder=Path(scratch) / "chain")
            yield _measured(name, LoadedModel(made, made.load()))


def _measured(name: str, loaded: LoadedModel) -> Playable:
    plain = _playable(sampling.sample(loaded, seed=0, count=SAMPLES))
    began = time.perf_counter()
    made = list(shaping.sample(loaded, seed=0, count=SAMPLES, shape=Shape(playable=True)))
    seconds = (time.perf_counter() - began) / SAMPLES
    mended = sum(each.origin.kind == "edit" for each in made) / SAMPLES
    return Playable(name, plain, _playable(made), mended, seconds)


def _playable(samples: Iterator[Sampled] | list[Sampled]) -> float:
    return sum(play.check(shaping.level_of(each)).reachable is True for each in samples) / SAMPLES
