"""Pictures on their way to the browser."""

from __future__ import annotations

import base64
from typing import Any

from genworld.content import Picture
from genworld.render import png_bytes


def data_uri(png: bytes) -> str:
    """A PNG as a ``data:`` address."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def shown(pixels: Picture) -> dict[str, Any]:
    """A picture with its size in pixels, as the page draws it."""
    return {"picture": data_uri(png_bytes(pixels)), "height": int(pixels.shape[0]), "width": int(pixels.shape[1])}
