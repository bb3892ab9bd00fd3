"""Who holds a lease: a process, told so that others can see at once that it is gone."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path

from genworld.storage import sha256

_SELF = secrets.token_hex(4)
"""Tells two owners apart where the system has no better marks."""


def own() -> str:
    """This process: where it runs, its id, and when it began, since ids come back."""
    return f"{_place()} {os.getpid()} {_began(os.getpid()) or _SELF}"


def is_gone(owner: str) -> bool:
    """Whether an owner certainly runs no more; False where that cannot be known from here."""
    place, _, rest = owner.partition(" ")
    pid, _, began = rest.partition(" ")
    return bool(place) and place == _place() != "" and pid.isdecimal() and _began(int(pid)) != began


def _place() -> str:
    """This machine since it was started, and the set of process ids that is seen here; empty where unknown."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return sha256(f"{socket.gethostname()} {boot} {os.readlink('/proc/self/ns/pid')}".encode())[:16]
    return ""


def _began(pid: int) -> str:
    """When a process began, in ticks since the machine did; empty when there is none, or where nobody tells.

    A process that has ended and is only waited for counts as none.
    """
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return "" if after_name[0] in "ZX" else after_name[19]
    except (OSError, IndexError):
        return ""
