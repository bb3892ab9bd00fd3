"""Signs that a training goes wrong, in plain words: the number, and what it means for whoever uses the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from genworld.content import Level
from genworld.datasets import Dataset
from genworld.replay import Note

FEW_SPRITES, FEW_MAPS, FEW_WINDOWS = 100, 4, 200
"""Examples below which a model of sprites, and one of windows of maps, has little to vary."""
FEW_CELLS = 10_000
"""Cells below which a family that counts patterns has counted most of them once or twice."""
ALIKE = 0.3
"""Share of samples that look like another, beyond that of real examples, from which on a model collapses."""
NARROW = 0.4
"""Variety of the samples, as a share of that of the examples, below which a model collapses."""
COPIED = 0.1
"""Share of near copies, beyond that of held-out examples, that is worth a warning."""
WORSE = 0.15
"""Share by which the distance to held-out examples may grow from its least."""
FLOOR = 0.1
"""Share of the first distance below which growth is not taken relative to the least one."""
SMALL = 0.02
"""The same as a distance: in a look's few samples chance alone moves smaller ones by a good part of themselves."""
GONE = 0.5
"""A warning is over when what it warns of fell below this share of where it begins."""
STEPS_OF_SHARE = 0.25
"""A share is told again when it has grown by this much."""
TRAINING, HELD_OUT = " to training", " to held-out"
"""How the names of distances end."""


