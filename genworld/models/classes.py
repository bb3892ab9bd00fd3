"""The classes of a model: which go together in the data, and draws that fit a wish."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from genworld.content import Spec
from genworld.errors import GenworldError

ROWS = 4096
"""Label combinations that are remembered at most, the most frequent first."""


def none_has(wanted: Sequence[str]) -> GenworldError:
    """The fault of asking for classes that no example has together."""
    return GenworldError(f"No example of the data is {' and '.join(wanted)} at once; choose fewer classes.")


class ClassTable(nn.Module):
    """The label combinations of the training data and how often each occurs.

    Buffers: ``combinations`` (ROWS, K) and ``counts`` (ROWS,), zero where unused.
    """

    combinations: Tensor
    counts: Tensor

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        k = len(spec.classes)
        rows = min(ROWS, k if spec.exclusive else 2 ** min(k, 12)) if k else 0
        self.register_buffer("combinations", torch.zeros(rows, k))
        self.register_buffer("counts", torch.zeros(rows))

    def learn(self, labels: NDArray[np.uint8]) -> None:
        """Count the rows of (N, K) labels."""
        if not len(self.counts):
            return
        found, counts = np.unique(labels, axis=0, return_counts=True)
        order = np.argsort(-counts, kind="stable")[: len(self.counts)]
        self.combinations.zero_()
        self.counts.zero_()
        self.combinations[: len(order)] = torch.from_numpy(found[order].astype(np.float32)).to(self.combinations)
        self.counts[: len(order)] = torch.from_numpy(counts[order].astype(np.float32)).to(self.counts)

    def index(self, labels: NDArray[np.uint8]) -> int:
        """Position of a (K,) combination that was learned; 0 where there are no classes."""
        if not len(self.counts):
            return 0
        same = (self.combinations.cpu() == torch.from_numpy(labels.astype(np.float32))).all(dim=1) & (
            self.counts.cpu() > 0
        )
        return int(same.int().argmax())

    def shares(self) -> Tensor:
        """Share of each learned combination; a single 1 where there are no classes."""
        counts = self.counts[self.counts > 0].cpu()
        return counts / counts.sum() if len(counts) else torch.ones(1)

    def mean(self) -> Tensor:
        """(K,) share of the data that has each class: the weights of who knows nothing."""
        total = self.counts.sum().clamp(min=1)
        return (self.combinations * self.counts[:, None]).sum(dim=0) / total

    def fitting(self, wanted: Sequence[int]) -> Tensor:
        """(ROWS,) how often each combination occurs, 0 for those without a wanted class; [1] without classes."""
        combinations, counts = self.combinations.cpu(), self.counts.cpu()
        if not len(counts):
            return torch.ones(1)
        return counts * combinations[:, list(wanted)].prod(dim=1) if wanted else counts

    def pick(self, wanted: Sequence[int], random: torch.Generator) -> int | None:
        """Position of a combination that has all wanted classes, drawn as the data has them; None if there is none."""
        if not len(self.counts):
            return 0
        fits = self.fitting(wanted)
        if float(fits.sum()) <= 0:
            return None
        return int(torch.multinomial(fits, 1, generator=random))

    def draw(self, wanted: Sequence[int], random: torch.Generator) -> Tensor:
        """(K,) class weights: `pick`ed, or the wanted classes alone where the data has no such combination."""
        k = self.combinations.shape[1]
        picked = self.pick(wanted, random) if k else None
        if picked is not None:
            return self.combinations[picked].cpu()
        alone = torch.zeros(k)
        alone[list(wanted)] = 1
        return alone


class Alike:
    """Batches in groups of examples with equal labels.

    A discriminator that compares the members of a group sees at once when a generator makes one
    picture for each class and no more. Every example is still drawn equally often.
    """

    def __init__(self, labels: NDArray[np.uint8], group: int) -> None:
        self.group = group
        _, self._combination, self._size = np.unique(labels, axis=0, return_inverse=True, return_counts=True)
        self._sorted = np.argsort(self._combination, kind="stable")
        self._start = np.cumsum(self._size) - self._size

    def draw(self, count: int, random: torch.Generator) -> Tensor:
        """(count,) indices; those a whole number of `count` / group apart have equal labels."""
        group = np.gcd(count, self.group)
        first = torch.randint(len(self._combination), (count // group,), generator=random).numpy()
        place = torch.rand(group, count // group, generator=random, dtype=torch.float64).numpy()
        combination = self._combination[first]
        chosen = self._sorted[self._start[combination] + (place * self._size[combination]).astype(np.int64)]
        return torch.from_numpy(chosen.reshape(-1))
