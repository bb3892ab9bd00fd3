"""Directions: sliders that do what they say, fitted to a survey of a model once and then kept.

Attributes are read off the code by a small network that learns from samples and from where its own moves lead; parts by
ridge regression. A slider whose reading does not predict what is measured on samples it never saw, or that does not move
it as stated, is hidden. Principal directions are those of the decoder's features.

References:
    Shen et al. 2020, *InterFaceGAN* (readings of attributes); Haerkoenen et al. 2020, *GANSpace* (principal
    directions); Ross et al. 2011, *A reduction of imitation learning to no-regret online learning* (learning from
    where one's own moves lead).
"""

from __future__ import annotations

import math
import threading
from dataclasses import asdict, dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray

from genworld import sampling
from genworld.content import Spec
from genworld.latent import fitting, kept, responses, survey
from genworld.latent.direction import (
    ATTRIBUTE,
    PART,
    PRINCIPAL,
    Direction,
    Directions,
    Hidden,
    Words,
    of_attribute,
    of_component,
    of_part,
)
from genworld.latent.fitting import Cloud, Component, Numbers
from genworld.latent.reading import Reading, Rows
from genworld.latent.responses import Looking
from genworld.latent.survey import Survey, Told
from genworld.latent.teaching import taught
from genworld.measure.attributes import attributes_of
from genworld.models.base import LatentModel
from genworld.recent import Recent
from genworld.sampling import LoadedModel, latent_model

SAMPLES = 4_096
LEAST = 0.2
"""Held-out R2 below which a slider is hidden."""
HOLDS = 0.9
"""Share of samples that must go as stated, either way, when a slider moves; below it the slider is hidden."""
TURNS = 3
"""Times that the attributes' sliders practise."""
COMPONENTS = 12
"""Principal directions at most."""
HINT = 0.5
"""Correlation with an attribute from which a principal direction is called after it."""
KEY = "directions"
READING = "reading-"
"""Begins the names of the arrays of the reading."""
REMEMBERED = 16
"""Models whose directions are kept at hand."""


def directions_of(loaded: LoadedModel, progress: Told | None = None) -> Directions:
    """The sliders of a model: those that were kept, or else fitted on `SAMPLES` samples and kept; half a minute.

    Args:
        loaded: the model.
        progress: called with how many samples were measured, and about how many will be.

    Raises:
        GenworldError: the model has no latent space.
    """
    latent_model(loaded)  # refuses
    return known(loaded) or _fitted_once(loaded, progress)


def known(loaded: LoadedModel) -> Directions | None:
    """The sliders that were fitted before; None where they were not. Nobody waits for the fit of another model."""
    digest = loaded.checkpoint.digest
    found = _recent.get(digest) or _recalled(loaded)
    if found is not None:
        _recent.put(digest, found)
    return found


def _fitted_once(loaded: LoadedModel, progress: Told | None) -> Directions:
    """One fit at a time: whoever wants the same waits for it, and finds it then."""
    with _fitting:
        found = known(loaded) or _fitted(loaded, progress)
        _recent.put(loaded.checkpoint.digest, found)
        return found


_recent = Recent[str, Directions](REMEMBERED)
_fitting = threading.Lock()


@dataclass(frozen=True)
class _Found:
    """A direction before it has words; `hint` is the id of the attribute that it goes with, or empty."""

    id: str
    score: float
    holds: float
    hint: str = ""

    @property
    def shown(self) -> bool:
        tells = self.id.startswith(PRINCIPAL) or self.score >= LEAST
        return tells and not self.holds < HOLDS  # NaN: nothing is measured


@dataclass(frozen=True, eq=False)
class _Lines:
    """Sliders that are read off by (K, D) straight lines: ``slopes @ code + levels``."""

    found: list[_Found]
    slopes: list[Numbers]
    levels: list[float]

    def add(self, found: _Found, slope: Numbers, level: float) -> None:
        self.found.append(found)
        self.slopes.append(slope)
        self.levels.append(level)


def _fitted(loaded: LoadedModel, progress: Told | None) -> Directions:
    drawn = survey.of(loaded)
    counter = _Counter(progress, drawn)
    drawn.measure(SAMPLES, lambda done, _: counter.at(done))
    found, reading = _fit(drawn, latent_model(loaded), counter)
    kept.attempt(loaded.checkpoint, KEY, _arrays(found, reading))
    drawn.keep()
    return _worded(found, reading, loaded.model.spec)


