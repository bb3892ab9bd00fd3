"""Replays: what was recorded is read back, in bounds; what is damaged is absent."""

from __future__ import annotations

import json
import math
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genworld.content import Example, Legend, Level, LevelSpec, Spec, Sprite, SpriteSpec, Style, Tag, Tile
from genworld.errors import GenworldError
from genworld.replay import (
    FRAMES,
    POINTS,
    SHOWN,
    Frame,
    Note,
    Point,
    Recorder,
    Replay,
    coarser,
    corner,
    files,
    pack,
    read,
    spread,
    thinned,
    unpack,
    write,
)
from genworld.seeding import numpy_stream

LEGEND = Legend(
    "tiny",
    Style.TOP_DOWN,
    (Tile("#", "wall", frozenset({Tag.SOLID})), Tile(".", "floor", frozenset({Tag.PASSABLE}))),
    "dungeon",
)
SPRITES = SpriteSpec(8, 6)
LEVELS = LevelSpec(LEGEND)


def sprite(number: int, side: int = 8) -> Sprite:
    pixels = numpy_stream(number, "replay test").integers(1, 256, (side, side - 2, 4), dtype=np.uint8)
    return Sprite(pixels)


def level(number: int) -> Level:
    rng = numpy_stream(number, "replay test")
    return Level(rng.integers(0, 2, (3 + number, 9), dtype=np.uint8), LEGEND)


def recorded(total: int = 50) -> Replay:
    recorder = Recorder(total)
    for step in range(1, total + 1):
        frames = [Frame(step, tuple(sprite(step + k) for k in range(3)))] if step % 10 == 1 else []
        recorder.add(step, {"loss": 1 / step, "gap": float(step)}, frames=frames)
    recorder.add(total, notes=[Note(total, "few", "There are only 3 examples.")])
    return recorder.replay()


@pytest.mark.parametrize(
    ("spec", "examples"),
    [
        (SPRITES, [sprite(k) for k in range(SHOWN)]),
        (LEVELS, [level(k) for k in range(5)]),
        (LEVELS, []),
        (SpriteSpec(128, 128), [sprite(k, 128) for k in range(SHOWN)]),
    ],
)
def test_examples_are_packed_and_unpacked(spec: Spec, examples: list[Example]) -> None:
    assert unpack(pack(examples), spec) == examples


def test_no_more_is_packed_than_is_shown() -> None:
    with pytest.raises(GenworldError, match="at most 16 examples"):
        pack([sprite(k) for k in range(SHOWN + 1)])
    with pytest.raises(GenworldError, match="at most 16 examples"):
        pack([Level(np.zeros((2000, 2000), np.uint8), LEGEND)])


@pytest.mark.parametrize("size", [(400, 300), (20, 5000), (5000, 20), (256, 256), (3, 4)])
def test_of_large_levels_a_corner_is_shown(size: tuple[int, int]) -> None:
    tiles = numpy_stream(0, "replay test").integers(0, 2, size, dtype=np.uint8)
    shown = corner(Level(tiles, LEGEND))
    assert isinstance(shown, Level)
    assert np.array_equal(shown.tiles, tiles[: shown.height, : shown.width])
    assert shown.tiles.size > 60_000 or shown.tiles.size == tiles.size
    assert unpack(pack([shown]), LEVELS) == [shown]


@pytest.mark.parametrize("size", [(16, 65535), (300, 300)])
def test_what_would_be_drawn_huge_is_refused(size: tuple[int, int]) -> None:
    packed = zlib.compress(bytes([1]) + struct.pack("<HH", *size) + bytes(size[0] * size[1]))
    with pytest.raises(GenworldError, match="damaged"):
        unpack(packed, LEVELS)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_a_sentence(raw: bytes) -> None:
    for data in (raw, zlib.compress(raw)):
        for spec in (SPRITES, LEVELS):
            try:
                unpack(data, spec)
            except GenworldError:
                continue


@pytest.mark.parametrize("cut", range(0, 60, 3))
def test_a_frame_cut_short_is_refused(cut: int) -> None:
    data = pack([sprite(1)])
    with pytest.raises(GenworldError, match="damaged"):
        unpack(data[:cut], SPRITES)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(GenworldError, match="damaged"):
        unpack(zlib.compress(bytes(30 * 2**20)), SPRITES)


def test_frames_of_another_kind_are_refused() -> None:
    with pytest.raises(GenworldError):
        unpack(pack([sprite(1)]), LEVELS)
    with pytest.raises(GenworldError):
        unpack(pack([level(1)]), SPRITES)


@given(st.sets(st.integers(0, 10**6), min_size=1, max_size=300), st.integers(3, 40))
def test_fewer_points_tell_the_same(steps: set[int], most: int) -> None:
    points = [Point(step, float(step % 7), 1 + step % 3) for step in sorted(steps)]
    for fewer in (thinned(points, most), coarser(points, most) if len(points) > 1 else points):
        assert (fewer[0], fewer[-1]) == (points[0], points[-1])
        assert [point.step for point in fewer] == sorted({point.step for point in fewer})
        assert sum(point.count for point in fewer) == sum(point.count for point in points)
        whole = sum(point.value * point.count for point in points)
        assert math.isclose(sum(point.value * point.count for point in fewer), whole, abs_tol=1e-6)
        assert len(fewer) <= most + 2
    assert len(thinned(points, most)) <= most


@given(st.sets(st.integers(0, 10**6), min_size=2, max_size=120), st.integers(2, 40))
def test_frames_are_spread_over_a_training(steps: set[int], most: int) -> None:
    ordered = sorted(steps)
    kept = spread(ordered, 10**6, most)
    assert len(kept) == min(most, len(ordered))
    assert (kept[0], kept[-1]) == (ordered[0], ordered[-1])
    assert kept == sorted(kept)


