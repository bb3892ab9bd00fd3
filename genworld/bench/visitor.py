"""A person at the page, without a browser: what it sends, and the answers."""

from __future__ import annotations

import json
import uuid
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from genworld.errors import GenworldError

PATIENCE = 120.0
"""Seconds that an answer may take."""


class Visitor:
    """What a browser sends to the page, over one connection that stays open, as browsers keep theirs.

    Args:
        address: of the page, ended by a slash.
    """

    def __init__(self, address: str) -> None:
        whole = urlsplit(address)
        self.root = whole.path
        self.line = HTTPConnection(whole.netloc, timeout=PATIENCE)
        self.session = uuid.uuid4().hex
        components = json.loads(self._send("GET", "config"))["components"]
        self.parts = {each["props"].get("elem_id"): each["id"] for each in components}

    def ask(self, part: str, function: str, **request: Any) -> dict[str, Any]:
        """The answer of a server function. Raises GenworldError with its fault."""
        body = {
            "session_hash": self.session,
            "component_id": self.parts[part],
            "fn_name": function,
            "data": request,
        }
        told = self._send("POST", "gradio_api/component_server", json.dumps(body).encode(), "application/json")
        answer: dict[str, Any] = json.loads(told)
        if "error" in answer:
            raise GenworldError(answer["error"])
        return answer

    def upload(self, name: str, data: bytes) -> str:
        """Where the page has put a file."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name.rsplit("/", 1)[-1]}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        paths: list[str] = json.loads(
            self._send("POST", "gradio_api/upload", body, f"multipart/form-data; boundary={edge}")
        )
        return paths[0]

    def _send(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        headers = {"Content-Type": kind} if kind else {}
        try:
            self.line.request(method, self.root + path, body, headers)
            answer = self.line.getresponse()
        except ConnectionError:  # the page hangs up on who is silent for some seconds
            self.line.close()
            self.line.request(method, self.root + path, body, headers)
            answer = self.line.getresponse()
        told = answer.read()
        if answer.status >= 400:
            raise GenworldError(f"The page answered {path!r} with {answer.status} {answer.reason}: {told[:200]!r}.")
        return told
