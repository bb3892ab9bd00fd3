"""Where a person's models go that are wanted no more, and how they come back."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from genworld import paths
from genworld.errors import GenworldError
from genworld.stock import own

_LABEL = re.compile(r"(?P<name>.+)-[0-9a-f]{8}")


def place() -> Path:
    """The folder that holds them, beside the models."""
    return paths.home() / "trash"


def discard(name: str) -> str:
    """Put a model away.

    Returns:
        What it is called in the trash, for `restore`.

    Raises:
        GenworldError: there is no such model, it came with genworld, it is being trained, or the disk refuses.
    """
    model = own.folder(name)
    own.require_idle(name)
    label = f"{name}-{secrets.token_hex(4)}"
    try:
        place().mkdir(exist_ok=True)
        model.rename(place() / label)
    except OSError as error:
        raise GenworldError(f"{name} could not be moved to the trash ({error.strerror}); try again.") from error
    return label


def restore(label: str) -> str:
    """Put a model back where it was.

    Returns:
        Its name.

    Raises:
        GenworldError: it is not in the trash, there is another model of its name by now, or the disk refuses.
    """
    match = _LABEL.fullmatch(label)
    if match is None or label not in (path.name for path in place().glob("*/")):
        raise GenworldError("This model is not in the trash any more; learn it again from its data.")
    name = match["name"]
    try:
        paths.models_home().mkdir(exist_ok=True)
        back = own.moved(place() / label, paths.models_home() / name)
    except OSError as error:
        raise GenworldError(f"{name} could not be brought back ({error.strerror}); try again.") from error
    if not back:
        raise GenworldError(f"There is another model called {name} by now; move that to the trash first.")
    return name
