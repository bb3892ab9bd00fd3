"""Layer data of a map: CSV, XML, base64 with or without compression, in one piece or in chunks.

https://doc.mapeditor.org/en/stable/reference/global-tile-ids/
"""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from genworld import limits
from genworld.datasets.tiled.attributes import FURTHEST, whole
from genworld.datasets.untrusted import inflate
from genworld.errors import GenworldError

Gids = NDArray[np.uint32]
"""(H, W) global tile ids with their flips, 0 where empty."""

HORIZONTAL, VERTICAL, DIAGONAL, HEX_120 = (np.uint32(1 << bit) for bit in (31, 30, 29, 28))
FLIPS = HORIZONTAL | VERTICAL | DIAGONAL
GID = np.uint32(0x0FFF_FFFF)
"""What remains of a global tile id without its flips."""

CELLS = 4 * limits.LEVEL_CELLS
"""Cells of all layers of a map together."""

_NOT_NUMBERS = re.compile(r"[^\d,\s]|\d{11}")


class Budget:
    """Cells that a map may still unpack; refuses the layer that asks for more."""

    def __init__(self) -> None:
        self.left = CELLS

    def take(self, width: int, height: int, where: str) -> int:
        """`width` * `height`, if as much is left."""
        cells = width * height
        if cells > limits.LEVEL_CELLS or cells > self.left:
            raise GenworldError(
                f"{where} holds {width:,} x {height:,} cells, but {limits.LEVEL_CELLS:,} are read of a layer and "
                f"{CELLS:,} of a map; cut it into smaller maps."
            )
        self.left -= cells
        return cells


def grid(data: Element | None, width: int, height: int, budget: Budget, where: str) -> Gids:
    """(height, width) ids of a layer in one piece."""
    cells = budget.take(width, height, where)
    if data is None:
        return np.zeros((height, width), np.uint32)
    return _flat(data, data, cells, where).reshape(height, width)


Chunk = tuple[int, int, Gids]
"""Row and column of its upper left cell, and its ids."""


def chunks(data: Element | None, budget: Budget, where: str) -> Iterator[Chunk]:
    """The chunks of a layer of an infinite map."""
    for chunk in [] if data is None else data.iterfind("chunk"):
        left, top = (whole(chunk, name, where, low=-FURTHEST) for name in ("x", "y"))
        width, height = (whole(chunk, name, where, low=1) for name in ("width", "height"))
        cells = budget.take(width, height, where)
        yield top, left, _flat(chunk, data if data is not None else chunk, cells, where).reshape(height, width)


def _flat(holder: Element, data: Element, cells: int, where: str) -> Gids:
    """(cells,) ids of one piece of data, whose encoding `data` names."""
    match data.get("encoding", ""):
        case "csv":
            flat = _csv(holder.text or "", where)
        case "base64":
            flat = _base64(holder.text or "", data.get("compression", ""), cells, where)
        case "":
            flat = _elements(holder, where)
        case other:
            raise GenworldError(f"{where} is encoded as {other[:40]!a}, but CSV, base64 and XML are read.")
    if len(flat) != cells:
        raise GenworldError(f"{where} should hold {cells:,} tiles, but {len(flat):,} came; save the map again.")
    return flat


def _csv(text: str, where: str) -> Gids:
    if _NOT_NUMBERS.search(text):
        raise _damaged(where)
    compact = re.sub(r"\s+", "", text).rstrip(",")
    if not compact:
        return np.zeros(0, np.uint32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            numbers = np.fromstring(compact, dtype=np.int64, sep=",")
        except (DeprecationWarning, ValueError) as error:
            raise _damaged(where) from error
    return _narrow(numbers, where)


def _elements(holder: Element, where: str) -> Gids:
    texts = [tile.get("gid", "0") for tile in holder.iterfind("tile")]
    return _csv(",".join(text or "x" for text in texts), where)


def _narrow(numbers: NDArray[np.int64], where: str) -> Gids:
    if (numbers > np.iinfo(np.uint32).max).any():
        raise _damaged(where)
    return numbers.astype(np.uint32)


def _base64(text: str, compression: str, cells: int, where: str) -> Gids:
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise GenworldError(f"The base64 data of {where} are damaged; save the map again.") from error
    if compression:
        raw = inflate(raw, compression, 4 * cells, where)
    if len(raw) != 4 * cells:
        raise GenworldError(f"{where} should hold {cells:,} tiles, but {len(raw):,} bytes came; save the map again.")
    return np.frombuffer(raw, dtype="<u4").astype(np.uint32)


def _damaged(where: str) -> GenworldError:
    return GenworldError(
        f"{where} should hold tile ids, whole numbers with commas between, but others came; save the map again."
    )
