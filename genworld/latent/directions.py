"""Directions: sliders that do what they say, fitted to a survey of a model once and then kept.

Attributes and parts are read off the code by ridge regression; a slider whose reading does not predict what is measured
on samples it never saw is hidden. Principal directions are those of the decoder's features.

References:
    Shen et al. 2020, *InterFaceGAN* (linear readings of attributes); Haerkoenen et al. 2020, *GANSpace* (principal
    directions).
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace

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
    Words,
    of_attribute,
    of_component,
    of_part,
)
from genworld.latent.fitting import Cloud, Component, Line, Numbers
from genworld.latent.responses import Looking
from genworld.latent.survey import Survey, Told, latent_model
from genworld.measure.attributes import attributes_of
from genworld.models.base import LatentModel
from genworld.sampling import LoadedModel

SAMPLES = 4_096
LEAST = 0.2
"""Held-out R2 below which a slider is hidden."""
SURE = 0.97
"""Share of samples that go as stated with which a step is good enough: the fewer are looked for, the nearer it stays."""
COMPONENTS = 12
"""Principal directions at most."""
HINT = 0.5
"""Correlation with an attribute from which a principal direction is called after it."""
KEY = "directions"
REMEMBERED = 16
"""Models whose directions are kept at hand."""


def directions_of(loaded: LoadedModel, progress: Told | None = None) -> Directions:
    """The sliders of a model: those that were kept, or else fitted on `SAMPLES` samples and kept; some 15 seconds.

    Args:
        loaded: the model.
        progress: called with how many samples were measured, and about how many will be.

    Raises:
        GenworldError: the model has no latent space.
    """
    latent_model(loaded)  # refuses
    return _recent.get(loaded, progress)


class _Recent:
    """The directions that were asked for last. One fit at a time: whoever wants the same waits for it."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, Directions] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, loaded: LoadedModel, progress: Told | None) -> Directions:
        digest = loaded.checkpoint.digest
        known = self._found.get(digest)
        if known is not None:
            return known
        with self._lock:
            if digest not in self._found:
                self._found[digest] = _recalled(loaded) or _fitted(loaded, progress)
                while len(self._found) > REMEMBERED:
                    self._found.popitem(last=False)
            return self._found[digest]

    def clear(self) -> None:
        with self._lock:
            self._found.clear()


_recent = _Recent()


@dataclass(frozen=True, eq=False)
class _Found:
    """A direction before it has words; `hint` is the id of the attribute that it goes with, or empty."""

    id: str
    score: float
    holds: float
    readout: Numbers
    offset: float
    step: Numbers
    hint: str = ""

    @property
    def shown(self) -> bool:
        return self.id.startswith(PRINCIPAL) or self.score >= LEAST


def _fitted(loaded: LoadedModel, progress: Told | None) -> Directions:
    drawn = survey.of(loaded)
    counter = _Counter(progress, drawn)
    drawn.measure(SAMPLES, lambda done, _: counter.at(done))
    found = _fit(drawn, latent_model(loaded), counter)
    kept.attempt(loaded.checkpoint, KEY, _arrays(found))
    drawn.keep()
    return _worded(found, loaded.model.spec)


class _Counter:
    """Tells how far a fit is, in samples measured."""

    def __init__(self, told: Told | None, drawn: Survey) -> None:
        self._told, self._done = told, 0
        self._total = SAMPLES + responses.TRIED + 3 * responses.JUDGED * len(drawn.described)

    def at(self, done: int) -> None:
        self._done = done
        if self._told is not None:
            self._told(min(done, self._total), self._total)

    def more(self, count: int) -> None:
        self.at(self._done + count)


def _fit(drawn: Survey, model: LatentModel, counter: _Counter) -> list[_Found]:
    assert drawn.codes is not None  # noqa: S101  of a latent model
    cloud = Cloud.of(drawn.codes[:SAMPLES])
    values = np.stack([fitting.standardised(column) for column in drawn.attributes[:SAMPLES].T], axis=1)
    looking = Looking(drawn, model, counter.more)
    names = [f"{ATTRIBUTE}:{each.name}" for each in drawn.described]
    attributes = _attributes(looking, cloud, values, names)
    parts = _parts(cloud, drawn.weights[:SAMPLES], model.spec.classes)
    principal = _principal(cloud, _features(model, drawn), values, names)
    counter.at(counter._total)
    return [_rounded(each) for each in (*attributes, *parts, *principal)]


