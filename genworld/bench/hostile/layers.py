"""Maps whose layers mean harm (security.md, A5): bombs, sizes that lie, tiles that are not there."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator

from backports import zstd

from genworld.bench.hostile.case import Case
from genworld.bench.hostile.seeds import COLUMNS, ROWS, gids, ldtk, picture, tmj, tmx

BOMB = 64 * 2**20
_PACKERS: dict[str, Callable[[bytes], bytes]] = {"zlib": zlib.compress, "gzip": gzip.compress, "zstd": zstd.compress}
_SIZE = f'width="{COLUMNS}" height="{ROWS}"'


def cases() -> Iterator[Case]:
    """The maps, each with its picture."""
    made = [(name, "map.tmx", raw) for name, raw in (*_packed(), *_listed(), *_sized())]
    made += [(name, "map.tmj", raw) for name, raw in _as_json()]
    made += [(name, "world.ldtk", raw) for name, raw in _projects()]
    for name, file, raw in made:
        yield Case(f"layer: {name}", {file: raw, "ground.png": picture("PNG")}, file)


def _csv(text: str) -> bytes:
    """The seed with other CSV data."""
    return tmx().replace(",".join(map(str, gids())).encode(), text.encode())


def _data(text: str, attributes: str) -> bytes:
    """The seed with another first layer."""
    return _csv(text).replace(b'encoding="csv"', attributes.encode())


def _packed() -> Iterator[tuple[str, bytes]]:
    for how, pack in _PACKERS.items():
        text = base64.b64encode(pack(bytes(BOMB))).decode()
        yield f"{how} bomb", _data(text, f'encoding="base64" compression="{how}"')
    text = base64.b64encode(bytes(6 * 2**20)).decode()
    yield "base64 of megabytes", _data(text, 'encoding="base64"')
    yield (
        "zlib in zlib",
        _data(
            base64.b64encode(zlib.compress(zlib.compress(bytes(BOMB)))).decode(), 'encoding="base64" compression="zlib"'
        ),
    )
    yield "packing that is unknown", _data("AAAA", 'encoding="base64" compression="rar"')


def _listed() -> Iterator[tuple[str, bytes]]:
    yield "CSV of millions", _csv("1," * 3_000_000 + "1")
    yield "CSV of too few", _csv("1,2,3")
    yield "CSV of nothing", _csv("")
    yield "tiles below zero", _csv(",".join(["-1"] * ROWS * COLUMNS))
    yield "tiles that no tileset has", _csv(",".join(["100000"] * ROWS * COLUMNS))
    yield "tiles beyond 32 bits", _csv(",".join(["99999999999"] * ROWS * COLUMNS))
    yield "tiles of a thousand digits", _csv(",".join(["9" * 1000] * ROWS * COLUMNS))


def _sized() -> Iterator[tuple[str, bytes]]:
    for width, height in (("1000000000", "1000000000"), ("-1", "-1"), ("0", "0"), ("NaN", "1e9"), ("4000", "4000")):
        size = f'width="{width}" height="{height}"'
        yield f"size of {width} x {height}", tmx().replace(_SIZE.encode(), size.encode())
    yield "tiles a billion wide", tmx().replace(b'tilewidth="8"', b'tilewidth="1000000000"')
    yield "tileset of a billion tiles", tmx().replace(b'tilecount="8"', b'tilecount="1000000000"')


def _as_json() -> Iterator[tuple[str, bytes]]:
    made = json.loads(tmj())
    chunk = made["layers"][0]["chunks"][0]
    for name, change in (
        ("chunk of a billion", {"width": 10**9, "height": 10**9}),
        ("chunk far away", {"x": 2**31 - 1, "y": -(2**31)}),
        ("chunk of a number beyond all", {"width": 10**300}),
    ):
        layer = made["layers"][0] | {"chunks": [chunk, chunk | change]}
        yield name, json.dumps(made | {"layers": [layer]}).encode()
    deep: dict[str, object] = made["layers"][0]
    for _ in range(60):
        deep = {"type": "group", "name": "deep", "id": 1, "layers": [deep]}
    yield "groups in groups", json.dumps(made | {"layers": [deep]}).encode()


def _projects() -> Iterator[tuple[str, bytes]]:
    for name, old, new in (
        ("grid of nothing", b'"gridSize": 8', b'"gridSize": 0'),
        ("layer of a billion", b'"__cWid": 8', b'"__cWid": 1000000000'),
        ("level of a billion pixels", b'"pxWid": 64', b'"pxWid": 1000000000'),
        ("pattern beyond all", b'"size": 1', b'"size": 1000000001'),
    ):
        yield name, ldtk().replace(old, new)
