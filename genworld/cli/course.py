"""A training in the foreground: every step told, stopped by Ctrl+C."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from genworld.cli.texts import Line, duration, passing

if TYPE_CHECKING:
    from genworld.checkpoint import Checkpoint
    from genworld.models.base import Progress
    from genworld.training import Course, Keep, Moment, Training

STOPPED = 130
"""Exit code after Ctrl+C, as shells have it."""
AFTER = {"measuring": "Measuring what it learned", "preparing": "Fitting its sliders"}
"""What follows the last step, by phase."""


def drive(
    run: Training,
    folder: Path,
    title: str,
    *,
    summary: str = "",
    sliders: bool = True,
    last: bool = True,
    watched: bool = True,
) -> Checkpoint:
    """Every step of a training and what follows them; stops when asked.

    Args:
        run: the training.
        folder: of the model.
        title, summary: what people read.
        sliders: whether they are fitted in the end.
        last: whether the model is finished with this training.
        watched: whether it is looked at, and stopped where going on is not worth it.

    Raises:
        GenworldError: the memory will not suffice, a figure is not finite, or the disk refuses.
        typer.Exit: with code 130, when it was stopped.
    """
    from genworld.training import Course, interruptible
    from genworld.training.watch import Watch

    _announce(run)
    watch = Watch(run.model, run.data, run.held_out, run.seed) if watched else None
    with _keep(folder) as keep, interruptible() as stop:
        course = Course(run, folder, title=title, summary=summary, watch=watch, keep=keep, sliders=sliders)
        stopped = _learn(course, stop.is_set)
        made = _conclude(course, lambda: last and stop.is_set(), finished=last and not stopped)
    typer.echo(f"Saved {made.name} in {made.folder}")
    which = made.name if made.folder.parent == _models_home() else shlex.quote(str(made.folder))
    if stop.is_set() and (stopped or last):
        typer.echo(_left(course, which), err=True)
        raise typer.Exit(STOPPED)
    if last:
        typer.echo(f"Try it: genworld sample {which}")
    return made


def _announce(run: Training) -> None:
    """Say what is about to be learned and how long that takes.

    Raises:
        GenworldError: the memory will not suffice.
    """
    import torch

    from genworld.models.base import device_of
    from genworld.training import cost, require_room

    device = "the graphics card" if device_of(run.model).type == "cuda" else "the CPU"
    text = f"Learning from {len(run.data):,} examples with {run.model.family} on {device}"
    if run.model.family != "markov":
        with passing("Measuring what it takes"):
            expected = cost(run.model, run.data, torch.get_num_threads())
        require_room(expected, here=True)
        text += f", from step {run.last.step}" if run.last else f": about {duration(expected.total_seconds)}"
    Line().say(text)


def _left(course: Course, which: str) -> str:
    """What is still to do, and how."""
    if course.memory.concluded:
        return f"Stopped before its sliders were fitted; do that with: genworld explore {which}"
    last = course.training.last
    where = (
        "before it was measured" if last is None or course.training.ended else f"at step {last.step} of {last.total}"
    )
    return f"Stopped {where}; go on with --resume."


@contextmanager
def _keep(folder: Path) -> Iterator[Keep | None]:
    """Which earlier checkpoints of a model are kept: of the person's models those that made what is on a board."""
    if folder.parent != _models_home():
        yield None
        return
    from genworld.library import Library

    with Library.open() as library:
        yield library.made_with


def _learn(course: Course, stop: Callable[[], bool]) -> bool:
    """All steps, told; whether it was stopped before the last."""
    line, seconds, first = Line(), course.training.seconds, 0
    for moment in course:
        assert moment.progress is not None  # noqa: S101  while it learns, each moment is a step
        first = first or moment.progress.step
        text = words(moment.progress, first, course.training.seconds - seconds)
        _tell(line, moment)
        line.show(text, last=moment.progress.step == moment.progress.total)
        if stop():
            line.clear()
            return not course.training.ended
    line.clear()
    return False


def _conclude(course: Course, stop: Callable[[], bool], *, finished: bool) -> Checkpoint:
    """All that follows the last step, told, or what of it is done before it is stopped: at least a save."""
    line, phase, made = Line(), None, None
    for moment in course.concluding(finished=finished):
        made = moment.checkpoint or made
        if moment.phase != phase:
            line.clear()
            line, phase = Line(), moment.phase
        _tell(line, moment)
        if phase in AFTER:
            line.show(AFTER[phase] if moment.done is None else f"{AFTER[phase]}: {moment.done:.0%}")
        if made is not None and stop():
            break
    line.clear()
    assert made is not None  # noqa: S101  the first thing that concluding does is to save
    return made


def _tell(line: Line, moment: Moment) -> None:
    for note in moment.notes:
        line.say(note.text)


def _models_home() -> Path:
    from genworld.checkpoint import models_home

    return models_home()


def words(progress: Progress, first: int, seconds: float) -> str:
    """How far a training is, in one line."""
    done, metrics = progress.step / progress.total, progress.metrics.items()
    figures = "  ".join(f"{name} {value:.4g}" for name, value in metrics)
    steps = progress.step - first
    left = f"  {duration(seconds / steps * (progress.total - progress.step))} left" if steps else ""
    return f"step {progress.step} of {progress.total}  {done:.1%}  {figures}{left}"
