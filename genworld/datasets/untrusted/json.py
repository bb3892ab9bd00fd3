"""JSON from strangers: strict, shallow, small."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

from genworld import limits
from genworld.datasets.untrusted.files import read_text
from genworld.datasets.untrusted.sentences import reason, shown, too_deep, too_large
from genworld.errors import GenworldError

_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(raw: bytes, where: str, most: int | None = None) -> Any:
    """JSON without its traps: NaN, infinity, a key twice, half a surrogate pair, deep nesting, much of anything.

    Args:
        raw: UTF-8.
        where: what a sentence calls it.
        most: bytes that it may have; `limits.MANIFEST_BYTES` when None.
    """
    most = limits.MANIFEST_BYTES if most is None else most
    if len(raw) > most:
        raise too_large(where, most)
    if sum(map(raw.count, (b",", b"[", b"{"))) > limits.JSON_VALUES:
        raise GenworldError(f"{where} holds more than {limits.JSON_VALUES:,} values; make it smaller.")
    try:
        value = json.loads(
            read_text(raw, where), object_pairs_hook=_distinct, parse_constant=_refuse_constant, parse_float=_finite
        )
    except RecursionError as error:
        raise too_deep(where, limits.JSON_DEPTH) from error
    except ValueError as error:
        raise GenworldError(f"{where} is not valid JSON ({reason(error)}); correct it.") from error
    _check_json(value, where)
    return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise ValueError(f"key {shown(max(counts, key=lambda key: counts[key]))} stands twice")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{shown(text)} is too large")
    return number


def _check_json(value: Any, where: str) -> None:
    """Depth and text of parsed JSON, without recursion; only what holds something is visited one by one."""
    pending = [([value], 1)]
    while pending:
        parts, depth = pending.pop()
        if parts and depth > limits.JSON_DEPTH:
            raise too_deep(where, limits.JSON_DEPTH)
        if any(_SURROGATE.search(part) for part in parts if type(part) is str):
            raise GenworldError(f"{where} holds half of a surrogate pair, which is no character; correct it.")
        pending += [(part, depth + 1) for part in parts if type(part) is list]
        pending += [([*part, *part.values()], depth + 1) for part in parts if type(part) is dict]
