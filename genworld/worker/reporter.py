"""What a training tells the library: in few writes, and of each curve no more points than anybody can see."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from genworld.errors import GenworldError
from genworld.library.jobs import LeaseLostError, Report, State
from genworld.replay import Kind, Note, pack
from genworld.worker.thinning import Thinning
from genworld.worker.work import LOST, Work

if TYPE_CHECKING:
    from genworld.training.course import Course, Moment

EVERY = 0.4
"""Seconds between two writes, at least."""
GUARD = 1.0
"""Seconds between two looks whether the lease is still there, while nothing is written."""

_log = logging.getLogger(__name__)


class Reporter:
    """Collects what a training tells and writes it to the library now and then. Leave it, and all is written.

    Args:
        work: whose lease it writes under; when that is lost this process ends.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        job = work.jobs.get(work.assignment.job)
        self._step, self._total = job.step, job.total
        self._phase, self._device = "preparing", job.device
        self._rate, self._seconds = 0.0, job.seconds
        self._points: list[tuple[int, str, float]] = []
        self._frames: list[tuple[int, bytes]] = []
        self._notes: list[Note] = []
        self._thinning = Thinning()
        self._written = float("-inf")
        self._left = threading.Event()

    def __enter__(self) -> Reporter:
        threading.Thread(target=self._guard, name="lease", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._points += self._thinning.rest()
        self.write()

    def at(self, phase: str, device: str) -> None:
        """Say what the training is at, and where it learns."""
        self._phase, self._device = phase, device
        self.write()

    def begin(self, step: int) -> None:
        """It goes on after `step`: what was told of later steps is forgotten, since they are done again."""
        self._step = step
        self._thinning = Thinning()
        self._points.clear()
        self._fenced(lambda: self._work.lease.forget_after(step))

    def note(self, kind: Kind, text: str, step: int | None = None) -> None:
        """Tell a person something now, of a step or of the one at hand."""
        self._notes.append(Note(self._step if step is None else step, kind, text))
        self.write()

    def tell(self, moment: Moment, course: Course) -> None:
        """Take in what is new; it is written when it is time."""
        self._phase = str(moment.phase)
        if moment.progress is not None:
            self._step, self._total = moment.progress.step, moment.progress.total
            self._points += self._thinning.add(self._step, self._total, moment.progress.metrics)
        self._points += [(self._step, name, value) for name, value in moment.figures.items()]
        self._frames += [(frame.step, pack(frame.examples)) for frame in moment.frames]
        self._notes += moment.notes
        if time.monotonic() - self._written >= EVERY:
            self._rate, self._seconds = course.rate, course.training.seconds
            self.write()

    def write(self) -> None:
        """All that was collected, in one transaction. While the disk refuses it is kept and tried again later."""
        self._written = time.monotonic()
        report = Report(
            step=self._step,
            total=self._total,
            phase=self._phase,
            device=self._device,
            rate=self._rate,
            seconds=self._seconds,
            metrics=tuple(self._points),
            frames=tuple(self._frames),
            notes=tuple(self._notes),
        )
        if self._fenced(lambda: self._work.lease.report(report)):
            for each in (self._points, self._frames, self._notes):
                each.clear()

    def _fenced(self, act: Callable[[], None]) -> bool:
        """Whether it was done; ends this process where the lease is another's."""
        try:
            act()
        except LeaseLostError:
            os._exit(LOST)
        except GenworldError as error:
            _log.warning("not told yet: %s", error.sentence)
            return False
        return True

    def _guard(self) -> None:
        """While something long is done that tells nothing, look whether the lease is still there."""
        given = self._work.assignment
        while not self._left.wait(GUARD):
            try:
                job = self._work.jobs.get(given.job)
            except GenworldError:
                continue
            if job.attempt != given.attempt or job.state is not State.RUNNING:
                os._exit(LOST)
