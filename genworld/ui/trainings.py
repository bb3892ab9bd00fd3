"""Trainings on the page: what is suggested, what is ordered, what becomes of it. Importing this loads torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from genworld.content import Spec
from genworld.errors import GenworldError, unknown
from genworld.library import Library
from genworld.limits import MAX_SEED, NAME_LENGTH, real, whole
from genworld.models import FAMILIES, family
from genworld.training import DEVICES, presets
from genworld.training.lessons import WINDOW_SIDES
from genworld.training.order import Order
from genworld.ui import asked, forms, sets
from genworld.worker import queue

HELD_OUT = 50
"""Per cent, at most."""
TRIED = ("builtin:caves", "quick")
"""What is trained where somebody only wants to see it."""
PATIENCE_SECONDS = 20.0
"""How long a training that was not measured yet waits for that; the worker looks at the memory once more."""


def suggestions(name: str, chosen: str | None) -> dict[str, Any]:
    """What each preset does with a set, with the form of its settings.

    Args:
        name: of the set.
        chosen: the family, where a person chose one.

    Raises:
        GenworldError: there is no such family, or it cannot learn these data.
    """
    data = sets.opened(name)
    suiting = [one for one in FAMILIES.values() if data.spec.kind in one.kinds]
    found = {preset: presets.suggested(data, preset, chosen) for preset in presets.PRESETS}
    return {
        "kind": data.spec.kind,
        "families": [{"name": one.family, "title": one.title, "summary": one.summary} for one in suiting],
        "presets": {preset: _suggestion(fields) for preset, fields in found.items()},
        "why": _why_flips(data),
        "gpu": torch.cuda.is_available(),
    }


def _suggestion(fields: Mapping[str, Any]) -> dict[str, Any]:
    config = family(fields["family"]).Config
    return {
        "family": fields["family"],
        "fields": forms.fields(config, fields.get("settings", {})),
        "window": fields.get("window"),
        "hold_out": fields.get("hold_out", 0.0),
    }


def _why_flips(data: Any) -> str:
    from genworld.datasets import symmetry

    return str(symmetry.allowed(data).why)


def read_order(value: object) -> Order:
    """The order that a browser sent: what is suggested, and what was changed of it.

    Raises:
        GenworldError: a value that cannot be, or names that are none.
    """
    wished = asked.entry(value)
    name, preset = sets.named(wished.get("data")), _preset(wished.get("preset"))
    chosen = wished.get("family")
    data = sets.opened(name)
    fields = presets.suggested(data, preset, None if chosen is None else _family(chosen))
    changed = forms.read(family(fields["family"]).Config, wished.get("settings") or {})
    return Order.checked(
        {
            **fields,
            "data": name,
            "options": sets.options(name, preset),
            "preset": preset,
            "settings": {**fields.get("settings", {}), **changed},
            **_cuts(wished),
            "seed": whole("The seed", wished.get("seed", 0), 0, MAX_SEED),
            "device": _device(wished.get("device", "auto")),
            "title": _title(wished, name),
        }
    )


def _preset(value: object) -> str:
    name = asked.text("The preset", value)
    if name not in presets.PRESETS:
        raise unknown("preset", name, presets.PRESETS)
    return name


def _family(value: object) -> str:
    return family(asked.text("The family", value)).family


def _device(value: object) -> str:
    name = asked.text("The device", value)
    if name not in DEVICES:
        raise unknown("device", name, DEVICES)
    return name


def _title(wished: Mapping[str, Any], name: str) -> str:
    title = wished.get("title")
    if title is None:
        return sets.about(name)[0][:NAME_LENGTH]
    plain = "".join(char for char in asked.text("The name of the model", title) if char.isprintable())
    return asked.text("The name of the model", plain.strip())


def _cuts(wished: Mapping[str, Any]) -> dict[str, Any]:
    """Window and share held out, as far as a person says."""
    cuts: dict[str, Any] = {}
    if wished.get("window") is not None:
        cuts["window"] = whole("The window", wished["window"], *WINDOW_SIDES, "tiles")
    if wished.get("hold_out") is not None:
        cuts["hold_out"] = real("The share held out, in per cent,", wished["hold_out"], 0, HELD_OUT) / 100
    return cuts


def start(library: Library, order: Order) -> dict[str, Any]:
    """Queue an order, and see to it that somebody works on it.

    Raises:
        GenworldError: memory will not suffice, no name is free, or the library refuses.
    """
    from genworld.ui import progress

    _require_room(order)
    return progress.in_json(queue.enqueue(order, library=library))


def tried() -> Order:
    """What is trained where somebody only wants to see it."""
    name, preset = TRIED
    return read_order({"data": name, "preset": preset})


def _require_room(order: Order) -> None:
    """Raises GenworldError where a measured cost says that memory will not suffice."""
    from genworld.ui import trials

    answer = trials.cost(order, PATIENCE_SECONDS)
    if answer.get("fits") is False:
        raise GenworldError(answer["why"])


def spec_of(order: Mapping[str, Any]) -> Spec:
    """What the examples of an order's samples are: of the data as the model learns them."""
    wanted = Order.checked(order)
    kept, _ = wanted.cuts.divide(sets.opened(wanted.data), wanted.family)
    return kept.spec
