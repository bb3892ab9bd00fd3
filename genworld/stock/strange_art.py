"""Art of strangers: what draws a model's levels and is written beside them when they are exported.

It is let in when every part of it is what it says, every tile of the legend can be drawn, and the files that it would
lay beside a person's levels are tilesets, maps and pictures, and nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path, PurePosixPath

from genworld import limits
from genworld.art import Art
from genworld.art.store import SUFFIX, from_bytes
from genworld.checkpoint import Checkpoint
from genworld.content import LevelSpec
from genworld.datasets.untrusted import PICTURE_SUFFIXES, read_json, read_picture, read_xml
from genworld.errors import GenworldError
from genworld.packs.own import WRITERS
from genworld.storage import write_whole

MEMBERS = 6_000
LARGEST_TILE = 1024
"""Pixels of a side."""
_XML, _JSON = frozenset({".tmx", ".tsx", ".tx", ".xml"}), frozenset({".tmj", ".tsj", ".tj", ".json", ".ldtk", ".world"})

Arts = dict[str, bytes]
"""Files of arts by their digest."""


def taken_out(folder: Path) -> Arts:
    """The arts in a folder, which are not there afterwards."""
    found = {path.stem: path.read_bytes() for path in sorted(folder.glob(f"*{SUFFIX}"))}
    for digest in found:
        (folder / f"{digest}{SUFFIX}").unlink()
    return found


def put_back(found: Checkpoint, arts: Arts) -> None:
    """Lay arts beside the model that they belong to, each once it has been looked at.

    Raises:
        GenworldError: an art of something else, or one that could not be verified.
    """
    tileset = found.spec.legend.tileset if isinstance(found.spec, LevelSpec) else ""
    for digest, raw in arts.items():
        if tileset != f"art:{digest}":
            raise GenworldError(
                f"Art {digest[:12]}... belongs to no level of this model; bring a zip that genworld exported."
            )
        _verify(raw, digest, found)
        write_whole(found.folder / f"{digest}{SUFFIX}", raw)


def _verify(raw: bytes, digest: str, found: Checkpoint) -> None:
    try:
        _look_inside(raw)
        art = from_bytes(raw, digest)
        for path, data in WRITERS[art.kind].beside(art).items():
            _require_harmless(path, data)
        _draw_all(art, found)
    except Exception as error:  # what strangers wrote fails in nearly every way
        why = f" ({error.sentence})" if isinstance(error, GenworldError) else ""
        raise GenworldError(
            f"The art that comes with this model could not be verified{why}; bring a zip that genworld exported, or learn "
            "from the map itself."
        ) from error


def _look_inside(raw: bytes) -> None:
    """Bounds and plain names, before anything is unpacked; JSON without its traps."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if (
            len(names) != len(members)
            or len(names) > MEMBERS
            or sum(each.file_size for each in members) > limits.ART_BYTES
        ):
            raise GenworldError("It holds too much, or a file twice.")
        for member in members:
            if not re.fullmatch(r"[a-z0-9.-]{1,80}", member.filename) or member.compress_type != zipfile.ZIP_STORED:
                raise GenworldError("It holds a file that no art has.")
            if member.filename.endswith(".json"):
                read_json(archive.read(member), member.filename, limits.TEXT_BYTES)


def _require_harmless(path: str, data: bytes) -> None:
    """A file that would be laid into a person's project: by name and content a map, a tileset or a picture."""
    plain, suffix = PurePosixPath(path), PurePosixPath(path).suffix.lower()
    where = ascii(path[: limits.NAME_LENGTH])
    if any(part.startswith(".") for part in plain.parts):
        raise GenworldError(f"It would lay the hidden file {where} into a project.")
    if suffix in PICTURE_SUFFIXES:
        read_picture(data, where)
    elif suffix in _JSON or (suffix in _XML and data[:1] == b"{"):
        read_json(data, where, limits.TEXT_BYTES)
    elif suffix in _XML:
        read_xml(data, where)
    else:
        raise GenworldError(f"It would lay {where} into a project, which is no map, tileset or picture.")


def _draw_all(art: Art, found: Checkpoint) -> None:
    if max(art.tile) > LARGEST_TILE or min(art.tile) < 1:
        raise GenworldError(f"Its tiles have {art.tile[1]} x {art.tile[0]} pixels.")
    if isinstance(found.spec, LevelSpec):
        for tile in range(len(found.spec.legend.tiles)):
            art.tile_picture(tile)
