"""Masked search: latent models of levels fill by looking for a latent that agrees with what is pinned.

Many latents are drawn and decoded; those that explain the pinned cells best are moved downhill on the cross-entropy
of the pinned cells, near cells weighing most; the best is decoded and what is pinned is pasted over it. Then free
cells in 2 x 2 windows that the model itself never makes are decided again.

Reference:
    Yeh et al. 2017, *Semantic Image Inpainting with Deep Generative Models*, sections 3.2 and 3.3.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from genworld.content import Example, Level, LevelSpec, TileGrid
from genworld.errors import GenworldError
from genworld.models.base import CanFill, LatentModel, SampleRequest, device_of
from genworld.models.descent import downhill
from genworld.models.nudging import tile_nats
from genworld.provenance import Nudges
from genworld.seeding import stream

STARTS = 64
"""Latents that are drawn."""
KEPT = 6
"""Latents that are moved downhill."""
STEPS = 20
RATE = 0.08
LEASH = 0.05
"""Weight of the squared distance from where a latent began: the model knows little of what lies far from its prior."""
NEAR = 1.5
"""Cells over which the weight of a pinned cell falls to a third, away from the free ones."""
FAINT = 0.01
"""Weight of pinned cells far away: if they weighed more, a search would only find the level again that was there."""
DRAWS = 16
"""Draws among which a nudged one is chosen."""
PULL = 24.0
"""How strongly a nudge chooses among draws: nats for each nat of a level's mean tile."""
LIKING = 4.0
"""How strongly a nudge pulls a search: nats for each nat of a free cell's mean tile."""
MENDS = 3
"""Times that the cells of unknown windows are decided again."""

Space = tuple[Tensor, Callable[[Tensor], Tensor]]
"""(N, D) points, and the function from points to the decoder's raw output (N, channels, H, W)."""


class SearchingModel(LatentModel, CanFill):
    """A latent model of levels that fills, and heeds nudges, by choice among its latents."""

    @abstractmethod
    def plain(self, requests: Sequence[SampleRequest]) -> list[Example]:
        """Samples without pins or nudges."""

    @abstractmethod
    def space(self, z: Tensor, condition: Tensor) -> Space:
        """Where to search, from (N, latent_dim) latents and (N, K) class weights."""

    def sample(self, requests: Sequence[SampleRequest]) -> list[Example]:
        """Plain requests in one batch; those with pins or nudges one by one."""
        plain = [k for k, request in enumerate(requests) if not (request.nudges or request.pins is not None)]
        result: dict[int, Example] = {}
        if plain:
            result = dict(zip(plain, self.plain([requests[k] for k in plain]), strict=True))
        for k, request in enumerate(requests):
            if k not in result:
                result[k] = self._chosen(request) if request.pins is None else self._pinned(request)
        return [result[k] for k in range(len(requests))]

    def _chosen(self, request: SampleRequest) -> Example:
        """One of `DRAWS` draws, by chance, the likelier the more its tiles are nudged towards."""
        nats = tile_nats(_legend_spec(self).legend, request.nudges)
        if nats is None:
            return self.plain([replace(request, nudges=())])[0]
        each = [replace(request, nudges=(), attempt=request.attempt * DRAWS + k) for k in range(DRAWS)]
        levels = [level for level in self.plain(each) if isinstance(level, Level)]
        weights = torch.tensor([float(nats[level.tiles].mean()) for level in levels], dtype=torch.float64) * PULL
        random = stream(request.seed, f"{request.noise_name}/nudged")
        return levels[int(torch.multinomial(weights.softmax(0), 1, generator=random))]

    def _pinned(self, request: SampleRequest) -> Example:
        assert request.pins is not None  # noqa: S101  `sample` has looked
        level = Level(np.maximum(request.pins, 0).astype(np.uint8), _legend_spec(self).legend)
        z, condition = self.noise([replace(request, attempt=k) for k in range(STARTS)]), self.condition([request])
        return Search(self, level, request.pins < 0, request.nudges).best(z, condition.expand(STARTS, -1))

    def fill(
        self, level: Level, mask: NDArray[np.bool_], *, seed: int, temperature: float = 1.0, nudges: Nudges = ()
    ) -> Level:
        wanted = [SampleRequest(seed, k) for k in range(STARTS)]
        z = torch.stack([torch.randn(self.latent_dim, generator=stream(seed, f"fill/{k}")) for k in range(STARTS)])
        condition = self.condition(wanted)
        return Search(self, level, mask, nudges).best(z.to(condition.device) * temperature, condition)


def _legend_spec(model: LatentModel) -> LevelSpec:
    assert isinstance(model.spec, LevelSpec)  # noqa: S101  built for levels only
    return model.spec


