"""Mode, limits, seeding, paths and storage."""

from __future__ import annotations

import hashlib
import math
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from genworld import limits, paths, seeding, storage
from genworld.errors import GenworldError, unknown
from genworld.mode import Mode, decide


@pytest.mark.parametrize(
    ("host", "env", "mode"),
    [
        ("127.0.0.1", {}, Mode.LOCAL),
        ("localhost", {"GENWORLD_MODE": "local"}, Mode.LOCAL),
        ("127.0.0.1", {"GENWORLD_MODE": "public"}, Mode.PUBLIC),
        ("127.0.0.1", {"GENWORLD_MODE": "lokal"}, Mode.PUBLIC),
        ("127.0.0.1", {"SPACE_ID": "a/b"}, Mode.PUBLIC),
        ("0.0.0.0", {}, Mode.PUBLIC),
        ("192.168.0.5", {}, Mode.PUBLIC),
    ],
)
def test_only_a_machine_of_ones_own_is_local(host: str, env: dict[str, str], mode: Mode) -> None:
    assert decide(host, env) is mode


@pytest.mark.parametrize(("host", "env"), [("0.0.0.0", {}), ("127.0.0.1", {"SPACE_ID": "a/b"})])
def test_local_where_others_reach_it_does_not_start(host: str, env: dict[str, str]) -> None:
    with pytest.raises(GenworldError, match="GENWORLD_MODE=local"):
        decide(host, env | {"GENWORLD_MODE": "local"})


@pytest.mark.parametrize("value", [None, True, "16", 17.3, math.nan, math.inf, -1, 10**400, [], {}, 65])
def test_what_is_no_whole_number_in_range_is_refused(value: object) -> None:
    with pytest.raises(GenworldError, match="The count is a whole number from 1 to 64 samples, but"):
        limits.whole("The count", value, 1, 64, "samples")


def test_whole_numbers_may_come_as_decimals() -> None:
    assert limits.whole("The count", 16.0, 1, 64) == 16


@pytest.mark.parametrize("value", [None, False, "1", math.nan, -math.inf, 1.6])
def test_what_is_no_number_in_range_is_refused(value: object) -> None:
    with pytest.raises(GenworldError, match=r"Variety is a number from 0 to 1\.5, but"):
        limits.real("Variety", value, 0, 1.5)


def test_public_is_never_more_generous_than_local() -> None:
    local, public = limits.LIMITS[Mode.LOCAL], limits.LIMITS[Mode.PUBLIC]
    for name in local.__dataclass_fields__:
        assert getattr(public, name) <= getattr(local, name), name


def test_streams_are_named_and_independent() -> None:
    def draw(seed: int, name: str) -> tuple[float, ...]:
        return tuple(torch.rand(4, generator=seeding.stream(seed, name)).tolist())

    assert draw(1, "a") == draw(1, "a")
    assert len({draw(1, "a"), draw(1, "b"), draw(2, "a"), draw(12, "a")}) == 4
    assert seeding.numpy_stream(1, "a").random() == seeding.numpy_stream(1, "a").random()


def test_streams_are_the_same_everywhere() -> None:
    assert seeding.entropy(7, "x") == int(hashlib.sha256(b"7/x").hexdigest()[:16], 16) >> 1


def test_streams_leave_global_randomness_alone() -> None:
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002  looked at, not used
    seeding.stream(3, "x")
    seeding.numpy_stream(3, "x")
    assert torch.equal(before[0], torch.get_rng_state())
    assert np.array_equal(before[1], np.random.get_state()[1])  # noqa: NPY002


def test_a_missing_folder_of_the_checkout_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "CHECKOUT", tmp_path)
    with pytest.raises(GenworldError, match="expected the folder 'assets' beside the package"):
        paths.shipped("assets")


def test_home_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(GenworldError, match="GENWORLD_HOME"):
        paths.home()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "file"
    storage.write_whole(path, b"old")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            if name == "fsync":
                patch.setattr(os, "fsync", _refuse)
            else:
                patch.setattr(Path, "replace", _refuse)
            with pytest.raises(GenworldError, match="could not be written"):
                storage.write_whole(path, b"new")
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]


def _refuse(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_files_larger_than_expected_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * (3 * 2**20))
    with pytest.raises(GenworldError, match="at most 2 MiB, but it has 3 MiB"):
        storage.read_bounded(tmp_path / "big", 2 * 2**20)


def test_unknown_names_get_the_nearest_or_the_list() -> None:
    assert "Did you mean 'dungeon'" in unknown("model", "dungen", ["dungeon", "city"]).sentence
    assert "Choose one of: city, dungeon" in unknown("model", "zzz", ["dungeon", "city"]).sentence


def test_a_sentence_repeats_nothing_endless() -> None:
    assert (
        GenworldError(f"There is no {'x' * 5000}; choose another.").sentence
        == f"There is no {'x' * 80}... choose another."
    )
    assert len(GenworldError("far too long " * 1000).sentence) == 2003
    assert "x" * 81 not in unknown("model", "x" * 5000, ["dungeon"]).sentence
