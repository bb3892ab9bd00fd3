"""The folders of the models on the shelf, and their pictures: what can be told before torch is loaded."""

from __future__ import annotations

from pathlib import Path

from genworld import paths
from genworld.errors import unknown
from genworld.ui.pictures import data_uri

PREVIEW = "preview.png"


def folders() -> dict[str, Path]:
    """Where the checkpoint of each name is: bundled ones first, each replaced by a person's own of the same name."""
    roots = (paths.shipped("checkpoints"), paths.models_home())
    return {path.name: path for root in roots for path in sorted(root.glob("[!.]*/")) if path.is_dir()}


def folder(name: str) -> Path:
    """The folder of a name. A path is no name: what a browser sends never leads to a file elsewhere.

    Raises:
        GenworldError: there is none; tells the nearest name.
    """
    found = folders()
    if name not in found:
        raise unknown("model", name, found)
    return found[name]


def preview(name: str) -> str | None:
    """The contact sheet of a model as a data URI, or None where it has none."""
    path = folder(name) / PREVIEW
    return data_uri(path.read_bytes()) if path.is_file() else None
