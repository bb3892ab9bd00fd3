"""Learn this: from what a person dropped to a model in seconds, with no choice to make."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from genworld import checkpoint, training
from genworld.card import drawn, write_card
from genworld.checkpoint import Checkpoint
from genworld.datasets import Dataset
from genworld.datasets.understood import sizes_in_words
from genworld.errors import GenworldError
from genworld.paths import shipped

FAMILY = "markov"
NAME_LENGTH = 40
ROOM = 1000
"""Models of one title, about."""
PICTURED = 6
"""Samples on the card: as many as it shows, because somebody waits for it."""


def learn(
    data: Dataset,
    *,
    title: str = "",
    name: str | None = None,
    folder: Path | None = None,
    command: str = "",
) -> Checkpoint:
    """A fast model of a person's own levels, saved among their models with its picture.

    Args:
        data: levels, as a reader gave them.
        title: what a person reads; the name of the data when empty.
        name: of the model; made from the title when None, with a number where that is taken.
        folder: where it is saved, in place of the person's models.
        command: that makes it again, for the card.

    Raises:
        GenworldError: the data are no levels, a name that does not fit, or the disk refuses.
    """
    if data.spec.kind != "level":
        raise GenworldError(
            f"A model in seconds is learned from levels, but {data.name!r} holds {data.spec.kind}s; "
            "train a vae, a gan or a flow on them: genworld train --help."
        )
    title = title or data.name
    run = training.begin(data, FAMILY, {}, seed=0, command=command)
    for _ in run:
        pass
    place = folder or (checkpoint.models_home() / checkpoint.checked_name(name) if name else reserved(title))
    try:
        made = run.save(place, title=title, summary=f"Learned from {sizes_in_words(data.examples)}.")
        write_card(made, real=data.examples, samples=drawn(made, data.examples, PICTURED))
    except BaseException:
        if not (place / checkpoint.MANIFEST).exists():
            shutil.rmtree(place, ignore_errors=True)
        raise
    return made


def reserved(title: str, besides: Collection[str] = ()) -> Path:
    """An empty folder among a person's models, named after a title: of two that learn at once, each has its own.

    Args:
        title: any text.
        besides: names that are to be left free, though no folder has them.

    Raises:
        GenworldError: the disk refuses.
    """
    home = checkpoint.models_home()
    for _ in range(ROOM):
        place = home / free_name(title, [*_used(), *besides])
        try:
            home.mkdir(exist_ok=True)
            place.mkdir()
        except FileExistsError:
            continue  # somebody took the name a moment ago
        except OSError as error:
            raise GenworldError(
                f"The folder {place} cannot be made ({error.strerror}); free some space or set GENWORLD_HOME."
            ) from error
        return place
    raise _no_name(title)


def _no_name(title: str) -> GenworldError:
    return GenworldError(f"There are {ROOM - 1} models called {title!r} already; give this one another title.")


def free_name(title: str, taken: Sequence[str] | None = None) -> str:
    """A model's name from its title, with a number where it is taken.

    Args:
        title: any text.
        taken: names in use; those of the models on this machine when None.

    Raises:
        GenworldError: all numbers are taken.
    """
    base = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[: NAME_LENGTH - 4].strip("-") or "map"
    used = set(taken) if taken is not None else _used()
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, ROOM))
    free = next((each for each in names if each not in used), None)
    if free is None:
        raise _no_name(title)
    return free


def _used() -> set[str]:
    roots = (checkpoint.models_home(), shipped("checkpoints"))
    return {path.name for root in roots if root.is_dir() for path in root.iterdir()}


def secret_name() -> str:
    """A name that nobody can guess, for the model of a visitor of a public page: who knows it may use it."""
    return f"{checkpoint.PRIVATE}{secrets.token_hex(16)}"