@dataclass(frozen=True)
class Search:
    """One search.

    Args:
        model: of levels of one size.
        level: what is pinned, and anything where it is free.
        free: (H, W) cells to make anew.
        nudges: more or less of what carries a tag.

    Raises:
        GenworldError: a level of another size or legend than the model's.
    """

    model: SearchingModel
    level: Level
    free: NDArray[np.bool_]
    nudges: Nudges

    def __post_init__(self) -> None:
        spec = _legend_spec(self.model)
        if (self.level.height, self.level.width) != (spec.height, spec.width):
            raise GenworldError(
                f"This model fills levels of {spec.height} x {spec.width} tiles, but one of {self.level.height} x "
                f"{self.level.width} came; take a model that can make any size."
            )
        if self.level.legend.tiles != spec.legend.tiles:
            raise GenworldError(
                f"This model knows the tiles of {spec.legend.name!r}, but the level has those of "
                f"{self.level.legend.name!r}; take the model that made it, or one of the same legend."
            )

    def best(self, z: Tensor, condition: Tensor) -> Level:
        """The level filled from the best of (N, latent_dim) starts with (N, K) class weights."""
        if not self.free.any():
            return self.level
        with torch.inference_mode(False), torch.enable_grad():
            points, decode = self.model.space(z.clone(), condition.clone())
            logits = self._descend(points.detach().clone(), decode) + self._nats()[:, None, None]
        tiles = np.where(self.free, logits.argmax(axis=0), self.level.tiles).astype(np.uint8)
        return Level(self._mended(tiles, logits, z, condition), self.level.legend)

    def _descend(self, points: Tensor, decode: Callable[[Tensor], Tensor]) -> NDArray[np.float32]:
        """(channels, H, W) raw output of the best point."""
        cost = self._cost()
        with torch.no_grad():
            kept = cost(decode(points)).argsort()[:KEPT]
        start = points[kept]
        moved = downhill(lambda at: cost(decode(at)) + LEASH * (at - start).square().mean(dim=1), start, STEPS, RATE)
        with torch.no_grad():
            raw = decode(moved)
            result: NDArray[np.float32] = raw[int(cost(raw).argmin())].cpu().numpy()
        return result

    def _cost(self) -> Callable[[Tensor], Tensor]:
        """The function from raw outputs (N, channels, H, W) to (N,) weighted cross-entropies, in nats, less the nudges."""
        device = device_of(self.model)
        weights = torch.from_numpy(_closeness(self.free)).to(device)
        tiles = torch.from_numpy(self.level.tiles.astype(np.int64)).to(device)
        free = torch.from_numpy(self.free).to(device)
        liking = torch.from_numpy(self._nats()).to(device) * LIKING

        def cost(raw: Tensor) -> Tensor:
            surprise = F.cross_entropy(raw, tiles.expand(len(raw), -1, -1), reduction="none")
            liked = (raw.softmax(dim=1) * liking[:, None, None]).sum(dim=1)
            total: Tensor = (surprise * weights).sum(dim=(1, 2)) - liked[:, free].mean(dim=1)
            return total

        return cost

    def _nats(self) -> NDArray[np.float32]:
        nats = tile_nats(self.level.legend, self.nudges)
        return np.zeros(len(self.level.legend.tiles), np.float32) if nats is None else nats.astype(np.float32)

    def _mended(self, tiles: TileGrid, logits: NDArray[np.float32], z: Tensor, condition: Tensor) -> TileGrid:
        """Free cells in windows that the model's own draws do not have, decided again by those that they have."""
        with torch.no_grad():
            own = [level.tiles for level in self.model.decode(z, condition) if isinstance(level, Level)]
        known = np.unique(np.concatenate([_windows(grid).reshape(-1) for grid in own]))
        grid = tiles.copy()
        for _ in range(MENDS):
            odd = _in_windows(~np.isin(_windows(grid), known)) & self.free
            for row, column in np.argwhere(odd):
                _decide(grid, int(row), int(column), known, logits[:, row, column])
        return grid


def _closeness(free: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(H, W) weights of the pinned cells, largest beside free ones, of sum 1; 0 where free."""
    distance = np.where(free, 0.0, np.inf)
    for _ in range(sum(free.shape)):
        padded = np.pad(distance, 1, constant_values=np.inf)
        near = np.minimum.reduce([padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]])
        distance = np.minimum(distance, near + 1)
    weights = np.where(free, 0.0, np.exp(-(distance - 1) / NEAR) + FAINT)
    return (weights / max(float(weights.sum()), 1e-9)).astype(np.float32)


def _windows(grid: TileGrid) -> NDArray[np.int64]:
    """(H - 1, W - 1) codes of the 2 x 2 windows."""
    g = grid.astype(np.int64)
    codes: NDArray[np.int64] = ((g[:-1, :-1] * 256 + g[:-1, 1:]) * 256 + g[1:, :-1]) * 256 + g[1:, 1:]
    return codes


def _in_windows(chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W) cells of the chosen 2 x 2 windows."""
    padded = np.pad(chosen, 1)
    return padded[:-1, :-1] | padded[:-1, 1:] | padded[1:, :-1] | padded[1:, 1:]


def _decide(grid: TileGrid, row: int, column: int, known: NDArray[np.int64], liking: NDArray[np.floating]) -> None:
    """Give a cell the tile with which most of its windows are known; the most liked one of several."""
    top, left = max(0, row - 1), max(0, column - 1)
    part = np.repeat(grid[None, top : row + 2, left : column + 2], len(liking), axis=0)
    part[:, row - top, column - left] = np.arange(len(liking))
    count = np.array([np.isin(_windows(each), known).sum() for each in part])
    grid[row, column] = np.lexsort((liking, count))[-1]
