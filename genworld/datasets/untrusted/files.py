"""One file of the disk, and text."""

from __future__ import annotations

from pathlib import Path

from genworld.datasets.untrusted.sentences import too_large
from genworld.errors import GenworldError


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of one regular file of at most `limit` bytes. Raises GenworldError otherwise."""
    if not path.is_file():
        raise GenworldError(f"There is no file {str(path)!r}; check the path.")
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise GenworldError(f"{path.name} cannot be read ({error.strerror}); check that you may read it.") from error
    if len(raw) > limit:
        raise too_large(path.name, limit)
    return raw


def read_text(raw: bytes, where: str) -> str:
    """UTF-8 text, without a byte order mark and with plain newlines."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise GenworldError(f"{where} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
