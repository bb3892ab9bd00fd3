"""Examples in an art that a person made for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from genworld.art import PREFIX
from genworld.content import Example, Legend, Level
from genworld.dressing.kept import of_digest
from genworld.errors import GenworldError


def digest(value: Any) -> str:
    """The digest of an art, as a browser names it."""
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
        return value
    raise GenworldError("An art is named by its digest, but something else came; choose the art again.")


def wanted(request: Mapping[str, Any]) -> str | None:
    """The art that a request asks for, or None."""
    return None if request.get("art") is None else digest(request["art"])


def legend_in(legend: Legend, art: str | None) -> Legend:
    """`legend` drawn with an art; as it is where none is named.

    Raises:
        GenworldError: the art is not here, or it was made for other tiles.
    """
    if art is None or legend.tileset == PREFIX + art:
        return legend
    if of_digest(art, legend) is None:
        raise GenworldError(
            f"The art chosen for these levels is not on this machine or was made for other tiles than those of "
            f"{legend.name!r}; dress them again with In my art."
        )
    return replace(legend, tileset=PREFIX + art)


def in_art(example: Example, art: str | None) -> Example:
    """`example` drawn with an art: a level of the same tiles whose legend names it. A sprite stays as it is."""
    if art is None or not isinstance(example, Level):
        return example
    return Level(example.tiles, legend_in(example.legend, art))


def art_of(example: Example) -> str | None:
    """The digest of the art that draws a level, where it is not a tileset of ours."""
    if not isinstance(example, Level) or not example.legend.tileset.startswith(PREFIX):
        return None
    return example.legend.tileset.removeprefix(PREFIX)
