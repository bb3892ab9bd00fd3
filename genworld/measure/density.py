"""How likely a model takes real examples to be: nats an example, bits a dimension or tile.

Families that know the density say it; a VAE knows a bound, and the figures are called so. Less is better, and figures of
held-out examples far above those of training examples tell that a model knows its data by heart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from genworld.content import LevelSpec
from genworld.datasets.dataset import Dataset
from genworld.measure.draws import Chosen, Range, estimates, subset
from genworld.measure.likelihood import numbers_of
from genworld.measure.report import Comparison, Figure, Told, compare, untold
from genworld.models.base import GenerativeModel, HasBound, HasDensity

MOST = 250
"""Examples of each set whose density is asked for, at most."""
DRAWS = 16
"""Of an importance-weighted bound."""
STEP = 20
"""Examples at once."""
ANY: Range = (float("-inf"), float("inf"))

Nats = NDArray[np.float64]
Ask = Callable[[Dataset], Nats]


def density_figures(
    model: GenerativeModel, training: Dataset, held_out: Dataset | None, seed: int, told: Told = untold
) -> list[Figure]:
    """Nats of an example and bits of a dimension, of held-out examples where there are any and of training examples.

    Args:
        model: trained; one that knows no density has no such figures.
        training, held_out: in the size that the model saw.
        seed: of the examples that are asked about, and of a bound.
        told: hears how far it is.
    """
    ask = _ask(model, seed)
    if ask is None:
        return []
    unit = "tile" if isinstance(training.spec, LevelSpec) else "dimension"
    named = [("held-out", held_out)] if held_out is not None else []
    return [
        figure
        for name, data in (*named, ("training", training))
        for figure in _figures(_some(data, seed, name), name, unit, _how(model), ask, seed, told)
    ]


def _ask(model: GenerativeModel, seed: int) -> Ask | None:
    """Gives (N,) nats of the examples of a data set."""
    if isinstance(model, HasDensity):
        return lambda data: _numbers(model.log_prob(data.examples))
    if isinstance(model, HasBound):
        return lambda data: _numbers(model.bound(data.examples, torch.from_numpy(data.labels), draws=DRAWS, seed=seed))
    return None


def _numbers(nats: torch.Tensor) -> Nats:
    return nats.detach().double().cpu().numpy()


def _how(model: GenerativeModel) -> str:
    return "log-likelihood" if isinstance(model, HasDensity) else f"bound of {DRAWS} draws"


def _some(data: Dataset, seed: int, name: str) -> Dataset:
    return data.take(subset(len(data), min(MOST, len(data)), seed, f"density/{name}"))


def _figures(data: Dataset, name: str, unit: str, how: str, ask: Ask, seed: int, told: Told) -> list[Figure]:
    nats, sizes = _asked(data, name, ask, told), numbers_of(data.examples)
    possible = np.isfinite(nats)
    if not possible.any():
        return []

    def measure(chosen: Chosen) -> Mapping[str, float]:
        known = chosen[possible[chosen]]
        # More is likelier for nats, less for bits, as the field tells them.
        bits = -nats[known].sum() / (sizes[known].sum() * math.log(2)) if len(known) else 0.0
        return {"nats": float(nats[known].mean()) if len(known) else 0.0, "bits": float(bits)}

    without = f"; {(~possible).sum()} examples that it holds impossible are left out" if not possible.all() else ""
    wanted = (
        Comparison("nats", ANY, f"{how}; more is better{without}", f"nats of a {name} example, {how}", alone=True),
        Comparison("bits", ANY, f"the same; less is better{without}", f"bits of a {unit}, {name}, {how}", alone=True),
    )
    return compare(wanted, estimates(measure, (len(nats),), seed, f"density/{name}"), (len(nats), 0, 0), seed)


def _asked(data: Dataset, name: str, ask: Ask, told: Told) -> Nats:
    parts = []
    for start in range(0, len(data), STEP):
        told(f"likelihood of {name} examples", start, len(data))
        parts.append(ask(data.take(range(start, min(start + STEP, len(data))))))
    return np.concatenate(parts)
