"""Tiny Doom maps for the tests: two rooms and a door, as WAD files."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

NONE = 0xFFFF
A, DOOR, B = 0, 1, 2
VERTEXES = [
    (0, 0),
    (0, 512),
    (512, 512),
    (512, 320),
    (512, 192),
    (512, 0),
    (576, 0),
    (576, 192),
    (576, 320),
    (576, 512),
    (1088, 512),
    (1088, 0),
]
LINES = [
    *((0, 1, 0, A, None), (1, 2, 0, A, None), (2, 3, 0, A, None), (4, 5, 0, A, None), (5, 0, 0, A, None)),
    *((3, 4, 1, A, DOOR), (3, 8, 0, DOOR, None), (7, 4, 0, DOOR, None), (7, 8, 1, B, DOOR)),
    *((6, 7, 0, B, None), (8, 9, 0, B, None), (9, 10, 0, B, None), (10, 11, 11, B, None), (11, 6, 0, B, None)),
]
"""Start, end, special, and the sectors on the right and left: the last line but one is an exit switch."""
SECTORS = [(0, 128, b"FLOOR4_8", b"CEIL3_5", 0), (0, 0, b"FLAT1", b"FLAT1", 0), (0, 256, b"RROCK19", b"F_SKY1", 0)]
THINGS = [(96, 96, 1), (224, 160, 13), (800, 96, 3001), (800, 160, 2035), (700, 400, 2011)]

DRAWN = """\
###################
#........#,,,,,,,,#
#........#,i,,,,,,#
#........#,,,,,,,,#
#........+,,,,,,,X#
#........+,,,,,,,,#
#...k....#,,,b,,,,#
#.S......#,,,m,,,,#
#........#,,,,,,,,#
###################
"""


def lumps(
    lines: Sequence[tuple[int, int, int, int, int | None]] = LINES,
    sectors: Sequence[tuple[int, int, bytes, bytes, int]] = SECTORS,
    things: Sequence[tuple[int, int, int]] = THINGS,
) -> dict[str, bytes]:
    """The lumps of a map."""
    sides, drawn = [], []
    for start, end, special, right, left in lines:
        places = [len(sides)]
        sides.append(right)
        if left is not None:
            places.append(len(sides))
            sides.append(left)
        drawn.append(struct.pack("<7H", start, end, 1, special, 0, *(*places, NONE)[:2]))
    return {
        "THINGS": b"".join(struct.pack("<hhhHH", x, y, 0, kind, 7) for x, y, kind in things),
        "LINEDEFS": b"".join(drawn),
        "SIDEDEFS": b"".join(struct.pack("<hh8s8s8sH", 0, 0, b"-", b"-", b"WALL", sector) for sector in sides),
        "VERTEXES": b"".join(struct.pack("<hh", *each) for each in VERTEXES),
        "SECTORS": b"".join(
            struct.pack("<hh8s8shHH", floor, ceiling, flat, roof, 160, special, 0)
            for floor, ceiling, flat, roof, special in sectors
        ),
    }


def wad(maps: Mapping[str, Mapping[str, bytes]], kind: bytes = b"PWAD") -> bytes:
    """A WAD of maps by name."""
    entries, body = [], b""
    for name, each in maps.items():
        for lump, raw in {name: b"", **each}.items():
            entries.append(struct.pack("<ii8s", 12 + len(body), len(raw), lump.encode()))
            body += raw
    return kind + struct.pack("<ii", len(entries), 12 + len(body)) + body + b"".join(entries)


def two_rooms() -> bytes:
    """A WAD with one map, E1M1."""
    return wad({"E1M1": lumps()})
