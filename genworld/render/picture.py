"""Pictures of levels and sprites, and sheets of them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld.art import Art, of_legend
from genworld.content import Example, Level, Picture
from genworld.errors import GenworldError
from genworld.render.layout import Layout, layout


def picture(example: Example, art: Art | None = None) -> Picture:
    """(H, W, 4) uint8: a level drawn with its art or tileset; a sprite's own pixels.

    Args:
        example: any.
        art: draws a level in place of what its legend names; made for that legend.
    """
    if not isinstance(example, Level):
        return example.pixels
    chosen = art or of_legend(example.legend)
    return chosen.draw(example.tiles) if chosen else flatten(layout(example))


def flatten(layers: Layout) -> Picture:
    """The picture of a layout: its layers over each other, (H * tile_size, W * tile_size, 4).

    Cells that stack the same frames are composited once.
    """
    grids = np.stack([frames for _, frames in layers.layers])
    depth, height, width = grids.shape
    stacks, cell = _distinct(grids.reshape(depth, -1), layers.tileset.frames + 1)
    tiles = _composite(layers.tileset.pixels, stacks)
    size = layers.tileset.tile_size
    shown = np.empty((height, size, width, size), dtype=np.uint32)
    shown.swapaxes(1, 2)[:] = _words(tiles)[cell.reshape(height, width)]
    return shown.view(np.uint8).reshape(height * size, width * size, 4)


def _distinct(grids: NDArray[np.int16], base: int) -> tuple[NDArray[np.int16], NDArray[np.intp]]:
    """(depth, n) distinct stacks of frames and (cells,) which of them each cell holds."""
    keys = np.zeros(grids.shape[1], dtype=np.intp)
    for grid in grids:
        _, keys = np.unique(keys * base + grid + 1, return_inverse=True)
    _, first = np.unique(keys, return_index=True)
    return grids[:, first], keys


def _composite(pixels: NDArray[np.uint8], stacks: NDArray[np.int16]) -> NDArray[np.uint8]:
    """(n, size, size, 4) the frames of each stack over each other; the lowest is opaque.

    Nearly all pixels of an atlas are opaque or clear: those are copied whole, only the rest is mixed.
    """
    alpha = pixels[..., 3]
    whole, mixed = alpha == 255, (alpha > 0) & (alpha < 255)
    below: NDArray[np.uint8] = pixels[stacks[0]]
    for frames in stacks[1:]:
        drawn = np.flatnonzero(frames >= 0)
        over, cells = pixels[frames[drawn]], below[drawn]
        np.copyto(_words(cells), _words(over), where=whole[frames[drawn]])
        soft = mixed[frames[drawn]]
        cells[soft, :3] = over_opaque(over[soft], cells[soft, :3])
        below[drawn] = cells
    return below


def _words(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """(...) view of (..., 4) bytes as one word per pixel."""
    return pixels.view(np.uint32)[..., 0]


def over_opaque(over: NDArray[np.uint8], below: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(..., 3) RGB of straight-alpha RGBA `over` an opaque RGB `below`, rounded to nearest."""
    alpha = over[..., 3:].astype(np.uint32)
    total = over[..., :3] * alpha + below * (255 - alpha) + 128
    rounded: NDArray[np.uint8] = ((total + (total >> 8)) >> 8).astype(np.uint8)
    return rounded


def enlarge(picture: Picture, scale: int) -> Picture:
    """`picture` with every pixel a block of `scale` x `scale` pixels.

    Raises:
        GenworldError: `scale` is no whole number of at least 1.
    """
    if not isinstance(scale, int) or scale < 1:
        raise GenworldError(f"Pictures are enlarged by whole multiples from 1 up, but {scale!r} came; give 1, 2, 3 ...")
    return np.ascontiguousarray(picture.repeat(scale, axis=0).repeat(scale, axis=1))


def contact_sheet(
    pictures: Sequence[Picture],
    columns: int,
    scale: int = 1,
    gap: int = 4,
    background: tuple[int, int, int, int] = (32, 32, 38, 255),
) -> Picture:
    """Pictures side by side, each centred in a cell as large as the largest.

    Args:
        pictures: at least one.
        columns: of the sheet.
        scale: whole multiple by which each is enlarged.
        gap: pixels between and around the cells.
        background: RGBA of the sheet.

    Raises:
        GenworldError: no picture, or fewer than one column.
    """
    if not pictures or columns < 1:
        raise GenworldError(
            f"A contact sheet needs at least one picture and one column, but {len(pictures)} pictures and "
            f"{columns} columns came."
        )
    shown = [enlarge(each, scale) for each in pictures]
    columns = min(columns, len(shown))
    height, width = (max(each.shape[axis] for each in shown) for axis in (0, 1))
    rows = -(-len(shown) // columns)
    sheet = np.empty((rows * (height + gap) + gap, columns * (width + gap) + gap, 4), dtype=np.uint8)
    sheet[:] = background
    for index, each in enumerate(shown):
        top = gap + index // columns * (height + gap) + (height - each.shape[0]) // 2
        left = gap + index % columns * (width + gap) + (width - each.shape[1]) // 2
        _paste(sheet[top : top + each.shape[0], left : left + each.shape[1]], each)
    return sheet


def _paste(place: Picture, over: Picture) -> None:
    if (over[..., 3] == 255).all():
        place[:] = over
        return
    pasted = Image.alpha_composite(Image.fromarray(place.copy()), Image.fromarray(np.ascontiguousarray(over)))
    place[:] = np.asarray(pasted)


def png_bytes(picture: Picture, *, quick: bool = False) -> bytes:
    """`picture` as a PNG file.

    Args:
        picture: any.
        quick: the same pixels in a larger file, in a sixth of the time: for what is shown for a moment.
    """
    if quick:
        return _unfiltered(picture)
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(file, "PNG")
    return file.getvalue()


def _unfiltered(picture: Picture) -> bytes:
    """A PNG whose rows are packed as they are (RFC 2083, filter type 0): choosing filters is what takes Pillow its time."""
    height, width, _ = picture.shape
    rows = np.zeros((height, 1 + 4 * width), dtype=np.uint8)
    rows[:, 1:] = picture.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