class Signs:
    """The warnings of one training, each said once until it gets worse or comes anew.

    Args:
        data: what the model learns from.
        held_out: what it does not see.
        counts: whether the family counts patterns of whole maps.
    """

    def __init__(self, data: Dataset, held_out: Dataset | None, *, counts: bool = False) -> None:
        self._data, self._held_out, self._counts = data, held_out, counts
        self._said: dict[str, int] = {}
        self._first: dict[str, float] = {}
        self._least: dict[str, float] = {}

    def state(self) -> dict[str, Any]:
        """All that later warnings depend on, as plain JSON."""
        return {"said": dict(self._said), "first": dict(self._first), "least": dict(self._least)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave."""
        self._said = {name: int(level) for name, level in state["said"].items()}
        self._first = {name: float(value) for name, value in state["first"].items()}
        self._least = {name: float(value) for name, value in state["least"].items()}

    def opening(self, step: int) -> list[Note]:
        """What can be said of the data before anything was learned."""
        return [Note(step, "few", text) for text in self._few() if self._fresh("few", 1)]

    def of(self, step: int, figures: Mapping[str, float], expected: Mapping[str, float]) -> list[Note]:
        """What is new in the figures of a look.

        Args:
            step: that was looked at.
            figures: as `Sight.figures` gives them.
            expected: the same of real examples, as `Sight.expected` gives them.
        """
        notes = self.opening(step)
        notes += [Note(step, "collapse", text) for text in self._collapse(figures, expected)]
        notes += [Note(step, "near-copies", text) for text in self._copies(figures, expected)]
        notes += [Note(step, "over-fitting", text) for text in self._over_fitting(figures)]
        return notes

    def _fresh(self, name: str, level: int) -> bool:
        """Whether this was not said yet, or is worse than what was said; level 0 is over."""
        fresh = level > self._said.get(name, 0)
        if fresh or level == 0:
            self._said[name] = level
        return fresh

    def _share(self, name: str, excess: float, from_on: float) -> bool:
        """Whether a share that exceeds what is expected is news."""
        if excess < from_on:
            return self._fresh(name, 0) if excess < GONE * from_on else False
        return self._fresh(name, 1 + int((excess - from_on) / STEPS_OF_SHARE))

    def _few(self) -> Iterator[str]:
        if self._data.sprites:
            yield from self._few_sprites(len(self._data))
        elif self._counts:
            yield from self._few_counted(self._data.levels)
        else:
            yield from self._few_windows(len(self._data), len(set(self._data.groups)))

    def _few_sprites(self, count: int) -> Iterator[str]:
        if count < FEW_SPRITES:
            yield (
                f"Only {_counted(count, 'sprite')} to learn from: expect samples close to yours, and little variety. "
                f"{FEW_SPRITES} or more give it something to combine."
            )

    def _few_counted(self, maps: Sequence[Level]) -> Iterator[str]:
        cells = sum(int(each.tiles.size) for each in maps)
        if len(maps) < FEW_MAPS or cells < FEW_CELLS:
            more = f"{FEW_MAPS} maps" if len(maps) < FEW_MAPS else f"{FEW_CELLS:,} cells"
            yield (
                f"Only {_counted(len(maps), 'map')} with {cells:,} cells to count patterns in: what is rare there will "
                f"come as it stands in yours, or not at all. {more} or more give more different places."
            )

    def _few_windows(self, count: int, maps: int) -> Iterator[str]:
        if maps == count < FEW_WINDOWS:
            yield (
                f"Only {_counted(count, 'level')} to learn from: expect rooms that resemble yours. "
                f"{FEW_WINDOWS} or more make a more varied model."
            )
        elif maps < FEW_MAPS or count < FEW_WINDOWS:
            more = f"{FEW_MAPS} maps" if maps < FEW_MAPS else f"{FEW_WINDOWS} windows"
            yield (
                f"Only {_counted(maps, 'map')} to learn from, cut into {_counted(count, 'window')} that overlap: expect "
                f"rooms that resemble yours. {more} or more make a more varied model."
            )

    def _collapse(self, figures: Mapping[str, float], expected: Mapping[str, float]) -> Iterator[str]:
        alike, usual = figures["look-alikes"], expected["look-alikes"]
        if self._share("look-alikes", alike - usual, ALIKE):
            yield (
                f"{_part(alike)} the samples look the same as another ({_percent(usual)} of yours do): the model repeats "
                "itself. If that stays so, stop it; more examples help, or a higher penalty if it is a GAN."
            )
        variety = figures["variety"]
        if self._share("variety", 1 - variety, 1 - NARROW):
            yield (
                f"The samples differ from each other only {_percent(variety)} as much as your examples do: they look like "
                "one theme with small changes. Early on this often passes; if it stays, more examples help."
            )

    def _copies(self, figures: Mapping[str, float], expected: Mapping[str, float]) -> Iterator[str]:
        copied, usual = figures["near copies"], expected["near copies"]
        if self._share("near copies", copied - usual, COPIED):
            among = (
                f"{_percent(usual)} of the held-out ones are" if self._held_out else "nothing was held out to compare"
            )
            yield (
                f"{_part(copied)} the samples are near copies of examples that it learned from ({among}): those are "
                "not new. More examples help, or an earlier checkpoint."
            )

    def _over_fitting(self, figures: Mapping[str, float]) -> Iterator[str]:
        """Samples come nearer to what was learned from while they leave what was held out."""
        away = [self._away(name, figures) for name in _distances(figures)]
        excess = sum(away) / max(1, len(away))
        if away and self._share("over-fitting", excess, WORSE):
            yield (
                f"Over-fitting: since samples were nearest to the held-out examples, that distance grew {_percent(excess)} "
                "more than the one to those it learned from. It is learning yours by heart: more steps will not help, "
                "and the best step so far is the one that is kept."
            )

    def _away(self, distance: str, figures: Mapping[str, float]) -> float:
        """By how much more the held-out examples are left than those that were learned from."""
        to_training, to_held_out = (
            self._growth(name, figures[name]) for name in (f"{distance}{TRAINING}", f"{distance}{HELD_OUT}")
        )
        return to_held_out - max(0.0, to_training)

    def _growth(self, name: str, value: float) -> float:
        """By which share a distance exceeds the least that was seen; near nothing shares are of the first distance."""
        first = self._first.setdefault(name, abs(value))
        least = self._least[name] = min(value, self._least.get(name, value))
        return (value - least) / max(abs(least), FLOOR * first, SMALL)


def _distances(figures: Mapping[str, float]) -> list[str]:
    """Those that are measured to both sides.

    >>> _distances({"x to training": 1.0, "x to held-out": 2.0, "y to training": 1.0, "variety": 0.5})
    ['x']
    """
    names = [name.removesuffix(TRAINING) for name in figures if name.endswith(TRAINING)]
    return [name for name in names if name + HELD_OUT in figures]


def _counted(count: int, what: str) -> str:
    """
    >>> _counted(1, "map"), _counted(2345, "window")
    ('one map', '2,345 windows')
    """
    return f"one {what}" if count == 1 else f"{count:,} {what}s"


def _percent(share: float) -> str:
    """
    >>> _percent(0.004), _percent(0.0), _percent(0.625)
    ('0.4%', '0%', '62%')
    """
    return f"{100 * share:.1f}%" if 0 < share < 0.01 else f"{100 * share:.0f}%"


def _part(share: float) -> str:
    """The beginning of a sentence about a share of something.

    >>> _part(0.5), _part(0.98), _part(1.0), _part(0.31)
    ('Half of', 'Nearly all of', 'All of', '31% of')
    """
    if share >= 1:
        return "All of"
    if share >= 0.95:
        return "Nearly all of"
    return "Half of" if 0.47 <= share <= 0.53 else f"{_percent(share)} of"
