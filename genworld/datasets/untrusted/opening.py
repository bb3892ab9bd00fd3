"""From a path to the files that it stands for."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genworld import limits
from genworld.datasets.untrusted.bundles import Beside, Bundle, Folder
from genworld.datasets.untrusted.sentences import reason, too_large
from genworld.datasets.untrusted.zips import ARCHIVE_SUFFIXES, Zip, count_entries
from genworld.errors import GenworldError


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """The files of a folder or of a zip, or a single file with those beside it.

    Raises:
        GenworldError: there is nothing there, or it breaks a rule of `limits`: too many files, a name that
            leads out of the zip, a link, an archive inside, encryption.
    """
    if path.is_dir():
        yield Folder(path)
        return
    if not path.exists():
        raise GenworldError(f"There is no folder or file {str(path)!r}; check the path.")
    if not path.is_file():
        raise GenworldError(f"Expected a folder, a zip or a file, but {path.name} is neither; choose another.")
    if _is_single(path):
        yield Beside(path)
        return
    _check_size(path, limits.ZIP_TOTAL_BYTES)
    count_entries(path)
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # as in Zip._read
        raise GenworldError(f"{path.name} is a damaged zip ({reason(error)}); pack it again.") from error
    with archive:
        yield Zip(path, archive)


def _is_single(path: Path) -> bool:
    """Whether this is a file of its own. Raises GenworldError for an archive that is no zip."""
    if zipfile.is_zipfile(path):
        return False
    if path.suffix.lower() in ARCHIVE_SUFFIXES:
        raise GenworldError(f"Expected a folder or a zip, but {path.name} is neither; pack the files into a zip.")
    return True


def _check_size(path: Path, limit: int) -> None:
    if path.stat().st_size > limit:
        raise too_large(path.name, limit)
