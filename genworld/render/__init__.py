"""Levels and sprites as pictures: tilesets, autotiling, contact sheets.

`layout` turns a level into named layers of frames of its tileset's atlas;
`picture` draws those layers over each other. An export that ships the atlas
and the layers therefore shows the same pixels as the page.
"""

from genworld.render.layout import Layout, layout
from genworld.render.picture import contact_sheet, enlarge, flatten, picture, png_bytes
from genworld.render.tileset import Tileset, load_tileset

__all__ = [
    "Layout",
    "Tileset",
    "contact_sheet",
    "enlarge",
    "flatten",
    "layout",
    "load_tileset",
    "picture",
    "png_bytes",
]
