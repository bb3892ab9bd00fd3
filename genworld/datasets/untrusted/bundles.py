"""Named files that are read one at a time, within bounds."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from genworld import limits
from genworld.datasets.untrusted.files import read_file, read_text
from genworld.datasets.untrusted.sentences import too_large, too_many


class Bundle(ABC):
    """A folder, a zip or a single file with what lies beside it: files that are read one at a time, within bounds.

    Args:
        path: where it stands.
        names: its files as POSIX paths inside it, sorted; hidden files and those of macOS are left out.
        chosen: those of `names` that a person asked for: the single file, otherwise all.
    """

    def __init__(self, path: Path, names: Iterable[str], chosen: str | None = None) -> None:
        self.path = path
        self.names = tuple(sorted(name for name in names if not _hidden(name)))
        self.chosen = self.names if chosen is None else (chosen,)
        self._total = 0

    def read(self, name: str, most: int | None = None) -> bytes:
        """The bytes of one file.

        Args:
            name: one of `names`.
            most: bytes that it may have; `limits.ZIP_MEMBER_BYTES` when None.

        Raises:
            GenworldError: the file, or all that was read so far, is larger than `limits` allows, or it is damaged.
        """
        raw = self._read(name, limits.ZIP_MEMBER_BYTES if most is None else most)
        self._total += len(raw)
        if self._total > limits.ZIP_TOTAL_BYTES:
            raise too_large(self.path.name, limits.ZIP_TOTAL_BYTES)
        return raw

    def text(self, name: str) -> str:
        """One file as text; see `read_text`."""
        return read_text(self.read(name), self.where(name))

    def where(self, name: str) -> str:
        """How a sentence names a file of this bundle."""
        return f"{self.path.name}/{name}"

    def with_suffix(self, *suffixes: str) -> list[str]:
        """The chosen files that end in one of these suffixes, whatever their case."""
        return [name for name in self.chosen if PurePosixPath(name).suffix.lower() in suffixes]

    @abstractmethod
    def _read(self, name: str, limit: int) -> bytes: ...


class Folder(Bundle):
    """A folder of the disk; links to folders are not followed."""

    def __init__(self, path: Path) -> None:
        names = list(islice(_walk(path), limits.ZIP_MEMBERS + 1))
        if len(names) > limits.ZIP_MEMBERS:
            raise too_many(path)
        super().__init__(path, names)

    def _read(self, name: str, limit: int) -> bytes:
        return read_file(self.path / name, limit)


class Beside(Bundle):
    """A single file, and what lies beside it or in folders there, for what it refers to.

    Only the nearest `limits.BESIDE_FILES` files are known: a file may lie in a home folder.
    """

    def __init__(self, path: Path) -> None:
        names = {path.name, *islice(_walk(path.parent), limits.BESIDE_FILES)}
        super().__init__(path, names, chosen=path.name)

    def where(self, name: str) -> str:
        """How a sentence names a file of this bundle."""
        return name

    def _read(self, name: str, limit: int) -> bytes:
        return read_file(self.path.parent / name, limit)


def _walk(path: Path) -> Iterator[str]:
    """Files as POSIX paths below a folder, the nearest first in each branch."""
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not _hidden(name))
        yield from ((Path(folder) / name).relative_to(path).as_posix() for name in sorted(files))


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))
