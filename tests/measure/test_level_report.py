"""The whole level report on levels whose answer is known, and what counts as connected."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.content import Legend, Level, Style, Tag, Tile
from genworld.errors import GenworldError
from genworld.measure import Symmetry, level_report
from genworld.measure.playable import PLAYED, connected, played, walkable
from genworld.play import Patterns

LEGEND = Legend(
    "rooms",
    Style.TOP_DOWN,
    (
        Tile("#", "wall", frozenset({Tag.SOLID})),
        Tile(".", "floor", frozenset({Tag.PASSABLE})),
        Tile("+", "door", frozenset({Tag.SOLID, Tag.DOOR})),
        Tile("!", "spikes", frozenset({Tag.HAZARD})),
    ),
    "dungeon",
)


def rooms(seed: int, count: int) -> np.ndarray:
    """(N, 10, 10) levels with one room of random place and size."""
    generator = np.random.default_rng(seed)
    made = np.zeros((count, 10, 10), dtype=np.uint8)
    for grid in made:
        (top, left), (high, wide) = generator.integers(1, 4, 2), generator.integers(2, 6, 2)
        grid[top : top + high, left : left + wide] = generator.choice([1, 1, 1, 3], (high, wide))
    return made


def is_connected(text: str) -> bool:
    return connected(Level.from_text(text.split(), LEGEND).tiles, LEGEND)


def test_connected_by_hand() -> None:
    assert is_connected("##### #...# #####")
    assert is_connected("##### #.+.# #####"), "doors open"
    assert not is_connected("##### #.#.# #####")
    assert not is_connected("##### #.!.# #####"), "a hazard that is not passable parts them"
    assert not is_connected("### #.. .##"), "corners do not touch"
    assert not is_connected("### ###"), "nothing to walk on"
    assert not is_connected("..# ### #.. ### .#."), "four areas"


def test_an_area_does_not_go_on_across_the_edge() -> None:
    assert not is_connected("###. .###")
    assert not is_connected(".### ###. ####")


@pytest.mark.parametrize(("lost", "expected"), [(1, True), (2, False)])
def test_ninety_percent_is_enough(lost: int, expected: bool) -> None:
    grid = np.zeros((5, 12), dtype=np.uint8)
    grid[1, : 10 - lost] = 1
    grid[3, : 2 * lost : 2] = 1
    assert connected(grid, LEGEND) is expected
    assert walkable(grid, LEGEND).sum() == 10


def test_held_out_samples_reach_their_ceiling() -> None:
    report = level_report(rooms(0, 600), rooms(1, 700), rooms(2, 650), legend=LEGEND, symmetry=Symmetry.ALL)
    assert report["TPKL"].value == pytest.approx(report["TPKL"].ceiling, rel=0.2)
    assert report["TPKL"].counts == "600 / 600 / 600"
    assert report["near copies"].counts == "600 / 700 / 650"
    assert report["unique"].counts == "600 / - / 650"
    assert report["excess copies"].value == pytest.approx(0, abs=0.1)
    assert report["connected"].value == pytest.approx(report["connected"].ceiling, abs=0.1)


def test_the_ceiling_is_that_of_held_out_levels_whatever_the_samples() -> None:
    real = rooms(1, 40), rooms(2, 40)
    bad = level_report(np.zeros((40, 10, 10), dtype=np.uint8), *real, legend=LEGEND)
    good = level_report(rooms(0, 40), *real, legend=LEGEND)
    assert [figure.ceiling for figure in bad.figures] == [figure.ceiling for figure in good.figures]
    assert bad["TPKL"].value > bad["TPKL"].ceiling
    assert (bad["connected"].value, bad["unique"].value, bad["pairwise"].value) == (0, 1 / 20, 0)


def test_what_can_be_reached_is_told_raw_and_after_repair() -> None:
    cut = np.zeros((8, 10, 10), dtype=np.uint8)
    cut[:, 2:8, 2:4] = cut[:, 2:8, 6:8] = 1
    cut[:4, 5, 4:6] = 1
    whole = np.ones((8, 10, 10), dtype=np.uint8)
    report = level_report(cut, whole, whole, legend=LEGEND)
    assert report["reachable"].value == pytest.approx(0.5, abs=0.2)
    assert (report["reachable after repair"].value, report["reachable after repair"].ceiling) == (1, 1)


def test_only_the_first_levels_are_played() -> None:
    grids = np.ones((PLAYED + 5, 4, 4), dtype=np.uint8)
    found = played(grids, LEGEND, Patterns.learn(grids))
    assert len(found.reachable) == len(found.repaired) == PLAYED
    assert found.reachable.min() == found.repaired.min() == 1
    report = level_report(grids, grids, grids, legend=LEGEND)
    assert report["reachable"].counts == f"{PLAYED} / - / {PLAYED}"


def test_copies_lower_tpkl_and_are_caught() -> None:
    training, held_out = rooms(1, 600), rooms(2, 600)
    report = level_report(training, training, held_out, legend=LEGEND)
    assert report["TPKL"].value == 0
    assert report["exact copies"].value == report["near copies"].value == 1
    assert report["excess copies"].value == pytest.approx(1 - report["near copies"].ceiling)


def test_samples_of_another_size_are_looked_for_in_whole_maps() -> None:
    world = np.random.default_rng(0).integers(0, 2, (20, 60), dtype=np.uint8)
    samples = np.stack([world[:20, start : start + 20] for start in range(8)])
    report = level_report(samples, rooms(1, 8), rooms(2, 8), legend=LEGEND, maps=[world])
    assert report["verbatim"].value == 1
    assert report["verbatim"].ceiling == 0
    with pytest.raises(KeyError):
        report["near"]


def test_the_same_seed_gives_the_same_report() -> None:
    sets = rooms(0, 30), rooms(1, 40), rooms(2, 30)
    first, again, other = (level_report(*sets, legend=LEGEND, symmetry=Symmetry.ALL, seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert all(figure.low is not None for figure in first.figures)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"samples": rooms(0, 3)}, "At least 4 samples"),
        ({"samples": rooms(0, 9).astype(np.int64)}, "8 bits"),
        ({"samples": rooms(0, 9) + np.uint8(9)}, "tile id"),
        ({"samples": rooms(0, 9)[:, :8]}, "give the whole training maps"),
        ({"held_out": rooms(0, 9)[:, :8]}, "cut them alike"),
    ],
)
def test_what_cannot_be_compared_is_refused(change: dict[str, np.ndarray], words: str) -> None:
    sets = {"samples": rooms(0, 9), "training": rooms(1, 9), "held_out": rooms(2, 9)} | change
    with pytest.raises(GenworldError, match=words):
        level_report(**sets, legend=LEGEND)


BOXES = Legend(
    "boxes",
    Style.BOX_PUSHING,
    (
        Tile("#", "wall", frozenset({Tag.SOLID})),
        Tile(".", "floor", frozenset({Tag.PASSABLE})),
        Tile("@", "player", frozenset({Tag.PASSABLE, Tag.START})),
        Tile("$", "box", frozenset({Tag.PUSHABLE})),
        Tile("*", "target", frozenset({Tag.PASSABLE, Tag.GOAL})),
    ),
    "dungeon",
)


def test_boxes_are_solved_and_counted() -> None:
    solvable, stuck, two_players, too_few = (
        Level.from_text(text.split(), BOXES).tiles
        for text in (
            "###### #@.$*# #....# ######",
            "###### #@..$# #.*..# ######",
            "###### #@.$*# #.@..# ######",
            "###### #@.$*# #*...# ######",
        )
    )
    grids = np.stack([solvable, stuck, two_players, too_few] * 3)
    report = level_report(grids, grids, None, legend=BOXES)
    assert report["well-formed"].value == pytest.approx(0.5, abs=0.2)
    assert 0 < report["solved"].value < 1
    assert report["not decided"].value == 0
    assert {"solved after repair", "not decided"} <= {figure.name for figure in report.figures}
    assert all(figure.ceiling is None for figure in report.figures)
    assert "reachable" not in {figure.name for figure in report.figures}
