"""Animations of pictures: GIF for everywhere, WebP where not a pixel may change."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld import limits
from genworld.content import Picture
from genworld.errors import GenworldError
from genworld.render.picture import enlarge

MOST_SCALE = 64
SECONDS = (0.02, 600.0)
"""Shortest and longest time of one way through."""
QUICKEST = 0.02
"""Seconds that a picture is shown at least: what browsers honour."""
CLEAR = 0
"""Entry of a GIF's palette that stands for nothing."""
COLOURS = 255
"""Colours of one picture of a GIF beside nothing."""
OPAQUE = 128
"""Alpha from which on a pixel of a GIF is there; below it is nothing: GIF knows no more."""
TO_BACKGROUND = 2
"""Each picture of a GIF is taken away before the next: what is nothing shows nothing, not the picture before."""


def _nobody() -> None:
    """Nobody asked how far it is."""


def gif(
    pictures: Sequence[Picture],
    *,
    seconds: float = 2.0,
    each: bool = False,
    scale: int = 1,
    bounce: bool = False,
    progress: Callable[[], None] = _nobody,
) -> bytes:
    """An endless GIF. Every picture has its own palette and, where it has at most 255 colours, every colour exactly.

    A picture of more colours is reduced to 255, without dithering. GIF has no half transparency: pixels of an alpha
    of 128 or more are opaque, the others are nothing. Where either would hurt, take `webp`.

    Args:
        pictures: one or more (H, W, 4) of one size.
        seconds: of one way through all pictures, or of each picture where `each` is set; a picture stays for at least
            a fiftieth of a second.
        each: see `seconds`.
        scale: whole number of pixels for each pixel, 1 to `MOST_SCALE`.
        bounce: come back the same way, at the same pace, instead of leaping to the start.
        progress: called after each picture that was made ready.

    Raises:
        GenworldError: no picture, pictures of several sizes, more than `limits.LEVEL_PICTURE_PIXELS` pixels in all,
            or a number out of its range.
    """
    order, times = _run(pictures, seconds, each, scale, bounce)
    first, *rest = _in_order(order, [_told(_indexed(picture, scale), progress) for picture in pictures])
    return _saved(
        first, "GIF", append_images=rest, duration=times, transparency=CLEAR, disposal=TO_BACKGROUND, optimize=False
    )


def webp(
    pictures: Sequence[Picture],
    *,
    seconds: float = 2.0,
    each: bool = False,
    scale: int = 1,
    bounce: bool = False,
    progress: Callable[[], None] = _nobody,
) -> bytes:
    """An endless lossless WebP: every pixel exactly, half transparency included. Takes and raises what `gif` does."""
    order, times = _run(pictures, seconds, each, scale, bounce)
    images = [_told(Image.fromarray(enlarge(picture, scale), "RGBA"), progress) for picture in pictures]
    first, *rest = _in_order(order, images)
    return _saved(first, "WEBP", append_images=rest, duration=times, lossless=True, exact=True, quality=50, method=2)


def _run(
    pictures: Sequence[Picture], seconds: float, each: bool, scale: int, bounce: bool
) -> tuple[list[int], list[int]]:
    """The indices of the pictures as they follow each other, and how long each is shown, in milliseconds."""
    scale = limits.whole("The scale", scale, 1, MOST_SCALE)
    seconds = limits.real("The number of seconds", seconds, *SECONDS)
    there = range(len(pictures))
    order = [*there, *there[-2:0:-1]] if bounce else [*there]
    _require_modest([pictures[index] for index in order], scale)
    return order, _times(len(order), seconds if each else seconds / len(pictures))


def _in_order(order: Sequence[int], images: Sequence[Image.Image]) -> list[Image.Image]:
    return [images[index] for index in order]


def _told(image: Image.Image, progress: Callable[[], None]) -> Image.Image:
    progress()
    return image


def _times(count: int, pace: float) -> list[int]:
    """Milliseconds in whole hundredths of a second, as GIF has them, rounded so that the sum stays right."""
    ends = [round(k * max(pace, QUICKEST) * 100) for k in range(count + 1)]
    return [(b - a) * 10 for a, b in pairwise(ends)]


def _require_modest(pictures: Sequence[Picture], scale: int) -> None:
    sizes = sorted({picture.shape[:2] for picture in pictures})
    if len(sizes) != 1:
        came = " and ".join(f"{rows} x {columns}" for rows, columns in sizes[:2]) or "none"
        raise GenworldError(f"An animation takes pictures of one size, but {came} came; choose some of the same size.")
    pixels = len(pictures) * sizes[0][0] * sizes[0][1] * scale**2
    if pixels > limits.LEVEL_PICTURE_PIXELS:
        raise GenworldError(
            f"An animation has at most {limits.LEVEL_PICTURE_PIXELS:,} pixels, but this one would have {pixels:,}; "
            "take a smaller scale or fewer steps."
        )


def _indexed(picture: Picture, scale: int) -> Image.Image:
    """A picture by entries of a palette of its own, enlarged; nothing is entry `CLEAR`."""
    there = picture[..., 3] >= OPAQUE
    colours, entries = _palette(picture[there][:, :3])
    ids = np.full(there.shape, CLEAR, np.uint8)
    ids[there] = entries + 1
    image = Image.fromarray(ids.repeat(scale, axis=0).repeat(scale, axis=1), "P")
    image.putpalette(bytes(3) + colours.tobytes(), "RGB")
    return image


def _palette(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(K, 3) at most `COLOURS` colours, and the (N,) one of them for each of (N, 3) pixels."""
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    found, entries = np.unique(packed, return_inverse=True)
    if len(found) <= COLOURS:
        return (found[:, None] >> np.array([16, 8, 0], np.uint32) & 255).astype(np.uint8), entries.astype(np.uint8)
    return _reduced(pixels)


def _reduced(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """As `_palette`, of pixels of many colours: median cut (Heckbert 1982), then the nearest entry for each."""
    line = Image.fromarray(pixels[None], "RGB")
    image = line.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    colours = np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)[:COLOURS]
    return colours, np.asarray(image)[0]


def _saved(image: Image.Image, form: str, **settings: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, save_all=True, loop=0, **settings)
    return buffer.getvalue()
