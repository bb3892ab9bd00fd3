"""Where files are: what ships beside the package, and what a person owns."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from genworld.errors import GenworldError

CHECKOUT = Path(__file__).resolve().parent.parent
MANIFEST = "manifest.json"
"""What a model's folder holds when there is a model in it."""
PRIVATE = "yours-"
"""How the names of visitors' models start: they are found by their whole name, which is a secret, and never listed."""


def shipped(folder: str) -> Path:
    """A folder of the checkout (``assets`` or ``checkpoints``).

    Raises:
        GenworldError: the package runs without its checkout.
    """
    path = CHECKOUT / folder
    if not path.is_dir():
        raise GenworldError(
            f"genworld runs from its checkout and expected the folder {folder!r} beside the package, but it is missing; "
            "clone the repository and install it with 'pip install -e .'."
        )
    return path


def home() -> Path:
    """The person's data folder: boards, trained models. ``GENWORLD_HOME`` overrides; made when missing."""
    chosen = os.environ.get("GENWORLD_HOME")
    path = Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("genworld", appauthor=False))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GenworldError(
            f"genworld keeps boards and models in {path}, but that folder cannot be made ({error.strerror}); "
            "set GENWORLD_HOME to a folder that you may write."
        ) from error
    return path.resolve()


def models_home() -> Path:
    """Where a person's own models are; made when one is saved."""
    return home() / "models"
