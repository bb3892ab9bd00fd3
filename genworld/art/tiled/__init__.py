"""The art of a Tiled map: draws levels with its tiles, and knows the document that they are written back into."""

from genworld.art.tiled.art import TiledArt
from genworld.art.tiled.drawing import Frame, flipped
from genworld.art.tiled.values import NO_LOOK, Key, Look, Mark, Scalar, Stratum

__all__ = ["NO_LOOK", "Frame", "Key", "Look", "Mark", "Scalar", "Stratum", "TiledArt", "flipped"]
