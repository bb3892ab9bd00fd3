"""The art of a Tiled map draws as Tiled does, and is the same after it was kept."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genworld import art
from genworld.art.tiled import Frame, Look, Mark, Stratum, TiledArt, flipped
from genworld.errors import GenworldError

SIDE = 4
H, V, D = 1 << 31, 1 << 30, 1 << 29
CHANCE = np.random.default_rng(0)


def frame(height: int = SIDE, width: int = SIDE, alpha: int = 255, offset: tuple[int, int] = (0, 0)) -> Frame:
    pixels = CHANCE.integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = alpha
    return Frame(pixels, offset)


def made(
    stacks: list[list[int]], frames: dict[int, Frame], looks: list[Look] | None = None, **changes: Any
) -> TiledArt:
    looks = looks or [Look()] * len(stacks[0])
    fields: dict[str, Any] = {
        "place": "maps/cave.tmx",
        "cell": (SIDE, SIDE),
        "shown": (SIDE, SIDE),
        "strata": tuple(Stratum((f"layer {n}", "1"), look) for n, look in enumerate(looks)),
        "stacks": np.array(stacks, np.uint32),
        "marks": ((),) * len(stacks),
        "frames": frames,
        "document": b"<map/>",
        "beside": {"art/ground.png": b"png", "maps/ground.tsx": b"tsx"},
    }
    return TiledArt(**{**fields, **changes})


def over(pictures: list[np.ndarray]) -> np.ndarray:
    canvas = Image.new("RGBA", pictures[0].shape[1::-1])
    for each in pictures:
        canvas.alpha_composite(Image.fromarray(np.ascontiguousarray(each)))
    pixels = np.array(canvas)
    pixels[pixels[..., 3] == 0] = 0
    return pixels


@pytest.mark.parametrize("flips", range(8))
def test_flips_go_over_the_diagonal_first(flips: int) -> None:
    pixels = frame().pixels
    gid = flips << 29
    expected = pixels.transpose(1, 0, 2) if gid & D else pixels
    expected = expected[:, ::-1] if gid & H else expected
    expected = expected[::-1] if gid & V else expected
    assert np.array_equal(flipped(pixels, gid), expected)
    if gid == H | D:  # a quarter turn to the right, as Tiled's manual says
        assert np.array_equal(expected, np.rot90(pixels, -1))


def test_stacks_are_laid_over_each_other() -> None:
    frames = {1: frame(), 2: frame(alpha=100), 3: frame(alpha=0)}
    drawn = made([[1, 0], [1, 2 | H], [0, 0], [3, 2]], frames).draw(np.array([[0, 1], [2, 3]], np.uint8))
    turned = frames[2].pixels[:, ::-1]
    assert np.array_equal(drawn[:SIDE, :SIDE], frames[1].pixels)
    assert np.array_equal(drawn[:SIDE, SIDE:], over([frames[1].pixels, turned]))
    assert not drawn[SIDE:, :SIDE].any()
    assert np.array_equal(drawn[SIDE:, SIDE:], frames[2].pixels)


def test_hidden_layers_are_not_drawn_and_opacity_and_tint_count() -> None:
    frames = {1: frame(), 2: frame()}
    looks = [Look(opacity=0.5, tint=(255, 128, 0, 255)), Look(visible=False)]
    drawn = made([[1, 2]], frames, looks).draw(np.zeros((1, 1), np.uint8))
    expected = np.rint(frames[1].pixels * np.array([1, 128 / 255, 0, 0.5])).astype(np.uint8)
    assert np.array_equal(drawn, expected)


def test_large_tiles_stand_on_their_cell() -> None:
    frames = {1: frame(), 2: frame(10, 6, offset=(1, -1))}
    drawn = made([[1, 0], [1, 2]], frames).draw(np.array([[0, 0], [0, 0], [1, 0]], np.uint8))
    ground = np.tile(frames[1].pixels, (3, 2, 1))
    ground[1:11, 1:7] = frames[2].pixels  # bottom at row 12, one pixel up and one to the right
    assert np.array_equal(drawn, ground)


def test_a_layer_may_be_moved() -> None:
    frames = {1: frame()}
    drawn = made([[1]], frames, [Look(offset=(1, -2))]).draw(np.zeros((1, 2), np.uint8))
    assert not drawn[:, 0].any()
    assert not drawn[2:].any()
    assert np.array_equal(drawn[:2, 1:5], frames[1].pixels[2:])


def test_a_large_tile_fits_into_the_legend() -> None:
    art_of = made([[1]], {1: frame(20, 4)})
    assert art_of.tile_picture(0).shape == (SIDE, SIDE, 4)
    assert art_of.tile_picture(0).any()


def test_it_is_the_same_after_it_was_kept(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path))
    mark = Mark(("Things", "1"), (1.5, 2), {"name": "bat", "gid": "7"}, "", {"hp": 3, "wild": True})
    before = made([[1, 2 | H], [0, 1]], {1: frame(), 2: frame(9, 7, 60, (2, 3))}, marks=((mark,), ()))
    after = TiledArt.from_files(before.files())
    grid = CHANCE.integers(0, 2, (5, 6), dtype=np.uint8)
    assert after.digest == before.digest
    assert after.marks == before.marks
    assert after.companions() == before.companions()
    assert np.array_equal(after.draw(grid), before.draw(grid))
    art.put(before)
    assert art.get(before.reference).digest == before.digest


@pytest.mark.parametrize(
    "place", ["../cave.tmx", "/etc/cave.tmx", "a\\b.tmx", "C:cave.tmx", "a//b.tmx", "", "a/../../b"]
)
def test_no_path_of_a_kept_art_leads_out(place: str) -> None:
    files = dict(made([[1]], {1: frame()}).files())
    about = json.loads(files["art.json"])
    for broken in ({**about, "place": place}, {**about, "beside": [place, "b"]}):
        with pytest.raises(GenworldError, match="plain name inside its folder"):
            TiledArt.from_files({**files, "art.json": json.dumps(broken).encode()})


def test_a_large_map_of_three_layers_is_drawn_at_once() -> None:
    frames = {gid: Frame(np.full((16, 16, 4), 255 - gid, np.uint8)) for gid in range(1, 200)}
    stacks = CHANCE.integers(1, 200, (250, 3)).tolist()
    large = made(stacks, frames, shown=(16, 16), cell=(16, 16))
    grid = CHANCE.integers(0, 250, (100, 100), dtype=np.uint8)
    began = time.perf_counter()
    assert large.draw(grid).shape == (1600, 1600, 4)
    print(f"{time.perf_counter() - began:.3f} s")  # noqa: T201  shown with -s, never asserted
