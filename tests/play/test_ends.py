"""Where a level begins and ends, through which cells it is left, and what a check says about it."""

from __future__ import annotations

import numpy as np
import play_brute as brute
import pytest

from genworld.content import Legend, Level, Style, Tag, Tile
from genworld.datasets import BUILTIN
from genworld.datasets.builtin import read
from genworld.datasets.text import legend_of
from genworld.errors import GenworldError
from genworld.play import Side, check, ends, exits
from genworld.play.cells import areas, farthest_pair
from genworld.play.platformer import standable

DUNGEON = read("dungeon", count=1, size=16).spec.legend


def rooms(*lines: str) -> Level:
    return Level.from_text(lines, brute.TOP_DOWN)


def run(*lines: str) -> Level:
    return Level.from_text(lines, brute.PLATFORMER)


def test_tiles_that_say_so_come_first() -> None:
    level = Level.from_text(["X#....", "..S..S", "....XX"], DUNGEON)
    assert ends(level) == ((1, 2), (0, 0))
    verdict = check(level)
    assert (verdict.start, verdict.goal, verdict.reachable) == ((1, 2), (2, 4), True)
    assert verdict.path == ((1, 2), (1, 3), (1, 4), (2, 4))


def test_any_goal_will_do_if_none_was_chosen() -> None:
    level = Level.from_text(["X#S.X"], DUNGEON)
    assert check(level).goal == (0, 4)
    assert check(level, goal=(0, 0)).reachable is False


def test_exits_of_different_openings_far_apart() -> None:
    level = rooms("##..#####", "#.......#", "........#", "#.......#", "#####.###")
    assert ends(level) == ((0, 2), (4, 5))
    assert exits(level) == {
        Side.NORTH: [(0, 2), (0, 3)],
        Side.EAST: [],
        Side.SOUTH: [(4, 5)],
        Side.WEST: [(2, 0)],
    }


def test_without_exits_two_cells_far_apart_even_if_a_wall_is_between_them() -> None:
    level = rooms("########", "#..##..#", "#..##..#", "########")
    assert ends(level) == ((1, 1), (2, 6))
    assert check(level).reachable is False


def test_a_pocket_is_no_end() -> None:
    lines = [list("#" * 14) for _ in range(14)]
    for row in range(1, 10):
        lines[row][1:10] = "." * 9
    lines[12][12] = "."
    assert ends(rooms(*("".join(line) for line in lines))) == ((1, 1), (9, 9))


def test_one_given_end_gets_the_other_far_away() -> None:
    level = Level.from_text(["#########", "#......S#", "#.......#", "####.####"], DUNGEON)
    assert ends(level) == ((1, 7), (3, 4))


@pytest.mark.parametrize("style", [Style.TOP_DOWN, Style.PLATFORMER])
def test_a_map_without_walls_or_tags_is_walked_all_over(style: Style) -> None:
    legend = Legend("mine", style, (Tile("a", "1", frozenset()), Tile("b", "2", frozenset())), "dungeon")
    level = Level(np.random.default_rng(0).integers(0, 2, (30, 40), dtype=np.uint8), legend)
    assert check(level).reachable
    assert ends(level) == (((0, 0), (29, 39)) if style is Style.TOP_DOWN else ((29, 0), (29, 39)))


def test_a_platformer_runs_from_the_ground_at_the_left_to_that_at_the_right() -> None:
    level = run("#.......", "#....=..", "#.......", "########")
    assert ends(level) == ((2, 1), (2, 7))
    assert exits(level)[Side.EAST] == [(2, 7)]
    assert exits(level)[Side.WEST] == []


def test_a_tower_runs_upwards() -> None:
    level = run("....", "==..", "....", "..==", "....", "####")
    assert ends(level) == ((4, 0), (0, 1))


def test_nobody_stands_on_the_void_on_spikes_or_below_the_level() -> None:
    assert not standable(run(".....", "v^Te.")).any()
    assert standable(run(".....", "#=HB~")).tolist() == [[True] * 4 + [False], [False, False, True, False, True]]