class _Counter:
    """Tells how far a fit is, in samples measured."""

    def __init__(self, told: Told | None, drawn: Survey) -> None:
        self._told, self._done = told, 0
        self._total = SAMPLES + (TURNS * responses.TRIED + 2 * responses.JUDGED) * len(drawn.described)

    def at(self, done: int) -> None:
        self._done = done
        if self._told is not None:
            self._told(min(done, self._total), self._total)

    def more(self, count: int) -> None:
        self.at(self._done + count)

    def end(self) -> None:
        self.at(self._total)


def _fit(drawn: Survey, model: LatentModel, counter: _Counter) -> tuple[list[_Found], Reading]:
    cloud = Cloud.of(drawn.codes[:SAMPLES, : model.leading])
    names = [f"{ATTRIBUTE}:{each.name}" for each in drawn.described]
    looking = Looking(drawn, model, counter.more)
    reading = _taught(looking, cloud)
    lines = _Lines([], [], [])
    _parts(lines, cloud, drawn.weights[:SAMPLES], model.spec.classes)
    _principal(lines, cloud, _features(model, drawn), fitting.unit(drawn.attributes[:SAMPLES]), names)
    attributes = _judged(looking, reading, names)
    counter.end()
    if lines.found:
        reading = reading.with_lines(np.stack(lines.slopes), np.array(lines.levels))
    return [*attributes, *lines.found], reading.rounded()


def _taught(looking: Looking, cloud: Cloud) -> Reading:
    """A reading of the attributes, of the samples that regressions see and of moves that it made itself."""
    drawn, seen = looking.survey.attributes[:SAMPLES], np.arange(cloud.fitted)
    codes, values = looking.codes(seen), fitting.unit(drawn, drawn[seen])
    rows, breath = responses.varying(values), lambda: looking.told(0)
    reading = taught(cloud, codes, values, breath)
    for turn in range(TURNS if len(rows) else 0):
        more, found = responses.practice(looking, reading, rows, cloud.fitted, turn)
        codes, values = np.concatenate([codes, more]), np.concatenate([values, fitting.unit(drawn, found)])
        reading = taught(cloud, codes, values, breath)
    return reading


def _judged(looking: Looking, reading: Reading, names: list[str]) -> list[_Found]:
    """The attributes, judged by samples of which the reading saw none."""
    held = np.arange(int(SAMPLES * fitting.FITTED), SAMPLES)
    values = fitting.unit(looking.survey.attributes[:SAMPLES])[held]
    told = reading.positions(looking.codes(held))
    judged = held[: responses.JUDGED]
    return [_judge(looking, reading, row, name, values[:, row], told[:, row], judged) for row, name in enumerate(names)]


def _judge(
    looking: Looking, reading: Reading, row: int, name: str, values: Numbers, told: Numbers, judged: Rows
) -> _Found:
    known = np.isfinite(values)
    score = fitting.determination(values[known], told[known])
    return _Found(name, score, responses.holding(looking, reading, row, judged) if score >= LEAST else math.nan)


def _parts(lines: _Lines, cloud: Cloud, weights: NDArray[np.float32], classes: tuple[str, ...]) -> None:
    """A linear probe for each class that some samples have and some do not."""
    for k, name in enumerate(classes):
        column = weights[:, k].astype(np.float64)
        if column.std():
            line = fitting.line(cloud, _unit(column))
            lines.add(_Found(f"{PART}:{name}", line.score, math.nan), line.slope, -line.offset)


def _unit(column: Numbers) -> Numbers:
    """Labels less their mean, over their standard deviation; rare ones keep their tails."""
    unit: Numbers = (column - column.mean()) / column.std()
    return unit


def _features(model: LatentModel, drawn: Survey) -> Numbers:
    with sampling.canonical():
        codes, weights = (
            torch.from_numpy(drawn.codes[:SAMPLES].copy()),
            torch.from_numpy(drawn.weights[:SAMPLES].copy()),
        )
        found: Numbers = model.features(codes, weights).cpu().numpy().astype(np.float64)
    return found


def _principal(lines: _Lines, cloud: Cloud, features: Numbers, values: Numbers, names: list[str]) -> None:
    """Principal directions of features, as far as the code tells them."""
    faint = np.eye(len(cloud.mean)) * (fitting.FLAT * max(float(np.trace(cloud.covariance)), 1.0))
    for rank, component in enumerate(fitting.components(features, COMPONENTS), start=1):
        scores = _scores(features, component, values)
        slope, level = fitting.ridge(cloud.centred, scores, faint)
        if fitting.determination(scores, cloud.centred @ slope + level) >= LEAST:
            found = _Found(f"{PRINCIPAL}:{rank}", component.share, math.nan, _hint(scores, values, names))
            lines.add(found, slope, level - float(slope @ cloud.mean))


