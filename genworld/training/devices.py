"""Where a model learns: chosen once, before it begins."""

from __future__ import annotations

import os

import torch

from genworld.errors import GenworldError

DEVICES = ("auto", "cpu", "cuda")


def torch_device(name: str) -> torch.device:
    """The device of a name of `DEVICES`. Raises GenworldError for cuda where there is none."""
    if name == "cuda" and not torch.cuda.is_available():
        raise GenworldError("Training on cuda was asked for, but torch sees no such device here; use auto or cpu.")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


def spare_threads() -> int:
    """Threads of a training in the background: one core stays for the page."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores - 1)