def _attributes(looking: Looking, cloud: Cloud, values: Numbers, names: list[str]) -> list[_Found]:
    lines = [fitting.line(cloud, column) for column in values.T]
    told = [line.score >= LEAST for line in lines]
    answering = responses.answers(looking, cloud) if any(told) else np.zeros((len(lines), 0))
    return [
        _stepping(looking, cloud, column, names[column], lines[column], answering[column])
        if told[column]
        else _of_line(names[column], lines[column], cloud)
        for column in range(len(lines))
    ]


def _stepping(looking: Looking, cloud: Cloud, column: int, name: str, line: Line, answers: Numbers) -> _Found:
    """The attribute with the step among the samples where that holds, else with that which holds most often."""
    best = (0.0, np.zeros_like(line.slope))
    for slope in (line.slope, *answers):
        step = _step(cloud.covariance @ slope, line.slope)
        if step is not None and best[0] < SURE:
            best = max(best, (responses.holding(looking, cloud, step, column), step), key=lambda each: each[0])
    return replace(_of_line(name, line, cloud), holds=best[0], step=best[1])


def _step(way: Numbers, readout: Numbers) -> Numbers | None:
    """The way, as long as raises the reading by 1; None where it does not raise it."""
    gain = float(readout @ way)
    return way / gain if gain > fitting.FLAT else None


def _of_line(name: str, line: Line, cloud: Cloud) -> _Found:
    step = _step(cloud.covariance @ line.slope, line.slope)
    return _Found(
        name, line.score, math.nan, line.slope, line.offset, np.zeros_like(line.slope) if step is None else step
    )


def _parts(cloud: Cloud, weights: NDArray[np.float32], classes: tuple[str, ...]) -> list[_Found]:
    """A linear probe for each class that some samples have and some do not."""
    columns = (weights[:, k].astype(np.float64) for k in range(len(classes)))
    each = zip(classes, columns, strict=True)
    return [
        _of_line(f"{PART}:{name}", fitting.line(cloud, _unit(column)), cloud) for name, column in each if column.std()
    ]


def _unit(column: Numbers) -> Numbers:
    """Labels less their mean, over their standard deviation; rare ones keep their tails."""
    unit: Numbers = (column - column.mean()) / column.std()
    return unit


def _features(model: LatentModel, drawn: Survey) -> Numbers:
    assert drawn.codes is not None  # noqa: S101  of a latent model
    with sampling.canonical():
        codes, weights = (
            torch.from_numpy(drawn.codes[:SAMPLES].copy()),
            torch.from_numpy(drawn.weights[:SAMPLES].copy()),
        )
        found: Numbers = model.features(codes, weights).cpu().numpy().astype(np.float64)
    return found


def _principal(cloud: Cloud, features: Numbers, values: Numbers, names: list[str]) -> list[_Found]:
    found = []
    for rank, component in enumerate(fitting.components(features, COMPONENTS), start=1):
        each = _component(cloud, features, component, values, names, rank)
        if each is not None:
            found.append(each)
    return found


def _component(
    cloud: Cloud, features: Numbers, component: Component, values: Numbers, names: list[str], rank: int
) -> _Found | None:
    """A principal direction of features, read off the code; None where the code does not tell it."""
    scores = (features - features.mean(axis=0)) @ component.axis
    scores = scores / scores.std() * _sign(scores, component.axis, values)
    faint = np.eye(len(cloud.mean)) * (fitting.FLAT * max(float(np.trace(cloud.covariance)), 1.0))
    slope, level = fitting.ridge(cloud.centred, scores, faint)
    step = _step(cloud.covariance @ slope, slope)
    if step is None or fitting.determination(scores, cloud.centred @ slope + level) < LEAST:
        return None
    offset = float(slope @ cloud.mean - level)
    hint = _hint(scores, values, names)
    return _Found(f"{PRINCIPAL}:{rank}", component.share, math.nan, slope, offset, step, hint)


