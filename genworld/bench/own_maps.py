"""Real maps of Tiled: learned, sampled wider, written back, and opened by a reader that is not ours."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from genworld import art, packs, sampling
from genworld.art.tiled import TiledArt
from genworld.content import Level
from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.learning import learn
from genworld.library import Item
from genworld.limits import LIMITS
from genworld.measure.level_copies import COLUMNS, verbatim_shares
from genworld.measure.windows import codes
from genworld.mode import Mode
from genworld.sampling import Sampled

CELLS = 400
"""Of a map worth measuring."""

WIDE = 40
"""Columns of a map whose windows are compared."""

WIDER = 1.5
SAMPLES = 12
VERBATIM_AIM = 0.12
MOSTLY = 0.5
"""Share of a map's cells that hold its most frequent tile, beyond which it is mostly one tile."""

Stack = tuple[int, ...]


@dataclass(frozen=True)
class Verbatim:
    """How much of the samples is copied from the map.

    Args:
        all: share of their full-height windows of 8 columns that stand anywhere in the map, as measures.md has it.
        mixed: the same of the windows with more than one tile; None where there are no such.
        plainest: share of the map's cells that hold its most frequent tile. What holds one tile alone, such as the empty
            rest of a map that is drawn in one corner, was not copied from anywhere.
    """

    all: float
    mixed: float | None
    plainest: float

    @property
    def is_plain(self) -> bool:
        """Whether the map is mostly one tile, so that windows of it alone tell nothing."""
        return self.plainest > MOSTLY

    @property
    def holds(self) -> bool:
        """Whether little is copied; of a map that is mostly one tile, by the windows with more than one."""
        return (self.mixed or 0.0 if self.is_plain else self.all) <= VERBATIM_AIM

    def __str__(self) -> str:
        """
        >>> print(Verbatim(0.05, 0.041, 0.3))
        verbatim 5.0% (aim: at most 12%), 4.1% of those with more than one tile
        >>> print(Verbatim(0.95, 0.051, 0.871))
        verbatim 95.0%, 5.1% of those with more than one tile (aim: at most 12% of these, for 87% of the map is one tile)
        >>> Verbatim(0.95, 0.051, 0.871).holds, Verbatim(0.95, 0.051, 0.3).holds, Verbatim(1.0, None, 1.0).holds
        (True, False, True)
        """
        aim = "aim: at most 12%"
        of_all = f"verbatim {self.all:.1%}" + ("" if self.is_plain else f" ({aim})")
        of_mixed = (
            "none has more than one tile"
            if self.mixed is None
            else f"{self.mixed:.1%} of those with more than one tile"
        )
        return f"{of_all}, {of_mixed}" + (
            f" ({aim} of these, for {self.plainest:.0%} of the map is one tile)" if self.is_plain else ""
        )


@dataclass(frozen=True)
class OwnMap:
    """What came of one map.

    Args:
        name: its path in the data.
        cells: rows times columns.
        tokens: tiles of its legend.
        seconds: from its file to 12 samples.
        strange: cells of the exported samples whose stack of tiles does not occur in the map.
        verbatim: what is copied; None for a narrow map.
    """

    name: str
    cells: int
    tokens: int
    seconds: float
    strange: int
    verbatim: Verbatim | None

    @property
    def holds(self) -> bool:
        """Whether every stack is known and little is copied."""
        return self.strange == 0 and (self.verbatim is None or self.verbatim.holds)

    def __str__(self) -> str:
        """
        >>> print(OwnMap("a.tmx", 1200, 40, 3.21, 0, None))
        a.tmx: 1,200 cells, 40 tiles, 3.2 s to 12 samples, 0 strange stacks (aim: 0), no windows to compare
        """
        copied = self.verbatim or "no windows to compare"
        return (
            f"{self.name}: {self.cells:,} cells, {self.tokens} tiles, {self.seconds:.1f} s to {SAMPLES} samples, "
            f"{self.strange} strange stacks (aim: 0), {copied}"
        )


