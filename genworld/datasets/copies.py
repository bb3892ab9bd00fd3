"""Copies of what a reader would read: counted and bounded before, whole and on the disk after."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from genworld import limits
from genworld.datasets.companions import with_companions
from genworld.datasets.images import INDEX
from genworld.datasets.untrusted import open_bundle
from genworld.errors import GenworldError
from genworld.mode import Mode
from genworld.storage import sync_folder

MOST_BYTES = limits.LIMITS[Mode.LOCAL].upload_bytes
SYNCED_SINGLY = 64
"""Files that are brought to the disk one by one; of more, the disk is asked once for all, which is far quicker."""
SPARE = 16 * limits.MIB
"""Bytes that a copy leaves free on the disk, for everything else."""

Wanted = Mapping[str, Path]
"""Where each file is, by its POSIX path in the copy."""
Watch = Callable[[int, int], None]
"""Told how many bytes are copied, and of how many."""


def wanted(place: Path) -> tuple[Wanted, str]:
    """The files that a reader may open at a place, and where that place is among them.

    A folder keeps its name, a zip and a file their own; the files that a map refers to and the ``tiles.json`` of text
    levels come along.

    Raises:
        GenworldError: nothing is there, or more than `limits` allow.
    """
    path = place.resolve()
    if path.is_dir():
        root = path.name or "data"
        with open_bundle(path) as bundle:
            return _bounded({**_index(path), **{f"{root}/{name}": path / name for name in bundle.names}}, path), root
    with open_bundle(path) as bundle:
        alone = bundle.chosen != (path.name,)
    files = [path] if alone else with_companions([path, *_legend(path)])
    ground = Path(os.path.commonpath([file.parent for file in files]))
    named = {file.relative_to(ground).as_posix(): file for file in files}
    return _bounded(named, path), path.relative_to(ground).as_posix()


def _index(path: Path) -> dict[str, Path]:
    """The table of families beside a folder of pictures, which says what is never split (see `images`)."""
    beside = path.parent / INDEX
    return {INDEX: beside} if beside.is_file() else {}


def _legend(path: Path) -> list[Path]:
    legend = path.parent / "tiles.json"
    return [legend] if path.suffix.lower() == ".txt" and legend.is_file() else []


def _bounded(files: dict[str, Path], path: Path) -> Wanted:
    size = size_of(files)
    if size > MOST_BYTES:
        raise GenworldError(
            f"At most {MOST_BYTES // limits.MIB:,} MiB are kept of one data set, but {path.name} has "
            f"{size / limits.MIB:,.0f}; choose a smaller folder or file."
        )
    return files


def size_of(files: Wanted) -> int:
    """Bytes of all files. Raises GenworldError for one that cannot be read."""
    try:
        return sum(path.stat().st_size for path in files.values())
    except OSError as error:
        raise GenworldError(
            f"{error.filename} cannot be read ({error.strerror}); check that you may read it."
        ) from error


def check_room(needed: int, folder: Path) -> None:
    """Refuse what will not fit. Raises GenworldError with the needed and the free space."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise no_room(needed, folder)


def no_room(needed: int, folder: Path) -> GenworldError:
    """The error for a disk that is full."""
    free = shutil.disk_usage(folder).free
    return GenworldError(
        f"{(needed + SPARE) / limits.MIB:,.1f} MiB are needed in {folder}, but {free / limits.MIB:,.1f} MiB are free "
        "there; free some space or set GENWORLD_HOME to a folder on another disk."
    )


def copy(files: Wanted, target: Path, watch: Watch | None = None) -> str:
    """Copy files below `target` and bring them to the disk.

    Returns:
        SHA-256 over the names and bytes of the files.

    Raises:
        OSError: the disk refuses, or a file cannot be read.
    """
    total, done, digests = size_of(files), 0, {}
    for name, source in files.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        digests[name] = _digest(place)
        done += place.stat().st_size
        if watch:
            watch(done, total)
    settle(target)
    return content(digests)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content(digests: Mapping[str, str]) -> str:
    """SHA-256 over the names below the first folder and the digests of files, sorted."""
    lines = sorted(f"{digest} {name.partition('/')[2] or name}\n" for name, digest in digests.items())
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def settle(folder: Path) -> None:
    """Make sure that all files below a folder are on the disk, and will be there after a loss of power."""
    places = [folder, *(path for path in folder.rglob("*") if not path.is_symlink())]
    if len(places) > SYNCED_SINGLY and hasattr(os, "sync"):
        os.sync()
        return
    for path in places:
        sync_folder(path)  # opens and syncs a file as well as a folder
