"""Freedoom: the maps of a free game for the machinery of Doom."""

from __future__ import annotations

import re

from genworld.datasets.public.sets import Part, PublicSet, Taken

_MAP = re.compile(r"levels/[^/]+\.wad", re.IGNORECASE)
_TEXTS = ("COPYING.adoc", "CREDITS", "CREDITS-LEVELS")
CREDIT = "Copyright © 2001-2024 Contributors to the Freedoom project"


def wanted(path: str) -> bool:
    """Whether a file is a map of the finished game, its licence or its credits; folders below hold drafts."""
    return path in _TEXTS or _MAP.fullmatch(path) is not None


def convert(taken: Taken) -> list[Part]:
    """The WADs as they are: the reader draws them."""
    named = {path.rpartition("/")[2]: raw for path, raw in taken.items()}
    files = {f"freedoom/{name}": raw for name, raw in named.items()}
    return [Part("freedoom", "Freedoom", "wad", files)]


SET = PublicSet(
    name="freedoom",
    title="Freedoom",
    holds="some 100 maps of a free first-person shooter, drawn from above; about 15 MB",
    url="https://github.com/freedoom/freedoom",
    commit="d14dbbee3b6fbfb2c11cdb65eb61216e86d4ee85",
    wanted=wanted,
    convert=convert,
    parts=("freedoom",),
    licence="BSD-3-Clause",
    credit=CREDIT,
    page="https://freedoom.github.io",
)
