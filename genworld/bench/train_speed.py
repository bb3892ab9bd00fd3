"""Speed of learning: what `fit` does in a second, beside a bare loop of the same networks, batch and arithmetic.

The bare loops are what one would write on a page: data on the device, forward, backward, step. They draw nothing by
name, keep no averages, report no figures and can not be resumed.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import torch
from torch import Tensor

from genworld.content import Sprite, SpriteSpec
from genworld.datasets import Dataset
from genworld.models import build
from genworld.models.augment import translate
from genworld.models.gan import Discriminator, Gan
from genworld.models.losses import LOSSES, gradient_penalty
from genworld.models.vae import Autoencoder, Vae, divergences, surprise
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream
from genworld.training import torch_device

EXAMPLES, SIDE = 200, 32
STEPS = 16
"""Steps that are timed at a time: as many as lie between two gradient penalties."""
ROUNDS = 5
"""Rounds after one to get warm."""
AIM = 0.9

Step = Callable[[], object]
Bare = Callable[[Gan | Vae, Tensor, Tensor], Step]
"""From a model, (N, C, H, W) encoded examples and (N, K) labels to one step of its bare loop."""


@dataclass(frozen=True)
class Throughput:
    """Examples learned from in a second.

    Args:
        family, device: what learned, and where.
        fit, bare: examples a second of `fit` and of the bare loop, one of each round.
    """

    family: str
    device: str
    fit: tuple[float, ...]
    bare: tuple[float, ...]

    @property
    def share(self) -> float:
        """The median over the rounds of `fit` as a share of the bare loop."""
        return median(mine / plain for mine, plain in zip(self.fit, self.bare, strict=True))

    @property
    def held(self) -> bool:
        """Whether `fit` reaches `AIM` of the bare loop."""
        return self.share >= AIM

    def __str__(self) -> str:
        """
        >>> str(Throughput("gan", "cpu", (95.0, 97.0), (100.0, 100.0)))
        'gan on cpu: fit 96 images/s, a bare loop 100 images/s, share 0.96 of 2 rounds (aim: at least 0.9)'
        """
        fit, bare = median(self.fit), median(self.bare)
        return (
            f"{self.family} on {self.device}: fit {fit:.0f} images/s, a bare loop {bare:.0f} images/s, share "
            f"{self.share:.2f} of {len(self.fit)} rounds (aim: at least {AIM:g})"
        )


def run(device: str = "auto") -> Iterator[Throughput]:
    """A row for each family that learns by steps, with its default settings."""
    for name, bare in (("gan", bare_gan), ("vae", bare_vae)):
        yield compare(name, bare, device)


def compare(name: str, bare: Bare, device: str = "auto", settings: Mapping[str, Any] | None = None) -> Throughput:
    """Both loops by turns on the same examples.

    Args:
        name: of the family.
        bare: its bare loop.
        device: one of `DEVICES`.
        settings: of the family; the default ones when None.
    """
    data, place = _examples(), torch_device(device)
    model = build(name, data.spec, dict(settings or {}) | {"preview_every": 0}).to(place)
    assert isinstance(model, Gan | Vae)  # noqa: S101  for the type checker
    x, labels = model.codec.encode(data.array()).to(place), torch.from_numpy(data.labels).float().to(place)
    plain = bare(copy.deepcopy(model), x, labels)
    fitting = model.fit(data, seed=0)
    steps: tuple[Step, Step] = (lambda: next(fitting), plain)
    rounds = [_by_turns(steps, place) for _ in range(ROUNDS + 1)][1:]
    batch = STEPS * model.config.batch
    return Throughput(
        name, place.type, tuple(batch / mine for mine, _ in rounds), tuple(batch / plain for _, plain in rounds)
    )


def _by_turns(steps: tuple[Step, Step], place: torch.device) -> tuple[float, float]:
    """Seconds of `STEPS` steps of each, one of each at a time: other work on a machine comes and goes."""
    seconds = [0.0, 0.0]
    for _ in range(STEPS):
        for index, step in enumerate(steps):
            began = time.perf_counter()
            step()
            if place.type == "cuda":
                torch.cuda.synchronize()
            seconds[index] += time.perf_counter() - began
    return seconds[0], seconds[1]


def _examples() -> Dataset:
    random = numpy_stream(0, "bench/train")
    pixels = random.integers(0, 256, (EXAMPLES, SIDE, SIDE, 4), dtype=np.uint8)
    labels = np.zeros((EXAMPLES, 0), np.uint8)
    source = DataSource(name="noise", licence="CC0-1.0")
    sprites = tuple(Sprite(each) for each in pixels)
    return Dataset("noise", SpriteSpec(SIDE, SIDE), sprites, labels, tuple(map(str, range(EXAMPLES))), source)


def bare_gan(model: Gan | Vae, x: Tensor, labels: Tensor) -> Step:
    """One move of each player of a GAN."""
    assert isinstance(model, Gan)  # noqa: S101
    config, loss = model.config, LOSSES[model.config.loss]
    generator = model.generator.to(memory_format=torch.channels_last)
    judge = Discriminator(model.pyramid, config, labels.shape[1], x.shape[1]).to(x.device)
    judge = judge.to(memory_format=torch.channels_last)
    players = [torch.optim.Adam(net.parameters(), config.learning_rate, (0.0, 0.99)) for net in (generator, judge)]
    precision = torch.autocast(x.device.type, torch.bfloat16, enabled=config.half)
    count = iter(range(10**9))

    def step() -> None:
        chosen = torch.randint(len(x), (config.batch,))
        real, condition = x[chosen], labels[chosen]
        penalised = next(count) % config.penalty_every == 0
        real.requires_grad_(penalised)
        with precision:
            z = torch.randn(config.batch, model.latent_dim).to(x.device)
            fake = generator(z, condition).float()
            scores = judge(_shifted(real), condition).float(), judge(_shifted(fake.detach()), condition).float()
        lost = loss.discriminator(*scores)
        if penalised:
            lost = lost + gradient_penalty(scores[0], real) * (config.penalty / 2 * config.penalty_every)
        _descend(players[1], lost)
        judge.requires_grad_(False)
        with precision:
            again = judge(_shifted(fake), condition).float()
        _descend(players[0], loss.generator(again, again))
        judge.requires_grad_(True)

    def _shifted(pictures: Tensor) -> Tensor:
        return translate(pictures, config.shift, torch.default_generator)

    return step


def bare_vae(model: Gan | Vae, x: Tensor, labels: Tensor) -> Step:
    """One step up the bound of a VAE."""
    assert isinstance(model, Vae)  # noqa: S101
    config = model.config
    networks = Autoencoder(model.spec, config, x.shape[1]).to(x.device)
    adam = torch.optim.Adam(networks.parameters(), config.learning_rate, (0.9, 0.99))
    half = config.half and x.device.type == "cuda"

    def step() -> None:
        chosen = torch.randint(len(x), (config.batch,))
        real, condition = x[chosen], labels[chosen]
        with torch.autocast(x.device.type, torch.bfloat16, enabled=half):
            mean, log_variance = (part.float() for part in networks.encode(real, condition))
            noise = torch.randn_like(mean)
            raw = networks.decode(mean + noise * (log_variance / 2).exp(), condition).float()
        lost = surprise(model.spec, raw, real).mean() + config.beta * divergences(mean, log_variance).sum(dim=1).mean()
        _descend(adam, lost)

    return step


def _descend(adam: torch.optim.Optimizer, loss: Tensor) -> None:
    adam.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    adam.step()
