"""What is fitted to a model once and then kept: surveys, directions, maps. Arrays in one safetensors file a key.

Bundled models ship theirs in the folder ``explore`` of the checkpoint; what is fitted here lies in the person's data
folder, the least recently used removed where all of it grows too large. Everything can be fitted again, so a file that
is damaged, or that belongs to another checkpoint, is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from genworld import limits, paths
from genworld.checkpoint import Checkpoint
from genworld.errors import GenworldError
from genworld.storage import read_bounded, write_whole

FOLDER = "explore"
SUFFIX = ".safetensors"
FILE_BYTES = 64 * limits.MIB
"""Of one file, at most."""
ALL_BYTES = 1024 * limits.MIB
"""Of all files in the person's data folder together."""

Arrays = dict[str, NDArray[Any]]

_log = logging.getLogger(__name__)


def get(checkpoint: Checkpoint, key: str) -> Arrays | None:
    """The arrays that were kept for a checkpoint, shipped ones first; None where there are none, or damaged ones."""
    for path in (checkpoint.folder / FOLDER / _name(key), _home(checkpoint) / _name(key)):
        if path.is_file():
            found = read(path, checkpoint.digest)
            if found is not None:
                return found
    return None


def put(checkpoint: Checkpoint, key: str, arrays: Mapping[str, NDArray[Any]], folder: Path | None = None) -> Path:
    """Keep arrays for a checkpoint; returns the file.

    Args:
        checkpoint: what they were fitted to.
        key: 1 to 80 small letters, digits and hyphens.
        arrays: by name; not empty.
        folder: where to; the person's data folder when None.

    Raises:
        GenworldError: the disk refuses.
    """
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    data = save_arrays(whole, {"checkpoint": checkpoint.digest, "content": _digest(whole)})
    place = _home(checkpoint) if folder is None else folder
    _make(place)
    write_whole(place / _name(key), data)
    if folder is None:
        _shrink(paths.home() / FOLDER, ALL_BYTES)
    return place / _name(key)


def attempt(checkpoint: Checkpoint, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """`put` where it is only to save time later: a disk that refuses is logged."""
    try:
        put(checkpoint, key, arrays)
    except GenworldError as error:
        _log.warning("%s", error)


def from_text(lines: tuple[str, ...]) -> NDArray[np.uint8]:
    """Lines of text as an array of bytes, for files know numbers only."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def to_text(array: NDArray[Any]) -> tuple[str, ...]:
    """The lines that `from_text` took."""
    text = array.astype(np.uint8).tobytes().decode(errors="replace")
    return tuple(text.split("\n")) if text else ()


def _home(checkpoint: Checkpoint) -> Path:
    return paths.home() / FOLDER / checkpoint.digest


def _name(key: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", key):
        raise ValueError(f"not a key: {key!r}")
    return f"{key}{SUFFIX}"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GenworldError(f"The folder {folder} cannot be made ({error.strerror}); choose another.") from error


def read(path: Path, digest: str) -> Arrays | None:
    """The arrays of a file; None when it is damaged or was kept for another checkpoint than that of `digest`."""
    try:
        data = read_bounded(path, FILE_BYTES)
        found, told = load_arrays(data), _told(data)
    except (GenworldError, SafetensorError, ValueError, KeyError) as error:  # KeyError: numbers that numpy has not
        _log.warning("%s is damaged (%s); it is made anew.", path.name, error)
        return None
    if told.get("checkpoint") != digest or told.get("content") != _digest(found):
        _log.warning("%s holds what another checkpoint gave, or was changed; it is made anew.", path.name)
        return None
    with suppress(OSError):
        os.utime(path)  # used now; shipped files may lie where nobody writes
    return found


def _told(data: bytes) -> dict[str, str]:
    """The metadata of a safetensors file, which its reader for numpy does not give."""
    length = int.from_bytes(data[:8], "little")
    told: dict[str, str] = json.loads(data[8 : 8 + length]).get("__metadata__", {})
    return told


def _digest(arrays: Mapping[str, NDArray[Any]]) -> str:
    total = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        total.update(f"{name} {array.dtype} {array.shape}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def _shrink(root: Path, most: int) -> None:
    """Remove the files that were not used for longest until all of them fit."""
    found = []
    for path in root.glob(f"*/*{SUFFIX}"):
        with suppress(OSError):
            found.append((path.stat().st_mtime, path.stat().st_size, path))
    left = sum(size for _, size, _ in found)
    for _, size, path in sorted(found)[:-1]:
        if left <= most:
            return
        path.unlink(missing_ok=True)
        left -= size
