"""Bounded reading of what strangers bring: folders, zips, pictures, text, JSON.

Nothing is ever extracted to disk. Whatever comes, these functions end in a
result or in a GenworldError with one plain sentence.
"""

from __future__ import annotations

import io
import json
import math
import mmap
import os
import re
import stat
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import numpy as np
from PIL import Image

from genworld import limits
from genworld.content import Picture
from genworld.errors import GenworldError

PICTURE_SUFFIXES = frozenset({".png", ".gif", ".webp", ".bmp", ".jpg", ".jpeg"})
PICTURE_FORMATS = ("PNG", "GIF", "WEBP", "BMP", "JPEG")
ARCHIVE_SUFFIXES = frozenset({".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".zst", ".jar"})
SMALL_MEMBER = 64 * 1024
"""Bytes below which a member's compression ratio is of no concern: a wall of one character may pack very well."""

_CENTRAL_ENTRY = b"PK\x01\x02"
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BAD_NAME = re.compile(r"^/|^[A-Za-z]:|[\\\x00-\x1f\x7f]|(^|/)\.\.(/|$)")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Bundle(ABC):
    """A folder or a zip: named files that are read one at a time, within bounds.

    Args:
        path: where it stands.
        names: its files as POSIX paths inside it, sorted; hidden files and those of macOS are left out.
    """

    def __init__(self, path: Path, names: list[str]) -> None:
        self.path = path
        self.names = tuple(sorted(name for name in names if not _hidden(name)))
        self._total = 0

    def read(self, name: str) -> bytes:
        """The bytes of one file.

        Raises:
            GenworldError: the file, or all that was read so far, is larger than `limits` allows, or it is damaged.
        """
        raw = self._read(name, limits.ZIP_MEMBER_BYTES)
        self._total += len(raw)
        if self._total > limits.ZIP_TOTAL_BYTES:
            raise _too_large(str(self.path), limits.ZIP_TOTAL_BYTES)
        return raw

    def text(self, name: str) -> str:
        """One file as text; see `read_text`."""
        return read_text(self.read(name), self.where(name))

    def where(self, name: str) -> str:
        """How a sentence names a file of this bundle."""
        return f"{self.path.name}/{name}"

    def with_suffix(self, *suffixes: str) -> list[str]:
        """The names that end in one of these suffixes, whatever their case."""
        return [name for name in self.names if PurePosixPath(name).suffix.lower() in suffixes]

    @abstractmethod
    def _read(self, name: str, limit: int) -> bytes: ...


class Folder(Bundle):
    """A folder of the disk; links to folders are not followed."""

    def __init__(self, path: Path) -> None:
        names: list[str] = []
        for folder, folders, files in os.walk(path):
            folders[:] = [name for name in folders if not _hidden(name)]
            names += [(Path(folder) / name).relative_to(path).as_posix() for name in files]
            if len(names) > limits.ZIP_MEMBERS:
                raise _too_many(path)
        super().__init__(path, names)

    def _read(self, name: str, limit: int) -> bytes:
        return read_file(self.path / name, limit)


class Zip(Bundle):
    """A zip archive whose directory was checked before anything was unpacked."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > limits.ZIP_MEMBERS:
            raise _too_many(path)
        names = [member.filename for member in members]
        if len(set(names)) < len(names):
            raise GenworldError(f"{path.name} names a file twice; pack it again with one file of each name.")
        for member in members:
            _check_member(path, member)
        super().__init__(path, names)
        self._archive = archive
        self._members = {member.filename: member for member in members}
        self._packed = max(path.stat().st_size, 1)

    def _read(self, name: str, limit: int) -> bytes:
        member = self._members[name]
        try:
            with self._archive.open(member) as file:
                raw = file.read(limit + 1)
        except Exception as error:  # zipfile and zlib raise a dozen kinds for damaged archives
            raise GenworldError(f"{self.where(name)} is damaged ({_reason(error)}); pack the zip again.") from error
        if len(raw) > limit:
            raise _too_large(self.where(name), limit)
        self._check_ratio(name, len(raw), member.compress_size)
        return raw

    def _check_ratio(self, name: str, size: int, packed: int) -> None:
        if size > max(SMALL_MEMBER, limits.ZIP_RATIO * packed):
            raise GenworldError(
                f"{self.where(name)} unpacks to more than {limits.ZIP_RATIO} times its size, which only a bomb does; "
                "pack the zip from the real files."
            )
        if self._total + size > max(limits.MIB, limits.ZIP_RATIO * self._packed):
            raise GenworldError(
                f"{self.path.name} unpacks to more than {limits.ZIP_RATIO} times its size, which only a bomb does; "
                "pack the zip from the real files."
            )


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """The files of a folder or of a zip.

    Raises:
        GenworldError: there is no such folder or zip, or it breaks a rule of `limits`: too many files, a name that
            leads out of the zip, a link, an archive inside, encryption.
    """
    if path.is_dir():
        yield Folder(path)
        return
    if not path.exists():
        raise GenworldError(f"There is no folder or file {str(path)!r}; check the path.")
    if not path.is_file() or not zipfile.is_zipfile(path):
        raise GenworldError(f"Expected a folder or a zip, but {path.name} is neither; pack the files into a zip.")
    _check_size(path, limits.ZIP_TOTAL_BYTES)
    _count_entries(path)
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # as in Zip._read
        raise GenworldError(f"{path.name} is a damaged zip ({_reason(error)}); pack it again.") from error
    with archive:
        yield Zip(path, archive)


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of one regular file of at most `limit` bytes. Raises GenworldError otherwise."""
    if not path.is_file():
        raise GenworldError(f"There is no file {str(path)!r}; check the path.")
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise GenworldError(f"{path} cannot be read ({error.strerror}); check that you may read it.") from error
    if len(raw) > limit:
        raise _too_large(str(path), limit)
    return raw


def read_text(raw: bytes, where: str) -> str:
    """UTF-8 text, without a byte order mark and with plain newlines."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise GenworldError(f"{where} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error


def read_json(raw: bytes, where: str) -> Any:
    """JSON without its traps: NaN, infinity, a key twice, half a surrogate pair, deep nesting, much of anything."""
    if len(raw) > limits.MANIFEST_BYTES:
        raise _too_large(where, limits.MANIFEST_BYTES)
    try:
        value = json.loads(
            read_text(raw, where), object_pairs_hook=_distinct, parse_constant=_refuse_constant, parse_float=_finite
        )
    except RecursionError as error:
        raise _too_deep(where) from error
    except ValueError as error:
        raise GenworldError(f"{where} is not valid JSON ({_reason(error)}); correct it.") from error
    _check_json(value, where)
    return value


def read_picture(raw: bytes, where: str) -> Picture:
    """(H, W, 4) RGBA of the first frame; the size is checked before a pixel is decoded, metadata is dropped.

    Raises:
        GenworldError: not one of `PICTURE_FORMATS`, more than `limits.PICTURE_PIXELS`, or damaged.
    """
    try:
        with Image.open(io.BytesIO(raw), formats=PICTURE_FORMATS) as image:
            width, height = image.size
            if not 0 < width * height <= limits.PICTURE_PIXELS:
                raise GenworldError(
                    f"{where} has {width} x {height} pixels, but at most {limits.PICTURE_PIXELS:,} are read; "
                    "make it smaller."
                )
            return _rgba(image)
    except GenworldError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly every kind for damaged files
        raise GenworldError(
            f"{where} is not a whole picture of a kind that is read ({', '.join(PICTURE_FORMATS)}); "
            "save it again as PNG."
        ) from error


def _rgba(image: Image.Image) -> Picture:
    if image.mode.startswith("I;16"):  # 16-bit grey: convert() would clip instead of scaling
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return np.asarray(image.convert("RGBA"), dtype=np.uint8)


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _check_member(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    if _BAD_NAME.search(member.orig_filename) or _BAD_NAME.search(name):
        fault = "has a name that leads out of the zip"
    elif stat.S_ISLNK(member.external_attr >> 16):
        fault = "is a link"
    elif PurePosixPath(name).suffix.lower() in ARCHIVE_SUFFIXES:
        fault = "is an archive inside the archive"
    elif member.flag_bits & 0x1:
        fault = "is encrypted"
    elif member.compress_type not in _COMPRESSIONS:
        fault = "is packed in an unusual way"
    else:
        return
    raise GenworldError(f"In {path.name}, {_shown(name)} {fault}; pack the plain files again without it.")


def _count_entries(path: Path) -> None:
    """Refuse a zip with a huge directory before zipfile builds a million objects of it."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        count, at = 0, raw.find(_CENTRAL_ENTRY)
        while at >= 0:
            count += 1
            if count > 2 * limits.ZIP_MEMBERS:  # folders have entries, too
                raise _too_many(path)
            at = raw.find(_CENTRAL_ENTRY, at + 1)


def _check_size(path: Path, limit: int) -> None:
    if path.stat().st_size > limit:
        raise _too_large(str(path), limit)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"key {_shown(next(key for key in keys if keys.count(key) > 1))} stands twice")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{_shown(text)} is too large")
    return number


def _check_json(value: Any, where: str) -> None:
    """Depth and text of parsed JSON, without recursion."""
    pending = [(value, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > limits.JSON_DEPTH:
            raise _too_deep(where)
        if isinstance(node, str) and _SURROGATE.search(node):
            raise GenworldError(f"{where} holds half of a surrogate pair, which is no character; correct it.")
        if isinstance(node, dict):
            pending += [(part, depth + 1) for pair in node.items() for part in pair]
        elif isinstance(node, list):
            pending += [(part, depth + 1) for part in node]


def _reason(error: Exception) -> str:
    return _shown(str(error) or type(error).__name__).strip("'\"")


def _shown(text: str) -> str:
    """`text` fit for a sentence: short, printable."""
    return ascii(text if len(text) <= limits.NAME_LENGTH else text[: limits.NAME_LENGTH] + "...")


def _too_many(path: Path) -> GenworldError:
    return GenworldError(f"{path.name} holds more than {limits.ZIP_MEMBERS:,} files; choose a smaller folder or zip.")


def _too_large(where: str, limit: int) -> GenworldError:
    size = f"{limit / limits.MIB:g} MiB" if limit >= limits.MIB else f"{limit:,} bytes"
    return GenworldError(f"{where} is larger than the {size} that are read; make it smaller.")


def _too_deep(where: str) -> GenworldError:
    return GenworldError(f"{where} is nested more than {limits.JSON_DEPTH} levels deep; flatten it.")
