"""How quickly the page's server answers whoever moves sliders and looks at maps: from the request to the whole answer."""

from __future__ import annotations

import base64
import os
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from genworld.bench.rows import Latency, Share
from genworld.bench.start import page
from genworld.bench.timing import Timing
from genworld.bench.visitor import Visitor
from genworld.errors import GenworldError

MODELS = ("adventurers", "dungeon")
MOVES = 200
"""Positions of a slider that is dragged."""
STEPS = 32
"""Steps that are undone."""
POINTS = 20_000
USUAL = 2_000
FRESH_SEED = 12_345
MEDIAN, P95 = 0.020, 0.050
POINTS_AIM, FRESH_AIM, BUNDLED_AIM = 2.0, 6.0, 1.0
PATIENCE = 120.0

Told = dict[str, Any]


def run() -> Iterator[object]:
    """Dragging, undoing and maps of each bundled model with a latent space, in a page of its own with an empty library."""
    with tempfile.TemporaryDirectory() as home, page({**os.environ, "GENWORLD_HOME": home}) as address:
        visitor = Visitor(address)
        for model in MODELS:
            yield from sliders(visitor, model)
            yield from maps(visitor, model)


def sliders(visitor: Visitor, model: str) -> Iterator[object]:
    """A slider of a model that is dragged to and fro, and steps that are undone."""
    start = visitor.ask("latent", "entered", model=model, seed=1)
    names = [each["id"] for each in fitted(visitor, start["tile"])]
    seconds = []
    for number in range(MOVES):
        began = time.perf_counter()
        visitor.ask("latent", "live", **step(start["tile"], names[number % len(names)], swing(number)))
        seconds.append(time.perf_counter() - began)
    yield Latency(f"{model}, from a slider's position to the picture", tuple(seconds), MEDIAN, P95)
    yield undone(visitor, model, start["tile"], names)


def fitted(visitor: Visitor, tile: Told) -> list[Told]:
    """The sliders of the model of a tile, once they are there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        told = visitor.ask("latent", "sliders", origin=tile["origin"])
        if told["ready"]:
            return list(told["sliders"])
        time.sleep(0.1)
    raise GenworldError(f"The sliders of {tile['origin']!r} were not fitted within {PATIENCE:g} seconds.")


def step(tile: Told, slider: str, to: float) -> Told:
    """A request for a tile with one slider moved."""
    return {"origin": tile["origin"], "moves": [[slider, to]], "locked": []}


def swing(number: int) -> float:
    """Standard deviations to and fro between -2 and 2."""
    return abs(number % 40 - 20) / 5 - 2


def undone(visitor: Visitor, model: str, tile: Told, names: list[str]) -> Share:
    """Steps along one slider after the other; then each of them is asked for once more, the last first."""
    tiles = [tile]
    for number in range(STEPS):
        wanted = step(tiles[-1], names[number % len(names)], swing(7 * number))
        tiles.append(visitor.ask("latent", "settled", **wanted)["tile"])
    same = [_same(visitor.ask("latent", "settled", origin=each["origin"])["tile"], each) for each in tiles[-2::-1]]
    return Share(f"{model}, steps undone to the very bytes of the picture", sum(same), len(same))


def _same(one: Told, other: Told) -> bool:
    return bool(one["picture"] == other["picture"] and one["digest"] == other["digest"])


def maps(visitor: Visitor, model: str) -> Iterator[object]:
    """Maps of a model: the bundled one, one of fresh samples, and as many points as a map can show."""
    visitor.ask("map", "map_about", model=model)  # the page opens the model before its map
    for method in ("pca", "umap"):
        yield Timing(
            f"{model}, the bundled {method.upper()} of {USUAL:,} samples",
            (_map(visitor, model, method, 0, USUAL),),
            BUNDLED_AIM,
        )
    fresh = _map(visitor, model, "pca", FRESH_SEED, USUAL)
    yield Timing(f"{model}, a PCA of {USUAL:,} fresh samples", (fresh,), FRESH_AIM)
    many = _map(visitor, model, "pca", FRESH_SEED + 1, POINTS)
    yield Timing(f"{model}, {POINTS:,} points, all of them fresh samples", (many,), POINTS_AIM)


def _map(visitor: Visitor, model: str, method: str, seed: int, count: int) -> float:
    """Seconds until all places of a map are there, asked for as the page does."""
    chart = {"model": model, "seed": seed, "condition": [], "method": method, "count": count}
    began = time.perf_counter()
    _until_whole(visitor, chart)
    if method == "umap":
        _until_laid_out(visitor, chart)
    places = base64.b64decode(visitor.ask("map", "map_places", **chart)["xy"])
    seconds = time.perf_counter() - began
    if len(places) != 8 * count:
        raise GenworldError(f"A map of {count} places was expected, but {len(places) // 8} came.")
    return seconds


def _until_whole(visitor: Visitor, chart: Told) -> None:
    while (told := visitor.ask("map", "map_grow", **chart))["done"] < told["total"]:
        pass


def _until_laid_out(visitor: Visitor, chart: Told) -> None:
    told = visitor.ask("map", "map_umap", **chart)
    token = told.get("token")
    while told["state"] in ("queued", "running"):
        time.sleep(0.1)
        told = visitor.ask("map", "map_umap_state", token=token)
