"""Attributes against brute force, in the words that people read, and what must not change them."""

from __future__ import annotations

import colorsys
from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from genworld.content import Example, Legend, Level, LevelSpec, Spec, Sprite, SpriteSpec, Style, Tag, Tile
from genworld.errors import GenworldError
from genworld.measure import attributes_of, expressive_range, measured, playable


def legend(style: Style = Style.TOP_DOWN) -> Legend:
    rows = (
        ("#", "wall / void", Tag.SOLID),
        (".", "floor", Tag.PASSABLE),
        ("~", "water or harmless liquid", Tag.LIQUID),
        ("!", "lava (slow)", Tag.HAZARD),
        ("^", "spikes", Tag.HAZARD),
        ("i", "tile 17", Tag.ITEM),
        ("m", "monster", Tag.ENEMY),
        ("S", "start", Tag.START),
    )
    return Legend("test", style, tuple(Tile(char, name, frozenset({tag})) for char, name, tag in rows), "none")


TOP_DOWN, PLATFORMER = (LevelSpec(legend(style)) for style in (Style.TOP_DOWN, Style.PLATFORMER))
SPRITES = SpriteSpec(8, 8)


def level(*lines: str, spec: LevelSpec = TOP_DOWN) -> Level:
    return Level.from_text(lines, spec.legend)


def value(example: Example, name: str, spec: Spec) -> float:
    names = [attribute.name for attribute in attributes_of(spec)]
    return float(measured([example], spec)[0, names.index(name)])


def values(example: Example, spec: Spec) -> dict[str, float]:
    return {attribute.name: value(example, attribute.name, spec) for attribute in attributes_of(spec)}


def painted(*colours: tuple[int, int, int, int]) -> Sprite:
    return Sprite(np.array([colours], dtype=np.uint8))


def grids(tiles: int = 8, side: int = 9) -> st.SearchStrategy[np.ndarray]:
    shape = arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=side)
    return arrays.arrays(np.uint8, shape, elements=st.integers(0, tiles - 1))


def pixels() -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(np.uint8, (8, 8, 4), elements=st.sampled_from([0, 30, 90, 127, 128, 200, 255]))


def distances(mask: np.ndarray, start: tuple[int, int]) -> dict[tuple[int, int], int]:
    far, edge = {start: 0}, deque([start])
    while edge:
        row, column = edge.popleft()
        for near in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            inside = 0 <= near[0] < mask.shape[0] and 0 <= near[1] < mask.shape[1]
            if inside and mask[near] and near not in far:
                far[near] = far[row, column] + 1
                edge.append(near)
    return far


def brute_areas(mask: np.ndarray) -> list[list[tuple[int, int]]]:
    left, found = [tuple(cell) for cell in np.argwhere(mask).tolist()], []
    while left:
        found.append(list(distances(mask, left[0])))
        left = [cell for cell in left if cell not in set(found[-1])]
    return found


@settings(max_examples=150, deadline=None)
@given(grids())
def test_areas_and_the_longest_way_equal_a_search_from_every_cell(grid: np.ndarray) -> None:
    example = Level(grid, TOP_DOWN.legend)
    mask = np.isin(grid, (1, 5, 6, 7))  # floor, item, monster, start
    found = brute_areas(mask)
    assert value(example, "areas", TOP_DOWN) == len(found)
    if not found:
        assert np.isnan(value(example, "way", TOP_DOWN))
        return
    largest = max(found, key=len)
    assert value(example, "way", TOP_DOWN) == max(max(distances(mask, cell).values()) for cell in largest)


# The last ones are caves in which a search that strikes off one wave too many misses the longest way.
@pytest.mark.parametrize(
    ("share", "side", "seed"),
    [(0.65, 24, 0), (0.7, 24, 1), (0.62, 6, 44), (0.62, 9, 43), (0.8, 9, 98), (0.7, 16, 91), (0.8, 16, 144)],
)
def test_the_longest_way_of_caves_is_exact(share: float, side: int, seed: int) -> None:
    grid = (np.random.default_rng(seed).random((side, side)) < share).astype(np.uint8)
    mask = grid == 1
    largest = max(brute_areas(mask), key=len)
    longest = max(max(distances(mask, cell).values()) for cell in largest)
    assert value(Level(grid, TOP_DOWN.legend), "way", TOP_DOWN) == longest


def test_a_ring_is_half_as_long_as_it_is_round() -> None:
    ring = level("......", ".####.", ".####.", "......")
    assert value(ring, "way", TOP_DOWN) == 8


@settings(max_examples=60, deadline=None)
@given(grids(), st.integers(0, 3), st.booleans())
def test_turned_and_mirrored_levels_measure_the_same(grid: np.ndarray, turns: int, mirrored: bool) -> None:
    moved = np.rot90(grid[:, ::-1] if mirrored else grid, turns)
    both = [Level(each, TOP_DOWN.legend) for each in (grid, moved)]
    first, second = (measured([each], TOP_DOWN)[0] for each in both)
    np.testing.assert_array_equal(first, second)


