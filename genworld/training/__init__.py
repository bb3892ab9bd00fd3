"""Between a data set and a checkpoint: what is ordered, what it costs, the run itself and the course that it takes."""

from __future__ import annotations

from genworld.training.costs import Cost, cost, require_room
from genworld.training.course import Course, Moment, Phase
from genworld.training.devices import DEVICES, torch_device
from genworld.training.evaluation import Evaluation, evaluate
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
from genworld.training.presets import PRESETS, suggested
from genworld.training.room import room
from genworld.training.run import Keep, Training, begin, go_on
from genworld.training.stopping import interruptible
from genworld.training.yardstick import Yardstick, yardstick

__all__ = [
    "DEVICES",
    "OVERLAP",
    "PLAIN",
    "PRESETS",
    "WHOLE",
    "WINDOW",
    "WINDOW_SIDES",
    "Cost",
    "Course",
    "Cuts",
    "Evaluation",
    "Keep",
    "Memory",
    "Moment",
    "Order",
    "Phase",
    "Training",
    "Yardstick",
    "begin",
    "cost",
    "cut",
    "evaluate",
    "go_on",
    "interruptible",
    "lessons",
    "require_room",
    "room",
    "suggested",
    "torch_device",
    "typical_size",
    "yardstick",
]
