"""VAE: an encoder and a decoder trained on a bound of the likelihood (Kingma and Welling 2014).

Quick and steady to train; it knows where a given example lies in its latent space.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from genworld.content import Example, LevelSpec, Spec
from genworld.datasets.dataset import Dataset
from genworld.models.augment import mirror, turn
from genworld.models.base import (
    HasEncoder,
    LatentModel,
    ModelConfig,
    Progress,
    SampleRequest,
    State,
    Variety,
    device_of,
)
from genworld.models.classes import ClassTable
from genworld.models.codecs import codec_for, fixed_size
from genworld.models.layers import Decoder, Encoder, Pyramid, initialise
from genworld.models.resume import flatten, restore
from genworld.seeding import stream

SPREAD = 0.05
"""Scale of the Laplace likelihood of a colour in [-1, 1]: about six steps of 255."""


class VaeConfig(ModelConfig):
    """Settings of a VAE."""

    steps: int = Field(8_000, ge=1, le=2_000_000, description="training steps")
    batch: int = Field(64, ge=1, le=512, description="examples a step")
    latent_dim: int = Field(48, ge=2, le=512, description="length of the latent")
    style_dim: int = Field(128, ge=16, le=512, description="features between the latent and the networks")
    channels: int = Field(
        24, ge=8, le=128, description="features at the finest grid; twice as many at each coarser one"
    )
    most_channels: int = Field(96, ge=16, le=512, description="features of a stage at most")
    learning_rate: float = Field(1e-3, gt=0, le=0.1, description="Adam's step size")
    beta: float = Field(
        1.0, ge=0, le=100, description="weight of the divergence from the prior; 1 is the likelihood's bound"
    )
    warm_up: float = Field(0.2, ge=0, le=1, description="share of the steps over which that weight grows from nothing")
    average: float = Field(0.998, ge=0, lt=1, description="weight of the past in the averaged networks")
    flips: Literal["none", "mirror", "turns"] = Field("none", description="symmetries added to the data")
    preview_every: int = Field(500, ge=0, le=100_000, description="steps from one preview to the next; 0 for none")


class Vae(LatentModel, HasEncoder):
    """A variational autoencoder; its weights are averages over the end of training."""

    family = "vae"
    title = "VAE"
    summary = "Quick to train, and finds the latent of a picture or level that you bring."
    kinds = frozenset({"level", "sprite"})
    Config = VaeConfig
    variety: ClassVar[Variety] = Variety("temperature", 0.0, 1.5, 1.0)

    def __init__(self, spec: Spec, config: VaeConfig) -> None:
        super().__init__(spec, config)
        self.codec = codec_for(spec)
        self.latent_dim = config.latent_dim
        self.classes = ClassTable(spec)
        self.networks = Autoencoder(spec, config, self.codec.channels)

    def prior(self, requests: Sequence[SampleRequest]) -> Tensor:
        draws = [
            torch.randn(self.latent_dim, generator=stream(r.seed, f"sample/{r.index}")) * self.variety_of(r)
            for r in requests
        ]
        return torch.stack(draws).to(device_of(self))

    def condition(self, requests: Sequence[SampleRequest]) -> Tensor:
        rows = [
            self.classes.draw(self.class_indices(r.condition), stream(r.seed, f"class/{r.index}")) for r in requests
        ]
        return torch.stack(rows).to(device_of(self))

    @torch.no_grad()
    def decode(self, z: Tensor, condition: Tensor) -> list[Example]:
        return self.codec.decode(self.networks.decode(z, condition))

    @torch.no_grad()
    def encode(self, examples: Sequence[Example], condition: Tensor) -> Tensor:
        """(N, latent_dim) means of the posterior."""
        mean, _ = self.networks.encode(self.codec.stack(examples).to(device_of(self)), condition)
        return mean

    def sample(self, requests: Sequence[SampleRequest]) -> list[Example]:
        return self.decode(self.prior(requests), self.condition(requests))

    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:
        self.classes.learn(data.labels)
        ascent = _Ascent(self, data, seed)
        if resume is not None:
            ascent.load(resume)
        return ascent.steps()


class Autoencoder(nn.Module):
    """The two networks; class weights enter both."""

    def __init__(self, spec: Spec, config: VaeConfig, channels: int) -> None:
        super().__init__()
        classes = len(spec.classes)
        pyramid = Pyramid(*fixed_size(spec), config.channels, config.most_channels)
        self.encoder = Encoder(pyramid, channels, config.style_dim)
        self.posterior = nn.Linear(config.style_dim + classes, 2 * config.latent_dim)
        self.lift = nn.Linear(config.latent_dim + classes, config.style_dim)
        self.decoder = Decoder(pyramid, config.style_dim, channels)

    def encode(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Means and log variances, each (N, latent_dim)."""
        mean, log_variance = self.posterior(torch.cat([self.encoder(x), condition], dim=1)).chunk(2, dim=1)
        return mean, log_variance.clamp(-12, 4)

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """Raw output (N, channels, H, W) of the decoder."""
        style = F.leaky_relu(self.lift(torch.cat([z, condition], dim=1)), 0.2)
        raw: Tensor = self.decoder(style)
        return raw


