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
from genworld.datasets.symmetry import fitting
from genworld.models.base import (
    GenerativeModel,
    HasBound,
    HasEncoder,
    LatentModel,
    ModelConfig,
    Progress,
    SampleRequest,
    State,
    Variety,
    device_of,
)
from genworld.models.codecs import fixed_size
from genworld.models.layers import Decoder, Encoder, Paints, Pyramid, initialise
from genworld.models.masked import SearchingModel, Space
from genworld.models.run import Run
from genworld.seeding import stream

FEW = 1000
"""Examples below which flips that they allow are worth more than what is typical of a side."""
HALF_STEP = 1 / 255
"""Half of the width of one of 256 steps from -1 to 1."""
WIDTH = -3.0
"""Logarithm of the width that a discretised likelihood begins with: as wide as `SPREAD`."""
SPREAD = 0.05
"""Scale of the Laplace likelihood of a colour in [-1, 1]: about six steps of 255."""
CHANNEL_STEP = 2 * HALF_STEP
"""From one 8-bit value to the next in [-1, 1]: times it, a density is about the probability of the value."""


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
    free_bits: float = Field(
        0.0,
        ge=0,
        le=10,
        description="nats that each number of the latent may tell for nothing, so that none falls silent",
    )
    likelihood: Literal["laplace", "discretised"] = Field(
        "laplace",
        description="of a sprite's colours: laplace has one width; discretised learns one for each channel and counts "
        "256 steps, so its figures are true likelihoods",
    )
    palette: int = Field(
        0,
        ge=0,
        le=64,
        description="colours that a sprite is painted with, its own; 0 paints each pixel freely; of sprites only",
    )
    average: float = Field(0.998, ge=0, lt=1, description="weight of the past in the averaged networks")
    flips: Literal["none", "mirror", "turns"] = Field("none", description="symmetries added to the data")
    half: bool = Field(True, description="convolve in 16 bits (bfloat16) while training on a GPU")
    preview_every: int = Field(500, ge=0, le=100_000, description="steps from one preview to the next; 0 for none")


class Vae(LatentModel, HasEncoder, HasBound):
    """A variational autoencoder; its weights are averages over the end of training."""

    family = "vae"
    title = "VAE"
    summary = "Quick to train, and finds the latent of a picture or level that you bring."
    kinds = frozenset({"level", "sprite"})
    Config = VaeConfig
    variety: ClassVar[Variety] = Variety("temperature", 0.0, 1.5, 1.0)

    def __init__(self, spec: Spec, config: VaeConfig) -> None:
        super().__init__(spec, config)
        self.latent_dim = config.latent_dim
        self.networks = Autoencoder(spec, config, self.codec.channels)

    @classmethod
    def serving(cls, kind: str) -> type[GenerativeModel]:
        return LevelVae if kind == "level" else cls

    @classmethod
    def suited(cls, data: Dataset) -> dict[str, Any]:
        """Few examples are flipped where they allow it."""
        return {"flips": fitting(data)} if len(data) < FEW else {}

    def features(self, code: Tensor, condition: Tensor) -> Tensor:
        """(N, style_dim) what enters the decoder, before its rectifier: linear in the latent."""
        lifted: Tensor = self.networks.lift(torch.cat([code, condition], dim=1))
        return lifted

    def raw(self, code: Tensor, condition: Tensor) -> Tensor:
        return self.networks.decode(code, condition)

    @torch.no_grad()
    def encode(self, examples: Sequence[Example], condition: Tensor) -> Tensor:
        """(N, latent_dim) means of the posterior."""
        mean, _ = self.networks.encode(self.codec.stack(examples).to(device_of(self)), condition)
        return mean

    @torch.no_grad()
    def bound(self, examples: Sequence[Example], condition: Tensor, *, draws: int, seed: int) -> Tensor:
        """See `HasBound`; the bound of Burda et al. 2016, *Importance weighted autoencoders*, equation 8."""
        x, weights = self.codec.stack(examples).to(device_of(self)), condition.float().to(device_of(self))
        mean, log_variance = self.networks.encode(x, weights)
        each = [self._weight(x, weights, mean, log_variance, stream(seed, f"bound/{k}")) for k in range(draws)]
        nats = torch.logsumexp(torch.stack(each), dim=0) - math.log(draws)
        counted = isinstance(self.spec, LevelSpec) or self.networks.widths is not None
        return nats if counted else nats + x[0].numel() * math.log(CHANNEL_STEP)

    def _weight(
        self, x: Tensor, weights: Tensor, mean: Tensor, log_variance: Tensor, random: torch.Generator
    ) -> Tensor:
        """(N,) log p(x, z) - log q(z | x) for one draw of z from q."""
        noise = torch.randn(mean.shape, generator=random).to(mean.device)
        z = mean + noise * (log_variance / 2).exp()
        apart = 0.5 * (noise.square() + log_variance - z.square()).sum(dim=1)
        return apart - surprise(self.spec, self.networks.decode(z, weights), x, self.networks.widths)

    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:
        self.classes.learn(data.labels)
        return _Ascent(self, data, seed).steps(resume)


