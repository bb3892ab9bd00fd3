"""Levels as wished: exits, ends, more or less of a tag, playable ones; each can be made again from its origin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genworld import learning, play, sampling, shaping
from genworld.content import Legend, Level, LevelSpec, Style, Tag, Tile
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.play import Side
from genworld.provenance import DataSource, EditOrigin, FillOrigin, SeedOrigin
from genworld.sampling import LoadedModel, Sampled
from genworld.seeding import numpy_stream
from genworld.shaping import Shape

LEGEND = Legend(
    "halls",
    Style.TOP_DOWN,
    (
        Tile("#", "wall", frozenset({Tag.SOLID})),
        Tile(".", "floor", frozenset({Tag.PASSABLE})),
        Tile("S", "start", frozenset({Tag.PASSABLE, Tag.START})),
        Tile("G", "goal", frozenset({Tag.PASSABLE, Tag.GOAL})),
        Tile("$", "coin", frozenset({Tag.PASSABLE, Tag.ITEM})),
    ),
    "dungeon",
)
SOURCE = DataSource(name="made for tests", licence="CC0-1.0")


def _halls(count: int = 8) -> Dataset:
    """Closed rooms with a start and a goal, each cut in two by a wall, most of them with a gap in it."""
    levels = []
    for index in range(count):
        random = numpy_stream(3, f"hall/{index}")
        grid = np.zeros((14, 18), dtype=np.uint8)
        grid[1:-1, 1:-1] = np.where(random.random((12, 16)) < 0.12, 4, 1)
        grid[1:-1, 9] = 0
        if index % 3:
            grid[int(random.integers(2, 12)), 9] = 1
        grid[int(random.integers(1, 13)), int(random.integers(1, 8))] = 2
        grid[int(random.integers(1, 13)), int(random.integers(10, 17))] = 3
        levels.append(Level(grid, LEGEND))
    groups = tuple(map(str, range(count)))
    return Dataset("halls", LevelSpec(LEGEND, 14, 18), tuple(levels), np.zeros((count, 0), np.uint8), groups, SOURCE)


@pytest.fixture
def halls(own_machine: Path) -> LoadedModel:
    return sampling.open_model(learning.learn(_halls()).name)


def _shaped(loaded: LoadedModel, shape: Shape, count: int = 6) -> list[Sampled]:
    return list(shaping.sample(loaded, seed=5, count=count, shape=shape))


def _levels(made: list[Sampled]) -> list[Level]:
    return [shaping.level_of(each) for each in made]


def _again(made: list[Sampled]) -> None:
    sampling._recent.clear()
    for each in made:
        assert sampling.rerender(each.origin) == each.example


def test_no_wish_is_a_plain_sample(halls: LoadedModel) -> None:
    plain = list(sampling.sample(halls, seed=5, count=3))
    assert [each.example for each in _shaped(halls, Shape(), 3)] == [each.example for each in plain]


def test_every_wished_side_opens(halls: LoadedModel) -> None:
    before = [play.exits(level) for level in _levels(_shaped(halls, Shape()))]
    assert not all(sides[Side.NORTH] and sides[Side.EAST] for sides in before)
    made = _shaped(halls, Shape(exits=("north", "east")))
    for level in _levels(made):
        sides = play.exits(level)
        assert sides[Side.NORTH]
        assert sides[Side.EAST]
    _again(made)


def test_an_exit_leads_inside(halls: LoadedModel) -> None:
    for level in _levels(_shaped(halls, Shape(exits=("west",)))):
        row, column = play.exits(level)[Side.WEST][0]
        assert not LEGEND.has(level.tiles, Tag.SOLID)[row, column + 1]


def test_one_start_and_one_goal(halls: LoadedModel) -> None:
    def ends(level: Level) -> tuple[int, int]:
        return int(LEGEND.has(level.tiles, Tag.START).sum()), int(LEGEND.has(level.tiles, Tag.GOAL).sum())

    assert {ends(level) for level in _levels(_shaped(halls, Shape(), 12))} != {(1, 1)}
    made = _shaped(halls, Shape(ends=True), 12)
    assert {ends(level) for level in _levels(made)} == {(1, 1)}
    _again(made)


def test_of_many_starts_and_goals_the_farthest_pair_stays() -> None:
    level = Level.from_text(["S.S.G", "....G"], LEGEND)
    assert shaping.one_of_each(level).to_text() == "S....\n....G\n"


def test_boxes_keep_all_their_goals() -> None:
    legend = Legend("boxes", Style.BOX_PUSHING, LEGEND.tiles, "dungeon")
    assert shaping.one_of_each(Level.from_text(["SGG.S"], legend)).to_text().count("G") == 2


def test_nudges_move_the_share(halls: LoadedModel) -> None:
    shares = [
        np.mean([LEGEND.has(level.tiles, Tag.ITEM).mean() for level in _levels(_shaped(halls, shape, 12))])
        for shape in (Shape(nudges=(("item", -2.0),)), Shape(), Shape(nudges=(("item", 2.0),)))
    ]
    assert shares[0] < shares[1] < shares[2]


def test_only_playable_levels_are_playable(halls: LoadedModel) -> None:
    plain = [play.check(level).reachable for level in _levels(_shaped(halls, Shape(), 20))]
    made = _shaped(halls, Shape(playable=True), 20)
    assert not all(plain)
    assert all(play.check(level).reachable for level in _levels(made))
    assert any(isinstance(each.origin, SeedOrigin) and each.origin.attempt for each in made)
    _again(made)


def test_redo_keeps_what_is_not_marked(halls: LoadedModel) -> None:
    before = _shaped(halls, Shape(), 1)[0]
    mask = np.zeros((14, 18), dtype=np.bool_)
    mask[3:9, 4:12] = True
    made = [shaping.redo(before, mask, loaded=halls, seed=seed) for seed in range(4)]
    grids = [level.tiles for level in _levels(made)]
    assert all(np.array_equal(grid[~mask], shaping.level_of(before).tiles[~mask]) for grid in grids)
    assert len({grid.tobytes() for grid in grids}) > 1
    assert all(isinstance(each.origin, FillOrigin) for each in made)
    _again(made)


def test_paint_over_paint_is_one_step(halls: LoadedModel) -> None:
    before = _shaped(halls, Shape(), 1)[0]
    tile = int(shaping.level_of(before).tiles[0, 0])
    once = shaping.painted(before, [(0, 0, (tile + 1) % 5), (1, 1, 4)])
    twice = shaping.painted(once, [(0, 0, (tile + 2) % 5)])
    assert isinstance(twice.origin, EditOrigin)
    assert twice.origin.parent == before.origin
    assert shaping.level_of(twice).tiles[0, 0] == (tile + 2) % 5
    _again([once, twice])


def test_painting_what_is_there_changes_nothing(halls: LoadedModel) -> None:
    before = _shaped(halls, Shape(), 1)[0]
    assert shaping.painted(before, [(0, 0, int(shaping.level_of(before).tiles[0, 0]))]) is before


def test_a_repair_is_an_edit(halls: LoadedModel) -> None:
    broken = next(each for each in _shaped(halls, Shape(), 30) if not play.check(shaping.level_of(each)).reachable)
    mended = shaping.repaired(broken, shaping.patterns_of(halls))
    assert play.check(shaping.level_of(mended)).reachable
    assert isinstance(mended.origin, EditOrigin)
    _again([mended])


def test_a_repair_leaves_what_is_pinned(halls: LoadedModel) -> None:
    broken = next(each for each in _shaped(halls, Shape(), 30) if not play.check(shaping.level_of(each)).reachable)
    before, patterns = shaping.level_of(broken).tiles, shaping.patterns_of(halls)
    first = np.argwhere(shaping.level_of(shaping.repaired(broken, patterns)).tiles != before).tolist()
    pinned = [(row, column) for row, column in first]
    other = shaping.level_of(shaping.repaired(broken, patterns, pinned=pinned)).tiles
    assert all(other[cell] == before[cell] for cell in pinned)
    everything = [(row, column) for row, column in np.ndindex(before.shape)]
    assert shaping.repaired(broken, patterns, pinned=everything) is broken


@pytest.mark.parametrize(
    "shape",
    [
        Shape(exits=("up",)),
        Shape(nudges=(("lava", 1.0),)),
        Shape(nudges=(("item", float("nan")),)),
        Shape(nudges=(("item", 99.0),)),
    ],
)
def test_wishes_that_cannot_be_are_refused_at_once(halls: LoadedModel, shape: Shape) -> None:
    with pytest.raises(GenworldError):
        shaping.sample(halls, seed=5, count=1, shape=shape)


def test_cells_outside_are_refused(halls: LoadedModel) -> None:
    before = _shaped(halls, Shape(), 1)[0]
    for edit in ((14, 0, 0), (0, 18, 0), (0, 0, 5), (-1, 0, 0)):
        with pytest.raises(GenworldError):
            shaping.painted(before, [edit])
    for mask in (np.ones((3, 3), dtype=np.bool_), np.zeros((14, 18), dtype=np.bool_)):
        with pytest.raises(GenworldError):
            shaping.redo(before, mask, loaded=halls, seed=0)
