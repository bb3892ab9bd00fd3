"""Markov: a multi-dimensional Markov chain over tiles, with back-off.

Each tile is drawn given the tiles before it in reading order. The nearest `order` of them form the
context; where the data has not seen a context often enough, the furthest neighbour is dropped, and
so on down to no neighbour at all (Snodgrass and Ontanon 2014, with the smoothing of a Dirichlet
prior: MacKay and Peto 1995, equation 9). Counting takes seconds, and a sample may have any size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from genworld.content import Example, Level, LevelSpec, Spec, Style, Tag
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models.base import (
    CanFill,
    GenerativeModel,
    HasDensity,
    ModelConfig,
    Progress,
    SampleRequest,
    State,
    Variety,
)
from genworld.models.classes import ClassTable
from genworld.provenance import Nudges
from genworld.seeding import stream

NEIGHBOURS = ((0, -1), (-1, 0), (-1, -1), (-1, 1), (0, -2), (-2, 0), (-1, -2), (-1, 2), (-2, -1), (-2, 1), (0, -3))
"""(row, column) offsets of the cells before this one, nearest first."""
REACH = 3
"""Furthest offset in a row: cells with equal column + REACH * row do not depend on each other."""
OUTSIDE = 255
"""Tile id that stands for the cells beyond the edge."""
NEAR_EDGE = 2
"""The distance to the right and lower edge is part of the context up to this many cells."""
DEFAULT_SIZE = (32, 32)
TRIES = 16
"""Draws of one sample at most, of which the first that is open enough is taken."""
CLOSED = 0.1
"""Share of the examples that count as too closed to be an aim."""

Ids = NDArray[np.int64]


class MarkovConfig(ModelConfig):
    """Settings of a Markov chain."""

    order: int = Field(11, ge=0, le=len(NEIGHBOURS), description="neighbours in the longest context")
    least: int = Field(2, ge=1, le=100, description="times that a context must have been seen to be used")
    escape: float = Field(0.02, ge=1e-6, le=10, description="weight of the shorter context, in observations")
    bands: int | None = Field(
        None, ge=0, le=64, description="height bands in the context; by default 16 for platformers, else 0"
    )
    flips: Literal["none", "mirror", "turns"] = Field("none", description="symmetries added to the data")


class Contexts(nn.Module):
    """The contexts of one length that the data holds, and what followed them.

    Buffers (U contexts, E pairs of a context and a tile that followed it, both sorted):
        keys: (U,) int64 hashes.
        sizes: (U,) uint8, how many different tiles followed.
        tiles: (E,) uint8 tile ids.
        counts: (E,) int32 observations.
    """

    keys: Tensor
    sizes: Tensor
    tiles: Tensor
    counts: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.resize(0, 0)

    def resize(self, contexts: int, pairs: int) -> None:
        """Make room; what was held is lost."""
        self.register_buffer("keys", torch.zeros(contexts, dtype=torch.int64))
        self.register_buffer("sizes", torch.zeros(contexts, dtype=torch.uint8))
        self.register_buffer("tiles", torch.zeros(pairs, dtype=torch.uint8))
        self.register_buffer("counts", torch.zeros(pairs, dtype=torch.int32))

    def learn(self, hashes: Ids, tiles: NDArray[np.uint8], least: int) -> None:
        """Count (M,) tiles after (M,) context hashes; contexts seen less than `least` times are forgotten."""
        pairs, counts = np.unique((hashes << 8) | tiles, return_counts=True)
        keys, first, sizes = np.unique(pairs >> 8, return_index=True, return_counts=True)
        often = np.add.reduceat(counts, first) >= least
        kept = np.repeat(often, sizes)
        self.resize(int(often.sum()), int(kept.sum()))
        self.keys.copy_(torch.from_numpy(keys[often]))
        self.sizes.copy_(torch.from_numpy(sizes[often].astype(np.uint8)))
        self.tiles.copy_(torch.from_numpy((pairs[kept] & 255).astype(np.uint8)))
        self.counts.copy_(torch.from_numpy(counts[kept].astype(np.int32)))

    def check(self, tiles: int) -> None:
        """Raises GenworldError unless the buffers agree with each other."""
        sorted_keys = bool((self.keys[1:] > self.keys[:-1]).all())
        whole = int(self.sizes.sum()) == len(self.tiles) and bool((self.sizes > 0).all())
        known = bool((self.tiles < tiles).all()) and bool((self.counts > 0).all())
        if not (sorted_keys and whole and known):
            raise GenworldError(
                "The counts of this Markov chain contradict each other; take the checkpoint from its source again."
            )


class _Lookup:
    """One length of contexts, ready to draw from at one temperature."""

    def __init__(self, contexts: Contexts, temperature: float, escape: float) -> None:
        sizes = contexts.sizes.numpy().astype(np.int64)
        counts = contexts.counts.numpy().astype(np.float64)
        self.keys: Ids = contexts.keys.numpy()
        self.tiles: Ids = contexts.tiles.numpy().astype(np.int64)
        self.end = np.cumsum(sizes)
        self.start = self.end - sizes
        rows = np.repeat(np.arange(len(sizes)), sizes)
        seen = np.bincount(rows, counts, len(sizes))
        weights = counts ** (1 / temperature)
        self.chance = weights / np.bincount(rows, weights, len(sizes))[rows]
        # Each context takes one unit of a single long ladder, so that one search finds context and tile.
        self.ladder = np.cumsum(self.chance)
        self.below = np.concatenate([[0.0], self.ladder])[self.start]
        self.escape = escape / (seen + escape)
        self.pairs = (rows << 8) | self.tiles

    def find(self, hashes: Ids) -> tuple[Ids, NDArray[np.bool_]]:
        """(M,) context indices and (M,) whether the context is known."""
        if not len(self.keys):
            return np.zeros_like(hashes), np.zeros(len(hashes), dtype=np.bool_)
        index = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        return index, self.keys[index] == hashes

    def draw(self, index: Ids, u: NDArray[np.float64]) -> Ids:
        """(M,) tiles for (M,) context indices and (M,) uniform numbers."""
        entry = np.searchsorted(self.ladder, self.below[index] + u, side="right")
        tiles: Ids = self.tiles[np.clip(entry, self.start[index], self.end[index] - 1)]
        return tiles

    def probability(self, index: Ids, tiles: Ids) -> NDArray[np.float64]:
        """(M,) chance of (M,) tiles after (M,) contexts, zero where never seen."""
        pair = (index << 8) | tiles
        entry = np.minimum(np.searchsorted(self.pairs, pair), len(self.pairs) - 1)
        return np.where(self.pairs[entry] == pair, self.chance[entry], 0.0)


class Markov(GenerativeModel, HasDensity, CanFill):
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
        self._lookups: dict[float, list[_Lookup]] = {}

    # -- learning

    def fit(self, data: Dataset, *, seed: int, resume: State | None = None) -> Iterator[Progress]:  # noqa: ARG002
        """One step for each context length. Counting is exact and takes seconds: `seed` and `resume` change nothing."""
        self._lookups.clear()
        self.classes.learn(data.labels)
        self.openness.fill_(float(np.quantile([self._open(level.tiles) for level in data.levels], CLOSED)))
        features, tiles = self._observations(data)
        hashes = _prefix_hashes(features)
        for order, contexts in enumerate(self._tables()):
            contexts.learn(hashes[order], tiles, 1 if order == 0 else self.config.least)
            yield Progress(order + 1, len(hashes), {"contexts": float(len(contexts.keys))}, self._state)

    def _state(self) -> State:
        return {key: value.clone() for key, value in self.state_dict().items()}

    def _tables(self) -> list[Contexts]:
        return [table for table in self.contexts if isinstance(table, Contexts)]

    def _observations(self, data: Dataset) -> tuple[Ids, NDArray[np.uint8]]:
        """(1 + order, M) places and neighbours, and (M,) tiles, of all cells of all examples."""
        columns, tiles = [], []
        for level, labels in zip(data.levels, data.labels, strict=True):
            group = np.array([self.classes.index(labels)])
            for grid in _symmetries(level.tiles, self.config.flips):
                rows, cells = _cells(grid.shape)
                framed = _framed(grid[None].astype(np.int64))
                columns.append(self._features(framed, rows, cells, grid.shape, group)[:, 0])
                tiles.append(grid.reshape(-1))
        return np.concatenate(columns, axis=1), np.concatenate(tiles)

    def _features(self, framed: Ids, rows: Ids, columns: Ids, size: tuple[int, ...], groups: Ids) -> Ids:
        """(1 + order, N, M): the place and the neighbours of M cells in N framed levels."""
        height, width = size
        down = np.minimum(height - 1 - rows, NEAR_EDGE)
        right = np.minimum(width - 1 - columns, NEAR_EDGE)
        band = rows * self.bands // height
        place = (band * (NEAR_EDGE + 1) + down) * (NEAR_EDGE + 1) + right
        near = [framed[:, rows + REACH + dy, columns + REACH + dx] for dy, dx in NEIGHBOURS[: self.config.order]]
        return np.stack([place + groups[:, None] * 4096, *near])

    # -- sampling

    def sample(self, requests: Sequence[SampleRequest]) -> list[Example]:
        """Levels of one size and temperature are drawn together, others in turn."""
        kinds = [(self._size(request), self.variety_of(request)) for request in requests]
        result: dict[int, Level] = {}
        for kind in dict.fromkeys(kinds):
            chosen = [k for k, own in enumerate(kinds) if own == kind]
            grids = self._draw_open([requests[k] for k in chosen], *kind)
            result |= {k: Level(grid, self.legend) for k, grid in zip(chosen, grids, strict=True)}
        return [result[k] for k in range(len(requests))]

    def _size(self, request: SampleRequest) -> tuple[int, int]:
        return request.size or (self.spec.height or DEFAULT_SIZE[0], self.spec.width or DEFAULT_SIZE[1])

    def _open(self, grid: NDArray[np.uint8]) -> float:
        """Share of cells that are neither solid nor void."""
        return 1 - float(self.legend.has(grid, Tag.SOLID, Tag.VOID).mean())

    def _draw_open(
        self, requests: Sequence[SampleRequest], size: tuple[int, int], temperature: float
    ) -> list[NDArray[np.uint8]]:
        """(H, W) tile ids of each request: its first draw that is open enough, or the most open of all tries."""
        best = list(self._draw(requests, size, temperature))
        for attempt in range(1, TRIES):
            again = [k for k, r in enumerate(requests) if r.pins is None and self._open(best[k]) < float(self.openness)]
            if not again:
                break
            for k, grid in zip(
                again, self._draw([requests[k] for k in again], size, temperature, attempt), strict=True
            ):
                best[k] = max(best[k], grid, key=self._open)
        return best

    def _draw(
        self, requests: Sequence[SampleRequest], size: tuple[int, int], temperature: float, attempt: int = 0
    ) -> NDArray[np.uint8]:
        """(N, H, W) tile ids. Cells on a slant do not depend on each other and are drawn together."""
        suffix = f"/{attempt}" if attempt else ""
        random = [stream(r.seed, r.noise_name + suffix) for r in requests]
        groups = np.array([self._group(r, g) for r, g in zip(requests, random, strict=True)])
        u = torch.stack([torch.rand(size, generator=g, dtype=torch.float64) for g in random]).numpy()
        pins = np.stack([_pins(r, size) for r in requests])
        framed = _framed(np.zeros((len(requests), *size), dtype=np.int64))
        lookups = self._lookup(temperature)
        for y, x in _slants(*size):
            features = self._features(framed, y, x, size, groups)
            drawn = self._draw_cells(lookups, features.reshape(len(features), -1), u[:, y, x].reshape(-1))
            pinned = pins[:, y, x]
            framed[:, y + REACH, x + REACH] = np.where(pinned >= 0, pinned, drawn.reshape(pinned.shape))
        return framed[:, REACH:, REACH:-REACH].astype(np.uint8)

    def _group(self, request: SampleRequest, random: torch.Generator) -> int:
        group = self.classes.pick(self.class_indices(request.condition), random)
        if group is None:
            raise GenworldError(
                f"No example of the data is {' and '.join(request.condition)} at once; choose fewer classes."
            )
        return group

    def _draw_cells(self, lookups: Sequence[_Lookup], features: Ids, u: NDArray[np.float64]) -> Ids:
        """(M,) tiles for (1 + order, M) features: from the longest context down, each draws or escapes to the next."""
        hashes = _prefix_hashes(features)
        tiles = np.zeros(len(u), dtype=np.int64)
        waiting = np.arange(len(u))
        for order in range(len(lookups) - 1, -1, -1):
            index, known = lookups[order].find(hashes[order][waiting])
            escape = np.where(known, lookups[order].escape[index] if order and known.any() else 0.0, 1.0)
            here = u[waiting] >= escape
            take, rest = waiting[here], waiting[~here]
            # What is left of a uniform number after a decision is uniform again.
            tiles[take] = lookups[order].draw(index[here], (u[take] - escape[here]) / (1 - escape[here]))
            u[rest] /= escape[~here]
            waiting = rest
            if not len(waiting):
                return tiles
        # A place that the data never had, such as a band of a level lower than all examples.
        tiles[waiting] = (u[waiting] * len(self.legend.tiles)).astype(np.int64)
        return tiles

    def _lookup(self, temperature: float) -> list[_Lookup]:
        if temperature not in self._lookups:
            if len(self._lookups) > 4:
                self._lookups.clear()
            self._lookups[temperature] = [
                _Lookup(contexts, temperature, self.config.escape) for contexts in self._tables()
            ]
        return self._lookups[temperature]

    def fill(
        self, level: Level, mask: NDArray[np.bool_], *, seed: int, temperature: float = 1.0, nudges: Nudges = ()
    ) -> Level:
        pins = np.where(mask, -1, level.tiles.astype(np.int16)).astype(np.int16)
        request = SampleRequest(
            seed, 0, variety=temperature, size=(level.height, level.width), pins=pins, nudges=nudges
        )
        filled = self.sample([request])[0]
        assert isinstance(filled, Level)  # noqa: S101  this family makes levels only
        return filled

    # -- density

    def log_prob(self, examples: Sequence[Example]) -> Tensor:
        """(N,) log-likelihoods in nats, of the level given its size, with the classes mixed as the data has them."""
        return torch.stack([self._log_prob(example) for example in examples if isinstance(example, Level)])

    def _log_prob(self, level: Level) -> Tensor:
        shares = self.classes.shares().double()
        each = [self._log_prob_in(level.tiles, group) for group in range(len(shares))]
        return torch.logsumexp(torch.tensor(each, dtype=torch.float64) + shares.log(), 0)

    def _log_prob_in(self, grid: NDArray[np.uint8], group: int) -> float:
        rows, columns = _cells(grid.shape)
        features = self._features(_framed(grid[None].astype(np.int64)), rows, columns, grid.shape, np.array([group]))
        tiles = grid.reshape(-1).astype(np.int64)
        p = np.full(len(tiles), 1 / len(self.legend.tiles))
        for order, (lookup, hashes) in enumerate(zip(self._lookup(1.0), _prefix_hashes(features[:, 0]), strict=True)):
            if len(lookup.keys):
                index, known = lookup.find(hashes)
                escape = lookup.escape[index] if order else 0.0
                p = np.where(known, (1 - escape) * lookup.probability(index, tiles) + escape * p, p)
        with np.errstate(divide="ignore"):
            return float(np.log(p).sum())

    # -- storage

    def reserve(self, state: State) -> None:
        for order, contexts in enumerate(self._tables()):
            keys, tiles = (state.get(f"contexts.{order}.{name}") for name in ("keys", "tiles"))
            if keys is not None and tiles is not None:
                contexts.resize(keys.numel(), tiles.numel())

    def check(self) -> None:
        self._lookups.clear()
        for contexts in self._tables():
            contexts.check(len(self.legend.tiles))


def _framed(ids: Ids) -> Ids:
    """(N, H, W) ids with the cells beyond the upper and the side edges added."""
    return np.pad(ids, ((0, 0), (REACH, 0), (REACH, REACH)), constant_values=OUTSIDE)


def _cells(shape: tuple[int, ...]) -> tuple[Ids, Ids]:
    """Rows and columns of all cells in reading order."""
    rows, columns = np.indices(shape)
    return rows.reshape(-1), columns.reshape(-1)


def _slants(height: int, width: int) -> Iterator[tuple[Ids, Ids]]:
    """Rows and columns of the cells of each slant, in an order in which all neighbours come before."""
    for slant in range(width + REACH * (height - 1)):
        rows = np.arange(max(0, -(-(slant - width + 1) // REACH)), min(height - 1, slant // REACH) + 1)
        if len(rows):
            yield rows, slant - REACH * rows


def _pins(request: SampleRequest, size: tuple[int, int]) -> NDArray[np.int16]:
    return np.full(size, -1, dtype=np.int16) if request.pins is None else request.pins


def _symmetries(grid: NDArray[np.uint8], flips: str) -> list[NDArray[np.uint8]]:
    turned = [np.rot90(grid, k) for k in range(4)] if flips == "turns" else [grid]
    return turned if flips == "none" else [*turned, *(np.fliplr(one) for one in turned)]


def _prefix_hashes(features: Ids) -> Ids:
    """(F, M) hashes, 55 bits, of the first 1, 2, ... of (F, M) features.

    A multilinear hash (Lemire and Kaser 2014) whose multipliers are the golden-ratio sequence of
    splitmix64, then one round of its finaliser; all in wrapping 64-bit arithmetic.
    """
    multipliers = (np.arange(1, len(features) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ np.uint64(
        0xD1B54A32D192ED03
    )
    x = np.cumsum((features + 1).view(np.uint64) * (multipliers | np.uint64(1))[:, None], axis=0, dtype=np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (x >> np.uint64(9)).astype(np.int64)
