"""GAN: two networks in a contest, for sprites and levels of one size.

A mapping network turns a normalised latent and class weights into a style; a decoder turns the
style into the picture; a discriminator with class projection (Miyato and Koyama 2018) judges it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from genworld.content import Example, Spec
from genworld.datasets.dataset import Dataset
from genworld.datasets.symmetry import fitting
from genworld.models.augment import Chance, Changes
from genworld.models.base import (
    GenerativeModel,
    HasStyle,
    LatentModel,
    ModelConfig,
    Progress,
    SampleRequest,
    State,
    Variety,
)
from genworld.models.classes import Alike
from genworld.models.codecs import fixed_size
from genworld.models.layers import GROUP, Decoder, Encoder, Mapping, Paints, Pyramid, bound_slopes, initialise
from genworld.models.losses import LOSSES, between, gradient_penalty, unit_slope_penalty
from genworld.models.masked import SearchingModel, Space
from genworld.models.run import Run
from genworld.seeding import stream

FEW = 1000
"""Examples below which the discriminator would learn them by heart."""
STEADY: dict[str, Any] = {"loss": "relativistic", "penalty": 1.0, "penalty_fake": True}
CHANGED: dict[str, Any] = {"hole": 0.4, "colour": 0.4, "adapt": 0.6}
CENTRES = 256
"""Fixed latents whose mean style is the centre that truncation pulls towards."""


class GanConfig(ModelConfig):
    """Settings of a GAN."""

    steps: int = Field(20_000, ge=1, le=2_000_000, description="training steps")
    batch: int = Field(48, ge=4, le=512, description="examples a step")
    latent_dim: int = Field(96, ge=8, le=512, description="length of the latent")
    style_dim: int = Field(128, ge=16, le=512, description="length of the style")
    channels: int = Field(
        16, ge=8, le=128, description="features at the finest grid; twice as many at each coarser one"
    )
    most_channels: int = Field(96, ge=16, le=512, description="features of a stage at most")
    loss: Literal["non-saturating", "relativistic", "wasserstein", "hinge"] = Field(
        "non-saturating",
        description="what the two networks play for; wasserstein wants a penalty of about 10 at every step",
    )
    optimizer: Literal["adam", "sgd"] = Field("adam", description="how they learn; sgd, with momentum, is slower")
    learning_rate: float = Field(8e-4, gt=0, le=0.1, description="the optimizer's step size")
    decay: float = Field(
        0.3, ge=0, le=1, description="share of the steps over which the step size falls to a twentieth"
    )
    penalty: float = Field(
        3.0,
        ge=0,
        le=1000,
        description="weight of the gradient penalty: R1, for wasserstein that of a slope of one; 0.1 collapses",
    )
    penalty_every: int = Field(16, ge=1, le=64, description="steps from one penalty to the next")
    penalty_fake: bool = Field(False, description="penalise the gradient at generated examples too (R2)")
    spectral: bool = Field(False, description="keep the discriminator's slopes bounded (spectral norm)")
    average: float = Field(0.998, ge=0, lt=1, description="weight of the past in the averaged generator")
    shift: float = Field(
        0.125, ge=0, le=0.5, description="furthest translation that the discriminator sees, share of the side"
    )
    hole: float = Field(
        0.0, ge=0, le=0.8, description="side of a square hidden from the discriminator, share of the side"
    )
    colour: float = Field(0.0, ge=0, le=1, description="strength of the colour changes that it sees, of sprites only")
    adapt: float = Field(
        0.0,
        ge=0,
        le=1,
        description="sureness from which on the discriminator sees changes more often; 0 always changes what it sees",
    )
    flips: Literal["none", "mirror", "turns"] = Field("none", description="symmetries added to the data")
    palette: int = Field(
        0,
        ge=0,
        le=64,
        description="colours that a sprite is painted with, its own; 0 paints each pixel freely; of sprites only",
    )
    half: bool = Field(True, description="convolve in 16 bits (bfloat16) while training")
    preview_every: int = Field(500, ge=0, le=100_000, description="steps from one preview to the next; 0 for none")


class Generator(nn.Module):
    """From latents and class weights to pictures."""

    def __init__(self, pyramid: Pyramid, config: GanConfig, classes: int, outputs: int, palette: int = 0) -> None:
        super().__init__()
        self.mapping = Mapping(config.latent_dim, classes, config.style_dim)
        self.decoder = Decoder(pyramid, config.style_dim, palette or outputs)
        self.paints = Paints(config.style_dim, palette) if palette else None

    def forward(self, z: Tensor, condition: Tensor) -> Tensor:
        return self.picture(self.mapping(z, condition))

    def picture(self, w: Tensor) -> Tensor:
        """(N, channels, H, W) raw pictures for (N, style_dim) styles."""
        raw: Tensor = self.decoder(w)
        return raw if self.paints is None else self.paints(raw, w)


class Discriminator(nn.Module):
    """A score for a picture, higher for real; with classes, how well it fits them is added (projection)."""

    def __init__(self, pyramid: Pyramid, config: GanConfig, classes: int, inputs: int) -> None:
        super().__init__()
        self.encoder = Encoder(pyramid, inputs, config.style_dim, compare=True)
        self.score = nn.Linear(config.style_dim, 1)
        self.embed = nn.Linear(classes, config.style_dim, bias=False) if classes else None

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        features = self.encoder(x)
        score: Tensor = self.score(features)[:, 0]
        if self.embed is not None:
            score = score + (features * self.embed(condition - 0.5)).mean(dim=1)
        return score


class Gan(LatentModel, HasStyle):
    """The averaged generator; the discriminator lives only while it trains."""

    family = "gan"
    title = "GAN"
    summary = "Crisp sprites and levels of one size, with a smooth space to explore."
    kinds = frozenset({"level", "sprite"})
    Config = GanConfig
    variety: ClassVar[Variety] = Variety("truncation", 0.0, 1.25, 1.0)

    def __init__(self, spec: Spec, config: GanConfig) -> None:
        super().__init__(spec, config)
        self.pyramid = Pyramid(*fixed_size(spec), config.channels, config.most_channels)
        self.latent_dim = config.latent_dim
        palette = config.palette if spec.kind == "sprite" else 0
        self.generator = Generator(self.pyramid, config, len(spec.classes), self.codec.channels, palette)

    @classmethod
    def serving(cls, kind: str) -> type[GenerativeModel]:
        return LevelGan if kind == "level" else cls

    @classmethod
    def suited(cls, data: Dataset) -> dict[str, Any]:
        """Few examples are flipped where they allow it, and changed before they are judged; see `Chance`."""
        return STEADY | CHANGED | {"flips": fitting(data)} if len(data) < FEW else {}

    @property
    def code_dim(self) -> int:
        return int(self.config.style_dim)

    @torch.no_grad()
    def style(self, z: Tensor, condition: Tensor) -> Tensor:
        return self.coded(z, condition)

    @torch.no_grad()
    def centre(self, condition: Tensor) -> Tensor:
        """(N, style_dim) mean style of each row of (N, K) class weights."""
        z = torch.randn(CENTRES, self.latent_dim, generator=stream(0, "centre")).to(condition.device)
        return torch.stack([self.style(z, row.expand(CENTRES, -1)).mean(0) for row in condition])

    @torch.no_grad()
    def code(self, z: Tensor, condition: Tensor, variety: Tensor) -> Tensor:
        """(N, style_dim) styles, pulled towards the mean style of their classes where they are truncated."""
        w = self.style(z, condition)
        if bool((variety != 1).any()):
            centre = self.centre(condition)
            w = centre + variety * (w - centre)
        return w

    def coded(self, z: Tensor, condition: Tensor) -> Tensor:
        styles: Tensor = self.generator.mapping(z, condition)
        return styles

    def raw(self, code: Tensor, condition: Tensor) -> Tensor:  # noqa: ARG002  the style knows its classes
        return self.generator.picture(code)

    @torch.no_grad()
    def decode_style(self, w: Tensor) -> list[Example]:
        return self.codec.decode(self.generator.picture(w))

    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:
        self.classes.learn(data.labels)
        return _Contest(self, data, seed).steps(resume)


class LevelGan(SearchingModel, Gan):
    """A GAN of levels: it fills by a search among its styles."""

    def plain(self, requests: Sequence[SampleRequest]) -> list[Example]:
        return Gan.sample(self, requests)

    def space(self, z: Tensor, condition: Tensor) -> Space:
        return self.style(z, condition), self.generator.picture


class _Contest(Run):
    """The live networks, the two players, and their optimizers."""

    def __init__(self, model: Gan, data: Dataset, seed: int) -> None:
        super().__init__(model, data, seed)
        self.model = model
        torch_seed = stream(seed, "weights")
        initialise(model.generator, torch_seed)
        # channels last: a fifth quicker on processors, and what tensor cores want
        self.generator = copy.deepcopy(model.generator).to(memory_format=torch.channels_last)
        self.discriminator = (
            Discriminator(model.pyramid, self.config, len(model.spec.classes), self.codec.channels)
            .to(self.device)
            .to(memory_format=torch.channels_last)
        )
        initialise(self.discriminator, torch_seed)
        if self.config.spectral:
            bound_slopes(self.discriminator, torch_seed)
        players = {"generator": self.generator, "discriminator": self.discriminator}
        self.optimizers = {name: _optimizer(player, self.config) for name, player in players.items()}
        self._alike = Alike(data.labels, GROUP)
        self.loss = LOSSES[self.config.loss]
        self.chance = Chance(self.config.adapt)
        self._changes = _changes(self.config, sprites=model.spec.kind == "sprite")

    def parts(self) -> dict[str, Any]:
        return {
            "average": self.model,
            "generator": self.generator,
            "discriminator": self.discriminator,
            "adam": self.optimizers,
            "noise": self.noise,
            **({"chance": self.chance} if self.chance.target else {}),
        }

    def averaged(self) -> tuple[nn.Module, nn.Module]:
        return self.model.generator, self.generator

    def _set_rate(self) -> None:
        left = (self.config.steps - self.step) / max(1.0, self.config.decay * self.config.steps)
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = self.config.learning_rate * max(0.05, min(1.0, left))

    def _fake(self, condition: Tensor) -> Tensor:
        z = torch.randn(len(condition), self.model.latent_dim, generator=self.noise).to(self.device)
        return self.codec.shown(self.generator(z, condition).float())

    def _judge(self, x: Tensor, condition: Tensor) -> Tensor:
        scores: Tensor = self.discriminator(self.chance.apply_to(x, self._changes, self.noise), condition)
        return scores.float()

    def learn(self) -> dict[str, float]:
        """One move of each player. Both see the same examples: the fakes are made once, with their graph."""
        self._set_rate()
        real, condition = self.batch(self._alike.draw(self.config.batch, self.noise))
        with self._precision():
            fake = self._fake(condition)
        return self._discriminate(real, fake.detach(), condition) | self._generate(real, fake, condition)

    def _discriminate(self, real: Tensor, fake: Tensor, condition: Tensor) -> dict[str, float]:
        penalise = self.config.penalty > 0 and self.step % self.config.penalty_every == 0
        if penalise and not self.loss.between:
            real = real.clone().requires_grad_(True)
            fake = fake.clone().requires_grad_(self.config.penalty_fake)
        with self._precision():
            real_scores, fake_scores = self._judge(real, condition), self._judge(fake, condition)
        loss = self.loss.discriminator(real_scores, fake_scores)
        metrics = {"discriminator": loss.item(), "advantage": (real_scores - fake_scores).mean().item()}
        if self.chance.target:
            metrics |= self._adapt(real_scores, fake_scores)
        if penalise:
            slope = self.loss.between
            penalty = (
                self._slope(real, fake, condition) if slope else self._steepness(real_scores, real, fake_scores, fake)
            )
            weight = self.config.penalty if slope else self.config.penalty / 2
            loss = loss + penalty * (weight * self.config.penalty_every)
            metrics["penalty"] = penalty.item()
        self._descend("discriminator", loss)
        return metrics

    def _steepness(self, real_scores: Tensor, real: Tensor, fake_scores: Tensor, fake: Tensor) -> Tensor:
        """R1, and R2 where that was asked for."""
        penalty = gradient_penalty(real_scores, real)
        return penalty + gradient_penalty(fake_scores, fake) if self.config.penalty_fake else penalty

    def _slope(self, real: Tensor, fake: Tensor, condition: Tensor) -> Tensor:
        """The penalty of a Wasserstein distance, of what the discriminator sees without changes."""
        mixed = between(real, fake, self.noise)
        with self._precision():
            scores = self.discriminator(mixed, condition).float()
        return unit_slope_penalty(scores, mixed)

    def _adapt(self, real_scores: Tensor, fake_scores: Tensor) -> dict[str, float]:
        """Only differences of relativistic scores mean anything, so there the fakes' mean is the undecided middle."""
        middle = fake_scores.mean() if self.config.loss == "relativistic" else 0.0
        self.chance.learn(real_scores.detach() - middle)
        return {"changed": float(self.chance.chance)}

    def _generate(self, real: Tensor, fake: Tensor, condition: Tensor) -> dict[str, float]:
        self.discriminator.requires_grad_(False)
        with self._precision():
            fake_scores = self._judge(fake, condition)
            real_scores = self._judge(real, condition) if self.config.loss == "relativistic" else fake_scores
        loss = self.loss.generator(real_scores, fake_scores)
        self._descend("generator", loss)
        self.discriminator.requires_grad_(True)
        return {"generator": loss.item()}

    def _precision(self) -> torch.autocast:
        """Convolutions in 16 bits where that was asked for; weights, losses and the penalty's sums stay in 32."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.half)

    def _descend(self, player: str, loss: Tensor) -> None:
        self.optimizers[player].zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizers[player].step()


MOMENTUM = 0.9


def _optimizer(network: nn.Module, config: GanConfig) -> torch.optim.Optimizer:
    if config.optimizer == "sgd":
        return torch.optim.SGD(network.parameters(), lr=config.learning_rate, momentum=MOMENTUM, foreach=True)
    return torch.optim.Adam(network.parameters(), lr=config.learning_rate, betas=(0.0, 0.99), foreach=True)


def _changes(config: GanConfig, *, sprites: bool) -> Changes:
    """What the discriminator sees. Tiles have no colour; a hole is where no tile is, or nothing drawn."""
    return Changes(config.shift, config.hole, config.colour if sprites else 0.0, empty=-1.0 if sprites else 0.0)
