"""Where arts are kept: one file each in the person's data folder, named by its digest, never changed."""

from __future__ import annotations

import io
import logging
import os
import re
import zipfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from genworld import limits, paths
from genworld.art.art import PREFIX, Art
from genworld.content import Legend
from genworld.errors import GenworldError
from genworld.storage import read_bounded, write_whole

SUFFIX = ".art"
_log = logging.getLogger(__name__)
_KIND = "kind"
_LOADED = 8
"""Arts in memory, at most: the pictures of one may take hundreds of MB."""


def put(art: Art) -> str:
    """Keeps an art; returns its digest. An art that is there already stays as it is."""
    path = _place(art.digest)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, to_bytes(art))
    _use(path)
    return art.digest


def make_room(most: int) -> None:
    """Removes the arts that were used longest ago, until those that stay have at most `most` bytes together."""
    found = []
    for path in _folder().glob(f"*{SUFFIX}"):
        with suppress(OSError):  # somebody else made room
            found.append((path.stat().st_mtime_ns, path.stat().st_size, path))
    for _, size, path in sorted(found, reverse=True):
        most -= size
        if most < 0:
            path.unlink(missing_ok=True)


def _use(path: Path) -> None:
    """Marks an art as used now."""
    with suppress(OSError):
        os.utime(path)


def of_legend(legend: Legend) -> Art | None:
    """The art that a legend names; None where it names a tileset of ours, or its art is not on this machine."""
    if not legend.tileset.startswith(PREFIX):
        return None
    try:
        return get(legend.tileset)
    except GenworldError as error:
        _log.warning("%s", error)
        return None


def get(reference: str) -> Art:
    """The art of a digest, or of a legend's ``art:<digest>``.

    Raises:
        GenworldError: it is not on this machine, or its file is damaged.
    """
    digest = reference.removeprefix(PREFIX)
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise GenworldError(f"Art is named by its digest, 64 hexadecimal digits, but {reference[:80]!r} came.")
    return _load(digest, str(paths.home()))


@lru_cache(maxsize=_LOADED)
def _load(digest: str, home: str) -> Art:  # noqa: ARG001  the data folder is part of the key
    path = _place(digest)
    if not path.is_file():
        raise GenworldError(
            f"This level is drawn with art {digest[:12]}..., which is not on this machine; bring the map that it came from again."
        )
    _use(path)
    return from_bytes(read_bounded(path, limits.ART_BYTES), digest)


def to_bytes(art: Art) -> bytes:
    """An art as one file: a zip without compression, for pictures have theirs."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted({**art.files(), _KIND: art.kind.encode()}.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


def from_bytes(data: bytes, digest: str) -> Art:
    """The art of a file that `to_bytes` wrote. Raises GenworldError unless it has this digest."""
    from genworld.art import KINDS  # the kinds are made of what stands here

    try:
        files = _unpacked(data)
        art: Art = KINDS[files.pop(_KIND).decode()].from_files(files)
    except GenworldError:
        raise
    except Exception as error:  # zips, pictures and JSON that no art wrote raise nearly every kind
        raise _damaged(digest) from error
    if art.digest != digest:
        raise _damaged(digest)
    return art


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > limits.ART_BYTES:
            raise zipfile.BadZipFile("larger than any art")
        return {name: archive.read(name) for name in archive.namelist()}


def _damaged(digest: str) -> GenworldError:
    return GenworldError(f"The file of art {digest[:12]}... is damaged; bring the map that it came from again.")


def copy_to(reference: str, folder: Path) -> None:
    """Lays the file of an art beside a checkpoint, so that both travel together."""
    digest = reference.removeprefix(PREFIX)
    if not (folder / f"{digest}{SUFFIX}").is_file():
        write_whole(folder / f"{digest}{SUFFIX}", read_bounded(_place(digest), limits.ART_BYTES))


def adopt(folder: Path) -> None:
    """Keeps the arts that lie beside a checkpoint and are not here yet. Raises GenworldError for a damaged one."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if re.fullmatch(r"[0-9a-f]{64}", path.stem) and not _place(path.stem).is_file():
            put(from_bytes(read_bounded(path, limits.ART_BYTES), path.stem))


def _place(digest: str) -> Path:
    return _folder() / f"{digest}{SUFFIX}"


def _folder() -> Path:
    return paths.home() / "art"
