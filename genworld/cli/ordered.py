"""What ``genworld train`` asks for, as an order; put into the queue with ``--background``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from genworld.cli.texts import duration, passing

if TYPE_CHECKING:
    from genworld.datasets import Dataset
    from genworld.training import Order


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

    options = _options(fields, preset)
    base: dict[str, Any]
    with passing(f"Reading {fields['data']}"):
        examples = open_dataset(fields["data"], **options)
        if preset is None:
            base = {"family": "markov" if examples.spec.kind == "level" else "vae", "settings": {}}
        else:
            base = suggested(examples, preset, fields.get("family"))
    whole = {**base, **fields, "options": options, "settings": {**base["settings"], **settings}}
    return Order.checked(whole), examples


def queue(order: Order, examples: Dataset) -> None:
    """Put a training into the queue, where this machine has the memory for it."""
    from genworld.training import cost, require_room
    from genworld.worker.queue import enqueue

    run = order.begin(examples)
    with passing("Measuring what it takes"):
        expected = cost(run.model, run.data, order.threads)
    require_room(expected)
    job = enqueue(order, order.title or f"{examples.name} {order.family}")
    typer.echo(f"Queued as job {job.id}, model {job.model}; it takes about {duration(expected.total_seconds)}.")
    typer.echo(f"Look at it with: genworld jobs show {job.id}")
    typer.echo("The page works on it while it is open; without it: genworld worker")


def _options(fields: Mapping[str, Any], preset: str | None) -> dict[str, Any]:
    """Those of the data; a preset takes as many built-in levels as suit its time."""
    from genworld.datasets.builtin import ENOUGH

    counted = preset in ENOUGH and str(fields["data"]).startswith("builtin:")
    return {**({"count": ENOUGH[preset]} if preset and counted else {}), **fields["options"]}
