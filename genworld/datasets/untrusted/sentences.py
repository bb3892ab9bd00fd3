"""How sentences name what strangers wrote, and what is said of anything too large."""

from __future__ import annotations

from pathlib import Path

from genworld import limits
from genworld.errors import GenworldError


def reason(error: Exception) -> str:
    """What `error` says, fit for a sentence."""
    return shown(str(error) or type(error).__name__).strip("'\"")


def shown(text: str) -> str:
    """`text` fit for a sentence: short, printable."""
    return ascii(text if len(text) <= limits.NAME_LENGTH else text[: limits.NAME_LENGTH] + "...")


def too_many(path: Path) -> GenworldError:
    """A folder or zip of more files than are read."""
    return GenworldError(f"{path.name} holds more than {limits.ZIP_MEMBERS:,} files; choose a smaller folder or zip.")


def too_large(where: str, limit: int) -> GenworldError:
    """Something of more than `limit` bytes."""
    size = f"{limit / limits.MIB:g} MiB" if limit >= limits.MIB else f"{limit:,} bytes"
    return GenworldError(f"{where} is larger than the {size} that are read; make it smaller.")


def too_deep(where: str, limit: int) -> GenworldError:
    """Something nested more than `limit` levels deep."""
    return GenworldError(f"{where} is nested more than {limit} levels deep; flatten it.")
