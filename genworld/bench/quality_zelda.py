"""Zelda's rooms, beside GameGAN: what is new, what is alike, and what is only copied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genworld.bench import quality_peers as peers
from genworld.bench.quality_figures import (
    COPIED,
    PLAYED,
    connected_share,
    learned,
    mean_tpkl,
    near_share,
    played_share,
)
from genworld.bench.quality_rows import Aimed, Beside
from genworld.content import Legend, Level, LevelSpec, Tag
from genworld.datasets import Dataset, open_dataset
from genworld.measure.level_copies import exact_copies
from genworld.measure.variety import pairwise_hamming, unique_share
from genworld.measure.windows import Grids, Symmetry, codes, moved
from genworld.models.bulk import grids

ROOM = (16, 11)
"""Rows and columns of a room; dungeons are rooms side by side."""
WALL = 2
"""Cells of wall around a room."""
PATTERN = 4
"""Side of the windows by which rooms are told rare."""
HELD_OUT = 0.25
SAMPLES = 10_000
FAMILY = "markov"
SETTINGS: dict[str, object] = {
    "order": 10,
    "least": 1,
    "escape": 3.0,
    "warmth": 1.2,
    "bands": ROOM[0],
    "stripes": ROOM[1],
}
"""Longer contexts and less escape bring TPKL down to 0.5, but then a quarter of the samples are alike."""
REPEATS, PLAIN = 6, 3
"""Times that what stands inside the walls may be learned from, and a floor of one tile: plain rooms would make the
samples plain."""


def run(folder: Path) -> Iterator[object]:
    """Rows about a chain of rooms, cut from the dungeons of a folder and split by dungeon."""
    training, held_out = rooms(open_dataset(str(folder))).split(HELD_OUT, seed=0)
    yield (
        f"Zelda: {len(training)} rooms of {len(set(training.groups))} dungeons are learned by {FAMILY}, {len(held_out)} of "
        f"{len(set(held_out.groups))} others are held out."
    )
    model = learned(varied(training), FAMILY, SETTINGS)
    assert isinstance(training.spec, LevelSpec)  # noqa: S101  rooms are levels
    yield from compared(grids(model, 1, SAMPLES), training.array(), held_out.array(), training.spec.legend)


def rooms(data: Dataset) -> Dataset:
    """The whole rooms of dungeons; those with void in them, which are none or stairs between two, are left out."""
    cut = [
        (level.tiles[top : top + ROOM[0], left : left + ROOM[1]], level.legend, group)
        for level, group in zip(data.levels, data.groups, strict=True)
        for top in range(0, level.height - ROOM[0] + 1, ROOM[0])
        for left in range(0, level.width - ROOM[1] + 1, ROOM[1])
    ]
    whole = [(Level(tiles, legend), group) for tiles, legend, group in cut if not legend.has(tiles, Tag.VOID).any()]
    return _of(data, [level for level, _ in whole], [group for _, group in whole])


def _of(data: Dataset, levels: list[Level], groups: list[str]) -> Dataset:
    assert isinstance(data.spec, LevelSpec)  # noqa: S101  rooms are levels
    spec = replace(data.spec, height=ROOM[0], width=ROOM[1])
    labels = np.zeros((len(levels), len(spec.classes)), np.uint8)
    return replace(data, spec=spec, examples=tuple(levels), labels=labels, groups=tuple(groups))


def varied(data: Dataset) -> Dataset:
    """Rooms and their mirror images, each once; of those with the same inside some, with the rarest patterns."""
    array = data.array()
    turned = np.concatenate([moved(array, move) for move in Symmetry.FLIPS.moves])
    seen: set[bytes] = set()
    inside: Counter[bytes] = Counter()
    kept: list[int] = []
    for index in np.argsort(-rarity(turned), kind="stable").tolist():
        room, within = turned[index], turned[index, WALL:-WALL, WALL:-WALL]
        key, most = within.tobytes(), PLAIN if within.min() == within.max() else REPEATS
        if room.tobytes() not in seen and inside[key] < most:
            kept.append(index)
            seen.add(room.tobytes())
            inside[key] += 1
    legend = data.levels[0].legend
    levels = [Level(np.ascontiguousarray(turned[index]), legend) for index in kept]
    return _of(data, levels, [data.groups[index % len(array)] for index in kept])


def rarity(array: Grids) -> NDArray[np.float64]:
    """(N,) how rare the small windows of each of (N, H, W) rooms are: the sum of one over their counts."""
    windows = codes(array, PATTERN, PATTERN).reshape(len(array), -1)
    _, which, counts = np.unique(windows, return_inverse=True, return_counts=True)
    rare: NDArray[np.float64] = (1 / counts)[which.reshape(windows.shape)].sum(axis=1)
    return rare


def compared(samples: Grids, training: Grids, held_out: Grids, legend: Legend) -> Iterator[Beside]:
    """All figures, each beside that of real rooms that the model has not seen."""
    yield from _copies(samples, training, held_out)
    yield from _variety(samples, training, held_out)
    yield from _played(samples, held_out, legend)


def _copies(samples: Grids, training: Grids, held_out: Grids) -> Iterator[Beside]:
    """Unseen real rooms are the measure of what copies mean: rooms recur in this game."""
    near, near_real = (near_share(each, training, Symmetry.FLIPS) for each in (samples, held_out))
    exact, exact_real = (float(exact_copies(each, training, Symmetry.FLIPS).mean()) for each in (samples, held_out))
    several = f"{COPIED:,} samples, mirror images included"
    yield Beside("Zelda, exact copies", exact, "share", peer=peers.ZELDA_EXACT, real=exact_real)
    yield Beside("Zelda, near copies", near, "share", real=near_real, note=several)
    yield Aimed("Zelda, excess exact copies", exact - exact_real, "points", aim=0.02)
    yield Aimed("Zelda, excess copies", near - near_real, "points", aim=0.02)


def _variety(samples: Grids, training: Grids, held_out: Grids) -> Iterator[Beside]:
    yield Aimed(
        f"Zelda, unique of {len(samples):,}",
        unique_share(samples),
        "share",
        more=True,
        peer=peers.ZELDA_UNIQUE,
        real=unique_share(held_out),
        note=f"real: of {len(held_out)} rooms",
        aim=0.95,
    )
    yield Aimed(
        "Zelda, TPKL to the training rooms",
        mean_tpkl(training, samples),
        peer=peers.ZELDA_TPKL,
        note=f"{len(training)} rooms each",
        aim=0.6,
    )
    yield Beside(
        "Zelda, TPKL to held-out rooms",
        mean_tpkl(held_out, samples),
        real=mean_tpkl(held_out, training),
        note=f"{len(held_out)} rooms each, where it is larger: fewer rooms show fewer patterns",
    )
    yield Aimed(
        "Zelda, pairwise Hamming",
        pairwise_hamming(samples),
        more=True,
        peer=peers.ZELDA_HAMMING,
        real=pairwise_hamming(held_out),
        aim=0.13,
    )


def _played(samples: Grids, held_out: Grids, legend: Legend) -> Iterator[Beside]:
    yield Beside(
        "Zelda, connected", connected_share(samples, legend), "share", True, real=connected_share(held_out, legend)
    )
    yield Beside(
        "Zelda, playable",
        played_share(samples, legend),
        "share",
        True,
        real=played_share(held_out, legend),
        note=f"raw, {PLAYED} played",
    )
