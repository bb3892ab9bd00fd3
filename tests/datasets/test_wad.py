"""Doom maps become levels; hostile WADs become sentences."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wad_samples import DRAWN, LINES, SECTORS, lumps, two_rooms, wad

from genworld import play
from genworld.datasets import open_dataset, recognise
from genworld.datasets.doom import LEGEND
from genworld.errors import GenworldError


def brought(folder: Path, raw: bytes, name: str = "game.wad") -> str:
    (folder / name).write_bytes(raw)
    return str(folder / name)


def test_rooms_door_things_and_exit(tmp_path: Path) -> None:
    place = brought(tmp_path, two_rooms())
    assert recognise(Path(place)).name == "wad"
    (level,) = open_dataset(place).levels
    assert level.to_text() == DRAWN


def test_the_exit_can_be_walked_to(tmp_path: Path) -> None:
    (level,) = open_dataset(brought(tmp_path, two_rooms())).levels
    assert play.check(level).reachable is True


@pytest.mark.parametrize(
    ("change", "sign"),
    [({"special": 7}, "!"), ({"flat": b"NUKAGE1"}, "~"), ({"roof": b"F_SKY1"}, ",")],
)
def test_floors(tmp_path: Path, change: dict[str, object], sign: str) -> None:
    names = ("floor", "ceiling", "flat", "roof", "special")
    first = {**dict(zip(names, SECTORS[0], strict=True)), **change}
    raw = wad({"MAP01": lumps(sectors=[tuple(first.values()), *SECTORS[1:]], things=())})  # type: ignore[list-item]
    (level,) = open_dataset(brought(tmp_path, raw)).levels
    assert (level.tiles == LEGEND.id_of[sign]).sum() >= 60


def test_a_room_too_low_to_enter_is_wall(tmp_path: Path) -> None:
    raw = wad({"MAP01": lumps(sectors=[(0, 40, b"FLOOR4_8", b"CEIL3_5", 0), *SECTORS[1:]], things=())})
    (level,) = open_dataset(brought(tmp_path, raw)).levels
    assert level.to_text().count(".") == 0


def test_a_thin_wall_between_rooms_stays_and_a_thin_door_too(tmp_path: Path) -> None:
    (level,) = open_dataset(brought(tmp_path, two_rooms())).levels
    assert (level.tiles[1:-1, 9] != LEGEND.id_of["#"]).sum() == 2


def test_all_maps_of_all_files_in_name_order(tmp_path: Path) -> None:
    brought(tmp_path, wad({"MAP01": lumps(), "MAP02": lumps(things=())}), "b.wad")
    brought(tmp_path, two_rooms(), "a.WAD")
    data = open_dataset(str(tmp_path), title="Mine", licence="BSD-3-Clause", credit="me")
    assert data.groups == ("a.WAD E1M1", "b.wad MAP01", "b.wad MAP02")
    assert (data.name, data.source.licence, data.source.sellable) == ("Mine", "BSD-3-Clause", True)
    assert (data.spec.height, data.spec.width) == (10, 19)  # type: ignore[union-attr]


def test_maps_that_cannot_be_read_are_noted(tmp_path: Path) -> None:
    raw = wad({"MAP01": {**lumps(), "BEHAVIOR": b""}, "MAP02": {"TEXTMAP": b"x", "ENDMAP": b""}, "MAP03": lumps()})
    data = open_dataset(brought(tmp_path, raw))
    assert data.groups == ("game.wad MAP03",)
    assert [note.split(" is in")[0] for note in data.notes] == [
        "Left out: game.wad, MAP01",
        "Left out: game.wad, MAP02",
    ]


def test_tags_may_be_corrected(tmp_path: Path) -> None:
    data = open_dataset(brought(tmp_path, two_rooms()), tags={"item": ["passable", "key"]})
    assert "key" in {tag.value for tag in data.levels[0].legend.tiles[LEGEND.id_of["i"]].tags}


def damaged(**change: bytes) -> bytes:
    return wad({"E1M1": {**lumps(), **change}})


FAULTS = {
    "no WAD": (b"PK\x07\x08" + bytes(40), "should start with IWAD or PWAD"),
    "empty": (b"", "should start with"),
    "no maps": (wad({}), "none that can be read"),
    "directory outside": (b"PWAD" + struct.pack("<ii", 3, 10**9), "directory of game.wad leads out"),
    "negative count": (b"PWAD" + struct.pack("<ii", -1, 12), "leads out"),
    "two billion lumps": (b"PWAD" + struct.pack("<ii", 2**31 - 1, 12), "leads out"),
    "lump outside": (
        b"PWAD" + struct.pack("<ii", 5, 12) + b"".join(struct.pack("<ii8s", 2**30, 99, name) for name in
        (b"THINGS", b"LINEDEFS", b"SIDEDEFS", b"VERTEXES", b"SECTORS")), "leads out of the file"),
    "no vertexes": (damaged(VERTEXES=b""), "names an end or a side"),
    "no sides": (damaged(SIDEDEFS=b""), "names an end or a side"),
    "no sectors": (damaged(SECTORS=b""), "names a sector"),
    "no lines": (damaged(LINEDEFS=b""), "smaller than 8 x 8"),
    "missing lump": (wad({"E1M1": {name: raw for name, raw in lumps().items() if name != "SECTORS"}}), "has no SECTORS"),
    "nothing to enter": (
        wad({"E1M1": lumps(lines=[(*each[:2], 0, *each[3:]) for each in LINES],
                           sectors=[(0, 0, b"", b"", 0)] * 3, things=())}), "smaller than 8 x 8"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "told"), FAULTS.values(), ids=list(FAULTS))
def test_faults_are_sentences(tmp_path: Path, raw: bytes, told: str) -> None:
    place = brought(tmp_path, raw)
    with pytest.raises(GenworldError, match=told):
        open_dataset(f"wad:{place}")


def test_too_much_drawing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genworld.datasets.wad.WORK", 1000)
    raw = wad({f"MAP{index:02d}": lumps() for index in range(20)})
    with pytest.raises(GenworldError, match="too many or too large to draw; choose fewer"):
        open_dataset(brought(tmp_path, raw))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(two_rooms()) - 1), patch=st.binary(min_size=1, max_size=16))
def test_any_damage_ends_in_a_level_or_a_sentence(tmp_path: Path, at: int, patch: bytes) -> None:
    raw = two_rooms()
    place = brought(tmp_path, raw[:at] + patch + raw[at + len(patch) :])
    with suppress(GenworldError):
        assert len(open_dataset(f"wad:{place}")) >= 1
