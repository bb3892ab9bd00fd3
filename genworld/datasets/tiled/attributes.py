"""Attributes and custom properties of TMX elements, as numbers and texts within bounds."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from genworld.errors import GenworldError

Scalar = str | int | float | bool
Properties = Mapping[str, Scalar]

FURTHEST = 10_000_000
"""The largest number, in tiles or pixels, that a map may hold."""

_WHOLE = re.compile(r"[+-]?\d{1,15}")


def whole(element: Element, name: str, where: str, *, default: int | None = None, low: int = 0) -> int:
    """A whole-number attribute from `low` to `FURTHEST`; `default` where it is not there.

    Raises:
        GenworldError: it is missing without a default, no number, or out of bounds.
    """
    text = element.get(name)
    if text is None and default is not None:
        return default
    value = int(text) if text is not None and _WHOLE.fullmatch(text.strip()) else None
    if value is None or not low <= value <= FURTHEST:
        came = "nothing" if text is None else ascii(text[:40])
        raise GenworldError(
            f"{where}: {name!r} of <{element.tag}> should be a whole number from {low} to {FURTHEST:,}, "
            f"but {came} came; save the map again."
        )
    return value


def real(element: Element, name: str, where: str, default: float = 0.0) -> float:
    """A number attribute, finite and at most `FURTHEST` either way. Raises GenworldError for another."""
    text = element.get(name)
    if text is None:
        return default
    value = _real(text)
    if not abs(value) <= FURTHEST:  # NaN, too
        raise GenworldError(
            f"{where}: {name!r} of <{element.tag}> should be a number, but {text[:40]!a} came; save the map again."
        )
    return value


def _real(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def shown(element: Element) -> bool:
    """Whether a layer or object is visible."""
    return element.get("visible", "1") not in ("0", "false")


def colour(text: str | None) -> tuple[int, int, int, int] | None:
    """RGBA of ``#rrggbb`` or ``#aarrggbb``, with or without the sign; None for anything else.

    >>> colour("#80ff0000"), colour("00ff00"), colour("red")
    ((255, 0, 0, 128), (0, 255, 0, 255), None)
    """
    digits = (text or "").strip().removeprefix("#")
    if not re.fullmatch(r"[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", digits):
        return None
    *alpha, red, green, blue = bytes.fromhex(digits)
    return red, green, blue, alpha[0] if alpha else 255


def properties(element: Element) -> dict[str, Scalar]:
    """The custom properties of an element; lists and nested classes are left out."""
    return {each.get("name", ""): scalar(each) for each in element.iterfind("properties/property") if len(each) == 0}


def scalar(element: Element) -> Scalar:
    """The value of a property, as its type says; as text where it does not fit its type."""
    text = element.get("value", element.text or "")
    match element.get("type", "string"):
        case "bool":
            return text.strip().lower() == "true"
        case "int" | "object" if _WHOLE.fullmatch(text.strip()):
            return int(text)
        case "float" if math.isfinite(_real(text)):
            return _real(text)
    return text
