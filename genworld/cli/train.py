"""``genworld train``: from a data set to a model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from genworld.cli import going_on, recipes
from genworld.cli.course import drive
from genworld.cli.given import number, pairs, place
from genworld.cli.ordered import ordered, queue
from genworld.errors import GenworldError
from genworld.limits import MAX_SEED


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
        typer.Option(
            help="markov, hmm, vae, gan or flow (see: genworld families).  [default: markov; vae for sprites]"
        ),
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
            min=1,
            max=2_000_000,
            help="Training steps.  [default: vae 8000, gan 20000, flow 10000, hmm 25; markov has a fixed few]",
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
            help="Side in tiles of the windows that levels are cut into; for hmm the breadth of strips.  "
            "[default: levels stay whole; 16 where vae, gan, flow or hmm get levels of many sizes]",
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
    wanted: dict[str, Any] = {**pairs("--set", settings or ())} | ({"steps": steps} if steps else {})
    given = {"family": family, "window": window, "least_open": least_open, "hold_out": hold_out}
    given = {key: value for key, value in given.items() if value is not None}
    _refuse_unknown_device(device)
    if recipe is not None:
        _refuse_beside("--recipe", given | {"--preset": preset, "--set or --steps": wanted, "--seed": seed})
        _refuse_beside("--recipe", {"--background": background, "--resume": resume, "--data": options})
        recipes.follow(recipe, data, name, out, device, sliders=sliders)
        return
    if data is None:
        raise GenworldError("Say what to learn from: genworld train DATASET, or genworld train --recipe NAME.")
    if resume:
        _refuse_beside("--resume", {"--background": background, "--preset": preset})
        before = going_on.resumed(name, out, given=bool(given or seed))
        run = going_on.gone_on(before, data, options or (), wanted, device)
        drive(run, before.folder, title or before.title, sliders=sliders)
        return
    if background:
        _refuse_beside("--background", {"--name": name, "--out": out, "--replace": replace})
    folder = place(name, out, "", replace=replace) if name or out else None
    opened = {key: number(value) for key, value in pairs("--data", options or ()).items()}
    fields = {"data": data, "options": opened, "seed": seed, "title": title, "device": device, **given}
    order, examples = ordered(fields, wanted, preset)
    if background:
        queue(order, examples)
        return
    folder = folder or place(None, None, f"{examples.name} {order.family}", replace=replace)
    drive(order.begin(examples), folder, title, sliders=sliders)


def _refuse_unknown_device(name: str) -> None:
    from genworld.training import DEVICES

    if name not in DEVICES:
        raise GenworldError(f"A device is one of {', '.join(DEVICES)}, but {name!r} came.")


def _refuse_beside(option: str, others: Mapping[str, object]) -> None:
    odd = [name if name.startswith("-") else f"--{name.replace('_', '-')}" for name, value in others.items() if value]
    if odd:
        raise GenworldError(f"{option} does not go with {' and '.join(odd)}; leave one of them out.")