def test_early_frames_are_closer_together_but_not_all_there_is() -> None:
    kept = spread(range(1, 10_001, 25), 10_000, FRAMES)
    assert sum(step <= 1000 for step in kept) >= 3
    assert sum(step > 5000 for step in kept) >= 4
    assert sum(step <= 5000 for step in kept) > FRAMES // 2


def test_a_recorder_stays_small_however_long_it_records() -> None:
    recorder, shown = Recorder(100_000), sprite(0)
    for step in range(1, 20_001):
        frames = [Frame(step, (shown,) * (SHOWN + 4))] if step % 100 == 0 else []
        recorder.add(step, {"loss": 2.0 if step % 2 else 4.0}, frames=frames)
    replay = recorder.replay()
    curve = replay.curves["loss"]
    assert (curve[0], curve[-1]) == ((1, 2.0), (20_000, 4.0))
    assert POINTS / 2 < len(curve) <= POINTS
    assert all(value == pytest.approx(3, abs=0.2) for _, value in curve[1:-1])
    assert len(replay.frames) == FRAMES
    assert all(len(frame.examples) == SHOWN for frame in replay.frames)


def test_figures_that_are_not_finite_are_not_drawn() -> None:
    recorder = Recorder(2)
    recorder.add(1, {"loss": math.nan, "gap": math.inf})
    recorder.add(2, {"gap": 1.0})
    assert recorder.replay().curves == {"gap": ((2, 1.0),)}


def test_a_recorder_goes_on_where_a_training_stood() -> None:
    whole = recorded()
    again = Recorder.going_on(whole, 30)
    assert again.replay().curves["gap"][-1] == (30, 30.0)
    assert [frame.step for frame in again.replay().frames] == [1, 11, 21]
    assert again.replay().notes == ()
    for step in range(31, 51):
        frames = [Frame(step, tuple(sprite(step + k) for k in range(3)))] if step % 10 == 1 else []
        again.add(step, {"loss": 1 / step, "gap": float(step)}, frames=frames)
    again.add(50, notes=whole.notes)
    assert again.replay() == whole


def test_what_is_written_is_read(tmp_path: Path) -> None:
    replay = recorded()
    write(tmp_path, replay)
    found = read(tmp_path, SPRITES)
    assert found is not None
    assert (found.total, found.frames, found.notes) == (replay.total, replay.frames, replay.notes)
    for name, curve in replay.curves.items():
        assert [step for step, _ in found.curves[name]] == [step for step, _ in curve]
        assert np.allclose([value for _, value in found.curves[name]], [value for _, value in curve], rtol=1e-5)
    write(tmp_path, Replay(3))
    assert read(tmp_path, SPRITES) == Replay(3)
    assert {path.name for path in tmp_path.iterdir()} == {files.JSON, files.BLOB}


def test_where_there_is_none_there_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, SPRITES) is None


def test_a_replay_is_never_too_large(tmp_path: Path) -> None:
    frames = tuple(Frame(step, (*[sprite(0, 128)] * (SHOWN - 1), sprite(step, 128))) for step in range(FRAMES))
    curves = {f"curve {k}": tuple((step, step / 3) for step in range(POINTS)) for k in range(64)}
    notes = (Note(1, "info", "é" * 5000),) * 1000
    write(tmp_path, Replay(FRAMES, curves, frames, notes))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 9_000_000
    found = read(tmp_path, SpriteSpec(128, 128))
    assert found is not None
    assert found.frames[-1] == frames[-1]
    assert 5 < len(found.frames) < FRAMES
    assert found.curves.keys() == curves.keys()


@pytest.mark.parametrize("part", range(0, 64, 13))
def test_damaged_frames_are_absent_and_the_rest_is_there(tmp_path: Path, part: int) -> None:
    write(tmp_path, recorded())
    path = tmp_path / files.BLOB
    data = bytearray(path.read_bytes())
    data[len(data) * part // 64] ^= 4
    path.write_bytes(data)
    found = read(tmp_path, SPRITES)
    assert found is not None
    assert found.frames == ()
    assert found.curves.keys() == {"loss", "gap"}


def test_a_replay_of_which_one_file_is_missing(tmp_path: Path) -> None:
    write(tmp_path, recorded())
    (tmp_path / files.BLOB).unlink()
    found = read(tmp_path, SPRITES)
    assert found is not None
    assert found.frames == ()


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"total": -1},
        {"curves": {"loss": [[1, math.nan]]}},
        {"curves": {"loss": [[2, 1], [1, 1]]}},
        {"curves": {"loss": [[k, 1] for k in range(POINTS + 1)]}},
        {"curves": {"": []}},
        {"curves": {str(k): [] for k in range(65)}},
        {"frames": [3, 2]},
        {"frames": list(range(FRAMES + 1))},
        {"notes": [{"step": 1, "kind": "shout", "text": "x"}]},
        {"notes": [{"step": 1, "kind": "info", "text": "x" * 501}]},
        {"sha256": "../../etc/passwd"},
        {"more": 1},
    ],
)
def test_what_a_stranger_wrote_is_bounded(tmp_path: Path, change: dict[str, object]) -> None:
    write(tmp_path, recorded())
    path = tmp_path / files.JSON
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert read(tmp_path, SPRITES) is None


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", " " * (3 * 2**20)])
def test_what_is_no_replay_is_absent(tmp_path: Path, text: str) -> None:
    write(tmp_path, recorded())
    (tmp_path / files.JSON).write_text(text)
    assert read(tmp_path, SPRITES) is None
