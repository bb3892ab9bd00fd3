"""Draws the tilesets of genworld. Run ``python -m draw`` in ``assets/tilesets`` after a change."""

from __future__ import annotations

from collections.abc import Callable

from . import city, dungeon, interiors, overworld, platformer
from .book import Book

TILESETS: dict[str, Callable[[], Book]] = {
    "dungeon": dungeon.draw,
    "overworld": overworld.draw,
    "city": city.draw,
    "interiors": interiors.draw,
    "platformer": platformer.draw,
}
"""What draws each tileset."""