def run(folder: Path) -> Iterator[OwnMap]:
    """A row for each map of at least 400 cells.

    Args:
        folder: projects, a folder each; what a map refers to is looked for in its project.
    """
    with tempfile.TemporaryDirectory() as name, _home(Path(name) / "home"):
        for path in sorted(each for each in folder.rglob("*") if each.suffix in (".tmx", ".tmj", ".json")):
            project = folder / path.relative_to(folder).parts[0]
            row = _measured(project, path, Path(name))
            if row is not None:
                yield row


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """Models and arts go to a folder that is thrown away."""
    before = os.environ.get("GENWORLD_HOME")
    os.environ["GENWORLD_HOME"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("GENWORLD_HOME")
        if before is not None:
            os.environ["GENWORLD_HOME"] = before


def _measured(project: Path, path: Path, scratch: Path) -> OwnMap | None:
    """The row of a map; None for what is no map, cannot be learned from or is small."""
    began = time.perf_counter()
    try:
        data = open_dataset(f"tiled:{project}", maps=[path.relative_to(project).as_posix()])
    except GenworldError:
        return None
    level = data.levels[0]
    if level.tiles.size < CELLS:
        return None
    samples = _sampled(data, Path(tempfile.mkdtemp(dir=scratch)) / "map")
    seconds = time.perf_counter() - began
    known = _known(path, level)
    strange = sum(stack not in known for made in _exported(data, samples, scratch) for stack in stacks_of(made))
    return OwnMap(
        name=path.relative_to(project.parent).as_posix(),
        cells=int(level.tiles.size),
        tokens=len(level.legend.tiles),
        seconds=seconds,
        strange=strange,
        verbatim=verbatim(level, samples) if level.width >= WIDE else None,
    )


def _known(path: Path, level: Level) -> set[Stack]:
    """The stacks of the original; by our own reader where the other cannot open it, as one packed with zstd."""
    try:
        return set(stacks_of(path))
    except ValueError:
        own = art.of_legend(level.legend)
        return {tuple(stack) for stack in own.stacks.tolist()} if isinstance(own, TiledArt) else set()


def _sampled(data: Dataset, folder: Path) -> list[Sampled]:
    level = data.levels[0]
    learned = learn(data, folder=folder)
    loaded = sampling.LoadedModel(learned, learned.load())
    most = LIMITS[Mode.LOCAL].level_side
    size = min(level.height, most), min(round(WIDER * level.width), most)
    return list(sampling.sample(loaded, seed=0, count=SAMPLES, size=size))


def verbatim(level: Level, samples: Sequence[Sampled]) -> Verbatim:
    """How much of the samples of one size is copied from the map that they were learned from."""
    grids = np.stack([each.example.tiles for each in samples if isinstance(each.example, Level)])
    known = codes(level.tiles, grids.shape[1], COLUMNS).ravel()
    found = np.isin(codes(grids, grids.shape[1], COLUMNS)[:, 0], known)
    windows = sliding_window_view(grids, COLUMNS, axis=2)
    mixed = windows.min(axis=(1, 3)) != windows.max(axis=(1, 3))
    return Verbatim(
        all=float(verbatim_shares(grids, [level.tiles]).mean()),
        mixed=float(found[mixed].mean()) if mixed.any() else None,
        plainest=float(np.bincount(level.tiles.ravel()).max() / level.tiles.size),
    )


def _exported(data: Dataset, samples: list[Sampled], scratch: Path) -> list[Path]:
    """The maps of a pack of these samples, unpacked."""
    items = [
        Item(
            number,
            "level",
            f"sample {number}",
            each.example,
            each.origin,
            data.name,
            data.source,
            each.example.digest,
            "",
        )
        for number, each in enumerate(samples)
    ]
    pack = packs.export(items, name="own", format="own", folder=scratch)
    place = Path(tempfile.mkdtemp(dir=scratch))
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(place)  # our own pack
    about = json.loads((place / "own" / "manifest.json").read_text())
    return [place / "own" / each["files"][0] for each in about["items"]]


def stacks_of(path: Path) -> Iterator[Stack]:
    """The stack of tiles of each cell of a map, as pytiled-parser reads it, row by row.

    Raises:
        GenworldError: pytiled-parser is not installed.
    """
    try:
        pytiled_parser = importlib.import_module("pytiled_parser")
    except ImportError as error:
        raise GenworldError(
            "Maps are read back with pytiled-parser; install it: pip install 'genworld[test]'."
        ) from error
    with contextlib.redirect_stdout(io.StringIO()):  # it prints while it reads templates
        read = pytiled_parser.parse_map(path)
    grids = list(_grids(read.layers or []))
    for rows in zip(*grids, strict=True):
        yield from zip(*rows, strict=True)


def _grids(layers: list[Any]) -> Iterator[list[list[int]]]:
    """The ids of each tile layer, those of groups in their place."""
    for layer in layers:
        if hasattr(layer, "layers"):
            yield from _grids(layer.layers or [])
        elif getattr(layer, "data", None):
            yield layer.data
        elif getattr(layer, "chunks", None):
            yield [[gid for chunk in layer.chunks for row in chunk.data for gid in row]]
