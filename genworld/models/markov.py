"""Markov: a multi-dimensional Markov chain over tiles, with back-off.

Each tile is drawn given the tiles before it in reading order. The nearest `order` of them form the
context; where the data has not seen a context often enough, the furthest neighbour is dropped, and
so on down to no neighbour at all (Snodgrass and Ontanon 2014, with the smoothing of a Dirichlet
prior: MacKay and Peto 1995, equation 9). Counting takes seconds, and a sample may have any size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field, model_validator
from torch import Tensor, nn

from genworld.content import Example, Level, LevelSpec, Spec, Style, Tag, TileGrid
from genworld.datasets.dataset import Dataset
from genworld.models import places
from genworld.models.base import (
    CanFill,
    GenerativeModel,
    HasSurprise,
    ModelConfig,
    Progress,
    SampleRequest,
    State,
    Variety,
)
from genworld.models.classes import ClassTable, none_has
from genworld.models.contexts import Contexts, chances_of, draw, prefix_hashes
from genworld.models.filling import Scene, evidence, fill, grown
from genworld.models.nudging import tile_nats
from genworld.models.pinned import all_but, pins_of
from genworld.models.places import Ids
from genworld.models.tables import Tables
from genworld.models.varied import first_varied
from genworld.provenance import Nudges
from genworld.seeding import numpy_stream, stream

DEFAULT_SIZE = (32, 32)
TRIES = 16
"""Draws of one sample at most, of which the first that is open enough is taken."""
ENOUGH = 20
"""Examples from which on that share can be told."""
CLOSED = 0.1
"""Share of the examples that count as too closed to be an aim."""
LITTLE = 20_000
"""Cells of all examples below which the data are little."""
FEW: dict[str, Any] = {"least": 1, "warmth": 1.1}
"""Settings for little data. Of 13 platformers of 14 x 150 to 373 tiles, each learned alone, they brought the mean TPKL
from 0.48 to 0.11 and verbatim windows from 11% to 8%."""
SPARSE = 64
"""Cells of all examples for each tile that they use, below which draws run into what was never seen all the time."""
TOGETHER: dict[str, Any] = {"fillings": 64}
"""Settings for sparse data. Of a map of 20 x 32 cells and 87 tiles, the known 2 x 2 windows of samples of 20 x 48 rose from
65% to 89%, in a quarter of a second each."""
REPEATED = 4096
"""Cells of sparse data up to which long contexts may know only one way to go on."""
ORDERS = (11, 8, 6, 5, 4, 3, 2)
"""Lengths of contexts that are tried then."""
FEW_TRIES = 3
"""As `TRIES`, where fillings grow together."""
LEAST = -60.0
"""Log-chance of a cell at least, where classes are told by what was read."""
GROUPS = 16
"""Combinations of classes at most that are weighed against what is pinned."""


class MarkovConfig(ModelConfig):
    """Settings of a Markov chain."""

    order: int = Field(11, ge=0, le=len(places.NEIGHBOURS), description="neighbours in the longest context")
    least: int = Field(2, ge=1, le=100, description="times that a context must have been seen to be used")
    escape: float = Field(0.02, ge=1e-6, le=10, description="weight of the shorter context, in observations")
    warmth: float = Field(
        1.0,
        ge=0.5,
        le=2,
        description="how much more even than counted the chances are; more where there is little data",
    )
    bands: int | None = Field(
        None, ge=0, le=64, description="height bands in the context; by default 16 for platformers, else 0"
    )
    stripes: int = Field(
        0, ge=0, le=28, description="width bands in the context, for rooms whose doors keep to their places"
    )
    fillings: int = Field(
        0,
        ge=0,
        le=256,
        description="levels that grow together, so that one that runs into what was never seen gives way; 0 draws each alone",
    )
    flips: Literal["none", "mirror", "turns"] = Field("none", description="symmetries added to the data")

    @model_validator(mode="after")
    def _fits(self) -> MarkovConfig:
        if (self.bands or 0) * self.stripes > places.MOST_BANDS:
            raise ValueError(f"there are at most {places.MOST_BANDS} bands times stripes; take fewer of either")
        return self


class Markov(GenerativeModel, HasSurprise, CanFill):
    """A Markov chain whose counts are buffers.

    A chain that begins in rock may never leave it, so a draw that is less open than nine tenths of the
    examples is drawn again: `sample` follows the density given that a level is open enough.
    """

    openness: Tensor
    """(1,) share of cells neither solid nor void that nine tenths of the examples reach."""

    family = "markov"
    title = "Markov chain"
    summary = "Learns a map in seconds and makes levels of any size."
    kinds = frozenset({"level"})
    Config = MarkovConfig
    variety: ClassVar[Variety] = Variety("temperature", 0.3, 2.0, 1.0)
    resizable = True

    def __init__(self, spec: Spec, config: MarkovConfig) -> None:
        super().__init__(spec, config)
        assert isinstance(spec, LevelSpec)  # noqa: S101  `kinds` has refused sprites
        self.legend = spec.legend
        platformer = spec.legend.style is Style.PLATFORMER
        self.bands = config.bands if config.bands is not None else 16 * platformer
        self.classes = ClassTable(spec)
        self.register_buffer("openness", torch.zeros(1))
        self.contexts = nn.ModuleList(Contexts() for _ in range(config.order + 1))
        self._made: Tables | None = None

    # -- learning

    @classmethod
    def suited(cls, data: Dataset) -> dict[str, Any]:
        """A single map says little: what it holds once counts too, and its chances are made more even.

        With many different tiles a draw soon comes to where nothing that was seen fits, so several levels grow together.
        """
        cells = sum(level.tiles.size for level in data.levels)
        used = {int(tile) for level in data.levels for tile in np.unique(level.tiles)}
        chosen = FEW if cells < LITTLE else {}
        if cells >= SPARSE * len(used):
            return chosen
        chosen = chosen | TOGETHER
        return chosen | ({"order": cls._varied_order(data, chosen)} if cells <= REPEATED else {})

    @classmethod
    def _varied_order(cls, data: Dataset, settings: dict[str, Any]) -> int:
        """Contexts as long as they may be without giving the same level, or the map itself, every time."""

        def learned(order: int) -> GenerativeModel:
            model = cls(data.spec, MarkovConfig(**settings, order=order))
            for _ in model.fit(data, seed=0):
                pass
            return model

        return first_varied(ORDERS, data, learned)

    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:  # noqa: ARG002
        """One step for each context length. Counting is exact and takes seconds: `seed` and `resume` change nothing."""
        self._made = None
        self.classes.learn(data.labels)
        shares = [self._open(level.tiles) for level in data.levels]
        # The share of a few maps says little about what the next one may be: half of it will do.
        self.openness.fill_(float(np.quantile(shares, CLOSED)) * (1.0 if len(shares) >= ENOUGH else 0.5))
        features, tiles = self._observations(data)
        hashes = prefix_hashes(features)
        for order, contexts in enumerate(self._counted()):
            contexts.learn(hashes[order], tiles, 1 if order == 0 else self.config.least)
            yield Progress(order + 1, len(hashes), {"contexts": float(len(contexts.keys))}, self._state)

    def _state(self) -> State:
        return {key: value.clone() for key, value in self.state_dict().items()}

    def _counted(self) -> list[Contexts]:
        return [each for each in self.contexts if isinstance(each, Contexts)]

    @property
    def _tables(self) -> Tables:
        """Made from the counts when first asked for; anew when the counts have changed."""
        if self._made is None:
            every = places.every_place(self.bands, len(self.classes.shares()), self.config.stripes)
            self._made = Tables(self._counted(), self.legend, self.config.escape, self.config.warmth, every)
        return self._made

    def _observations(self, data: Dataset) -> tuple[Ids, NDArray[np.uint8]]:
        """(1 + order, M) places and neighbours, and (M,) tiles, of all cells of all examples."""
        columns, tiles = [], []
        for level, labels in zip(data.levels, data.labels, strict=True):
            group = np.array([self.classes.index(labels)])
            for grid in _symmetries(level.tiles, self.config.flips):
                columns.append(self._features_of(grid, group))
                tiles.append(grid.reshape(-1))
        return np.concatenate(columns, axis=1), np.concatenate(tiles)

    def _features_of(self, grid: NDArray[np.uint8], group: Ids) -> Ids:
        """(1 + order, M) features of all cells of a level."""
        frame = places.framed(grid[None].astype(np.int64))
        return self._features(frame, *places.cells(grid.shape), grid.shape, group)[:, 0]

    def _features(self, frames: Ids, rows: Ids, columns: Ids, size: tuple[int, ...], groups: Ids) -> Ids:
        """(1 + order, N, M): the place and the neighbours of M cells in N framed levels."""
        where = places.places(rows, columns, size, self.bands, self.config.stripes)
        place = where + groups[:, None] * places.GROUP
        return np.concatenate([place[None], places.neighbours(frames, rows, columns, self.config.order)])

    # -- sampling

    def sample(self, requests: Sequence[SampleRequest]) -> list[Example]:
        """Levels of one size, temperature and nudges are drawn together, others in turn; alone are those with pins, and
        all where fillings grow together."""
        result = {k: self._alone(request) for k, request in enumerate(requests) if self._is_alone(request)}
        plain = [k for k in range(len(requests)) if k not in result]
        kinds = [(self._size(request), self.variety_of(request), request.nudges) for request in requests]
        for kind in dict.fromkeys(kinds[k] for k in plain):
            chosen = [k for k in plain if kinds[k] == kind]
            grids = self._draw_open([requests[k] for k in chosen], *kind)
            result |= dict(zip(chosen, grids, strict=True))
        return [Level(result[k], self.legend) for k in range(len(requests))]

    def _size(self, request: SampleRequest) -> tuple[int, int]:
        return request.size or (self.spec.height or DEFAULT_SIZE[0], self.spec.width or DEFAULT_SIZE[1])

    def _open(self, grid: NDArray[np.uint8]) -> float:
        """Share of cells that are neither solid nor void."""
        return 1 - float(self.legend.has(grid, Tag.SOLID, Tag.VOID).mean())

    def _draw_open(
        self, requests: Sequence[SampleRequest], size: tuple[int, int], temperature: float, nudges: Nudges
    ) -> list[TileGrid]:
        """(H, W) tile ids of each request: its first draw that is open enough, or the most open of all tries."""
        grids = self._draw(requests, size, temperature, nudges)
        best, shares, aim = list(grids), self._opens(grids), self._open_enough(nudges)
        for attempt in range(1, TRIES):
            again = np.nonzero(shares < aim)[0].tolist()
            if not again:
                break
            grids = self._draw([requests[k] for k in again], size, temperature, nudges, attempt)
            for k, grid, share in zip(again, grids, self._opens(grids), strict=True):
                if share > shares[k]:
                    best[k], shares[k] = grid, share
        return best

    def _opens(self, grids: NDArray[np.uint8]) -> NDArray[np.float64]:
        """(N,) what `_open` says of each of (N, H, W) levels."""
        shares: NDArray[np.float64] = 1 - self.legend.has(grids, Tag.SOLID, Tag.VOID).mean(axis=(1, 2))
        return shares

    def _open_enough(self, nudges: Nudges) -> float:
        return 0.0 if self._nudged_shut(nudges) else float(self.openness)

    def _is_alone(self, request: SampleRequest) -> bool:
        return self.config.fillings > 0 or _pinned(request)

    def _alone(self, request: SampleRequest) -> TileGrid:
        """(H, W) tile ids of one request."""
        if _pinned(request):
            return self._fill(request)
        aim, best = self._open_enough(request.nudges), self._grown(request, 0)
        for attempt in range(1, FEW_TRIES):
            if self._open(best) >= aim:
                break
            best = max(best, self._grown(request, attempt), key=self._open)
        return best

    def _grown(self, request: SampleRequest, attempt: int) -> TileGrid:
        size = self._size(request)
        name = request.noise_name + (f"/{attempt}" if attempt else "")
        group = self._group(request, stream(request.seed, name))
        scene = self._scene(request, np.full(size, -1, dtype=np.int16)).at(group * places.GROUP)
        return grown(scene, self.config.fillings, numpy_stream(request.seed, f"{name}/grown"))

    def _nudged_shut(self, nudges: Nudges) -> bool:
        """Whether a person asked for levels less open than the examples."""
        nats = tile_nats(self.legend, nudges)
        shut = np.isin(np.arange(len(self.legend.tiles)), self.legend.ids(Tag.SOLID, Tag.VOID))
        return nats is not None and bool(shut.any() and nats[shut].max() > nats[~shut].max(initial=-np.inf))

    def _draw(
        self,
        requests: Sequence[SampleRequest],
        size: tuple[int, int],
        temperature: float,
        nudges: Nudges = (),
        attempt: int = 0,
    ) -> NDArray[np.uint8]:
        """(N, H, W) tile ids. Cells on a slant do not depend on each other and are drawn together."""
        suffix = f"/{attempt}" if attempt else ""
        random = [stream(r.seed, r.noise_name + suffix) for r in requests]
        groups = np.array([self._group(r, g) for r, g in zip(requests, random, strict=True)])
        u = torch.stack([torch.rand(size, generator=g, dtype=torch.float64) for g in random]).numpy()
        frames = places.framed(np.zeros((len(requests), *size), dtype=np.int64))
        lookups, otherwise = self._tables.lookups(temperature, nudges), self._tables.otherwise(nudges)
        for y, x in places.slants(*size):
            features = self._features(frames, y, x, size, groups)
            drawn = draw(lookups, features.reshape(len(features), -1), u[:, y, x].reshape(-1), otherwise)
            frames[:, y + places.REACH, x + places.REACH] = drawn.reshape(len(requests), -1)
        return frames[:, places.REACH :, places.REACH : -places.REACH].astype(np.uint8)

    def _group(self, request: SampleRequest, random: torch.Generator) -> int:
        group = self.classes.pick(self.class_indices(request.condition), random)
        if group is None:
            raise none_has(request.condition)
        return group

    # -- filling

    def fill(
        self, level: Level, mask: NDArray[np.bool_], *, seed: int, temperature: float = 1.0, nudges: Nudges = ()
    ) -> Level:
        self._require_legend(level)
        request = all_but(level, mask, seed=seed, temperature=temperature, nudges=nudges)
        return Level(self._fill(request), level.legend)

    def _fill(self, request: SampleRequest) -> TileGrid:
        """(H, W) tile ids with the free cells drawn given all that is pinned."""
        size = self._size(request)
        scene = self._scene(request, pins_of(request, size))
        group = self._fitting_group(request, scene)
        random = numpy_stream(request.seed, f"{request.noise_name}/fill")
        return fill(scene.at(group * places.GROUP), random)

    def _scene(self, request: SampleRequest, pins: NDArray[np.int16]) -> Scene:
        """What is to be filled, without classes yet."""
        chances = self._tables.chances(self.variety_of(request), request.nudges)
        size = pins.shape
        where = places.places(*places.cells(size), size, self.bands, self.config.stripes).reshape(size)
        return Scene(chances, pins.astype(np.int64), pins < 0, where)

    def _fitting_group(self, request: SampleRequest, scene: Scene) -> int:
        """Classes drawn by how well what is pinned fits them."""
        random = stream(request.seed, request.noise_name)
        first = self._group(request, random)
        shares = self.classes.fitting(self.class_indices(request.condition))
        chosen = shares.topk(min(GROUPS, len(shares))).indices.tolist()
        if len(chosen) < 2:
            return first
        nats = torch.tensor([evidence(scene.at(group * places.GROUP)) for group in chosen], dtype=torch.float64)
        weights = (nats + shares[chosen].double().log()).softmax(0)
        return int(chosen[int(torch.multinomial(weights, 1, generator=random))])

    # -- density

    def log_prob(self, examples: Sequence[Example]) -> Tensor:
        """(N,) log-likelihoods in nats, of the level given its size, with the classes mixed as the data has them."""
        return torch.stack([self._log_prob(example) for example in examples if isinstance(example, Level)])

    def _log_prob(self, level: Level) -> Tensor:
        shares = self.classes.shares().double()
        each = [self._log_prob_in(level.tiles, group) for group in range(len(shares))]
        return torch.logsumexp(torch.tensor(each, dtype=torch.float64) + shares.log(), 0)

    def _log_prob_in(self, grid: NDArray[np.uint8], group: int) -> float:
        return float(self._cell_nats(grid, group).sum())

    def _cell_nats(self, grid: NDArray[np.uint8], group: int) -> NDArray[np.float64]:
        """(H * W,) log-chance of each cell given those before it; minus infinity for a tile never seen in such a place."""
        features, tiles = self._features_of(grid, np.array([group])), grid.reshape(-1).astype(np.int64)
        p = chances_of(self._tables.lookups(1.0), features, tiles, len(self.legend.tiles))
        with np.errstate(divide="ignore"):
            nats: NDArray[np.float64] = np.log(p)
        return nats

    def surprise(self, level: Level) -> NDArray[np.float32]:
        """(H, W) nats, in reading order; what was read so far also tells the classes. Infinite where the chain knows no way."""
        self._require_legend(level)
        shares = self.classes.shares().double().numpy()
        nats = np.stack([self._cell_nats(level.tiles, group) for group in range(len(shares))])
        known = np.cumsum(np.pad(np.maximum(nats, LEAST), ((0, 0), (1, 0))), axis=1) + np.log(shares)[:, None]
        cost = -np.diff(np.logaddexp.reduce(known, axis=0))
        cost[np.isneginf(nats).all(axis=0)] = np.inf
        costs: NDArray[np.float32] = cost.reshape(level.tiles.shape).astype(np.float32)
        return costs

    # -- storage

    def reserve(self, state: State) -> None:
        for order, contexts in enumerate(self._counted()):
            keys, tiles = (state.get(f"contexts.{order}.{name}") for name in ("keys", "tiles"))
            if keys is not None and tiles is not None:
                contexts.resize(keys.numel(), tiles.numel())

    def check(self) -> None:
        self._made = None
        for contexts in self._counted():
            contexts.check(len(self.legend.tiles))


def _pinned(request: SampleRequest) -> bool:
    return request.pins is not None and bool((request.pins >= 0).any())


def _symmetries(grid: NDArray[np.uint8], flips: str) -> list[NDArray[np.uint8]]:
    turned = [np.rot90(grid, k) for k in range(4)] if flips == "turns" else [grid]
    return turned if flips == "none" else [*turned, *(np.fliplr(one) for one in turned)]
