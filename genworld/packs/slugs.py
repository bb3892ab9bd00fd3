"""File names from names that people gave: plain, short, safe on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LENGTH = 40

_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})


def slug(name: str, otherwise: str) -> str:
    """`name` in ``[a-z0-9-]{1,40}``; `otherwise` when no letter of it can be kept.

    >>> slug("Café № 7 / <b>", "level")
    'cafe-no-7-b'
    >>> slug("洞窟", "level"), slug("CON", "level")
    ('level', 'con-level')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LENGTH].strip("-")
    if short in _RESERVED:
        return f"{short}-{otherwise}"
    return short or otherwise


def numbered(names: Sequence[str], otherwise: str) -> list[str]:
    """A slug for each name, in order, made distinct by its number in front.

    >>> numbered(["Crypt", "Crypt"], "level")
    ['01-crypt', '02-crypt']
    """
    digits = max(2, len(str(len(names))))
    return [f"{number:0{digits}d}-{slug(name, otherwise)}" for number, name in enumerate(names, start=1)]
