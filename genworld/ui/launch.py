"""How the page starts: its address, its mode, and every argument that Gradio's ``launch`` gets."""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from genworld import limits, paths
from genworld.errors import GenworldError
from genworld.mode import Mode, decide
from genworld.ui import GIVEN, page, workspace
from genworld.ui.door import Door
from genworld.ui.fetched import Fetched
from genworld.worker import process

LOG = logging.getLogger("genworld.ui")
DEFAULT_PORT = 7860


def main(arguments: Sequence[str] | None = None) -> None:
    """``python app.py [--host HOST] [--port PORT]``; a fault is one sentence and exit code 2."""
    wanted = _parser().parse_args(arguments)
    try:
        serve(wanted.host, wanted.port)
    except GenworldError as error:
        print(error.sentence, file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from error


def serve(host: str | None = None, port: int | None = None) -> None:
    """Start the page and stay until it is stopped.

    Args:
        host: address to listen on; None takes ``GRADIO_SERVER_NAME``, 0.0.0.0 on a Space, else 127.0.0.1.
        port: None takes ``GRADIO_SERVER_PORT``, else the first free one from 7860.

    Raises:
        GenworldError: the port is not a number or is taken, or local mode was asked for on a public address.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # Gradio's check of its own address says nothing new
    host = address(host, GIVEN)
    mode = decide(host, GIVEN)
    start(mode, host=host, port=port_of(port, GIVEN)).block_thread()


def start(mode: Mode, *, host: str = "127.0.0.1", port: int | None = None) -> gr.Blocks:
    """The page, built and answering; whoever called goes on.

    Raises:
        GenworldError: the port is taken.
    """
    blocks = workspace.build(mode)
    try:
        _, url, _ = blocks.launch(**launch_arguments(mode, host=host, port=port))
    except OSError as error:
        raise GenworldError(
            f"The page was to listen on {host} port {port or DEFAULT_PORT}, but that is taken or not allowed; "
            "stop what uses it, or choose another with --port."
        ) from error
    LOG.info("genworld is at %s (%s mode)", url, mode)
    if mode is Mode.LOCAL:
        process.start()
    threading.Thread(target=workspace.warm_up, name="warm-up", daemon=True).start()
    return blocks


def launch_arguments(mode: Mode, *, host: str, port: int | None) -> dict[str, Any]:
    """Everything that ``launch`` gets; nothing of it is left to Gradio's defaults or the environment."""
    return {
        "server_name": host,
        "server_port": port,
        "prevent_thread_lock": True,
        "quiet": True,
        "inbrowser": False,
        "share": False,
        "show_error": mode is Mode.LOCAL,
        "enable_monitoring": False,
        "run_history": False,
        "mcp_server": False,
        "ssr_mode": False,
        "pwa": False,
        "footer_links": [],
        "allowed_paths": [],
        "blocked_paths": [str(paths.home())],
        "max_file_size": limits.LIMITS[mode].upload_bytes,
        "state_session_capacity": 500,
        "favicon_path": str(page.folder() / "favicon.png"),
        "app_kwargs": {"middleware": [Door.middleware(mode, host), Fetched.middleware()]},
        "theme": page.theme(),
        "head": page.head(),
    }


def address(host: str | None, environ: Mapping[str, str]) -> str:
    """Where to listen: what was asked, what the environment says, else this machine alone."""
    return host or environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if "SPACE_ID" in environ else "127.0.0.1")  # noqa: S104


def port_of(port: int | None, environ: Mapping[str, str]) -> int | None:
    """The port asked for, or None for the first free one.

    Raises:
        GenworldError: it is not a whole number from 1 to 65535.
    """
    named = environ.get("GRADIO_SERVER_PORT")
    if port is None and not named:
        return None
    wanted: object = port if port is not None else named
    number = int(wanted) if isinstance(wanted, str) and wanted.isdecimal() else wanted
    return limits.whole("The port", number, 1, 65535)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=Path(sys.argv[0]).name, description="Open genworld's page in your browser.")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1, this machine alone)")
    parser.add_argument("--port", type=int, help=f"port to listen on (default: the first free one from {DEFAULT_PORT})")
    return parser
