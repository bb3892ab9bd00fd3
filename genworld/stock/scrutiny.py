"""What a model of a stranger must be: every file whole, known and what the manifest says, loaded once before it is seen."""

from __future__ import annotations

import math
import re
from pathlib import Path, PurePosixPath

import torch
from pydantic import ValidationError

from genworld import art, checkpoint
from genworld.checkpoint import Checkpoint
from genworld.checkpoint.history import STEPS
from genworld.content import LevelSpec
from genworld.datasets.untrusted import read_json, read_picture, read_text
from genworld.errors import GenworldError
from genworld.latent import kept
from genworld.limits import NAME_LENGTH
from genworld.measure import Report
from genworld.models import build
from genworld.render import png_bytes
from genworld.replay import files as replay
from genworld.stock import strange_art


def clean(raw: bytes, name: str, where: str) -> bytes:
    """A file as it may lie among a person's models: pictures written anew, texts that are texts, the rest as it came.

    Args:
        raw: the file.
        name: its path inside the model's folder.
        where: what a sentence calls it.

    Raises:
        GenworldError: it is not what its name says.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".png":
        return png_bytes(read_picture(raw, where))
    if suffix == ".json":
        read_json(raw, where)
    elif suffix in (".txt", ".md", ""):
        return read_text(raw, where).encode()
    elif suffix == ".safetensors" and raw[8:9] != b"{":
        raise GenworldError(f"{where} is no safetensors file; bring a zip that genworld exported.")
    return raw


def checked(folder: Path) -> Checkpoint:
    """The model in a folder of cleaned files, once all of it has been looked at.

    Raises:
        GenworldError: what is missing, changed, unknown or not what a model may be.
    """
    found = checkpoint.read(folder)
    arts = strange_art.taken_out(folder)  # loading would keep arts that nobody has looked at
    _require_loading(found)
    if found.manifest.resume is not None:
        found.load_state()
    _require_measures(found)
    _require_known_tensors(found)
    _drop_strange_fits(found)
    _require_steps(found)
    _require_replay(found)
    strange_art.put_back(found, arts)
    _require_art(found)
    return found


def _require_loading(found: Checkpoint) -> None:
    """Weights in their family: keys, shapes, types, all finite; a network larger than its weights is never made."""
    manifest = found.manifest
    with torch.device("meta"):
        model = build(found.family, found.spec, manifest.config)
    size = sum(math.prod(each.shape) * each.element_size() for each in model.state_dict().values())
    if size > manifest.weights.bytes:
        raise GenworldError(
            f"The weights of {_told(found)} have {manifest.weights.bytes:,} bytes, but its settings ask for {size:,}; "
            "bring a zip that genworld exported."
        )
    found.load()


def _require_measures(found: Checkpoint) -> None:
    try:
        if found.manifest.measures:
            Report.model_validate(found.manifest.measures)
    except ValidationError as error:
        raise GenworldError(
            f"The figures of {_told(found)} are not those of a model; bring a zip that genworld exported."
        ) from error


def _require_known_tensors(found: Checkpoint) -> None:
    """Tensors are those that a manifest names, here or among the earlier steps."""
    named = {
        blob.file for each in (found, *_steps(found)) for blob in (each.manifest.weights, each.manifest.resume) if blob
    }
    for path in found.folder.glob("*.safetensors"):
        if re.fullmatch(r"[0-9a-f]{64}", path.stem) and path.name not in named:
            raise GenworldError(
                f"{path.name[:12]}... belongs to nothing in {_told(found)}; bring a zip that genworld exported."
            )


def _drop_strange_fits(found: Checkpoint) -> None:
    """What was fitted to another checkpoint, or is damaged, is made anew where it is wanted; it needs no place here."""
    for path in (found.folder / kept.FOLDER).glob(f"*{kept.SUFFIX}"):
        if kept.read(path, found.digest) is None:
            path.unlink()


def _steps(found: Checkpoint) -> list[Checkpoint]:
    return [checkpoint.of_folder(found.folder, path.stem) for path in sorted((found.folder / STEPS).glob("*.json"))]


def _require_steps(found: Checkpoint) -> None:
    """Earlier checkpoints are of the same family and content, and as whole as the present one."""
    for step in _steps(found):
        if (step.family, step.manifest.spec) != (found.family, found.manifest.spec):
            raise GenworldError(
                f"An earlier step of {_told(found)} is of another model; bring a zip that genworld exported."
            )
        _require_loading(step)


def _require_replay(found: Checkpoint) -> None:
    """A replay is one that can be shown; where there is none, nothing pretends to be its frames."""
    there = any((found.folder / name).is_file() for name in (replay.JSON, replay.BLOB))
    if there and replay.read(found.folder, found.spec) is None:
        raise GenworldError(f"The replay of {_told(found)} is damaged; bring a zip that genworld exported.")


def _require_art(found: Checkpoint) -> None:
    """A model whose levels are drawn with somebody's art comes with that art, or it is here."""
    tileset = found.spec.legend.tileset if isinstance(found.spec, LevelSpec) else ""
    digest = tileset.removeprefix(art.PREFIX)
    if tileset.startswith(art.PREFIX) and not (found.folder / f"{digest}.art").is_file():
        art.get(tileset)


def _told(found: Checkpoint) -> str:
    return ascii(found.title[:NAME_LENGTH])
