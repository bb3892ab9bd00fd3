"""Checkpoints: a folder to a model and back. Atomic, hashed, no pickle.

``manifest.json`` names content-hashed files ``<sha256>.safetensors``. Blobs are written first and
the manifest last, so a reader sees one whole checkpoint or the one before. Readers trust only the
manifest and check every digest.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from pydantic import Field, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from genworld import art, limits, paths
from genworld.content import LevelSpec, Spec, spec_from_dict
from genworld.errors import GenworldError, unknown
from genworld.models import build, first_fault
from genworld.models.base import GenerativeModel, State
from genworld.provenance import Digest, Record, TrainingRun
from genworld.storage import read_bounded, sha256, write_whole

FORMAT = 1
MANIFEST = "manifest.json"
CARD = "README.md"
PREVIEW = "preview.png"
PRIVATE = "yours-"
"""How the names of visitors' models start: they are found by their whole name, which is a secret, and never listed."""

_log = logging.getLogger(__name__)


class Blob(Record):
    """A content-hashed file of a checkpoint."""

    sha256: Digest
    bytes: int = Field(ge=1, le=limits.CHECKPOINT_FILE_BYTES)

    @property
    def file(self) -> str:
        return f"{self.sha256}.safetensors"


class Manifest(Record):
    """All that is known of a checkpoint; `digest` covers what sampling needs and nothing else."""

    format: int
    name: str
    title: str
    summary: str
    family: str
    digest: Digest
    step: int = Field(ge=0)
    spec: dict[str, Any]
    config: dict[str, Any]
    weights: Blob
    resume: Blob | None = None
    run: TrainingRun
    measures: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk whose manifest was read and understood; weights are read by `load`."""

    folder: Path
    manifest: Manifest
    mine: bool = False

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def told_name(self) -> str:
        """What origins and packs call it: its name; its title where the name is a visitor's secret."""
        return self.title if self.folder.name.startswith(PRIVATE) else self.name

    @property
    def title(self) -> str:
        return self.manifest.title

    @property
    def summary(self) -> str:
        return self.manifest.summary

    @property
    def family(self) -> str:
        return self.manifest.family

    @property
    def digest(self) -> str:
        return self.manifest.digest

    @cached_property
    def spec(self) -> Spec:
        return spec_from_dict(self.manifest.spec)

    @property
    def kind(self) -> str:
        """``"level"`` or ``"sprite"``."""
        return self.spec.kind

    @property
    def preview(self) -> Path | None:
        """A picture of samples, where there is one."""
        return self._if_there(PREVIEW)

    @property
    def card(self) -> Path | None:
        """The model card, where there is one."""
        return self._if_there(CARD)

    def _if_there(self, name: str) -> Path | None:
        path = self.folder / name
        return path if path.is_file() else None

    @property
    def _own_art(self) -> str | None:
        """What names the art of a person's own project, where its levels are drawn with one."""
        tileset = self.spec.legend.tileset if isinstance(self.spec, LevelSpec) else ""
        return tileset if tileset.startswith(art.PREFIX) else None

    def load(self) -> GenerativeModel:
        """The model, ready to sample.

        Raises:
            GenworldError: a file is missing, truncated or changed, or does not fit the family.
        """
        model = build(self.family, self.spec, self.manifest.config)
        if self._own_art:
            art.adopt(self.folder)
        _put(model, self._tensors(self.manifest.weights), self.name)
        if (
            _digest(self.manifest.family, self.manifest.spec, self.manifest.config, self.manifest.weights)
            != self.digest
        ):
            raise _damaged(self.name, "its digest does not match what it holds")
        return model.eval().requires_grad_(False)

    def load_state(self) -> State:
        """What resuming its training needs. Raises GenworldError when it holds none."""
        if self.manifest.resume is None:
            raise GenworldError(f"Checkpoint {self.name!r} holds no training state; train it anew instead of resuming.")
        return self._tensors(self.manifest.resume)

    def _tensors(self, blob: Blob) -> State:
        data = read_bounded(self.folder / blob.file, limits.CHECKPOINT_FILE_BYTES)
        if len(data) != blob.bytes or sha256(data) != blob.sha256:
            raise _damaged(self.name, f"{blob.file[:12]}... is not the file that its manifest names")
        try:
            return load_tensors(data)
        except SafetensorError as error:
            raise _damaged(self.name, str(error)) from error


def _damaged(name: str, why: str) -> GenworldError:
    return GenworldError(f"Checkpoint {name!r} is damaged ({why}); take it from its source again.")


def _put(model: GenerativeModel, tensors: State, name: str) -> None:
    """Weights into a model: exactly its keys, shapes and types, all finite."""
    model.reserve(tensors)
    wanted = model.state_dict()
    odd = sorted(wanted.keys() ^ tensors.keys())
    if odd:
        raise _damaged(name, f"{len(odd)} names differ from what the family has, the first is {odd[0]!r}")
    for key, value in tensors.items():
        if value.shape != wanted[key].shape or value.dtype != wanted[key].dtype:
            raise _damaged(
                name,
                f"{key!r} is {value.dtype} {tuple(value.shape)}, not {wanted[key].dtype} {tuple(wanted[key].shape)}",
            )
        _require_finite(key, value, name)
    model.load_state_dict(tensors)
    model.check()


