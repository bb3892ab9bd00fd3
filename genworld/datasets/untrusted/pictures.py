"""Pictures from strangers: the size is checked before a pixel is decoded."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from genworld import limits
from genworld.content import Picture
from genworld.errors import GenworldError

PICTURE_SUFFIXES = frozenset({".png", ".gif", ".webp", ".bmp", ".jpg", ".jpeg"})
PICTURE_FORMATS = ("PNG", "GIF", "WEBP", "BMP", "JPEG")


def read_picture(raw: bytes, where: str) -> Picture:
    """(H, W, 4) RGBA of the first frame; the size is checked before a pixel is decoded, metadata is dropped.

    Raises:
        GenworldError: not one of `PICTURE_FORMATS`, more than `limits.PICTURE_PIXELS`, or damaged.
    """
    try:
        with Image.open(io.BytesIO(raw), formats=PICTURE_FORMATS) as image:
            width, height = image.size
            if not 0 < width * height <= limits.PICTURE_PIXELS:
                raise GenworldError(
                    f"{where} has {width} x {height} pixels, but at most {limits.PICTURE_PIXELS:,} are read; "
                    "make it smaller."
                )
            return _rgba(image)
    except GenworldError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly every kind for damaged files
        raise GenworldError(
            f"{where} is not a whole picture of a kind that is read ({', '.join(PICTURE_FORMATS)}); "
            "save it again as PNG."
        ) from error


def _rgba(image: Image.Image) -> Picture:
    if image.mode.startswith("I;16"):  # 16-bit grey: convert() would clip instead of scaling
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return np.asarray(image.convert("RGBA"), dtype=np.uint8)
