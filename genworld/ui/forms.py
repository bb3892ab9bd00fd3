"""A form made from a config class: what can be set, within what, and what a browser sent of it."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from genworld.errors import GenworldError, unknown
from genworld.limits import NAME_LENGTH, real, whole
from genworld.ui.asked import text

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    Config = type[BaseModel]

TITLES = {
    "latent_dim": "Latent size",
    "style_dim": "Style size",
    "penalty_fake": "Penalty on samples",
    "adapt": "Adaptive change",
}
"""What is not plain from its name alone."""
MOST = 2**53
"""A browser knows no larger whole number."""


def fields(config: Config, suited: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The settings of a config class as controls, in the order in which it has them.

    Args:
        config: its fields carry range and description.
        suited: values that stand in for the defaults, where something suits better.

    Returns:
        For each: ``name``, ``title``, ``about``, ``kind`` ("whole", "real", "switch" or "choice"), ``low`` and ``high``
        (None where unbounded), ``above`` (whether `low` itself is too little), ``choices``, ``optional`` (whether it may
        be left empty) and ``value``.
    """
    return [_field(name, info, suited or {}) for name, info in config.model_fields.items()]


def read(config: Config, sent: object) -> dict[str, Any]:
    """The settings that a browser sent, each of the kind and in the range of its field.

    Raises:
        GenworldError: something else than named values came, an unknown name, or a value that cannot be.
    """
    if not isinstance(sent, dict):
        raise GenworldError(f"Settings come by name, but {type(sent).__name__} came; reload the page.")
    for name in sent:
        if name not in config.model_fields:
            raise unknown("setting", str(name)[:NAME_LENGTH], config.model_fields)
    return {name: _read(name, config.model_fields[name], value) for name, value in sent.items()}


def title(name: str) -> str:
    """What a designer reads for the name of a setting.

    >>> title("learning_rate")
    'Learning rate'
    """
    return TITLES.get(name, name.replace("_", " ").capitalize())


def _field(name: str, info: FieldInfo, suited: Mapping[str, Any]) -> dict[str, Any]:
    kind, choices, optional = _kind(info)
    low, high, above = _range(info)
    return {
        "name": name,
        "title": title(name),
        "about": info.description or "",
        "kind": kind,
        "low": low,
        "high": high,
        "above": above,
        "choices": choices,
        "optional": optional,
        "value": suited.get(name, info.default),
    }


def _kind(info: FieldInfo) -> tuple[str, list[Any], bool]:
    """Kind, choices, and whether nothing is a value too."""
    plain, optional = _without_none(info.annotation)
    if get_origin(plain) is Literal:
        return "choice", list(get_args(plain)), optional
    if plain not in (bool, int, float):
        raise TypeError(f"a form has no control for {plain}")  # a new kind of setting: add it here
    return {bool: "switch", int: "whole", float: "real"}[plain], [], optional


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, False
    some = [one for one in get_args(annotation) if one is not type(None)]
    return (some[0] if len(some) == 1 else annotation), len(some) < len(get_args(annotation))


def _range(info: FieldInfo) -> tuple[float | None, float | None, bool]:
    """Lowest, highest, and whether the lowest itself is out of range."""
    bounds = {name: getattr(one, name) for one in info.metadata for name in ("ge", "gt", "le") if hasattr(one, name)}
    return bounds.get("ge", bounds.get("gt")), bounds.get("le"), "gt" in bounds


def _read(name: str, info: FieldInfo, value: Any) -> Any:
    kind, choices, optional = _kind(info)
    if value is None and optional:
        return None
    if kind == "switch":
        return _switch(name, value)
    if kind == "choice":
        return _choice(name, value, choices)
    return _number(name, info, value, kind)


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise GenworldError(f"{title(name)} is on or off, but {type(value).__name__} came.")
    return value


def _choice(name: str, value: Any, choices: list[Any]) -> str:
    chosen = text(title(name), value)
    if chosen not in choices:
        raise unknown(title(name).lower(), chosen, choices)
    return chosen


def _number(name: str, info: FieldInfo, value: Any, kind: str) -> float:
    low, high, above = _range(info)
    least, most = -MOST if low is None else low, MOST if high is None else high
    number = (
        whole(title(name), value, int(least), int(most)) if kind == "whole" else real(title(name), value, least, most)
    )
    if above and number == low:
        raise GenworldError(f"{title(name)} is above {low:g}, but {value!r} came.")
    return number
