"""From a person's files to the art of a legend: reading, proposals, what is kept and offered again."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genworld import dressing
from genworld.art.dressed import AROUND, NOTHING
from genworld.art.sheet import Cut, Sheet
from genworld.content import Legend, Picture, Style, Tag, Tile
from genworld.datasets.untrusted import open_bundle
from genworld.dressing import Pick
from genworld.dressing.looks import lab, looks
from genworld.dressing.terrains import wang_sets
from genworld.dressing.wear import terrain_of
from genworld.errors import GenworldError
from genworld.paths import shipped
from genworld.render import load_tileset

LEGEND = Legend(
    "cellar",
    Style.TOP_DOWN,
    tuple(
        Tile(char, name, frozenset(map(Tag, tags.split())))
        for char, name, tags in (
            ("#", "wall", "solid"),
            (".", "floor", "passable"),
            (",", "grass", "passable"),
            ("~", "water", "liquid passable"),
            ("!", "lava", "hazard passable"),
            ("k", "key", "key passable"),
            ("m", "monster", "enemy passable"),
        )
    ),
    "dungeon",
)


def _png(picture: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def _read(folder: Path, cuts: dict[str, Cut] | None = None) -> list[Sheet]:
    with open_bundle(folder) as bundle:
        return dressing.read_sheets(bundle, cuts)


def _flat(*colours: tuple[int, int, int], side: int = 16) -> Picture:
    """Tiles of one colour each, with a grain, side by side."""
    grain = np.random.default_rng(3).integers(-6, 7, (side, side * len(colours), 1))
    base = np.repeat(np.array(colours), side, axis=0)[None].repeat(side, axis=0)
    rgb = np.clip(base + grain, 0, 255).astype(np.uint8)
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, dtype=np.uint8)])


TSX = """<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" name="My land" tilewidth="16" tileheight="16" tilecount="4" columns="4">
 <image source="land.png" width="64" height="16"/>
 <tile id="3" type="StoneWall"/>
 <wangsets>
  <wangset name="Shore" type="corner" tile="-1">
   <wangcolor name="Sand" color="#ff0000" tile="-1" probability="1"/>
   <wangcolor name="Sea" color="#0000ff" tile="-1" probability="1"/>
   <wangtile tileid="0" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="1" wangid="0,1,0,2,0,2,0,1"/>
   <wangtile tileid="2" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="77" wangid="0,2,0,2,0,2,0,2"/>
  </wangset>
 </wangsets>
</tileset>
"""


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """A folder with one described sheet: sand, shore, sea and a wall, all of the same grey."""
    folder = tmp_path / "land"
    folder.mkdir()
    (folder / "land.png").write_bytes(_png(_flat(*[(120, 120, 120)] * 4)))
    (folder / "land.tsx").write_text(TSX)
    return folder


def test_our_own_sheet_finds_our_own_tiles() -> None:
    """Levels of ours and our tileset as a stranger's picture: the first proposals are the tiles that draw them now."""
    ours = load_tileset("dungeon")
    data = (shipped("assets") / "tilesets" / "dungeon.png").read_bytes()
    sheet = Sheet("dungeon", "dungeon.png", data, Cut(ours.tile_size, ours.tile_size))
    first = [choices[0].pick for choices in dressing.suggest(LEGEND, [sheet])]
    named = [ours.frame_names[pick.thing if pick.thing >= 0 else pick.ground] for pick in first]
    assert [pick.ground == AROUND for pick in first] == [False] * 5 + [True] * 2
    for want, got in zip(("wall", "floor", "grass", "water", "lava", "key", "monster"), named, strict=True):
        assert want in got, f"{want}: {named}"


