"""A model hub on this machine: as much of its HTTP as huggingface_hub asks for, with one token that it knows."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

import yaml

TOKEN = "hf_of-this-test-alone"
LICENCES = {"apache-2.0", "bsd-3-clause", "cc-by-4.0", "cc0-1.0", "mit", "other", "unknown"}


@dataclass
class Repo:
    """What one repository holds, by commit."""

    private: bool
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    head: str = ""

    def commit(self, files: dict[str, bytes]) -> str:
        self.head = hashlib.sha1(f"{len(self.commits)}".encode()).hexdigest()
        self.commits[self.head] = files
        return self.head

    @property
    def files(self) -> dict[str, bytes]:
        return self.commits[self.head]


@dataclass
class StandIn:
    """The hub: its repositories, what it was asked, and what it answers instead where a test wants a fault."""

    address: str = ""
    repos: dict[str, Repo] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    fault: int | None = None

    def put(self, name: str, files: dict[str, bytes], *, private: bool = False) -> Repo:
        repo = self.repos.setdefault(name, Repo(private))
        repo.commit(dict(files))
        return repo


class _Answers(BaseHTTPRequestHandler):
    hub: ClassVar[StandIn]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(body)

    def do_GET(self) -> None:
        self._answer(b"")

    do_HEAD = do_GET  # noqa: N815  as the library calls it

    def _answer(self, body: bytes) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append((self.command, path, self.headers.get("Authorization") or ""))
        if self.hub.fault:
            return self._send(self.hub.fault, {"error": f"echo {self.headers.get('Authorization')}"})
        for pattern, answer in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match:
                return answer(self, match, body)
        return self._send(404, {"error": "no such route"})

    @property
    def _known(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def _send(self, status: int, value: Any, **headers: str) -> None:
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream" if isinstance(value, bytes) else "application/json")
        self.send_header("Content-Length", str(len(raw)))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def _create(self, _: re.Match[str], body: bytes) -> None:
        asked = json.loads(body)
        name = f"{asked.get('organization') or 'me'}/{asked['name']}"
        if not self._known:
            return self._send(401, {"error": "who are you"})
        status = 409 if name in self.hub.repos else 200
        if status == 200:
            private = asked.get("private") or asked.get("visibility") == "private"
            self.hub.put(name, {".gitattributes": b"* text"}, private=bool(private))
        return self._send(status, {"url": f"{self.hub.address}/{name}", "name": name})

    def _repo(self, name: str) -> Repo | None:
        repo = self.hub.repos.get(name)
        return repo if repo and (self._known or not repo.private) else None

    def _info(self, match: re.Match[str], _: bytes) -> None:
        repo = self._repo(match["name"])
        if repo is None:
            return self._send(401 if not self._known else 404, {"error": "no"}, X_Error_Code="RepoNotFound")
        wanted = match["revision"] or "main"
        head = repo.head if wanted == "main" else wanted
        siblings = [{"rfilename": name, "size": len(raw)} for name, raw in repo.commits[head].items()]
        return self._send(200, {"id": match["name"], "sha": head, "private": repo.private, "siblings": siblings})

    def _validate(self, _: re.Match[str], body: bytes) -> None:
        head = yaml.safe_load(json.loads(body)["content"].split("---")[1])
        wrong = [] if head["license"] in LICENCES else [{"message": f"unknown licence {head['license']}"}]
        wrong += [{"message": "tags"}] if not all(isinstance(tag, str) for tag in head["tags"]) else []
        self._send(400 if wrong else 200, {"errors": wrong, "warnings": []})

    def _preupload(self, _: re.Match[str], body: bytes) -> None:
        files = [each["path"] for each in json.loads(body)["files"]]
        self._send(200, {"files": [{"path": path, "uploadMode": "regular", "shouldIgnore": False} for path in files]})

    def _commit(self, match: re.Match[str], body: bytes) -> None:
        repo = self._repo(match["name"])
        if repo is None or not self._known:
            return self._send(403, {"error": "no"})
        files = dict(repo.files)
        for line in filter(None, body.splitlines()):
            step = json.loads(line)
            if step["key"] == "file":
                files[step["value"]["path"]] = base64.b64decode(step["value"]["content"])
            elif step["key"] == "deletedFile":
                del files[step["value"]["path"]]
        head = repo.commit(files)
        address = f"{self.hub.address}/{match['name']}/commit/{head}"
        return self._send(200, {"success": True, "commitOid": head, "commitUrl": address})

    def _resolve(self, match: re.Match[str], _: bytes) -> None:
        repo = self._repo(match["name"])
        raw = None if repo is None else repo.commits.get(match["revision"], {}).get(match["path"])
        if raw is None:
            return self._send(404, {"error": "no"}, X_Error_Code="EntryNotFound")
        return self._send(200, raw, ETag=f'"{hashlib.sha1(raw).hexdigest()}"', X_Repo_Commit=match["revision"])


_NAME = r"(?P<name>[^/]+/[^/]+)"
_ROUTES = (
    (r"/api/repos/create", _Answers._create),
    (r"/api/validate-yaml", _Answers._validate),
    (rf"/api/models/{_NAME}/preupload/main", _Answers._preupload),
    (rf"/api/models/{_NAME}/commit/main", _Answers._commit),
    (rf"/api/models/{_NAME}(/revision/(?P<revision>[^/]+))?", _Answers._info),
    (rf"/{_NAME}/resolve/(?P<revision>[^/]+)/(?P<path>.+)", _Answers._resolve),
)


@contextmanager
def standing() -> Iterator[StandIn]:
    """A hub that answers until the block ends."""
    hub = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"hub": hub}))
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
