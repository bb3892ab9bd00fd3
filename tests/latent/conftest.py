"""Models that the tests of latent spaces share: those that come with genworld."""

from __future__ import annotations

import pytest

from genworld import sampling
from genworld.sampling import LoadedModel


@pytest.fixture
def adventurers() -> LoadedModel:
    return sampling.open_model("adventurers")


@pytest.fixture
def dungeon() -> LoadedModel:
    return sampling.open_model("dungeon")


@pytest.fixture
def chain() -> LoadedModel:
    """A model that draws cell by cell, of the same tiles as `dungeon`."""
    return sampling.open_model("dungeon-markov")
