"""``genworld bench hostile``: files that mean harm, and files that something happened to.

Each must be read, or refused in one plain sentence: no other exception, no file on the disk, and in time.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from genworld.bench.hostile import layers, markup, zips
from genworld.bench.hostile.case import READ, Case, Outcome, judge
from genworld.bench.hostile.mutations import mutated
from genworld.bench.hostile.seeds import seeds

__all__ = ["BOMBS", "HANG", "Case", "Outcome", "damaged", "judge", "run"]

HANG = 5.0
"""Seconds after which a file counts as one that hangs."""
EACH = 200
"""Damaged files of a format."""
SEED = 20261120

BOMBS = {"zips": zips.cases, "XML": markup.cases, "layers": layers.cases}
"""Makers of the files that mean harm."""


def damaged(count: int, seed: int = SEED) -> Iterator[tuple[str, Iterator[Case]]]:
    """`count` damaged files of every format, by its name."""
    for name, whole in seeds().items():
        raw = whole.files[whole.damaged]
        yield (
            name,
            (
                Case(
                    f"{name} {index}",
                    {**whole.files, whole.damaged: mutated(raw, name, index, seed)},
                    whole.opened,
                    whole.read,
                )
                for index in range(count)
            ),
        )


def run() -> Iterator[str]:
    """A row for each set, and one for each fault."""
    for name, made in BOMBS.items():
        yield from _rows(name, made())
    for name, cases in damaged(EACH):
        yield from _rows(f"damaged {name}", cases)


def _rows(name: str, cases: Iterable[Case]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = [judge(case, Path(scratch) / str(index)) for index, case in enumerate(cases)]
    kinds = Counter("fault" if each.fault else READ if each.said == READ else "refused" for each in outcomes)
    counts = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items(), reverse=True))
    slowest, largest = max(each.seconds for each in outcomes), max(each.grown for each in outcomes)
    yield f"{name}: {len(outcomes)} files, {counts}; slowest {slowest:.2f} s, at most {largest:.0f} MiB"
    yield from (f"  FAULT {each.name}: {each.fault}" for each in outcomes if each.fault)
    yield from (f"  SLOW {each.name}: {each.seconds:.1f} s" for each in outcomes if each.seconds > HANG)
