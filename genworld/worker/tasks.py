"""What kinds of jobs there are. A task is named, not imported: the worker loads none of what its children need."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from genworld.worker.work import Ending, Work

Task = Callable[[Work], Ending]

TASKS: Mapping[str, str] = {"train": "genworld.worker.train:train"}
"""``module:function`` of each kind."""


def resolve(task: str) -> Task:
    """The function of ``module:function``, imported now."""
    module, _, name = task.partition(":")
    found: Task = getattr(importlib.import_module(module), name)
    return found
