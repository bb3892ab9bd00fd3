"""A person's own art: pictures and layers of their maps, kept so that levels are drawn and written back as theirs.

A new kind is one file with an `Art` and one line in `KINDS`.
"""

from __future__ import annotations

from genworld.art.art import PREFIX, Art, inside
from genworld.art.dressed import DressedArt
from genworld.art.ldtk import LdtkArt
from genworld.art.store import adopt, copy_to, get, make_room, of_legend, put
from genworld.art.tiled import TiledArt

__all__ = ["KINDS", "PREFIX", "Art", "adopt", "copy_to", "get", "inside", "make_room", "of_legend", "put"]

KINDS: dict[str, type[Art]] = {each.kind: each for each in (DressedArt, LdtkArt, TiledArt)}
"""Kinds of art by name."""
