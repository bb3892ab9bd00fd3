"""Earlier checkpoints: what was made with them can be made again, and none is ever half there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch

from genworld import checkpoint, sampling, storage
from genworld.checkpoint import Checkpoint, history
from genworld.content import Sprite, SpriteSpec
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import build
from genworld.models.base import GenerativeModel, SampleRequest
from genworld.provenance import DataSource, SeedOrigin, TrainingRun

SOURCE = DataSource(name="made for tests", licence="CC0-1.0")
SETTINGS = {"steps": 1, "batch": 2, "latent_dim": 4, "style_dim": 16, "channels": 8, "most_channels": 16}


@pytest.fixture(scope="module")
def tiny() -> GenerativeModel:
    spec = SpriteSpec(8, 8, ("a",))
    sprites = tuple(Sprite(np.full((8, 8, 4), 90 * k, dtype=np.uint8)) for k in (1, 2))
    model = build("vae", spec, SETTINGS)
    labels = np.ones((2, 1), dtype=np.uint8)
    list(model.fit(Dataset("two", spec, sprites, labels, ("a", "b"), SOURCE), seed=0))
    return model


Save = Callable[..., Checkpoint]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path))
    return checkpoint.models_home()


@pytest.fixture
def save(home: Path, tiny: GenerativeModel) -> Save:
    """Saves the model as it is at a step, with weights of its own."""

    def at(step: int, seconds: float | None = None, keep: object = (), name: str = "folk") -> Checkpoint:
        with torch.no_grad():
            next(iter(tiny.parameters())).fill_(step / 1000)
        time = float(step) if seconds is None else seconds
        run = TrainingRun(data=SOURCE, examples=2, steps=step, seed=0, command="a test", seconds=time)
        kept = None if keep is None else lambda digest: digest in keep
        resume = {"step": torch.tensor(step)}
        return checkpoint.save(home / name, tiny, run=run, resume=resume, keep=kept)

    return at


def steps(found: Checkpoint) -> list[int]:
    return [one.manifest.step for one in checkpoint.earlier(found)]


def blobs(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.safetensors")}


def test_what_is_replaced_is_an_earlier_one(save: Save) -> None:
    first, second, third = save(1), save(2), save(3)
    found = checkpoint.earlier(checkpoint.read(third.folder, mine=True))
    assert [one.digest for one in found] == [first.digest, second.digest]
    assert all(one.mine for one in found)
    for one in found:
        assert next(iter(one.load().parameters())).flatten()[0] == pytest.approx(one.manifest.step / 1000)
    assert first.manifest.resume is not None
    assert first.manifest.resume.file not in blobs(third.folder)
    with pytest.raises(GenworldError, match="no training state"):
        found[0].load_state()
    assert len(blobs(third.folder)) == 4  # three times weights, one training state


def test_without_history_nothing_is_noted_and_nothing_is_lost(save: Save) -> None:
    first = save(1)
    second = save(2, keep=None)
    assert steps(second) == []
    third = save(3)
    fourth = save(4, keep=None)
    assert steps(fourth) == [2]
    assert first.digest not in {one.digest for one in checkpoint.earlier(fourth)}
    assert third.manifest.weights.file not in blobs(fourth.folder)


def test_the_same_weights_are_one_checkpoint(save: Save) -> None:
    save(1)
    assert steps(save(1, seconds=9.0)) == []


def test_a_digest_finds_an_earlier_one_and_its_samples(save: Save) -> None:
    early = save(1)
    save(400)
    found = checkpoint.by_digest(early.digest)
    assert (found.manifest.step, found.mine) == (1, True)
    origin = SeedOrigin(checkpoint=early.digest, model="folk", seed=0, index=0)
    model = early.load()
    with torch.no_grad():
        next(iter(model.parameters())).fill_(0.001)
    expected = sampling.render(model, SampleRequest(0, 0))
    assert sampling.rerender(origin) == expected
    assert sampling.of_digest(early.digest).checkpoint.digest == early.digest


def test_a_digest_that_is_a_path_is_not_here(save: Save) -> None:
    save(1)
    latest = save(2)
    for odd in ("../manifest", "", "A" * 64, f"../steps/{latest.digest}"):
        with pytest.raises(GenworldError):
            checkpoint.by_digest(odd)
        with pytest.raises(GenworldError, match="any more"):
            checkpoint.go_back(latest, odd)


def test_near_ones_stay_and_far_ones_go(save: Save) -> None:
    for step in (1, 2, 3, 4, 5):
        save(step, seconds=step * 10.0)
    assert steps(save(6, seconds=3700.0)) == [3, 4, 5]  # beyond an hour of learning, but the nearest three
    for step in (7, 8):
        last = save(step, seconds=3700.0 + step)
    assert steps(last) == [5, 6, 7]


def test_no_more_than_a_number_of_young_ones(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_YOUNG", 5)
    for step in range(1, 10):
        last = save(step)
    assert steps(last) == [4, 5, 6, 7, 8]
    assert len(blobs(last.folder)) == 7


def test_what_somebody_kept_from_stays(save: Save) -> None:
    early = save(1, seconds=1)
    save(2, seconds=2)
    for step in range(3, 8):
        last = save(step, seconds=5000.0 * step, keep={early.digest})
    assert 1 in steps(last)
    assert 2 not in steps(last)
    assert checkpoint.by_digest(early.digest).load() is not None


def test_going_back_and_forth(save: Save) -> None:
    first, second = save(1), save(2)
    back = checkpoint.go_back(checkpoint.read(second.folder, mine=True), first.digest)
    assert checkpoint.read(second.folder).digest == first.digest == back.digest
    assert steps(back) == [2]
    forth = checkpoint.go_back(back, second.digest)
    assert checkpoint.read(second.folder).digest == second.digest
    assert forth.load_state()["step"] == 2  # training can go on as if nobody had gone back
    assert steps(forth) == [1]


def test_going_back_and_training_on_keeps_what_was_left(save: Save) -> None:
    first, second = save(1), save(2)
    checkpoint.go_back(second, first.digest)
    third = save(3)
    assert steps(third) == [1, 2]


def test_a_rename_reaches_earlier_ones(save: Save) -> None:
    first, second = save(1), save(2)
    named = second.manifest.model_copy(update={"title": "Other folk", "name": "other"})
    checkpoint.write_manifest(second.folder, named)
    now = second.folder.rename(second.folder.with_name("other"))
    found = checkpoint.by_digest(first.digest)
    assert (found.name, found.title, found.folder) == ("other", "Other folk", now)
    assert checkpoint.go_back(checkpoint.read(now), first.digest).title == "Other folk"


def test_damage_does_not_replace_what_is_sound(save: Save) -> None:
    first, second = save(1), save(2)
    path = second.folder / first.manifest.weights.file
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(GenworldError, match="damaged"):
        checkpoint.go_back(second, first.digest)
    assert checkpoint.read(second.folder).digest == second.digest


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"format": 99}'])
def test_a_damaged_note_of_an_earlier_one_hides_no_other(save: Save, text: bytes) -> None:
    first, second, third = save(1), save(2), save(3)
    (third.folder / history.STEPS / f"{first.digest}.json").write_bytes(text)
    assert steps(third) == [2]
    assert steps(save(4)) == [2, 3]
    with pytest.raises(GenworldError):
        checkpoint.by_digest(first.digest)
    assert checkpoint.by_digest(second.digest).manifest.step == 2


def test_a_note_under_another_digest_is_refused(save: Save) -> None:
    first, second, third = save(1), save(2), save(3)
    place = third.folder / history.STEPS
    shutil.copy(place / f"{first.digest}.json", place / f"{second.digest}.json")
    assert steps(third) == [1]


class Kill(BaseException):
    """The process is gone: nothing of ours is done after it."""


@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize("act", ["save", "go back"])
def test_a_kill_between_writes_leaves_a_whole_checkpoint(
    save: Save, monkeypatch: pytest.MonkeyPatch, act: str, after: int
) -> None:
    first, second = save(1), save(2)
    done = 0

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def counted(*words: object, **named: object) -> object:
            nonlocal done
            if done == after:
                raise Kill
            done += 1
            return real(*words, **named)

        return counted

    with monkeypatch.context() as patch, suppress(Kill):
        patch.setattr(Path, "replace", counting(Path.replace))
        patch.setattr(Path, "unlink", counting(Path.unlink))
        if act == "save":
            save(3)
        else:
            checkpoint.go_back(second, first.digest)
    now = checkpoint.read(second.folder, mine=True)
    now.load()
    for one in checkpoint.earlier(now):
        one.load()
    assert {first.digest, second.digest} <= {now.digest, *(one.digest for one in checkpoint.earlier(now))}
    after_all = save(9)
    used = {one.manifest.weights.file for one in (after_all, *checkpoint.earlier(after_all))}
    assert after_all.manifest.resume is not None
    assert blobs(after_all.folder) == used | {after_all.manifest.resume.file}


def test_a_full_disk_changes_nothing(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = save(1), save(2)

    def full(path: Path, data: bytes) -> None:
        raise GenworldError(f"{path.name} could not be written; free some space.")

    monkeypatch.setattr(history, "write_whole", full)
    with pytest.raises(GenworldError, match="free some space"):
        save(3)
    with pytest.raises(GenworldError, match="free some space"):
        checkpoint.go_back(second, first.digest)
    monkeypatch.setattr(history, "write_whole", storage.write_whole)
    assert checkpoint.read(second.folder).digest == second.digest
    assert steps(second) == [1]


def test_what_a_killed_save_left_is_swept_later(save: Save) -> None:
    folder = save(1).folder
    old, young = folder / ".tmp-old", folder / ".tmp-young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    save(2)
    assert (old.exists(), young.exists()) == (False, True)
