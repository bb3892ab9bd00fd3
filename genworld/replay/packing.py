"""A few examples as bytes and back. Bounded on both ways: a replay may come from a stranger."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genworld.content import Example, Level, LevelSpec, Spec, Sprite
from genworld.errors import GenworldError

SHOWN = 16
"""Examples of a frame, at most."""
EXAMPLE_BYTES = 256 * 256
"""Bytes of an example's tiles or pixels, at most: a level of the largest side, or a sprite of 128."""
FRAME_BYTES = SHOWN * EXAMPLE_BYTES
"""Of a frame, at most."""
_SIZE = struct.Struct("<HH")


def pack(examples: Sequence[Example]) -> bytes:
    """Up to `SHOWN` levels or sprites, of any sizes, as bytes.

    Raises:
        GenworldError: too many of them, or too large.
    """
    arrays = [_array(example) for example in examples]
    largest = max((array.nbytes for array in arrays), default=0)
    if len(arrays) > SHOWN or largest > EXAMPLE_BYTES:
        raise GenworldError(
            f"A frame shows at most {SHOWN} examples of {EXAMPLE_BYTES // 2**10} KiB each, but {len(arrays)} of up to "
            f"{largest / 2**10:.0f} KiB came; show fewer or smaller ones."
        )
    sizes = b"".join(_SIZE.pack(*array.shape[:2]) for array in arrays)
    return zlib.compress(bytes([len(arrays)]) + sizes + b"".join(array.tobytes() for array in arrays), 9)


def unpack(data: bytes, spec: Spec) -> list[Example]:
    """The examples that `pack` wrote.

    Args:
        data: as `pack` gave it.
        spec: of the model that made them.

    Raises:
        GenworldError: the bytes are damaged, too many, or of another kind of content.
    """
    raw = _inflated(data)
    count = raw[0] if raw else SHOWN + 1
    start = 1 + count * _SIZE.size
    if count > SHOWN or len(raw) < start:
        raise _damaged()
    sizes = list(_SIZE.iter_unpack(raw[1:start]))
    depth = 1 if isinstance(spec, LevelSpec) else 4
    lengths = [height * width * depth for height, width in sizes]
    if sum(lengths) != len(raw) - start or max(lengths, default=0) > EXAMPLE_BYTES:  # drawn, a level is far larger
        raise _damaged()
    examples: list[Example] = []
    for height, width in sizes:
        end = start + height * width * depth
        flat = np.frombuffer(raw, dtype=np.uint8, count=end - start, offset=start)
        examples.append(_example(flat, height, width, spec))
        start = end
    return examples


def corner(example: Example) -> Example:
    """As much of an example as a frame has room for: of a level that is larger its upper left corner."""
    if not isinstance(example, Level) or example.tiles.size <= EXAMPLE_BYTES:
        return example
    rows = min(example.height, max(256, EXAMPLE_BYTES // example.width))
    return Level(example.tiles[:rows, : EXAMPLE_BYTES // rows], example.legend)


def _array(example: Example) -> NDArray[np.uint8]:
    return example.tiles if isinstance(example, Level) else example.pixels


def _example(flat: NDArray[np.uint8], height: int, width: int, spec: Spec) -> Example:
    if isinstance(spec, LevelSpec):
        return Level(flat.reshape(height, width), spec.legend)
    return Sprite(flat.reshape(height, width, 4))


def _inflated(data: bytes) -> bytes:
    most = 1 + SHOWN * _SIZE.size + FRAME_BYTES
    reader = zlib.decompressobj()
    try:
        raw = reader.decompress(data, most)
    except zlib.error as error:
        raise _damaged() from error
    if not reader.eof:  # cut short, or more than a frame may hold
        raise _damaged()
    return raw


def _damaged() -> GenworldError:
    return GenworldError("A frame of this training is damaged; train again, or take the model from its source again.")
