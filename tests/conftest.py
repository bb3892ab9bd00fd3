"""What holds for every test: no connection leaves this machine, and the person's data folder is one of the test's own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genworld.content import Sprite, SpriteSpec
from genworld.datasets import Dataset
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream

LOOPBACK = ("127.", "::1", "localhost")


class OutsideError(OSError):
    """Somebody tried to leave this machine."""


def _is_inside(address: Any) -> bool:
    return not isinstance(address, tuple) or str(address[0]).startswith(LOOPBACK)


@pytest.fixture(scope="session", autouse=True)
def attempts() -> Iterator[list[str]]:
    """Every attempt to reach another machine, all of which fail."""
    found: list[str] = []
    before = socket.socket.connect, socket.socket.connect_ex

    def guarded(real: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if not _is_inside(address):
                found.append(str(address))
                raise OutsideError(f"a test tried to reach {address}")
            return real(self, address)

        return connect

    socket.socket.connect, socket.socket.connect_ex = map(guarded, before)  # type: ignore[method-assign]
    yield found
    socket.socket.connect, socket.socket.connect_ex = before  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def own_machine(
    attempts: list[str], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A data folder of the test's own; the test fails when anything tried to reach another machine."""
    home = tmp_path_factory.mktemp("genworld-home")
    monkeypatch.setenv("GENWORLD_HOME", str(home))
    monkeypatch.delenv("GENWORLD_MODE", raising=False)
    yield home
    tried = attempts.copy()
    attempts.clear()
    assert not tried, f"reached for {tried}"


@pytest.fixture(scope="session")
def blots() -> Dataset:
    """24 random sprites of 16 x 16 pixels in two exclusive classes, round and square."""
    random = numpy_stream(0, "blots")
    rows, columns = np.mgrid[:16, :16] - 7.5
    sprites, labels = [], []
    for index in range(24):
        colour, side = (*random.integers(40, 255, 3), 255), random.integers(3, 7)
        inside = rows**2 + columns**2 <= side**2 if index % 2 else np.maximum(abs(rows), abs(columns)) <= side
        sprites.append(Sprite(np.where(inside[..., None], colour, 0).astype(np.uint8)))
        labels.append((index % 2, 1 - index % 2))
    source = DataSource(name="blots", licence="CC0-1.0", sellable=True, digest="0" * 64)
    spec = SpriteSpec(16, 16, ("round", "square"))
    names = tuple(str(index) for index in range(24))
    return Dataset("blots", spec, tuple(sprites), np.array(labels, dtype=np.uint8), names, source)
