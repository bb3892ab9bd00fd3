"""Local or public: decided once, at start, in this module alone.

Everything not clearly a person's own machine is public.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum

from genworld.errors import GenworldError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Mode(StrEnum):
    """Who is at the page."""

    LOCAL = "local"
    PUBLIC = "public"


def decide(host: str, environ: Mapping[str, str] | None = None) -> Mode:
    """The mode of an app that listens on `host`.

    Local needs a loopback address, no ``SPACE_ID`` and ``GENWORLD_MODE`` unset or ``local``.

    Raises:
        GenworldError: ``GENWORLD_MODE=local`` was asked for on an address that others can reach.
    """
    env = os.environ if environ is None else environ
    wanted = env.get("GENWORLD_MODE", "")
    reachable = host not in LOOPBACK or "SPACE_ID" in env
    if wanted == Mode.LOCAL and reachable:
        raise GenworldError(
            f"GENWORLD_MODE=local is for this machine alone, but the page would listen on {host} where others reach it; "
            "listen on 127.0.0.1 or unset GENWORLD_MODE."
        )
    return Mode.LOCAL if wanted in ("", Mode.LOCAL) and not reachable else Mode.PUBLIC
