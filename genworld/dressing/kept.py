"""Which art a person made for a legend, kept so that it is offered again."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from pathlib import Path

from genworld import art, paths
from genworld.art.dressed import DressedArt
from genworld.content import Legend
from genworld.errors import GenworldError
from genworld.storage import write_whole

_log = logging.getLogger(__name__)


def meaning(legend: Legend) -> str:
    """SHA-256 of what a legend's tiles mean, whoever draws it: models that share it share what was made for it."""
    text = json.dumps(replace(legend, name="", tileset="").to_dict(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def keep(dressed: DressedArt, *, listed: bool) -> str:
    """Keeps an art; returns its digest.

    Args:
        dressed: the art.
        listed: whether `kept_for` offers it from now on. On a public page nothing is listed: who knows the digest may
            use the art.

    Raises:
        GenworldError: the disk refuses.
    """
    digest = art.put(dressed)
    if listed:
        place = _place(dressed.meaning)
        place.mkdir(parents=True, exist_ok=True)
        write_whole(place / digest, dressed.name.encode())
    return digest


def kept_for(legend: Legend) -> list[DressedArt]:
    """The arts that were kept for a legend, the newest first. One that is damaged is left out and logged."""
    marks = sorted(_place(meaning(legend)).glob("[0-9a-f]*"), key=lambda mark: mark.stat().st_mtime, reverse=True)
    found = (of_digest(mark.name, legend) for mark in marks)
    return [each for each in found if each is not None]


def of_digest(digest: str, legend: Legend) -> DressedArt | None:
    """The art of a digest, where it is here and was made for this legend."""
    try:
        found = art.get(digest)
    except GenworldError as error:
        _log.warning("%s", error)
        return None
    return found if isinstance(found, DressedArt) and found.meaning == meaning(legend) else None


def _place(of: str) -> Path:
    return paths.home() / "dress" / of
