"""Legends as the page shows them: every tile with its name, its tags and a picture."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from genworld import render
from genworld.content import Legend, Level, Tag
from genworld.ui.pictures import data_uri


@lru_cache(maxsize=32)
def entries(legend: Legend) -> tuple[dict[str, Any], ...]:
    """The tiles of a legend in order, for a palette."""
    return tuple(
        {"id": index, "name": tile.name, "tags": sorted(tile.tags), "picture": _picture(legend, index)}
        for index, tile in enumerate(legend.tiles)
    )


def varied_tags(legend: Legend) -> list[str]:
    """The tags that some tiles of a legend carry and others do not: those that there can be more or less of."""
    counts = {tag: sum(tag in tile.tags for tile in legend.tiles) for tag in Tag}
    return [tag.value for tag, count in counts.items() if 0 < count < len(legend.tiles)]


def has_ends(legend: Legend) -> bool:
    """Whether a legend has both a start and a goal."""
    return bool(legend.ids(Tag.START)) and bool(legend.ids(Tag.GOAL))


def _picture(legend: Legend, tile: int) -> str:
    alone = Level(np.array([[tile]], dtype=np.uint8), legend)
    return data_uri(render.png_bytes(render.picture(alone)))
