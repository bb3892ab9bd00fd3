"""Packs for download: written where Gradio may serve them, apart from what a person owns, and swept away later."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from gradio.utils import get_upload_folder

from genworld import packs
from genworld.errors import GenworldError, unknown
from genworld.finishing import Palette
from genworld.library import Item
from genworld.ui import uploads

KEPT_SECONDS = 3600.0


def formats() -> list[dict[str, str]]:
    """The formats of packs, for the choice in the panel."""
    return [{"name": one.name, "title": one.title, "summary": one.summary} for one in packs.FORMATS.values()]


def export(items: Sequence[Item], *, name: str, format: str, palette: Palette | None = None) -> Path:  # noqa: A002
    """A pack of these items in a folder of its own, whose name nobody can guess.

    Raises:
        GenworldError: the board is empty, the format is not known, or the disk refuses.
    """
    if not items:
        raise GenworldError("A pack needs at least one kept item, but the board is empty; keep a sample first.")
    if format not in packs.FORMATS:
        raise unknown("pack format", format, packs.FORMATS)
    return packs.export(items, name=name, format=format, folder=fresh(), palette=palette)


def written(name: str, content: bytes) -> Path:
    """One file of this name, written where packs are.

    Args:
        name: a plain file name of ours.
    """
    path = fresh() / name
    path.write_bytes(content)
    return path


def fresh() -> Path:
    """A new folder for one file, whose name nobody can guess."""
    sweep()
    made = folder() / secrets.token_urlsafe(24)
    made.mkdir(parents=True)
    return made


def folder() -> Path:
    """Where packs lie until they are fetched."""
    return Path(get_upload_folder()).resolve() / "genworld-packs"


def sweep(now: float | None = None) -> None:
    """Remove packs that are older than an hour: the board makes them again at any time."""
    edge = (time.time() if now is None else now) - KEPT_SECONDS
    uploads.sweep_in(folder(), edge)
