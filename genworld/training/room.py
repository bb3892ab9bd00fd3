"""How much memory is free: of the machine, of the container around this process, of the graphics card."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import torch

RESERVE = 0.1
"""Share of what is free that stays free: other programs want some too."""
GROUP = Path("/sys/fs/cgroup")
INFO = Path("/proc/meminfo")


def room(device: str) -> int | None:
    """Bytes that a training may take; None where this system does not tell.

    Args:
        device: ``"cpu"`` or ``"cuda"``.
    """
    if device.startswith("cuda"):
        free = torch.cuda.mem_get_info()[0]
    else:
        told = [each for each in (_available(), _of_group()) if each is not None]
        if not told:
            return None
        free = min(told)
    return int(free * (1 - RESERVE))


def _available() -> int | None:
    """Bytes that the machine can give without swapping."""
    with suppress(OSError, ValueError, IndexError):
        lines = INFO.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _of_group() -> int | None:
    """Bytes left of what a container may take; None without a bound."""
    most, taken = _number("memory.max"), _number("memory.current")
    if most is None or taken is None:
        most, taken = _number("memory/memory.limit_in_bytes"), _number("memory/memory.usage_in_bytes")
    if most is None or taken is None:
        return None
    return max(0, most - taken + _cache())


def _cache() -> int:
    """Bytes of files kept at hand, which are given up when memory is asked for."""
    for name in ("memory.stat", "memory/memory.stat"):
        with suppress(OSError, ValueError, IndexError):
            lines = (GROUP / name).read_text(encoding="ascii").splitlines()
            return sum(int(line.split()[1]) for line in lines if line.split()[0] in ("inactive_file", "active_file"))
    return 0


def _number(name: str) -> int | None:
    with suppress(OSError, ValueError):  # "max" where there is no bound
        return int((GROUP / name).read_text(encoding="ascii"))
    return None
