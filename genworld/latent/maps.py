"""Maps of what a model makes: principal axes at once, UMAP in the background, measured axes for every family.

survey = surveys.of(sampling.open_model("dungeon"))
shown = maps.measured(survey, 2_000, ("open", "way"))
made = shown.at(0.9, 120)          # made new, as near to that place as can be
print(made.words)
"""

from __future__ import annotations

import time

from genworld import limits
from genworld.content import LevelSpec, Spec
from genworld.errors import GenworldError
from genworld.latent.latent_map import FITTED, LatentMap, PcaMap, UmapMap
from genworld.latent.map import Axis, Made, Map, Method, Places
from genworld.latent.measured_map import MeasuredMap
from genworld.latent.survey import MOST, Survey
from genworld.measure.attributes import attributes_of
from genworld.models.base import LatentModel
from genworld.sampling import LoadedModel, latent_model

COUNT = 2_000
"""Samples of a map, where nothing else is asked for."""
LEAST = 16
PREFERRED = {"level": ("open", "way"), "sprite": ("brightness", "filled")}
"""Attributes that tell most samples apart at first sight."""


def methods(loaded: LoadedModel) -> tuple[Method, ...]:
    """How a model's samples can be placed."""
    return tuple(Method) if isinstance(loaded.model, LatentModel) else (Method.MEASURED,)


def default_axes(spec: Spec) -> tuple[str, str]:
    """Two attributes to begin with."""
    names = [each.name for each in attributes_of(spec)]
    first = [name for name in PREFERRED["level" if isinstance(spec, LevelSpec) else "sprite"] if name in names]
    x, y, *_ = dict.fromkeys([*first, *names, names[0], names[0]])
    return x, y


def checked_count(count: object) -> int:
    """How many samples a map shows. Raises GenworldError for what it cannot."""
    return limits.whole("The number of samples of a map", count, LEAST, MOST, "samples")


class _Enough(Exception):  # noqa: N818  no fault: the time is up
    pass


def prepare(survey: Survey, method: Method, count: int = COUNT, patience: float = 0.25) -> tuple[int, int]:
    """Do what a map needs, for a while: samples done, and samples wanted. Call it until they are the same.

    Args:
        survey: whose samples are shown.
        method: measured maps are decoded and measured, others need codes only.
        count: samples shown.
        patience: seconds after which it returns, once something was done.

    Raises:
        GenworldError: a count out of range, or a method that this model cannot serve.
    """
    count, end = checked_count(count), time.monotonic() + patience

    def enough(done: int, total: int) -> None:
        if time.monotonic() > end and done < total:
            raise _Enough

    try:
        if method is Method.MEASURED:
            survey.measure(count, enough)
        else:
            latent_model(survey.loaded)
            survey.draw(max(count, FITTED), enough)
    except _Enough:
        pass
    return _done(survey, method, count), count


def _done(survey: Survey, method: Method, count: int) -> int:
    if method is Method.MEASURED:
        return min(survey.measured, count)
    wanted = max(count, FITTED)
    return count * min(survey.count, wanted) // wanted


def pca(survey: Survey, count: int = COUNT) -> PcaMap:
    """The first samples of a survey along the two principal axes of what the decoder sees.

    Raises:
        GenworldError: a count out of range, or a model without a latent space.
    """
    latent_model(survey.loaded)
    return PcaMap(survey, checked_count(count))


def umap(survey: Survey, xy: Places) -> UmapMap:
    """A map of (N, 2) places that `genworld.latent.umaps` found for the first N samples of a survey.

    Raises:
        GenworldError: a model without a latent space.
    """
    latent_model(survey.loaded)
    return UmapMap(survey, xy)


def measured(survey: Survey, count: int = COUNT, axes: tuple[str, str] | None = None) -> MeasuredMap:
    """The first samples of a survey by two attributes; those that are not measured yet are.

    Args:
        survey: whose samples are shown.
        count: how many.
        axes: names of attributes; `default_axes` when None.

    Raises:
        GenworldError: a count out of range, an attribute that this content has not, or the same one twice.
    """
    names = axes or default_axes(survey.loaded.checkpoint.spec)
    if names[0] == names[1]:
        raise GenworldError(f"A map has two different axes, but {names[0]} came for both; choose another for one.")
    return MeasuredMap(survey, checked_count(count), names)


__all__ = [
    "COUNT",
    "MOST",
    "Axis",
    "LatentMap",
    "Made",
    "Map",
    "MeasuredMap",
    "Method",
    "PcaMap",
    "Places",
    "UmapMap",
    "checked_count",
    "default_axes",
    "measured",
    "methods",
    "pca",
    "prepare",
    "umap",
]
