"""Pictures of levels and sprites, and that layers of frames give exactly the picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from genworld.content import Legend, Level, Sprite, Style, Tag, Tile
from genworld.datasets.builtin import BUILTIN, draw_level
from genworld.errors import GenworldError
from genworld.render import contact_sheet, enlarge, layout, load_tileset, picture, png_bytes

TILESETS = ("dungeon", "overworld", "city", "interiors", "platformer")

ROOM = Legend(
    "room",
    Style.TOP_DOWN,
    (
        Tile("#", "wall", frozenset({Tag.SOLID})),
        Tile(".", "floor", frozenset({Tag.PASSABLE})),
        Tile("m", "monster", frozenset({Tag.ENEMY, Tag.PASSABLE})),
        Tile("~", "water", frozenset({Tag.LIQUID})),
        Tile(",", "grass", frozenset({Tag.PASSABLE})),
    ),
    "dungeon",
)


def level(*rows: str) -> Level:
    return Level.from_text(rows, ROOM)


def composited(shown: Level) -> np.ndarray:
    """The layers drawn over each other by Pillow, cell by cell."""
    drawn = layout(shown)
    size = drawn.tileset.tile_size
    total = Image.new("RGBA", (shown.width * size, shown.height * size))
    for _, frames in drawn.layers:
        layer = Image.new("RGBA", total.size)
        for row, column in np.argwhere(frames >= 0):
            layer.paste(Image.fromarray(frame(drawn.tileset, int(frames[row, column]))), (column * size, row * size))
        total = Image.alpha_composite(total, layer)
    return np.asarray(total)


def frame(tileset, number: int) -> np.ndarray:
    top, left = number // tileset.columns * tileset.tile_size, number % tileset.columns * tileset.tile_size
    return tileset.atlas[top : top + tileset.tile_size, left : left + tileset.tile_size]


@pytest.mark.parametrize("world", BUILTIN.values(), ids=list(BUILTIN))
def test_layers_of_frames_give_exactly_the_picture(world):
    for kind in world.classes:
        shown = draw_level(world, kind, 24, 20, 7, 1)
        assert np.array_equal(composited(shown), picture(shown))


@pytest.mark.parametrize("tileset", TILESETS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_grid_is_drawn_full_and_opaque(tileset, data):
    height, width = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    cells = data.draw(st.lists(st.integers(0, 4), min_size=height * width, max_size=height * width))
    legend = Legend(ROOM.name, ROOM.style, ROOM.tiles, tileset)
    shown = Level(np.array(cells, dtype=np.uint8).reshape(height, width), legend)
    drawn = layout(shown)
    assert (drawn.layers[0][1] >= 0).all()
    for name, frames in drawn.layers:
        assert frames.shape == (height, width), name
        assert frames.dtype == np.int16
        assert -1 <= frames.min() <= frames.max() < drawn.tileset.frames
    assert picture(shown).shape == (height * 16, width * 16, 4)
    assert (picture(shown)[..., 3] == 255).all()


def test_layer_names_are_distinct_and_in_drawing_order():
    names = [name for name, _ in layout(level("#####", "#.,~#", "#m,~#", "#####")).layers]
    assert len(set(names)) == len(names)
    assert names[0] == "ground"
    assert names[-1] == "things"


def test_a_wall_shows_its_front_only_above_open_ground():
    drawn = layout(level("###", "#.#", "###"))
    names = drawn.tileset.frame_names
    wall = dict(drawn.layers)["structure"]
    assert names[wall[0, 1]].startswith("wall front")
    assert all(names[wall[cell]].startswith("wall top") for cell in ((1, 0), (1, 2), (2, 0), (2, 1), (2, 2)))


def test_floor_beneath_a_wall_is_shaded():
    shade = dict(layout(level("###", "#.#", "#.#")).layers)["shadow"]
    assert shade[1, 1] >= 0
    assert shade[0, 0] == -1


def test_things_stand_on_the_ground_around_them():
    drawn = layout(level(",,,", ",m,", ",,,"))
    assert drawn.tileset.frame_names[dict(drawn.layers)["ground"][1, 1]].startswith("grass")


def test_grass_ends_upon_floor_and_not_the_other_way_round():
    drawn = layout(level("..,,", "..,,"))
    edges = dict(drawn.layers)["edges"]
    assert drawn.tileset.frame_names[edges[0, 1]] == "grass edge E"
    assert (edges[:, 2:] == -1).all()


def test_the_same_level_is_drawn_the_same_way():
    shown = draw_level(BUILTIN["dungeon"], BUILTIN["dungeon"].classes[0], 16, 16, 1, 2)
    again = Level(shown.tiles.copy(), shown.legend)
    assert png_bytes(picture(shown)) == png_bytes(picture(again))


def test_another_tileset_may_draw_a_level():
    drawn = layout(level("#.", ".m"), load_tileset("city"))
    assert drawn.tileset.name == "city"


def test_a_tileset_that_is_not_there_is_named():
    with pytest.raises(GenworldError, match="Did you mean 'dungeon'"):
        load_tileset("dungeons")


def test_a_sprite_is_its_own_picture():
    sprite = Sprite(np.full((3, 4, 4), 200, dtype=np.uint8))
    assert np.array_equal(picture(sprite), sprite.pixels)


def test_enlarging_repeats_pixels():
    small = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    large = enlarge(small, 3)
    assert large.shape == (6, 9, 4)
    assert np.array_equal(large[::3, ::3], small)
    assert np.array_equal(large[2::3, 2::3], small)


@pytest.mark.parametrize("scale", [0, -1, 1.5])
def test_a_scale_is_a_whole_multiple(scale):
    with pytest.raises(GenworldError, match="whole multiples"):
        enlarge(np.zeros((2, 2, 4), dtype=np.uint8), scale)


def test_contact_sheet_places_pictures_row_by_row():
    red, blue = np.zeros((2, 2, 4, 4), dtype=np.uint8)
    red[:] = (255, 0, 0, 255)
    blue[:] = (0, 0, 255, 255)
    sheet = contact_sheet([red, blue, red], columns=2, scale=2, gap=1, background=(0, 0, 0, 255))
    assert sheet.shape == (2 * 4 + 3, 2 * 8 + 3, 4)
    assert tuple(sheet[1, 1]) == (255, 0, 0, 255)
    assert tuple(sheet[1, 10]) == (0, 0, 255, 255)
    assert tuple(sheet[6, 1]) == (255, 0, 0, 255)
    assert tuple(sheet[6, 10]) == (0, 0, 0, 255)


def test_contact_sheet_shows_the_background_through_clear_pixels():
    sheet = contact_sheet([np.zeros((2, 2, 4), dtype=np.uint8)], columns=3, gap=0, background=(9, 8, 7, 255))
    assert (sheet == (9, 8, 7, 255)).all()


def test_contact_sheet_needs_pictures():
    with pytest.raises(GenworldError, match="at least one picture"):
        contact_sheet([], columns=3)


def test_png_keeps_every_pixel():
    shown = picture(level("#.", ".~"))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png_bytes(shown)))), shown)
