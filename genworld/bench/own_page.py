"""How long it takes in the page from dropping a map to the first samples of what was learned from it."""

from __future__ import annotations

import json
import os
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import numpy as np

from genworld.bench.start import page
from genworld.bench.timing import Timing
from genworld.content import Level
from genworld.datasets import open_dataset
from genworld.errors import GenworldError
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


class Visitor:
    """What a browser sends to the page.

    Args:
        address: of the page, ended by a slash.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = uuid.uuid4().hex
        components = json.loads(self._get("config"))["components"]
        self.parts = {each["props"].get("elem_id"): each["id"] for each in components}

    def ask(self, part: str, function: str, **request: Any) -> dict[str, Any]:
        """The answer of a server function. Raises GenworldError with its fault."""
        body = {
            "session_hash": self.session,
            "component_id": self.parts[part],
            "fn_name": function,
            "data": request,
        }
        answer: dict[str, Any] = json.loads(
            self._send("component_server", json.dumps(body).encode(), "application/json")
        )
        if "error" in answer:
            raise GenworldError(answer["error"])
        return answer

    def upload(self, name: str, data: bytes) -> str:
        """Where the page has put a file."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name.rsplit("/", 1)[-1]}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        paths: list[str] = json.loads(self._send("upload", body, f"multipart/form-data; boundary={edge}"))
        return paths[0]

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:  # noqa: S310  this machine
            return bytes(answer.read())

    def _send(self, path: str, body: bytes, kind: str) -> bytes:
        request = urllib.request.Request(  # noqa: S310  this machine
            f"{self.address}gradio_api/{path}", data=body, headers={"Content-Type": kind}
        )
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            return bytes(answer.read())
