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
FRAME_BYTES = SHOWN * 256 * 256
"""Bytes of a frame's tiles or pixels, at most: as many levels of the largest side, or sprites of 128."""
_SIZE = struct.Struct("<HH")


def pack(examples: Sequence[Example]) -> bytes:
    """Up to `SHOWN` levels or sprites, of any sizes, as bytes.

    Raises:
        GenworldError: too many of them, or too large.
    """
    arrays = [_array(example) for example in examples]
    if len(arrays) > SHOWN or sum(array.nbytes for array in arrays) > FRAME_BYTES:
        raise GenworldError(
            f"A frame shows at most {SHOWN} examples of {FRAME_BYTES // 2**20} MiB together, but {len(arrays)} of "
            f"{sum(array.nbytes for array in arrays) / 2**20:.1f} MiB came; show fewer or smaller ones."
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
    if sum(height * width * depth for height, width in sizes) != len(raw) - start:
        raise _damaged()
    examples: list[Example] = []
    for height, width in sizes:
        end = start + height * width * depth
        flat = np.frombuffer(raw, dtype=np.uint8, count=end - start, offset=start)
        examples.append(_example(flat, height, width, spec))
        start = end
    return examples


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
