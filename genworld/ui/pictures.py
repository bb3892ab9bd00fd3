"""Pictures on their way to the browser."""

from __future__ import annotations

import base64


def data_uri(png: bytes) -> str:
    """A PNG as a ``data:`` address."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
