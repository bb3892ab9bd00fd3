"""Levels as a person's own project: in the tilesets and layers of the map that they were learned from."""

from __future__ import annotations

from collections.abc import Sequence

from genworld.library import Item
from genworld.packs.own import WRITERS
from genworld.packs.pack import Contents, PackFormat
from genworld.packs.tiled import OPENING, OWN_OPENING, lay_out


def write(items: Sequence[Item]) -> Contents:
    """Levels of own maps in the format of those maps; all else as in a pack for Tiled."""
    return lay_out(items, frozenset(WRITERS))


OWN = PackFormat(
    name="own",
    title="As your own project",
    summary="Levels of your own maps as TMX, TMJ or LDtk in the original tilesets and layers, to lie beside the original.",
    opening={"level": OWN_OPENING, "sprite": OPENING["sprite"]},
    write=write,
)
