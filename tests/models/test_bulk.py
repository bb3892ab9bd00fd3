"""Levels in bulk are those that come alone, but for a tile here and there."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from worlds import levels, sprites, trained

from genworld.content import Level
from genworld.errors import GenworldError
from genworld.models import FAMILIES
from genworld.models.base import GenerativeModel, SampleRequest
from genworld.models.bulk import grids, highest

OF_LEVELS = [name for name, family in FAMILIES.items() if "level" in family.kinds]


@pytest.fixture(scope="module", params=OF_LEVELS)
def model(request: pytest.FixtureRequest) -> GenerativeModel:
    return trained(request.param, levels())


def test_bulk_gives_the_samples_of_the_seed(model: GenerativeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genworld.models.bulk.DECODED", 3)  # the last batch is smaller
    found = grids(model, 7, 4, start=2)
    with torch.inference_mode():
        alone = [model.sample([SampleRequest(7, index)])[0] for index in range(2, 6)]
    assert found.dtype == np.uint8
    assert found.shape == (4, 8, 8)
    expected = np.stack([each.tiles for each in alone if isinstance(each, Level)])
    assert (found != expected).mean() <= 0.01
    assert (grids(model, 8, 4, start=2) != found).any()


def test_any_size_may_be_asked_for_where_a_model_can() -> None:
    assert grids(trained("markov", levels()), 0, 2, size=(5, 9)).shape == (2, 5, 9)


@pytest.mark.parametrize(("kind", "count"), [("sprite", 1), ("level", 0)])
def test_bulk_is_for_levels(kind: str, count: int) -> None:
    data = sprites() if kind == "sprite" else levels()
    with pytest.raises(GenworldError, match="ask for levels"):
        grids(trained("vae", data), 0, count)


def test_the_highest_tile_is_that_of_argmax() -> None:
    raw = torch.randn(3, 7, 4, 5, generator=torch.Generator().manual_seed(0)).round()
    assert torch.equal(highest(raw).long(), raw.argmax(dim=1))  # rounded: there are equals
