"""The roles a model can play. Capabilities are classes: ``isinstance`` asks for one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn

from genworld.content import Example, Level, LevelSpec, Spec
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError, unknown
from genworld.models.classes import ClassTable
from genworld.models.codecs import codec_for
from genworld.provenance import Nudges
from genworld.seeding import stream

State = dict[str, Tensor]
"""Named tensors: all that resuming needs, in the one form that a checkpoint stores."""


class ModelConfig(BaseModel):
    """Settings of a family: validation, config.json, command options and form controls come from its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Variety:
    """The control that trades the safe for the unusual.

    Args:
        name: ``"truncation"`` (of a GAN's style) or ``"temperature"`` (of a draw).
        low, high, default: range and start.
    """

    name: str
    low: float
    high: float
    default: float


@dataclass(frozen=True)
class SampleRequest:
    """One sample wanted.

    Args:
        seed, index: name the noise; sample `index` of `seed` never depends on the others.
        condition: classes that the sample should have; empty draws them as the data has them.
        variety: truncation or temperature; None takes the family's default.
        size: (rows, columns) in tiles; None takes the model's own.
        pins: (H, W) int16 tile ids that must stay, -1 where free; only for models that can fill.
        attempt: which draw of this sample; 0 is the sample itself, others serve where it was refused.
        nudges: more or less of what carries a tag; see `genworld.provenance.Nudges`. Families that cannot ignore none:
            they refuse.
    """

    seed: int
    index: int
    condition: tuple[str, ...] = ()
    variety: float | None = None
    size: tuple[int, int] | None = None
    pins: NDArray[np.int16] | None = field(default=None, compare=False)
    attempt: int = 0
    nudges: Nudges = ()

    @property
    def noise_name(self) -> str:
        """Name of the stream that this draw takes its noise from."""
        return f"sample/{self.index}" + (f"/attempt/{self.attempt}" if self.attempt else "")


@dataclass(frozen=True)
class Progress:
    """One step of training.

    Args:
        step: steps done so far, from 1.
        total: steps wanted.
        metrics: figures of this step.
        preview: samples from fixed noise, now and then.
        state: gives all that resuming needs (weights, averages, optimizers, generators).
    """

    step: int
    total: int
    metrics: Mapping[str, float]
    state: Callable[[], State]
    preview: Sequence[Example] | None = None


