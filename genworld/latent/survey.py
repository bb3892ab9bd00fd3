"""Surveys: many samples of a model, for directions and maps: their codes, what is measured of them, who is playable.

Codes of latent models come without decoding; measuring decodes in bulk. What a person sees of a sample is its canonical
render, as everywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld import limits, sampling
from genworld.content import Example
from genworld.latent import kept
from genworld.latent.growing import Growing
from genworld.limits import Limits
from genworld.measure.attributes import Attribute, attributes_of, measured, playable
from genworld.mode import Mode
from genworld.models.base import LatentModel, SampleRequest
from genworld.models.point import Point, points_of
from genworld.recent import Recent
from genworld.sampling import LoadedModel, latent_model

MOST = 20_000
"""Samples of one survey."""
CODES_AT_ONCE = 512
DECODED_AT_ONCE = 32
"""Few enough that whoever waits for a canonical render waits for some 40 ms."""
DRAWN_AT_ONCE = 1
REMEMBERED = 16
"""Surveys that are kept at hand, some megabytes each: fewer, and visitors who look at many take each other's away."""
KEY = "survey"
"""Under which the figures of the plain survey, that of seed 0, are kept."""

Told = Callable[[int, int], None]
"""Called with how many are done and how many are wanted; what it raises ends the work."""


@dataclass(frozen=True)
class Wanted:
    """Which samples: those of a seed, of some classes, truncation or temperature, and size."""

    seed: int = 0
    condition: tuple[str, ...] = ()
    variety: float | None = None
    size: tuple[int, int] | None = None

    def checked(self, loaded: LoadedModel, bounds: Limits) -> Wanted:
        """The same, one way to say it: defaults are None. Raises GenworldError for what the model cannot serve."""
        request = sampling.requests(
            loaded,
            seed=self.seed,
            count=1,
            condition=self.condition,
            variety=self.variety,
            size=self.size,
            bounds=bounds,
        )[0]
        variety = None if request.variety == loaded.model.variety.default else request.variety
        return Wanted(request.seed, request.condition, variety, request.size)


PLAIN = Wanted()
"""What a model makes when nothing is asked for."""


