"""Platformer levels. Everything is reached with jumps of up to 4 tiles high and 5 wide."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from genworld.content import Style, TileGrid
from genworld.datasets.worlds.terrain import Cell, Mask, cells, noise, put, scattered, shifted
from genworld.datasets.worlds.world import BuiltinWorld, legend, tile_ids

LEGEND = legend(
    "platformer",
    Style.PLATFORMER,
    "platformer",
    "# ground: solid",
    ". air: passable empty",
    "= platform: solid-top",
    "H ladder: passable climbable",
    "^ spikes: hazard",
    "o coin: passable item",
    "e enemy: passable enemy",
    "B brick: solid breakable",
    "~ water: liquid hazard",
    "S start: passable start",
    "X goal: passable goal",
)
T = tile_ids(LEGEND)

RISE = 3
"""Greatest step up without a ladder, in tiles; one less than a jump."""

GAP = 4
"""Widest pit, in tiles; a jump of 5 lands behind it."""


@dataclass(frozen=True)
class Plan:
    """What sets a class of running levels apart.

    Args:
        stretch: least and greatest length of flat ground.
        gaps: chance of a pit between two stretches.
        cliffs: chance of a step too high to jump, with a ladder.
        floats: whether the stretches are islands in the air.
        roofed: whether there is rock overhead.
        tiers: attempts to hang a platform, for each 100 tiles.
    """

    stretch: tuple[int, int]
    gaps: float
    cliffs: float
    floats: bool
    roofed: bool
    tiers: float


PLANS = {
    "hills": Plan((3, 8), 0.3, 0.08, False, False, 4.5),
    "caverns": Plan((3, 7), 0.25, 0.3, False, True, 1.5),
    "sky islands": Plan((3, 7), 0.85, 0.0, True, False, 4.0),
}
TOWER = "towers"


@dataclass(frozen=True)
class Stretch:
    """Flat ground: columns `left` to `right` - 1, its top tile in row `row`."""

    left: int
    right: int
    row: int


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One level; see `Draw`."""
    grid = np.full((height, width), T["air"], np.uint8)
    if kind == TOWER:
        _draw_tower(grid, random)
    else:
        _draw_run(PLANS[kind], grid, random)
    return grid


WORLD = BuiltinWorld(
    "platformer",
    "Platformer",
    "Runs over hills, caverns and sky islands, and towers to climb; every jump can be made.",
    LEGEND,
    (*PLANS, TOWER),
    draw,
)


def _draw_run(plan: Plan, grid: TileGrid, random: np.random.Generator) -> None:
    stretches = _lay_out(plan, grid.shape, random)
    for stretch in stretches:
        _raise_ground(plan, grid, stretch, random)
    if plan.floats:
        grid[-2:] = T["water"]
    for a, b in pairwise(stretches):
        _dig_pit(plan, grid, a, b, random)
        _lean_ladder(grid, a, b)
    if plan.roofed:
        _roof(grid, random)
    _hang_platforms(plan, grid, random)
    first, last = stretches[0], stretches[-1]
    grid[first.row - 1, first.left + 1], grid[last.row - 1, last.right - 2] = T["start"], T["goal"]
    _populate(grid, random)


