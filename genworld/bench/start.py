"""How long it takes from the command to the page answering."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from genworld.bench.timing import Timing, time_runs
from genworld.errors import GenworldError
from genworld.paths import CHECKOUT

RUNS = 3
PATIENCE = 120.0


def run() -> Iterator[Timing]:
    """Starts of the page in a process of its own; the first may find files not yet in memory."""
    yield time_runs("python app.py until the page answers", lambda _: _start_and_stop(), runs=RUNS, aim=10.0)


def _start_and_stop() -> None:
    with page():
        pass


@contextmanager
def page(environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a page in a process of its own, once it answers; stopped at the end.

    Args:
        environ: of that process; this one's by default.

    Raises:
        GenworldError: it does not start.
    """
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603  our own page
        [sys.executable, str(CHECKOUT / "app.py"), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environ,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  an address of this machine
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.02)
    raise GenworldError("The page did not start; run 'python app.py' to see why.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
