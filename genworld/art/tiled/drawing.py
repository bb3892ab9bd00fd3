"""Drawing with the tiles of a map as Tiled does: layer over layer, large tiles standing on their cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld.art.tiled.values import Look, Stratum
from genworld.content import Picture, TileGrid

HORIZONTAL, VERTICAL, DIAGONAL = 1 << 31, 1 << 30, 1 << 29
GID = (1 << 28) - 1


@dataclass(frozen=True, eq=False)
class Frame:
    """A tile as it is drawn.

    Args:
        pixels: (h, w, 4) RGBA.
        offset: (x, y) by which its tileset moves it, in pixels.
    """

    pixels: Picture
    offset: tuple[int, int] = (0, 0)


def flipped(pixels: Picture, gid: int) -> Picture:
    """A tile as the flips of a global tile id turn it: over the diagonal first, then across, then down."""
    if gid & DIAGONAL:
        pixels = pixels.swapaxes(0, 1)
    if gid & HORIZONTAL:
        pixels = pixels[:, ::-1]
    return pixels[::-1] if gid & VERTICAL else pixels


class Painter:
    """Draws grids of tiles, each a stack of tiles of a map.

    Args:
        cell: (height, width) of a cell, in pixels.
        strata: the layers, from the ground up.
        stacks: (tiles, layers) global tile ids with flips, 0 where empty.
        frames: by global tile id without flips.
    """

    def __init__(
        self,
        cell: tuple[int, int],
        strata: Sequence[Stratum],
        stacks: NDArray[np.uint32],
        frames: Mapping[int, Frame],
    ) -> None:
        self.cell = cell
        self.stacks = stacks
        self.frames = frames
        drawn = [index for index, stratum in enumerate(strata) if stratum.look.visible]
        self.order = drawn or list(range(len(strata)))
        self.looks = [stratum.look for stratum in strata]

    def draw(self, grid: TileGrid) -> Picture:
        """(H * height, W * width, 4) RGBA of (H, W) tiles."""
        if self._is_all_plain:
            return self._laid(self._flat, grid)
        height, width = grid.shape[0] * self.cell[0], grid.shape[1] * self.cell[1]
        canvas = Image.new("RGBA", (width, height))
        for layer in self.order:
            self._draw_layer(canvas, layer, grid)
        return _array(canvas)

    def whole(self, tile: int) -> Picture:
        """(height, width, 4) RGBA of one tile, what is larger than its cell made to fit into it."""
        if self._is_all_plain:
            alone: Picture = self._flat[tile].copy()
            return alone
        stack = [self._frame(gid) for gid in self.stacks[tile, self.order] if gid]
        height = max([self.cell[0], *(frame.pixels.shape[0] for frame in stack)])
        width = max([self.cell[1], *(frame.pixels.shape[1] for frame in stack)])
        canvas = Image.new("RGBA", (width, height))
        for frame in stack:
            _over(canvas, frame.pixels, 0, height - frame.pixels.shape[0])
        if (height, width) != self.cell:
            canvas = _fitted(canvas, self.cell)
        return _array(canvas)

    @cached_property
    def _is_all_plain(self) -> bool:
        return all(map(self._is_plain, self.order))

    def _is_plain(self, layer: int) -> bool:
        """Whether every tile of a layer fills its cell and no other."""
        return self.looks[layer].offset == (0, 0) and self._fills_cells(layer)

    def _fills_cells(self, layer: int) -> bool:
        frames = [self.frames[gid] for gid in {int(gid) & GID for gid in self.stacks[:, layer]} if gid in self.frames]
        same = self.cell[0] == self.cell[1] or not (self.stacks[:, layer] & DIAGONAL).any()
        return same and all(frame.pixels.shape[:2] == self.cell and frame.offset == (0, 0) for frame in frames)

    @cached_property
    def _flat(self) -> NDArray[np.uint8]:
        """(tiles, height, width, 4) the stacks, composited."""
        strip = Image.new("RGBA", (self.cell[1], self.cell[0] * len(self.stacks)))
        for layer in self.order:
            strip.alpha_composite(Image.fromarray(np.concatenate(self._column(layer))))
        return _array(strip).reshape(len(self.stacks), *self.cell, 4)

    def _column(self, layer: int) -> NDArray[np.uint8]:
        """(tiles, height, width, 4) what one layer holds, for each tile."""
        column = np.zeros((len(self.stacks), *self.cell, 4), dtype=np.uint8)
        for tile, gid in enumerate(self.stacks[:, layer].tolist()):
            if gid & GID in self.frames:
                column[tile] = seen(flipped(self.frames[gid & GID].pixels, gid), self.looks[layer])
        return column

    def _laid(self, tiles: NDArray[np.uint8], grid: TileGrid) -> Picture:
        height, width = self.cell
        shown = np.empty((grid.shape[0], height, grid.shape[1], width), dtype=np.uint32)
        shown.swapaxes(1, 2)[:] = np.ascontiguousarray(tiles).view(np.uint32)[..., 0][grid]
        return shown.view(np.uint8).reshape(grid.shape[0] * height, grid.shape[1] * width, 4)

    def _draw_layer(self, canvas: Image.Image, layer: int, grid: TileGrid) -> None:
        look = self.looks[layer]
        if self._fills_cells(layer):
            _over(canvas, self._laid(self._column(layer), grid), *look.offset)
            return
        pictures = {tile: self._seen(int(self.stacks[tile, layer]), look) for tile in np.unique(grid).tolist()}
        for (row, column), tile in np.ndenumerate(grid):
            frame = pictures[int(tile)]
            if frame is not None:
                left = column * self.cell[1] + frame.offset[0] + look.offset[0]
                bottom = (row + 1) * self.cell[0] + frame.offset[1] + look.offset[1]
                _over(canvas, frame.pixels, left, bottom - frame.pixels.shape[0])

    def _seen(self, gid: int, look: Look) -> Frame | None:
        if gid & GID not in self.frames:
            return None
        frame = self._frame(gid)
        return Frame(seen(frame.pixels, look), frame.offset)

    def _frame(self, gid: int) -> Frame:
        frame = self.frames.get(int(gid) & GID, Frame(np.zeros((1, 1, 4), np.uint8)))
        return Frame(flipped(frame.pixels, int(gid)), frame.offset)


def seen(pixels: Picture, look: Look) -> Picture:
    """`pixels` under the tint and opacity of a layer."""
    tint = np.array(look.tint, dtype=np.float32) / 255
    tint[3] *= look.opacity
    if (tint == 1).all():
        return pixels
    tinted: Picture = np.rint(pixels * tint).astype(np.uint8)
    return tinted


def _array(image: Image.Image) -> Picture:
    """The pixels of an image, without colour where it is clear."""
    pixels = np.array(image, dtype=np.uint8)
    pixels[pixels[..., 3] == 0] = 0
    return pixels


def _over(canvas: Image.Image, pixels: Picture, left: int, top: int) -> None:
    """Draws on a canvas what falls onto it."""
    pixels = pixels[max(0, -top) : max(0, canvas.height - top), max(0, -left) : max(0, canvas.width - left)]
    if pixels.size:
        canvas.alpha_composite(Image.fromarray(np.ascontiguousarray(pixels)), (max(0, left), max(0, top)))


def _fitted(image: Image.Image, cell: tuple[int, int]) -> Image.Image:
    """An image made smaller until it fits into a cell, in its middle, on the ground."""
    scale = min(cell[0] / image.height, cell[1] / image.width)
    size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    small = image.convert("RGBa").resize(size, Image.Resampling.BOX).convert("RGBA")
    fitted = Image.new("RGBA", (cell[1], cell[0]))
    fitted.paste(small, ((cell[1] - size[0]) // 2, cell[0] - size[1]))
    return fitted