def _require_finite(key: str, value: Tensor, name: str) -> None:
    if value.is_floating_point() and not bool(torch.isfinite(value).all()):
        raise GenworldError(
            f"Checkpoint {name!r} holds numbers in {key!r} that are not finite; go back to an earlier checkpoint."
        )


def _digest(family: str, spec: dict[str, Any], config: dict[str, Any], weights: Blob) -> str:
    text = json.dumps(
        [FORMAT, family, spec, config, weights.sha256], sort_keys=True, ensure_ascii=True, separators=(",", ":")
    )
    return sha256(text.encode())


def save(
    folder: Path,
    model: GenerativeModel,
    *,
    run: TrainingRun,
    title: str = "",
    summary: str = "",
    measures: dict[str, Any] | None = None,
    resume: State | None = None,
) -> Checkpoint:
    """Write a model into a folder whose name becomes the checkpoint's.

    Args:
        folder: made when missing; a checkpoint that is there is replaced as one.
        model: weights must be finite.
        run: how it was trained.
        title, summary: what a designer reads; from the family when empty.
        measures: figures, as plain JSON.
        resume: training state, kept beside the weights.

    Raises:
        GenworldError: weights that are not finite, or the disk refuses; what was there stays as it was.
    """
    name = checked_name(folder.name)
    state = {key: value.detach().cpu().contiguous() for key, value in model.state_dict().items()}
    for key, value in state.items():
        _require_finite(key, value, name)
    _make_folder(folder)
    weights = _write_blob(folder, state)
    spec, config = model.spec.to_dict(), model.config.model_dump(mode="json")
    manifest = Manifest(
        format=FORMAT,
        name=name,
        title=title or name.replace("-", " ").capitalize(),
        summary=summary or model.summary,
        family=model.family,
        digest=_digest(model.family, spec, config, weights),
        step=run.steps,
        spec=spec,
        config=config,
        weights=weights,
        resume=_write_blob(folder, resume) if resume is not None else None,
        run=run,
        measures=measures or {},
    )
    checkpoint = Checkpoint(folder, manifest)
    if checkpoint._own_art:
        art.copy_to(checkpoint._own_art, folder)
    write_manifest(folder, manifest)
    _sweep(folder, manifest)
    return checkpoint


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The step that makes a checkpoint visible: one rename."""
    write_whole(folder / MANIFEST, (manifest.model_dump_json(indent=1) + "\n").encode())


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


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove blobs of the checkpoint that was replaced."""
    used = {blob.file for blob in (manifest.weights, manifest.resume) if blob is not None}
    for path in folder.glob("*.safetensors"):
        if re.fullmatch(r"[0-9a-f]{64}\.safetensors", path.name) and path.name not in used:
            path.unlink(missing_ok=True)


def checked_name(name: str) -> str:
    """A name fit for a folder: small letters, digits and hyphens."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name):
        raise GenworldError(
            f"A model is named with 1 to 40 small letters, digits and hyphens, but {name!r} came; choose such a name."
        )
    return name


def read(folder: Path, *, mine: bool = False) -> Checkpoint:
    """The checkpoint in a folder. Raises GenworldError when there is none or its manifest is not understood."""
    raw = read_bounded(folder / MANIFEST, limits.MANIFEST_BYTES)
    try:
        found = json.loads(raw)
        if isinstance(found, dict) and found.get("format") != FORMAT:
            raise GenworldError(
                f"Checkpoint {folder.name!r} has format {found.get('format')!r}, but this genworld reads format {FORMAT}; update genworld."
            )
        manifest = Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise _damaged(folder.name, first_fault(error)) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(folder.name, "its manifest is not JSON") from error
    if mine and _is_name(folder.name):  # a person's folder was renamed, and its manifest not yet
        manifest = manifest.model_copy(update={"name": folder.name})
    checkpoint = Checkpoint(folder, manifest, mine)
    _ = checkpoint.spec  # refuse now what could not be built later
    return checkpoint


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
    """The checkpoint of a digest, whatever its name. Raises GenworldError when it is not here."""
    known = _folder_of.get(digest)
    if known is not None and known.parent in (models_home(), paths.shipped("checkpoints")):
        with suppress(GenworldError):
            checkpoint = read(known, mine=known.parent == models_home())
            if checkpoint.digest == digest:
                return checkpoint
    for checkpoint in chain(available(), _private()):
        if checkpoint.digest == digest:
            _folder_of[digest] = checkpoint.folder
            return checkpoint
    raise GenworldError(
        f"The model with digest {digest[:12]}... that made this is not on this machine; what was kept stays, but it cannot be made again."
    )
