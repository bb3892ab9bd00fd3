"""Which checkpoints there are: bundled ones and a person's own, by name, path and digest."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from genworld import paths
from genworld.checkpoint.history import has_earlier, of_folder
from genworld.checkpoint.record import Checkpoint, read
from genworld.errors import GenworldError, unknown
from genworld.paths import MANIFEST, PRIVATE

_log = logging.getLogger(__name__)

models_home = paths.models_home


def available() -> list[Checkpoint]:
    """All checkpoints that can be read: bundled ones, then the person's own, without private ones. Others are skipped
    with a warning in the log."""
    found = [(folder, False) for folder in _folders(paths.shipped("checkpoints"))]
    found += [(folder, True) for folder in _folders(models_home())]
    readable = []
    for folder, mine in found:
        try:
            readable.append(read(folder, mine=mine))
        except GenworldError as error:
            _log.warning("%s", error)
    return readable


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith((".", PRIVATE)))


def _private() -> Iterator[Checkpoint]:
    for folder in sorted(models_home().glob(f"{PRIVATE}*/")):
        with suppress(GenworldError):
            yield read(folder, mine=True)


def find(name_or_path: str) -> Checkpoint:
    """A checkpoint by name, or by the path of its folder.

    Raises:
        GenworldError: there is none; the nearest name is suggested.
    """
    for folder, mine in ((models_home() / name_or_path, True), (paths.shipped("checkpoints") / name_or_path, False)):
        if _is_name(name_or_path) and (folder / MANIFEST).is_file():
            return read(folder, mine=mine)
    path = Path(name_or_path).expanduser()
    if (path / MANIFEST).is_file():
        return read(path.resolve())
    raise unknown("model", name_or_path, [checkpoint.name for checkpoint in available()])


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", text) is not None


_folder_of: dict[str, Path] = {}
"""Where the checkpoint of a digest was found last: reading the manifests of all takes long where visitors learn."""


def by_digest(digest: str) -> Checkpoint:
    """The checkpoint of a digest, whatever its name, an earlier one too. Raises GenworldError when it is not here."""
    known = _folder_of.get(digest)
    if known is not None and known.parent in (models_home(), paths.shipped("checkpoints")):
        with suppress(GenworldError):
            return of_folder(known, digest, mine=known.parent == models_home())
    for checkpoint in chain(available(), _private()):
        if checkpoint.digest == digest or has_earlier(checkpoint.folder, digest):
            with suppress(GenworldError):
                found = of_folder(checkpoint.folder, digest, mine=checkpoint.mine)
                _folder_of[digest] = checkpoint.folder
                return found
    raise GenworldError(
        f"The model with digest {digest[:12]}... that made this is not on this machine; what was kept stays, but it cannot be made again."
    )