def test_colours_decide_where_nothing_is_named() -> None:
    """Another maker's flat colours: green is grass, blue is water, red is lava, wall and floor are told apart."""
    data = _png(_flat((60, 150, 50), (190, 40, 30), (100, 100, 130), (40, 90, 190), (130, 110, 100)))
    picks = [choices[0].pick for choices in dressing.suggest(LEGEND, [Sheet("flat", "flat.png", data, Cut(16, 16))])]
    assert [pick.ground for pick in picks[:5]] == [2, 4, 0, 3, 1]


def test_names_decide_before_colours(land: Path) -> None:
    found = dressing.suggest(LEGEND, _read(land))
    assert found[0][0].pick == Pick(3)
    assert "StoneWall" in found[0][0].why
    assert found[3][0].pick.ground == 2
    assert "'Sea'" in found[3][0].why


def test_every_tile_has_a_proposal_whatever_the_sheet() -> None:
    empty = Sheet("none", "none.png", _png(np.zeros((16, 16, 4), dtype=np.uint8)), Cut(16, 16))
    found = dressing.suggest(LEGEND, [empty])
    assert [choices[0].pick for choices in found] == [Pick()] * 5 + [Pick(AROUND)] * 2
    assert all(len(choices) <= 5 for choices in found)


def test_a_description_says_how_the_picture_is_cut(land: Path) -> None:
    (sheet,) = _read(land)
    assert (sheet.name, sheet.file, sheet.grid, sheet.described) == ("My land", "land.png", (1, 4), True)
    assert sheet.words == {3: "StoneWall"}
    assert [tile for tile, _ in sheet.wangs[0].tiles] == [0, 1, 2]
    assert sheet.tsx == TSX.encode()


def test_pictures_alone_are_cut_as_a_person_says(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_png(np.zeros((35, 52, 4), dtype=np.uint8)))
    (sheet,) = _read(tmp_path, {"a.png": Cut(16, 16, 1, 1)})
    assert (sheet.cut, sheet.grid, sheet.described) == (Cut(16, 16, 1, 1), (2, 3), False)


def test_pictures_alone_take_the_size_of_what_is_described(land: Path) -> None:
    (land / "more.png").write_bytes(_png(np.full((32, 32, 4), 255, dtype=np.uint8)))
    assert [(sheet.cut.height, sheet.cut.width) for sheet in _read(land)] == [(16, 16)] * 2


def test_pictures_of_single_tiles_are_laid_together(tmp_path: Path) -> None:
    for number, name in enumerate(["stone_wall", "floor", "lava", "water", "key"]):
        (tmp_path / f"{name}.png").write_bytes(_png(np.full((8, 8, 4), 10 * number + 5, dtype=np.uint8)))
    (sheet,) = _read(tmp_path)
    assert (sheet.cut, sheet.grid) == (Cut(8, 8), (2, 3))
    assert [sheet.words[k] for k in range(5)] == ["floor", "key", "lava", "stone_wall", "water"]
    assert [int(frame[0, 0, 0]) for frame in sheet.frames[:5]] == [15, 45, 25, 5, 35]
    first = [choices[0].pick for choices in dressing.suggest(LEGEND, [sheet])]
    assert [first[tile] for tile in (0, 1, 3, 4, 5)] == [Pick(3), Pick(0), Pick(4), Pick(2), Pick(AROUND, 1)]


def test_pictures_of_many_pixels_are_refused_together(tmp_path: Path) -> None:
    blank = _png(np.zeros((3000, 3000, 4), dtype=np.uint8))
    for number in range(2):
        (tmp_path / f"{number}.png").write_bytes(blank)
    with pytest.raises(GenworldError, match="pixels together"):
        _read(tmp_path)


@pytest.mark.parametrize("files", [{}, {"a.txt": b"x"}, {"a.png": b"no picture"}, {"a.tsx": b"<tileset"}])
def test_what_is_no_tileset_is_one_sentence(tmp_path: Path, files: dict[str, bytes]) -> None:
    (tmp_path / "up").mkdir()
    for name, data in files.items():
        (tmp_path / "up" / name).write_bytes(data)
    with pytest.raises(GenworldError):
        _read(tmp_path / "up")


