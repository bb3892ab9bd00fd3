"""Doom maps from WAD files: one level for each map, drawn on a grid (see `doom`).

A WAD is a directory of lumps; a map is a marker followed by lumps of fixed names. Maps in the format of Doom and Boom
are read; those in the formats of Hexen and UDMF are noted and left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genworld import limits
from genworld.content import Level, LevelSpec
from genworld.datasets.dataset import Dataset
from genworld.datasets.doom import LEGEND, Array, DoomMap, drawn, work
from genworld.datasets.licences import UNKNOWN, source_of
from genworld.datasets.meaning import Overrides, corrected
from genworld.datasets.reader import Reader, classes_of, one_size, signed
from genworld.datasets.untrusted import Bundle, open_bundle
from genworld.errors import GenworldError

SUFFIX = ".wad"
BYTES = 64 * limits.MIB
"""Of one file."""
LUMPS = 65_536
WORK = 8_000_000
"""Of drawing (see `doom.work`) that all maps together take: a big map takes some 50,000."""
SMALLEST = 8
"""Side in cells below which a map is no level: titles and credits have such."""
NOTES = 12
"""Of maps that were left out."""
OF_A_MAP = ("THINGS", "LINEDEFS", "SIDEDEFS", "VERTEXES", "SECTORS")
_BESIDE = frozenset((*OF_A_MAP, "SEGS", "SSECTORS", "NODES", "REJECT", "BLOCKMAP", "BEHAVIOR", "SCRIPTS"))

_ENTRY = np.dtype([("at", "<i4"), ("size", "<i4"), ("name", "S8")])
_RECORDS = {
    "THINGS": np.dtype([("x", "<i2"), ("y", "<i2"), ("angle", "<i2"), ("type", "<u2"), ("flags", "<u2")]),
    "LINEDEFS": np.dtype([(name, "<u2") for name in ("start", "end", "flags", "special", "tag", "right", "left")]),
    "SIDEDEFS": np.dtype([("x", "<i2"), ("y", "<i2"), ("walls", "S8", 3), ("sector", "<u2")]),
    "VERTEXES": np.dtype([("x", "<i2"), ("y", "<i2")]),
    "SECTORS": np.dtype(
        [
            *(("floor", "<i2"), ("ceiling", "<i2"), ("flat", "S8"), ("roof", "S8")),
            *(("light", "<i2"), ("special", "<u2"), ("tag", "<u2")),
        ]
    ),
}
_NO_SIDE = 0xFFFF


@dataclass(frozen=True)
class Lump:
    """A named stretch of a WAD."""

    name: str
    at: int
    size: int


def recognises(bundle: Bundle) -> bool:
    """Whether there is a WAD."""
    return bool(bundle.with_suffix(SUFFIX))


def read(
    place: Path,
    *,
    tags: Overrides | None = None,
    title: str = "",
    licence: str = UNKNOWN,
    credit: str = "",
) -> Dataset:
    """All maps of a WAD, or of all in a folder or zip.

    Args:
        place: the file, folder or zip. Folders are classes.
        tags: tags of tiles that are meant otherwise, by the tile's name.
        title: what the data set is called, in place of the name of the file or folder.
        licence: SPDX identifier of the maps.
        credit: the line that must ship with them.

    Returns:
        One level for each map, a cell for 64 x 64 map units; heights are lost. Levels differ in size.

    Raises:
        GenworldError: no map that can be read, or more than `limits` allow.
    """
    notes: list[str] = []
    with open_bundle(place) as bundle:
        found = list(_levels(bundle, notes))
        name = title or bundle.path.resolve().stem
    if not found:
        told = notes[0] if notes else "Bring a WAD with maps in the format of Doom."
        raise GenworldError(f"Expected Doom maps in {place.name}, but there is none that can be read. {told}")
    levels = tuple(level for _, _, level in found)
    classes, labels = classes_of([file for file, _, _ in found])
    height, width = one_size(levels)
    dataset = Dataset(
        name=name,
        spec=LevelSpec(LEGEND, height, width, classes),
        examples=levels,
        labels=labels,
        groups=tuple(f"{file} {each}" for file, each, _ in found),
        source=source_of(name, licence, credit),
        notes=_some(notes),
    )
    return signed(corrected(dataset, None, tags))


READER = Reader(
    "wad", "Maps of Doom and its kin (WAD), drawn on a grid.", recognises, read, "Doom maps", frozenset({SUFFIX})
)


def _some(notes: list[str]) -> tuple[str, ...]:
    more = len(notes) - NOTES
    return tuple(notes) if more <= 0 else (*notes[:NOTES], f"{more:,} more maps were left out.")


def _levels(bundle: Bundle, notes: list[str]) -> Iterator[tuple[str, str, Level]]:
    """File, name and level of every map; what is wrong with the others is noted."""
    total = 0
    for file in bundle.with_suffix(SUFFIX):
        raw = bundle.read(file, BYTES)
        for name, lumps in maps_of(raw, bundle.where(file)):
            try:
                doom = doom_of(raw, lumps, f"{bundle.where(file)}, {name}")
            except GenworldError as error:
                notes.append(f"Left out: {error.sentence}")
                continue
            total += work(doom)
            if total > WORK:
                raise GenworldError(f"The maps of {bundle.path.name} are too many or too large to draw; choose fewer.")
            tiles = drawn(doom)
            if min(tiles.shape) < SMALLEST:
                notes.append(f"Left out: {file}, {name} is smaller than {SMALLEST} x {SMALLEST} cells.")
                continue
            yield file, name, Level(tiles, LEGEND)


def maps_of(raw: bytes, where: str) -> list[tuple[str, dict[str, Lump]]]:
    """Name and lumps of every map of a WAD.

    Raises:
        GenworldError: it is no WAD, or its directory leads out of it.
    """
    found: list[tuple[str, dict[str, Lump]]] = []
    marker = ""
    for lump in _directory(raw, where):
        if lump.name not in _BESIDE and lump.name not in ("TEXTMAP", "ENDMAP"):
            marker = lump.name
            continue
        if not found or found[-1][0] != marker or lump.name in found[-1][1]:
            found.append((marker, {}))
        found[-1][1][lump.name] = lump
    return found


def _directory(raw: bytes, where: str) -> list[Lump]:
    if len(raw) < 12 or raw[:4] not in (b"IWAD", b"PWAD"):
        raise GenworldError(f"{where} is no WAD: it should start with IWAD or PWAD; save it again.")
    count, at = struct.unpack_from("<ii", raw, 4)
    if not 0 <= count <= LUMPS or not 0 <= at <= len(raw) - count * _ENTRY.itemsize:
        raise GenworldError(f"The directory of {where} leads out of the file; save it again.")
    entries = np.frombuffer(raw, _ENTRY, count, at)
    return [Lump(_name(entry["name"]), int(entry["at"]), int(entry["size"])) for entry in entries]


def _name(raw: bytes) -> str:
    """A lump's name, as far as it can be shown."""
    text = raw.split(b"\0")[0].decode("ascii", "replace").upper()
    return "".join(char if char.isprintable() and char.isascii() else "?" for char in text)