@settings(max_examples=60, deadline=None)
@given(grids())
def test_shares_and_leniency_are_counts_of_cells(grid: np.ndarray) -> None:
    found = values(Level(grid, TOP_DOWN.legend), TOP_DOWN)
    names = np.array(TOP_DOWN.legend.names)[grid]
    assert found["liquid"] == pytest.approx((names == "water or harmless liquid").mean(), abs=1e-6)
    assert found["hazard"] == pytest.approx(np.isin(names, ("lava (slow)", "spikes")).mean(), abs=1e-6)
    assert found["open"] == pytest.approx(np.isin(names, ("floor", "tile 17", "monster", "start")).mean(), abs=1e-6)
    helping, harming = (names == "tile 17").mean(), np.isin(names, ("lava (slow)", "spikes", "monster")).mean()
    assert found["leniency"] == pytest.approx(100 * (helping - harming), abs=1e-4)


def test_symmetry_takes_the_better_of_two_mirrors() -> None:
    assert value(level("#..#", "~..~", ".##."), "symmetry", TOP_DOWN) == 1
    assert value(level("#.", "~i", "#."), "symmetry", TOP_DOWN) == 1
    assert value(level("#.~i"), "symmetry", TOP_DOWN) == 1  # one row is its own image upside down
    assert value(level("#.", "~i"), "symmetry", TOP_DOWN) == 0


def test_linearity_is_one_on_a_slope_and_less_on_a_step() -> None:
    flat = level("....", "....", "####", spec=PLATFORMER)
    slope = level("...#", "..##", ".###", "####", spec=PLATFORMER)
    bumpy = level("....", "#.#.", "####", spec=PLATFORMER)
    assert value(flat, "linearity", PLATFORMER) == 1
    stairs = level(".....", "...##", "..###", ".####", "#####", spec=PLATFORMER)
    assert value(slope, "linearity", PLATFORMER) == pytest.approx(1)
    assert value(bumpy, "linearity", PLATFORMER) < value(stairs, "linearity", PLATFORMER) < 1
    assert np.isnan(value(level("..", "..", spec=PLATFORMER), "linearity", PLATFORMER))
    assert "linearity" not in {attribute.name for attribute in attributes_of(TOP_DOWN)}


def test_linearity_equals_the_line_that_numpy_fits() -> None:
    example = level("......", ".#..#.", "......", "##..#.", "######", spec=PLATFORMER)
    # Where one can stand, left to right: above each block, and nowhere in a block.
    places = [(2, 0), (0, 1), (2, 1), (3, 2), (3, 3), (0, 4), (2, 4), (3, 5)]
    rows, columns = np.array(places, dtype=float).T
    fitted = np.polyval(np.polyfit(columns, rows, 1), columns)
    expected = 1 - 2 * np.abs(rows - fitted).mean() / 5
    assert value(example, "linearity", PLATFORMER) == pytest.approx(expected, abs=1e-6)


def test_words_are_those_of_a_designer() -> None:
    told = {attribute.name: attribute for attribute in attributes_of(TOP_DOWN)}
    assert (told["liquid"].title, told["liquid"].less, told["liquid"].more) == ("Water", "less water", "more water")
    assert told["hazard"].more == "more hazards"  # two tiles
    assert told["item"].less == "fewer items"  # a name that says nothing
    assert told["enemy"].less == "fewer monsters"
    assert (told["way"].less, told["way"].more) == ("shorter way", "longer way")


def test_tags_that_say_nothing_new_are_left_out() -> None:
    names = [attribute.name for attribute in attributes_of(TOP_DOWN)]
    assert names == [
        "open",
        "solid",
        "passable",
        "hazard",
        "liquid",
        "item",
        "enemy",
        "areas",
        "way",
        "leniency",
        "symmetry",
    ]
    two = (Tile("#", "wall", frozenset({Tag.SOLID})), Tile(".", "floor", frozenset({Tag.PASSABLE})))
    plain = LevelSpec(Legend("plain", Style.TOP_DOWN, two, "none"))
    assert [attribute.name for attribute in attributes_of(plain)] == ["open", "areas", "way", "symmetry"]


def test_levels_of_several_sizes_are_measured_in_their_order() -> None:
    several = [level("...."), level("..", "##"), level("~~~."), level("#")]
    together = measured(several, TOP_DOWN)
    np.testing.assert_array_equal(together, np.concatenate([measured([each], TOP_DOWN) for each in several]))
    assert together.shape == (4, len(attributes_of(TOP_DOWN)))
    assert together.dtype == np.float32


