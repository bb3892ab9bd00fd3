"""The only place that makes random generators.

A stream is named by a seed and a text. Streams of different names are
independent, and a stream never depends on what was drawn before: sample k of
seed s sees the same noise alone, among 64, and tomorrow.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


def entropy(seed: int, name: str) -> int:
    """63 bits that depend on every bit of `seed` and `name`, the same everywhere."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def stream(seed: int, name: str) -> torch.Generator:
    """An independent CPU generator for torch."""
    import torch  # here, so that what only reads and exports never loads torch

    return torch.Generator("cpu").manual_seed(entropy(seed, name))


def numpy_stream(seed: int, name: str) -> np.random.Generator:
    """An independent generator for numpy."""
    return np.random.Generator(np.random.PCG64(entropy(seed, name)))
