"""Art that dresses a legend in a person's own tileset: wang sets by hand, stacks, files, drawing."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from genworld import art, render
from genworld.art.dressed import AROUND, NOTHING, DressedArt, Worn
from genworld.art.sheet import Cut, Sheet
from genworld.art.wang import WangSet, wang_ids
from genworld.content import Legend, Level, Picture, Style, Tag, Tile
from genworld.errors import GenworldError

SIDE = 4


def _png(picture: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def _sheet(count: int = 16, *, columns: int = 4, margin: int = 0, spacing: int = 0, **more: object) -> Sheet:
    """A sheet whose tile k is filled with (10 k, 1, 2), the spare pixels white."""
    rows = -(-count // columns)
    step = SIDE + spacing
    pixels = np.full((margin + rows * step - spacing, margin + columns * step - spacing, 4), 255, dtype=np.uint8)
    for k in range(count):
        top, left = margin + k // columns * step, margin + k % columns * step
        pixels[top : top + SIDE, left : left + SIDE] = (10 * k, 1, 2, 255)
    return Sheet("ink", "ink.png", _png(pixels), Cut(SIDE, SIDE, margin, spacing), **more)  # type: ignore[arg-type]


def _corners(*values: int) -> tuple[int, ...]:
    """A Wang id from the corners top right, bottom right, bottom left, top left."""
    a, b, c, d = values
    return (0, a, 0, b, 0, c, 0, d)


def _edges(*values: int) -> tuple[int, ...]:
    """A Wang id from the edges top, right, bottom, left."""
    a, b, c, d = values
    return (a, 0, b, 0, c, 0, d, 0)


CORNERS = WangSet(
    "ground",
    "corner",
    ("grass", "dirt"),
    tuple((k, _corners(*(1 + (k >> bit & 1) for bit in range(4)))) for k in range(16)),
)
"""Tile k has dirt in the corners of its bits: top right 1, bottom right 2, bottom left 4, top left 8."""

EDGES = WangSet("hedge", "edge", ("hedge",), tuple((k, _edges(*(k >> bit & 1 for bit in range(4)))) for k in range(16)))
"""Tile k joins its neighbours at the bits: top 1, right 2, bottom 4, left 8."""


def _dressed(wangs: tuple[WangSet, ...], *worn: Worn) -> DressedArt:
    return DressedArt("ink", [_sheet(wangs=wangs)], [f"t{k}" for k in range(len(worn))], worn, "0" * 64)


def _ground(dressed: DressedArt, *rows: str) -> list[list[int]]:
    grid = np.array([[int(char) for char in row] for row in rows], dtype=np.uint8)
    return dressed.layers(grid)[0][1].tolist()


def test_cuts_count_as_tiled_does() -> None:
    for margin, spacing in ((0, 0), (1, 1), (2, 0), (0, 3)):
        sheet = _sheet(10, columns=5, margin=margin, spacing=spacing)
        assert sheet.grid == (2, 5)
        assert [int(frame[0, 0, 0]) for frame in sheet.frames] == [10 * k for k in range(10)]
        assert (sheet.frames == sheet.frames[:, :1, :1]).all()


def test_corners_give_way_to_what_comes_first() -> None:
    grass, dirt = Worn(0, terrain=(0, 1), yields=0), Worn(15, terrain=(0, 2), yields=1)
    # Dirt gives way: its outermost cells show the transition, grass stays whole.
    assert _ground(_dressed((CORNERS,), grass, dirt), "0000", "0111", "0111", "0111") == [
        [0, 0, 0, 0],
        [0, 2, 6, 6],
        [0, 3, 15, 15],
        [0, 3, 15, 15],
    ]


def test_a_lone_cell_still_shows_what_it_is() -> None:
    grass, dirt = Worn(0, terrain=(0, 1)), Worn(15, terrain=(0, 2), yields=1)
    assert _ground(_dressed((CORNERS,), grass, dirt), "000", "010", "000")[1][1] == 15


def test_the_border_counts_as_the_same() -> None:
    grass, dirt = Worn(0, terrain=(0, 1)), Worn(15, terrain=(0, 2), yields=1)
    assert _ground(_dressed((CORNERS,), grass, dirt), "11", "11") == [[15, 15], [15, 15]]


def test_edges_join_the_same_terrain_only() -> None:
    floor, hedge = Worn(0), Worn(15, terrain=(0, 1))
    joined = _ground(_dressed((EDGES,), floor, hedge), "00000", "01110", "00100", "00000")
    assert joined == [[0, 0, 0, 0, 0], [0, 2, 14, 8, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]


def test_mixed_sets_need_no_edge_between_two_corners() -> None:
    whole = (2, 2, 2, 2, 2, 2, 2, 2)
    left_end = (0, 2, 2, 2, 0, 1, 1, 1)  # as Tiled's makers write it: no colour between corners that differ
    mixed = WangSet("shore", "mixed", ("sand", "sea"), ((3, whole), (7, left_end), (9, (1,) * 8)))
    sand, sea = Worn(9, terrain=(0, 1)), Worn(3, terrain=(0, 2), yields=1)
    assert _ground(_dressed((mixed,), sand, sea), "0111", "0111") == [[9, 7, 3, 3], [9, 7, 3, 3]]


def test_without_a_fitting_tile_the_plain_one_stays() -> None:
    poor = WangSet("poor", "corner", ("grass", "dirt"), ((0, _corners(1, 1, 1, 1)), (15, _corners(2, 2, 2, 2))))
    grass, dirt = Worn(5, terrain=(0, 1)), Worn(6, terrain=(0, 2), yields=1)
    assert _ground(_dressed((poor,), grass, dirt), "0011", "0011") == [[0, 0, 6, 15], [0, 0, 6, 15]]


def test_a_chosen_tile_stays_where_it_fits() -> None:
    twice = WangSet("twice", "corner", ("grass",), ((1, _corners(1, 1, 1, 1)), (2, _corners(1, 1, 1, 1))))
    assert _ground(_dressed((twice,), Worn(2, terrain=(0, 1))), "00") == [[2, 2]]


def test_corners_and_edges_are_shared() -> None:
    rng = np.random.default_rng(4)
    colours = rng.integers(0, 4, (9, 12)).astype(np.int16)
    wanted = wang_ids(colours, [2, 1, 3])
    assert (wanted[:, :-1, 2] == wanted[:, 1:, 6]).all()
    assert (wanted[:-1, :, 4] == wanted[1:, :, 0]).all()
    assert (wanted[:-1, :-1, 3] == wanted[1:, 1:, 7]).all()
    assert (wanted[:-1, 1:, 5] == wanted[1:, :-1, 1]).all()


def test_things_stand_on_what_lies_around() -> None:
    wall, floor, grass = Worn(1), Worn(2, lends=True), Worn(3, lends=True)
    chest = Worn(AROUND, 9)
    dressed = _dressed((), wall, floor, grass, chest)
    grid = np.array([[0, 0, 0, 0], [1, 3, 0, 2], [1, 0, 2, 3]], dtype=np.uint8)
    ground, things = (frames.tolist() for _, frames in dressed.layers(grid))
    assert ground == [[1, 1, 1, 1], [2, 2, 1, 3], [2, 1, 3, 3]]
    assert things == [[-1, -1, -1, -1], [-1, 9, -1, -1], [-1, -1, -1, 9]]


def test_things_walled_in_stand_on_what_is_most_frequent() -> None:
    dressed = _dressed((), Worn(1), Worn(2, lends=True), Worn(3, lends=True), Worn(AROUND, 9))
    grid = np.array([[3, 0, 0, 2, 2, 1]], dtype=np.uint8)
    assert dressed.layers(grid)[0][1].tolist() == [[3, 1, 1, 3, 3, 2]]


def test_the_layers_over_each_other_are_the_picture() -> None:
    pixels = np.zeros((SIDE, 2 * SIDE, 4), dtype=np.uint8)
    pixels[:, :SIDE] = (100, 150, 200, 255)
    pixels[1:3, SIDE + 1 : SIDE + 3] = (255, 0, 0, 255)
    sheet = Sheet("two", "two.png", _png(pixels), Cut(SIDE, SIDE))
    dressed = DressedArt("two", [sheet], ["floor", "chest"], [Worn(0, lends=True), Worn(AROUND, 1)], "0" * 64)
    drawn = dressed.draw(np.array([[0, 1]], dtype=np.uint8))
    assert drawn.shape == (SIDE, 2 * SIDE, 4)
    assert drawn[0, SIDE].tolist() == [100, 150, 200, 255]
    assert drawn[1, SIDE + 1].tolist() == [255, 0, 0, 255]


def test_frames_of_several_sheets_are_numbered_on() -> None:
    wangs = (CORNERS,)
    dressed = DressedArt("two", [_sheet(4), _sheet(wangs=wangs)], ["a"], [Worn(5)], "0" * 64)
    assert dressed.firsts == (0, 4)
    assert dressed.frames.shape == (20, SIDE, SIDE, 4)
    assert dressed.wangs[0].tiles[0][0] == 4
    assert dressed.draw(np.zeros((1, 1), dtype=np.uint8))[0, 0, 0] == 10


def _legend() -> Legend:
    tiles = (Tile("#", "wall", frozenset({Tag.SOLID})), Tile(".", "floor", frozenset({Tag.PASSABLE})))
    return Legend("small", Style.TOP_DOWN, tiles, "dungeon")


def test_files_make_the_same_art(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path))
    sheet = _sheet(wangs=(CORNERS,), words={3: "lava"}, tsx=b"<tileset/>", clear=(9, 9, 9))
    dressed = DressedArt("ink", [sheet], ["wall", "floor"], [Worn(0, terrain=(0, 1)), Worn(1, 2, lends=True)], "a" * 64)
    again = art.get(art.put(dressed))
    assert isinstance(again, DressedArt)
    assert again.digest == dressed.digest
    assert (again.name, again.names, again.worn, again.meaning) == (dressed.name, dressed.names, dressed.worn, "a" * 64)
    assert again.sheets[0].words == {3: "lava"}
    level = Level(np.array([[0, 1], [1, 1]], dtype=np.uint8), _legend())
    assert np.array_equal(render.picture(level, art=again), dressed.draw(level.tiles))


def test_a_colour_that_stands_for_nothing_is_clear() -> None:
    sheet = _sheet(2, columns=2, clear=(10, 1, 2))
    assert [int(frame[..., 3].max()) for frame in sheet.frames] == [255, 0]
    assert not sheet.frames[1].any()


@pytest.mark.parametrize(
    ("worn", "said"),
    [(Worn(16), "ground of a tile"), (Worn(0, 99), "thing on a tile"), (Worn(0, terrain=(1, 1)), "terrain set")],
)
def test_frames_that_the_sheet_does_not_have(worn: Worn, said: str) -> None:
    with pytest.raises(GenworldError, match=said):
        _dressed((CORNERS,), worn)


def test_sheets_of_two_sizes_are_refused() -> None:
    other = Sheet("big", "big.png", _png(np.zeros((16, 16, 4), dtype=np.uint8)), Cut(8, 8))
    with pytest.raises(GenworldError, match="one size"):
        DressedArt("two", [_sheet(), other], ["a"], [Worn(0)], "0" * 64)


def test_a_level_too_large_to_draw_is_one_sentence() -> None:
    sheet = Sheet("big", "big.png", _png(np.zeros((256, 256, 4), dtype=np.uint8)), Cut(256, 256))
    dressed = DressedArt("big", [sheet], ["a"], [Worn(0)], "0" * 64)
    with pytest.raises(GenworldError, match="smaller level"):
        dressed.draw(np.zeros((100, 100), dtype=np.uint8))


@pytest.mark.parametrize(
    "files", [{}, {"dress.json": b"{}"}, {"dress.json": b"no"}, {"dress.json": b'{"sheets":[{}]}'}]
)
def test_files_that_do_not_belong_together(files: dict[str, bytes]) -> None:
    with pytest.raises(GenworldError, match="bring the tileset again"):
        DressedArt.from_files(files)


def test_nothing_draws_nothing() -> None:
    assert not _dressed((), Worn(NOTHING)).draw(np.zeros((2, 3), dtype=np.uint8)).any()
