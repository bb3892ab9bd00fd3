"""The models that the page offers, in the page's own words. Importing this loads torch."""

from __future__ import annotations

from typing import Any

from genworld import checkpoint, paths
from genworld.checkpoint import Checkpoint
from genworld.errors import GenworldError
from genworld.mode import Mode
from genworld.models import FAMILIES
from genworld.sampling import LoadedModel, open_model
from genworld.ui import tiles
from genworld.ui.folders import folder, folders


def models(mode: Mode) -> list[dict[str, Any]]:
    """The models in order; what is damaged stands among them with the reason.

    Visitors of a public page are not told what is damaged on its server.
    """
    entries = [_entry_or_fault(name) for name in folders()]
    return [one for one in entries if mode is Mode.LOCAL or "fault" not in one]


def _entry_or_fault(name: str) -> dict[str, Any]:
    try:
        return entry(on_shelf(name))
    except GenworldError as error:
        return {"name": name, "title": name, "fault": error.sentence}


def entry(found: Checkpoint) -> dict[str, Any]:
    """What the bar and the controls say about one model."""
    family, spec = FAMILIES[found.family], found.spec
    variety = family.variety
    return {
        "name": found.folder.name,
        "title": found.title,
        "summary": found.summary,
        "kind": found.kind,
        "family": family.title,
        "mine": found.mine,
        "classes": list(spec.classes),
        "exclusive": spec.exclusive,
        "rows": spec.height,
        "columns": spec.width,
        "resizable": family.resizable,
        "variety": {"name": variety.name, "low": variety.low, "high": variety.high, "default": variety.default},
        "licence": tiles.licence(found.manifest.run.data),
    }


def opened(name: str) -> LoadedModel:
    """A model of the shelf, loaded. Raises GenworldError when there is none, or its files are damaged."""
    return open_model(on_shelf(name).folder.name)


def on_shelf(name: str) -> Checkpoint:
    """The checkpoint of a name. Raises GenworldError when there is none, or its manifest is damaged."""
    place = folder(name)
    return checkpoint.read(place, mine=place.parent == paths.models_home())


def load_first() -> None:
    """Load the model that the page shows first, and with it all that loading needs."""
    for found in checkpoint.available()[:1]:
        open_model(found.folder.name)
