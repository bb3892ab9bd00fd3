"""A model of a person's own, learned once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from genworld import checkpoint, learning
from genworld.checkpoint import Checkpoint
from genworld.datasets import open_dataset


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model of caves, with its card."""
    folder = tmp_path_factory.mktemp("learned") / "caves"
    return learning.learn(open_dataset("builtin:caves", count=4), title="Caves", folder=folder).folder


@pytest.fixture
def caves(learned: Path, own_machine: Path) -> Checkpoint:
    """The same among the models of this test's person."""
    place = checkpoint.models_home() / "caves"
    shutil.copytree(learned, place)
    return checkpoint.read(place, mine=True)
