"""Files that a person names on the command line, laid out as one set with the files they refer to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from genworld.datasets.companions import MAPS, with_companions
from genworld.datasets.store import SCHEME
from genworld.errors import GenworldError


@contextmanager
def gathered(places: Sequence[Path]) -> Iterator[Path]:
    """One folder or file with everything that `places` and what they refer to hold.

    One folder or zip stands for itself, and so does kept data (``data:NAME``). Files are copied into a temporary
    folder, as they stand to each other, with the tilesets and pictures that they name by relative paths; what is
    missing there is for the reader to tell.

    Raises:
        GenworldError: a place that is not there, or several places of which one is a folder.
    """
    if len(places) == 1 and str(places[0]).startswith(f"{SCHEME}:"):
        yield places[0]
        return
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
        yield laid_out(with_companions(paths), Path(temporary) / paths[0].stem)


def laid_out(files: Sequence[Path], target: Path) -> Path:
    """Copies of `files` below `target`, standing to each other as they do where they are."""
    root = Path(os.path.commonpath([file.parent for file in files]))
    for file in files:
        place = target / file.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    return target
