"""The bench of quality compares what can be compared, and tells losses like wins; how good models are is not a test's business."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from genworld.bench import as_json, quality, quality_clean, quality_figures, quality_peers, quality_smb, quality_zelda
from genworld.bench.quality_rows import Aimed, Beside, Peer, Score
from genworld.content import Tag
from genworld.datasets import open_dataset
from genworld.measure.patterns import tpkl
from genworld.models.bulk import grids
from genworld.seeding import numpy_stream

MEANING = {
    "W": ("wall", ["solid"]),
    "F": ("floor", ["passable"]),
    "B": ("block", ["solid"]),
    "D": ("door", ["passable", "door"]),
    "-": ("void", ["void"]),
}
SKY = {"X": ("ground", ["solid"]), "-": ("sky", ["passable", "empty"])}


def folder(place: Path, style: str, meaning: dict[str, tuple[str, list[str]]], maps: dict[str, list[str]]) -> Path:
    place.mkdir(parents=True)
    tiles = {char: {"meaning": name, "tags": tags} for char, (name, tags) in meaning.items()}
    (place / "tiles.json").write_text(json.dumps({"game": place.name, "style": style, "tiles": tiles}))
    for name, lines in maps.items():
        (place / name).write_text("\n".join(lines) + "\n")
    return place


def room(index: int) -> list[str]:
    """Walls, a door above, and a few blocks by chance."""
    inside = np.where(numpy_stream(index, "room").random((12, 7)) < 0.2, "B", "F")
    rows = ["WW" + "".join(row) + "WW" for row in inside]
    return ["W" * 11, "WWWWDDDWWWW", *rows, "W" * 11, "W" * 11]


def dungeon(first: int) -> list[str]:
    """Two rooms above a void one, beside one with a hole in it."""
    holed = [line[:5] + "-" + line[6:] for line in room(first + 2)]
    return [
        *(a + b for a, b in zip(room(first), room(first + 1), strict=True)),
        *("-" * 11 + line for line in holed),
    ]


@pytest.fixture(scope="module")
def zelda(tmp_path_factory: pytest.TempPathFactory) -> Path:
    maps = {f"dungeon_{index}.txt": dungeon(10 * index) for index in range(8)}
    return folder(tmp_path_factory.mktemp("data") / "vglc_zelda", "top-down dungeon", MEANING, maps)


@pytest.fixture(scope="module")
def mario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def hills(seed: int) -> list[str]:
        heights = numpy_stream(seed, "hills").integers(1, 5, 40)
        return ["".join("X" if 14 - row <= high else "-" for high in heights) for row in range(14)]

    maps = {f"mario-{name}.txt": hills(index) for index, name in enumerate(("1-2", "2-1"))}
    return folder(tmp_path_factory.mktemp("data") / "vglc_smb", "platformer", SKY, maps)


# -- rows


@pytest.mark.parametrize(
    ("row", "wins"),
    [
        (Beside("a", 0.5, peer=Peer("b", 0.6)), True),
        (Beside("a", 0.5, peer=Peer("b", 0.6), more=True), False),
        (Beside("a", 0.6001, peer=Peer("b", 0.6)), None),
        (Beside("a", 7.0, "rate", peer=Peer("b", 6.0), more=True), True),
        (Beside("a", 0.5), None),
    ],
)
def test_wins_and_losses_are_told_apart(row: Beside, wins: bool | None) -> None:
    assert row.wins is wins
    ending = {True: "a win", False: "a loss", None: "a draw"}[wins]
    assert (ending in str(row)) == (row.peer is not None)
    assert "held" not in as_json(row)


@pytest.mark.parametrize(
    ("value", "more", "held"), [(0.5, True, True), (0.49, True, False), (0.5, False, True), (0.51, False, False)]
)
def test_aims_are_kept_or_not(value: float, more: bool, held: bool) -> None:
    row = Aimed("a", value, more=more, aim=0.5)
    assert as_json(row)["held"] is held
    assert str(row).endswith("held)" if held else "missed)")


def test_the_score_names_what_was_lost_and_missed() -> None:
    rows = [
        "left out",
        Aimed("a", 0.5, peer=Peer("b", 0.4), aim=0.3),
        Beside("c", 1.0, peer=Peer("b", 2.0)),
        Beside("d", 1),
    ]
    assert Score.of(rows) == Score(("c",), ("a",), (), ("a",))
    assert str(Score.of(rows)) == "Better than the peers in 1 figures, worse in 1 (a). Aims: 0 held, 1 missed (a)."


# -- figures


def test_tpkl_is_at_equal_counts() -> None:
    random = numpy_stream(0, "grids")
    few, many = (random.integers(0, 3, (count, 6, 6), dtype=np.uint8) for count in (4, 9))
    expected = [tpkl(few, many[start : start + 4]) for start in (0, 4)]
    found = quality_figures.mean_tpkl(few, many[quality_figures_order(9)])
    assert found == pytest.approx(np.mean(expected))
    assert quality_figures.mean_tpkl(few, few) == 0.0


def quality_figures_order(count: int) -> np.ndarray:
    """Undoes the choice by chance, so that parts are known."""
    return np.argsort(numpy_stream(0, "bench/quality").permutation(count))


def test_the_plain_dcgan_has_the_size_of_the_peer() -> None:
    dcgan = quality_peers.PlainDcgan().eval()
    assert dcgan(torch.zeros(2, 32, 1, 1)).shape == (2, 10, 32, 32)
    found = dcgan.levels(torch.zeros(2, 32), 14, 28)
    assert (found.shape, int(found.max()) < 10) == ((2, 14, 28), True)
    weights = sum(each.numel() for each in dcgan.parameters() if each.dim() == 4)
    assert weights == 16 * (32 * 256 + 256 * 128 + 128 * 64 + 64 * 10)


# -- Zelda


def test_rooms_are_cut_whole(zelda: Path) -> None:
    found = quality_zelda.rooms(open_dataset(str(zelda)))
    assert len(found) == 16
    assert found.array().shape == (16, 16, 11)
    assert len(set(found.groups)) == 8
    legend = found.levels[0].legend
    assert not legend.has(found.array(), Tag.VOID).any()
    assert "".join(legend.chars[tile] for tile in found.array()[0, 1]) == "WWWWDDDWWWW"


def test_rooms_are_learned_from_once_and_mirrored(zelda: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = quality_zelda.rooms(open_dataset(str(zelda)))
    twice = quality_zelda.varied(rooms.take([0, 0, 1]))
    assert len({each.tiles.tobytes() for each in twice.levels}) == len(twice) == 8
    assert any(np.array_equal(each.tiles, rooms.levels[1].tiles[::-1]) for each in twice.levels)
    monkeypatch.setattr(quality_zelda, "REPEATS", 0)
    monkeypatch.setattr(quality_zelda, "PLAIN", 0)
    with pytest.raises(Exception, match="at least one example"):
        quality_zelda.varied(rooms)


def test_zelda_is_measured(zelda: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality_zelda, "SAMPLES", 60)
    first, *rows = quality_zelda.run(zelda)
    figures = {row.what.removeprefix("Zelda, "): row for row in rows if isinstance(row, Beside)}
    assert "others are held out" in str(first)
    assert figures["exact copies"].real == 0.0
    assert figures["excess copies"].value == pytest.approx(figures["near copies"].value - figures["near copies"].real)  # type: ignore[operator]
    assert figures["unique of 60"].value > 0.5
    assert sum(isinstance(row, Aimed) for row in rows) == 5


def test_copies_are_found_even_mirrored(zelda: Path) -> None:
    rooms = quality_zelda.rooms(open_dataset(str(zelda)))
    array, legend = rooms.array(), rooms.levels[0].legend
    rows = list(quality_zelda.compared(array[:8, ::-1].copy(), array[:8], array[8:], legend))
    assert [row.value for row in rows[:4]] == [1.0, 1.0, 1.0, 1.0]
    assert [getattr(row, "held", None) for row in rows[2:4]] == [False, False]


# -- Mario


def test_mario_is_measured_beside_a_dcgan(mario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality_smb, "SAMPLES", 40)
    monkeypatch.setattr(quality_smb, "ROUNDS", 1)
    monkeypatch.setattr(quality_smb, "AT_ONCE", 16)
    threads = torch.get_num_threads()
    first, *rows = quality_smb.run(mario)
    assert str(first).startswith("mario-1-1.txt is not in")
    whats = [row.what for row in rows if isinstance(row, Beside)]
    assert whats[0] == "mario-2-1, TPKL to all windows"
    assert "mean of 2 maps" in whats[-1]
    assert all(row.value > 0 for row in rows if isinstance(row, Beside) and row.kind == "rate")
    assert torch.get_num_threads() == threads


def test_the_map_of_the_peer_is_taken_where_it_is() -> None:
    assert quality_smb._chosen(("a", "mario-2-1.txt", "mario-1-1.txt")) == 2
    assert quality_smb._chosen(("a", "mario-2-1.txt")) == 1
    assert quality_smb._chosen(("a", "b")) == 0


# -- sets of our own


def test_large_levels_are_cut_apart() -> None:
    large = np.arange(36, dtype=np.uint8).reshape(1, 6, 6)
    found = quality_clean.apart(large, 3)
    assert found.shape == (4, 3, 3)
    assert np.array_equal(found[1], large[0, :3, 3:])
    assert np.array_equal(found[2], large[0, 3:, :3])


@pytest.mark.parametrize("cut", [quality_clean.Cut(None), quality_clean.Cut(8, 0.2)])
def test_clean_sets_are_measured(zelda: Path, cut: quality_clean.Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(quality_clean.SETS, "freedoom", cut)
    monkeypatch.setattr(quality_clean, "SAMPLES", 8)
    rows = list(quality_clean.run(zelda, "freedoom"))
    assert [row.what for row in rows] == [
        "freedoom, TPKL to held-out windows",
        "freedoom, excess copies",
        "freedoom, connected",
    ]
    assert all(row.peer is None for row in rows)


def test_windows_that_are_shut_are_asked_for_again(zelda: Path) -> None:
    data = open_dataset(str(zelda))
    model = quality_figures.learned(data, "markov", {})
    cut = quality_clean.Cut(8, 0.5)
    found = quality_clean._drawn(model, data.levels[0].legend, cut, 5)
    assert found.shape == (5, 8, 8)
    assert len(quality_clean.opened(found, data.levels[0].legend, 0.5)) == 5
    assert grids(model, 1, 1).shape[0] == 1


# -- the whole


def test_without_data_it_says_what_is_left_out() -> None:
    assert list(quality.run(None)) == [quality.WITHOUT_DATA]


def test_sets_that_are_there_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Beside("a", 1.0, peer=Peer("b", 2.0))]
    monkeypatch.setattr(
        quality, "measures", lambda: {"here": lambda folder: iter(rows), "away": lambda folder: iter([])}
    )
    (tmp_path / "levels" / "here").mkdir(parents=True)
    found = [str(row) for row in quality.run(tmp_path)]
    assert found[1].startswith("levels/away is not in")
    assert found[2] == "Better than the peers in 1 figures, worse in 0. Aims: 0 held, 0 missed."


def test_every_set_has_its_measure() -> None:
    assert list(quality.measures()) == ["vglc_zelda", "vglc_smb", *quality_clean.SETS]
