"""Draws the tilesets of genworld. Run ``python -m draw`` in ``assets/tilesets`` after a change."""

from __future__ import annotations

from collections.abc import Callable

from . import dungeon, overworld
from .book import Book

TILESETS: dict[str, Callable[[], Book]] = {
    "dungeon": dungeon.draw,
    "overworld": overworld.draw,
}
"""What draws each tileset."""
