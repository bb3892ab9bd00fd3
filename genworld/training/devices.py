"""Where a model learns: chosen once, before it begins."""

from __future__ import annotations

import torch

from genworld.errors import GenworldError

DEVICES = ("auto", "cpu", "cuda")


def torch_device(name: str) -> torch.device:
    """The device of a name of `DEVICES`. Raises GenworldError for cuda where there is none."""
    if name == "cuda" and not torch.cuda.is_available():
        raise GenworldError("Training on cuda was asked for, but torch sees no such device here; use auto or cpu.")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")
