from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from genworld import paths
from genworld.errors import GenworldError
from genworld.mode import Mode
from genworld.ui import launch


def test_this_machine_alone_unless_told_otherwise() -> None:
    assert launch.address(None, {}) == "127.0.0.1"
    assert launch.address(None, {"GRADIO_SERVER_NAME": "0.0.0.0"}) == "0.0.0.0"
    assert launch.address(None, {"SPACE_ID": "a/b"}) == "0.0.0.0"
    assert launch.address("::1", {"GRADIO_SERVER_NAME": "0.0.0.0"}) == "::1"


def test_ports() -> None:
    assert launch.port_of(None, {}) is None
    assert launch.port_of(None, {"GRADIO_SERVER_PORT": "7001"}) == 7001
    assert launch.port_of(7002, {"GRADIO_SERVER_PORT": "7001"}) == 7002
    for wrong in ("0", "70000", "-1", "http", "7.5"):
        with pytest.raises(GenworldError, match="The port"):
            launch.port_of(None, {"GRADIO_SERVER_PORT": wrong})


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_is_left_to_gradio(mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path))
    given = launch.launch_arguments(mode, host="127.0.0.1", port=None)
    for name in ("share", "enable_monitoring", "run_history", "mcp_server", "ssr_mode", "pwa", "inbrowser"):
        assert given[name] is False
    assert given["allowed_paths"] == []
    assert given["blocked_paths"] == [str(tmp_path)]
    assert given["max_file_size"] > 0
    assert given["show_error"] is (mode is Mode.LOCAL)


def test_local_mode_on_a_public_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch, "GIVEN", {"GENWORLD_MODE": "local"})
    with pytest.raises(SystemExit) as ended:
        launch.main(["--host", "0.0.0.0"])
    assert ended.value.code == 2
    assert "GENWORLD_MODE" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["http", "0", "99999"])
def test_a_port_in_the_environment_that_is_none(port: str) -> None:
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=paths.CHECKOUT,
        env={**os.environ, "GRADIO_SERVER_PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("The port is a whole number from 1 to 65535")
    assert ended.stderr.count("\n") == 1
