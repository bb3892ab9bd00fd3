"""Reachability again, the slow and plain way: every state of the player is written out, letter by letter.

Nothing here is taken from `genworld.play`: the rules are written down a second time, from their description.
"""

from __future__ import annotations

import heapq
from collections import deque
from itertools import pairwise

import numpy as np

from genworld.content import Legend, Level, Style, Tag, Tile

NEAR = ((0, 1), (1, 0), (0, -1), (-1, 0))


def legend(style: Style, *rows: str) -> Legend:
    """Rows such as ``"# wall solid"``."""
    split = [row.split() for row in rows]
    tiles = tuple(Tile(char, name, frozenset(map(Tag, tags))) for char, name, *tags in split)
    return Legend("test", style, tiles, "dungeon")


TOP_DOWN = legend(
    Style.TOP_DOWN,
    "# wall solid",
    ". floor passable",
    "~ water solid liquid",
    "! slime passable hazard",
    "+ door passable door",
    "D gate solid door",
    "k key passable key",
    "m monster enemy",
    "b bush breakable",
    "o barrel solid pushable",
    "? carpet",
)
PLATFORMER = legend(
    Style.PLATFORMER,
    "# ground solid",
    ". air passable empty",
    "= ledge solid-top",
    "H ladder passable climbable",
    "^ spikes hazard",
    "e enemy hazard enemy",
    "~ water liquid",
    "B brick solid breakable",
    "T cactus solid hazard",
    "v nothing void",
)
BOXES = legend(
    Style.BOX_PUSHING,
    "# wall solid",
    "_ floor passable",
    "@ player passable start",
    "$ box solid pushable",
    ". target passable goal",
    "* box-there solid pushable goal",
)


def draw(legend: Legend, chances: dict[str, float], random: np.random.Generator, low: int, high: int) -> Level:
    """A level of independent tiles, each side from `low` to `high`."""
    shape = tuple(int(side) for side in random.integers(low, high + 1, 2))
    weights = np.array(list(chances.values()))
    ids = np.array([legend.id_of[char] for char in chances], dtype=np.uint8)
    return Level(random.choice(ids, shape, p=weights / weights.sum()), legend)


def letters(level: Level) -> dict[tuple[int, int], str]:
    """The character of each cell."""
    return {
        (row, column): char for row, line in enumerate(level.to_text().splitlines()) for column, char in enumerate(line)
    }


# Top-down: the state is where one stands, which keys were picked up and which doors were opened.


def walk(level: Level, start: tuple[int, int], goal: tuple[int, int]) -> int | None:
    """Fewest dangerous cells entered before the goal on a way to it; None where there is none."""
    at = letters(level)
    has_keys = "k" in at.values()
    whole_door = {cell: _touching(at, cell) for cell, char in at.items() if char == "D"}
    enterable = ".!+km?D"
    if at[start] not in enterable:
        return None
    opened = whole_door.get(start, frozenset())
    first = (start, frozenset({start} if at[start] == "k" else ()), opened, 0)
    queue, best = [(0, 0, first)], {first: 0}
    count = 0
    while queue:
        danger, _, state = heapq.heappop(queue)
        cell, keys, opened, used = state
        if cell == goal:
            return danger
        if danger > best[state]:
            continue
        for down, right in NEAR:
            there = (cell[0] + down, cell[1] + right)
            char = at.get(there, "#")
            if char not in enterable:
                continue
            now_opened, now_used = opened, used
            if char == "D" and has_keys and there not in opened:
                if len(keys) <= used:
                    continue
                now_opened, now_used = opened | whole_door[there], used + 1
            now_keys = keys | {there} if char == "k" else keys
            after = (there, now_keys, now_opened, now_used)
            cost = danger + (char in "!m" and there != goal)
            if cost < best.get(after, 10**9):
                best[after] = cost
                count += 1
                heapq.heappush(queue, (cost, count, after))
    return None


def can_walk(level: Level, path: tuple[tuple[int, int], ...]) -> bool:
    """Whether these cells can be walked one after the other, each door opened with a key picked up before."""
    at = letters(level)
    locked = "k" in at.values()
    keys, opened, used = {path[0]} if at[path[0]] == "k" else set(), _touching(at, path[0]), 0
    for (row, column), there in pairwise(path):
        if abs(there[0] - row) + abs(there[1] - column) != 1 or at[there] not in ".!+km?D":
            return False
        if at[there] == "D" and locked and there not in opened:
            opened, used = opened | _touching(at, there), used + 1
        if used > len(keys):
            return False
        keys |= {there} if at[there] == "k" else set()
    return True


def _touching(at: dict[tuple[int, int], str], cell: tuple[int, int]) -> frozenset[tuple[int, int]]:
    """The door that a cell belongs to."""
    door, edge = {cell}, [cell]
    while edge:
        row, column = edge.pop()
        for down, right in NEAR:
            there = (row + down, column + right)
            if at.get(there) == "D" and there not in door:
                door.add(there)
                edge.append(there)
    return frozenset(door)


