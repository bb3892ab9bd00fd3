"""Packs: what a person takes home. One file for each format, all with a manifest and a README."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from genworld.errors import GenworldError, unknown
from genworld.finishing import Palette
from genworld.library import Item
from genworld.library.names import checked
from genworld.packs.archive import zip_bytes
from genworld.packs.into import belonging, has_original, of_projects, original_of, plan, write_into
from genworld.packs.locking import in_palette
from genworld.packs.manifest import manifest, readme
from genworld.packs.pack import PackFormat
from genworld.packs.projects import OWN
from genworld.packs.slugs import slug
from genworld.packs.tiled import TILED
from genworld.storage import write_whole

__all__ = [
    "FORMATS",
    "PackFormat",
    "belonging",
    "export",
    "has_original",
    "of_projects",
    "original_of",
    "plan",
    "write_into",
]

FORMATS: dict[str, PackFormat] = {each.name: each for each in (TILED, OWN)}


def export(
    items: Sequence[Item],
    *,
    name: str,
    format: str,  # noqa: A002
    folder: Path,
    palette: Palette | None = None,
) -> Path:
    """Writes a pack: all of it or nothing.

    Args:
        items: what goes in, in this order.
        name: of the pack; the file is called after it.
        format: a key of `FORMATS`.
        folder: where the zip goes; made when missing. A pack of the same name is replaced.
        palette: in whose colours sprites are drawn; as they were kept when None.

    Returns:
        The path of the zip.

    Raises:
        GenworldError: nothing to export, an unknown format, a name that shows nothing, a folder that cannot be written.
    """
    if format not in FORMATS:
        raise unknown("pack format", str(format), FORMATS)
    if not items:
        raise GenworldError("A pack needs at least one item, but nothing is kept; keep a sample first.")
    kind, title = FORMATS[format], checked(name, "A pack")
    items = items if palette is None else [in_palette(item, palette) for item in items]
    contents = kind.write(items)
    text = readme(items, contents, name=title, kind=kind)
    contents = replace(contents, files={**contents.files, "README.txt": text})
    created = datetime.now(UTC).isoformat(timespec="seconds")
    about = manifest(items, contents, name=title, kind=kind, created=created)
    stem = slug(title, "pack")
    return _written(folder / f"{stem}.zip", zip_bytes(stem, {**contents.files, "manifest.json": about}))


def _written(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GenworldError(
            f"The pack should go to {path.parent}, but that folder cannot be made ({error.strerror}); choose another."
        ) from error
    write_whole(path, data)
    return path