@settings(max_examples=60, deadline=None)
@given(pixels())
def test_colour_is_what_a_loop_over_the_pixels_finds(picture: np.ndarray) -> None:
    sprite = Sprite(picture)
    seen = [pixel / 255 for pixel in sprite.pixels.reshape(-1, 4) if pixel[3]]
    found = values(sprite, SPRITES)
    if not seen:
        assert all(np.isnan(found[name]) for name in ("brightness", "saturation", "warmth", "symmetry"))
        return
    weights = sum(alpha for *_, alpha in seen)
    luma = sum(a * (0.2126 * r + 0.7152 * g + 0.0722 * b) for r, g, b, a in seen) / weights
    hsv = [(*colorsys.rgb_to_hsv(r, g, b), a) for r, g, b, a in seen]
    whole = sum(a * v for _, _, v, a in hsv)
    assert found["brightness"] == pytest.approx(luma, abs=1e-5)
    assert found["saturation"] == pytest.approx(sum(a * s * v for _, s, v, a in hsv) / whole if whole else 0, abs=1e-5)
    assert found["warmth"] == pytest.approx(sum(a * (r - b) for r, g, b, a in seen) / weights, abs=1e-5)
    assert found["filled"] == pytest.approx(weights / 64, abs=1e-5)
    visible = {
        tuple(part // 32 for part in pixel[:3]) for pixel in sprite.pixels.reshape(-1, 4).tolist() if pixel[3] >= 128
    }
    assert found["colours"] == len(visible)


@settings(max_examples=60, deadline=None)
@given(pixels())
def test_a_mirrored_sprite_measures_the_same(picture: np.ndarray) -> None:
    both = measured([Sprite(picture), Sprite(picture[:, ::-1])], SPRITES)
    np.testing.assert_allclose(both[0], both[1], atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(pixels())
def test_a_turned_sprite_swaps_height_and_width(picture: np.ndarray) -> None:
    upright, lying = (values(Sprite(each), SPRITES) for each in (picture, np.rot90(picture)))
    assert (upright["height"], upright["width"]) == pytest.approx((lying["width"], lying["height"]))


def test_height_and_width_are_those_of_the_figure() -> None:
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[2:7, 3:5] = 255
    found = values(Sprite(picture), SPRITES)
    assert (found["height"], found["width"], found["filled"]) == (5, 2, pytest.approx(10 / 64))


def test_symmetry_is_about_the_figure_and_not_about_the_picture() -> None:
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[:, 1:4] = (200, 10, 10, 255)
    assert value(Sprite(picture), "symmetry", SPRITES) == 1
    picture[:, 1] = (0, 0, 0, 255)
    # Two of three columns differ from their image by a red of 200 and two of 10, of four channels that could differ.
    assert value(Sprite(picture), "symmetry", SPRITES) == pytest.approx(1 - 2 * 220 / 255 / (3 * 4), abs=1e-5)


def test_colours_that_look_the_same_are_one() -> None:
    spec = SpriteSpec(1, 4)
    assert value(painted((0, 0, 0, 255), (20, 31, 5, 255), (32, 0, 0, 255), (255, 0, 0, 20)), "colours", spec) == 2


def test_an_empty_sprite_has_a_size_of_nothing() -> None:
    found = values(Sprite(np.zeros((4, 4, 4), np.uint8)), SPRITES)
    assert {name: found[name] for name in ("filled", "height", "width", "colours")} == dict.fromkeys(
        ("filled", "height", "width", "colours"), 0
    )
    assert np.isnan(found["brightness"])


def test_playable_tells_yes_no_and_unknown() -> None:
    found = playable([level("S...."), level("S#.#."), Sprite(np.zeros((2, 2, 4), np.uint8))])
    assert found.tolist() == [1, 0, -1]
    assert found.dtype == np.int8


def test_nothing_at_all_is_measured_too() -> None:
    assert measured([], TOP_DOWN).shape == (0, len(attributes_of(TOP_DOWN)))
    assert playable([]).shape == (0,)


def test_what_does_not_fit_the_spec_is_refused() -> None:
    with pytest.raises(GenworldError, match="a sprite came"):
        measured([Sprite(np.zeros((2, 2, 4), np.uint8))], TOP_DOWN)
    with pytest.raises(GenworldError, match="a level came"):
        measured([level("..")], SPRITES)
    other = Legend("other", Style.TOP_DOWN, TOP_DOWN.legend.tiles, "none")
    with pytest.raises(GenworldError, match="'other' came"):
        measured([Level.from_text([".."], other)], TOP_DOWN)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), max_size=40), st.integers(1, 8))
def test_an_expressive_range_counts_everything_once(pairs: list[tuple[float, float]], bins: int) -> None:
    x, y = np.array(pairs, dtype=float).reshape(-1, 2).T
    found = expressive_range(np.append(x, np.nan), np.append(y, 0.0), bins)
    assert found.counts.shape == (bins, bins)
    assert found.counts.sum() == len(pairs)
    assert len(found.x_edges) == len(found.y_edges) == bins + 1
    for one, other in pairs:
        across = min(int(np.searchsorted(found.x_edges, one, "right")) - 1, bins - 1)
        up = min(int(np.searchsorted(found.y_edges, other, "right")) - 1, bins - 1)
        assert found.counts[across, up] > 0


def test_an_expressive_range_refuses_what_is_no_number_of_bins() -> None:
    with pytest.raises(GenworldError, match="bins"):
        expressive_range(np.zeros(3), np.zeros(3), bins=0)
    with pytest.raises(GenworldError, match="as many"):
        expressive_range(np.zeros(3), np.zeros(2))