def surprise(spec: Spec, raw: Tensor, x: Tensor) -> Tensor:
    """(N,) negative log-likelihood in nats of encoded examples: categorical for levels, Laplace for sprites."""
    if isinstance(spec, LevelSpec):
        return F.cross_entropy(raw, x.argmax(dim=1), reduction="none").sum(dim=(1, 2))
    return ((raw - x).abs() / SPREAD + math.log(2 * SPREAD)).sum(dim=(1, 2, 3))


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """(N,) Kullback-Leibler divergence in nats from the prior (Kingma and Welling 2014, appendix B)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)


class _Ascent:
    """One training run: live networks, optimizer and noise."""

    def __init__(self, model: Vae, data: Dataset, seed: int) -> None:
        self.model, self.config = model, model.config
        self.device = device_of(model)
        self.noise = stream(seed, "fit")
        self.examples = torch.from_numpy(data.array())
        self.labels = torch.from_numpy(data.labels.astype("float32")).to(self.device)
        initialise(model.networks, stream(seed, "weights"))
        self.live = Autoencoder(model.spec, self.config, model.codec.channels).to(self.device)
        self.live.load_state_dict(model.networks.state_dict())
        self.adam = torch.optim.Adam(self.live.parameters(), lr=self.config.learning_rate, betas=(0.9, 0.99))
        self.step = 0

    def parts(self) -> dict[str, Any]:
        return {"average": self.model, "live": self.live, "adam": self.adam, "noise": self.noise}

    def state(self) -> State:
        return flatten(self.parts(), self.step)

    def load(self, state: State) -> None:
        self.step = restore(self.parts(), state)

    def steps(self) -> Iterator[Progress]:
        while self.step < self.config.steps:
            done = self.step / self.config.steps
            for group in self.adam.param_groups:
                group["lr"] = self.config.learning_rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done)))
            metrics = self._climb(self.config.beta * min(1.0, done / max(self.config.warm_up, 1e-9)))
            self.step += 1
            self._average()
            yield Progress(self.step, self.config.steps, metrics, self.state, self._preview())

    def _climb(self, beta: float) -> dict[str, float]:
        x, condition = self._batch()
        mean, log_variance = self.live.encode(x, condition)
        noise = torch.randn(mean.shape, generator=self.noise).to(self.device)
        raw = self.live.decode(mean + noise * (log_variance / 2).exp(), condition)
        surprises = surprise(self.model.spec, raw, x).mean()
        divergences = divergence(mean, log_variance).mean()
        loss = surprises + beta * divergences
        self.adam.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.live.parameters(), 100.0)
        self.adam.step()
        return {"loss": loss.item(), "surprise": surprises.item(), "divergence": divergences.item()}

    def _batch(self) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(self.examples), (self.config.batch,), generator=self.noise)
        x = self.model.codec.encode(self.examples[chosen].numpy()).to(self.device)
        if self.config.flips == "mirror":
            x = mirror(x, self.noise)
        if self.config.flips == "turns":
            x = turn(x, self.noise)
        return x, self.labels[chosen]

    @torch.no_grad()
    def _average(self) -> None:
        past = min(self.config.average, 1 - 1 / (1 + self.step / 10))
        averaged: list[Tensor] = list(self.model.networks.parameters())
        torch._foreach_lerp_(averaged, list[Tensor](self.live.parameters()), 1 - past)

    def _preview(self) -> list[Example] | None:
        every = self.config.preview_every
        if not every or self.step % every:
            return None
        return self.model.sample([SampleRequest(0, index) for index in range(16)])