def _scores(features: Numbers, component: Component, values: Numbers) -> Numbers:
    """(N,) where the samples lie along a component, in standard deviations."""
    scores = (features - features.mean(axis=0)) @ component.axis
    found: Numbers = scores / scores.std() * _sign(scores, component.axis, values)
    return found


def _sign(scores: Numbers, axis: Numbers, values: Numbers) -> float:
    """Towards more of the first attribute where it has anything to do with it; else the largest number is positive."""
    first = round(fitting.correlation(scores, values[:, 0]), 2) if values.shape[1] else 0.0
    return math.copysign(1.0, first if abs(first) >= 0.05 else axis[np.abs(axis).round(6).argmax()])


def _hint(scores: Numbers, values: Numbers, names: list[str]) -> str:
    """The attribute that goes with a component most, if it does at all."""
    each = [abs(fitting.correlation(scores, column)) for column in values.T]
    best = int(np.round(each, 3).argmax()) if each else 0
    return names[best] if each and each[best] > HINT else ""


def _arrays(found: list[_Found], reading: Reading) -> kept.Arrays:
    return {
        "ids": kept.from_text(tuple(each.id for each in found)),
        "hints": kept.from_text(tuple(each.hint for each in found)),
        "figures": np.array([(each.score, each.holds) for each in found], dtype=np.float64),
        **{f"{READING}{name}": array.astype(np.float32) for name, array in reading.arrays.items()},
    }


def _recalled(loaded: LoadedModel) -> Directions | None:
    """Directions that were kept, where they fit the model and what is measured today."""
    arrays = kept.get(loaded.checkpoint, KEY)
    if arrays is None or not _fits(arrays, latent_model(loaded)):
        return None
    ids, hints = kept.to_text(arrays["ids"]), kept.to_text(arrays["hints"])
    rows = zip(ids, hints, arrays["figures"].tolist(), strict=True)
    found = [_Found(key, score, holds, hint) for key, hint, (score, holds) in rows]
    return _worded(found, _reading(arrays), loaded.model.spec)


def _reading(arrays: kept.Arrays) -> Reading:
    return Reading(
        **{name.removeprefix(READING): a.astype(np.float64) for name, a in arrays.items() if name.startswith(READING)}
    )


def _fits(arrays: kept.Arrays, model: LatentModel) -> bool:
    if {"ids", "hints", "figures", *(f"{READING}{each.name}" for each in fields(Reading))} != arrays.keys():
        return False
    ids, hints = kept.to_text(arrays["ids"]), kept.to_text(arrays["hints"])
    shapes = (arrays[f"{READING}skip"].shape, arrays[f"{READING}mean"].shape, arrays["figures"].shape)
    known = _words(model.spec)
    told = [key for key in (*ids, *hints) if key and not key.startswith(PRINCIPAL)]
    measured = {f"{ATTRIBUTE}:{each.name}" for each in attributes_of(model.spec)}
    return (
        len(hints) == len(ids)
        and shapes == ((len(ids), model.leading), (model.leading,), (len(ids), 2))
        and known.keys() >= set(told)
        and measured <= set(ids)
    )


def _words(spec: Spec) -> dict[str, Words]:
    """The words of all attributes and classes, by id."""
    attributes = {f"{ATTRIBUTE}:{each.name}": of_attribute(each) for each in attributes_of(spec)}
    return attributes | {f"{PART}:{name}": of_part(name, spec.exclusive) for name in spec.classes}


def _worded(found: list[_Found], reading: Reading, spec: Spec) -> Directions:
    words = _words(spec)
    rows = np.array([row for row, each in enumerate(found) if each.shown], dtype=np.intp)
    shown = tuple(_direction(found[row], words) for row in rows)
    hidden = tuple(Hidden(words[each.id].title, each.score, each.holds) for each in found if not each.shown)
    return Directions(shown, hidden, reading.of(rows))


def _direction(found: _Found, words: dict[str, Words]) -> Direction:
    told = words.get(found.id) or of_component(int(found.id.split(":")[1]), _title(found.hint, words))
    return Direction(found.id, **asdict(told), score=found.score, holds=found.holds)


def _title(hint: str, words: dict[str, Words]) -> str:
    return words[hint].title.lower() if hint else ""
