"""The front door: what is turned away before Gradio sees it."""

from __future__ import annotations

import time
from collections import deque
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from genworld.limits import LIMITS, MIB
from genworld.mode import LOOPBACK, Mode

# Gradio's ways to call a function past its queue, its pages for developers, and its fetchers of other sites.
CLOSED = (
    "run",
    "api",
    "call",
    "monitoring",
    "docs",
    "openapi.json",
    "vibe-edit",
    "proxy",
    "deep_link",
    "mcp",
)
HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
ENVELOPE = MIB
"""Room for the headings around the files of an upload."""
HOUR_SECONDS = 3600.0
FRAMES = b"frame-ancestors 'self'"
SPACE_FRAMES = FRAMES + b" https://huggingface.co https://*.huggingface.co https://*.hf.space"
"""Who may show the page within another: a Space is shown within its own page on the hub."""


class Door:
    """ASGI middleware: closed routes answer 404; on a person's own machine no other site's page can act here.

    Args:
        app: what stands behind the door.
        local: answer to this machine's own names only, so that a foreign name that was made to point here
            (DNS rebinding) finds nothing, and refuse what a page of another site sends.
        most: bytes of one upload.
        hourly: bytes of all uploads within an hour.
    """

    def __init__(self, app: ASGIApp, *, local: bool, most: int, hourly: int) -> None:
        self.app = app
        self.local = local
        self.most = most
        self.allowance = Allowance(hourly)
        self.headers = (*HEADERS, (b"content-security-policy", FRAMES if local else SPACE_FRAMES))

    @classmethod
    def middleware(cls, mode: Mode, host: str) -> Middleware:
        """The door as ``launch(app_kwargs=)`` wants it."""
        limits = LIMITS[mode]
        local = mode is Mode.LOCAL and host in LOOPBACK
        return Middleware(cls, local=local, most=limits.upload_bytes + ENVELOPE, hourly=limits.upload_hourly_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        refusal = self._refusal(scope)
        if refusal is not None:
            return await refusal(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.headers]
            await send(message)

        return await self.app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if is_closed(scope["path"]):
            return PlainTextResponse("Not found", status_code=404)
        # In public mode a secret in each request says who asks, so a foreign page can do nothing with it.
        if self.local and name_of(headers.get("host", "")) not in LOOPBACK:
            return PlainTextResponse("This page answers on this machine's own names only", status_code=403)
        if self.local and scope["method"] not in ("GET", "HEAD", "OPTIONS") and is_foreign(headers):
            return PlainTextResponse("Another site's page may not act here", status_code=403)
        return self._too_much(headers) if is_upload(scope["path"]) else None

    def _too_much(self, headers: Headers) -> PlainTextResponse | None:
        """Uploads are stored before anyone looks at them, so their size is known and counted beforehand."""
        told = headers.get("content-length", "")
        if not told.isdecimal() or len(told) > 15:
            return PlainTextResponse("An upload says how large it is", status_code=411)
        if int(told) > self.most:
            return PlainTextResponse("This is more than is taken at once", status_code=413)
        if not self.allowance.grants(int(told)):
            return PlainTextResponse("Too much was uploaded within this hour; try again later", status_code=429)
        return None


class Allowance:
    """Bytes that may come within any hour.

    >>> allowance = Allowance(100)
    >>> [allowance.grants(60, now=second) for second in (0, 10, 3601)]
    [True, False, True]
    """

    def __init__(self, hourly: int) -> None:
        self.hourly = hourly
        self._granted: deque[tuple[float, int]] = deque()

    def grants(self, size: int, now: float | None = None) -> bool:
        """Whether `size` bytes may come now; if so they are counted."""
        now = time.monotonic() if now is None else now
        while self._granted and self._granted[0][0] < now - HOUR_SECONDS:
            self._granted.popleft()
        if sum(granted for _, granted in self._granted) + size > self.hourly:
            return False
        self._granted.append((now, size))
        return True


def is_closed(path: str) -> bool:
    """Whether the path leads to one of the closed routes, or to a file of another site.

    >>> is_closed("/gradio_api/run/keep"), is_closed("/gradio_api/file=https://a.b"), is_closed("/gradio_api/file=/a")
    (True, True, False)
    """
    parts = [part for part in path.split("/") if part]
    place = parts[1] if len(parts) > 1 and parts[0] == "gradio_api" else parts[0] if parts else ""
    what, _, wanted = place.partition("=")
    return what in CLOSED or (what == "file" and wanted.lower() in ("http:", "https:"))


def is_upload(path: str) -> bool:
    """Whether the path is that of Gradio's upload.

    >>> is_upload("/gradio_api/upload"), is_upload("/gradio_api/upload_progress")
    (True, False)
    """
    return path.rstrip("/").endswith("/upload")


def is_foreign(headers: Headers) -> bool:
    """Whether the browser says that a page of another site sends this."""
    origin = headers.get("origin")
    return origin is not None and name_of(urlsplit(origin).netloc) != name_of(headers.get("host", ""))


def name_of(host: str) -> str:
    """A host without its port.

    >>> name_of("127.0.0.1:7860"), name_of("[::1]:7860")
    ('127.0.0.1', '::1')
    """
    return urlsplit(f"//{host}").hostname or ""