@pytest.mark.parametrize(("height", "reachable"), [(4, True), (5, False)])
def test_a_jump_is_four_high(height: int, reachable: bool) -> None:
    lines = ["......"] * 3 + ["...###"] * height + ["######"]
    assert check(run(*lines)).reachable is reachable


@pytest.mark.parametrize(("width", "reachable"), [(5, True), (6, False)])
def test_a_pit_is_five_wide(width: int, reachable: bool) -> None:
    lines = ["." * (width + 6)] * 6 + ["###" + "." * width + "###"]
    assert check(run(*lines)).reachable is reachable


def test_a_legend_can_ask_for_longer_jumps() -> None:
    raw = brute.PLATFORMER.to_dict() | {"jump": [4, 7]}
    legend = Legend.from_dict(raw)
    assert legend.jump == (4, 7)
    assert legend.digest != brute.PLATFORMER.digest
    assert Legend.from_dict(legend.to_dict()) == legend
    assert "jump" not in brute.PLATFORMER.to_dict()
    about = {"style": "platformer", "jump": [4, 7], "tiles": {"#": {"meaning": "ground", "tags": ["solid"]}}}
    assert legend_of(about, "test").jump == (4, 7)
    lines = ["............."] * 6 + ["###.......###"]
    assert not check(run(*lines)).reachable
    assert check(Level.from_text(lines, legend)).reachable


@pytest.mark.parametrize("jump", [[0, 5], [4, -1], [4, 99], [4.5, 2], [True, 2], [4], [], "ab", 7, {}])
def test_a_jump_that_is_none_is_refused(jump: object) -> None:
    with pytest.raises(GenworldError, match="A jump is"):
        Legend.from_dict(brute.PLATFORMER.to_dict() | {"jump": jump})


def test_a_puzzle_needs_a_player_a_box_and_a_target() -> None:
    for line, words in (("_$.", "no player"), ("@$_", "no target"), ("@_.", "no box")):
        verdict = check(Level.from_text([line], brute.BOXES))
        assert verdict.reachable is False
        assert words in verdict.why


def test_there_is_no_way_between_fewer_than_two_places() -> None:
    verdict = check(rooms("###", "#.#", "###"))
    assert (verdict.reachable, verdict.start, verdict.goal) == (False, None, None)
    assert ends(rooms("###")) == (None, None)


def test_a_place_outside_is_refused() -> None:
    with pytest.raises(GenworldError, match="row 3, column 0"):
        check(rooms("...", "..."), goal=(3, 0))
    with pytest.raises(GenworldError, match="The start"):
        check(rooms("...", "..."), start=(-1, 0))


@pytest.mark.parametrize("world", BUILTIN)
def test_every_level_of_our_own_worlds_can_be_played(world: str) -> None:
    data = read(world, count=8, size=24, seed=9)
    assert [check(level).why for level in data.levels if not check(level).reachable] == []


def test_the_farthest_pair_is_that_of_all_pairs() -> None:
    random = np.random.default_rng(0)
    for _ in range(200):
        mask = random.random((6, 7)) < 0.2
        cells = np.argwhere(mask)
        apart = abs(cells[:, None] - cells).sum(-1)
        pair = farthest_pair(mask)
        if len(cells) < 2:
            assert pair is None
        else:
            assert abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1]) == apart.max()


def test_areas_do_not_go_on_across_the_edge() -> None:
    assert areas(np.array([[0, 0, 1], [1, 0, 0]], dtype=bool)).max() == 2


def test_every_tag_has_been_thought_of() -> None:
    known = {*Tag}
    from genworld.play import platformer, topdown

    free = {Tag.EMPTY, Tag.ITEM, Tag.KEY, Tag.ENEMY, Tag.DEVICE, Tag.CLIMBABLE, Tag.SOLID_TOP}
    assert set(topdown.OPENS) | set(topdown.BLOCKS) | free == known
    assert set(platformer.OPENS) | set(platformer.WALLS) | {Tag.VOID, Tag.HAZARD, Tag.LIQUID} | free == known
