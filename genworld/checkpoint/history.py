"""Earlier checkpoints of a model: what it was some steps ago, so that what was made with it can be made again.

``steps/<digest>.json`` is the manifest of an earlier checkpoint; its weights stay where they were. No clock decides what
stays: what counts is how long the model learned between an earlier checkpoint and the one at hand.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from genworld import limits
from genworld.checkpoint.record import Checkpoint, Manifest, in_bytes, parsed, read, saved_in, write_manifest
from genworld.errors import GenworldError
from genworld.storage import read_bounded, sweep_partial, write_whole

STEPS = "steps"
YOUNG = 3600.0
"""Seconds of learning: what is nearer than that to the checkpoint at hand stays."""
MOST_YOUNG = 64
NEAREST = 3
"""Earlier checkpoints that stay however far they are."""

Keep = Callable[[str], bool]
"""Whether the checkpoint of a digest must stay."""

_log = logging.getLogger(__name__)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def earlier(checkpoint: Checkpoint) -> list[Checkpoint]:
    """The earlier checkpoints of a model, by step; each can be loaded. What is damaged is left out and logged.

    After `go_back` those that came later are among them.
    """
    found = []
    for path in _manifests(checkpoint.folder):
        if path.stem != checkpoint.digest:
            try:
                found.append(_read_step(path, checkpoint))
            except GenworldError as error:
                _log.warning("an earlier checkpoint is left out: %s", error)
    return sorted(found, key=lambda one: (one.manifest.step, one.manifest.run.seconds, one.digest))


def has_earlier(folder: Path, digest: str) -> bool:
    """Whether the model in a folder has an earlier checkpoint of that digest, damaged or not."""
    return _DIGEST.fullmatch(digest) is not None and _path(folder, digest).is_file()


def of_folder(folder: Path, digest: str, *, mine: bool = False) -> Checkpoint:
    """The checkpoint of a digest in a folder: the one at hand or an earlier one.

    Raises:
        GenworldError: the folder has none of that digest any more, or it is damaged.
    """
    checkpoint = read(folder, mine=mine)
    if checkpoint.digest == digest:
        return checkpoint
    if not has_earlier(folder, digest):
        raise GenworldError(
            f"Model {folder.name!r} has no checkpoint with digest {digest[:12]}... any more; take its newest one."
        )
    return _read_step(_path(folder, digest), checkpoint)


def go_back(checkpoint: Checkpoint, digest: str) -> Checkpoint:
    """Makes an earlier checkpoint the model; the one at hand becomes an earlier one, so going back is undone likewise.

    Args:
        checkpoint: the one at hand.
        digest: of one of `earlier`.

    Raises:
        GenworldError: there is no such checkpoint, its weights are damaged, or the disk refuses; nothing has changed.
    """
    chosen = of_folder(checkpoint.folder, digest, mine=checkpoint.mine)
    chosen.load()  # weights that are damaged must not replace sound ones
    put_by(checkpoint.folder, digest, resumable=True)
    write_manifest(checkpoint.folder, chosen.manifest)
    return chosen


def put_by(folder: Path, replacing: str, *, resumable: bool = False) -> None:
    """Notes the checkpoint at hand among the earlier ones; one that cannot be read is no loss.

    Args:
        folder: of the model.
        replacing: digest of what comes in its place; where it is the same there is nothing to note.
        resumable: keep its training state until the next save.
    """
    before = _at_hand(folder)
    if before is None or before.digest == replacing:
        return
    try:
        (folder / STEPS).mkdir(exist_ok=True)
    except OSError as error:
        raise GenworldError(
            f"The folder {folder / STEPS} cannot be made ({error.strerror}); free some space."
        ) from error
    manifest = before.manifest if resumable else before.manifest.model_copy(update={"resume": None})
    write_whole(_path(folder, before.digest), in_bytes(manifest))


def thin(checkpoint: Checkpoint, keep: Keep) -> None:
    """Forgets the earlier checkpoints that are far, save those that must stay.

    Args:
        checkpoint: the one at hand.
        keep: asked about those that would go.
    """
    near = sorted(earlier(checkpoint), key=lambda one: _distance(one, checkpoint))
    for rank, one in enumerate(near):
        young = rank < MOST_YOUNG and _distance(one, checkpoint) <= YOUNG
        if not (young or rank < NEAREST or keep(one.digest)):
            _path(checkpoint.folder, one.digest).unlink(missing_ok=True)


def sweep(checkpoint: Checkpoint) -> None:
    """Removes blobs that no checkpoint of the folder names (weights of none, and training state of earlier ones), and
    what saves that were killed left half written."""
    used = {one.manifest.weights.file for one in (checkpoint, *earlier(checkpoint))}
    if checkpoint.manifest.resume is not None:
        used.add(checkpoint.manifest.resume.file)
    for path in checkpoint.folder.glob("*.safetensors"):
        if _DIGEST.fullmatch(path.stem) and path.name not in used:
            path.unlink(missing_ok=True)
    for place in (checkpoint.folder, checkpoint.folder / STEPS):
        sweep_partial(place)


def _at_hand(folder: Path) -> Checkpoint | None:
    """The checkpoint in a folder, if there is one that can be read."""
    with suppress(GenworldError):
        return saved_in(folder)
    return None


def _distance(one: Checkpoint, other: Checkpoint) -> float:
    """Seconds of learning between two checkpoints."""
    return abs(one.manifest.run.seconds - other.manifest.run.seconds)


def _manifests(folder: Path) -> list[Path]:
    return [path for path in sorted((folder / STEPS).glob("*.json")) if _DIGEST.fullmatch(path.stem)]


def _path(folder: Path, digest: str) -> Path:
    return folder / STEPS / f"{digest}.json"


def _read_step(path: Path, current: Checkpoint) -> Checkpoint:
    """An earlier checkpoint, called as its model is called now."""
    found = parsed(read_bounded(path, limits.MANIFEST_BYTES), current.folder, mine=current.mine)
    if found.digest != path.stem:
        raise GenworldError(f"{path.name} of model {current.folder.name!r} is another checkpoint's manifest.")
    return Checkpoint(current.folder, _renamed(found.manifest, current), current.mine)


def _renamed(manifest: Manifest, current: Checkpoint) -> Manifest:
    state = manifest.resume
    if state is not None and not (current.folder / state.file).is_file():
        state = None  # it went with a later save
    named = {"name": current.name, "title": current.title, "summary": current.summary}
    return manifest.model_copy(update={**named, "resume": state})
