"""The page. ``main`` starts it; everything else is loaded only then."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

GIVEN: Mapping[str, str] = dict(os.environ)
"""The environment as it came, before Gradio's part of it was put aside."""

# Gradio reads these when it is imported, or beside the arguments of its launch. The page decides for itself what it
# shares, serves and loads; and a port that is no number is told by us, not by a traceback of Gradio's import.
for _name in (
    "GRADIO_SHARE",
    "GRADIO_SERVER_PORT",
    "GRADIO_NUM_PORTS",
    "GRADIO_ALLOWED_PATHS",
    "GRADIO_BLOCKED_PATHS",
    "GRADIO_MCP_SERVER",
    "GRADIO_RUN_HISTORY",
    "GRADIO_SSR_MODE",
    "GRADIO_NUM_WORKERS",
    "GRADIO_DEBUG",
    "GRADIO_LOCAL_DEV_MODE",
    "GRADIO_VIBE_MODE",
):
    os.environ.pop(_name, None)
# Anything but silence would look up hosts at start.
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
