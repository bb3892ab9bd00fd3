"""Sprites locked to a palette on their way into a pack."""

from __future__ import annotations

from dataclasses import replace

from genworld.content import Sprite
from genworld.finishing import Palette, finished
from genworld.library import Item
from genworld.provenance import Finish, FinishOrigin


def in_palette(item: Item, palette: Palette) -> Item:
    """A kept sprite in the colours of a palette, with an origin and a digest that tell of it; levels stay as they are."""
    if not isinstance(item.example, Sprite):
        return item
    finish = Finish(palette=palette.colours)
    made = finished(item.example, finish)
    return replace(item, example=made, digest=made.digest, origin=FinishOrigin(parent=item.origin, finish=finish))