# Platformer: the state is where one is, and what one is doing there.

GROUND = ("ground",)
HIGH, PIT = 4, 5


def doings(at: dict[tuple[int, int], str], cell: tuple[int, int], came: tuple) -> list[tuple]:
    """What can be going on in a cell that was come to: standing, or still flying, or either."""
    if not on_ground(at, cell):
        return [came]
    return [GROUND, came] if came[0] == "up" else [GROUND]


def on_ground(at: dict[tuple[int, int], str], cell: tuple[int, int]) -> bool:
    return at[cell] in "H~" or at.get((cell[0] + 1, cell[1]), "v") in "#B=H"


def moves(at: dict[tuple[int, int], str], cell: tuple[int, int], doing: tuple) -> list[tuple[tuple[int, int], tuple]]:
    """Every cell that can be come to next, and what the player is doing there."""
    row, column = cell
    made = []

    def go(there: tuple[int, int], came: tuple) -> None:
        if at.get(there, "#") in ".=He~":
            made.extend((there, each) for each in doings(at, there, came))

    above, below, sides = (row - 1, column), (row + 1, column), ((row, column - 1), (row, column + 1))
    can_sink = at.get(below, "#") != "="
    if doing == GROUND:
        go(above, ("up", 1, 0))
        for side in sides:
            go(side, ("fall", True))
        if can_sink and (at[cell] in "H~" or at.get(below, "#") in "H~"):
            go(below, ("fall", False))
    elif doing[0] == "fall":
        if can_sink:
            go(below, ("fall", False))
        if not doing[1]:
            for side in sides:
                go(side, ("fall", True))
    else:
        kind, height, along = doing
        if kind == "up" and height < HIGH:
            go(above, ("up", height + 1, along))
        if along < PIT + 1:
            for side in sides:
                go(side, (kind, height, along + 1))
        if can_sink:
            go(below, ("down", height - 1, along) if height > 1 else ("fall", True))
    return made


def leap(level: Level, start: tuple[int, int], goal: tuple[int, int]) -> int | None:
    """Fewest moves onto enemies on a way to the goal; None where there is none."""
    at = letters(level)
    if at[start] not in ".=He~":
        return None
    queue = [(0, index, start, doing) for index, doing in enumerate(doings(at, start, ("fall", False)))]
    best = {(cell, doing): 0 for _, _, cell, doing in queue}
    count = len(queue)
    while queue:
        met, _, cell, doing = heapq.heappop(queue)
        if cell == goal:
            return met
        if met > best[cell, doing]:
            continue
        for there, after in moves(at, cell, doing):
            cost = met + (at[there] == "e")
            if cost < best.get((there, after), 10**9):
                best[there, after] = cost
                count += 1
                heapq.heappush(queue, (cost, count, there, after))
    return None


def can_follow(level: Level, path: tuple[tuple[int, int], ...]) -> bool:
    """Whether a player can go along these cells one after the other."""
    at = letters(level)
    now = set(doings(at, path[0], ("fall", False)))
    for cell, there in pairwise(path):
        now = {after for doing in now for place, after in moves(at, cell, doing) if place == there}
    return bool(now)


# Box pushing: the state is where the player and all boxes are.


def push(level: Level) -> bool:
    """Whether every target can be filled, or every box placed where there are fewer."""
    at = letters(level)
    floor = {cell for cell, char in at.items() if char != "#"}
    boxes = frozenset(cell for cell, char in at.items() if char in "$*")
    targets = {cell for cell, char in at.items() if char in ".*"}
    players = [cell for cell, char in at.items() if char == "@"]
    if not players or not boxes or not targets:
        return False
    first = (players[0], boxes)
    seen, queue = {first}, deque([first])
    while queue:
        (row, column), boxes = queue.popleft()
        if len(boxes & targets) == min(len(boxes), len(targets)):
            return True
        for down, right in NEAR:
            there, beyond = (row + down, column + right), (row + 2 * down, column + 2 * right)
            if there not in floor or (there in boxes and (beyond not in floor or beyond in boxes)):
                continue
            after = (there, boxes - {there} | {beyond} if there in boxes else boxes)
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return False


def play_pushes(level: Level, path: tuple[tuple[int, int], ...]) -> bool:
    """Whether walking these cells pushes the boxes home."""
    at = letters(level)
    boxes = {cell for cell, char in at.items() if char in "$*"}
    targets = {cell for cell, char in at.items() if char in ".*"}
    for (row, column), (down, right) in pairwise(path):
        assert abs(down - row) + abs(right - column) == 1
        assert at.get((down, right), "#") != "#"
        if (down, right) in boxes:
            beyond = (2 * down - row, 2 * right - column)
            assert at.get(beyond, "#") != "#"
            assert beyond not in boxes
            boxes = boxes - {(down, right)} | {beyond}
    return len(boxes & targets) == min(len(boxes), len(targets))