class GenerativeModel(nn.Module, ABC):
    """Every family."""

    family: ClassVar[str]
    title: ClassVar[str]
    """What a designer reads: one or two words."""
    summary: ClassVar[str]
    """One sentence: what it is good for."""
    kinds: ClassVar[frozenset[str]]
    """Content it serves: ``"level"``, ``"sprite"``."""
    Config: ClassVar[type[ModelConfig]]
    variety: ClassVar[Variety]
    resizable: ClassVar[bool] = False
    """Whether a sample may have any size; `free_sides` says whether that holds for both sides."""
    strips: ClassVar[bool] = False
    """Whether it learns from strips of levels: of any length, and of one breadth."""

    def __init__(self, spec: Spec, config: ModelConfig) -> None:
        super().__init__()
        if spec.kind not in self.kinds:
            raise GenworldError(
                f"Family {self.family!r} learns {' and '.join(sorted(self.kinds))}s, but the data set holds {spec.kind}s; "
                "choose another family."
            )
        self.spec = spec
        self.config: Any = config

    @classmethod
    def serving(cls, kind: str) -> type[GenerativeModel]:  # noqa: ARG003
        """The class of this family's models for content of a kind: with the roles that they can play there."""
        return cls

    @classmethod
    def suited(cls, data: Dataset) -> dict[str, Any]:  # noqa: ARG003
        """Settings that suit these data better than the defaults, where nothing else is asked for."""
        return {}

    @classmethod
    def free_sides(cls, spec: Spec, config: ModelConfig) -> tuple[bool, bool]:  # noqa: ARG003
        """Whether samples of a model may have any number of rows, and of columns."""
        return cls.resizable, cls.resizable

    def nearest_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(rows, columns) as near to a size as this model makes."""
        free = self.free_sides(self.spec, self.config)
        own = self.spec.height or size[0], self.spec.width or size[1]
        return size[0] if free[0] else own[0], size[1] if free[1] else own[1]

    def require_size(self, size: tuple[int, int]) -> None:
        """Raises GenworldError for (rows, columns) that this model cannot make."""
        rows, columns = self.nearest_size(size)
        if (rows, columns) != size:
            free = " and any number of columns" if rows != size[0] and columns == size[1] else ""
            free = f"{columns} columns and any number of rows" if rows == size[0] else f"{rows} rows{free}"
            raise GenworldError(
                f"This model makes levels of {free}, but {size[0]} x {size[1]} was asked for; ask for such a size."
            )

    @abstractmethod
    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:
        """Train on `data`, one step for each ``next``; whoever iterates logs, saves and stops.

        Args:
            data: examples of this model's spec.
            seed: of everything random.
            resume: what `Progress.state` gave; training goes on as if it had never stopped.
        """

    @abstractmethod
    def sample(self, requests: Sequence[SampleRequest]) -> list[Example]:
        """One example for each request, all in one batch."""

    def reserve(self, state: State) -> None:
        """Make room for stored numbers whose length depends on the data; called before they are loaded."""

    def check(self) -> None:
        """Look whether loaded numbers agree with each other. Raises GenworldError when they do not."""

    def variety_of(self, request: SampleRequest) -> float:
        """The request's truncation or temperature, within the family's range."""
        value = self.variety.default if request.variety is None else request.variety
        if not self.variety.low <= value <= self.variety.high:
            raise GenworldError(
                f"The {self.variety.name} of this model goes from {self.variety.low:g} to {self.variety.high:g}, "
                f"but {value:g} came; choose a value within."
            )
        return float(value)

    def require_plain(self, requests: Sequence[SampleRequest]) -> None:
        """Raises GenworldError for requests with pins or nudges, which need tiles."""
        if any(request.nudges or request.pins is not None for request in requests):
            raise GenworldError(
                f"Pins and nudges are for levels, but this model makes {self.spec.kind}s; leave them out."
            )

    def _require_legend(self, level: Level) -> None:
        """Raises GenworldError for a level whose tiles are not this model's."""
        legend = self.spec.legend if isinstance(self.spec, LevelSpec) else None
        if legend is None or level.legend.tiles != legend.tiles:
            raise GenworldError(
                f"This model knows the tiles of {legend.name if legend else 'none'!r}, but the level has those of "
                f"{level.legend.name!r}; take the model that made it, or one of the same legend."
            )

    def class_indices(self, condition: Sequence[str]) -> list[int]:
        """Positions of the named classes. Raises GenworldError for a class that the model does not know."""
        for name in condition:
            if name not in self.spec.classes:
                raise unknown("class", name, self.spec.classes)
        if self.spec.exclusive and len(set(condition)) > 1:
            raise GenworldError(
                f"This model's samples have one class each, but {' and '.join(condition)} came; choose one."
            )
        return [self.spec.classes.index(name) for name in condition]


