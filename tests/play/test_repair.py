"""Repair: playable afterwards or the verdict says no, few cells, and exactly those that it names."""

from __future__ import annotations

import numpy as np
import play_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genworld.content import Level, Tag
from genworld.datasets.builtin import read
from genworld.errors import GenworldError
from genworld.play import Patterns, check, repair
from genworld.play.repair import Repaired

ROOM = {"#": 10, ".": 8, "D": 2, "k": 1, "m": 1, "!": 1, "~": 1}
RUN = {"#": 5, ".": 12, "=": 1, "^": 1, "e": 1, "T": 1}


def drawn(seed: int, platformer: bool) -> Level:
    legend, chances = (brute.PLATFORMER, RUN) if platformer else (brute.TOP_DOWN, ROOM)
    return brute.draw(legend, chances, np.random.default_rng(seed), 3, 12)


def assert_honest(before: Level, done: Repaired) -> None:
    cells = [
        (row, column, int(before.tiles[row, column]), int(done.level.tiles[row, column]))
        for row, column in np.argwhere(before.tiles != done.level.tiles).tolist()
    ]
    assert list(done.changed) == cells
    if done.verdict.reachable:
        assert check(done.level, done.verdict.start, done.verdict.goal).reachable
    else:
        assert not done.changed


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32), platformer=st.booleans())
def test_it_is_playable_afterwards_from_the_ends_that_its_rules_find(seed: int, platformer: bool) -> None:
    level = drawn(seed, platformer)
    done = repair(level)
    assert_honest(level, done)
    assert done.verdict == check(done.level)
    assert done.verdict.reachable or "no two places" in done.verdict.why


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), platformer=st.booleans())
def test_chosen_ends_and_pinned_cells_stay(seed: int, platformer: bool) -> None:
    level, random = drawn(seed, platformer), np.random.default_rng(seed)
    free = np.argwhere(level.legend.has(level.tiles, Tag.PASSABLE))
    start, goal = (
        (tuple(free[index].tolist()) for index in random.integers(len(free), size=2)) if len(free) else (None, None)
    )
    pinned = [cell for cell in np.ndindex(*level.tiles.shape) if random.random() < 0.5]
    done = repair(level, start=start, goal=goal, pinned=pinned)
    assert_honest(level, done)
    kept = {*pinned, start, goal} - {None} if not platformer else {*pinned}
    assert not kept & {(row, column) for row, column, _, _ in done.changed}


def test_a_playable_level_is_left_alone() -> None:
    level = Level.from_text(["#..", "##.", "..."], brute.TOP_DOWN)
    done = repair(level)
    assert done.changed == ()
    assert done.level == level


def test_the_thinnest_wall_is_dug_through() -> None:
    level = Level.from_text(["..###..", "..###..", "..#....", "..###.."], brute.TOP_DOWN)
    assert [change[:2] for change in repair(level).changed] == [(2, 2)]


def test_of_equal_ways_the_one_that_looks_like_the_data_is_taken() -> None:
    gate = ["#####", ".###.", "..+..", ".###.", "#####"]
    patterns = Patterns.learn([Level.from_text(gate, brute.TOP_DOWN)])
    level = Level.from_text(["#####", ".###.", ".###.", ".###.", "#####"], brute.TOP_DOWN)
    done = repair(level, patterns)
    assert done.verdict.reachable
    assert {row for row, *_ in done.changed} == {2}


def test_a_key_that_serves_is_used_and_one_that_does_not_makes_the_door_a_floor() -> None:
    serves = Level.from_text([".k#..", "..D..", "..#.."], brute.TOP_DOWN)
    assert repair(serves, start=(0, 0), goal=(0, 4)).changed == ()
    behind = Level.from_text(["..#k.", "..D..", "..#.."], brute.TOP_DOWN)
    done = repair(behind, start=(0, 0), goal=(0, 4))
    assert done.verdict.reachable
    assert len(done.changed) == 1


def test_a_pit_is_bridged_and_a_wall_taken_down() -> None:
    pit = Level.from_text(["." * 20] * 5 + ["####" + "." * 12 + "####"], brute.PLATFORMER)
    done = repair(pit)
    assert done.verdict.reachable
    assert len(done.changed) == 1
    wall = Level.from_text(["....#...."] * 7 + ["#########"], brute.PLATFORMER)
    done = repair(wall)
    assert done.verdict.reachable
    assert len(done.changed) == 1


def test_ends_are_put_down_where_they_are_asked_for() -> None:
    legend = read("dungeon", count=1, size=16).spec.legend
    level = Level.from_text(["#####", "#...#", "#####"], legend)
    assert repair(level).changed == ()
    done = repair(level, ends=True)
    assert {legend.chars[new] for *_, new in done.changed} == {"S", "X"}
    assert repair(done.level, ends=True).changed == ()


def test_one_wall_too_many_between_a_box_and_its_target() -> None:
    level = Level.from_text(["#######", "#@$_#.#", "#######"], brute.BOXES)
    assert check(level).reachable is False
    done = repair(level)
    assert done.verdict.reachable
    assert [change[:2] for change in done.changed] == [(1, 4)]


def test_a_box_in_a_corner_cannot_be_helped_and_nothing_is_changed() -> None:
    level = Level.from_text(["######", "#$__.#", "#__@_#", "######"], brute.BOXES)
    done = repair(level)
    assert_honest(level, done)
    assert done.verdict.reachable is False


@pytest.mark.parametrize("world", ["dungeon", "caves", "forest", "platformer"])
def test_spoiled_worlds_are_mended_with_few_changes(world: str) -> None:
    data, random = read(world, count=12, size=24, seed=4), np.random.default_rng(4)
    patterns = Patterns.learn(data.levels)
    changed = []
    for level in data.levels:
        grid, spoiled = level.tiles.copy(), random.random(level.tiles.shape) < (0.5 if world == "platformer" else 0.2)
        spoiled &= ~level.legend.has(grid, Tag.START, Tag.GOAL)
        grid[spoiled] = random.permutation(grid[spoiled])
        done = repair(Level(grid, level.legend), patterns)
        assert done.verdict.reachable
        changed.append(len(done.changed) / grid.size)
    assert np.mean(changed) < 0.03
    assert np.max(changed) > 0


def test_an_end_outside_the_level_is_refused() -> None:
    level = Level.from_text(["..."], brute.TOP_DOWN)
    with pytest.raises(GenworldError, match="rows 0 to 0"):
        repair(level, start=(1, 0))
