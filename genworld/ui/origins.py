"""Origins that come from a browser: read within bounds, whoever sent them."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from genworld.errors import GenworldError
from genworld.library import Item
from genworld.limits import MIB, Limits, real, whole
from genworld.provenance import ORIGIN, EditOrigin, FillOrigin, FinishOrigin, LatentOrigin, Origin, SeedOrigin, chain
from genworld.ui.asked import MAX_VARIETY, text

LONGEST = 4 * MIB
"""Characters of an origin, at most."""
CHAIN = 100
"""Steps of an origin, at most: each is made again."""
LONGEST_VECTOR = 2**16
"""Numbers of a point: those of a flow are as many as the largest sprite has."""
FARTHEST = 1e4
"""No number of a point is larger."""
WARMTH = (0.05, 10.0)
"""Temperatures that an origin may tell of."""


def read(value: Any, limits: Limits, kept: Item | None = None) -> Origin:
    """Where a level comes from, as a tile of the page tells it.

    Args:
        value: the origin as JSON text.
        limits: of the mode.
        kept: the item that the level was opened as; where that comes from need not be within the limits.

    Raises:
        GenworldError: it is none, it is longer than `CHAIN` steps, it would make a larger level than the mode
            allows, or it begins neither with a sample nor with what was kept.
    """
    found = _parsed(text("An origin", value, LONGEST))
    for link in chain(found):
        if kept is not None and link in chain(kept.origin):
            break
        _require_modest(link, limits)
    return found


def _parsed(value: str) -> Origin:
    if value.count('"parent"') > CHAIN:
        raise GenworldError(
            f"A level is made in at most {CHAIN} steps here, but more came; keep it and go on from there."
        )
    try:
        return ORIGIN.validate_json(value)
    except (ValidationError, RecursionError) as error:
        raise GenworldError(
            "Where this level comes from was expected from the page, but something else came; sample it again."
        ) from error


def _require_near(point: LatentOrigin) -> None:
    """That a point lies where a model could have put it: what its numbers mean is checked by the model."""
    for name, numbers in (("latent", point.z), ("class weights", point.weights), ("shift", point.shift)):
        whole(f"The length of a {name}", len(numbers), 0, LONGEST_VECTOR)
        for number in numbers:
            real(f"A number of a {name}", number, -FARTHEST, FARTHEST)
    real("A truncation or temperature", point.variety, 0, MAX_VARIETY)


def _require_modest(link: Origin, limits: Limits) -> None:
    side = limits.level_side
    match link:
        case SeedOrigin():
            for number in link.size or ():
                whole("The side of a level", number, 1, side, "tiles")
        case FillOrigin():
            real("A temperature", link.temperature, *WARMTH)
        case EditOrigin() | FinishOrigin():
            pass
        case LatentOrigin():
            _require_near(link)
        case _:
            raise GenworldError("A level to work on comes from a sample, but this one does not; keep it first.")
    cells = link.mask if isinstance(link, FillOrigin) else link.edits if isinstance(link, EditOrigin) else ()
    if len(cells) > side * side:
        raise GenworldError(f"A level has at most {side} x {side} tiles here, but {len(cells)} were named; name fewer.")
