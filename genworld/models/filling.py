"""Cells of a grid drawn given all that is pinned around them, before and after.

A Markov chain gives the chance of a whole grid: the product of the chances of its cells, each given the neighbours
before it. Free cells are drawn from that product with the pinned cells as evidence, in two stages:

1. Particles (sequential Monte Carlo): many fillings grow together in reading order. Each free cell is drawn by its
   chance times the change of the chances of the pinned cells after it, and fillings that fit what is pinned take the
   place of those that do not.
2. Sweeps (Gibbs): each free cell is drawn anew given all others, a few times.

Reference:
    Doucet, de Freitas and Gordon 2001, *Sequential Monte Carlo Methods in Practice*; Geman and Geman 1984.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld.models.contexts import Numbers, Pairs
from genworld.models.places import NEIGHBOURS, Ids, slants
from genworld.models.tree import Nodes, Tree

MARGIN = 6
"""Cells around a grid, so that neighbours of neighbours need no test for the edge."""
LATTICE = (3, 6)
"""Cells this far apart in rows or columns are in no common context: they are drawn together."""
CANDIDATES = 16
"""Tiles that are weighed for a cell at most."""
SHORT = 3
"""Neighbours in the context of a 2 x 2 window."""
STRANGE = 4.0
"""Nats that it costs for each neighbour that a context falls short of `SHORT`: as much as a tile never seen in it."""

FLOOR = -60.0
"""Log-chance at least."""
UNSEEN = 8.0
"""Nats by which a tile that never stood beside what is there falls back among the candidates."""
ODD = 6.0
"""Nats from which on a cell counts as odd where it stands."""
PARTICLES = (32, 256)
"""Fillings that grow together, at least and at most."""
WHOLE = 1 << 16
"""Cells times fillings of a whole level that are aimed at."""
FEWEST = 8
"""Fillings of a whole level at least."""
WORK = 1 << 16
"""Cells times fillings that are aimed at."""
MEMORY = 1 << 22
"""Cells of all fillings together, with those around, at most."""
CHAINS = 4
"""Fillings that are swept."""
SWEEPS = 4

Cells = NDArray[np.int64]
"""Positions in the flat framed grid."""
Random = np.random.Generator


@dataclass(frozen=True)
class Chances:
    """What filling needs of a chain, at one temperature and with one set of nudges.

    Args:
        tree: the contexts.
        nats: (contexts * S,) float32 log-chance of each symbol after each context; 0 for cells beyond the edge and
            those not drawn yet.
        beside, below: (S, S) float32, what it costs that a symbol was never seen right of, or below, another.
        offsets: (row, column) of the neighbours, nearest first.
    """

    tree: Tree
    nats: NDArray[np.float32]
    beside: NDArray[np.float32]
    below: NDArray[np.float32]
    offsets: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, tree: Tree, pairs: Sequence[Pairs], weights: Numbers | None) -> Chances:
        """From what followed each context, and the tiles' weights if they are nudged."""
        nats = np.zeros((tree.offsets[tree.depth + 1], tree.symbols), dtype=np.float32)
        with np.errstate(divide="ignore"):
            nats[:, :-2] = np.maximum(np.log(tree.chances(pairs, weights)), FLOOR)
        short = min(SHORT, len(tree.offsets) - 2)
        for order in range(short):
            nats[tree.offsets[order] : tree.offsets[order + 1], :-2] -= STRANGE * (short - order)
        beside, below = (np.where(tree.seen(pairs, order), 0, -UNSEEN).astype(np.float32) for order in (1, 2))
        return cls(tree, nats.reshape(-1), beside, below, NEIGHBOURS[: tree.depth])


@dataclass(frozen=True)
class Scene:
    """What is to be filled.

    Args:
        chances: of the chain.
        grid: (H, W) tile ids; what the free cells hold does not matter.
        free: (H, W) cells to draw.
        places: (H, W) values of the place of each cell.
    """

    chances: Chances
    grid: Ids
    free: NDArray[np.bool_]
    places: Ids

    def at(self, offset: int) -> Scene:
        """This scene with `offset` added to all places."""
        return replace(self, places=self.places + offset)

    def near(self) -> tuple[Scene, tuple[slice, slice]]:
        """The part that the free cells depend on, and where it lies."""
        rows, columns = np.nonzero(self.free)
        part = (_around(rows), _around(columns))
        return replace(self, grid=self.grid[part], free=self.free[part], places=self.places[part]), part


