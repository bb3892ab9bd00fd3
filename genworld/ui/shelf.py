"""The models that the page offers, in the page's own words. Importing this loads torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from genworld import checkpoint, paths
from genworld.checkpoint import Checkpoint
from genworld.checkpoint.history import STEPS
from genworld.content import LevelSpec
from genworld.errors import GenworldError
from genworld.limits import LIMITS, Limits
from genworld.mode import Mode
from genworld.models import FAMILIES
from genworld.models.base import LatentModel
from genworld.sampling import SMALLEST_SIDE, LoadedModel, open_model
from genworld.sampling import opened as sampled_from
from genworld.ui import legends, tiles
from genworld.ui.asked import Wish
from genworld.ui.folders import folder, folders, is_private


def models(mode: Mode, mine: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The models in order; what is damaged stands among them with the reason.

    Visitors of a public page are not told what is damaged on its server.

    Args:
        mode: who asks.
        mine: names of the visitor's own models, which are listed nowhere; those that are gone are left out.
    """
    private = [name for name in mine if is_private(name) and (paths.models_home() / name).is_dir()]
    entries = [_entry_or_fault(name, mode) for name in (*folders(), *private)]
    return [one for one in entries if mode is Mode.LOCAL or "fault" not in one]


def _entry_or_fault(name: str, mode: Mode) -> dict[str, Any]:
    try:
        return entry(on_shelf(name), mode)
    except GenworldError as error:
        own = mode is Mode.LOCAL and folder(name).parent == paths.models_home()
        return {"name": name, "title": name, "fault": error.sentence, "mine": own}


def entry(found: Checkpoint, mode: Mode) -> dict[str, Any]:
    """What the bar and the controls say about one model, in a mode."""
    family, spec = FAMILIES[found.family], found.spec
    variety = family.variety
    rows, columns = _usual_size(found, LIMITS[mode])
    return {
        "name": found.folder.name,
        "title": found.title,
        "summary": found.summary,
        "kind": found.kind,
        "family": family.title,
        "digest": found.digest,
        "earlier": _earlier(found) if mode is Mode.LOCAL else [],
        "latent": issubclass(family.serving(found.kind), LatentModel),
        # What the operator of a public page trained is no visitor's.
        "mine": found.mine and (mode is Mode.LOCAL or is_private(found.folder.name)),
        "classes": list(spec.classes),
        "exclusive": spec.exclusive,
        "rows": rows,
        "columns": columns,
        "resizable": family.resizable,
        "free": dict(zip(("rows", "columns"), found.free_sides, strict=True)),
        "variety": {"name": variety.name, "low": variety.low, "high": variety.high, "default": variety.default},
        "licence": tiles.licence(found.manifest.run.data),
        "shape": _shape(found),
    }


def _earlier(found: Checkpoint) -> list[str]:
    """Digests of what the model was some steps ago; whoever has samples of that looks whether it is still here."""
    return [path.stem for path in (found.folder / STEPS).glob("*.json") if path.stem != found.digest]


def _shape(found: Checkpoint) -> dict[str, Any] | None:
    """What can be wished of a model's levels; None for sprites."""
    if not isinstance(found.spec, LevelSpec):
        return None
    legend = found.spec.legend
    return {
        "style": legend.style.value,
        "ends": legends.has_ends(legend),
        "tags": legends.varied_tags(legend),
        "nudges": FAMILIES[found.family].resizable,  # families that draw piece by piece
    }


def _usual_size(found: Checkpoint, limits: Limits) -> tuple[int | None, int | None]:
    """Rows and columns that the page asks for first: the model's own, or those of the middle example it learned."""
    own = (found.spec.height, found.spec.width)
    if not FAMILIES[found.family].resizable:
        return own
    typical = found.manifest.run.typical or own
    rows, columns = own[0] or typical[0], own[1] or typical[1]
    return _side(rows, limits), _side(columns, limits)


def _side(length: int | None, limits: Limits) -> int | None:
    return None if length is None else min(max(length, SMALLEST_SIDE), limits.level_side)


def opened(name: str) -> LoadedModel:
    """A model of the shelf, loaded. Raises GenworldError when there is none, or its files are damaged."""
    return open_model(on_shelf(name).folder.name)


def wished(wish: Wish) -> LoadedModel:
    """The model of a wish: of one that still learns the checkpoint that was seen, not one that came since.

    Raises:
        GenworldError: there is no such model, or not that checkpoint of it any more.
    """
    found = on_shelf(wish.model)
    return sampled_from(
        found if wish.digest is None else checkpoint.of_folder(found.folder, wish.digest, mine=found.mine)
    )


def on_shelf(name: str) -> Checkpoint:
    """The checkpoint of a name. Raises GenworldError when there is none, or its manifest is damaged."""
    place = folder(name)
    return checkpoint.read(place, mine=place.parent == paths.models_home())


def load_first() -> None:
    """Load the model that the page shows first, and with it all that loading needs."""
    for found in checkpoint.available()[:1]:
        open_model(found.folder.name)
