"""Between a data set and a checkpoint: what is ordered, what it costs, the run itself and the course that it takes."""

from __future__ import annotations

from genworld.training.devices import DEVICES, torch_device
from genworld.training.lessons import (
    OVERLAP,
    PLAIN,
    WHOLE,
    WINDOW,
    WINDOW_SIDES,
    Cuts,
    cut,
    lessons,
    typical_size,
)
from genworld.training.memory import Memory
from genworld.training.order import Order
from genworld.training.run import Keep, Training, begin, go_on
from genworld.training.stopping import interruptible

SAVE_EVERY = 300.0

__all__ = [
    "DEVICES",
    "OVERLAP",
    "PLAIN",
    "WHOLE",
    "WINDOW",
    "WINDOW_SIDES",
    "Cuts",
    "Keep",
    "Memory",
    "Order",
    "Training",
    "begin",
    "cut",
    "go_on",
    "interruptible",
    "lessons",
    "torch_device",
    "typical_size",
]
