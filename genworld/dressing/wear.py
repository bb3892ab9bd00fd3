"""From what was chosen for each tile of a legend to the art that draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from genworld.art.dressed import AROUND, NOTHING, DressedArt, Worn
from genworld.art.sheet import Sheet
from genworld.art.wang import WangSet
from genworld.content import Legend, Tile
from genworld.dressing.kept import meaning
from genworld.dressing.roles import is_open, is_sky, is_thing, yields
from genworld.errors import GenworldError


@dataclass(frozen=True)
class Pick:
    """What a person chose for one tile of a legend.

    Args:
        ground: a frame, `NOTHING`, or `AROUND` for what lies around.
        thing: a frame that stands on it, or `NOTHING`.
    """

    ground: int = NOTHING
    thing: int = NOTHING


def default(tile: Tile, legend: Legend) -> Pick:
    """What a tile wears while nothing was chosen for it."""
    return Pick(AROUND if is_thing(tile, legend.style) else NOTHING)


def dress(legend: Legend, sheets: Sequence[Sheet], picks: Sequence[Pick], name: str) -> DressedArt:
    """The art of what was chosen. Grounds that stand in a terrain set take their edges from it.

    Args:
        legend: whose tiles they are.
        sheets: the person's tileset.
        picks: one for each tile of the legend, frames numbered over all sheets.
        name: what the person calls it.

    Raises:
        GenworldError: a pick for each tile is missing, or a frame that the sheets do not have.
    """
    if len(picks) != len(legend.tiles):
        raise GenworldError(
            f"Legend {legend.name!r} has {len(legend.tiles)} tiles, but pictures for {len(picks)} came; "
            "choose one for each."
        )
    bare = DressedArt(name, sheets, legend.names, [Worn() for _ in picks], meaning(legend))
    worn = [_worn(tile, pick, legend, bare.wangs) for tile, pick in zip(legend.tiles, picks, strict=True)]
    return DressedArt(name, sheets, legend.names, worn, meaning(legend))


def _worn(tile: Tile, pick: Pick, legend: Legend, wangs: Sequence[WangSet]) -> Worn:
    sky = is_sky(tile, legend.style)
    lends = is_open(tile, legend.style) and (pick.ground >= 0 or sky)
    return Worn(pick.ground, pick.thing, terrain_of(pick.ground, wangs), yields(tile), lends)


def terrain_of(frame: int, wangs: Sequence[WangSet]) -> tuple[int, int] | None:
    """The terrain set in which a frame is of one colour alone, and that colour."""
    for number, wang in enumerate(wangs):
        ids = [one for tile, one in wang.tiles if tile == frame]
        colours = {colour for one in ids for colour in one} - {0}
        if len(colours) == 1:
            return number, colours.pop()
    return None


def picks_of(art: DressedArt) -> list[Pick]:
    """What was chosen for an art."""
    return [Pick(worn.ground, worn.thing) for worn in art.worn]