def test_terrains_of_older_files() -> None:
    from xml.etree import ElementTree as ET

    element = ET.fromstring(
        '<tileset><terraintypes><terrain name="dirt"/><terrain name="grass"/></terraintypes>'
        '<tile id="0" terrain="0,0,0,0"/><tile id="1" terrain="0,1,0,1"/><tile id="2" terrain=",,,1"/></tileset>'
    )
    (terrain,) = wang_sets(element, 3)
    assert terrain.colours == ("dirt", "grass")
    # Written top left, top right, bottom left, bottom right.
    assert dict(terrain.tiles) == {
        0: (0, 1, 0, 1, 0, 1, 0, 1),
        1: (0, 2, 0, 2, 0, 1, 0, 1),
        2: (0, 0, 0, 2, 0, 0, 0, 0),
    }


def test_chosen_grounds_take_their_terrain(land: Path) -> None:
    art = dressing.dress(
        LEGEND, _read(land), [Pick(3), Pick(0), Pick(0), Pick(2), Pick(3), *[Pick(AROUND, 3)] * 2], "x"
    )
    assert [worn.terrain for worn in art.worn] == [None, (0, 1), (0, 1), (0, 2), None, None, None]
    assert terrain_of(1, art.wangs) is None  # of two colours
    wet = art.worn[3].yields > art.worn[1].yields
    assert wet, "water gives way to land"
    assert [worn.lends for worn in art.worn] == [False, True, True, False, False, False, False]
    grid = np.array([[1, 3, 3], [1, 3, 3]], dtype=np.uint8)
    assert art.layers(grid)[0][1].tolist() == [[0, 2, 2], [0, 2, 2]]


def test_what_was_made_is_offered_again(land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENWORLD_HOME", str(tmp_path / "home"))
    sheets = _read(land)
    picks = [choices[0].pick for choices in dressing.suggest(LEGEND, sheets)]
    made = dressing.dress(LEGEND, sheets, picks, "My land")
    secret = dressing.dress(LEGEND, sheets, [Pick(NOTHING)] * 7, "secret")
    dressing.keep(made, listed=True)
    dressing.keep(secret, listed=False)
    twin = Legend("another model", LEGEND.style, LEGEND.tiles, "overworld")
    assert [each.digest for each in dressing.kept_for(twin)] == [made.digest]
    assert dressing.picks_of(dressing.kept_for(LEGEND)[0]) == picks
    other = Legend("other", LEGEND.style, LEGEND.tiles[:3], "dungeon")
    assert dressing.kept_for(other) == []


def test_too_few_picks() -> None:
    sheet = Sheet("flat", "flat.png", _png(_flat((1, 2, 3))), Cut(16, 16))
    with pytest.raises(GenworldError, match="choose one for each"):
        dressing.dress(LEGEND, [sheet], [Pick(0)], "x")


def test_lab_of_known_colours() -> None:
    """Values of the CIE for sRGB primaries under D65."""
    known = {(255, 255, 255): (100, 0, 0), (255, 0, 0): (53.2, 80.1, 67.2), (0, 0, 255): (32.3, 79.2, -107.9)}
    for rgb, want in known.items():
        assert np.allclose(lab(np.array([rgb], dtype=np.uint8))[0], want, atol=0.5)


def test_looks_tell_seams_and_outlines() -> None:
    ramp = np.zeros((16, 16, 4), dtype=np.uint8)
    ramp[..., :3] = (np.arange(16) * 16)[None, :, None]
    ramp[..., 3] = 255
    half = ramp.copy()
    half[:8] = 0
    seen = looks(np.stack([np.full_like(ramp, 255), ramp, half]))
    assert seen.seam[1] > 2 * seen.seam[0]
    assert seen.opacity.tolist() == [1, 1, 0.5]
    assert seen.outline[2, :4].max() == 0
    assert seen.outline[2, 4:].min() == 1