class LatentModel(GenerativeModel):
    """A family with a latent space: a sample is a decoded draw from the prior.

    Latents z are drawn from a standard normal prior. Class weights and the variety take them to a *code*, the space in
    which directions mean something: the style of a GAN, elsewhere the latent itself. The decoder starts from the code.
    """

    latent_dim: int

    def __init__(self, spec: Spec, config: ModelConfig) -> None:
        super().__init__(spec, config)
        self.codec = codec_for(spec)
        self.classes = ClassTable(spec)

    def noise(self, requests: Sequence[SampleRequest]) -> Tensor:
        """(N, latent_dim) latents from the prior, each row from the stream of its own request."""
        draws = [torch.randn(self.latent_dim, generator=stream(r.seed, r.noise_name)) for r in requests]
        return torch.stack(draws).to(device_of(self))

    @property
    def code_dim(self) -> int:
        """Length of a code."""
        return self.latent_dim

    @property
    def leading(self) -> int:
        """Numbers at the beginning of a code that stand for the whole: sliders and maps go by these, the rest is detail."""
        return self.code_dim

    def variety_column(self, requests: Sequence[SampleRequest]) -> Tensor:
        """(N, 1) truncations or temperatures."""
        return torch.tensor([self.variety_of(request) for request in requests], device=device_of(self))[:, None]

    def condition(self, requests: Sequence[SampleRequest]) -> Tensor:
        """(N, K) class weights: those asked for, the rest drawn as the data has them."""
        rows = [
            self.classes.draw(self.class_indices(r.condition), stream(r.seed, f"class/{r.index}")) for r in requests
        ]
        return torch.stack(rows).to(device_of(self))

    @torch.no_grad()
    def code(self, z: Tensor, condition: Tensor, variety: Tensor) -> Tensor:  # noqa: ARG002
        """(N, code_dim) codes: where latents come to lie in the space in which directions mean something.

        Args:
            z: (N, latent_dim) latents.
            condition: (N, K) class weights.
            variety: (N, 1) truncations or temperatures.
        """
        return z * variety

    def coded(self, z: Tensor, condition: Tensor) -> Tensor:  # noqa: ARG002
        """(N, code_dim) `code` at a variety of 1, with its graph."""
        return z

    def features(self, code: Tensor, condition: Tensor) -> Tensor:  # noqa: ARG002
        """(N, F) what the decoder makes of codes first; its principal directions are those that count."""
        return code

    @abstractmethod
    def raw(self, code: Tensor, condition: Tensor) -> Tensor:
        """(N, channels, H, W) raw output of the decoder, with its graph."""

    @torch.no_grad()
    def decode_code(self, code: Tensor, condition: Tensor) -> list[Example]:
        """Examples for (N, code_dim) codes and (N, K) class weights."""
        return self.codec.decode(self.raw(code, condition))

    @torch.no_grad()
    def decode(self, z: Tensor, condition: Tensor) -> list[Example]:
        """Examples for (N, latent_dim) latents and (N, K) class weights, neither truncated nor cooled."""
        return self.decode_code(self.code(z, condition, torch.ones(len(z), 1, device=z.device)), condition)

    def sample(self, requests: Sequence[SampleRequest]) -> list[Example]:
        self.require_plain(requests)
        condition = self.condition(requests)
        return self.decode_code(self.code(self.noise(requests), condition, self.variety_column(requests)), condition)


class HasStyle(ABC):
    """A GAN's mapped latent: where directions mean something."""

    @abstractmethod
    def style(self, z: Tensor, condition: Tensor) -> Tensor:
        """(N, style_dim) styles for (N, latent_dim) latents."""

    @abstractmethod
    def decode_style(self, w: Tensor) -> list[Example]:
        """Examples for (N, style_dim) styles."""


class HasEncoder(ABC):
    """A family that finds the latent of a given example."""

    @abstractmethod
    def encode(self, examples: Sequence[Example], condition: Tensor) -> Tensor:
        """(N, latent_dim) latents."""


class HasDensity(ABC):
    """A family that says how likely an example is."""

    @abstractmethod
    def log_prob(self, examples: Sequence[Example]) -> Tensor:
        """(N,) log-likelihoods in nats."""


class HasSurprise(HasDensity):
    """A family whose density falls into cells, so that each says how much of a surprise it is."""

    @abstractmethod
    def surprise(self, level: Level) -> NDArray[np.float32]:
        """(H, W) nats: what each cell costs given those that the family reads before it. Their sum is -`log_prob`.

        Raises:
            GenworldError: a level of another legend or size than the model's.
        """


class HasBound(ABC):
    """A family that says how likely an example is at least."""

    @abstractmethod
    def bound(self, examples: Sequence[Example], condition: Tensor, *, draws: int, seed: int) -> Tensor:
        """(N,) importance-weighted lower bounds of log-likelihoods in nats, of tiles or of 8-bit channels.

        Args:
            examples: N of the model's spec.
            condition: (N, K) their class weights.
            draws: for each example; more make the bound tighter.
            seed: of the draws.
        """


class CanFill(ABC):
    """A family that makes part of a level anew and keeps the rest."""

    @abstractmethod
    def fill(
        self, level: Level, mask: NDArray[np.bool_], *, seed: int, temperature: float = 1.0, nudges: Nudges = ()
    ) -> Level:
        """`level` with the cells in `mask` ((H, W), True = make anew) drawn again; all others stay as they are."""


def device_of(model: nn.Module) -> torch.device:
    """Where a model's numbers live."""
    return next(chain(model.parameters(), model.buffers())).device
