"""Files that something happened to: bits flipped, ends missing, parts moved, lengths that lie."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from genworld.seeding import numpy_stream

Random = np.random.Generator
CUTS = 64
ODD_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"4294967295", b"1000000000", b"-9999999999")
ODD_WORDS = (
    *(b"NaN", b"1e999", b"1.5", b"null", b"true", b"", b"[]", b"{}", b'"', b"<", b"&x;", b"]]>", b"\0", b"\xff\xfe"),
    *(b"../../../etc/passwd", b"C:\\x", b"http://192.0.2.1/x", b"<!DOCTYPE a>", b"\xe2\x80\xae", b"x" * 5000),
)
ODD_FIELDS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\1", b"\x80\0\0\0")


def mutated(raw: bytes, name: str, index: int, seed: int) -> bytes:
    """Mutation `index` of a file, always the same.

    Args:
        raw: the whole file; not empty.
        name: of the format, which names the stream.
        index: which mutation.
        seed: of the stream.
    """
    random = numpy_stream(seed, f"hostile/{name}/{index}")
    change = _CHANGES[index % len(_CHANGES)]
    return change(raw, random)


def _flipped(raw: bytes, random: Random) -> bytes:
    """One to sixteen bits the other way round."""
    changed = bytearray(raw)
    for at in random.integers(0, len(raw), int(random.integers(1, 17))):
        changed[at] ^= 1 << int(random.integers(8))
    return bytes(changed)


def _cut(raw: bytes, random: Random) -> bytes:
    """The beginning only, a multiple of one part in `CUTS`."""
    return raw[: len(raw) * int(random.integers(CUTS)) // CUTS]


def _spliced(raw: bytes, random: Random) -> bytes:
    """A part of the file once more, over or between other parts."""
    start, at = (int(each) for each in random.integers(0, len(raw), 2))
    part = raw[start : start + int(random.integers(1, 200))]
    return raw[:at] + part + raw[at + len(part) * int(random.integers(2)) :]


def _lied(raw: bytes, random: Random) -> bytes:
    """Four bytes that may be a length, replaced by an extreme one."""
    at = int(random.integers(0, max(1, len(raw) - 4)))
    return raw[:at] + ODD_FIELDS[int(random.integers(len(ODD_FIELDS)))] + raw[at + 4 :]


def _renumbered(raw: bytes, random: Random) -> bytes:
    """One to three written numbers replaced by odd ones; bits are flipped where there is no number."""
    for _ in range(int(random.integers(1, 4))):
        places = [match.span() for match in re.finditer(rb"-?\d+", raw)]
        if not places:
            return _flipped(raw, random)
        start, end = places[int(random.integers(len(places)))]
        raw = raw[:start] + ODD_NUMBERS[int(random.integers(len(ODD_NUMBERS)))] + raw[end:]
    return raw


def _reworded(raw: bytes, random: Random) -> bytes:
    """What stands between quotation marks, or a few bytes where there are none, replaced by an odd word."""
    places = [match.span(1) for match in re.finditer(rb'"([^"]*)"', raw)]
    at = int(random.integers(len(raw)))
    start, end = places[int(random.integers(len(places)))] if places else (at, at + 4)
    return raw[:start] + ODD_WORDS[int(random.integers(len(ODD_WORDS)))] + raw[end:]


def _without(raw: bytes, random: Random) -> bytes:
    """A line, or a few bytes where there is only one line, taken out."""
    lines = raw.splitlines(keepends=True)
    if len(lines) > 2:
        del lines[int(random.integers(len(lines)))]
        return b"".join(lines)
    at = int(random.integers(len(raw)))
    return raw[:at] + raw[at + int(random.integers(1, 40)) :]


_CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flipped,
    _cut,
    _spliced,
    _lied,
    _renumbered,
    _reworded,
    _without,
    _renumbered,
)
