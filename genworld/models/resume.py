"""What a training run needs to go on as if it had never stopped, as named tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from genworld.models.base import State


def flatten(parts: Mapping[str, Any], step: int) -> State:
    """Networks, optimizers and generators as one flat dictionary of copies.

    Args:
        parts: modules, optimizers, `torch.Generator`s, or mappings of them, by name.
        step: steps done.
    """
    state: State = {"step": torch.tensor(step)}
    for name, part in _leaves(parts):
        for key, value in _read(part):
            state[f"{name}/{key}"] = value.detach().cpu().contiguous().clone()
    return state


def restore(parts: Mapping[str, Any], state: State) -> int:
    """Put back what `flatten` gave; returns the steps done."""
    for name, part in _leaves(parts):
        prefix = f"{name}/"
        _write(part, {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)})
    return int(state["step"])


def _leaves(parts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, part in parts.items():
        if isinstance(part, Mapping):
            for inner, leaf in part.items():
                yield f"{name}.{inner}", leaf
        else:
            yield name, part


def _read(part: Any) -> Iterator[tuple[str, Tensor]]:
    if isinstance(part, nn.Module):
        yield from part.state_dict().items()
    elif isinstance(part, torch.Generator):
        yield "generator", part.get_state()
    else:
        for index, slots in part.state_dict()["state"].items():
            for key, value in slots.items():
                yield f"{index}.{key}", torch.as_tensor(value)


def _write(part: Any, values: State) -> None:
    if isinstance(part, nn.Module):
        part.load_state_dict(values)
    elif isinstance(part, torch.Generator):
        part.set_state(values["generator"])
    else:
        slots: dict[int, dict[str, Tensor]] = {}
        for key, value in values.items():
            index, slot = key.split(".", 1)
            slots.setdefault(int(index), {})[slot] = value
        part.load_state_dict({"state": slots, "param_groups": part.state_dict()["param_groups"]})
