"""How much memory a process took, for the sentence about one that was killed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

GIB = 2**30
_CGROUP = Path("/sys/fs/cgroup/memory.max")


def most_of(pid: int) -> int | None:
    """Bytes that a running process held at most; None where nobody tells."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def in_all() -> int | None:
    """Bytes that this machine, or what it lets us have of itself, holds."""
    found = []
    with suppress(OSError, ValueError, AttributeError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(OSError, ValueError):
        found.append(int(_CGROUP.read_text(encoding="ascii")))
    return min(found, default=None)


def in_words(held: int | None, whole: int | None) -> str:
    """
    >>> in_words(3 * 2**30, 8 * 2**30), in_words(None, None)
    (': it held 3.0 GiB, and this machine has 8.0 GiB', '')
    """
    told = []
    if held is not None:
        told.append(f"it held {held / GIB:.1f} GiB")
    if whole is not None:
        told.append(f"this machine has {whole / GIB:.1f} GiB")
    return f": {', and '.join(told)}" if told else ""
