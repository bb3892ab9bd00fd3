"""Everything that exploring a model needs, made beforehand: measured samples, directions, a UMAP, training examples."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.latent import directions, examples, kept, learned, maps, placing, umaps
from genworld.latent import survey as surveys
from genworld.latent.direction import Hidden
from genworld.latent.locating import located
from genworld.latent.maps import Method
from genworld.latent.survey import Survey
from genworld.models.base import HasEncoder, LatentModel
from genworld.sampling import LoadedModel

Told = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

LOCATED = 128
"""Training examples whose codes are searched for, at most."""
LOOK = 0.5
"""Seconds between two looks at a UMAP on its way."""


@dataclass(frozen=True)
class Prepared:
    """What there is to explore a model with.

    Args:
        measured: samples that were measured.
        described: title of each attribute with its share of samples that have one.
        shares: of the variance, of the two principal axes; None without a latent space.
        shown: title and score of each direction.
        hidden: attributes and parts that no direction follows.
        axes: titles of the two attributes of the expressive range.
        empty: share of its 32 x 32 cells that no sample falls into.
    """

    measured: int
    described: tuple[tuple[str, float], ...]
    shares: tuple[float, float] | None
    shown: tuple[tuple[str, float], ...]
    hidden: tuple[Hidden, ...]
    axes: tuple[str, str]
    empty: float


def prepare(loaded: LoadedModel, *, count: int, method: Method, told: Told) -> Prepared:
    """Measure, fit and place; what was kept already is not made again. All of it is kept in the person's data folder.

    Args:
        loaded: the model.
        count: samples of the map.
        method: of the map; measuring, and directions where there is a latent space, belong to every one.
        told: hears how far it is.

    Raises:
        GenworldError: a count out of range, a method that the model cannot serve, or a UMAP that failed.
    """
    maps.checked_count(count)
    if method not in maps.methods(loaded):
        raise GenworldError(
            f"{loaded.checkpoint.title} draws piece by piece and has no latent space; make its map with measured axes."
        )
    survey, latent = surveys.of(loaded), isinstance(loaded.model, LatentModel)
    try:
        survey.measure(max(count, directions.SAMPLES) if latent else count, _about("samples measured", told))
    finally:
        survey.keep()  # whoever breaks off goes on from there
    found = directions.directions_of(loaded, _about("directions fitted", told)) if latent else None
    if method is Method.UMAP:
        _place(survey, count, told)
    by_range = maps.measured(survey, count)
    return Prepared(
        measured=survey.measured,
        described=_described(survey),
        shares=maps.pca(survey, count).projection.shares if latent else None,
        shown=tuple((each.title, each.score) for each in found.shown) if found else (),
        hidden=found.hidden if found else (),
        axes=(by_range.axes[0].title, by_range.axes[1].title),
        empty=float((by_range.range().counts == 0).mean()),
    )


def keep_examples(loaded: LoadedModel, data: Dataset, told: Told) -> None:
    """Keep the fingerprints of the data that a model learned from, some of them as they are, and where these lie among its
    codes where no encoder says so.

    Args:
        loaded: the model.
        data: cut as the model learned it.
        told: hears how far it is.

    Raises:
        GenworldError: the disk refuses.
    """
    checkpoint, model = loaded.checkpoint, loaded.model
    examples.keep(checkpoint, data.examples, data.labels)
    symmetry, least_open = learned.symmetry_of(checkpoint), checkpoint.manifest.run.least_open
    learned.keep(checkpoint, learned.learn(data, checkpoint.family, symmetry, least_open))
    if isinstance(model, LatentModel) and not isinstance(model, HasEncoder):
        some = examples.of(checkpoint)[:LOCATED]
        codes, weights = located(surveys.of(loaded), some, _about("training examples located", told))
        kept.put(checkpoint, placing.CODES_KEY, {placing.CODES: codes, placing.WEIGHTS: weights})


def _about(what: str, told: Told) -> Callable[[int, int], None]:
    return lambda done, total: told(what, done, total)


def _described(survey: Survey) -> tuple[tuple[str, float], ...]:
    has = np.isfinite(survey.attributes).mean(axis=0).tolist()
    return tuple((each.title, share) for each, share in zip(survey.described, has, strict=True))


def _place(survey: Survey, count: int, told: Told) -> None:
    """Make the UMAP, and end it when this is broken off."""
    token, run = umaps.begin(survey, count)
    try:
        while not run.wait(LOOK):
            umaps.by_token(token)
            told(f"UMAP, {run.words}", run.step, run.total)
    finally:
        umaps.leave(token)
    if run.state is not umaps.State.SUCCEEDED:
        raise GenworldError(run.error or "The UMAP was broken off; start it again.")
    told("UMAP", run.total, run.total)


def keys(loaded: LoadedModel, count: int) -> tuple[str, ...]:
    """Under which keys what was prepared for a model is kept."""
    umap = umaps.key_of(surveys.of(loaded), count)
    return (surveys.KEY, directions.KEY, umap, examples.KEY, placing.CODES_KEY, learned.KEY)


def ship(loaded: LoadedModel, count: int) -> list[Path]:
    """Move what was prepared into the model's own folder, so that it travels with it; returns the files.

    Raises:
        GenworldError: the disk refuses.
    """
    checkpoint = loaded.checkpoint
    folder = checkpoint.folder / kept.FOLDER
    found = {key: arrays for key in keys(loaded, count) if (arrays := kept.get(checkpoint, key)) is not None}
    shutil.rmtree(folder, ignore_errors=True)
    return [kept.put(checkpoint, key, arrays, folder) for key, arrays in found.items()]
