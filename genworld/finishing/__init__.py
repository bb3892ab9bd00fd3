"""The last hand at a sprite: clean edges, few colours, no stray pixels; or the colours of a palette. Without torch."""

from genworld.finishing.finish import finished, suited
from genworld.finishing.palette import Palette, read_palette

__all__ = ["Palette", "finished", "read_palette", "suited"]
