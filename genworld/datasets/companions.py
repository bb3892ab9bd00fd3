"""A single map and the files that it refers to: what has to come along when it is moved."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

from genworld import limits
from genworld.datasets.untrusted import read_file
from genworld.errors import GenworldError

MAPS = frozenset({".tmx", ".tmj", ".json", ".ldtk", ".ldtkl", ".tsx", ".tsj"})
"""Files that refer to others."""
COMPANIONS = 256
"""Files that others may refer to, at most."""
SUFFIXES = frozenset(
    {".tsx", ".tsj", ".json", ".tx", ".tj", ".ldtkl", ".png", ".gif", ".webp", ".bmp", ".jpg", ".jpeg"}
)
"""What a map may refer to: tilesets, templates, levels and pictures. Nothing else on this machine is opened for it."""
_XML_REFERENCE = re.compile(r'\b(?:source|template)\s*=\s*"([^"]{1,400})"')
_JSON_REFERENCE = re.compile(r'"(?:source|image|template|relPath|externalRelPath)"\s*:\s*"([^"]{1,400})"')


def with_companions(paths: Sequence[Path]) -> list[Path]:
    """`paths` and every file that they name by relative paths, and those name in turn.

    Raises:
        GenworldError: there are more than `COMPANIONS`.
    """
    found, waiting = dict.fromkeys(paths), list(paths)
    while waiting:
        for named in references(waiting.pop()):
            companion = named.resolve()
            if companion in found or companion.suffix.lower() not in SUFFIXES or not companion.is_file():
                continue
            if len(found) >= len(paths) + COMPANIONS:
                raise GenworldError(
                    f"The maps refer to more than {COMPANIONS} files; put them into a folder and give that."
                )
            found[companion] = None
            waiting.append(companion)
    return list(found)


def references(path: Path) -> list[Path]:
    """The files that a map or tileset names by relative paths, whether they are there or not."""
    if path.suffix.lower() not in MAPS:
        return []
    text = read_file(path, limits.TEXT_BYTES).decode("utf-8", "replace")
    pattern = _XML_REFERENCE if text.lstrip("\ufeff \r\n\t").startswith("<") else _JSON_REFERENCE
    named = dict.fromkeys(html.unescape(each).replace("\\/", "/") for each in pattern.findall(text))
    return [path.parent / each for each in named if not Path(each).is_absolute()]
