"""The front door: what is turned away before Gradio sees it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from genworld.mode import LOOPBACK, Mode

# Gradio's ways to call a function past its queue, its pages for developers, its fetcher of other sites, and
# uploads, as long as the page takes none.
CLOSED = (
    "upload",
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
FRAMES = b"frame-ancestors 'self'"
SPACE_FRAMES = FRAMES + b" https://huggingface.co https://*.huggingface.co https://*.hf.space"
"""Who may show the page within another: a Space is shown within its own page on the hub."""


class Door:
    """ASGI middleware: closed routes answer 404; on a person's own machine no other site's page can act here.

    Args:
        app: what stands behind the door.
        local: answer to this machine's own names only, so that a foreign name that was made to point here
            (DNS rebinding) finds nothing, and refuse what a page of another site sends.
    """

    def __init__(self, app: ASGIApp, *, local: bool) -> None:
        self.app = app
        self.local = local
        self.headers = (*HEADERS, (b"content-security-policy", FRAMES if local else SPACE_FRAMES))

    @classmethod
    def middleware(cls, mode: Mode, host: str) -> Middleware:
        """The door as ``launch(app_kwargs=)`` wants it."""
        return Middleware(cls, local=mode is Mode.LOCAL and host in LOOPBACK)

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
        if not self.local:
            return None  # there a secret in each request says who asks, so a foreign page can do nothing with it
        if name_of(headers.get("host", "")) not in LOOPBACK:
            return PlainTextResponse("This page answers on this machine's own names only", status_code=403)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and is_foreign(headers):
            return PlainTextResponse("Another site's page may not act here", status_code=403)
        return None


def is_closed(path: str) -> bool:
    """Whether the path leads to one of the closed routes.

    >>> is_closed("/gradio_api/run/keep"), is_closed("/gradio_api/component_server")
    (True, False)
    """
    parts = [part for part in path.split("/") if part]
    place = parts[1] if len(parts) > 1 and parts[0] == "gradio_api" else parts[0] if parts else ""
    return place.partition("=")[0] in CLOSED


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
