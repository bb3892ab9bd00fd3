"""Packed data from strangers: never unpacked beyond what its owner may need."""

from __future__ import annotations

import zlib
from typing import Literal

from backports import zstd

from genworld import limits
from genworld.datasets.untrusted.sentences import reason, too_large
from genworld.errors import GenworldError, unknown

Packing = Literal["zlib", "gzip", "zstd"]
PACKINGS: tuple[Packing, ...] = ("zlib", "gzip", "zstd")

ZSTD_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 25}
"""32 MiB: what a frame may make the decompressor set aside before it yields a byte."""

_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32


def inflate(raw: bytes, how: str, most: int, where: str) -> bytes:
    """What `raw` unpacks to.

    Args:
        raw: one stream; what follows it is ignored.
        how: one of `PACKINGS`; zlib and gzip are told apart by what is there, as editors do.
        most: bytes that may come out; not one more is unpacked than is needed to tell that there are more.
        where: what a sentence calls it.

    Raises:
        GenworldError: an unknown packing, more than `most` bytes, or a damaged or unfinished stream.
    """
    if how not in PACKINGS:
        raise unknown("packing", how[: limits.NAME_LENGTH], PACKINGS)
    try:
        out, ended = _unpacked(raw, how, most + 1)
    except (zlib.error, zstd.ZstdError, EOFError, MemoryError) as error:
        raise _damaged(where, how, reason(error)) from error
    if len(out) > most:
        raise too_large(f"The {how} data of {where}", most)
    if not ended:
        raise _damaged(where, how, "it breaks off")
    return out


def _unpacked(raw: bytes, how: str, most: int) -> tuple[bytes, bool]:
    """At most `most` bytes, and whether the stream ended with them."""
    if how == "zstd":
        frame = zstd.ZstdDecompressor(options=ZSTD_WINDOW)
        return frame.decompress(raw, max_length=most), frame.eof
    stream = zlib.decompressobj(_ZLIB_OR_GZIP)
    return stream.decompress(raw, most), stream.eof


def _damaged(where: str, how: str, why: str) -> GenworldError:
    return GenworldError(f"The {how} data of {where} are damaged ({why}); save the map again.")
