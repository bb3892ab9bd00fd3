"""What a training leaves to look at, and the one who collects it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from genworld.content import Example
from genworld.replay.packing import SHOWN
from genworld.replay.thinning import POINTS, Point, coarser, spread, thinned

Kind = Literal["few", "collapse", "over-fitting", "near-copies", "memory", "resumed", "stopped", "info"]
"""What a note is about."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Note:
    """Something a person should know about a training, said while it happened.

    Args:
        step: when.
        kind: one of `KINDS`.
        text: one plain sentence.
    """

    step: int
    kind: Kind
    text: str


@dataclass(frozen=True)
class Frame:
    """Samples from fixed noise: the same ones in every frame of a training.

    Args:
        step: when.
        examples: at most `SHOWN`.
    """

    step: int
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Replay:
    """A training to look at.

    Args:
        total: steps that it was to have.
        curves: (step, value) by the name of the figure, steps rising, at most `POINTS` of each.
        frames: steps rising, at most `FRAMES`.
        notes: in the order in which they were said.
    """

    total: int
    curves: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    frames: tuple[Frame, ...] = ()
    notes: tuple[Note, ...] = ()


class Recorder:
    """Collects a training in bounded memory, however long it runs.

    Args:
        total: steps that it is to have.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self._curves: dict[str, list[Point]] = {}
        self._frames: dict[int, tuple[Example, ...]] = {}
        self._notes: list[Note] = []

    @classmethod
    def going_on(cls, before: Replay, step: int, total: int | None = None) -> Recorder:
        """A recorder for a training that goes on from `step`; what was recorded after it will be done again.

        Args:
            before: what was recorded until then.
            step: the last that counts.
            total: steps that it is to have now; those of `before` when None.
        """
        recorder = cls(before.total if total is None else total)
        for name, points in before.curves.items():
            for at, value in points:
                recorder.add(at, {name: value})
        recorder.add(step, frames=before.frames, notes=before.notes)
        recorder.forget_after(step)
        return recorder

    def add(
        self,
        step: int,
        figures: Mapping[str, float] | None = None,
        *,
        frames: Sequence[Frame] = (),
        notes: Sequence[Note] = (),
    ) -> None:
        """What is new at a step.

        Args:
            step: later than that of the same figures before.
            figures: by name; those that are not finite are left out.
            frames: samples from the fixed noise; examples beyond `SHOWN` are left out.
            notes: what was noticed.
        """
        for name, value in (figures or {}).items():
            self._draw(name, Point(step, float(value)))
        for frame in frames:
            self._frames[frame.step] = frame.examples[:SHOWN]
            self._keep(spread(sorted(self._frames), self.total))
        self._notes += notes

    def _draw(self, name: str, point: Point) -> None:
        if math.isfinite(point.value):
            curve = self._curves.setdefault(name, [])
            curve.append(point)
            if len(curve) > 2 * POINTS:
                curve[:] = coarser(curve)

    def forget_after(self, step: int) -> None:
        """Forgets what was recorded of later steps: they will be done again."""
        self._curves = {name: [point for point in curve if point.step <= step] for name, curve in self._curves.items()}
        self._keep(at for at in self._frames if at <= step)
        self._notes = [note for note in self._notes if note.step <= step]

    def replay(self) -> Replay:
        """What was recorded so far."""
        return Replay(
            self.total,
            {name: _plain(curve) for name, curve in self._curves.items() if curve},
            tuple(Frame(step, self._frames[step]) for step in sorted(self._frames)),
            tuple(self._notes),
        )

    def _keep(self, steps: Iterable[int]) -> None:
        self._frames = {step: self._frames[step] for step in steps}


def _plain(curve: Sequence[Point]) -> tuple[tuple[int, float], ...]:
    return tuple((point.step, point.value) for point in thinned(curve, POINTS))
