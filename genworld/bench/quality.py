"""``genworld bench quality``: what models are worth beside those of others, on games that everybody measures on.

Takes a folder of data with ``levels``; each set that is there is learned in a minute or two and measured, then thrown
away: nothing that learned from a game that is sold is kept. A set that is not there is left out, so a folder with a
single set in its ``levels`` measures that alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from genworld.bench.quality_rows import Score

WITHOUT_DATA = (
    "Zelda's rooms beside GameGAN, Mario's levels and speed beside MarioGAN, and our own sets are measured on data: give "
    "its folder with --data."
)
Measure = Callable[[Path], Iterator[object]]


def run(folder: Path | None) -> Iterator[object]:
    """Rows about each set, and the score."""
    if folder is None:
        yield WITHOUT_DATA
        return
    told: list[object] = []
    for name, measure in measures().items():
        if not (folder / "levels" / name).is_dir():
            yield f"levels/{name} is not in {folder}: left out."
            continue
        for row in measure(folder / "levels" / name):
            told.append(row)
            yield row
    yield Score.of(told)


def measures() -> dict[str, Measure]:
    """What is measured on each set, in order."""
    from genworld.bench import quality_clean, quality_smb, quality_zelda  # each loads models and measures of its own

    clean = {name: partial(quality_clean.run, name=name) for name in quality_clean.SETS}
    return {"vglc_zelda": quality_zelda.run, "vglc_smb": quality_smb.run, **clean}
