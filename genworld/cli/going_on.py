"""``genworld train --resume``: a model that learns further."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genworld.cli.given import number, pairs
from genworld.cli.texts import passing
from genworld.errors import GenworldError, unknown

if TYPE_CHECKING:
    from genworld.checkpoint import Checkpoint
    from genworld.training import Training


def resumed(name: str | None, out: Path | None, *, given: bool) -> Checkpoint:
    """The model that goes on.

    Args:
        name, out: its name or its folder.
        given: whether something was asked for that stays as it was.

    Raises:
        GenworldError: that, or there is no such model.
    """
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


def gone_on(before: Checkpoint, data: str, options: Sequence[str], changes: Mapping[str, Any], device: str) -> Training:
    """The training of a model that goes on.

    Args:
        before: with its training state.
        data: as it learned from before.
        options: of the data, KEY=VALUE.
        changes: of its settings.
        device: one of `DEVICES`.

    Raises:
        GenworldError: other data, no training state, or no step is left.
    """
    from genworld import training
    from genworld.datasets import open_dataset
    from genworld.training.order import set_words, spoken

    with passing(f"Reading {data}"):
        examples = open_dataset(data, **{key: number(value) for key, value in pairs("--data", options).items()})
    command = shlex.join(["genworld", "train", spoken(data), "--resume", *set_words(changes)]) if changes else ""
    run = training.go_on(before, examples, changes=changes, command=command, device=device)
    run.prepare()
    if run.memory.concluded and run.ended:
        raise GenworldError("Not a single step was left to do, so nothing was saved; ask for more with --steps.")
    return run
