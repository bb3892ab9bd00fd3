"""Maps of latent models: principal axes with an exact way back, and UMAP with a near one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genworld import sampling
from genworld.latent.map import PATIENCE, Axis, Made, Map, Method, Places
from genworld.latent.survey import Survey
from genworld.models.base import LatentModel
from genworld.models.point import Point, codes_of
from genworld.sampling import Sampled, latent_model

Rows = NDArray[np.float32]

FITTED = 4_096
"""Samples that principal axes are fitted to, however many a map shows: a larger map leaves every place as it is."""
NEIGHBOURS = 8
"""Nearest samples that a place of a UMAP, or a code's place on it, is a mean of."""
ROUNDS = 8
CLOSE = 1e-5


@dataclass(frozen=True, eq=False)
class Projection:
    """The first two principal axes of features (Pearson 1901).

    Args:
        mean: (F,).
        axes: (2, F) orthonormal; the largest entry of each is positive, so that left stays left.
        shares: (2,) of the variance.
    """

    mean: Rows
    axes: Rows
    shares: tuple[float, float]

    @classmethod
    def of(cls, features: Rows) -> Projection:
        """Fitted to (N, F) features."""
        exact = features.astype(np.float64)
        mean = exact.mean(axis=0)
        variances, directions = np.linalg.eigh(np.atleast_2d(np.cov((exact - mean).T)))
        axes: NDArray[np.float64] = directions[:, [-1, -2]].T
        axes = axes * np.sign(axes[[0, 1], np.abs(axes).argmax(axis=1)])[:, None]
        whole = max(float(variances.sum()), np.finfo(np.float64).tiny)
        shares = (float(variances[-1]) / whole, float(variances[-2]) / whole)
        return cls(mean.astype(np.float32), axes.astype(np.float32), shares)

    def places(self, features: Rows) -> Places:
        """(N, 2) places of (N, F) features."""
        placed: Places = ((features - self.mean) @ self.axes.T).astype(np.float32)
        return placed


class LatentMap(Map):
    """A map whose places stand for codes."""

    def search(self, x: float, y: float, *, seed: int = 0, patience: float = PATIENCE) -> Iterator[Made]:  # noqa: ARG002
        point = self.point(x, y)
        example = sampling.at(latent_model(self.loaded), point)
        yield self._made(Sampled(example, sampling.latent_origin(self.loaded, point)), (x, y), (x, y))

    @abstractmethod
    def point(self, x: float, y: float) -> Point:
        """What a place stands for."""

    @abstractmethod
    def placed(self, codes: Rows, weights: Rows) -> Places:
        """(N, 2) places of (N, code_dim) codes with (N, K) class weights."""


class PcaMap(LatentMap):
    """Principal axes of what the decoder makes of codes first.

    Args:
        survey: at least `FITTED` codes are drawn of it.
        count: how many are shown.
    """

    method = Method.PCA

    def __init__(self, survey: Survey, count: int) -> None:
        features = features_of(survey, max(count, FITTED))
        self.projection = Projection.of(features[:FITTED])
        axes = tuple(_principal(number, share) for number, share in enumerate(self.projection.shares, start=1))
        super().__init__(survey, self.projection.places(features[:count]), (axes[0], axes[1]))

    def placed(self, codes: Rows, weights: Rows) -> Places:
        return self.projection.places(features(latent_model(self.loaded), codes, weights))

    def point(self, x: float, y: float) -> Point:
        """The nearest sample, moved by the least that brings it exactly there: the rest stays as that sample has it."""
        index, distance = self.nearest(x, y)
        point = self.survey.point(index)
        return point if distance == 0 else point.moved(self._move(point, (x, y)))

    def _move(self, point: Point, to: tuple[float, float]) -> Rows:
        """(code_dim,) Newton's steps of least length; one is enough where features are linear in the code."""
        start, weights = codes_of(latent_model(self.loaded), [point])
        code, goal = start, torch.tensor(to)
        for _ in range(ROUNDS):
            place, slope = self._slope(code, weights)
            missing = goal - place
            if float(missing.abs().max()) < CLOSE:
                break
            code = code + (torch.linalg.pinv(slope) @ missing)[None]
        move: Rows = (code - start)[0].numpy()
        return move

    def _slope(self, code: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """(2,) the place of a (1, code_dim) code, and (2, code_dim) how it answers."""
        model, axes, mean = (
            latent_model(self.loaded),
            *map(torch.from_numpy, (self.projection.axes, self.projection.mean)),
        )
        with torch.enable_grad():
            free = code.clone().requires_grad_()
            place = (model.features(free, weights)[0] - mean) @ axes.T
            rows = [torch.autograd.grad(place[axis], free, retain_graph=True)[0][0] for axis in (0, 1)]
        return place.detach(), torch.stack(rows)


class UmapMap(LatentMap):
    """Places where what is alike lies together; only neighbourhoods mean something (McInnes, Healy and Melville 2018).

    Args:
        survey: whose samples were placed.
        xy: (N, 2) as `genworld.latent.umaps` gives them.
    """

    method = Method.UMAP

    def __init__(self, survey: Survey, xy: Places) -> None:
        survey.draw(len(xy))
        super().__init__(survey, xy, (Axis("1", "UMAP 1"), Axis("2", "UMAP 2")))

    def point(self, x: float, y: float) -> Point:
        """The nearest sample, moved to the mean of the nearest ones, weighted by how near they are."""
        near = self.neighbours(x, y, NEIGHBOURS)
        distances = self.distances(x, y, self.xy[near])
        point = self.survey.point(int(near[0]))
        codes = self.survey.codes[near]
        return point if distances[0] == 0 else point.moved(_weighted(codes, distances) - codes[0])

    def placed(self, codes: Rows, weights: Rows) -> Places:
        """Each at the mean of its neighbours' places, weighted by how near they are; exactly on one that it equals."""
        known = features_of(self.survey, self.count)
        return np.stack([self._between(known, row) for row in features(latent_model(self.loaded), codes, weights)])

    def _between(self, known: Rows, row: Rows) -> Places:
        squared = np.einsum("nf,nf->n", known - row, known - row)
        near = np.argsort(squared, kind="stable")[:NEIGHBOURS]
        return _weighted(self.xy[near], np.sqrt(squared[near]))


def _weighted(rows: Rows, distances: NDArray[np.floating]) -> Rows:
    """(D,) the mean of rows, each weighted by one over its distance."""
    close = 1 / np.maximum(distances, 1e-6)
    mean: Rows = (close / close.sum() @ rows).astype(np.float32)
    return mean


def _principal(number: int, share: float) -> Axis:
    about = (
        f"How the model's samples differ {'most' if number == 1 else 'most after that'}: {share:.0%} of the variance."
    )
    return Axis(str(number), f"Principal axis {number} ({share:.0%})", about=about, share=share)


def features(model: LatentModel, codes: Rows, weights: Rows) -> Rows:
    """(N, F) what the decoder makes first of (N, code_dim) codes with (N, K) class weights."""
    with torch.no_grad():
        found: Rows = model.features(torch.tensor(codes), torch.tensor(weights)).numpy()
    return found


def features_of(survey: Survey, count: int) -> Rows:
    """(count, F) features of the first samples of a survey, drawn where they are not yet."""
    survey.draw(count)
    return features(latent_model(survey.loaded), survey.codes[:count], survey.weights[:count])
