"""What a page's request is about: a sample or kept item, made again here, with its model. Importing this loads torch."""

from __future__ import annotations

from dataclasses import dataclass, replace

from genworld import sampling, shaping
from genworld.content import Level
from genworld.errors import GenworldError
from genworld.library import Draft, Item, Library
from genworld.limits import LIMITS
from genworld.mode import Mode
from genworld.models.base import CanFill, HasSurprise
from genworld.provenance import DataSource, EditOrigin, LatentOrigin, Origin, SeedOrigin, first
from genworld.sampling import LoadedModel, Sampled
from genworld.ui import boards, dresses, origins
from genworld.ui.components.part import Asked
from genworld.ui.draw import LONGEST_SECONDS, turn


@dataclass(frozen=True)
class Subject:
    """A level or sprite that is worked on.

    Args:
        sampled: it, and where it comes from.
        loaded: the model that it comes from; None when that is not on this machine any more.
        title: title of that model.
        source: the data that it learned from.
        kept: the kept item that it was opened as, if it was.
        art: digest of the art that draws it in place of the model's own.
    """

    sampled: Sampled
    loaded: LoadedModel | None
    title: str
    source: DataSource
    kept: Item | None = None
    art: str | None = None

    @property
    def level(self) -> Level:
        """The level itself."""
        return shaping.level_of(self.sampled)

    @property
    def can_fill(self) -> bool:
        """Whether its model makes parts anew."""
        return self.loaded is not None and isinstance(self.loaded.model, CanFill)

    @property
    def can_surprise(self) -> bool:
        """Whether its model says how likely each cell is."""
        return self.loaded is not None and isinstance(self.loaded.model, HasSurprise)


def of(library: Library, mode: Mode, request: Asked) -> Subject:
    """What a tile of the page stands for, by its ``origin``, and ``item`` and ``secret`` where it is kept.

    Raises:
        GenworldError: the origin is none, or out of bounds, or its model is gone and it was never kept.
    """
    kept = boards.kept_item(library, mode, request)
    return subject(origins.read(request.get("origin"), LIMITS[mode], kept), kept, dresses.wanted(request))


def subject(origin: Origin, kept: Item | None = None, art: str | None = None) -> Subject:
    """The example of an origin, made again here: what a browser says of tiles is never believed.

    Args:
        origin: read and within bounds.
        kept: the item that it was opened as; its stored tiles serve where its model is gone.
        art: digest of the art that draws it; that of the kept item when None.

    Raises:
        GenworldError: its model is not here, and it was never kept.
    """
    loaded = _model(origin, needed=kept is None)
    art = art or (dresses.art_of(kept.example) if kept else None)
    with turn():
        sampled = _made(origin, kept if loaded is None else None)
    if loaded is None:
        assert kept is not None  # noqa: S101  `_model` has raised
        return Subject(sampled, None, kept.model, kept.source, kept, art)
    return Subject(sampled, loaded, loaded.checkpoint.title, loaded.checkpoint.manifest.run.data, kept, art)


def _model(origin: Origin, *, needed: bool) -> LoadedModel | None:
    root = first(origin)
    try:
        digest = root.checkpoint if isinstance(root, SeedOrigin | LatentOrigin) else ""
        return sampling.of_digest(digest)
    except GenworldError:
        if needed:
            raise
        return None


def _made(origin: Origin, kept: Item | None) -> Sampled:
    """From the model; or from what was stored, with the cells that were painted since."""
    if kept is None:
        return Sampled(sampling.rerender(origin, LONGEST_SECONDS), origin)
    stored = Sampled(kept.example, kept.origin)
    if origin == kept.origin:
        return stored
    if not isinstance(origin, EditOrigin) or kept.origin not in (origin.parent, *_siblings(origin, kept.origin)):
        raise GenworldError(
            "The model that this level comes from is not on this machine, so nothing can be made anew in it; "
            "painting goes on from the level as it was kept."
        )
    return replace(shaping.painted(stored, origin.edits), origin=origin)


def _siblings(origin: EditOrigin, kept: Origin) -> tuple[Origin, ...]:
    """`kept`, where `origin` paints the same level and goes on from it."""
    if not isinstance(kept, EditOrigin) or kept.parent != origin.parent:
        return ()
    later = {(row, column) for row, column, _ in origin.edits}
    return (kept,) if all((row, column) in later for row, column, _ in kept.edits) else ()


def draft(subject: Subject, name: str) -> Draft:
    """A level to be kept."""
    return Draft(in_art(subject, subject.sampled).example, subject.sampled.origin, subject.title, name, subject.source)


def in_art(subject: Subject, sampled: Sampled) -> Sampled:
    """A level as it is shown and kept: in the art that was chosen for it. Models know it in their own only."""
    return replace(sampled, example=dresses.in_art(sampled.example, subject.art))
