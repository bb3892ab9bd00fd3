from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from genworld.limits import LIMITS
from genworld.mode import Mode
from genworld.ui.door import Door


def _client(mode: Mode, host: str = "127.0.0.1") -> TestClient:
    async def inside(request: Request) -> PlainTextResponse:
        return PlainTextResponse("inside")

    routes = [Route("/{path:path}", inside, methods=["GET", "POST"])]
    app = Starlette(routes=routes, middleware=[Door.middleware(mode, host)])
    return TestClient(app, base_url="http://127.0.0.1:7860")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/run/predict",
        "/gradio_api/api/x",
        "/gradio_api/call/x",
        "/gradio_api/file=http://10.0.0.1/",
        "/gradio_api/file=HTTPS://example.org/",
        "/gradio_api/proxy=http://10.0.0.1/",
        "/gradio_api/vibe-edit/",
        "/run/x",
        "/api/x",
        "/monitoring/key",
        "/docs",
        "/openapi.json",
    ],
)
@pytest.mark.parametrize("mode", list(Mode))
def test_closed_routes_answer_404(path: str, mode: Mode) -> None:
    client = _client(mode)
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/component_server", "/assets/run.js"])
def test_the_page_itself_is_open_and_hardened(path: str) -> None:
    answer = _client(Mode.LOCAL).get(path)
    assert answer.text == "inside"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"


def test_uploads_say_their_size_and_are_bounded() -> None:
    client, most = _client(Mode.PUBLIC), LIMITS[Mode.PUBLIC].upload_bytes
    assert client.post("/gradio_api/upload", content=b"x" * 100).status_code == 200
    assert client.post("/gradio_api/upload", content=iter([b"x"])).status_code == 411
    for length, status in ((str(most), 200), (str(2 * most), 413), ("-1", 411), ("1e3", 411), ("9" * 30, 411)):
        answer = client.post("/gradio_api/upload", headers={"content-length": length})
        assert answer.status_code == status, length


def test_the_hour_of_uploads_is_bounded() -> None:
    client = _client(Mode.PUBLIC)
    limits = LIMITS[Mode.PUBLIC]
    size = {"content-length": str(limits.upload_bytes)}
    for _ in range(limits.upload_hourly_bytes // limits.upload_bytes):
        assert client.post("/gradio_api/upload", headers=size).status_code == 200
    assert client.post("/gradio_api/upload", headers=size).status_code == 429
    assert client.get("/").status_code == 200


def test_other_sites_cannot_act_on_a_persons_machine() -> None:
    client = _client(Mode.LOCAL)
    assert client.post("/x", headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/x", headers={"origin": "null"}).status_code == 403
    assert client.post("/gradio_api/upload", headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/x", headers={"origin": "http://127.0.0.1:7860"}).status_code == 200
    assert client.post("/x").status_code == 200


def test_a_foreign_name_for_this_machine_finds_nothing() -> None:
    client = _client(Mode.LOCAL)
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.get("/", headers={"host": "localhost:7860"}).status_code == 200


def test_a_public_page_has_any_name() -> None:
    answer = _client(Mode.PUBLIC, "0.0.0.0").get("/", headers={"host": "someone-genworld.hf.space"})
    assert answer.status_code == 200
    assert "https://huggingface.co" in answer.headers["content-security-policy"]
