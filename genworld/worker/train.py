"""The task that trains a model: its course, told to the library, stopped when asked, gone on with after any end.

This module loads torch: only children import it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from genworld import checkpoint as checkpoints
from genworld import paths
from genworld.checkpoint import Checkpoint
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.training import Order, Training, cost, go_on, require_room
from genworld.training.course import Course, Moment
from genworld.training.watch import Watch
from genworld.worker import memory
from genworld.worker.reporter import Reporter
from genworld.worker.work import STOPPED, Ask, Ending, Outcome, Work

HALVINGS = 2
"""How often a batch is halved for lack of memory before a training fails."""
FRUITLESS = 8
"""Attempts that began at the same step, one after the other, before a training counts as one that cannot be done."""
SAVE_EVERY = (10.0, 120.0)


def train(work: Work, *, save_every: tuple[float, float] = SAVE_EVERY, sliders: bool = True) -> Ending:
    """Train the model of a job, from where it was saved last.

    Args:
        work: whose assignment holds an `Order` as its spec.
        save_every: seconds of learning between two checkpoints, at least and at most.
        sliders: whether those of the finished model are fitted.

    Raises:
        GenworldError: it cannot be done, in a sentence for the person.
    """
    order = Order.checked(work.assignment.spec)
    torch.set_num_threads(order.threads or 1)
    with Reporter(work) as reporter:
        lesson = replace(_lesson(work, order, reporter), save_every=save_every, sliders=sliders)
        batch, halvings = None, HALVINGS
        while not isinstance(tried := _tried(lesson, batch), Ending):
            _make_room()
            if tried < 2 or not halvings:
                raise GenworldError(_no_memory(lesson.order.device, tried))
            batch, halvings = tried // 2, halvings - 1
            reporter.note("memory", f"There was not enough memory for a batch of {tried}; it goes on with {batch}.")
        return tried


@dataclass(frozen=True)
class Lesson:
    """A job that is about to be learned: all that stays the same when it has to begin again with a smaller batch."""

    work: Work
    order: Order
    reporter: Reporter
    data: Dataset
    folder: Path
    save_every: tuple[float, float] = SAVE_EVERY
    sliders: bool = True

    def training(self, batch: int | None) -> Training:
        """The run, from where it was saved.

        Args:
            batch: in place of the one that was ordered.
        """
        saved = checkpoints.saved_in(self.folder, mine=True)
        changes = {} if batch is None else {"batch": batch}
        if saved is None:
            return self.order.model_copy(update={"settings": self.order.settings | changes}).begin(self.data)
        return go_on(saved, self.data, changes=changes, device=self.order.device)


def _lesson(work: Work, order: Order, reporter: Reporter) -> Lesson:
    device = _device(order, work.assignment.device, reporter)
    reporter.at("preparing", device=device)
    folder = paths.models_home() / work.assignment.model
    saved = checkpoints.saved_in(folder, mine=True)
    _refuse_strangers(order, saved)
    _refuse_poison(work, reporter, saved)
    order = order.model_copy(update={"device": device})
    return Lesson(work, order, reporter, order.data_set(), folder)


def _refuse_strangers(order: Order, saved: Checkpoint | None) -> None:
    """Raises GenworldError where a model that was not made by this order has the folder by now: the one that was made
    was put away or renamed meanwhile, and its name given again."""
    if saved is not None and not order.began(saved):
        raise GenworldError(
            f"Another model is called {saved.name} by now; rename it or move it to the trash, then retry, or start a "
            "new training."
        )


def _device(order: Order, before: str, reporter: Reporter) -> str:
    """Where it learns: chosen at the first attempt, and kept, since another device gives other weights."""
    here = "cuda" if torch.cuda.is_available() else "cpu"
    if order.device != "auto":
        return order.device
    if before == "cuda" and here == "cpu":
        reporter.note("info", "The graphics card that this began on is not there any more; it goes on without.")
    return before if before == "cpu" else here


def _refuse_poison(work: Work, reporter: Reporter, saved: Checkpoint | None) -> None:
    """Note that it goes on, and count attempts that got no further.

    Raises:
        GenworldError: there were too many: what ends its worker again and again must not do so for ever.
    """
    if work.assignment.attempt == 1:
        return
    step = saved.manifest.step if saved else 0
    latest = work.jobs.notes(work.assignment.job)[-FRUITLESS:]
    if len(latest) == FRUITLESS and all((note.step, note.kind) == (step, "resumed") for note in latest):
        reporter.note("stopped", f"Given up after {FRUITLESS} attempts that got no further than step {step}.", step)
        raise GenworldError(
            f"{FRUITLESS} attempts, one after the other, got no further than step {step} before their worker was gone; "
            "if this machine runs out of memory, take smaller networks or a smaller batch, else retry."
        )
    reporter.note("resumed", f"Goes on from step {step}." if saved else "Begins anew.", step)


def _tried(lesson: Lesson, batch: int | None) -> Ending | int:
    """How an attempt ended; the batch for which there was not enough memory, if that was it."""
    training = lesson.training(batch)
    if batch is None:
        _require_room(training, lesson.order)
    try:
        return _taught(lesson, training)
    except (RuntimeError, MemoryError) as error:
        if not _lacks_memory(error):
            raise
        return int(getattr(training.model.config, "batch", 1))


def _require_room(training: Training, order: Order) -> None:
    """Look at the memory again: since this was ordered, other programs may have taken it.

    Raises:
        GenworldError: it will not suffice by now.
    """
    try:
        wanted = cost(training.model, training.data, order.threads)
    except (RuntimeError, MemoryError) as error:
        if not _lacks_memory(error):
            raise
        return  # the training itself finds the batch that fits
    try:
        require_room(wanted, here=True)
    except GenworldError as error:
        raise GenworldError(f"{error.sentence.removesuffix('.')}, then retry.") from error


def _taught(lesson: Lesson, training: Training) -> Ending:
    work, reporter = lesson.work, lesson.reporter
    course = Course(
        training,
        lesson.folder,
        title=work.assignment.title,
        watch=Watch(training.model, training.data, training.held_out, training.seed),
        keep=work.has_part,
        save_every=lesson.save_every,
        sliders=lesson.sliders,
    )
    reporter.begin(training.last.step if training.last else 0)
    stopped = _told(course, iter(course), work, reporter)
    if stopped in STOPPED:
        if training.last is not None:
            _told(course, course.concluding(finished=False), work, reporter, patient=True)
        return Ending(STOPPED[stopped])
    course.memory.stopped = True  # so that one that was asked to finish does, even where its conclusion is interrupted
    stopped = _told(course, course.concluding(finished=True), work, reporter)
    return Ending(STOPPED.get(stopped, Outcome.SUCCEEDED) if stopped else Outcome.SUCCEEDED)


def _told(
    course: Course, moments: Iterator[Moment], work: Work, reporter: Reporter, *, patient: bool = False
) -> Ask | None:
    """Report moments until they end, or until something is asked that ends them; returns that.

    Args:
        patient: whether they go on to their end, whatever is asked.
    """
    for moment in moments:
        work.unsaved = learning = moment.progress is not None
        reporter.tell(moment, course)
        asked = work.asked
        if not patient and asked is not None and (asked in STOPPED or learning):
            return asked
    return None


def _lacks_memory(error: Exception) -> bool:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return any(words in str(error) for words in ("can't allocate memory", "not enough memory", "out of memory"))


def _make_room() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _no_memory(device: str, batch: int) -> str:
    if device == "cuda":
        free, whole = torch.cuda.mem_get_info()
        figures = f"the graphics card has {whole / memory.GIB:.1f} GiB, of which {free / memory.GIB:.1f} GiB are free"
    else:
        figures = f"this machine has {(memory.in_all() or 0) / memory.GIB:.1f} GiB in all"
    return (
        f"There is not enough memory even for a batch of {batch}: {figures}. Take smaller networks or smaller windows, "
        "or close other programs, then retry; it goes on from the last checkpoint."
    )
