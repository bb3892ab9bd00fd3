"""Every bound of genworld (count, size, time, memory), one table per mode."""

from __future__ import annotations

import math
from dataclasses import dataclass

from genworld.errors import GenworldError
from genworld.mode import Mode

MIB = 2**20
LEVEL_CELLS = 4_000_000
"""Cells of levels that are read together, at most."""


@dataclass(frozen=True)
class Limits:
    """Bounds that differ by mode. Sizes in tiles, pixels or bytes as named.

    Args:
        learned_cells: cells of the levels that are learned from on the page.
        art_bytes: of all arts that are kept; those that were not used for longest go.
        map_points: samples on one map.
    """

    sample_count: int
    level_side: int
    board_items: int
    upload_bytes: int
    upload_files: int
    upload_hourly_bytes: int
    pending_jobs: int
    learned_cells: int
    art_bytes: int
    map_points: int


LIMITS = {
    Mode.LOCAL: Limits(
        sample_count=256,
        level_side=256,
        board_items=100_000,
        upload_bytes=2048 * MIB,
        upload_files=20_000,
        upload_hourly_bytes=16 * 1024 * MIB,
        pending_jobs=32,
        learned_cells=LEVEL_CELLS,
        art_bytes=1024 * 1024 * MIB,
        map_points=20_000,
    ),
    Mode.PUBLIC: Limits(
        sample_count=64,
        level_side=128,
        board_items=2_000,
        upload_bytes=20 * MIB,
        upload_files=2_000,
        upload_hourly_bytes=1024 * MIB,
        pending_jobs=3,
        learned_cells=200_000,
        art_bytes=4 * 1024 * MIB,
        map_points=4_000,
    ),
}

# Bounds that hold in both modes.
NAME_LENGTH = 80
ZIP_MEMBERS = 50_000
ZIP_MEMBER_BYTES = 8 * MIB
ZIP_TOTAL_BYTES = 512 * MIB
ZIP_RATIO = 100
PICTURE_PIXELS = 16_000_000
LEVEL_PICTURE_PIXELS = 2**25
PICTURES_BYTES = 1024 * MIB
SPRITE_SIDE = 128
TEXT_BYTES = 32 * MIB
LEGEND_TILES = 255
MANIFEST_BYTES = 4 * MIB
MAP_BYTES = 16 * MIB
JSON_DEPTH = 64
JSON_VALUES = 4_000_000
XML_DEPTH = 64
XML_ELEMENTS = 300_000
XML_ATTRIBUTES = 128
XML_TAG_BYTES = MIB
BESIDE_FILES = 5_000
CLASSES = 256
ART_BYTES = 128 * MIB
CHECKPOINT_FILE_BYTES = 512 * MIB
BUNDLED_FILE_BYTES = 9_000_000
MAX_SEED = 2**31 - 1


def whole(name: str, value: object, low: int, high: int, unit: str = "") -> int:
    """`value` as a whole number within bounds, or a GenworldError that names `name`.

    A text, a boolean, NaN, a fraction or nothing at all is refused: forms deliver all of them.
    """
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    # The bounds come first: they refuse NaN and infinity too, and 10**400 fits in no float.
    if number is None or not low <= number <= high or number != int(number):
        raise GenworldError(
            f"{name} is a whole number from {low} to {high}{unit and ' ' + unit}, but {_show(value)} came."
        )
    return int(number)


def real(name: str, value: object, low: float, high: float) -> float:
    """`value` as a finite number within bounds, or a GenworldError that names `name`."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is None or not low <= number <= high or not math.isfinite(number):
        raise GenworldError(f"{name} is a number from {low:g} to {high:g}, but {_show(value)} came.")
    return float(number)


def _show(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python does not write out integers of thousands of digits
        return "a far larger number"
    return text if len(text) <= 40 else text[:37] + "..."
