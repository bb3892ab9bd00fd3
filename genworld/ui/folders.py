"""The folders of the models on the shelf, and their pictures: what can be told before torch is loaded."""

from __future__ import annotations

import re
from pathlib import Path

from genworld import paths
from genworld.errors import GenworldError, unknown
from genworld.paths import PRIVATE
from genworld.ui.pictures import data_uri

PREVIEW = "preview.png"

_PRIVATE_NAME = re.compile(rf"{PRIVATE}[0-9a-f]{{32}}")


def folders() -> dict[str, Path]:
    """Where the checkpoint of each name is: bundled ones first, each replaced by a person's own of the same name.

    Models of visitors are not among them: their names are secrets. Nor is an empty folder: a training that waits, or
    was not saved yet, has taken its name.
    """
    roots = (paths.shipped("checkpoints"), paths.models_home())
    found = [path for root in roots for path in sorted(root.glob("[!.]*/")) if path.is_dir() and any(path.iterdir())]
    return {path.name: path for path in found if not path.name.startswith(PRIVATE)}


def is_private(name: str) -> bool:
    """Whether a name is that of a visitor's model, whole.

    >>> is_private("yours-" + "0" * 32), is_private("yours-*"), is_private("dungeon")
    (True, False, False)
    """
    return _PRIVATE_NAME.fullmatch(name) is not None


def folder(name: str) -> Path:
    """The folder of a name. A path is no name: what a browser sends never leads to a file elsewhere.

    The model of a visitor is found by its whole name alone.

    Raises:
        GenworldError: there is none; tells the nearest name.
    """
    if is_private(name):
        return _private_folder(name)
    found = folders()
    if name not in found:
        raise unknown("model", name, found)
    return found[name]


def _private_folder(name: str) -> Path:
    place = paths.models_home() / name
    if place.is_dir():
        return place
    raise GenworldError("This model was learned on this page and is not here any more; drop the map again.")


def preview(name: str) -> str | None:
    """The contact sheet of a model as a data URI, or None where it has none."""
    path = folder(name) / PREVIEW
    return data_uri(path.read_bytes()) if path.is_file() else None
