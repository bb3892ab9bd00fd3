"""Arrays that were fitted once are found again, and only by the checkpoint that they belong to."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from linear import loaded

from genworld.checkpoint import Checkpoint
from genworld.errors import GenworldError
from genworld.latent import kept

ARRAYS = {"codes": np.arange(6, dtype=np.float32).reshape(2, 3), "names": kept.from_text(("brightness", "höhe"))}


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return loaded(tmp_path / "linear").checkpoint


def test_what_was_kept_is_found_again(checkpoint: Checkpoint, own_machine: Path) -> None:
    assert kept.get(checkpoint, "survey") is None
    path = kept.put(checkpoint, "survey", ARRAYS)
    found = kept.get(checkpoint, "survey")
    assert own_machine.resolve() in path.parents
    assert found is not None
    assert found["codes"].tobytes() == ARRAYS["codes"].tobytes()
    assert kept.to_text(found["names"]) == ("brightness", "höhe")


def test_shipped_files_come_first(checkpoint: Checkpoint) -> None:
    kept.put(checkpoint, "survey", {"a": np.zeros(1)})
    kept.put(checkpoint, "survey", {"a": np.ones(1)}, checkpoint.folder / kept.FOLDER)
    found = kept.get(checkpoint, "survey")
    assert found is not None
    assert found["a"][0] == 1


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "of another", "of unknown numbers"])
def test_damaged_files_are_as_good_as_none(checkpoint: Checkpoint, tmp_path: Path, harm: str) -> None:
    path = kept.put(checkpoint, "survey", ARRAYS)
    data = path.read_bytes()
    if harm == "of another":
        data = kept.put(loaded(tmp_path / "other", digest="c" * 64).checkpoint, "survey", ARRAYS).read_bytes()
    changed = {"cut": data[:-4], "flipped": data[:-4] + b"\1\2\3\4", "empty": b"", "of another": data}
    changed["of unknown numbers"] = _unknown_numbers(data)
    path.write_bytes(changed[harm])
    assert kept.get(checkpoint, "survey") is None


def _unknown_numbers(data: bytes) -> bytes:
    """The same file with a kind of numbers that numpy has not."""
    end = 8 + int.from_bytes(data[:8], "little")
    header = data[8:end].replace(b'"U8"', b'"F8_E4M3"')
    return len(header).to_bytes(8, "little") + header + data[end:]


def test_a_refusing_disk_is_told_and_an_attempt_goes_on(
    checkpoint: Checkpoint, tmp_path: Path, own_machine: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(GenworldError, match="cannot be made"):
        kept.put(checkpoint, "survey", ARRAYS, tmp_path / "file" / "explore")
    (own_machine / kept.FOLDER).write_text("no folder")
    kept.attempt(checkpoint, "survey", ARRAYS)
    assert kept.get(checkpoint, "survey") is None


def test_the_files_that_were_not_used_for_longest_go(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept.put(checkpoint, "first", {"a": np.zeros(1000)})
    second = kept.put(checkpoint, "second", {"a": np.zeros(1000)})
    os.utime(first, (1, 1))
    os.utime(second, (2, 2))
    assert kept.get(checkpoint, "first") is not None
    monkeypatch.setattr(kept, "ALL_BYTES", 17_000)
    kept.put(checkpoint, "third", {"a": np.zeros(1000)})
    assert kept.get(checkpoint, "first") is not None
    assert kept.get(checkpoint, "second") is None
    assert kept.get(checkpoint, "third") is not None


@pytest.mark.parametrize("key", ["", "../up", "Survey", "a/b", "a" * 81])
def test_a_key_is_never_a_path(checkpoint: Checkpoint, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        kept.get(checkpoint, key)
