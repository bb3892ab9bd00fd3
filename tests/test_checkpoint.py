"""Checkpoints: whole or refused in one sentence."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from genworld import checkpoint, storage
from genworld.checkpoint import Checkpoint
from genworld.content import Sprite, SpriteSpec
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import build
from genworld.provenance import DataSource, TrainingRun

SOURCE = DataSource(name="made for tests", licence="CC0-1.0")
RUN = TrainingRun(data=SOURCE, examples=4, steps=1, seed=0, command="a test")
SETTINGS = {"steps": 1, "batch": 4, "latent_dim": 4, "style_dim": 16, "channels": 8, "most_channels": 16}


def vae(seed: int = 0) -> Any:
    spec = SpriteSpec(8, 8, ("a", "b"))
    sprites = tuple(Sprite(np.full((8, 8, 4), 60 * k, dtype=np.uint8)) for k in range(1, 5))
    labels = np.eye(2, dtype=np.uint8)[[0, 1, 0, 1]]
    model = build("vae", spec, SETTINGS)
    list(model.fit(Dataset("four", spec, sprites, labels, ("a", "b", "c", "d"), SOURCE), seed=seed))
    return model


@pytest.fixture
def kept(tmp_path: Path) -> Checkpoint:
    return checkpoint.save(tmp_path / "kept", vae(), run=RUN, resume={"step": torch.tensor(1)})


def blob(kept: Checkpoint) -> Path:
    return kept.folder / kept.manifest.weights.file


def rewrite(kept: Checkpoint, **changes: Any) -> None:
    path = kept.folder / checkpoint.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_what_is_saved_is_read_back(kept: Checkpoint) -> None:
    found = checkpoint.read(kept.folder)
    assert found.manifest == kept.manifest
    assert found.load().state_dict().keys() == vae().state_dict().keys()
    assert found.load_state()["step"] == 1


def test_the_digest_covers_what_sampling_needs_and_no_more(tmp_path: Path, kept: Checkpoint) -> None:
    model = vae()
    plain = checkpoint.save(tmp_path / "plain", model, run=RUN, title="Another title")
    assert plain.digest == kept.digest
    with torch.no_grad():
        next(model.parameters()).add_(1)
    assert checkpoint.save(tmp_path / "changed", model, run=RUN).digest != kept.digest


def test_replacing_a_checkpoint_leaves_no_old_files(kept: Checkpoint) -> None:
    newer = checkpoint.save(kept.folder, vae(seed=1), run=RUN)
    assert newer.digest != kept.digest
    assert {path.name for path in kept.folder.iterdir()} == {checkpoint.MANIFEST, newer.manifest.weights.file}


@pytest.mark.parametrize("part", range(0, 64, 7))
def test_a_truncated_file_is_refused(kept: Checkpoint, part: int) -> None:
    data = blob(kept).read_bytes()
    blob(kept).write_bytes(data[: len(data) * part // 64])
    with pytest.raises(GenworldError, match="'kept' is damaged"):
        checkpoint.read(kept.folder).load()


@pytest.mark.parametrize("part", range(0, 200, 13))
def test_a_flipped_bit_is_refused(kept: Checkpoint, part: int) -> None:
    data = bytearray(blob(kept).read_bytes())
    data[len(data) * part // 200] ^= 1 << (part % 8)
    blob(kept).write_bytes(data)
    with pytest.raises(GenworldError, match="'kept' is damaged"):
        checkpoint.read(kept.folder).load()


@pytest.mark.parametrize("part", range(0, 100, 3))
def test_a_manifest_with_a_flipped_bit_never_gives_another_model(kept: Checkpoint, part: int) -> None:
    path = kept.folder / checkpoint.MANIFEST
    data = bytearray(path.read_bytes())
    data[len(data) * part // 100] ^= 1 << (part % 7)
    path.write_bytes(data)
    try:
        found = checkpoint.read(kept.folder)
        found.load()
    except GenworldError as error:
        refused = error.sentence
        assert "\n" not in refused
    else:
        # Only what the digest does not cover may have changed: a title, a figure, a date.
        assert found.digest == kept.digest


def test_a_missing_file_is_refused(kept: Checkpoint) -> None:
    blob(kept).unlink()
    with pytest.raises(GenworldError, match="cannot be read"):
        checkpoint.read(kept.folder).load()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"surprise": 1}, "'surprise' is not known here"),
        ({"config": SETTINGS | {"nonsense": 1}}, "'nonsense' is not known here"),
        ({"config": SETTINGS | {"learning_rate": float("nan")}}, "kept|learning_rate|JSON"),
        ({"config": SETTINGS | {"latent_dim": 5}}, "damaged"),
        ({"family": "dream"}, "no family called 'dream'"),
        ({"format": 99}, "format 99"),
        ({"step": -1}, "step"),
        ({"spec": {}}, "not complete"),
        ({"digest": "0" * 64}, "digest does not match"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(kept: Checkpoint, changes: dict[str, Any], words: str) -> None:
    rewrite(kept, **changes)
    with pytest.raises(GenworldError, match=words) as caught:
        checkpoint.read(kept.folder).load()
    assert "\n" not in caught.value.sentence


def test_text_that_is_no_json_is_refused(kept: Checkpoint) -> None:
    for text in ("", "{", "[" * 100_000, "null", "[]"):
        (kept.folder / checkpoint.MANIFEST).write_text(text)
        with pytest.raises(GenworldError):
            checkpoint.read(kept.folder)


def test_weights_that_are_not_finite_are_neither_written_nor_read(kept: Checkpoint, tmp_path: Path) -> None:
    model = vae()
    with torch.no_grad():
        next(model.parameters()).view(-1)[0] = float("nan")
    with pytest.raises(GenworldError, match="not finite"):
        checkpoint.save(tmp_path / "other", model, run=RUN)
    assert not (tmp_path / "other").exists()
    tensors = load(blob(kept).read_bytes())
    key = next(key for key in tensors if tensors[key].is_floating_point() and tensors[key].numel())
    tensors[key] = torch.full_like(tensors[key], float("inf"))
    _replace_weights(kept, save(tensors))
    with pytest.raises(GenworldError, match="not finite"):
        checkpoint.read(kept.folder).load()


def _replace_weights(kept: Checkpoint, data: bytes) -> None:
    """As somebody would who wants to be believed: with a right digest."""
    weights = {"sha256": storage.sha256(data), "bytes": len(data)}
    (kept.folder / f"{weights['sha256']}.safetensors").write_bytes(data)
    rewrite(kept, weights=weights)


@pytest.mark.parametrize(
    "data", [b"\x80\x04pickle", b"PK\x03\x04zip", b"\xff" * 64, (2**60).to_bytes(8, "little") + b"{}"]
)
def test_what_is_no_safetensors_is_refused(kept: Checkpoint, data: bytes) -> None:
    _replace_weights(kept, data)
    with pytest.raises(GenworldError, match="damaged"):
        checkpoint.read(kept.folder).load()


@pytest.mark.parametrize("place", [(storage.os, "fsync"), (Path, "replace")], ids=["fsync", "rename"])
def test_every_failing_write_leaves_the_old_checkpoint_or_the_new(
    kept: Checkpoint, monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str]
) -> None:
    newer, outcomes = vae(seed=1), []
    for broken in range(1, 12):
        with monkeypatch.context() as patch:
            patch.setattr(*place, _failing(getattr(*place), broken))
            try:
                checkpoint.save(kept.folder, newer, run=RUN)
                outcomes.append("new")
            except GenworldError:
                outcomes.append("refused")
        checkpoint.read(kept.folder).load()
        assert not list(kept.folder.glob(".tmp-*"))
    assert outcomes[0] == "refused"
    assert outcomes[-1] == "new"


def _failing(real: Any, at: int) -> Any:
    """`real`, but its call number `at` finds the disk full."""
    calls = itertools.count(1)

    def call(*args: Any) -> Any:
        if next(calls) == at:
            raise OSError(28, "No space left on device")
        return real(*args)

    return call


def test_checkpoints_are_found_by_name_path_and_digest(own_machine: Path, tmp_path: Path) -> None:
    mine = checkpoint.save(checkpoint.models_home() / "own-folk", vae(), run=RUN)
    assert checkpoint.find("own-folk").mine
    assert checkpoint.find(str(mine.folder)).digest == mine.digest
    assert checkpoint.by_digest(mine.digest).name == "own-folk"
    assert "own-folk" in [found.name for found in checkpoint.available()]
    with pytest.raises(GenworldError, match="Did you mean 'own-folk'"):
        checkpoint.find("own-fok")
    with pytest.raises(GenworldError, match="not on this machine"):
        checkpoint.by_digest("0" * 64)


def test_a_broken_checkpoint_hides_no_other(own_machine: Path, caplog: pytest.LogCaptureFixture) -> None:
    checkpoint.save(checkpoint.models_home() / "good", vae(), run=RUN)
    (checkpoint.models_home() / "bad").mkdir()
    (checkpoint.models_home() / "bad" / checkpoint.MANIFEST).write_text("{}")
    names = [found.name for found in checkpoint.available()]
    assert "good" in names
    assert "bad" not in names
    assert "bad" in caplog.text


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "x" * 41, "-a", "ä"])
def test_names_that_are_no_folder_are_refused(name: str) -> None:
    with pytest.raises(GenworldError, match="small letters"):
        checkpoint.checked_name(name)