class LevelVae(SearchingModel, Vae):
    """A VAE of levels: it fills by a search among its latents."""

    def plain(self, requests: Sequence[SampleRequest]) -> list[Example]:
        return Vae.sample(self, requests)

    def space(self, z: Tensor, condition: Tensor) -> Space:
        def decode(points: Tensor) -> Tensor:
            weights, latents = torch.split(points, [condition.shape[1], z.shape[1]], dim=1)
            return self.networks.decode(latents, weights)

        return torch.cat([condition, z], dim=1), decode


class Autoencoder(nn.Module):
    """The two networks; class weights enter both."""

    def __init__(self, spec: Spec, config: VaeConfig, channels: int) -> None:
        super().__init__()
        classes = len(spec.classes)
        pyramid = Pyramid(*fixed_size(spec), config.channels, config.most_channels)
        self.encoder = Encoder(pyramid, channels, config.style_dim)
        self.posterior = nn.Linear(config.style_dim + classes, 2 * config.latent_dim)
        self.lift = nn.Linear(config.latent_dim + classes, config.style_dim)
        palette, learned = (config.palette, config.likelihood == "discretised") if spec.kind == "sprite" else (0, False)
        self.decoder = Decoder(pyramid, config.style_dim, palette or channels)
        self.paints = Paints(config.style_dim, palette) if palette else None
        self.widths = nn.Parameter(torch.full((channels,), WIDTH)) if learned else None

    def encode(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Means and log variances, each (N, latent_dim)."""
        mean, log_variance = self.posterior(torch.cat([self.encoder(x), condition], dim=1)).chunk(2, dim=1)
        return mean, log_variance.clamp(-12, 4)

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """Raw output (N, channels, H, W) of the decoder."""
        style = F.leaky_relu(self.lift(torch.cat([z, condition], dim=1)), 0.2)
        raw: Tensor = self.decoder(style)
        return raw if self.paints is None else self.paints(raw, style)


def surprise(spec: Spec, raw: Tensor, x: Tensor, widths: Tensor | None = None) -> Tensor:
    """(N,) negative log-likelihood in nats of encoded examples: categorical for levels, Laplace for sprites.

    Args:
        spec: of the examples.
        raw: (N, channels, H, W) output of the decoder.
        x: (N, channels, H, W) the examples.
        widths: (channels,) logarithms of the widths of a discretised logistic for sprites; None takes the Laplace density.
    """
    if isinstance(spec, LevelSpec):
        return F.cross_entropy(raw, x.argmax(dim=1), reduction="none").sum(dim=(1, 2))
    if widths is not None:
        return -discretised_logistic(x, raw, widths[:, None, None]).sum(dim=(1, 2, 3))
    return ((raw - x).abs() / SPREAD + math.log(2 * SPREAD)).sum(dim=(1, 2, 3))


def discretised_logistic(x: Tensor, mean: Tensor, log_scale: Tensor) -> Tensor:
    """Log-probabilities in nats of values that are one of 256 steps of [-1, 1] (Salimans et al. 2017, equation 2).

    The first and the last step hold all that is beyond them, so the probabilities of the steps sum to one. A value between
    two steps, as premultiplied colours have, is given the mass of the step's width around it.
    """
    narrow = torch.exp(-log_scale)
    above, below = ((x - mean + half) * narrow for half in (HALF_STEP, -HALF_STEP))
    inside = torch.sigmoid(above) - torch.sigmoid(below)
    # Where the mass vanishes in 32 bits: the density at the middle times the width.
    middle = (x - mean) * narrow
    density = middle - log_scale - 2 * F.softplus(middle) + math.log(2 * HALF_STEP)
    log_inside = torch.where(inside > 1e-5, inside.clamp(min=1e-12).log(), density)
    log_first, log_last = F.logsigmoid(above), F.logsigmoid(-below)
    return torch.where(x < -1 + HALF_STEP, log_first, torch.where(x > 1 - HALF_STEP, log_last, log_inside))


def divergences(mean: Tensor, log_variance: Tensor) -> Tensor:
    """(N, latent_dim) Kullback-Leibler divergence in nats of each number from the prior (Kingma and Welling 2014, appendix B)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)


