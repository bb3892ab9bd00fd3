"""What a person calls their models: the title that they read, and the name that commands take."""

from __future__ import annotations

from pathlib import Path

from genworld import card, checkpoint
from genworld.checkpoint import Checkpoint
from genworld.errors import GenworldError
from genworld.library.names import checked
from genworld.stock import own


def rename(name: str, title: str | None = None, *, to: str | None = None) -> Checkpoint:
    """Give one of a person's own models another title, another name, or both. Renaming it back undoes it.

    What was made with it stays as it is: origins name its digest, which does not change.

    Args:
        name: of the model now.
        title: what a designer reads; None leaves it.
        to: the name that commands take; None leaves it.

    Raises:
        GenworldError: neither a title nor a name came, one does not fit, the name is taken, the model came with
            genworld, is being trained or cannot be read, or the disk refuses.
    """
    if title is None and to is None:
        raise GenworldError(f"A new title or a new name for {name} was expected, but neither came; give one.")
    shown = None if title is None else checked(title, "A model")
    folder = own.folder(name)
    own.require_idle(name)
    before = checkpoint.read(folder, mine=True)
    place = folder if to is None or to == name else _moved(folder, to)
    manifest = before.manifest.model_copy(update={"name": place.name, "title": shown or before.title})
    checkpoint.write_manifest(place, manifest)
    made = checkpoint.read(place, mine=True)
    card.rewrite(made)
    return made


def _moved(folder: Path, to: str) -> Path:
    place = checkpoint.models_home() / checkpoint.checked_name(to)
    taken = GenworldError(f"There is another model called {to} already; choose another name.")
    if any(each.name == to for each in checkpoint.available()):
        raise taken
    try:
        if not own.moved(folder, place):
            raise taken
    except OSError as error:
        raise GenworldError(f"{folder.name} could not be renamed ({error.strerror}); try again.") from error
    return place
