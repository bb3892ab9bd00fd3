"""From a model to a folder: blobs first, the manifest last, so that a reader sees one whole checkpoint or the one before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safetensors.torch import save as save_tensors

from genworld import art
from genworld.checkpoint import history
from genworld.checkpoint.history import Keep
from genworld.checkpoint.record import (
    FORMAT,
    Blob,
    Checkpoint,
    Manifest,
    checked_name,
    digest_of,
    require_finite,
    write_manifest,
)
from genworld.errors import GenworldError
from genworld.models.base import GenerativeModel, State
from genworld.provenance import TrainingRun
from genworld.storage import sha256, write_whole


def save(
    folder: Path,
    model: GenerativeModel,
    *,
    run: TrainingRun,
    title: str = "",
    summary: str = "",
    measures: dict[str, Any] | None = None,
    resume: State | None = None,
    keep: Keep | None = None,
) -> Checkpoint:
    """Write a model into a folder whose name becomes the checkpoint's.

    Args:
        folder: made when missing; a checkpoint that is there is replaced as one.
        model: weights must be finite.
        run: how it was trained.
        title, summary: what a designer reads; from the family when empty.
        measures: figures, as plain JSON.
        resume: training state, kept beside the weights.
        keep: says of an earlier checkpoint of the folder, by its digest, whether it must stay. With it the checkpoint
            that is replaced becomes an earlier one, see `genworld.checkpoint.history`; None lets it go.

    Raises:
        GenworldError: weights that are not finite, or the disk refuses; what was there stays as it was.
    """
    name = checked_name(folder.name)
    state = {key: value.detach().cpu().contiguous() for key, value in model.state_dict().items()}
    for key, value in state.items():
        require_finite(key, value, name)
    _make_folder(folder)
    weights = _write_blob(folder, state)
    spec, config = model.spec.to_dict(), model.config.model_dump(mode="json")
    manifest = Manifest(
        format=FORMAT,
        name=name,
        title=title or name.replace("-", " ").capitalize(),
        summary=summary or model.summary,
        family=model.family,
        digest=digest_of(model.family, spec, config, weights),
        step=run.steps,
        spec=spec,
        config=config,
        weights=weights,
        resume=_write_blob(folder, resume) if resume is not None else None,
        run=run,
        measures=measures or {},
    )
    checkpoint = Checkpoint(folder, manifest)
    if checkpoint.own_art:
        art.copy_to(checkpoint.own_art, folder)
    if keep is not None:
        history.put_by(folder, checkpoint.digest)
    write_manifest(folder, manifest)
    if keep is not None:
        history.thin(checkpoint, keep)
    history.sweep(checkpoint)
    return checkpoint


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GenworldError(f"The folder {folder} cannot be made ({error.strerror}); choose another.") from error


def _write_blob(folder: Path, tensors: State) -> Blob:
    data = save_tensors(tensors)
    blob = Blob(sha256=sha256(data), bytes=len(data))
    if not (folder / blob.file).is_file():
        write_whole(folder / blob.file, data)
    return blob