def priced(each: Tensor, free: float) -> Tensor:
    """What divergences (N, latent_dim) cost on average: each number's mean over the batch, but never less than `free` nats
    (Kingma et al. 2016, equation 15)."""
    return each.mean(dim=0).clamp(min=free).sum() if free else each.sum(dim=1).mean()


class _Ascent(Run):
    """The live networks and their optimizer."""

    def __init__(self, model: Vae, data: Dataset, seed: int) -> None:
        super().__init__(model, data, seed)
        self.model = model
        self.examples = len(data)
        initialise(model.networks, stream(seed, "weights"))
        self.live = Autoencoder(model.spec, self.config, model.codec.channels).to(self.device)
        self.live.load_state_dict(model.networks.state_dict())
        self.adam = torch.optim.Adam(self.live.parameters(), lr=self.config.learning_rate, betas=(0.9, 0.99))

    def parts(self) -> dict[str, Any]:
        return {"average": self.model, "live": self.live, "adam": self.adam, "noise": self.noise}

    def averaged(self) -> tuple[nn.Module, nn.Module]:
        return self.model.networks, self.live

    def learn(self) -> dict[str, float]:
        """One step up the bound."""
        done = self.step / self.config.steps
        self._set_rate(done)
        beta = self.config.beta * min(1.0, done / max(self.config.warm_up, 1e-9))
        chosen = torch.randint(self.examples, (self.config.batch,), generator=self.noise)
        x, condition = self.batch(chosen)
        with self._precision():
            mean, log_variance = (part.float() for part in self.live.encode(x, condition))
            noise = torch.randn(mean.shape, generator=self.noise).to(self.device)
            raw = self.live.decode(mean + noise * (log_variance / 2).exp(), condition).float()
        surprises = surprise(self.model.spec, raw, x, self.live.widths).mean()
        each = divergences(mean, log_variance)
        loss = surprises + beta * priced(each, self.config.free_bits)
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.live.parameters(), 100.0)
        self.adam.step()
        return {"loss": loss.item(), "surprise": surprises.item(), "divergence": each.sum(dim=1).mean().item()}

    def _precision(self) -> torch.autocast:
        """On processors it gains a VAE little, and its likelihood is counted in nats: there all stays in 32 bits."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.half and self.device.type == "cuda")

    def _set_rate(self, done: float) -> None:
        for group in self.adam.param_groups:
            group["lr"] = self.config.learning_rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done)))
