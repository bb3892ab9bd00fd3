"""Zips that are the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from genworld.art import inside

_START_OF_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3


def zip_bytes(folder: str, files: Mapping[str, bytes]) -> bytes:
    """A zip with `files`, sorted by path, inside one top folder. Pictures are stored, the rest is deflated.

    Raises:
        GenworldError: a path that leads out of the folder: whoever unpacks it must not find files elsewhere.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{inside(path)}", _START_OF_ZIP_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            entry.compress_type = zipfile.ZIP_STORED if path.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()
