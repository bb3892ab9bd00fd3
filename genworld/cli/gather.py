"""Files that a person names on the command line, laid out as one set with the files they refer to."""

from __future__ import annotations

import html
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

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


@contextmanager
def gathered(places: Sequence[Path]) -> Iterator[Path]:
    """One folder or file with everything that `places` and what they refer to hold.

    One folder or zip stands for itself. Files are copied into a temporary folder, as they stand to each other, with
    the tilesets and pictures that they name by relative paths; what is missing there is for the reader to tell.

    Raises:
        GenworldError: a place that is not there, or several places of which one is a folder.
    """
    paths = [place.expanduser().resolve() for place in places]
    for place, path in zip(places, paths, strict=True):
        if not path.exists():
            raise GenworldError(f"There is no folder or file {str(place)!r}; check the path.")
    if len(paths) == 1 and (paths[0].is_dir() or paths[0].suffix.lower() not in MAPS):
        yield paths[0]
        return
    folders = [place for place, path in zip(places, paths, strict=True) if path.is_dir()]
    if folders:
        raise GenworldError(f"Several files are learned from together, but {folders[0]} is a folder; give it alone.")
    with TemporaryDirectory(prefix="genworld-") as temporary:
        yield laid_out(_with_companions(paths), Path(temporary) / paths[0].stem)


def _with_companions(paths: Sequence[Path]) -> list[Path]:
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


def laid_out(files: Sequence[Path], target: Path) -> Path:
    """Copies of `files` below `target`, standing to each other as they do where they are."""
    root = Path(os.path.commonpath([file.parent for file in files]))
    for file in files:
        place = target / file.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    return target
