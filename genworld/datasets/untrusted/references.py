"""Files that name other files, kept inside what was brought."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence


def resolve(reference: str, base: str, names: Sequence[str]) -> str | None:
    r"""The file of an upload that another one of it means.

    Nothing outside `names` is ever meant: a reference that leads out, or to a place of somebody's machine, finds the
    one file of the same name, or none.

    Args:
        reference: as written, relative to the file that holds it; either kind of slash.
        base: the file that holds it.
        names: all files of the upload, as in `Bundle.names`.

    >>> names = ("maps/a.tmx", "art/Walls.png", "art/b/floor.png", "old/floor.png")
    >>> resolve("../art/walls.png", "maps/a.tmx", names), resolve("C:\\pictures\\walls.png", "maps/a.tmx", names)
    ('art/Walls.png', 'art/Walls.png')
    >>> resolve("../../../floor.png", "maps/a.tmx", names) is None  # which of the two?
    True
    """
    plain = reference.replace("\\", "/")
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(base), plain))
    if wanted in names:
        return wanted
    return _only(wanted, names) or _only_called(posixpath.basename(plain), names)


def _only(wanted: str, names: Sequence[str]) -> str | None:
    """The one name that differs from `wanted` in case alone."""
    found = [name for name in names if name.casefold() == wanted.casefold()]
    return found[0] if len(found) == 1 else None


def _only_called(wanted: str, names: Sequence[str]) -> str | None:
    """The one file of this base name, in whatever folder."""
    found = [name for name in names if posixpath.basename(name).casefold() == wanted.casefold()]
    return found[0] if wanted and len(found) == 1 else None
