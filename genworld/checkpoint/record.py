"""One checkpoint: its manifest, and its weights when they are needed."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from pydantic import Field, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor

from genworld import art, limits
from genworld.content import LevelSpec, Spec, spec_from_dict
from genworld.errors import GenworldError
from genworld.models import build, configure, family, first_fault
from genworld.models.base import GenerativeModel, State
from genworld.paths import MANIFEST, PRIVATE
from genworld.provenance import Digest, Record, TrainingRun
from genworld.storage import read_bounded, sha256, write_whole

FORMAT = 1
CARD = "README.md"
PREVIEW = "preview.png"

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


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
    def free_sides(self) -> tuple[bool, bool]:
        """Whether samples may have any number of rows, and of columns."""
        chosen = family(self.family)
        return chosen.free_sides(self.spec, configure(self.family, self.manifest.config))

    @property
    def makes(self) -> str:
        """What it makes, in words: levels of any size, or of any length, or things of one size."""
        match self.free_sides:
            case True, True:
                return f"{self.kind}s of any size"
            case True, False:
                return f"{self.kind}s of {self.spec.width} columns and any number of rows"
            case False, True:
                return f"{self.kind}s of {self.spec.height} rows and any number of columns"
        return f"{self.kind}s"

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
    def own_art(self) -> str | None:
        """What names the art of a person's own project, where its levels are drawn with one."""
        tileset = self.spec.legend.tileset if isinstance(self.spec, LevelSpec) else ""
        return tileset if tileset.startswith(art.PREFIX) else None

    def load(self) -> GenerativeModel:
        """The model, ready to sample.

        Raises:
            GenworldError: a file is missing, truncated or changed, or does not fit the family.
        """
        model = build(self.family, self.spec, self.manifest.config)
        if self.own_art:
            art.adopt(self.folder)
        _put(model, self._tensors(self.manifest.weights), self.name)
        if (
            digest_of(self.manifest.family, self.manifest.spec, self.manifest.config, self.manifest.weights)
            != self.digest
        ):
            raise damaged(self.name, "its digest does not match what it holds")
        return model.eval().requires_grad_(False)

    def load_state(self) -> State:
        """What resuming its training needs. Raises GenworldError when it holds none."""
        if self.manifest.resume is None:
            raise GenworldError(f"Checkpoint {self.name!r} holds no training state; train it anew instead of resuming.")
        return self._tensors(self.manifest.resume)

    def _tensors(self, blob: Blob) -> State:
        data = read_bounded(self.folder / blob.file, limits.CHECKPOINT_FILE_BYTES)
        if len(data) != blob.bytes or sha256(data) != blob.sha256:
            raise damaged(self.name, f"{blob.file[:12]}... is not the file that its manifest names")
        try:
            return load_tensors(data)
        except SafetensorError as error:
            raise damaged(self.name, str(error)) from error


def damaged(name: str, why: str) -> GenworldError:
    """The error for a checkpoint that is not what its manifest tells."""
    return GenworldError(f"Checkpoint {name!r} is damaged ({why}); take it from its source again.")


def _put(model: GenerativeModel, tensors: State, name: str) -> None:
    """Weights into a model: exactly its keys, shapes and types, all finite."""
    model.reserve(tensors)
    wanted = model.state_dict()
    odd = sorted(wanted.keys() ^ tensors.keys())
    if odd:
        raise damaged(name, f"{len(odd)} names differ from what the family has, the first is {odd[0]!r}")
    for key, value in tensors.items():
        if value.shape != wanted[key].shape or value.dtype != wanted[key].dtype:
            raise damaged(
                name,
                f"{key!r} is {value.dtype} {tuple(value.shape)}, not {wanted[key].dtype} {tuple(wanted[key].shape)}",
            )
        require_finite(key, value, name)
    model.load_state_dict(tensors)
    model.check()


def require_finite(key: str, value: Tensor, name: str) -> None:
    """Raises GenworldError where weights are not finite."""
    if value.is_floating_point() and not bool(torch.isfinite(value).all()):
        raise GenworldError(
            f"Checkpoint {name!r} holds numbers in {key!r} that are not finite; go back to an earlier checkpoint."
        )


def digest_of(family: str, spec: dict[str, Any], config: dict[str, Any], weights: Blob) -> str:
    """SHA-256 over what sampling needs."""
    text = json.dumps(
        [FORMAT, family, spec, config, weights.sha256], sort_keys=True, ensure_ascii=True, separators=(",", ":")
    )
    return sha256(text.encode())


def checked_name(name: str) -> str:
    """A name fit for a folder: small letters, digits and hyphens."""
    if not _NAME.fullmatch(name):
        raise GenworldError(
            f"A model is named with 1 to 40 small letters, digits and hyphens, but {name!r} came; choose such a name."
        )
    return name


def parsed(raw: bytes, folder: Path, *, mine: bool) -> Checkpoint:
    """The checkpoint of a manifest's bytes. Raises GenworldError when they are not understood."""
    try:
        found = json.loads(raw)
        if isinstance(found, dict) and found.get("format") != FORMAT:
            raise GenworldError(
                f"Checkpoint {folder.name!r} has format {found.get('format')!r}, but this genworld reads format {FORMAT}; update genworld."
            )
        manifest = Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise damaged(folder.name, first_fault(error)) from error
    except (ValueError, RecursionError) as error:
        raise damaged(folder.name, "its manifest is not JSON") from error
    if mine and _NAME.fullmatch(folder.name):  # a person's folder was renamed, and its manifest not yet
        manifest = manifest.model_copy(update={"name": folder.name})
    checkpoint = Checkpoint(folder, manifest, mine)
    _ = checkpoint.spec  # refuse now what could not be built later
    return checkpoint


def read(folder: Path, *, mine: bool = False) -> Checkpoint:
    """The checkpoint in a folder. Raises GenworldError when there is none or its manifest is not understood."""
    return parsed(read_bounded(folder / MANIFEST, limits.MANIFEST_BYTES), folder, mine=mine)


def saved_in(folder: Path, *, mine: bool = False) -> Checkpoint | None:
    """The checkpoint in a folder, or None where nothing was saved yet. Raises GenworldError as `read` does."""
    return read(folder, mine=mine) if (folder / MANIFEST).is_file() else None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The step that makes a checkpoint visible: one rename."""
    write_whole(folder / MANIFEST, in_bytes(manifest))


def in_bytes(manifest: Manifest) -> bytes:
    """A manifest as it is stored."""
    return (manifest.model_dump_json(indent=1) + "\n").encode()
