"""Codes of which only the first numbers stand for the whole: sliders, maps and searches go by these."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from linear import LATENTS, Linear, loaded

from genworld import checkpoint, sampling
from genworld.datasets import Dataset
from genworld.latent import directions, inversion, maps, responses, survey, teaching
from genworld.latent.candidates import White
from genworld.latent.directions import directions_of
from genworld.latent.inversion import search
from genworld.latent.moves import moved, positions
from genworld.latent.response import response
from genworld.models import build
from genworld.models.point import codes_of
from genworld.provenance import TrainingRun
from genworld.sampling import LoadedModel
from genworld.ui import latents

LEADING = 3
BRIGHT = "attribute:brightness"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoadedModel]:
    """The linear model, as if the numbers that change nothing were detail."""
    monkeypatch.setattr(directions, "SAMPLES", 300)
    monkeypatch.setattr(directions, "TURNS", 1)
    monkeypatch.setattr(responses, "TRIED", 16)
    monkeypatch.setattr(teaching, "STEPS", 200)
    monkeypatch.setattr(Linear, "leading", LEADING)
    yield loaded(tmp_path / "led", ("hat", "belt"), digest="c" * 64)
    directions._recent.clear()
    survey._recent.clear()


def test_sliders_leave_the_details(model: LoadedModel) -> None:
    assert directions_of(model).reading.skip.shape[1] == LEADING
    point = survey.of(model).point(3)
    to = positions(model, point)[BRIGHT] + 1
    after = moved(model, point, BRIGHT, to)
    assert positions(model, after)[BRIGHT] == pytest.approx(to, abs=0.01)
    assert after.shift.shape == (LATENTS,)
    assert not after.shift[LEADING:].any()
    assert after.shift[:LEADING].any()
    assert response(model, point, BRIGHT).max() == 1


def test_each_number_varies_by_itself_where_draws_are_few() -> None:
    random = torch.Generator().manual_seed(0)
    codes = torch.randn(20, 50, generator=random) * torch.linspace(0.5, 4, 50) + 1
    white = White(codes)
    there = white.of(codes)
    assert torch.allclose(there.std(dim=0, correction=0), torch.ones(50), atol=1e-5)
    assert torch.allclose(white.back(there), codes, atol=1e-4)


def test_a_flow_is_explored(blots: Dataset, own_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an example lies at is found without a search, and its principal map leads back to samples."""
    monkeypatch.setattr(inversion, "DRAWS", 100)
    monkeypatch.setattr(maps, "FITTED", 64)
    settings = {"steps": 3, "batch": 4, "depth": 2, "channels": 8, "most_channels": 8, "preview_every": 0}
    model = build("flow", blots.spec, settings)
    for _ in model.fit(blots, seed=0):
        pass
    run = TrainingRun(data=blots.source, examples=24, steps=3, seed=0, command="a test")
    checkpoint.save(checkpoint.models_home() / "streams", model.eval(), run=run)
    streams = sampling.open_model("streams")
    latent = sampling.latent_model(streams)
    assert latent.leading < latent.code_dim
    told = latents.described(streams)
    assert (told["numbers"], told["all"]) == (latent.leading, latent.latent_dim)
    found = list(search(streams, blots.examples[0]))[-1]
    assert found.difference == 0
    assert found.example == blots.examples[0]
    shown = maps.pca(survey.of(streams), 32)
    code, weights = codes_of(latent, [shown.point(*map(float, shown.xy[5]))])
    assert shown.placed(code.numpy(), weights.numpy())[0] == pytest.approx(shown.xy[5], abs=1e-2)