def _sign(scores: Numbers, axis: Numbers, values: Numbers) -> float:
    """Towards more of the first attribute where it has anything to do with it; else the largest number is positive."""
    first = round(fitting.correlation(scores, values[:, 0]), 2) if values.shape[1] else 0.0
    return math.copysign(1.0, first if abs(first) >= 0.05 else axis[np.abs(axis).round(6).argmax()])


def _hint(scores: Numbers, values: Numbers, names: list[str]) -> str:
    """The attribute that goes with a component most, if it does at all."""
    each = [abs(fitting.correlation(scores, column)) for column in values.T]
    best = int(np.round(each, 3).argmax()) if each else 0
    return names[best] if each and each[best] > HINT else ""


def _rounded(found: _Found) -> _Found:
    return replace(found, readout=found.readout.astype(np.float32), step=found.step.astype(np.float32))


def _arrays(found: list[_Found]) -> kept.Arrays:
    return {
        "ids": kept.from_text(tuple(each.id for each in found)),
        "hints": kept.from_text(tuple(each.hint for each in found)),
        "readouts": np.stack([each.readout for each in found]).astype(np.float32),
        "steps": np.stack([each.step for each in found]).astype(np.float32),
        "figures": np.array([(each.score, each.holds, each.offset) for each in found], dtype=np.float64),
    }


def _recalled(loaded: LoadedModel) -> Directions | None:
    """Directions that were kept, where they fit the model and what is measured today."""
    arrays = kept.get(loaded.checkpoint, KEY)
    if arrays is None or not _fits(arrays, latent_model(loaded)):
        return None
    ids, hints = kept.to_text(arrays["ids"]), kept.to_text(arrays["hints"])
    rows = zip(ids, hints, arrays["figures"], arrays["readouts"], arrays["steps"], strict=True)
    found = [
        _Found(key, float(f[0]), float(f[1]), readout, float(f[2]), step, hint) for key, hint, f, readout, step in rows
    ]
    return _worded(found, loaded.model.spec)


def _fits(arrays: kept.Arrays, model: LatentModel) -> bool:
    if not {"ids", "hints", "readouts", "steps", "figures"} <= arrays.keys():
        return False
    ids, hints = kept.to_text(arrays["ids"]), kept.to_text(arrays["hints"])
    shapes = (arrays["readouts"].shape, arrays["steps"].shape, arrays["figures"].shape)
    wide = (len(ids), model.code_dim)
    known = _words(model.spec)
    told = [key for key in (*ids, *hints) if key and not key.startswith(PRINCIPAL)]
    measured = {f"{ATTRIBUTE}:{each.name}" for each in attributes_of(model.spec)}
    return (
        len(hints) == len(ids)
        and shapes == (wide, wide, (len(ids), 3))
        and known.keys() >= set(told)
        and measured <= set(ids)
    )


def _words(spec: Spec) -> dict[str, Words]:
    """The words of all attributes and classes, by id."""
    attributes = {f"{ATTRIBUTE}:{each.name}": of_attribute(each) for each in attributes_of(spec)}
    return attributes | {f"{PART}:{name}": of_part(name, spec.exclusive) for name in spec.classes}


def _worded(found: list[_Found], spec: Spec) -> Directions:
    words = _words(spec)
    shown = tuple(_direction(each, words) for each in found if each.shown)
    return Directions(shown, tuple((words[each.id].title, each.score) for each in found if not each.shown))


def _direction(found: _Found, words: dict[str, Words]) -> Direction:
    told = words.get(found.id) or of_component(int(found.id.split(":")[1]), _title(found.hint, words))
    return Direction(
        found.id,
        **asdict(told),
        score=found.score,
        holds=found.holds,
        readout=found.readout.astype(np.float64),
        offset=found.offset,
        step=found.step.astype(np.float64),
    )


def _title(hint: str, words: dict[str, Words]) -> str:
    return words[hint].title.lower() if hint else ""
