"""No level takes long to check or repair, however large and hopeless."""

from __future__ import annotations

import time

import numpy as np

from genworld import play
from genworld.content import Legend, Level, Style, Tag, Tile
from genworld.play import boxes

TILES = (
    Tile(".", "floor", frozenset({Tag.PASSABLE})),
    Tile("#", "wall", frozenset({Tag.SOLID})),
    Tile("b", "box", frozenset({Tag.PUSHABLE})),
    Tile("S", "start", frozenset({Tag.START, Tag.PASSABLE})),
    Tile("G", "goal", frozenset({Tag.GOAL, Tag.PASSABLE})),
)
SECONDS = 30.0
"""Far more than it takes, for machines that do other things; without bounds it takes minutes."""


def _hopeless(side: int) -> Level:
    chances = np.array([0.6, 0.15, 0.1, 0.05, 0.1])
    tiles = np.random.default_rng(0).choice(5, size=(side, side), p=chances).astype(np.uint8)
    return Level(tiles, Legend("boxes", Style.BOX_PUSHING, TILES, "dungeon"))


def test_a_large_hopeless_warehouse_is_unknown_soon() -> None:
    level, began = _hopeless(128), time.monotonic()
    verdict = play.check(level)
    assert verdict.reachable is not True
    assert f"{boxes.affordable(boxes.Room.of(level)):,} pushes" in verdict.why
    assert play.repair(level).changed == ()
    assert time.monotonic() - began < SECONDS


def test_a_level_of_usual_size_has_all_its_pushes() -> None:
    assert boxes.affordable(boxes.Room.of(_hopeless(24))) == boxes.MOST_PUSHES
    assert boxes.affordable(boxes.Room.of(_hopeless(128))) < boxes.MOST_PUSHES // 20
