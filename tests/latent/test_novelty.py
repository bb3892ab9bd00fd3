"""What is kept of training data with a model, and what it tells of a sample."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genworld import training
from genworld.checkpoint import Checkpoint
from genworld.content import Level, Sprite
from genworld.datasets import Dataset, open_dataset
from genworld.latent import examples, kept, learned, novelty
from genworld.measure import Symmetry
from genworld.training import Cuts

SMALL = {"steps": 1, "batch": 4, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 8}


def saved(data: Dataset, folder: Path, family: str = "vae", **cuts: float) -> Checkpoint:
    run = training.begin(data, family, SMALL if family == "vae" else {}, seed=0, cuts=Cuts(**cuts), device="cpu")
    list(run)
    return run.save(folder)


@pytest.fixture(scope="module")
def discs(blots: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return saved(blots, tmp_path_factory.mktemp("discs") / "discs")


@pytest.fixture(scope="module")
def rooms() -> Dataset:
    return open_dataset("builtin:dungeon", count=6, size=40)


@pytest.fixture(scope="module")
def chain(rooms: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return saved(rooms, tmp_path_factory.mktemp("chain") / "chain", "markov")


def test_a_training_example_is_known_again(discs: Checkpoint, blots: Dataset) -> None:
    found = novelty.nearest(discs, Sprite(blots.sprites[3].pixels[:, ::-1]))
    assert found is not None
    assert (found.exact, found.near, found.distance) == (True, True, 0)
    assert (found.known, found.total, found.shown_of) == (24, 24, 24)
    assert found.shown == blots.sprites[3]
    assert found.shown_distance == 0
    assert found.sides is None


def test_a_new_sprite_is_new(discs: Checkpoint) -> None:
    found = novelty.nearest(discs, Sprite(np.full((16, 16, 4), (0, 255, 0, 255), np.uint8)))
    assert found is not None
    assert not found.near
    assert found.distance == pytest.approx(found.shown_distance, rel=0.35)
    assert found.apart > 0


def test_a_part_of_a_large_level_is_known_again(chain: Checkpoint, rooms: Dataset) -> None:
    tiles = np.zeros((24, 24), np.uint8)
    tiles[:16, :16] = rooms.levels[2].tiles[12:28, 12:28]
    found = novelty.nearest(chain, Level(tiles, rooms.levels[0].legend))
    assert found is not None
    assert found.exact
    assert found.sides == (16, 16)
    assert isinstance(found.shown, Level)
    assert found.shown.tiles.shape == (16, 16)


def test_what_cannot_be_compared_is_not_told(chain: Checkpoint, discs: Checkpoint, rooms: Dataset) -> None:
    legend = rooms.levels[0].legend
    assert novelty.nearest(chain, Level(np.zeros((40, 40), np.uint8), legend)) is None, "all one tile"
    assert novelty.nearest(chain, Level(rooms.levels[0].tiles[:8, :8], legend)) is None, "smaller than a window"
    assert novelty.nearest(discs, Sprite(np.zeros((8, 8, 4), np.uint8))) is None


def test_a_model_of_old_tells_by_its_kept_examples_alone(discs: Checkpoint, blots: Dataset, tmp_path: Path) -> None:
    old = replace(discs, folder=tmp_path)
    assert learned.of(old) is None
    assert novelty.nearest(old, blots.sprites[0]) is None
    examples.keep(old, blots.examples[:5], blots.labels[:5], tmp_path / kept.FOLDER)
    found = novelty.nearest(old, blots.sprites[0])
    assert found is not None
    assert (found.distance, found.shown_of, found.shown_distance) == (None, 5, 0)


def test_fingerprints_of_another_size_are_as_good_as_none(discs: Checkpoint, tmp_path: Path) -> None:
    prints = learned.of(discs)
    assert prints is not None
    other = replace(discs, folder=tmp_path)
    learned.keep(other, replace(prints, height=8), tmp_path / kept.FOLDER)
    assert learned.of(other) is None
    learned.keep(other, prints, tmp_path / kept.FOLDER)
    assert learned.of(other) is not None, "what is kept later is found"


def test_all_windows_count_but_the_plain_ones(rooms: Dataset) -> None:
    wall = Level(np.zeros((20, 20), np.uint8), rooms.levels[0].legend)
    found = learned.windows([wall, rooms.levels[0]], (16, 16))
    assert len(found) == len([each for each in learned.cut(rooms.levels[0].tiles, (16, 16), 4) if not _plain(each)])
    assert learned.windows([wall], (16, 16)).shape == (4, 16, 16), "plain ones are better than none"


def _plain(window: np.ndarray) -> bool:
    return bool(np.bincount(window.ravel()).max() >= 0.9 * window.size)


def test_fingerprints_are_made_once_a_training(blots: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Symmetry] = []
    real = learned.learn
    monkeypatch.setattr(learned, "learn", lambda *told: made.append(told[2]) or real(*told))
    run = training.begin(blots, "vae", SMALL | {"steps": 2, "flips": "mirror"}, seed=0, device="cpu")
    for _ in run:
        run.save(tmp_path / "blots")
    assert made == [Symmetry.MIRROR]