def doom_of(raw: bytes, lumps: dict[str, Lump], where: str) -> DoomMap:
    """A map whose every index leads to something.

    Raises:
        GenworldError: another format, or a lump that is missing or damaged.
    """
    if "TEXTMAP" in lumps or "BEHAVIOR" in lumps:
        raise GenworldError(f"{where} is in the format of Hexen or UDMF; save it in that of Doom or Boom.")
    missing = [name for name in OF_A_MAP if name not in lumps]
    if missing:
        raise GenworldError(f"{where} has no {missing[0]}; save the map again.")
    things, lines, sides, vertexes, sectors = (_records(raw, lumps[name], where) for name in OF_A_MAP)
    return DoomMap(vertexes, _whole(lines, vertexes, sides, where), _sided(sides, sectors, where), sectors, things)


def _records(raw: bytes, lump: Lump, where: str) -> Array:
    kind = _RECORDS[lump.name]
    if lump.size < 0 or not 0 <= lump.at <= len(raw) - lump.size or lump.size // kind.itemsize > LUMPS:
        raise GenworldError(f"{lump.name} of {where} leads out of the file; save the map again.")
    return np.frombuffer(raw, kind, lump.size // kind.itemsize, lump.at)


def _whole(lines: Array, vertexes: Array, sides: Array, where: str) -> Array:
    """`lines`, all of whose ends and sides are there."""
    ends = np.concatenate([lines["start"], lines["end"]])
    used = np.concatenate([lines["right"], lines["left"]])
    if (ends >= len(vertexes)).any() or ((used >= len(sides)) & (used != _NO_SIDE)).any():
        raise GenworldError(f"A line of {where} names an end or a side that is not there; save the map again.")
    return lines


def _sided(sides: Array, sectors: Array, where: str) -> Array:
    """`sides`, all of whose sectors are there."""
    if (sides["sector"] >= len(sectors)).any():
        raise GenworldError(f"A side of {where} names a sector that is not there; save the map again.")
    return sides
