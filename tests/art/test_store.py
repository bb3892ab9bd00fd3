"""Arts in the data folder: only whole ones are read, and the oldest make room."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from genworld import art
from genworld.art.store import from_bytes, to_bytes
from genworld.art.tiled import Frame, Look, Stratum, TiledArt
from genworld.errors import GenworldError


def _art(shade: int = 0) -> TiledArt:
    return TiledArt(
        place="cave.tmx",
        cell=(4, 4),
        shown=(4, 4),
        strata=(Stratum(("ground", "1"), Look()),),
        stacks=np.array([[1]], np.uint32),
        marks=((),),
        frames={1: Frame(np.full((4, 4, 4), shade, np.uint8))},
        document=b"<map/>",
        beside={},
    )


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _files() -> dict[str, bytes]:
    return {**_art().files(), "kind": b"tiled"}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": b"unheard of"},
        {"kind": b"\xff"},
        {"art.json": b"[]"},
        {"art.json": b"null"},
        {"art.json": b"{"},
        {"art.json": b"[" * 100_000},
        {"frames.png": b"no picture"},
        {"document": b"<map>another</map>"},
    ],
)
def test_a_forged_file_is_damaged(change: dict[str, bytes]) -> None:
    with pytest.raises(GenworldError, match="damaged"):
        from_bytes(_zip({**_files(), **change}), _art().digest)


def test_every_broken_file_is_damaged() -> None:
    whole, digest = to_bytes(_art()), _art().digest
    for end in range(0, len(whole), 7):
        with pytest.raises(GenworldError, match="damaged"):
            from_bytes(whole[:end], digest)
    for place in range(0, len(whole), 11):
        turned = bytearray(whole)
        turned[place] ^= 255
        with contextlib.suppress(GenworldError):
            assert from_bytes(bytes(turned), digest).digest == digest  # bytes that say nothing, such as a date


def test_a_forged_file_beside_a_checkpoint_is_not_adopted(own_machine: Path, tmp_path: Path) -> None:
    (tmp_path / f"{'0' * 64}.art").write_bytes(to_bytes(_art()))
    with pytest.raises(GenworldError, match="damaged"):
        art.adopt(tmp_path)
    assert not list((own_machine / "art").glob("*"))


def test_those_used_longest_ago_make_room(own_machine: Path) -> None:
    digests = [art.put(_art(shade)) for shade in range(4)]
    for age, digest in enumerate(digests):
        os.utime(own_machine / "art" / f"{digest}.art", (age, age))
    art.get(digests[0])  # used again
    size = (own_machine / "art" / f"{digests[0]}.art").stat().st_size
    art.make_room(2 * size + size // 2)
    kept = {path.stem for path in (own_machine / "art").iterdir()}
    assert kept == {digests[0], digests[3]}
