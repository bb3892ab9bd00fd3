"""A home with small models, a running page, and a browser that tells of every request it makes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from blobs import SPRITES, blobs

from genworld import checkpoint, paths
from genworld.datasets import Dataset, open_dataset
from genworld.models import build
from genworld.provenance import TrainingRun

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Software rendering: a test machine has no graphics card.
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
START_SECONDS = 90.0
PATIENCE_MS = 45_000
"""A busy machine may load torch for a while before the first sample."""
LEVELS = "tiny-rooms"


@pytest.fixture(scope="session")
def models_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one small model of sprites and one of levels."""
    home = tmp_path_factory.mktemp("home")
    rooms = open_dataset("builtin:dungeon", count=12)
    _save(home, LEVELS, "markov", rooms, {}, "Tiny rooms")
    _save(home, SPRITES, "vae", blobs(), {"steps": 3, "batch": 4}, "Tiny blobs")
    return home


@pytest.fixture
def home(models_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder for one test, and the home of this process."""
    copy = tmp_path / "home"
    shutil.copytree(models_home / "models", copy / "models")
    monkeypatch.setenv("GENWORLD_HOME", str(copy))
    return copy


def _save(home: Path, name: str, family: str, data: Dataset, settings: dict[str, Any], title: str) -> None:
    model = build(family, data.spec, settings)
    for _ in model.fit(data, seed=1):
        pass
    run = TrainingRun(data=data.source, examples=len(data), steps=3, seed=1, command="test")
    checkpoint.save(home / "models" / name, model, run=run, title=title, summary="For tests.")


@dataclass
class App:
    """The page in a process of its own, as a person starts it."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> App:
        self.port = _free_port()
        environ = {**os.environ, "GENWORLD_HOME": str(self.home), "OMP_NUM_THREADS": "1", **self.environ}
        command = [sys.executable, str(paths.CHECKOUT / "app.py"), "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=paths.CHECKOUT, env=environ)
        self._wait()
        return self

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None

    def restart(self) -> App:
        self.stop()
        return self.start()

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, "the page ended before it answered"
            try:
                with urllib.request.urlopen(self.url, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the page did not answer within {START_SECONDS:g} seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def start_app(models_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., App]]:
    """Starts a page on a home of its own; all are stopped at the end."""
    started: list[App] = []

    def start(**environ: str) -> App:
        home = tmp_path_factory.mktemp("person") / "home"
        shutil.copytree(models_home / "models", home / "models")
        started.append(App(home, environ))  # before it runs, so that one that never answers is stopped too
        return started[-1].start()

    yield start
    for app in started:
        app.stop()


@pytest.fixture(scope="session")
def app(start_app: Callable[..., App]) -> App:
    """One page for the tests that do not mind what others kept."""
    return start_app()


@pytest.fixture(scope="session")
def public_app(start_app: Callable[..., App]) -> App:
    """One public page: every visit has an empty board of its own."""
    return start_app(GENWORLD_MODE="public")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window; skipped where there is none, but CI demands it."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI drives a real browser, but no chromium was found on the path.")
        pytest.skip("no chromium on the path")
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=PATIENCE_MS)
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page at a width; afterwards no request may have left this machine and no script may have failed."""
    faults: list[str] = []
    contexts = []

    def open_page(url: str, *, model: str = SPRITES, width: int = 1280, height: int = 800, **settings: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **settings)
        context.add_init_script(f"localStorage['genworld.model'] ??= JSON.stringify('{model}')")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: faults.extend(_foreign(request.url)))
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _foreign(url: str) -> list[str]:
    parts = urlsplit(url)
    own = parts.scheme in ("data", "blob", "about") or parts.hostname == "127.0.0.1"
    return [] if own else [f"request: {url}"]
