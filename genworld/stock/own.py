"""The folders of a person's own models: found by name, and moved as one. Knows no torch."""

from __future__ import annotations

from pathlib import Path

from genworld import paths
from genworld.errors import GenworldError, unknown
from genworld.library import Library
from genworld.library.job import State
from genworld.library.shelf import FILE
from genworld.storage import sync_folder

UNFINISHED = (State.QUEUED, State.RUNNING, State.PAUSED)


def folder(name: str) -> Path:
    """The folder of one of a person's own models; what is in it may be damaged. A path is no name.

    Raises:
        GenworldError: there is no such model, or it came with genworld.
    """
    found = {path.name: path for path in paths.models_home().glob("[!.]*/") if path.is_dir()}
    if name in found:
        return found[name]
    bundled = [path.name for path in paths.shipped("checkpoints").glob("[!.]*/")]
    if name in bundled:
        raise GenworldError(f"Only models of your own are renamed or removed, but {name} came with genworld.")
    raise unknown("model", name, [*bundled, *(each for each in found if not each.startswith(paths.PRIVATE))])


def require_idle(name: str) -> None:
    """Refuse what cannot be done to a model that a training goes on writing to. Raises GenworldError."""
    if not (paths.home() / FILE).is_file():
        return
    with Library.open() as library:
        if any(job.model == name and job.state in UNFINISHED for job in library.jobs.all()):
            raise GenworldError(f"{name} is being trained; let its training finish, or cancel it first.")


def moved(source: Path, target: Path) -> bool:
    """Rename a folder; False where something has its name already.

    The name is taken before anything moves, so that of two who want it one has it.

    Raises:
        OSError: the disk refuses; the folder is where it was.
    """
    try:
        target.mkdir()
    except FileExistsError:
        return False
    try:
        source.replace(target)
    except OSError:
        target.rmdir()
        raise
    sync_folder(target.parent)
    return True
