"""The sprites that the small model of the tests learned from, and how it comes to remember them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genworld import checkpoint
from genworld.checkpoint import Checkpoint
from genworld.content import Sprite, SpriteSpec
from genworld.datasets import Dataset
from genworld.latent import examples, kept, learned
from genworld.measure import Symmetry
from genworld.provenance import DataSource

SPRITES = "tiny-blobs"


def blobs() -> Dataset:
    """Sixteen coloured discs of 16 x 16 pixels, of two classes."""
    rows, columns = np.mgrid[:16, :16]
    discs = []
    for index in range(16):
        inside = (rows - 8) ** 2 + (columns - 8) ** 2 <= (3 + index % 5) ** 2
        colour = (255, 40 + 10 * index, 60, 255) if index % 2 else (40, 90, 40 + 10 * index, 255)
        discs.append(Sprite(np.where(inside[..., None], colour, 0).astype(np.uint8)))
    labels = np.eye(2, dtype=np.uint8)[[index % 2 for index in range(16)]]
    source = DataSource(name="discs", licence="CC0-1.0", sellable=True)
    groups = tuple(f"disc {index}" for index in range(16))
    return Dataset("discs", SpriteSpec(16, 16, ("cold", "warm")), tuple(discs), labels, groups, source)


def remember(home: Path, *, some: bool = True) -> Checkpoint:
    """Fingerprints of what the model of sprites learned from, and the examples themselves, beside it."""
    found = checkpoint.read(home / "models" / SPRITES)
    data = blobs()
    learned.keep_beside(found, learned.learn(data, found.family, Symmetry.NONE))
    if some:
        examples.keep(found, data.examples, data.labels, found.folder / kept.FOLDER)
    return found
