"""What the procedural worlds draw with: masks, distances, paths, noise. Grids are (rows, columns)."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from genworld.content import TileGrid

Mask = NDArray[np.bool_]
Cell = tuple[int, int]
"""Row, column."""

FAR = np.iinfo(np.int32).max
STEPS: tuple[Cell, ...] = ((-1, 0), (0, 1), (1, 0), (0, -1))
_RING: tuple[Cell, ...] = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))


def shifted(mask: Mask, rows: int, columns: int) -> Mask:
    """`mask` moved down and right; what comes in is False.

    >>> shifted(np.array([[True, False]]), 0, 1).tolist()
    [[False, True]]
    """
    height, width = mask.shape
    moved = np.zeros_like(mask)
    if abs(rows) < height and abs(columns) < width:
        to = (slice(max(rows, 0), height + min(rows, 0)), slice(max(columns, 0), width + min(columns, 0)))
        of = (slice(max(-rows, 0), height + min(-rows, 0)), slice(max(-columns, 0), width + min(-columns, 0)))
        moved[to] = mask[of]
    return moved


def grown(mask: Mask, steps: int = 1, diagonal: bool = False) -> Mask:
    """`mask` and what is within so many steps of it."""
    for _ in range(steps):
        wide = mask.copy()
        wide[:, 1:] |= mask[:, :-1]
        wide[:, :-1] |= mask[:, 1:]
        source, mask = (wide if diagonal else mask), wide.copy()
        mask[1:] |= source[:-1]
        mask[:-1] |= source[1:]
    return mask


def neighbours(mask: Mask, diagonal: bool = True) -> NDArray[np.intp]:
    """How many of the 8 (or 4) neighbours of each cell are set."""
    counts: NDArray[np.intp] = np.sum([shifted(mask, *step) for step in (_RING if diagonal else STEPS)], axis=0)
    return counts


def distances(free: Mask, start: Cell | Mask) -> NDArray[np.int32]:
    """Steps over `free` cells from `start` (a cell or a mask); FAR where there is no way."""
    front = np.zeros_like(free)
    front[start] = True
    result = np.full(free.shape, FAR, np.int32)
    step = 0
    while front.any():
        result[front] = step
        front = grown(front) & free & (result == FAR)
        step += 1
    return result


def reached(free: Mask, start: Cell | Mask) -> Mask:
    """The cells of `free` that can be walked to from `start`."""
    return distances(free, start) < FAR


def parts(mask: Mask) -> list[Mask]:
    """The connected parts of a mask, largest first."""
    rest, found = mask.copy(), []
    while rest.any():
        found.append(reached(rest, _first(rest)))
        rest &= ~found[-1]
    return sorted(found, key=lambda part: -int(part.sum()))


def large(mask: Mask, least: int) -> Mask:
    """`mask` without its connected parts of fewer than `least` cells."""
    kept = np.zeros_like(mask)
    for part in parts(mask):
        if part.sum() >= least:
            kept |= part
    return kept


def from_edge(shape: tuple[int, int]) -> NDArray[np.intp]:
    """Steps from each cell to the outermost row or column."""
    rows, columns = (np.minimum(np.arange(length), np.arange(length)[::-1]) for length in shape)
    return np.minimum(rows[:, None], columns[None, :])


def numbered(mask: Mask) -> NDArray[np.intp]:
    """Number of the connected part that each cell belongs to, from 1 for the largest; 0 outside."""
    numbers: NDArray[np.intp] = np.zeros(mask.shape, np.intp)
    for index, part in enumerate(parts(mask), start=1):
        numbers[part] = index
    return numbers


def only(shape: tuple[int, ...], *places: Cell) -> Mask:
    """A mask of these cells."""
    mask = np.zeros(shape, np.bool_)
    put(mask, list(places), True)
    return mask


def _first(mask: Mask) -> Cell:
    row, column = divmod(int(mask.argmax()), mask.shape[1])
    return row, column


def blocks_nothing(free: Mask, cell: Cell) -> bool:
    """Whether the free neighbours of `cell` stay connected around it when it is taken.

    A local and therefore strict test: a detour further away does not count.
    """
    row, column = cell
    ring = [_at(free, row + r, column + c) for r, c in _RING]
    straight = [index for index in (1, 3, 5, 7) if ring[index]]
    if len(straight) < 2:
        return bool(straight)
    breaks = sum(ring[i] and not ring[i - 1] for i in range(8))
    lone = sum(ring[i] and not ring[i - 1] and not ring[(i + 1) % 8] for i in (0, 2, 4, 6))
    return breaks - lone <= 1


def _at(mask: Mask, row: int, column: int) -> bool:
    return 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1] and bool(mask[row, column])


def cells(mask: Mask) -> list[Cell]:
    """The set cells, row by row."""
    rows, columns = np.nonzero(mask)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def pick(mask: Mask, random: np.random.Generator) -> Cell | None:
    """A set cell, all alike; None when there is none."""
    return next(iter(several(mask, 1, random)), None)


def several(mask: Mask, count: int, random: np.random.Generator) -> list[Cell]:
    """Up to `count` different set cells in random order."""
    places = np.argwhere(mask)
    chosen = random.permutation(len(places))[: max(count, 0)]
    return [(int(places[index, 0]), int(places[index, 1])) for index in chosen]


def scattered(mask: Mask, count: int, random: np.random.Generator, gap: int = 1) -> list[Cell]:
    """Up to `count` set cells of which no two are within `gap` steps (diagonals count as one)."""
    chosen: list[Cell] = []
    for row, column in several(mask, int(mask.sum()), random):
        if len(chosen) >= count:
            break
        if all(max(abs(row - r), abs(column - c)) > gap for r, c in chosen):
            chosen.append((row, column))
    return chosen


def farthest(free: Mask, start: Cell, among: Mask) -> Cell | None:
    """The cell of `among` with the longest way from `start` over `free`; None when none can be reached."""
    steps = distances(free, start)
    steps = np.where(among & (steps < FAR), steps, -1)
    best = int(steps.argmax())
    cell = divmod(best, free.shape[1])
    return cell if steps[cell] >= 0 else None


def ends(free: Mask, among: Mask, random: np.random.Generator) -> tuple[Cell, Cell]:
    """Two cells of `among` about as far apart on foot as can be. `free` is connected and not empty."""
    anywhere = several(among & free if (among & free).any() else free, 1, random)[0]
    start = _far(free, anywhere, among)
    return start, _far(free, start, among)


def _far(free: Mask, start: Cell, among: Mask) -> Cell:
    return farthest(free, start, among) or farthest(free, start, free) or start


def openings(free: Mask, cost: NDArray[np.float64], smallest: int = 1) -> list[Cell]:
    """Cells to open so that all parts of `free` with at least `smallest` cells become one.

    Args:
        cost: of opening each cell; ways over free cells should be cheap.
    """
    first, *others = parts(free)
    opened: list[Cell] = []
    for part in others:
        if part.sum() >= smallest:
            route = way(cost, cells(part)[0], cells(first)[0])
            opened += [cell for cell in route if not free[cell]]
    return opened


def bridges(free: Mask, gap: Mask, longest: int = 6) -> list[Cell]:
    """The cells of straight bridges over `gap` that join parts of `free`, as short as can be."""
    joined, built = free.copy(), []
    while span := _shortest_span(joined, gap, longest):
        put(joined, span, True)
        built += span
    return built


def _shortest_span(free: Mask, gap: Mask, longest: int) -> list[Cell]:
    names = numbered(free)
    for length in range(1, longest + 1):
        for turned in (False, True):
            name, over = (names.T, gap.T) if turned else (names, gap)
            count = name.shape[1] - length - 1
            if count <= 0:
                continue
            left, right = name[:, :count], name[:, length + 1 :]
            clear = np.logical_and.reduce([over[:, 1 + step : 1 + step + count] for step in range(length)])
            found = cells((left > 0) & (right > 0) & (left != right) & clear)
            if found:
                row, column = found[len(found) // 2]
                span = [(row, column + 1 + step) for step in range(length)]
                return [(column, row) for row, column in span] if turned else span
    return []


def way(cost: NDArray[np.float64], start: Cell, end: Cell) -> list[Cell]:
    """The cheapest way from `start` to `end`, both included; a cell of infinite cost is never entered.

    Returns:
        Neighbouring cells; empty when there is no way.
    """
    height, width = cost.shape
    price, last = {start: 0.0}, {start: start}
    queue = [(0.0, start)]
    while queue:
        paid, cell = heapq.heappop(queue)
        if cell == end:
            break
        if paid > price[cell]:
            continue
        for rows, columns in STEPS:
            row, column = cell[0] + rows, cell[1] + columns
            if not (0 <= row < height and 0 <= column < width):
                continue
            total = paid + float(cost[row, column])
            if total < price.get((row, column), np.inf):
                price[row, column], last[row, column] = total, cell
                heapq.heappush(queue, (total, (row, column)))
    return _backwards(last, start, end)


def _backwards(last: dict[Cell, Cell], start: Cell, end: Cell) -> list[Cell]:
    if end not in last:
        return []
    steps = [end]
    while steps[-1] != start:
        steps.append(last[steps[-1]])
    return steps[::-1]


def noise(shape: tuple[int, int], scale: float, random: np.random.Generator, octaves: int = 3) -> NDArray[np.float64]:
    """Smooth values of this shape, spread evenly over 0 to 1.

    Args:
        scale: tiles from hill to hill.
        octaves: finer layers, each half as strong.
    """
    total = np.zeros(shape)
    for octave in range(octaves):
        total += _lattice(*shape, max(scale / 2**octave, 1.0), random) / 2**octave
    ranks = total.ravel().argsort().argsort()
    spread: NDArray[np.float64] = ranks.reshape(shape) / max(ranks.size - 1, 1)
    return spread


def _lattice(height: int, width: int, step: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Random values at every `step` tiles, smoothly in between."""
    knots = random.random((int(height / step) + 3, int(width / step) + 3))
    rows, columns = np.arange(height) / step + random.random(), np.arange(width) / step + random.random()
    top, left = rows.astype(int), columns.astype(int)
    down, right = _eased(rows - top)[:, None], _eased(columns - left)[None, :]
    upper = knots[np.ix_(top, left)] * (1 - right) + knots[np.ix_(top, left + 1)] * right
    lower = knots[np.ix_(top + 1, left)] * (1 - right) + knots[np.ix_(top + 1, left + 1)] * right
    values: NDArray[np.float64] = upper * (1 - down) + lower * down
    return values


def _eased(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return share * share * (3 - 2 * share)


def border(shape: tuple[int, int], depth: int = 1) -> Mask:
    """The outermost `depth` rows and columns."""
    mask = np.ones(shape, np.bool_)
    mask[depth:-depth, depth:-depth] = False
    return mask


def put(grid: TileGrid | Mask, places: list[Cell], tile: int) -> None:
    """Set these cells of `grid`."""
    for place in places:
        grid[place] = tile
