"""What a course remembers from one save to the next: it lies in the training state, so that both are of one step."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from genworld.models.base import State

KEY, BEST = "course", "best/"


@dataclass
class Memory:
    """All that decisions between two steps depend on.

    Args:
        watch: what `Watch.state` gave, plain JSON.
        best: weights of the best step that the watch saw, by name; empty where it named none.
        best_step: that step; 0 for none.
        stopped: whether the watch ended the training.
        concluded: whether it was measured and its card written.
    """

    watch: dict[str, Any] = field(default_factory=dict)
    best: State = field(default_factory=dict)
    best_step: int = 0
    stopped: bool = False
    concluded: bool = False

    def to_state(self) -> State:
        """Named tensors, to lie among those that training needs to go on."""
        told = {"watch": self.watch, "best_step": self.best_step, "stopped": self.stopped, "concluded": self.concluded}
        text = torch.frombuffer(bytearray(json.dumps(told).encode()), dtype=torch.uint8)
        return {KEY: text} | {BEST + name: value for name, value in self.best.items()}

    @classmethod
    def of(cls, state: State) -> Memory:
        """What `to_state` put among these tensors; nothing where it did not."""
        text: Tensor | None = state.get(KEY)
        if text is None:
            return cls()
        best = {name.removeprefix(BEST): value for name, value in state.items() if name.startswith(BEST)}
        return cls(best=best, **json.loads(bytes(text.tolist())))

    def remember_best(self, step: int, model: nn.Module) -> None:
        """Keep a copy of the weights that a model has at a step."""
        self.best_step = step
        self.best = {name: value.detach().cpu().clone() for name, value in model.state_dict().items()}

    def anew(self) -> Memory:
        """What counts where a training is changed and goes on: that it had ended does not."""
        return Memory(self.watch, self.best, self.best_step)
