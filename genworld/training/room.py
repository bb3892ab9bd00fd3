"""How much memory is free: of the machine, of the container around this process, of the graphics card."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import torch

RESERVE = 0.1
"""Share of what is free that stays free: other programs want some too."""
GROUP = Path("/sys/fs/cgroup")
GROUPS = Path("/proc/self/cgroup")
HELD = Path("/proc/self/statm")
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
    for name in ("SC_AVPHYS_PAGES", "SC_PHYS_PAGES"):  # macOS tells only all that it has, which no training exceeds
        with suppress(OSError, ValueError, AttributeError):
            return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE")
    return None


def held() -> int:
    """Bytes that this process has already; 0 where nobody tells."""
    with suppress(OSError, ValueError, IndexError, AttributeError):
        return int(HELD.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _of_group() -> int | None:
    """Bytes left of what the containers around this process may take; None without a bound."""
    left = [each for each in map(_left, _groups()) if each is not None]
    return min(left, default=None)


def _groups() -> Iterator[Path]:
    """Folders of the control groups that this process is in: the innermost first, then those around it."""
    yield GROUP / "memory"  # version 1
    inner = GROUP
    with suppress(OSError, ValueError):
        lines = GROUPS.read_text(encoding="utf-8").splitlines()
        inner = GROUP / next((line[3:].lstrip("/") for line in lines if line.startswith("0::")), "")
    if ".." not in inner.parts:
        yield from (folder for folder in (inner, *inner.parents) if folder.is_relative_to(GROUP) and folder != GROUP)
    yield GROUP


def _left(folder: Path) -> int | None:
    for most, taken in (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")):
        with suppress(OSError, ValueError):  # "max" where there is no bound
            bound, used = (int((folder / name).read_text(encoding="ascii")) for name in (most, taken))
            return max(0, bound - used + _cache(folder))
    return None


def _cache(folder: Path) -> int:
    """Bytes of files kept at hand, which are given up when memory is asked for."""
    with suppress(OSError, ValueError, IndexError):
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.split()[0] in ("inactive_file", "active_file"))
    return 0