class Survey:
    """The first samples of a stream; how many grows. Any thread may read, draw and measure at any time.

    Args:
        loaded: the model.
        wanted: which samples, `Wanted.checked`.
    """

    def __init__(self, loaded: LoadedModel, wanted: Wanted = PLAIN) -> None:
        model = loaded.model
        self.loaded, self.wanted = loaded, wanted
        self.latent = isinstance(model, LatentModel)
        self.described: tuple[Attribute, ...] = attributes_of(model.spec)
        self._codes = Growing(model.code_dim if isinstance(model, LatentModel) else 0, np.float32)
        self._weights = Growing(len(model.spec.classes), np.float32)
        self._attributes = Growing(len(self.described), np.float32)
        self._playable = Growing(None, np.int8)
        self._count = 0
        self._drawing, self._measuring = threading.Lock(), threading.Lock()
        if wanted == PLAIN:
            self._recall()

    @property
    def count(self) -> int:
        """How many samples were drawn by now."""
        return len(self._codes) if self.latent else self._count

    @property
    def measured(self) -> int:
        """How many of them were measured by now."""
        return len(self._playable)

    @property
    def codes(self) -> NDArray[np.float32]:
        """(N, code_dim) codes of those that were drawn; (0, 0) for a model without a latent space."""
        return self._codes.rows

    @property
    def weights(self) -> NDArray[np.float32]:
        """(N, K) class weights of those that were drawn; (0, K) for a model without a latent space."""
        return self._weights.rows[: len(self._codes)]

    @property
    def attributes(self) -> NDArray[np.float32]:
        """(measured, A) what was measured, a column for each of `described`; NaN where undefined."""
        return self._attributes.rows[: self.measured]

    @property
    def playable(self) -> NDArray[np.int8]:
        """(measured,) 1 yes, 0 no, -1 unknown."""
        return self._playable.rows

    def request(self, index: int) -> SampleRequest:
        """What is asked of the model for a sample of this survey."""
        wanted = self.wanted
        return SampleRequest(wanted.seed, index, wanted.condition, wanted.variety, wanted.size)

    def requests(self, start: int, stop: int) -> list[SampleRequest]:
        """`request` of indices `start` to `stop - 1`."""
        return [self.request(index) for index in range(start, stop)]

    def point(self, index: int) -> Point:
        """Where a sample lies. Raises GenworldError for a model without a latent space."""
        return points_of(latent_model(self.loaded), [self.request(index)])[0]

    def draw(self, until: int, told: Told | None = None) -> None:
        """Codes and class weights of samples 0 to `until - 1`: 0.06 ms each. Nothing to do without a latent space.

        Raises:
            GenworldError: more than `MOST`.
        """
        until = _checked(until)
        while self.latent and len(self._codes) < until:
            with self._drawing:
                self._draw_some(until)
            _tell(told, len(self._codes), until)
        self._count = max(self._count, until)

    def measure(self, until: int, told: Told | None = None) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
        """(until, A) attributes and (until,) who is playable, of samples 0 to `until - 1`, which are drawn too.

        Raises:
            GenworldError: more than `MOST`.
        """
        self.draw(until)
        while self.measured < until:
            with self._measuring:
                self._measure_some(until)
            _tell(told, self.measured, until)
        return self.attributes[:until], self.playable[:until]

    def keep(self) -> None:
        """Keep the figures of the plain survey for the next start."""
        if self.wanted == PLAIN:
            kept.attempt(self.loaded.checkpoint, KEY, self.arrays())

    def arrays(self) -> kept.Arrays:
        """What `kept.put` takes under `KEY`."""
        return {"names": _names(self.described), "attributes": self.attributes, "playable": self.playable}

    def _draw_some(self, until: int) -> None:
        start = len(self._codes)
        stop = min(until, start + CODES_AT_ONCE)
        if start >= stop:
            return  # another thread was quicker
        codes, weights = _codes(latent_model(self.loaded), self.requests(start, stop))
        self._weights.add(weights)
        self._codes.add(codes)

    def _measure_some(self, until: int) -> None:
        start = self.measured
        stop = min(until, start + (DECODED_AT_ONCE if self.latent else DRAWN_AT_ONCE))
        if start >= stop:
            return
        examples = self._examples(start, stop)
        self._attributes.add(measured(examples, self.loaded.model.spec))
        self._playable.add(playable(examples))

    def _examples(self, start: int, stop: int) -> list[Example]:
        model = self.loaded.model
        with sampling.bulk():
            if not isinstance(model, LatentModel):
                return model.sample(self.requests(start, stop))
            import torch

            codes = torch.from_numpy(self._codes.rows[start:stop].copy())
            return model.decode_code(codes, torch.from_numpy(self._weights.rows[start:stop].copy()))

    def _recall(self) -> None:
        """Figures that were kept, where they are of the same attributes."""
        found = kept.get(self.loaded.checkpoint, KEY)
        if found is None or not _fits(found, self.described):
            return
        self._attributes.add(found["attributes"][:MOST])
        self._playable.add(found["playable"][:MOST])


def of(loaded: LoadedModel, wanted: Wanted = PLAIN, bounds: Limits = limits.LIMITS[Mode.LOCAL]) -> Survey:
    """The survey of some samples; the same one for whoever asks for the same.

    Raises:
        GenworldError: the model cannot serve what is wanted.
    """
    wanted = wanted.checked(loaded, bounds)
    return _recent.of((loaded.checkpoint.digest, wanted), lambda: Survey(loaded, wanted))


_recent = Recent[tuple[str, Wanted], Survey](REMEMBERED)


def _codes(model: LatentModel, requests: list[SampleRequest]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(N, code_dim) codes and (N, K) class weights. Noise needs no turn: it is drawn a number at a time."""
    z, weights = model.noise(requests), model.condition(requests)
    with sampling.canonical():
        codes = model.code(z, weights, model.variety_column(requests))
    return codes.cpu().numpy(), weights.cpu().numpy()


def _checked(until: int) -> int:
    return limits.whole("The number of samples of a map", until, 0, MOST)


def _tell(told: Told | None, done: int, total: int) -> None:
    if told is not None:
        told(min(done, total), total)


def _names(described: tuple[Attribute, ...]) -> NDArray[np.uint8]:
    return kept.from_text(tuple(each.name for each in described))


def _fits(found: kept.Arrays, described: tuple[Attribute, ...]) -> bool:
    attributes, yes = found.get("attributes"), found.get("playable")
    if (
        attributes is None
        or yes is None
        or kept.to_text(found.get("names", np.zeros(0))) != tuple(each.name for each in described)
    ):
        return False
    return attributes.shape == (len(yes), len(described)) and yes.ndim == 1
