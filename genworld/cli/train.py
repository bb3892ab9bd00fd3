"""``genworld train``: from a data set to a model."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.texts import Line, duration
from genworld.errors import GenworldError, unknown
from genworld.limits import MAX_SEED

if TYPE_CHECKING:
    from genworld.checkpoint import Checkpoint
    from genworld.models.base import Progress
    from genworld.training import Cuts, Training

STOPPED = 130
"""Exit code after Ctrl+C, as shells have it."""


def train(
    data: Annotated[
        str,
        typer.Argument(
            metavar="DATASET",
            help="builtin:NAME (see: genworld datasets), or the path of a folder, zip or text file.",
        ),
    ],
    family: Annotated[
        str | None,
        typer.Option(help="markov, vae or gan (see: genworld families).  [default: markov; vae for sprites]"),
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
        float,
        typer.Option(min=0, max=0.9, help="Share of cells neither solid nor void in a window worth learning."),
    ] = 0.0,
    hold_out: Annotated[
        float,
        typer.Option(
            min=0, max=0.5, help="Share of the data, by file or family, kept from the model to measure it with."
        ),
    ] = 0.0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    title: Annotated[str, typer.Option(help="What people read.  [default: from the name]")] = "",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the model of --name or --out; --steps and --set may differ.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a model of the same name.")] = False,
) -> None:
    """Train a model on a data set. Ctrl+C stops after the step at hand and keeps what was learned."""
    from genworld import training
    from genworld.datasets import open_dataset

    if device not in training.DEVICES:
        raise GenworldError(f"A device is one of {', '.join(training.DEVICES)}, but {device!r} came.")
    examples = open_dataset(data, **{key: number(value) for key, value in pairs("--data", options or ()).items()})
    if resume:
        before = _resumed(name, out, given=any((family, window, seed, least_open, hold_out)))
        changes: dict[str, str | int] = {**pairs("--set", settings or ())} | ({"steps": steps} if steps else {})
        command = shlex.join(["genworld", "train", spoken(data), "--resume", *_set(changes)]) if changes else ""
        run = training.go_on(before, examples, changes=changes, command=command, device=device)
        folder, title = before.folder, title or before.title
    else:
        chosen = family or ("markov" if examples.spec.kind == "level" else "vae")
        folder = place(name, out, f"{examples.name} {chosen}", replace=replace)
        wanted: dict[str, str | int] = {**pairs("--set", settings or ())}
        if steps is not None:
            wanted["steps"] = steps
        cuts = training.Cuts(window, least_open, hold_out)
        command = command_of(data, chosen, wanted, pairs("--data", options or ()), seed, cuts)
        run = training.begin(examples, chosen, wanted, seed=seed, command=command, cuts=cuts, device=device)
    finish(run, folder, title)


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
    """A whole number, a size such as 24x32 (rows, columns), or the text itself."""
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


def command_of(
    data: str,
    family: str,
    settings: Mapping[str, str | int],
    options: Mapping[str, str],
    seed: int,
    cuts: Cuts,
) -> str:
    """The command for the card. Of a path only the last part: where a person keeps files is nobody's business.

    >>> from genworld.training import Cuts
    >>> command_of("/home/ada/maps", "vae", {"steps": 100}, {}, 0, Cuts(window=16))
    'genworld train maps --family vae --seed 0 --window 16 --set steps=100'
    """
    words = ["genworld", "train", spoken(data)]
    words += ["--family", family, "--seed", str(seed)]
    words += [word for key, value in vars(cuts).items() if value for word in (f"--{key.replace('_', '-')}", str(value))]
    words += _set(settings)
    words += [word for key, value in options.items() for word in ("--data", f"{key}={value}")]
    return shlex.join(words)


def command_of_learn(files: Sequence[Path], options: Sequence[str]) -> str:
    """The command of `genworld learn` for the card, with the last part of each path only.

    >>> command_of_learn([Path("/home/ada/cave.tmx")], ["style=top-down"])
    'genworld learn cave.tmx --data style=top-down'
    """
    words = ["genworld", "learn", *(file.name for file in files)]
    return shlex.join([*words, *(word for option in options for word in ("--data", option))])


def spoken(data: str) -> str:
    """How a card names the data of a command."""
    return data if data.startswith("builtin:") else Path(data).name


def _set(settings: Mapping[str, str | int]) -> list[str]:
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


def finish(run: Training, folder: Path, title: str) -> None:
    """Every step of a run, saved now and then, and its card; stops when asked."""
    from genworld.training import SAVE_EVERY, interruptible

    line, saved = Line(), time.monotonic()
    first, began = 0, time.monotonic()
    with interruptible() as stop:
        for progress in run:
            first = first or progress.step
            line.show(words(progress, first, time.monotonic() - began), last=progress.step == progress.total)
            if stop.is_set():
                break
            if time.monotonic() - saved > SAVE_EVERY:
                run.save(folder, title=title)
                saved = time.monotonic()
    conclude(run, folder, title)


def conclude(run: Training, folder: Path, title: str) -> None:
    """Save and say so; exit code 130 where steps are missing."""
    from genworld.card import write_card

    if run.last is None:
        raise GenworldError("Not a single step was left to do, so nothing was saved; ask for more with --steps.")
    checkpoint = run.save(folder, title=title)
    if run.finished and (report := run.appraise()):
        checkpoint = run.save(folder, title=title, measures=report.to_dict())
    write_card(checkpoint, real=run.data.examples)
    typer.echo(f"Saved {checkpoint.name} in {checkpoint.folder}")
    if not run.finished:
        typer.echo(f"Stopped at step {run.last.step} of {run.last.total}; go on with --resume.", err=True)
        raise typer.Exit(STOPPED)
    which = checkpoint.name if checkpoint.folder.parent == _models_home() else shlex.quote(str(checkpoint.folder))
    typer.echo(f"Try it: genworld sample {which}")


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