class Canvas:
    """Fillings of one scene that grow together.

    Args:
        scene: to fill.
        count: fillings.
        random: of all draws.
    """

    def __init__(self, scene: Scene, count: int, random: Random) -> None:
        tree, free = scene.chances.tree, scene.free
        self.chances = scene.chances
        self.random = random
        self.shape = free.shape
        self.width = free.shape[1] + 2 * MARGIN
        self.symbols = tree.symbols
        start = _framed(np.where(free, tree.unknown, scene.grid), tree.outside)
        self.grids = np.repeat(start.reshape(1, -1), count, axis=0).astype(np.int32)
        self.roots = _framed(tree.roots(scene.places), 0).reshape(-1)
        self.free = _framed(free, False).reshape(-1)
        self.inside = _framed(np.ones_like(free), False).reshape(-1)
        self.steps = [dy * self.width + dx for dy, dx in scene.chances.offsets]
        self.weight = np.zeros(count)

    # -- chances

    def _walk(self, cells: Cells, upto: int, rows: slice = slice(None)) -> tuple[Nodes, Nodes]:
        """The context of `upto` neighbours of n cells in each of N fillings, 0 where unknown, and the longest known."""
        node = np.repeat(self.roots[cells][None], len(self.grids[rows]), axis=0)
        longest = node.copy()
        children, grids = self.chances.tree.children, self.grids[rows]
        for step in self.steps[:upto]:
            node = children[node * self.symbols + grids[:, cells + step]]
            np.maximum(longest, node, out=longest)
        return node, longest

    def _own(self, cells: Cells) -> Nodes:
        return self._walk(cells, len(self.steps))[1] * self.symbols

    def _evidence(self, cells: Cells, tiles: Nodes, active: NDArray[np.bool_]) -> NDArray[np.float32]:
        """(N, n, K) change of the log-chance of the active cells after n cells, for (N, n, K) tiles in those."""
        total = np.zeros(tiles.shape, dtype=np.float32)
        for number, step in enumerate(self.steps):
            which = np.nonzero(active[cells - step])[0]
            if len(which):
                total[:, which] += self._change(cells[which] - step, number, tiles[:, which])
        return total

    def _change(self, after: Cells, number: int, tiles: Nodes) -> NDArray[np.float32]:
        """(N, n, K) log-chance of n cells with each of K tiles as neighbour `number`, less that without it."""
        tree, nats = self.chances.tree, self.chances.nats
        node, longest = self._walk(after, number)
        symbol = self.grids[:, after]
        without = nats[longest * self.symbols + symbol]
        node = tree.children[node[..., None] * self.symbols + tiles]
        longest = np.maximum(longest[..., None], node)
        for step in self.steps[number + 1 :]:
            node = tree.children[node * self.symbols + self.grids[:, after + step][..., None]]
            np.maximum(longest, node, out=longest)
        change: NDArray[np.float32] = nats[longest * self.symbols + symbol[..., None]] - without[..., None]
        return change

    def _weighed(self, cells: Cells, active: NDArray[np.bool_]) -> tuple[Nodes, NDArray[np.float32]]:
        """(N, n, K) tiles for n cells and their log-chances given all that is there."""
        own = self._own(cells)
        tiles = self._candidates(cells, own)
        nats = self.chances.nats[own[..., None] + tiles]
        return tiles, nats + self._evidence(cells, tiles, active)

    def _candidates(self, cells: Cells, own: Nodes) -> Nodes:
        """(N, n, K) tiles worth weighing: the likeliest after what comes before, and beside what comes after."""
        tiles = self.symbols - 2
        every = np.arange(tiles, dtype=np.int32)
        if tiles <= CANDIDATES:
            return np.broadcast_to(every, (*own.shape, tiles))
        nats = self.chances.nats[own[..., None] + every]
        for table, step in ((self.chances.beside, 1), (self.chances.below, self.width)):
            nats += table.T[self.grids[:, cells + step], :tiles]
        return np.argpartition(-nats, CANDIDATES, axis=-1)[..., :CANDIDATES].astype(np.int32)

    def _draw(self, cells: Cells, active: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Draw n cells in all fillings; (N, n) log of the sum that their chances were divided by."""
        tiles, nats = self._weighed(cells, active)
        top = nats.max(axis=-1, keepdims=True)
        ladder = np.cumsum(np.exp((nats - top).astype(np.float64)), axis=-1)
        u = self.random.random((*ladder.shape[:2], 1)) * ladder[..., -1:]
        chosen = np.minimum((ladder <= u).sum(axis=-1, keepdims=True), ladder.shape[-1] - 1)
        self.grids[:, cells] = np.take_along_axis(tiles, chosen, axis=-1)[..., 0]
        total: NDArray[np.float64] = top[..., 0] + np.log(ladder[..., -1])
        return total

    # -- the two stages

    def grow(self, order: Iterator[Cells]) -> None:
        """Draw every free cell once, group after group; fillings that fit replace those that do not."""
        pinned = self.inside & ~self.free
        for cells in order:
            self.weight += self._draw(cells, pinned).sum(axis=1)
            share = np.exp(self.weight - self.weight.max())
            share /= share.sum()
            if 1 / (share**2).sum() < len(share) / 2:
                self._resample(share, len(share))

    def choose(self, count: int) -> None:
        """Keep `count` fillings, drawn by their weights."""
        share = np.exp(self.weight - self.weight.max())
        self._resample(share / share.sum(), count)

    def _resample(self, share: NDArray[np.float64], count: int) -> None:
        """Systematic resampling: one random number, evenly spaced draws."""
        at = (np.arange(count) + self.random.random()) / count
        kept = np.minimum(np.searchsorted(np.cumsum(share), at, side="right"), len(share) - 1)
        self.grids = self.grids[kept]
        self.weight = np.zeros(count)

    def sweep(self, groups: list[Cells]) -> None:
        """Draw every free cell anew, given all others."""
        for cells in groups:
            self._draw(cells, self.inside)

    # -- cells and results

    def positions(self, rows: Ids, columns: Ids) -> Cells:
        """Flat positions of cells of the grid."""
        flat: Cells = (rows + MARGIN) * self.width + columns + MARGIN
        return flat

    def lattices(self, free: NDArray[np.bool_]) -> list[Cells]:
        """The free cells in groups that are in no common context."""
        rows, columns = np.nonzero(free)
        kind = rows % LATTICE[0] * LATTICE[1] + columns % LATTICE[1]
        cells = self.positions(rows, columns)
        return [cells[kind == one] for one in np.unique(kind)]

    def nats(self, cells: Cells) -> NDArray[np.float64]:
        """(N,) sum of the log-chances of cells."""
        table = self.chances.nats[self._own(cells) + self.grids[:, cells]]
        total: NDArray[np.float64] = table.sum(axis=1, dtype=np.float64)
        return total

    def followers(self) -> Cells:
        """The free cells and those that have one in their context."""
        cells = np.nonzero(self.free)[0]
        reach: Cells = np.unique(np.concatenate([cells, *(cells - step for step in self.steps)]))
        within: Cells = reach[self.inside[reach]]
        return within

    def surprise(self, cells: Cells) -> NDArray[np.float64]:
        """(N,) nats by which cells are less likely than any that a chain draws by itself."""
        table = self.chances.nats[self._own(cells) + self.grids[:, cells]]
        total: NDArray[np.float64] = np.minimum(table + ODD, 0).sum(axis=1, dtype=np.float64)
        return -total

    def result(self, number: int) -> NDArray[np.uint8]:
        """(H, W) tile ids of one filling."""
        height, width = self.shape
        whole = self.grids[number].reshape(-1, self.width)
        ids: NDArray[np.uint8] = whole[MARGIN : MARGIN + height, MARGIN : MARGIN + width].astype(np.uint8)
        return ids


def grown(scene: Scene, count: int, random: Random) -> NDArray[np.uint8]:
    """(H, W) tile ids of a scene of which nothing is pinned: of `count` fillings that grew together the least odd.

    A chain that is drawn cell by cell runs into contexts that it has never seen, and then knows only the nearest
    neighbours. Here fillings in which that happens are replaced by others on the way.

    Args:
        scene: all free.
        count: fillings at most; fewer where the level is large.
        random: of all draws.
    """
    canvas = Canvas(scene, max(FEWEST, min(count, WHOLE // scene.free.size)), random)
    canvas.grow(canvas.positions(y, x) for y, x in slants(*scene.free.shape))
    return canvas.result(int(canvas.surprise(np.nonzero(canvas.inside)[0]).argmin()))


def fill(scene: Scene, random: Random) -> NDArray[np.uint8]:
    """(H, W) tile ids: the grid with its free cells drawn given all others."""
    filled = scene.grid.astype(np.uint8)
    if scene.free.any():
        part, where = scene.near()
        filled[where] = _filled(part, random)
    return filled


def _filled(scene: Scene, random: Random) -> NDArray[np.uint8]:
    free = scene.free
    most = min(PARTICLES[1], MEMORY // free.size)
    canvas = Canvas(scene, max(PARTICLES[0], min(most, WORK // int(free.sum()))), random)
    order = slants(*free.shape)
    canvas.grow(canvas.positions(y[kept], x[kept]) for y, x in order if (kept := free[y, x]).any())
    canvas.choose(CHAINS)
    groups = canvas.lattices(free)
    for _ in range(SWEEPS):
        canvas.sweep(groups)
    return canvas.result(int(canvas.surprise(canvas.followers()).argmin()))


def evidence(scene: Scene) -> float:
    """Log-chance of what is pinned, each cell given the pinned ones before it, in nats."""
    canvas = Canvas(scene, 1, np.random.default_rng(0))  # nothing is drawn
    return float(canvas.nats(np.nonzero(canvas.inside & ~canvas.free)[0])[0])


def _around(lines: Ids) -> slice:
    """From the first of these lines to the last, and `MARGIN` more on either side."""
    return slice(max(0, int(lines.min()) - MARGIN), int(lines.max()) + 1 + MARGIN)


def _framed(grid: NDArray[Any], value: int) -> NDArray[Any]:
    return np.pad(grid, MARGIN, constant_values=value)
