"""Maps of the Tiled editor, TMX and TMJ, with their tilesets and pictures.

A cell's whole stack of tiles over all layers, with their flips and the objects that stand in it, is one tile of the
legend, so that what is learned can be written back into the same layers with the same tiles.
"""

from genworld.datasets.tiled.reading import READER, read, recognises

__all__ = ["READER", "read", "recognises"]
