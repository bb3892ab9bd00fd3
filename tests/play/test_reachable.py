"""Reachability against a plain search over every state, on 2,000 random levels of each style."""

from __future__ import annotations

import numpy as np
import play_brute as brute
import pytest

from genworld.content import Level
from genworld.play import Leap, boxes, check, leaps, platformer, topdown

LEVELS = 2000
ROOMS = {"#": 7, ".": 8, "~": 1, "!": 1, "+": 1, "D": 2, "k": 1, "m": 1, "b": 1, "o": 1, "?": 1}
JUMPS = {"#": 4, ".": 14, "=": 2, "H": 1, "^": 1, "e": 1, "~": 1, "B": 1, "T": 1, "v": 1}
PUZZLES = {"#": 3, "_": 8, "$": 2, ".": 2, "*": 0.4, "@": 1}


def some_cell(level: Level, random: np.random.Generator) -> tuple[int, int]:
    return int(random.integers(level.height)), int(random.integers(level.width))


def differences_top_down(levels: int) -> int:
    """Levels on which the check and the plain search disagree; fails on a path that is none."""
    random, different, yes = np.random.default_rng(1), 0, 0
    for _ in range(levels):
        level = brute.draw(brute.TOP_DOWN, ROOMS, random, 2, 7)
        while (level.tiles == level.legend.id_of["D"]).sum() > 7 or (level.tiles == level.legend.id_of["k"]).sum() > 4:
            level = brute.draw(brute.TOP_DOWN, ROOMS, random, 2, 7)
        start, goal = some_cell(level, random), some_cell(level, random)
        verdict, danger = check(level, start, goal), brute.walk(level, start, goal)
        different += verdict.reachable is not (danger is not None)
        yes += danger is not None
        if verdict.reachable and danger is not None:
            assert (verdict.path[0], verdict.path[-1]) == (start, goal)
            at = brute.letters(level)
            assert brute.can_walk(level, verdict.path)
            if not {"D", "k"} <= set(at.values()):
                assert len({cell for cell in verdict.path[1:-1] if at[cell] in "!m"}) == danger
    assert levels / 10 < yes < levels * 9 / 10, "both answers must be common"
    return different


def differences_platformer(levels: int) -> int:
    random, different, yes = np.random.default_rng(2), 0, 0
    for _ in range(levels):
        level = brute.draw(brute.PLATFORMER, JUMPS, random, 3, 9)
        start, goal = some_cell(level, random), some_cell(level, random)
        verdict, met = check(level, start, goal), brute.leap(level, start, goal)
        different += verdict.reachable is not (met is not None)
        yes += met is not None
        if verdict.reachable and met is not None:
            assert (verdict.path[0], verdict.path[-1]) == (start, goal)
            assert brute.can_follow(level, verdict.path)
            at = brute.letters(level)
            assert sum(at[cell] == "e" for cell in verdict.path[1:]) == met
    assert levels / 10 < yes < levels * 9 / 10, "both answers must be common"
    return different


def differences_boxes(levels: int) -> int:
    random, different, yes = np.random.default_rng(3), 0, 0
    for _ in range(levels):
        level = brute.draw(brute.BOXES, PUZZLES, random, 3, 5)
        while np.isin(level.tiles, [level.legend.id_of[char] for char in "$*"]).sum() > 3:
            level = brute.draw(brute.BOXES, PUZZLES, random, 3, 5)
        verdict, solvable = check(level), brute.push(level)
        different += verdict.reachable is not solvable
        yes += solvable
        if verdict.reachable:
            assert brute.play_pushes(level, verdict.path)
    assert levels / 10 < yes < levels * 9 / 10, "both answers must be common"
    return different


DIFFERENCES = {"top-down": differences_top_down, "platformer": differences_platformer, "boxes": differences_boxes}


@pytest.mark.parametrize("style", DIFFERENCES)
def test_it_agrees_with_a_search_over_every_state(style: str) -> None:
    assert DIFFERENCES[style](LEVELS) == 0


def higher(_: object) -> Leap:
    return Leap(5, 5)


def wider(_: object) -> Leap:
    return Leap(4, 6)


def never_stuck(*_: object) -> bool:
    return True


MUTANTS = {
    "a key opens every door": (
        "top-down",
        "genworld.play.locks._held",
        lambda locks, rooms: 99 * any(locks.keys[room] for room in rooms),
    ),
    "water can be walked on": ("top-down", "genworld.play.topdown.BLOCKS", topdown.BLOCKS[:2] + topdown.BLOCKS[3:]),
    "bushes can be walked through": ("top-down", "genworld.play.topdown.BLOCKS", topdown.BLOCKS[:4]),
    "jumps go 5 high": ("platformer", "genworld.play.platformer.leap_of", higher),
    "jumps go 6 wide": ("platformer", "genworld.play.platformer.leap_of", wider),
    "nobody stands on bricks": ("platformer", "genworld.play.platformer.WALLS", platformer.WALLS[:1]),
    "steered falls steer again": ("platformer", "genworld.play.leaps.STEERED", leaps.STEERABLE),
    "two boxes in a square are stuck": ("boxes", "genworld.play.boxes.Room._stuck", never_stuck),
    "a push takes a floor cell only": ("boxes", "genworld.play.boxes.Room.solved", lambda room, boxes: not boxes),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_rule_is_found_out(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    style, place, wrong = MUTANTS[mutant]
    monkeypatch.setattr(place, wrong)
    leaps.phases.cache_clear()
    try:
        assert DIFFERENCES[style](LEVELS // 4) > 0
    except AssertionError as error:
        if "common" in str(error):  # any other is a path that cannot be followed: found out as well
            raise
    finally:
        leaps.phases.cache_clear()


def test_a_search_that_is_given_up_says_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes.solve, "__defaults__", (1,))
    level = Level.from_text(["@____", "_$_$_", "_____", ".___."], brute.BOXES)
    verdict = check(level)
    assert verdict.reachable is None
    assert verdict.path == ()
    assert "unknown" in verdict.why
