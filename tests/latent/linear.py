"""A model whose picture is linear in its code, so that every figure about it is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from genworld.checkpoint import Checkpoint, Manifest
from genworld.content import SpriteSpec
from genworld.datasets import Dataset
from genworld.latent.fitting import Numbers
from genworld.latent.reading import Reading
from genworld.models.base import LatentModel, ModelConfig, Progress, State, Variety
from genworld.provenance import DataSource, TrainingRun
from genworld.sampling import LoadedModel

SIDE = 8
LATENTS = 6
RUN = TrainingRun(data=DataSource(name="tests", licence="CC0-1.0"), examples=1, steps=1, seed=0, command="a test")


class Linear(LatentModel):
    """Opaque squares: number 0 of the code is how bright the upper half is, number 1 the lower half's red; number 2
    wears a hat. The other numbers change nothing."""

    family = "linear"
    title = "Linear"
    summary = "For tests."
    kinds = frozenset({"sprite"})
    Config = ModelConfig
    variety: ClassVar[Variety] = Variety("truncation", 0.0, 1.25, 1.0)

    def __init__(self, classes: tuple[str, ...] = ()) -> None:
        super().__init__(SpriteSpec(SIDE, SIDE, classes, exclusive=False), ModelConfig())
        self.latent_dim = LATENTS
        self.turn = torch.nn.Parameter(torch.zeros(1), requires_grad=False)
        if classes:
            self.classes.learn(np.array([[k >> bit & 1 for bit in range(len(classes))] for k in range(4)], np.uint8))

    @torch.no_grad()
    def code(self, z: Tensor, condition: Tensor, variety: Tensor) -> Tensor:
        code = z * variety
        if condition.shape[1]:
            code = code.clone()
            code[:, 2] += 6 * condition[:, 0]
        return code

    def raw(self, code: Tensor, condition: Tensor) -> Tensor:
        picture = torch.zeros(len(code), 4, SIDE, SIDE)
        picture[:, 3] = 1
        upper, lower = (code[:, 0] / 6)[:, None, None, None], (code[:, 1] / 6)[:, None, None]
        top = (torch.arange(SIDE) < SIDE // 2).float()[:, None].expand(SIDE, SIDE)
        change = torch.zeros(len(code), 4, SIDE, SIDE)
        red = torch.tensor([1.0, 0, 0, 0])[:, None, None]
        colours = torch.tensor([1.0, 1, 1, 0])[:, None, None]
        change = upper * colours * top + lower[:, None] * red * (1 - top)
        return picture + change

    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:
        raise NotImplementedError


def lines(slopes: Numbers, covariance: Numbers | None = None) -> Reading:
    """A reading of nothing but (R, D) straight lines, of samples with a covariance."""
    width = slopes.shape[1]
    none = np.zeros((0, width))
    return Reading(
        mean=np.zeros(width),
        spread=np.array(1.0),
        covariance=np.eye(width) if covariance is None else covariance,
        first=none,
        first_level=np.zeros(0),
        second=np.zeros((0, 0)),
        second_level=np.zeros(0),
        out=np.zeros((0, 0)),
        skip=none,
        level=np.zeros(0),
        low=np.zeros(0),
        high=np.zeros(0),
    ).with_lines(slopes, np.zeros(len(slopes)))


def loaded(folder: Path, classes: tuple[str, ...] = (), digest: str = "a" * 64) -> LoadedModel:
    """A linear model in memory, as if read from a folder."""
    model = Linear(classes)
    manifest = Manifest.model_validate(
        {
            "format": 1,
            "name": "linear",
            "title": "Linear",
            "summary": "For tests.",
            "family": "linear",
            "digest": digest,
            "step": 1,
            "spec": model.spec.to_dict(),
            "config": {},
            "weights": {"sha256": "b" * 64, "bytes": 1},
            "run": RUN,
        }
    )
    return LoadedModel(Checkpoint(folder, manifest), model.eval())
