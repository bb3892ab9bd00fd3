"""Where a person's models go that are wanted no more, and how they come back."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from genworld import paths
from genworld.errors import GenworldError
from genworld.ui import folders

_MARK = re.compile(r"-[0-9a-f]{8}")


def place() -> Path:
    """The folder that holds them, beside the models."""
    return paths.home() / "trash"


def discard(name: str) -> str:
    """Put a model away.

    Returns:
        What it is called in the trash, for `restore`.

    Raises:
        GenworldError: there is no such model, or it came with genworld.
    """
    model = folders.folder(name)
    if model.parent != paths.models_home():
        raise GenworldError(f"Only models of your own go to the trash, but {name} came with genworld.")
    label = f"{name}-{secrets.token_hex(4)}"
    place().mkdir(exist_ok=True)
    model.rename(place() / label)
    return label


def restore(label: str) -> str:
    """Put a model back where it was.

    Returns:
        Its name.

    Raises:
        GenworldError: it is not in the trash, or there is another model of its name by now.
    """
    name = label[:-9]
    if not _MARK.fullmatch(label[-9:]) or label not in (path.name for path in place().glob("*/")):
        raise GenworldError("This model is not in the trash any more; learn it again from its map.")
    if (paths.models_home() / name).exists():
        raise GenworldError(f"There is another model called {name} by now; move that to the trash first.")
    (place() / label).rename(paths.models_home() / name)
    return name
