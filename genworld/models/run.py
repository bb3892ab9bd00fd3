"""One training run of a latent model: what every such family does between two steps of learning."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from genworld.content import Example
from genworld.datasets.dataset import Dataset
from genworld.models.augment import symmetry
from genworld.models.base import LatentModel, Progress, SampleRequest, State, device_of
from genworld.models.resume import flatten, restore
from genworld.seeding import stream

PREVIEWS = 16
"""Samples of a preview."""
READY = 2**26
"""Bytes of encoded examples that are kept where they are learned from; more are encoded batch by batch."""


class Run(ABC):
    """Batches, noise, averaged weights, previews and state of one run; a family adds how it learns.

    Args:
        model: whose config has steps, batch, flips, average and preview_every.
        data: examples of the model's spec, all of one size.
        seed: of everything random.
    """

    def __init__(self, model: LatentModel, data: Dataset, seed: int) -> None:
        self.config = model.config
        self.codec = model.codec
        self.device = device_of(model)
        self.noise = stream(seed, "fit")
        self.step = 0
        self._sampler = model
        self._examples = torch.from_numpy(data.array())
        self._encoded = self._all_encoded()
        self._labels = torch.from_numpy(data.labels.astype("float32")).to(self.device)

    @abstractmethod
    def parts(self) -> dict[str, Any]:
        """All that resuming needs, by name; see `flatten`."""

    @abstractmethod
    def learn(self) -> dict[str, float]:
        """One step of learning, and its figures."""

    @abstractmethod
    def averaged(self) -> tuple[nn.Module, nn.Module]:
        """The averaged network and the live one that it follows."""

    def steps(self, resume: State | None) -> Iterator[Progress]:
        """Every step that is left.

        Args:
            resume: what `Progress.state` gave; None begins anew.
        """
        if resume is not None:
            self.step = restore(self.parts(), resume)
        return self._go()

    def _go(self) -> Iterator[Progress]:
        while self.step < self.config.steps:
            metrics = self.learn()
            self.step += 1
            self._average()
            yield Progress(self.step, self.config.steps, metrics, self._state, self._preview())

    def batch(self, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """The encoded examples of these indices, turned or flipped by chance, and their labels."""
        if self._encoded is None:
            x = self.codec.encode(self._examples[chosen].numpy()).to(self.device)
        else:
            x = self._encoded[chosen.to(self.device)]
        return symmetry(x, self.config.flips, self.noise), self._labels[chosen.to(self.device)]

    def _all_encoded(self) -> Tensor | None:
        """Every example as `batch` gives it, to the bit, where there is room for that."""
        each = self.codec.encode(self._examples[:1].numpy()).nbytes
        if each * len(self._examples) > READY:
            return None
        return self.codec.encode(self._examples.numpy()).to(self.device)

    def _state(self) -> State:
        return flatten(self.parts(), self.step)

    @torch.no_grad()
    def _average(self) -> None:
        """The averaged weights follow the live ones; at first quickly, so that they forget where they began."""
        past = min(self.config.average, 1 - 1 / (1 + self.step / 10))
        averaged, live = self.averaged()
        torch._foreach_lerp_(list[Tensor](averaged.parameters()), list[Tensor](live.parameters()), 1 - past)

    def _preview(self) -> list[Example] | None:
        every = self.config.preview_every
        if not every or self.step % every:
            return None
        return self._sampler.sample([SampleRequest(0, index) for index in range(PREVIEWS)])
