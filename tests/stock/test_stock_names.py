"""Own models are named anew: as one, never over another, and what was made with them can still be made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genworld import checkpoint, sampling
from genworld.checkpoint import Checkpoint
from genworld.errors import GenworldError
from genworld.library import Library
from genworld.provenance import SeedOrigin
from genworld.stock import names, trash


def test_a_title_changes_and_nothing_else(caves: Checkpoint) -> None:
    made = names.rename("caves", "Deep  caves\u202e")
    assert (made.title, made.name, made.digest) == ("Deep caves", "caves", caves.digest)
    assert made.card is not None
    assert "# Deep caves\n" in made.card.read_text(encoding="utf-8")
    assert names.rename("caves", "Caves").manifest == caves.manifest


def test_a_name_changes_and_origins_still_find_it(caves: Checkpoint) -> None:
    origin = SeedOrigin(checkpoint=caves.digest, model="caves", seed=3, index=1)
    before = sampling.rerender(origin)
    made = names.rename("caves", to="grotto")
    assert made.folder == checkpoint.models_home() / "grotto"
    assert not caves.folder.exists()
    assert checkpoint.find("grotto").title == "Caves"
    assert "genworld sample grotto" in (made.folder / checkpoint.CARD).read_text(encoding="utf-8")
    assert checkpoint.by_digest(caves.digest).folder == made.folder
    assert np.array_equal(sampling.rerender(origin).tiles, before.tiles)
    with pytest.raises(GenworldError, match="no model called"):
        checkpoint.find("caves")
    assert names.rename("grotto", to="caves").manifest == caves.manifest


def test_what_was_renamed_by_hand_is_called_as_its_folder(caves: Checkpoint) -> None:
    caves.folder.rename(caves.folder.parent / "by-hand")
    assert checkpoint.find("by-hand").name == "by-hand"


@pytest.mark.parametrize("to", ["dungeon", "other", "Caves", "../caves", "", "a" * 41])
def test_a_name_that_is_taken_or_none_is_refused(caves: Checkpoint, to: str) -> None:
    (checkpoint.models_home() / "other").mkdir()
    with pytest.raises(GenworldError, match=r"another model|is named with"):
        names.rename("caves", "New", to=to)
    assert checkpoint.find("caves").manifest == caves.manifest


@pytest.mark.parametrize("title", ["", " \u202e ", "x" * 81])
def test_a_title_that_shows_nothing_or_too_much_is_refused(caves: Checkpoint, title: str) -> None:
    with pytest.raises(GenworldError, match="A model"):
        names.rename("caves", title)


def test_only_models_of_ones_own_are_renamed(caves: Checkpoint) -> None:
    with pytest.raises(GenworldError, match="came with genworld"):
        names.rename("dungeon", "Mine")
    with pytest.raises(GenworldError, match="Did you mean 'caves'"):
        names.rename("cavez", "Mine")
    with pytest.raises(GenworldError, match="neither came"):
        names.rename("caves")


def test_a_disk_that_refuses_changes_nothing(caves: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", full)
        with pytest.raises(GenworldError, match="No space left"):
            names.rename("caves", to="grotto")
    assert [each.name for each in checkpoint.models_home().iterdir()] == ["caves"]
    assert checkpoint.find("caves").manifest == caves.manifest


def test_away_and_back(caves: Checkpoint) -> None:
    label = trash.discard("caves")
    with pytest.raises(GenworldError, match="no model called"):
        checkpoint.find("caves")
    (checkpoint.models_home() / "caves").mkdir()
    with pytest.raises(GenworldError, match="another model"):
        trash.restore(label)
    (checkpoint.models_home() / "caves").rmdir()
    assert trash.restore(label) == "caves"
    assert checkpoint.find("caves").manifest == caves.manifest
    with pytest.raises(GenworldError, match="not in the trash"):
        trash.restore(label)


def test_a_model_in_training_stays_where_it_is(caves: Checkpoint) -> None:
    with Library.open() as library:
        job = library.jobs.add(kind="train", title="Caves", spec={}, model="caves")
        for ask in (lambda: names.rename("caves", "Mine"), lambda: trash.discard("caves")):
            with pytest.raises(GenworldError, match="is being trained"):
                ask()
        library.jobs.cancel(job.id)
    assert names.rename("caves", "Mine").title == "Mine"
    assert trash.restore(trash.discard("caves")) == "caves"
