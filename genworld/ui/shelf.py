"""The models that the page offers, in the page's own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from genworld import checkpoint, paths
from genworld.checkpoint import Checkpoint
from genworld.errors import GenworldError, unknown
from genworld.limits import LIMITS, MAX_SEED
from genworld.mode import Mode
from genworld.models import FAMILIES
from genworld.provenance import DataSource
from genworld.sampling import LoadedModel, open_model
from genworld.ui.pictures import data_uri


def contents(mode: Mode) -> dict[str, Any]:
    """The models in order, what is damaged and why, and the bounds of the controls.

    Visitors of a public page are not told what is damaged on its server.
    """
    limits = LIMITS[mode]
    entries = [_entry_or_fault(name) for name in folders()]
    return {
        "models": [one for one in entries if mode is Mode.LOCAL or "fault" not in one],
        "limits": {"count": limits.sample_count, "side": limits.level_side, "seed": MAX_SEED},
    }


def folders() -> dict[str, Path]:
    """Where the checkpoint of each name is: bundled ones first, each replaced by a person's own of the same name."""
    roots = (paths.shipped("checkpoints"), checkpoint.models_home())
    return {path.name: path for root in roots for path in sorted(root.glob("[!.]*/")) if path.is_dir()}


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
        "licence": licence(found.manifest.run.data),
    }


def licence(source: DataSource) -> str:
    """A licence, and what it means for somebody who sells a game."""
    sellable = {True: "may be sold", False: "must not be sold", None: "nobody said whether it may be sold"}
    credit = f"; credit: {source.credit}" if source.credit else ""
    return f"{source.licence}, {sellable[source.sellable]}{credit}"


def preview(name: str) -> dict[str, Any]:
    """The contact sheet of a model as a data URI, or None where it has none."""
    path = on_shelf(name).preview
    return {"picture": data_uri(path.read_bytes()) if path else None}


def opened(name: str) -> LoadedModel:
    """A model of the shelf, loaded. Raises GenworldError when there is none, or its files are damaged."""
    return open_model(on_shelf(name).folder.name)


def on_shelf(name: str) -> Checkpoint:
    """The checkpoint of a name. A path is no name: what a browser sends never leads to a file elsewhere.

    Raises:
        GenworldError: there is none (tells the nearest name), or its manifest is damaged.
    """
    found = folders()
    if name not in found:
        raise unknown("model", name, found)
    return checkpoint.read(found[name], mine=found[name].parent == checkpoint.models_home())


def load_first() -> None:
    """Load the model that the page shows first, and with it all that loading needs."""
    for found in checkpoint.available()[:1]:
        open_model(found.folder.name)
