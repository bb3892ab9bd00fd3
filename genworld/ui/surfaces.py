"""Levels opened to be worked on: each step gives a level with an origin that makes it again. Importing this loads torch."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld import measure, play, sampling, shaping
from genworld.content import Level
from genworld.errors import GenworldError
from genworld.provenance import EditOrigin, FillOrigin, Origin, SeedOrigin, chain, first
from genworld.render.heat import heated
from genworld.sampling import Sampled
from genworld.ui import dresses, legends, pictures, tiles
from genworld.ui.asked import Edit
from genworld.ui.draw import LONGEST_SECONDS, turn
from genworld.ui.origins import CHAIN
from genworld.ui.subjects import Subject, in_art

MOST_TENTHS = 255
"""Tenths of a bit that are told of a cell at most: 25.5 bits, and all that is less likely."""


def opened(subject: Subject) -> dict[str, Any]:
    """All that the surface shows when it opens."""
    return {
        **state(subject, subject.sampled),
        "legend": list(legends.entries(dresses.legend_in(subject.level.legend, subject.art))),
        "style": subject.level.legend.style.value,
        "canFill": subject.can_fill,
        "why": "" if subject.can_fill else _why_not(subject),
        "canSurprise": subject.can_surprise,
    }


def _why_not(subject: Subject) -> str:
    if subject.loaded is None:
        return "The model that made this is not here any more, so no part can be made anew. The rest works."
    return f"{subject.title} makes whole levels only, so no part can be made anew. The rest works."


def state(subject: Subject, sampled: Sampled, said: str = "") -> dict[str, Any]:
    """A level after a step: its tile, its grid, and which cells are other than before the step."""
    level = shaping.level_of(sampled)
    named = tiles.of_sample(in_art(subject, sampled), subject.title, subject.source)
    return {
        "tile": {**named, "name": subject.kept.name if subject.kept else named["name"]},
        "rows": level.height,
        "columns": level.width,
        "grid": base64.b64encode(level.tiles.tobytes()).decode("ascii"),
        "changed": np.argwhere(level.tiles != subject.level.tiles).tolist(),
        "said": said,
    }


def painted(subject: Subject, edits: Sequence[Edit]) -> dict[str, Any]:
    """After some cells were painted."""
    return state(subject, shaping.painted(subject.sampled, edits))


def redone(subject: Subject, runs: Sequence[tuple[int, int]], *, seed: int) -> dict[str, Any]:
    """After the marked cells were made anew, as warm and as nudged as the level was sampled.

    Args:
        subject: the level before.
        runs: (first cell, length) of the marked cells, in reading order.
        seed: of the new cells.
    """
    if subject.loaded is None:
        raise GenworldError(_why_not(subject))
    mask = marked(subject.level, runs)
    base = without(subject.sampled.origin, mask)
    if sum(1 for _ in chain(base)) >= CHAIN:
        raise GenworldError(
            f"A level is made in at most {CHAIN} steps, and this one has as many; keep it, or redo a larger part."
        )
    with turn():
        before = (
            subject.sampled
            if base == subject.sampled.origin
            else Sampled(sampling.rerender(base, LONGEST_SECONDS), base)
        )
        after = shaping.redo(before, mask, loaded=subject.loaded, seed=seed, **_manner(base))
    return state(subject, after)


def _manner(origin: Origin) -> dict[str, Any]:
    root = first(origin)
    return {"temperature": root.temperature, "nudges": root.nudges} if isinstance(root, SeedOrigin) else {}


def marked(level: Level, runs: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """(H, W) True in the cells of `runs`. Raises GenworldError for a run that leaves the level."""
    mask = np.zeros(level.tiles.size, dtype=np.bool_)
    for start, length in runs:
        if start + length > mask.size:
            raise GenworldError(
                f"The level has {mask.size} cells, but cells up to {start + length} were marked; mark them again."
            )
        mask[start : start + length] = True
    return mask.reshape(level.tiles.shape)


def without(origin: Origin, mask: NDArray[np.bool_]) -> Origin:
    """`origin` without the last steps of which nothing would be left once the cells in `mask` are made anew.

    So a part can be redone any number of times, and the origin tells of the last time only.
    """
    while True:
        match origin:
            case FillOrigin() if all(mask[cell] for cell in origin.mask):
                origin = origin.parent
            case EditOrigin() if any(mask[row, column] for row, column, _ in origin.edits):
                left = tuple(edit for edit in origin.edits if not mask[edit[0], edit[1]])
                origin = EditOrigin(parent=origin.parent, edits=left) if left else origin.parent
            case _:
                return origin


def walked(subject: Subject) -> dict[str, Any]:
    """Whether one gets from start to goal, and by which cells."""
    verdict = play.check(subject.level)
    return {
        "reachable": verdict.reachable,
        "why": verdict.why,
        "path": [[int(row), int(column)] for row, column in verdict.path],
        "start": _cell(verdict.start),
        "goal": _cell(verdict.goal),
    }


def _cell(cell: Sequence[int] | None) -> list[int] | None:
    return None if cell is None else [int(number) for number in cell]


def surprised(subject: Subject) -> dict[str, Any]:
    """How much of a surprise each cell is to the model: a veil to be laid over the level, and tenths of bits.

    Raises:
        GenworldError: the model is not here, or cannot say.
    """
    if subject.loaded is None:
        raise GenworldError(
            "The model that made this is not here any more, so nobody can say what would surprise it; the rest works."
        )
    with turn():
        found = measure.surprise(subject.loaded.model, subject.level)
    tenths = np.minimum(np.round(found.cells * 10), MOST_TENTHS)
    known = found.cells[np.isfinite(found.cells)]
    return {
        "veil": pictures.shown(heated(measure.glow(found))),
        "tenths": base64.b64encode(tenths.astype(np.uint8).tobytes()).decode("ascii"),
        "mean": round(float(known.mean()), 3) if known.size else 0.0,
        "impossible": found.impossible,
        "strongest": _cell(found.strongest(1)[0]),
    }


def repaired(subject: Subject, pins: Sequence[tuple[int, int]] = ()) -> dict[str, Any]:
    """After as few cells were changed as it takes to get from start to goal.

    Args:
        subject: the level before.
        pins: (first cell, length) of the cells that stay as they are, in reading order.
    """
    pinned = [(int(row), int(column)) for row, column in np.argwhere(marked(subject.level, pins))]
    with turn():
        patterns = shaping.patterns_of(subject.loaded) if subject.loaded else None
        after = shaping.repaired(subject.sampled, patterns, pinned=pinned)
    verdict = play.check(shaping.level_of(after))
    return state(subject, after, verdict.why if verdict.reachable is False else "")
