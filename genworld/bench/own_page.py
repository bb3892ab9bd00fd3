"""How long it takes in the page from dropping a map to the first samples of what was learned from it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from genworld.bench.start import page
from genworld.bench.timing import Timing
from genworld.bench.visitor import Visitor
from genworld.content import Level
from genworld.datasets import open_dataset
from genworld.library import Item
from genworld.packs.tiled import write as write_tiled
from genworld.provenance import DataSource, ImportOrigin

RUNS = 3
SIDE = 100
FIRST = 12
"""Samples that the page asks for at first."""
AIM = 10.0

Files = dict[str, bytes]


def run() -> Iterator[Timing]:
    """Drop, understand, learn, and the first dozen samples at the size of the map, each time in a new page."""
    files = big_map()
    seconds = [_once(files) for _ in range(RUNS)]
    what = f"in the page, from dropping a map of {SIDE} x {SIDE} tiles and three layers or more to the first sample"
    yield Timing(what, tuple(first for first, _ in seconds), AIM)
    yield Timing(f"and to {FIRST} samples of the map's size", tuple(all_ for _, all_ in seconds), AIM)


def big_map() -> Files:
    """A Tiled map made of four dungeons, in the layers that draw it, with its tileset and picture."""
    parts = open_dataset("builtin:dungeon", count=4, size=SIDE // 2, seed=1).levels
    tiles = np.block([[part.tiles for part in parts[:2]], [part.tiles for part in parts[2:]]])
    level = Level(tiles, parts[0].legend)
    source = DataSource(name="bench", licence="CC0-1.0")
    origin = ImportOrigin(file="bench", digest="0" * 64)
    item = Item(1, "level", "map", level, origin, "none", source, level.digest, "")
    return dict(write_tiled([item]).files)


def _once(files: Files) -> tuple[float, float]:
    """Seconds to the first sample and to all."""
    with tempfile.TemporaryDirectory() as home, page({**os.environ, "GENWORLD_HOME": home}) as address:
        visitor = Visitor(address)
        visitor.ask("sampler", "samples", **_wish("dungeon-markov", None, 0, 1))  # a person has seen the first screen
        began = time.perf_counter()
        sent = [{"path": visitor.upload(name, data), "name": name} for name, data in files.items()]
        token = visitor.ask("intake-part", "take", files=sent)["token"]
        told = visitor.ask("intake-part", "understand", token=token)
        model = visitor.ask("intake-part", "learn", token=token, title=told["title"])["model"]
        visitor.ask("sampler", "samples", **_wish(model["name"], SIDE, 0, 1))
        first = time.perf_counter() - began
        visitor.ask("sampler", "samples", **_wish(model["name"], SIDE, 1, FIRST - 1))
        return first, time.perf_counter() - began


def _wish(model: str, side: int | None, start: int, count: int) -> dict[str, Any]:
    size = {} if side is None else {"rows": side, "columns": side}
    return {"model": model, "seed": 1, "condition": [], "variety": None, **size, "start": start, "count": count}
