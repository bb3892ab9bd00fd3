"""Scripts that are too large for the page's head: fetched when a tab needs them first, and kept by the browser."""

from __future__ import annotations

import gzip
from functools import cache
from importlib import metadata, util
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

FOREVER = "public, max-age=31536000, immutable"
"""The version is part of the address, so what is at an address never changes."""


@cache
def plotly_address() -> str:
    """Where the page finds the drawing library of its map, relative to itself."""
    return f"fetched/plotly-{metadata.version('plotly')}.min.js"


class Fetched:
    """ASGI middleware: the scripts by their addresses, compressed; everything else goes on.

    Args:
        app: what stands behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    @classmethod
    def middleware(cls) -> Middleware:
        """As ``launch(app_kwargs=)`` wants it."""
        return Middleware(cls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_fetched(scope["path"]) or scope["method"] not in ("GET", "HEAD"):
            return await self.app(scope, receive, send)
        answer = await run_in_threadpool(plotly, "gzip" in Headers(scope=scope).get("accept-encoding", ""))
        return await answer(scope, receive, send)


def is_fetched(path: str) -> bool:
    """Whether a path, perhaps below that of a proxy, is an address of ours.

    >>> is_fetched("/" + plotly_address()), is_fetched("/somewhere/" + plotly_address()), is_fetched("/fetched/other.js")
    (True, True, False)
    """
    return path.endswith("/" + plotly_address())


def plotly(zipped: bool) -> Response:
    """The script, for a browser that can or cannot unzip."""
    script = _script()
    if script is None:
        return PlainTextResponse("Not found", status_code=404)
    headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
    if zipped:
        return Response(_zipped(), media_type="text/javascript", headers={**headers, "content-encoding": "gzip"})
    return Response(script.read_bytes(), media_type="text/javascript", headers=headers)


@cache
def _zipped() -> bytes:
    """Once for all visitors: a quarter of a second, a third of the bytes."""
    script = _script()
    return gzip.compress(script.read_bytes(), 6, mtime=0) if script else b""


def _script() -> Path | None:
    found = util.find_spec("plotly")
    folders = found.submodule_search_locations if found else None
    path = Path(folders[0]) / "package_data" / "plotly.min.js" if folders else None
    return path if path and path.is_file() else None
