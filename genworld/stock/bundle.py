"""Models as files: one zip to take along, and back among a person's own models.

place = bundle.export("dungeon", Path("out"))
bundle.bring(place).new  # False: it is here already
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from genworld import checkpoint, limits
from genworld.checkpoint import MANIFEST, Checkpoint
from genworld.errors import GenworldError
from genworld.packs.slugs import slug
from genworld.stock import parts
from genworld.stock.arrival import Arrival, bring
from genworld.storage import read_bounded, sha256, sync_folder

__all__ = ["Arrival", "bring", "contents", "export"]

Content = Mapping[str, Path | bytes]
"""Files by their path inside a model's folder: where they lie, or what is in them."""


def export(name: str, folder: Path, *, resumable: bool = False) -> Path:
    """Write a model as one zip: the same bytes for the same model. A zip of the same name is replaced.

    Args:
        name: of a model, or the path of its folder.
        folder: where the zip goes; made when missing.
        resumable: with its training state and its earlier steps, for whoever wants to go on with its training.

    Returns:
        The path of the zip.

    Raises:
        GenworldError: there is no such model, it is damaged, more than a zip may hold, or the disk refuses.
    """
    found = checkpoint.find(name)
    stem = slug(found.told_name, "model")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _packed(folder / f"{stem}.zip", stem, contents(found, resumable=resumable))
    except OSError as error:
        raise GenworldError(
            f"{stem}.zip could not be written to {folder} ({error.strerror}); free some space or choose another folder."
        ) from error


def contents(found: Checkpoint, *, resumable: bool = False) -> Content:
    """All files that a model is for somebody else; its weights are those that its manifest names.

    Raises:
        GenworldError: it is damaged, or more than a zip may hold.
    """
    known = parts.files(found, resumable=resumable)
    for blob in (found.manifest.weights, found.manifest.resume if resumable else None):
        if (
            blob is not None
            and sha256(read_bounded(found.folder / blob.file, limits.CHECKPOINT_FILE_BYTES)) != blob.sha256
        ):
            raise GenworldError(
                f"{found.title} is damaged ({blob.file[:12]}... was changed); take it from its source again."
            )
    if sum(path.stat().st_size for path in known.values()) > limits.ZIP_TOTAL_BYTES:
        raise GenworldError(
            f"{found.title} has more than the {limits.ZIP_TOTAL_BYTES // limits.MIB} MiB that a zip of a model may have; "
            "leave out its training state or its earlier steps."
        )
    manifest = found.manifest if resumable else found.manifest.model_copy(update={"resume": None})
    return {**known, MANIFEST: (manifest.model_dump_json(indent=1) + "\n").encode()}


def _packed(path: Path, stem: str, files: Content) -> Path:
    """A zip with `files` inside one folder, whole or not there. Nothing is deflated: tensors and pictures would not be."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".tmp-", delete=False) as file:
        temporary = Path(file.name)
        try:
            _write(file, stem, files)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)
    return path


def _write(file: IO[bytes], stem: str, files: Content) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, held in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{stem}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, held if isinstance(held, bytes) else held.read_bytes())
