"""Small data sets and models that the tests share."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from genworld.content import Legend, Level, LevelSpec, Sprite, SpriteSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.models import build
from genworld.models.base import GenerativeModel
from genworld.provenance import DataSource, TrainingRun
from genworld.seeding import numpy_stream

LEGEND = Legend(
    "tiny",
    Style.TOP_DOWN,
    (
        Tile("#", "wall", frozenset({Tag.SOLID})),
        Tile(".", "floor", frozenset({Tag.PASSABLE})),
        Tile("$", "treasure", frozenset({Tag.PASSABLE, Tag.ITEM})),
    ),
    "dungeon",
)
SOURCE = DataSource(name="made for tests", licence="CC0-1.0", sellable=True)
RUN = TrainingRun(data=SOURCE, examples=24, steps=3, seed=0, command="a test")

SMALL: dict[str, dict[str, Any]] = {
    "markov": {"order": 4, "least": 1},
    "hmm": {"states": 6, "steps": 6, "restarts": 1, "unseen": 0.1},
    "vae": {
        "steps": 6,
        "batch": 8,
        "latent_dim": 4,
        "style_dim": 16,
        "channels": 8,
        "most_channels": 16,
        "preview_every": 3,
    },
    "gan": {
        "steps": 6,
        "batch": 8,
        "latent_dim": 8,
        "style_dim": 16,
        "channels": 8,
        "most_channels": 16,
        "preview_every": 3,
        "penalty_every": 2,
    },
    "flow": {"steps": 6, "batch": 8, "depth": 2, "channels": 8, "most_channels": 16, "preview_every": 3},
}
"""Settings with which each family trains in a blink."""


def levels(count: int = 24, height: int = 8, width: int = 8, classes: tuple[str, ...] = ("open", "closed")) -> Dataset:
    """Rooms with a wall around; the second class has a wall across."""
    examples = []
    for index in range(count):
        random = numpy_stream(1, f"level/{index}")
        grid = np.zeros((height, width), dtype=np.uint8)
        grid[1:-1, 1:-1] = np.where(random.random((height - 2, width - 2)) < 0.15, 2, 1)
        if index % 2 and classes:
            grid[height // 2, :] = 0
        examples.append(Level(grid, LEGEND))
    labels = np.zeros((count, len(classes)), dtype=np.uint8)
    if classes:
        labels[np.arange(count), np.arange(count) % 2] = 1
    spec = LevelSpec(LEGEND, height, width, classes)
    return Dataset("rooms", spec, tuple(examples), labels, tuple(str(k) for k in range(count)), SOURCE)


def sprites(count: int = 24, height: int = 16, width: int = 12) -> Dataset:
    """Coloured boxes on nothing, labelled red and tall, together or not."""
    examples, labels = [], []
    for index in range(count):
        random = numpy_stream(2, f"sprite/{index}")
        red, tall = index % 2, index // 2 % 2
        pixels = np.zeros((height, width, 4), dtype=np.uint8)
        top = 2 if tall else height // 2
        pixels[top:-2, 3:-3] = (250 * red, random.integers(256), 40, 255)
        examples.append(Sprite(pixels))
        labels.append((red, tall))
    spec = SpriteSpec(height, width, ("red", "tall"), exclusive=False)
    return Dataset(
        "boxes", spec, tuple(examples), np.array(labels, dtype=np.uint8), tuple(map(str, range(count))), SOURCE
    )


def trained(family: str, data: Dataset, steps: int | None = None, **settings: Any) -> GenerativeModel:
    """A model of a family, trained for a few steps (all when None)."""
    model = build(family, data.spec, SMALL[family] | settings)
    for progress in model.fit(data, seed=5):
        if progress.step == steps:
            break
    return model.eval()


def assert_goes_on(family: str, data: Dataset, **settings: Any) -> None:
    """A training that was stopped after three steps ends with the weights of one that was not, all figures finite."""
    whole = trained(family, data, **settings)
    model = build(family, data.spec, SMALL[family] | settings)
    state = next(progress.state() for progress in model.fit(data, seed=5) if progress.step == 3)
    again = build(family, data.spec, SMALL[family] | settings)
    for progress in again.fit(data, seed=5, resume=state):
        assert all(np.isfinite(value) for value in progress.metrics.values())
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
