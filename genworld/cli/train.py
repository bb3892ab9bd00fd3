"""``genworld train``: from a data set to a model."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genworld.cli.texts import Line, duration
from genworld.errors import GenworldError, unknown
from genworld.limits import MAX_SEED

if TYPE_CHECKING:
    from genworld.checkpoint import Checkpoint
    from genworld.datasets import Dataset
    from genworld.models.base import Progress
    from genworld.training import Course, Keep, Moment, Order, Training

STOPPED = 130
"""Exit code after Ctrl+C, as shells have it."""


def train(
    data: Annotated[
        str | None,
        typer.Argument(
            metavar="DATASET",
            show_default=False,
            help="builtin:NAME (see: genworld datasets), data:NAME (see: genworld data), or the path of a folder, zip "
            "or text file.  [required without --recipe]",
        ),
    ] = None,
    family: Annotated[
        str | None,
        typer.Option(help="markov, vae or gan (see: genworld families).  [default: markov; vae for sprites]"),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            metavar="quick|good|best",
            help="Family, settings and windows that suit the data and the time: a few minutes, half an hour, hours. What "
            "else is given counts before it.",
        ),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Make a bundled model again, as my-NAME; a second time goes on where it was stopped. DATASET says where "
            "its data lie.  [default: as genworld data fetch has them]",
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            min=1, max=2_000_000, help="Training steps.  [default: vae 8000, gan 20000; markov has a fixed few]"
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            help="Name of the model: 1 to 40 small letters, digits, hyphens.  [default: from data and family]"
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the model, its last part is the name.  [default: among your models]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Of everything random.")] = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="A setting of the family (see: genworld families NAME); may be repeated."
        ),
    ] = None,
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="KEY=VALUE",
            help="An option of the data: count, size, seed, kind for builtin; size, fit, licence, credit for pictures.",
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(
            min=8,
            max=64,
            help="Side in tiles of the windows that levels are cut into.  "
            "[default: levels stay whole; 16 where vae or gan get levels of many sizes]",
        ),
    ] = None,
    least_open: Annotated[
        float | None,
        typer.Option(
            min=0, max=0.9, help="Share of cells neither solid nor void in a window worth learning.  [default: 0]"
        ),
    ] = None,
    hold_out: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=0.5,
            help="Share of the data, by file, family or area of the maps, kept from the model to measure it with.  "
            "[default: 0]",
        ),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    title: Annotated[str, typer.Option(help="What people read.  [default: from the name]")] = "",
    background: Annotated[
        bool, typer.Option("--background", help="Put it into the queue and return (see: genworld jobs).")
    ] = False,
    sliders: Annotated[
        bool, typer.Option("--sliders/--no-sliders", help="Fit the sliders of the tab Latent when all is learned.")
    ] = True,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the model of --name or --out; --steps and --set may differ.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a model of the same name.")] = False,
) -> None:
    """Train a model on a data set. Ctrl+C stops after the step at hand and keeps what was learned."""
    from genworld import training

    if device not in training.DEVICES:
        raise GenworldError(f"A device is one of {', '.join(training.DEVICES)}, but {device!r} came.")
    wanted: dict[str, Any] = {**pairs("--set", settings or ())} | ({"steps": steps} if steps else {})
    given = {"family": family, "window": window, "least_open": least_open, "hold_out": hold_out}
    given = {key: value for key, value in given.items() if value is not None}
    if recipe is not None:
        _refuse_beside("--recipe", given | {"--preset": preset, "--set or --steps": wanted, "--seed": seed})
        _refuse_beside("--recipe", {"--background": background, "--resume": resume, "--data": options})
        follow_recipe(recipe, data, name, out, device, sliders=sliders)
        return
    if data is None:
        raise GenworldError("Say what to learn from: genworld train DATASET, or genworld train --recipe NAME.")
    if resume:
        _refuse_beside("--resume", {"--background": background, "--preset": preset})
        before = _resumed(name, out, given=bool(given or seed))
        run = _gone_on(before, data, options or (), wanted, device)
        drive(run, before.folder, title or before.title, sliders=sliders)
        return
    opened = {key: number(value) for key, value in pairs("--data", options or ()).items()}
    fields = {"data": data, "options": opened, "seed": seed, "title": title, "device": device, **given}
    order, examples = ordered(fields, wanted, preset)
    if background:
        _refuse_beside("--background", {"--name": name, "--out": out, "--replace": replace})
        queue(order, examples)
        return
    folder = place(name, out, f"{examples.name} {order.family}", replace=replace)
    drive(order.begin(examples), folder, title, sliders=sliders)


def _refuse_beside(option: str, others: Mapping[str, object]) -> None:
    odd = [name if name.startswith("-") else f"--{name.replace('_', '-')}" for name, value in others.items() if value]
    if odd:
        raise GenworldError(f"{option} does not go with {' and '.join(odd)}; leave one of them out.")


def ordered(fields: Mapping[str, Any], settings: Mapping[str, Any], preset: str | None) -> tuple[Order, Dataset]:
    """What a command asks for, and the data that it names.

    Args:
        fields: of the order, those that were given.
        settings: of the family, those that were given.
        preset: what decides the rest.

    Raises:
        GenworldError: something of it does not fit.
    """
    from genworld.datasets import open_dataset
    from genworld.training import Order, suggested

    examples = open_dataset(fields["data"], **fields["options"])
    if preset is None:
        base: dict[str, Any] = {"family": "markov" if examples.spec.kind == "level" else "vae", "settings": {}}
    else:
        base = suggested(examples, preset, fields.get("family"))
    whole = {**base, **fields, "settings": {**base["settings"], **settings}}
    return Order.checked(whole), examples


def queue(order: Order, examples: Dataset) -> None:
    """Put a training into the queue, where this machine has the memory for it."""
    from genworld.training import cost, require_room
    from genworld.worker.queue import enqueue

    run = order.begin(examples)
    expected = cost(run.model, run.data, order.threads)
    require_room(expected)
    job = enqueue(order, order.title or f"{examples.name} {order.family}")
    typer.echo(f"Queued as job {job.id}, model {job.model}; it takes about {duration(expected.total_seconds)}.")
    typer.echo(f"Look at it with: genworld jobs show {job.id}")


def _gone_on(
    before: Checkpoint, data: str, options: Sequence[str], changes: Mapping[str, Any], device: str
) -> Training:
    """The training of a model that goes on."""
    from genworld import training
    from genworld.datasets import open_dataset
    from genworld.training.order import set_words, spoken

    examples = open_dataset(data, **{key: number(value) for key, value in pairs("--data", options).items()})
    command = shlex.join(["genworld", "train", spoken(data), "--resume", *set_words(changes)]) if changes else ""
    run = training.go_on(before, examples, changes=changes, command=command, device=device)
    run.prepare()
    if run.memory.concluded and run.ended:
        raise GenworldError("Not a single step was left to do, so nothing was saved; ask for more with --steps.")
    return run


def follow_recipe(
    name: str, data: str | None, model: str | None, out: Path | None, device: str, *, sliders: bool
) -> None:
    """Make a bundled model again, or go on where that was stopped.

    Raises:
        GenworldError: the data are not here, or the model is finished.
    """
    from genworld.training.recipes import recipe

    made = recipe(name)
    order = made.order(data)
    examples = _recipe_data(order, made.data, given=data is not None)
    folder = place(model or (None if out else f"my-{name}"), out, name, replace=True)
    saved = _there(folder)
    first = made.stage(saved) if saved else 0
    for stage in range(first, len(made.stages)):
        if saved is None:
            run = order.model_copy(update={"device": device}).begin(examples)
        else:
            run = made.goes_on(stage, saved, examples, order.data, device)
        last = stage == len(made.stages) - 1
        run.prepare()
        if run.memory.concluded and run.ended and last:
            raise GenworldError(f"{folder.name!r} is finished already; make it anew under another --name.")
        saved = drive(run, folder, made.title, summary=made.summary, sliders=sliders, last=last, watched=False)


def _recipe_data(order: Order, name: str, *, given: bool) -> Dataset:
    try:
        return order.data_set()
    except GenworldError as error:
        if given:
            raise
        raise GenworldError(
            f"This recipe learns from the public data {name!r}, which are not here; "
            f"get them with: genworld data fetch {name}"
        ) from error


def _there(folder: Path) -> Checkpoint | None:
    from genworld import checkpoint

    return checkpoint.read(folder, mine=True) if (folder / checkpoint.MANIFEST).is_file() else None


def pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    """KEY=VALUE texts as a dictionary; the last of a key counts. Raises GenworldError for another form."""
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not key or not equals:
            raise GenworldError(f"{option} takes KEY=VALUE, but {text!r} came; put an equals sign between them.")
        found[key.strip()] = value.strip()
    return found


def number(text: str) -> object:
    """The value of an option of data: a whole number, a size such as 24x32 (rows, columns), or the text itself.

    >>> number("32"), number("24x32"), number("pad")
    (32, (24, 32), 'pad')
    """
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if re.fullmatch(r"\d{1,4}x\d{1,4}", text):
        return tuple(int(side) for side in text.split("x"))
    return text


def place(name: str | None, out: Path | None, plain: str, *, replace: bool) -> Path:
    """The folder of a new model.

    Raises:
        GenworldError: both name and folder, a name that does not fit, or a model that is there already.
    """
    from genworld import checkpoint
    from genworld.learning import free_name

    if name is not None and out is not None:
        raise GenworldError("A model goes to --out or among your models under --name, but both came; give one.")
    home = checkpoint.models_home()
    if name is None and out is None:
        return home / free_name(plain)
    folder = home / checkpoint.checked_name(name) if name is not None else (out or home).expanduser().resolve()
    checkpoint.checked_name(folder.name)
    if (folder / checkpoint.MANIFEST).exists() and not replace:
        raise GenworldError(
            f"A model {folder.name!r} is there already; choose another name, go on with --resume, or give --replace."
        )
    if (
        folder.exists()
        and not (folder / checkpoint.MANIFEST).exists()
        and (not folder.is_dir() or any(folder.iterdir()))
    ):
        raise GenworldError(f"{folder} holds something else than a model; choose a new folder with --out.")
    return folder


def _resumed(name: str | None, out: Path | None, *, given: bool) -> Checkpoint:
    from genworld import checkpoint

    if (name is None) == (out is None):
        raise GenworldError("Say which model goes on: give --name or --out with --resume.")
    if given:
        raise GenworldError(
            "A resumed training keeps its family, seed and data; give only --steps and --set, or train a new model."
        )
    folder = (
        checkpoint.models_home() / checkpoint.checked_name(name) if name else (out or Path()).expanduser().resolve()
    )
    if not (folder / checkpoint.MANIFEST).is_file():
        raise unknown("model to go on with", folder.name, [each.name for each in checkpoint.available() if each.mine])
    return checkpoint.read(folder, mine=True)


def command_of_learn(files: Sequence[Path], options: Sequence[str]) -> str:
    """The command of `genworld learn` for the card, with the last part of each path only.

    >>> command_of_learn([Path("/home/ada/cave.tmx")], ["style=top-down"])
    'genworld learn cave.tmx --data style=top-down'
    """
    words = ["genworld", "learn", *(file.name for file in files)]
    return shlex.join([*words, *(word for option in options for word in ("--data", option))])


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
        typer.Exit: with code 130, when it was stopped.
    """
    from genworld.training import Course, cost, interruptible, require_room
    from genworld.training.watch import Watch

    if run.model.family != "markov":
        require_room(cost(run.model, run.data))
    watch = Watch(run.model, run.data, run.held_out, run.seed) if watched else None
    with _keep(folder) as keep, interruptible() as stop:
        course = Course(run, folder, title=title, summary=summary, watch=watch, keep=keep, sliders=sliders)
        stopped = _learn(course, stop.is_set)
        made = _conclude(course, finished=last and not stopped)
    typer.echo(f"Saved {made.name} in {made.folder}")
    if stopped and run.last is not None:
        typer.echo(f"Stopped at step {run.last.step} of {run.last.total}; go on with --resume.", err=True)
        raise typer.Exit(STOPPED)
    if last:
        which = made.name if made.folder.parent == _models_home() else shlex.quote(str(made.folder))
        typer.echo(f"Try it: genworld sample {which}")
    return made


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
        line.show(text, last=moment.progress.step == moment.progress.total)
        _tell(moment)
        if stop():
            return not course.training.ended
    return False


def _conclude(course: Course, *, finished: bool) -> Checkpoint:
    line, made = Line(), None
    for moment in course.concluding(finished=finished):
        made = moment.checkpoint or made
        _tell(moment)
        if moment.phase != "learning":
            line.show(moment.phase if moment.done is None else f"{moment.phase} {moment.done:.0%}")
    assert made is not None  # noqa: S101  the first thing that concluding does is to save
    return made


def _tell(moment: Moment) -> None:
    for note in moment.notes:
        typer.echo(note.text, err=True)


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
