"""``genworld train --recipe``: a bundled model made again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genworld.cli.course import drive
from genworld.cli.given import place
from genworld.cli.texts import passing
from genworld.errors import GenworldError

if TYPE_CHECKING:
    from genworld.checkpoint import Checkpoint
    from genworld.datasets import Dataset
    from genworld.training import Training
    from genworld.training.recipes import Recipe


def follow(name: str, data: str | None, model: str | None, out: Path | None, device: str, *, sliders: bool) -> None:
    """Make a bundled model again, or go on where that was stopped.

    Args:
        name: of the recipe.
        data: where its data lie; those that were fetched when None.
        model, out: name or folder of the model; ``my-NAME`` where neither is given.
        device: one of `DEVICES`.
        sliders: whether they are fitted in the end.

    Raises:
        GenworldError: the data are not here, or the model is finished.
        typer.Exit: with code 130, when it was stopped.
    """
    from genworld import checkpoint
    from genworld.training.recipes import recipe

    made = recipe(name)
    if data is None:
        made.require_data()
    folder = place(model or (None if out else f"my-{name}"), out, name, replace=True)
    with passing(f"Reading {data or made.data}"):
        examples, saved = made.order(data).data_set(), checkpoint.saved_in(folder, mine=True)
    for stage in range(made.stage(saved) if saved else 0, len(made.stages)):
        last = stage == len(made.stages) - 1
        run = _stage(made, stage, saved, examples, data, device)
        if run.memory.concluded and run.ended and last:
            raise GenworldError(f"{folder.name!r} is finished already; make it anew under another --name.")
        saved = drive(run, folder, made.title, summary=made.summary, sliders=sliders, last=last, watched=False)


def _stage(
    made: Recipe, stage: int, saved: Checkpoint | None, examples: Dataset, data: str | None, device: str
) -> Training:
    order = made.order(data)
    if saved is None:
        run = order.model_copy(update={"device": device}).begin(examples)
    else:
        run = made.goes_on(stage, saved, examples, order.data, device)
    run.prepare()
    return run
