"""A sample or a kept item as the page draws and describes it: one form for grid and board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from genworld import render
from genworld.content import Example, Level
from genworld.library import Item
from genworld.provenance import ORIGIN, DataSource, Origin, SeedOrigin, first, in_words
from genworld.ui.dresses import art_of
from genworld.ui.pictures import data_uri

if TYPE_CHECKING:
    from genworld.sampling import Sampled

Fact = tuple[str, str]
"""What it is about, and what is so, in words."""

TILE_KINDS_TOLD = 8


def of_sample(sampled: Sampled, model: str, source: DataSource) -> dict[str, Any]:
    """A fresh sample. Its `index`, or where it was shaped its `origin`, is what the page sends back to keep it."""
    tile = _tile(sampled.example, sampled.origin, model, source)
    return {**tile, "name": model if tile["index"] is None else f"{model} {tile['index']}"}


def of_item(item: Item) -> dict[str, Any]:
    """A kept item."""
    tile = _tile(item.example, item.origin, item.model, item.source)
    return {
        "id": item.id,
        **tile,
        "name": item.name,
        "facts": [*tile["facts"], ("Kept", item.created[:16].replace("T", " ") + " UTC")],
    }


def _tile(example: Example, origin: Origin, model: str, source: DataSource) -> dict[str, Any]:
    picture, root = render.picture(example), first(origin)
    return {
        "origin": ORIGIN.dump_json(origin).decode(),
        "digest": example.digest,
        "art": art_of(example),
        "kind": "level" if isinstance(example, Level) else "sprite",
        "picture": data_uri(render.png_bytes(picture)),
        "height": int(picture.shape[0]),
        "width": int(picture.shape[1]),
        "index": getattr(root, "index", None),
        "seed": getattr(root, "seed", None),
        "classes": list(getattr(root, "condition", ())),
        "facts": facts(example, origin, model, source),
    }


def facts(example: Example, origin: Origin, model: str, source: DataSource) -> list[Fact]:
    """Everything there is to say about an example, each with its heading."""
    told = [("From", in_words(origin)), ("Model", model), ("Size", size_in_words(example))]
    root = first(origin)
    if isinstance(root, SeedOrigin):
        told += [(name.capitalize(), f"{value:g}") for name, value in _variety(root)]
        told += [("Class", ", ".join(root.condition))] if root.condition else []
        told += [("More or less", ", ".join(f"{tag} {by:+g}" for tag, by in root.nudges))] if root.nudges else []
    told += [("Licence", licence(source)), ("Data", source.name)]
    return [*told, ("Tiles", census(example))] if isinstance(example, Level) else told


def size_in_words(example: Example) -> str:
    """Width and height with their unit."""
    unit = "tiles" if isinstance(example, Level) else "pixels"
    return f"{example.width} × {example.height} {unit}"


def census(level: Level) -> str:
    """How many tiles of what, the most frequent first."""
    counts = np.bincount(level.tiles.ravel(), minlength=len(level.legend.tiles))
    order = [int(index) for index in np.argsort(-counts, kind="stable") if counts[index]]
    told = [f"{counts[index]} {level.legend.names[index]}" for index in order[:TILE_KINDS_TOLD]]
    more = len(order) - len(told)
    return ", ".join(told) + (f" and {more} more kind{'s' * (more > 1)}" if more > 0 else "")


def _variety(origin: SeedOrigin) -> list[tuple[str, float]]:
    values = (("truncation", origin.truncation), ("temperature", origin.temperature))
    return [(name, value) for name, value in values if value is not None]


def licence(source: DataSource) -> str:
    """A licence, and what it means for somebody who sells a game."""
    sellable = {True: "may be sold", False: "must not be sold", None: "nobody said whether it may be sold"}
    credit = f"; credit: {source.credit}" if source.credit else ""
    return f"{source.licence}, {sellable[source.sellable]}{credit}"
