"""Flow: an invertible network from pictures to noise, trained on the exact density (Dinh et al. 2017; Kingma and Dhariwal 2018).

Nothing is lost on the way: every example has its own latent, of as many numbers as the example has, and decodes back to
itself; and the model says how likely it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from genworld.content import Example, Spec
from genworld.datasets.dataset import Dataset
from genworld.datasets.symmetry import fitting
from genworld.errors import GenworldError
from genworld.models.base import (
    GenerativeModel,
    HasDensity,
    HasEncoder,
    LatentModel,
    ModelConfig,
    Progress,
    SampleRequest,
    State,
    Variety,
    device_of,
)
from genworld.models.bijections import Advice, Mix, Prior, Step, squeeze, unsqueeze
from genworld.models.codecs import fixed_size
from genworld.models.dequantised import TONES, dequantised_for
from genworld.models.masked import SearchingModel, Space
from genworld.models.run import Run
from genworld.seeding import stream

FEW = 1000
"""Examples below which flips that they allow are worth more than what is typical of a side."""
SMALLEST = 3
"""Side of the coarsest grid, in cells, at least."""
SOFT = 0.05
"""Share of pixels seen that are neither clear nor opaque, from which on alpha has more levels."""
ALPHAS = 8
"""So many then."""
FIRST = 256
"""Examples that set the scales before the first step."""
UNKNOWN = 0.1
"""Share of examples that are learned without their classes, so that likelihoods need none."""
STEEPEST = 1.0
"""Norm of a gradient, in nats a dimension, beyond which it is cut."""


class FlowConfig(ModelConfig):
    """Settings of a flow."""

    steps: int = Field(10_000, ge=1, le=2_000_000, description="training steps")
    batch: int = Field(32, ge=1, le=512, description="examples a step")
    scales: int = Field(3, ge=1, le=6, description="grids, each half as fine as the last, as far as the size allows")
    depth: int = Field(8, ge=1, le=64, description="steps of the flow on each grid")
    channels: int = Field(
        48, ge=4, le=512, description="features of a coupling at the finest grid; twice as many at each coarser one"
    )
    most_channels: int = Field(96, ge=4, le=1024, description="features of a coupling at most")
    learning_rate: float = Field(1.5e-3, gt=0, le=0.1, description="Adam's step size")
    warm_up: float = Field(0.02, ge=0, le=1, description="share of the steps over which that grows from nothing")
    average: float = Field(0.998, ge=0, lt=1, description="weight of the past in the averaged network")
    tones: int = Field(32, ge=4, le=256, description="steps of a colour that are told apart while learning")
    alphas: int = Field(2, ge=2, le=256, description="levels of alpha; 2 for clear or opaque")
    flips: Literal["none", "mirror", "turns"] = Field("none", description="symmetries added to the data")
    half: bool = Field(True, description="let couplings convolve in 16 bits (bfloat16) while they learn")
    preview_every: int = Field(500, ge=0, le=100_000, description="steps from one preview to the next; 0 for none")


class Flow(LatentModel, HasEncoder, HasDensity):
    """A multi-scale flow; its weights are averages over the end of training.

    The latent is all that leaves the network, the coarsest grid first: these numbers stand for the whole of a picture, and
    sliders and maps go by them; the rest is detail.
    """

    family = "flow"
    title = "Flow"
    summary = "Says how likely a picture or level is, and finds its latent without loss."
    kinds = frozenset({"level", "sprite"})
    Config = FlowConfig
    variety: ClassVar[Variety] = Variety("temperature", 0.0, 1.2, 1.0)
    """Cooler draws have fewer stray pixels, but fainter colours too: of adventurers, 1-NN was 0.79 at 0.9 and 0.77 at 1."""

    def __init__(self, spec: Spec, config: FlowConfig) -> None:
        super().__init__(spec, config)
        self.numbers = dequantised_for(spec, config.alphas)
        self.network = MultiScale(spec, config, self.numbers.channels)
        self.latent_dim = self.network.length

    @classmethod
    def serving(cls, kind: str) -> type[GenerativeModel]:
        return LevelFlow if kind == "level" else cls

    @classmethod
    def suited(cls, data: Dataset) -> dict[str, Any]:
        """Few examples are flipped where they allow it; soft edges have more levels of alpha."""
        flips = {"flips": fitting(data)} if len(data) < FEW else {}
        return flips | ({"alphas": ALPHAS} if not data.levels and softness(data) > SOFT else {})

    @property
    def leading(self) -> int:
        return self.network.grids[-1].latents

    def features(self, code: Tensor, condition: Tensor) -> Tensor:
        """(N, leading) what the coarsest grid makes of its latents."""
        return self.network.coarsest(code[:, : self.leading], condition).flatten(1)

    def raw(self, code: Tensor, condition: Tensor) -> Tensor:
        return self.numbers.raw(self.network.inverse(code, condition))

    @torch.no_grad()
    def encode(self, examples: Sequence[Example], condition: Tensor) -> Tensor:
        """(N, latent_dim) latents; each decodes to its example."""
        x = self.codec.stack(examples).to(device_of(self))
        middle = torch.full((len(x), self.numbers.channels, *x.shape[2:]), 0.5, device=x.device)
        return self.network.latent(self.network(self.numbers.blurred(x, middle, TONES), condition))

    def log_prob(self, examples: Sequence[Example]) -> Tensor:
        """(N,) log-likelihoods in nats, the classes unknown: of tiles, or of premultiplied colours of 8 bits and levels of alpha.

        Of the blurred example it is exact; of the example itself the mean over the noise is a lower bound. The noise is
        that of a stream named by the example's digest: the middle of the region would be no draw, and no bound, while
        a draw of each example's own gives the same figure every time, and a fair mean over many.

        Raises:
            GenworldError: an example that is none of this model's content and size.
        """
        each = [float(self.surprise(example).sum(dtype=np.float64)) for example in examples]
        return -torch.tensor(each, dtype=torch.float32)

    @torch.no_grad()
    def surprise(self, example: Example) -> NDArray[np.float32]:
        """(H, W) nats of surprise in each cell; their sum is -`log_prob`.

        What a latent costs, and what the network stretched on the way to it, is shared by the cells that it stands on. A cell
        that the model is sure of may have a little less than none, as densities do; the sum has not, on average.

        Raises:
            GenworldError: an example that is none of this model's content and size.
        """
        self._require_own(example)
        x = self.codec.stack([example]).to(device_of(self))
        noise = uniform(x.shape, self.numbers.channels, stream(0, f"blur/{example.digest}")).to(x.device)
        passed = self.network(self.numbers.blurred(x, noise, TONES), self.classes.mean()[None].to(x.device))
        nats = self.network.by_cell(passed) - self.numbers.room(x)
        found: NDArray[np.float32] = nats[0].cpu().numpy()
        return found

    def _require_own(self, example: Example) -> None:
        came, wanted = (example.height, example.width), fixed_size(self.spec)
        legend = getattr(example, "legend", None), getattr(self.spec, "legend", None)
        if came != wanted or getattr(legend[0], "tiles", None) != getattr(legend[1], "tiles", None):
            raise GenworldError(
                f"This model knows {self.spec.kind}s of {wanted[0]} x {wanted[1]} with its own tiles, but {came[0]} x "
                f"{came[1]} came, or other tiles; bring one like those that it learned from."
            )

    def check(self) -> None:
        """Raises GenworldError where a mix could not be undone."""
        for mix in (module for module in self.network.modules() if isinstance(module, Mix)):
            mix.check()

    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:
        self.classes.learn(data.labels)
        return _Ascent(self, data, seed).steps(resume)


class LevelFlow(SearchingModel, Flow):
    """A flow of levels: it fills by a search among its latents."""

    def plain(self, requests: Sequence[SampleRequest]) -> list[Example]:
        return Flow.sample(self, requests)

    def space(self, z: Tensor, condition: Tensor) -> Space:
        def decode(points: Tensor) -> Tensor:
            return self.raw(points, condition[:1].expand(len(points), -1))

        return z, decode


class Scale(nn.Module):
    """One grid: steps of the flow, and the latents that leave there.

    Args:
        inputs: channels that come; twice as many rows and columns as `size`.
        size: rows and columns.
        last: whether all leaves.
    """

    def __init__(
        self, inputs: int, size: tuple[int, int], config: FlowConfig, width: int, classes: int, last: bool
    ) -> None:
        super().__init__()
        channels = 4 * inputs
        self.size, self.leaving = size, channels if last else channels // 2
        self.going = channels - self.leaving
        self.steps = nn.ModuleList(Step(channels, width, size, classes) for _ in range(config.depth))
        self.prior = Prior(self.leaving, self.going, width, size, classes)

    @property
    def latents(self) -> int:
        """How many numbers leave."""
        return self.leaving * self.size[0] * self.size[1]

    def forward(self, x: Tensor, condition: Tensor, first: bool = False) -> tuple[Tensor, Tensor, Tensor]:
        """(N, leaving, h, w) latents, (N, going, h, w) what goes on, and the (N, h, w) stretch; `first` sets scales."""
        x, total = squeeze(x), torch.zeros((), device=x.device)
        for step in self._steps():
            if first:
                step.adapt(x)
            x, stretch = step(x, condition)
            total = total + stretch
        x, stretch = self.prior(x, condition)
        latent, going = torch.split(x, [self.leaving, self.going], dim=1)
        return latent, going, total + stretch

    def inverse(self, latent: Tensor, going: Tensor, condition: Tensor) -> Tensor:
        """What came, from the latents and what went on."""
        x = self.prior.inverse(torch.cat([latent, going], dim=1), condition)
        for step in reversed(self._steps()):
            x = step.inverse(x, condition)
        return unsqueeze(x)

    def _steps(self) -> list[Step]:
        return [step for step in self.steps if isinstance(step, Step)]


Passed = list[tuple[Tensor, Tensor]]
"""Of each grid, the finest first: (N, leaving, h, w) latents and the (N, h, w) stretch up to them, in nats."""


class MultiScale(nn.Module):
    """All grids of a flow (Dinh et al. 2017, section 3.6). Content is padded up so that it can be halved as often as needed.

    The padding repeats the border and is learned as part of the content: that only loosens the bound.
    """

    def __init__(self, spec: Spec, config: FlowConfig, channels: int) -> None:
        super().__init__()
        self.content = fixed_size(spec)
        self.halvings = max(1, min(config.scales, int(math.log2(max(2, min(self.content) / SMALLEST)))))
        unit = 2**self.halvings
        self.height, self.width = (-(-side // unit) * unit for side in self.content)
        made = []
        for k in range(self.halvings):
            size, last = (self.height >> k + 1, self.width >> k + 1), k == self.halvings - 1
            width = min(config.most_channels, config.channels << k)
            made.append(Scale(channels << k, size, config, width, len(spec.classes), last))
        self.scales = nn.ModuleList(made)

    @property
    def grids(self) -> list[Scale]:
        """The scales, the finest first."""
        return [scale for scale in self.scales if isinstance(scale, Scale)]

    @property
    def length(self) -> int:
        """Of a latent."""
        return sum(scale.latents for scale in self.grids)

    def forward(self, v: Tensor, condition: Tensor, first: bool = False) -> Passed:
        """(N, C, H, W) numbers to latents."""
        rows, columns = self.height - self.content[0], self.width - self.content[1]
        going = F.pad(v, (0, columns, 0, rows), mode="replicate") if rows or columns else v
        passed = []
        for scale in self.grids:
            latent, going, stretch = scale(going, condition, first)
            passed.append((latent, stretch))
        return passed

    def inverse(self, z: Tensor, condition: Tensor) -> Tensor:
        """(N, C, H, W) numbers from (N, length) latents."""
        going = z.new_zeros(len(z), 0, *self.grids[-1].size)
        for scale, part in zip(reversed(self.grids), self._parts(z), strict=True):
            going = scale.inverse(part.reshape(len(z), -1, *scale.size), going, condition)
        return going[..., : self.content[0], : self.content[1]]

    def coarsest(self, leading: Tensor, condition: Tensor) -> Tensor:
        """(N, C', h, w) what the coarsest grid gives to the next one, from its (N, leading) latents."""
        scale = self.grids[-1]
        latent = leading.reshape(len(leading), -1, *scale.size)
        return scale.inverse(latent, latent[:, :0], condition)

    def latent(self, passed: Passed) -> Tensor:
        """(N, length) the latents in one row, the coarsest grid's first."""
        return torch.cat([latent.flatten(1) for latent, _ in reversed(passed)], dim=1)

    def nats(self, passed: Passed) -> Tensor:
        """(N,) negative log-densities in nats."""
        each = [surprises(latent, stretch).sum(dim=(1, 2)) for latent, stretch in passed]
        return torch.stack(each).sum(dim=0)

    def by_cell(self, passed: Passed) -> Tensor:
        """(N, H, W) the same, shared evenly by the cells that each latent stands on; the border takes the padding's."""
        whole = torch.stack(
            [_spread(surprises(latent, stretch), 1 << k + 1) for k, (latent, stretch) in enumerate(passed)]
        )
        grid = whole.sum(dim=0)
        for dim, side in zip((1, 2), self.content, strict=True):
            kept, beyond = torch.split(grid, [side, grid.shape[dim] - side], dim=dim)
            edge = beyond.sum(dim=dim, keepdim=True)
            grid = torch.cat([kept.narrow(dim, 0, side - 1), kept.narrow(dim, side - 1, 1) + edge], dim=dim)
        return grid

    def _parts(self, z: Tensor) -> Sequence[Tensor]:
        return torch.split(z, [scale.latents for scale in reversed(self.grids)], dim=1)


def surprises(latent: Tensor, stretch: Tensor) -> Tensor:
    """(N, h, w) negative log-density in nats of (N, C, h, w) latents, with the (N, h, w) stretch up to them."""
    return (0.5 * latent.square() + 0.5 * math.log(2 * math.pi)).sum(dim=1) - stretch


def _spread(coarse: Tensor, times: int) -> Tensor:
    """(N, h, w) to (N, h * times, w * times) of the same sum."""
    return coarse.repeat_interleave(times, dim=1).repeat_interleave(times, dim=2) / times**2


def uniform(shape: torch.Size, channels: int, random: torch.Generator) -> Tensor:
    """(N, channels, H, W) noise in [0, 1) for examples of (N, C, H, W)."""
    return torch.rand(shape[0], channels, *shape[2:], generator=random)


def softness(data: Dataset) -> float:
    """Share of the pixels seen that are neither clear nor opaque."""
    alpha = data.take(range(min(len(data), FEW))).array()[..., 3]
    return float(((alpha > 0) & (alpha < 255)).sum() / max(1, (alpha > 0).sum()))


def initialise(network: MultiScale, random: torch.Generator) -> None:
    """Draw all weights anew from `random`."""
    for module in network.modules():
        if isinstance(module, Mix | Advice):
            module.draw(random)


class _Ascent(Run):
    """The live network and its optimizer."""

    def __init__(self, model: Flow, data: Dataset, seed: int) -> None:
        super().__init__(model, data, seed)
        self.model = model
        self.examples = len(data)
        self.dimensions = math.prod(fixed_size(model.spec)) * (1 if data.levels else model.codec.channels)
        self.unknown = model.classes.mean().to(self.device)
        self.live = MultiScale(model.spec, self.config, model.numbers.channels).to(self.device)
        initialise(self.live, stream(seed, "weights"))
        self._see_first()
        for advice in (module for module in self.live.modules() if isinstance(module, Advice)):
            advice.short = self.config.half
        model.network.load_state_dict(self.live.state_dict())
        self.adam = torch.optim.Adam(self.live.parameters(), lr=self.config.learning_rate, betas=(0.9, 0.99))

    def parts(self) -> dict[str, Any]:
        return {"average": self.model, "live": self.live, "adam": self.adam, "noise": self.noise}

    def averaged(self) -> tuple[nn.Module, nn.Module]:
        return self.model.network, self.live

    def learn(self) -> dict[str, float]:
        """One step up the likelihood."""
        self._set_rate()
        x, condition = self._drawn(self.config.batch)
        nats = self.live.nats(self.live(self._blurred(x), condition)).mean()
        self.adam.zero_grad(set_to_none=True)
        (nats / self.live.length).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.live.parameters(), STEEPEST)
        self.adam.step()
        room = self.model.numbers.room(x).sum(dim=(1, 2)).mean()
        return {"loss": nats.item(), "bits": (nats - room).item() / math.log(2) / self.dimensions}

    @torch.no_grad()
    def _see_first(self) -> None:
        x, condition = self._drawn(min(FIRST, 8 * self.config.batch))
        self.live(self._blurred(x), condition, first=True)

    def _drawn(self, count: int) -> tuple[Tensor, Tensor]:
        """Encoded examples and their class weights, of which some are withheld."""
        chosen = torch.randint(self.examples, (count,), generator=self.noise)
        x, condition = self.batch(chosen)
        withheld = torch.rand(count, 1, generator=self.noise).to(self.device) < UNKNOWN
        return x, torch.where(withheld, self.unknown, condition)

    def _blurred(self, x: Tensor) -> Tensor:
        noise = uniform(x.shape, self.model.numbers.channels, self.noise).to(self.device)
        return self.model.numbers.blurred(x, noise, self.config.tones)

    def _set_rate(self) -> None:
        done = (self.step + 1) / self.config.steps
        warm = min(1.0, done / max(self.config.warm_up, 1e-9))
        for group in self.adam.param_groups:
            group["lr"] = self.config.learning_rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
