"""What becomes of the fields of an entity that is put at another place, into another level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REFERENCE = "EntityRef"
POINT = "Point"

Raw = dict[str, Any]
Steps = tuple[int, int]


def moved(field: Any, steps: Steps, bounds: tuple[int, ...]) -> Any:
    """A field as it is at the new place.

    References to other entities are taken out, for those are not in the new level. Points keep their place relative
    to the entity; those that would lie outside are taken out. All else stays.

    Args:
        field: as LDtk wrote it.
        steps: (columns, rows) by which the entity moved, in cells of its layer.
        bounds: (rows, columns) of its layer in the new level.
    """
    kind = field.get("__type") if isinstance(field, Mapping) else None
    if kind in (REFERENCE, f"Array<{REFERENCE}>"):
        return {**field, **_emptied(kind)}
    if kind in (POINT, f"Array<{POINT}>"):
        return {**field, **_shifted(field, kind, steps, bounds)}
    return field


def _emptied(kind: str) -> Raw:
    return {"__value": [] if kind.startswith("Array") else None, "realEditorValues": []}


def _shifted(field: Mapping[str, Any], kind: str, steps: Steps, bounds: tuple[int, ...]) -> Raw:
    value = field.get("__value")
    points = value if isinstance(value, list) else [value]
    there = [_point(point, steps) for point in points if isinstance(point, Mapping) and _is_point(point)]
    kept = [point for point in there if 0 <= point["cx"] < bounds[1] and 0 <= point["cy"] < bounds[0]]
    if not kept:
        return _emptied(kind)
    written = [{"id": "V_String", "params": [f"{point['cx']},{point['cy']}"]} for point in kept]
    if kind.startswith("Array"):
        return {"__value": kept, "realEditorValues": written}
    return {"__value": kept[0], "realEditorValues": written[:1]}


def _is_point(point: Mapping[str, Any]) -> bool:
    return all(isinstance(point.get(key), int) for key in ("cx", "cy"))


def _point(point: Mapping[str, int], steps: Steps) -> dict[str, int]:
    return {"cx": point["cx"] + steps[0], "cy": point["cy"] + steps[1]}
