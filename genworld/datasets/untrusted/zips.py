"""Zip archives from strangers: checked before anything is unpacked, never extracted to disk."""

from __future__ import annotations

import mmap
import re
import stat
import zipfile
from pathlib import Path, PurePosixPath

from genworld import limits
from genworld.datasets.untrusted.bundles import Bundle
from genworld.datasets.untrusted.sentences import reason, shown, too_large, too_many
from genworld.errors import GenworldError

ARCHIVE_SUFFIXES = frozenset({".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".zst", ".jar"})
SMALL_MEMBER = 64 * 1024
"""Bytes below which a member's compression ratio is of no concern: a wall of one character may pack very well."""

_CENTRAL_ENTRY = b"PK\x01\x02"
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BAD_NAME = re.compile(r"^/|^[A-Za-z]:|[\\\x00-\x1f\x7f]|(^|/)\.\.(/|$)")


class Zip(Bundle):
    """A zip archive whose directory was checked before anything was unpacked."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > limits.ZIP_MEMBERS:
            raise too_many(path)
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
            raise GenworldError(f"{self.where(name)} is damaged ({reason(error)}); pack the zip again.") from error
        if len(raw) > limit:
            raise too_large(self.where(name), limit)
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
    raise GenworldError(f"In {path.name}, {shown(name)} {fault}; pack the plain files again without it.")


def count_entries(path: Path) -> None:
    """Refuse a zip with a huge directory before zipfile builds a million objects of it."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        count, at = 0, raw.find(_CENTRAL_ENTRY)
        while at >= 0:
            count += 1
            if count > 2 * limits.ZIP_MEMBERS:  # folders have entries, too
                raise too_many(path)
            at = raw.find(_CENTRAL_ENTRY, at + 1)
