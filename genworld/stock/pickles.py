"""Pickles are programs: they are known by their first bytes and their names, refused, and never opened."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from genworld.errors import GenworldError
from genworld.limits import NAME_LENGTH

SUFFIXES = frozenset({".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle", ".joblib", ".npy", ".npz", ".h5", ".keras"})
_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_FIRST_PROTOCOL = re.compile(rb"\(?[cl(d][a-zA-Z_]\w*\n\w+\n")
_INSTEAD = (
    "bring the zip of a model that genworld exported (genworld models export NAME), whose weights are safetensors."
)


def refuse_file(path: Path) -> None:
    """Refuse a file that is a pickle by its name or its content. Raises GenworldError for one."""
    refuse_names(path.name, [path.name])
    if path.is_file():
        with path.open("rb") as file:
            refuse(file.read(64), path.name)
        if zipfile.is_zipfile(path):
            refuse_zip(path)


def refuse_zip(path: Path | io.BytesIO) -> None:
    """Refuse a zip that torch wrote: a pickle and its tensors. Raises GenworldError for one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return  # whoever reads it says what is wrong
    refuse_names(path.name if isinstance(path, Path) else "it", names)


def refuse_names(where: str, names: Iterable[str]) -> None:
    """Refuse files whose names say that they are pickles. Raises GenworldError for the first."""
    for name in names:
        if PurePosixPath(name).suffix.lower() in SUFFIXES:
            raise _refused(name if name == where else f"{where}/{name}")


def refuse(raw: bytes, where: str) -> None:
    """Refuse bytes that start as a pickle does, whatever their name. Raises GenworldError for them."""
    if _PICKLE.match(raw) or _FIRST_PROTOCOL.match(raw[:200]):
        raise _refused(where)


def _refused(where: str) -> GenworldError:
    return GenworldError(
        f"{where[:NAME_LENGTH]!a} is a pickle or such, which may run programs when it is opened; genworld never opens one: {_INSTEAD}"
    )