def _lay_out(plan: Plan, shape: tuple[int, int], random: np.random.Generator) -> list[Stretch]:
    """Stretches from the left edge to the right one."""
    height, width = shape
    high, low = max(6, round(height * 0.3)), height - (5 if plan.floats else 3)
    row, left = int(random.integers((high + low) // 2, low + 1)), 0
    stretches: list[Stretch] = []
    while left < width:
        length = int(random.integers(plan.stretch[0], plan.stretch[1] + 1)) + (not stretches)
        gap = int(random.integers(2, GAP + 1)) if random.random() < plan.gaps else 0
        if left + length + gap + 4 > width:
            length = width - left
        stretches.append(Stretch(left, left + length, row))
        left += length + gap
        row = _next_row(plan, row, gap, high, low, random)
    return stretches


def _next_row(plan: Plan, row: int, gap: int, high: int, low: int, random: np.random.Generator) -> int:
    rise = RISE - (gap >= GAP)
    if not gap and random.random() < plan.cliffs:
        rise = 7
        step = int(random.integers(5, rise + 1)) * int(random.choice((-1, 1)))
    else:
        step = int(random.choice([value for value in range(-rise, RISE + 1) if value]))
    if not high <= row + step <= low:
        step = -step if abs(step) <= rise else 0
    return int(np.clip(row + step, high, low))


def _raise_ground(plan: Plan, grid: TileGrid, stretch: Stretch, random: np.random.Generator) -> None:
    if not plan.floats:
        grid[stretch.row :, stretch.left : stretch.right] = T["ground"]
        return
    width = stretch.right - stretch.left
    for column in range(stretch.left, stretch.right):
        inward = min(column - stretch.left, stretch.right - 1 - column)
        depth = 1 + min(inward, 2 + width // 4) + int(random.integers(0, 2))
        grid[stretch.row : min(stretch.row + depth, grid.shape[0] - 3), column] = T["ground"]


def _dig_pit(plan: Plan, grid: TileGrid, a: Stretch, b: Stretch, random: np.random.Generator) -> None:
    """Spikes or water in a pit; a bridge over some gaps between islands."""
    if a.right == b.left:
        return
    gap = slice(a.right, b.left)
    if plan.floats:
        if random.random() < 0.3:
            grid[max(a.row, b.row), gap] = T["platform"]
        return
    floor = min(max(a.row, b.row) + int(random.integers(2, 4)), grid.shape[0] - 1)
    grid[floor:, gap] = T["ground"]
    wet = random.random() < 0.45
    grid[floor - 1, gap] = T["water" if wet else "spikes"]
    if wet and floor - 2 > max(a.row, b.row):
        grid[floor - 2, gap] = T["water"]


def _lean_ladder(grid: TileGrid, a: Stretch, b: Stretch) -> None:
    """A ladder where the step is too high for a jump, on the lower side."""
    if a.right != b.left or abs(a.row - b.row) <= RISE:
        return
    column = a.right - 1 if a.row > b.row else b.left
    grid[min(a.row, b.row) : max(a.row, b.row), column] = T["ladder"]


def _roof(grid: TileGrid, random: np.random.Generator) -> None:
    """Rock above, never lower than six tiles over the ground of three columns around."""
    top = (grid != T["air"]).argmax(axis=0)
    highest = np.array([top[max(column - 2, 0) : column + 3].min() for column in range(top.size)])
    depth = (noise((1, top.size), 9, random)[0] * grid.shape[0] * 0.4 + 1).astype(int)
    depth = np.clip(depth, 1, np.maximum(highest - 6, 1))
    roof = np.arange(grid.shape[0])[:, None] < depth[None, :]
    grid[roof & (grid == T["air"])] = T["ground"]


def _hang_platforms(plan: Plan, grid: TileGrid, random: np.random.Generator) -> None:
    """Platforms and bricks three or four tiles over something to stand on, coins above them."""
    width = grid.shape[1]
    for _ in range(round(plan.tiers * grid.size / 100)):
        length, left = int(random.integers(2, 6)), int(random.integers(2, max(3, width - 7)))
        stand = cells(_standing(grid)[:, left : left + length])
        if not stand:
            continue
        base = stand[int(random.integers(len(stand)))][0] + 1
        row, right = base - int(random.integers(3, 5)), min(left + length, width - 1)
        if row < 2 or not _clear(grid, row, left, right):
            continue
        bricks = random.random() < 0.35
        grid[row, left:right] = T["brick" if bricks else "platform"]
        if random.random() < 0.45:
            grid[row - 1, left:right] = T["coin"]


def _clear(grid: TileGrid, row: int, left: int, right: int) -> bool:
    """Whether there is air three tiles above and two below, and beside."""
    around = grid[max(row - 3, 0) : row + 3, max(left - 1, 0) : right + 1]
    return bool((around == T["air"]).all())


def _standing(grid: TileGrid) -> Mask:
    """Air that one can stand in: on ground, bricks or a platform, with headroom."""
    air: Mask = grid == T["air"]
    firm = np.isin(grid, [T["ground"], T["brick"], T["platform"]])
    standing: Mask = air & shifted(firm, -1, 0) & shifted(air, 1, 0)
    return standing


def _populate(grid: TileGrid, random: np.random.Generator) -> None:
    """Enemies and spikes on flat ground away from both ends, coins on the way."""
    flat = _standing(grid)
    level = flat & shifted(flat, 0, 1) & shifted(flat, 0, -1)
    ends_ = np.isin(grid, [T["start"], T["goal"]])
    near = np.isin(np.arange(grid.shape[1]), [column + step for _, column in cells(ends_) for step in range(-3, 4)])
    level &= ~near[None, :]
    places = scattered(level, max(2, grid.size // 110), random, gap=4)
    share = len(places) * 2 // 3
    put(grid, places[:share], T["enemy"])
    for place in places[share:]:
        if grid[place[0] + 1, place[1]] == T["ground"]:
            grid[place] = T["spikes"]
    for row, column in scattered(_standing(grid) & ~ends_, max(2, grid.size // 90), random, gap=3):
        put(grid, _coins(grid, row, column), T["coin"])


def _coins(grid: TileGrid, row: int, column: int) -> list[Cell]:
    """Up to three coins in a row, in the air over ground."""
    line = [(row, column + step) for step in range(3) if column + step < grid.shape[1]]
    return [cell for cell in line if _standing(grid)[cell]]


def _draw_tower(grid: TileGrid, random: np.random.Generator) -> None:
    """Storeys between two walls, joined by ladders; the goal is at the top."""
    height, width = grid.shape
    thick = 1 if width < 24 else 2
    grid[:, :thick], grid[:, width - thick :], grid[-2:] = T["brick"], T["brick"], T["ground"]
    inside = slice(thick, width - thick)
    floors, row = [height - 2], height - 2
    while row - (step := int(random.integers(4, 7))) >= 4:
        row -= step
        floors.append(row)
        _lay_floor(grid, row, inside, random)
    for lower, upper in pairwise(floors):
        for _ in range(1 + (width >= 32)):
            _climb(grid, lower, upper, inside, random)
    _hang_steps(grid, random)
    _finish_tower(grid, floors, inside, random)


def _lay_floor(grid: TileGrid, row: int, inside: slice, random: np.random.Generator) -> None:
    """A storey of ground, bricks or planks with a hole or two that can be jumped."""
    grid[row, inside] = T[str(random.choice(("ground", "brick", "platform")))]
    for _ in range(int(random.integers(0, 1 + (inside.stop - inside.start) // 9))):
        left = int(random.integers(inside.start + 2, inside.stop - 5))
        grid[row, left : left + int(random.integers(2, 4))] = T["air"]
    holes = grid[row, inside] == T["air"]
    if _longest(holes) > GAP:
        grid[row, inside] = T["platform"]


def _longest(line: Mask) -> int:
    best = run = 0
    for cell in line:
        run = run + 1 if cell else 0
        best = max(best, run)
    return best


def _climb(grid: TileGrid, lower: int, upper: int, inside: slice, random: np.random.Generator) -> None:
    """A ladder from one storey through the floor of the next."""
    firm = [
        column
        for column in range(inside.start + 1, inside.stop - 1)
        if all(grid[row, column] not in (T["air"], T["ladder"]) for row in (lower, upper))
        and not (grid[upper:lower, column - 1 : column + 2] == T["ladder"]).any()
    ]
    if firm:
        grid[upper:lower, firm[int(random.integers(len(firm)))]] = T["ladder"]


def _hang_steps(grid: TileGrid, random: np.random.Generator) -> None:
    """Short planks with coins between storeys."""
    width = grid.shape[1]
    for row, column in scattered(_standing(grid), grid.size // 70, random, gap=3):
        high = row - 2
        if 2 < column < width - 5 and high > 1 and (grid[high - 1 : row + 1, column : column + 3] == T["air"]).all():
            grid[high, column : column + 3] = T["platform"]
            grid[high - 1, column : column + 3] = T["coin"]


def _finish_tower(grid: TileGrid, floors: list[int], inside: slice, random: np.random.Generator) -> None:
    for name, floor in (("start", floors[0]), ("goal", floors[-1])):
        free = [
            column
            for column in range(inside.start, inside.stop)
            if grid[floor - 1, column] == T["air"] and grid[floor, column] not in (T["air"], T["ladder"])
        ]
        grid[floor - 1, free[int(random.integers(len(free)))]] = T[name]
    _populate(grid, random)
