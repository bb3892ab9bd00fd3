"""What happens between two steps of a training: looks, samples, saves; and what follows the last one.

Worker, command and bench iterate the same course and report what its moments tell. Nothing that is decided here depends
on a clock except when to save and to show, so a training that was stopped anywhere goes on to the same weights.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import torch

from genworld import card, checkpoint, render, replay
from genworld.checkpoint import CARD, PREVIEW, Checkpoint
from genworld.content import Example
from genworld.errors import GenworldError
from genworld.latent import directions
from genworld.measure import Report
from genworld.models.base import LatentModel, Progress, SampleRequest
from genworld.replay import Frame, Note, Recorder
from genworld.sampling import opened
from genworld.storage import write_whole
from genworld.training.meanwhile import Meanwhile, Told
from genworld.training.memory import Memory
from genworld.training.pace import Pace, Rate
from genworld.training.run import Keep, Training

if TYPE_CHECKING:
    from genworld.training.watch import Watch

SHOWN = 16
"""Samples of a frame: always of the same latents, seed 0, index 0 and on."""
SAVE_EVERY = (10.0, 120.0)
"""Seconds of learning between two saves, at least and at most."""
SHOW_EVERY = (1.0, 60.0)
"""As `SAVE_EVERY`, of frames."""
SHARE = 0.025
"""Of the time, that saves may take, and frames as well."""
LOOK = 0.25
"""Seconds between two moments while something is measured or prepared."""

T = TypeVar("T")


class Phase(StrEnum):
    """What a training is at."""

    LEARNING = "learning"
    MEASURING = "measuring"
    PREPARING = "preparing"


@dataclass(frozen=True)
class Moment:
    """What is new.

    Args:
        phase: what the training is at.
        progress: the step that was just done; None after the last one.
        figures: of a look, by name.
        frames: samples from the fixed latents.
        notes: what a person should know.
        checkpoint: that was just saved.
        done: how far a phase after the last step is, 0 to 1; None where nobody can tell.
    """

    phase: Phase
    progress: Progress | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    frames: tuple[Frame, ...] = ()
    notes: tuple[Note, ...] = ()
    checkpoint: Checkpoint | None = None
    done: float | None = None


class Course:
    """A training and what belongs to it. Iterate it, stop by not asking further, and conclude it.

    Args:
        training: as `begin` or `go_on` gave it.
        folder: of the model.
        title, summary: what people read.
        watch: looks at what was learned now and then; None for no looks.
        recorder: collects what the replay shows; None goes on with the replay in the folder, where the training does.
        keep: whether an earlier checkpoint, by its digest, must stay.
        save_every: see `SAVE_EVERY`.
        sliders: whether those of the finished model are fitted.
    """

    def __init__(
        self,
        training: Training,
        folder: Path,
        *,
        title: str = "",
        summary: str = "",
        watch: Watch | None = None,
        recorder: Recorder | None = None,
        keep: Keep | None = None,
        save_every: tuple[float, float] = SAVE_EVERY,
        sliders: bool = True,
    ) -> None:
        training.prepare()
        begun = training.last.step if training.last else 0
        self.training = training
        self.folder = folder
        self.watch = watch
        self.recorder = recorder or _recorder(training, folder)
        self._title, self._summary = title, summary
        self._keep = keep
        self._sliders = sliders
        self._saves = Pace(*save_every, growth=0.25, share=SHARE, begun=training.seconds)
        self._frames = Pace(*SHOW_EVERY, growth=0.1, share=SHARE, begun=training.seconds)
        self._rate = Rate(training.seconds, begun)
        self._frame: Frame | None = None
        if watch is not None and self.memory.watch:
            watch.restore(self.memory.watch)

    @property
    def memory(self) -> Memory:
        """What decisions depend on; it is saved with every checkpoint."""
        return self.training.memory

    @property
    def rate(self) -> float:
        """Examples learned from in a second, lately; 0 where a family does not learn in batches."""
        return self._rate.steps * float(getattr(self.training.model.config, "batch", 0))

    def __iter__(self) -> Iterator[Moment]:
        """A moment after each step that is left.

        Raises:
            GenworldError: a figure is not finite any more, or the disk refuses.
        """
        if self.memory.stopped:
            return
        for progress in self.training:
            self._rate.count(progress.step, self.training.seconds)
            yield self._between(progress)
            if self.memory.stopped:
                return

    def _between(self, progress: Progress) -> Moment:
        figures, notes = self._look(progress.step)
        self.recorder.add(progress.step, {**progress.metrics, **figures}, notes=notes)
        frames = (self._show(progress.step),) if self._shows_now(progress) else ()
        saved = self._save_halfway() if self._saves_now(progress) else None
        return Moment(Phase.LEARNING, progress, figures, frames, notes, saved)

    # -- looks

    def _look(self, step: int) -> tuple[Mapping[str, float], tuple[Note, ...]]:
        if self.watch is None or not self.watch.due(step, self.training.seconds):
            return {}, ()
        looked = self.watch.look(step)
        self.memory.watch = self.watch.state()
        self.memory.stopped = looked.stop
        if looked.best:
            self.memory.remember_best(step, self.training.model)
        return looked.figures, tuple(looked.notes)

    # -- samples

    @property
    def _steady(self) -> bool:
        """Whether what was learned halfway is a model: what counts is one only when all is counted."""
        return isinstance(self.training.model, LatentModel)

    def _shows_now(self, progress: Progress) -> bool:
        if not self._steady:
            return progress.step == progress.total
        return self._frame is None or self._frames.due(self.training.seconds)

    def _show(self, step: int) -> Frame:
        """What the fixed latents give at a step, drawn once."""
        if self._frame is None or self._frame.step != step:
            clock = time.monotonic()
            self._frame = Frame(step, tuple(self._samples()))
            self.recorder.add(step, frames=(self._frame,))
            self._frames.done(self.training.seconds, time.monotonic() - clock)
        return self._frame

    def _samples(self) -> list[Example]:
        with torch.no_grad():
            samples = self.training.model.sample([SampleRequest(0, index) for index in range(SHOWN)])
        return [replay.corner(one) for one in samples]

    # -- saves

    def _saves_now(self, progress: Progress) -> bool:
        return self._steady and progress.step < progress.total and self._saves.due(self.training.seconds)

    def _save_halfway(self, shown: Sequence[Example] | None = None) -> Checkpoint:
        """A checkpoint with a picture. A card of what the model was before would be wrong by now.

        Args:
            shown: samples of the weights as they are; those of the last step's frame when None.
        """
        clock = time.monotonic()
        made = self._save()
        if self.training.last is not None and self._steady:
            samples = self._show(self.training.last.step).examples if shown is None else shown
            write_whole(self.folder / PREVIEW, render.png_bytes(card.preview(samples, card.LOOKS[made.kind])))
        for name in (CARD, card.SHEET):
            (self.folder / name).unlink(missing_ok=True)
        self._saves.done(self.training.seconds, time.monotonic() - clock)
        return made

    def _save(self, report: Report | None = None) -> Checkpoint:
        measures = report.to_dict() if report else None
        made = self.training.save(
            self.folder, title=self._title, summary=self._summary, measures=measures, keep=self._keep
        )
        replay.write(self.folder, self.recorder.replay())
        return made

    # -- the end

    def conclude(self, *, finished: bool) -> Checkpoint:
        """`concluding`, waited for; returns the checkpoint."""
        made = None
        for moment in self.concluding(finished=finished):
            made = moment.checkpoint or made
        assert made is not None  # noqa: S101  the first thing that concluding does is to save
        return made

    def concluding(self, *, finished: bool) -> Iterator[Moment]:
        """What follows the last step: a save, and where the training ends here measures, card and sliders too.

        Whoever is stopped within it concludes again: what was done already is not done twice, or gives the same.

        Args:
            finished: whether the training ends here; else it is only saved, to go on some other time.

        Raises:
            GenworldError: no step was done, or the disk refuses.
        """
        if not finished:
            yield Moment(Phase.LEARNING, checkpoint=self._save_halfway())
            return
        made = checkpoint.read(self.folder) if self.memory.concluded else (yield from self._finish())
        yield Moment(Phase.PREPARING, checkpoint=made)
        if self._sliders and self._steady:
            yield from self._meanwhile(Phase.PREPARING, lambda told: directions.directions_of(opened(made), told))

    def _finish(self) -> Generator[Moment, None, Checkpoint]:
        """The final weights, measured, with their card."""
        # The film ends with the last step, also where the weights of an earlier one are kept.
        frames = (self._show(self.training.last.step),) if self.training.last is not None else ()
        self.training.take_best()
        made = self._save_halfway(self._samples() if self._steady else None)
        yield Moment(Phase.MEASURING, frames=frames, checkpoint=made)
        report = yield from self._measure()
        real = self.training.data.examples
        yield from self._meanwhile(Phase.MEASURING, lambda _: card.write_card(made, real=real, report=report))
        self.memory.concluded = True
        return self._save(report)

    def _measure(self) -> Generator[Moment, None, Report | None]:
        """Every figure, where something was held out; data too few to measure are told and no fault."""
        if self.training.held_out is None:
            return None
        try:
            return (yield from self._meanwhile(Phase.MEASURING, lambda _: self.training.appraise()))
        except GenworldError as error:
            note = Note(self.training.last.step if self.training.last else 0, "info", f"Not measured: {error.sentence}")
            self.recorder.add(note.step, notes=(note,))
            yield Moment(Phase.MEASURING, notes=(note,))
            return None

    def _meanwhile(self, phase: Phase, work: Callable[[Told], T]) -> Generator[Moment, None, T]:
        """Moments while something is worked at; what comes of it."""
        working = Meanwhile(work)
        for done in working.looks(LOOK):
            yield Moment(phase, done=done)
        return working.result()


def _recorder(training: Training, folder: Path) -> Recorder:
    """A new one, or one that goes on where the training does."""
    total, last = int(getattr(training.model.config, "steps", 0)), training.last
    before = replay.read(folder, training.model.spec) if last is not None else None
    return Recorder(total) if last is None or before is None else Recorder.going_on(before, last.step, total)
