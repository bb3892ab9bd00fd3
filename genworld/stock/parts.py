"""The files that a model is made of, by name: what is taken along, and what is let in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from genworld import limits
from genworld.card import SHEET
from genworld.checkpoint import CARD, MANIFEST, PREVIEW, Checkpoint
from genworld.checkpoint.history import STEPS
from genworld.latent.kept import FILE_BYTES, FOLDER

TEXT_BYTES = limits.MIB
_DIGEST = "[0-9a-f]{64}"


@dataclass(frozen=True)
class Part:
    """A kind of file of a model.

    Args:
        name: pattern of its path inside the model's folder.
        most: bytes that it may have.
        resumable: whether it serves to go on with the training, or to go back in it, alone.
    """

    name: str
    most: int
    resumable: bool = False


PARTS = (
    Part(re.escape(MANIFEST), limits.MANIFEST_BYTES),
    Part(rf"{_DIGEST}\.safetensors", limits.CHECKPOINT_FILE_BYTES),
    Part(rf"{_DIGEST}\.art", limits.ART_BYTES),
    Part(re.escape(CARD), TEXT_BYTES),
    Part(r"(LICENCE|LICENSE|NOTICE)(-[A-Za-z0-9-]{1,40})?(\.txt|\.md)?", TEXT_BYTES),
    Part(rf"{re.escape(PREVIEW)}|{re.escape(SHEET)}", limits.ZIP_MEMBER_BYTES),
    Part(rf"{FOLDER}/[a-z0-9][a-z0-9-]{{0,79}}\.safetensors", FILE_BYTES),
    Part(r"replay\.(json|safetensors)", 2 * limits.ZIP_MEMBER_BYTES),
    Part(rf"{STEPS}/{_DIGEST}\.json", limits.MANIFEST_BYTES, resumable=True),
)


def part_of(name: str) -> Part | None:
    """What a file is to a model; None when it is no part of one.

    >>> part_of("preview.png").most // 2**20, part_of("../preview.png"), part_of("steps/weights.bin")
    (8, None, None)
    """
    return next((part for part in PARTS if re.fullmatch(part.name, name, re.ASCII)), None)


def files(checkpoint: Checkpoint, *, resumable: bool = False) -> dict[str, Path]:
    """The files of a model by their path inside its folder, sorted; what is no part of it is left out.

    Args:
        checkpoint: the model.
        resumable: with what it takes to go on with its training and to go back to earlier steps.
    """
    root = checkpoint.folder
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if _is_plain(path))
    spare = set() if resumable else _spare(checkpoint, names)
    return {name: root / name for name in names if _wanted(name, resumable) and name not in spare}


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _wanted(name: str, resumable: bool) -> bool:
    part = part_of(name)
    return part is not None and (resumable or not part.resumable)


def _spare(checkpoint: Checkpoint, names: list[str]) -> set[str]:
    """Tensors that sampling does not need: those of the training and of earlier steps."""
    blobs = {name for name in names if re.fullmatch(rf"{_DIGEST}\.safetensors", name)}
    return blobs - {checkpoint.manifest.weights.file}
