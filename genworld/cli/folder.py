"""A folder of samples: written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genworld import art, render
from genworld.content import Example, Level
from genworld.errors import GenworldError
from genworld.limits import MANIFEST_BYTES
from genworld.packs.own import WRITERS
from genworld.provenance import ORIGIN, in_words
from genworld.sampling import LoadedModel, Sampled
from genworld.storage import read_bounded

INDEX = "samples.json"
FORMAT = 1


def checked(folder: Path) -> Path:
    """The absolute path of a folder that may be written.

    Raises:
        GenworldError: it holds what an earlier run did not write, or it is a file.
    """
    path = folder.expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise GenworldError(f"Samples go into a folder, but {folder} is a file; choose another with --out.")
    foreign = sorted(_names(path) - _written(path))
    if foreign:
        raise GenworldError(
            f"The folder {folder} holds {foreign[0]!r}, which is not of an earlier run; choose a new folder with --out."
        )
    return path


def _names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()} if folder.is_dir() else set()


def _written(folder: Path) -> set[str]:
    """Names of the files that an earlier run wrote there."""
    if not (folder / INDEX).is_file():
        return set()
    try:
        index = json.loads(read_bounded(folder / INDEX, MANIFEST_BYTES))
        files = [name for each in index["samples"] for name in each["files"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()
    ours = index.get("format") == FORMAT and all(isinstance(name, str) for name in files)
    return {*files, INDEX} if ours else set()


def write(folder: Path, loaded: LoadedModel, made: Mapping[str, Sampled]) -> None:
    """All files of all samples, in place of an earlier run's.

    Args:
        folder: as `checked` gave it.
        loaded: the model that made them.
        made: samples by the stem of their files.

    Raises:
        GenworldError: the disk refuses, or a level cannot be drawn; what was there stays as it was.
    """
    ground = next(parent for parent in folder.parents if parent.is_dir())
    try:
        with tempfile.TemporaryDirectory(dir=ground, prefix=".genworld-") as temporary:
            fresh = Path(temporary) / "new"
            fresh.mkdir()
            entries = [_write_sample(fresh, stem, sampled) for stem, sampled in made.items()]
            (fresh / INDEX).write_text(json.dumps(_index(loaded, entries), indent=1) + "\n", encoding="utf-8")
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                shutil.move(folder, Path(temporary) / "old")
            fresh.rename(folder)
    except OSError as error:
        raise GenworldError(
            f"The samples could not be written to {folder} ({error.strerror}); free some space or choose another folder."
        ) from error


def _write_sample(folder: Path, stem: str, sampled: Sampled) -> dict[str, Any]:
    example = sampled.example
    files = level_files(example, stem, sampled) if isinstance(example, Level) else {f"{stem}.png": _png(example)}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return {"files": [*files], "digest": example.digest, "origin": ORIGIN.dump_python(sampled.origin, mode="json")}


def level_files(level: Level, stem: str, sampled: Sampled | None = None) -> dict[str, bytes]:
    """A level as a picture, as text, and as the kind of map that its model learned from, where it has one.

    Args:
        level: any.
        stem: of the file names.
        sampled: where it comes from, told in the map.
    """
    files = {f"{stem}.png": _png(level), f"{stem}.txt": level.to_text().encode()}
    own = art.of_legend(level.legend)
    if own is None or own.kind not in WRITERS:
        return files
    facts = {"origin": in_words(sampled.origin)} if sampled else {}
    maps = WRITERS[own.kind].write(level, own, stem, facts)
    return files | {Path(name).name: data for name, data in maps.items()}


def _png(example: Example) -> bytes:
    return render.png_bytes(render.picture(example))


def _index(loaded: LoadedModel, entries: list[dict[str, Any]]) -> dict[str, Any]:
    manifest = loaded.checkpoint.manifest
    return {
        "format": FORMAT,
        "model": {
            "name": manifest.name,
            "title": manifest.title,
            "family": manifest.family,
            "digest": manifest.digest,
            "data": manifest.run.data.model_dump(mode="json"),
        },
        "samples": entries,
    }
