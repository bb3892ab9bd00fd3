"""The page. ``main`` starts it; everything else is loaded only then."""

from __future__ import annotations

import os
from collections.abc import Sequence

# Gradio reads this when it is imported, and anything but silence would look up hosts at start.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the page and stay until it is stopped.

    Args:
        arguments: of the command line; those of this process when None.
    """
    from genworld.ui.launch import main as start

    start(arguments)


def serve(host: str | None = None, port: int | None = None) -> None:
    """Start the page on `host` and `port` and stay until it is stopped; see `genworld.ui.launch.serve`."""
    from genworld.ui.launch import serve as start

    start(host, port)
