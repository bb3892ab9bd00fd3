"""LDtk projects: what is learned of them, what is told, what is refused."""

from __future__ import annotations

import copy
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ldtk_samples import (
    CAVE,
    CAVE_LAYERS,
    POOL,
    cave_level,
    cave_project,
    external_project,
    instance,
    layer,
    level,
    old_project,
    picture,
    project,
    tile,
    tiles_project,
    write,
)

from genworld import art, limits
from genworld.art.ldtk import LdtkArt
from genworld.content import LevelSpec, Style, Tag
from genworld.datasets import Dataset, open_dataset
from genworld.datasets.ldtk import read
from genworld.errors import GenworldError
from genworld.seeding import numpy_stream


def shown(data: Dataset, number: int = 0) -> list[list[str]]:
    """Names of the tiles of a level."""
    found = data.levels[number]
    return [[found.legend.tiles[tile].name for tile in row] for row in found.tiles]


def tags(data: Dataset) -> dict[str, frozenset[Tag]]:
    assert isinstance(data.spec, LevelSpec)
    return {tile.name: tile.tags for tile in data.spec.legend.tiles}


def expected(rows: tuple[str, ...]) -> list[list[str]]:
    named = {"#": "walls", "~": "water", "P": "Player", "E": "Exit", "C": "Chest"}
    floor = {(y, x + 1) for y, row in enumerate(rows) for x in range(len(row) - 1) if row[x : x + 2] == "~."}
    return [
        [named.get(char, "Floor 9" if (y, x) in floor else "empty") for x, char in enumerate(row)]
        for y, row in enumerate(rows)
    ]


def test_levels_are_what_was_painted_over_all_layers(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()))
    assert shown(data, 0) == expected(CAVE)
    assert shown(data, 1) == expected(POOL)
    assert data.groups == ("Cave", "Pool")
    assert data.notes == ()


def test_words_become_tags(tmp_path: Path) -> None:
    understood = tags(read(write(tmp_path, cave_project())))
    assert understood["walls"] == {Tag.SOLID}
    assert understood["empty"] == {Tag.EMPTY, Tag.PASSABLE}
    assert Tag.LIQUID in understood["water"]
    assert understood["Player"] == {Tag.PASSABLE, Tag.START}
    assert understood["Exit"] == {Tag.PASSABLE, Tag.GOAL}
    assert understood["Chest"] == {Tag.PASSABLE, Tag.ITEM}


def test_what_was_misunderstood_can_be_corrected(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()), style="platformer", tags={"water": ["hazard"]}, title="My caves")
    assert isinstance(data.spec, LevelSpec)
    assert data.name == "My caves"
    assert data.spec.legend.style is Style.PLATFORMER
    assert tags(data)["water"] == {Tag.HAZARD}
    with pytest.raises(GenworldError, match="style"):
        read(tmp_path / "world.ldtk", style="isometric")


@pytest.mark.parametrize("made", [old_project(), cave_project(jsonVersion="1.2.5"), cave_project(jsonVersion="1.4.1")])
def test_every_version_says_the_same(tmp_path: Path, made: dict[str, Any]) -> None:
    data = read(write(tmp_path, made))
    assert shown(data, 0) == expected(CAVE)
    assert shown(data, 1) == expected(POOL)


def test_old_and_new_rules_draw_the_same(tmp_path: Path) -> None:
    new, old = (read(write(tmp_path / name, made)) for name, made in (("a", cave_project()), ("b", old_project())))
    pictures = [drawn(data) for data in (new, old)]
    assert np.array_equal(*pictures)


def drawn(data: Dataset, number: int = 0) -> np.ndarray:
    found = art.of_legend(data.levels[0].legend)
    assert isinstance(found, LdtkArt)
    return found.draw(data.levels[number].tiles)


def test_levels_of_worlds_and_of_other_files_are_found(tmp_path: Path) -> None:
    made = cave_project()
    world = {"identifier": "World", "iid": "world", "levels": made["levels"]}
    inside = read(write(tmp_path / "a", {**made, "levels": [], "worlds": [world]}))
    outside = read(write(tmp_path / "b", *external_project()))
    assert shown(inside) == shown(outside) == expected(CAVE)


def test_a_level_that_was_not_brought_is_named(tmp_path: Path) -> None:
    made, outside = external_project()
    del outside["world/Pool.ldtkl"]
    data = read(write(tmp_path, made, outside))
    assert data.groups == ("Cave",)
    assert any("'Pool'" in note and "was not brought" in note for note in data.notes)
    with pytest.raises(GenworldError, match="files of its folder"):
        read(write(tmp_path / "none", made))


def test_levels_and_pictures_outside_the_upload_are_never_read(tmp_path: Path) -> None:
    made, outside = external_project()
    write(tmp_path, made, outside)
    (tmp_path / "upload").mkdir()
    for each in made["levels"]:
        each["externalRelPath"] = f"../{each['externalRelPath']}"
    made["defs"]["tilesets"][0]["relPath"] = "../art/tiles.png"
    (tmp_path / "upload/world.ldtk").write_text(json.dumps(made))
    with pytest.raises(GenworldError, match="no level whose content is there"):
        read(tmp_path / "upload")


def test_hand_placed_tiles_are_learned_by_their_stacks_and_flips(tmp_path: Path) -> None:
    data = read(write(tmp_path, tiles_project()))
    found = art.of_legend(data.levels[0].legend)
    assert isinstance(found, LdtkArt)
    cell = found.alphabet.tokens[data.levels[0].tiles[1, 2]]
    assert cell.stacks == ((((3, 0), (10, 2)),), (((1, 0),),))
    assert len(data.levels[0].legend.tiles) == 6  # two grounds, each mirrored or not, and two cells with more


def test_tags_of_tiles_name_them(tmp_path: Path) -> None:
    made = tiles_project()
    made["defs"]["tilesets"][0]["enumTags"] = [
        {"enumValueId": "Wall", "tileIds": [1]},
        {"enumValueId": "Path", "tileIds": [2]},
    ]
    understood = tags(read(write(tmp_path, made)))
    assert understood["Wall"] == {Tag.SOLID}
    assert understood["Path"] == {Tag.PASSABLE}


def test_a_finer_layer_is_part_of_a_cell_and_a_coarser_one_is_named(tmp_path: Path) -> None:
    rows = ("....", "....")
    main = layer(5, "Ground", "IntGrid", intGridValues=[{"value": 1, "identifier": "rock", "color": "#555555"}])
    main["autoRuleGroups"] = [{"uid": 1, "rules": []}]
    fine = layer(6, "Detail", "IntGrid", gridSize=4, tilesetDefUid=None)
    coarse = layer(7, "Regions", "IntGrid", gridSize=12, tilesetDefUid=None)
    made = [
        instance(main, rows, intGridCsv=[1, 1, 1, 1, 1, 1, 1, 0]),
        instance(fine, rows, intGridCsv=[0, 3] + [0] * 30),
        instance(coarse, rows, __cWid=3, __cHei=2, intGridCsv=[1] + [0] * 5),
    ]
    data = read(write(tmp_path, project([main, fine, coarse], [level("One", rows, made)])))
    found = art.of_legend(data.levels[0].legend)
    assert isinstance(found, LdtkArt)
    assert found.alphabet.tokens[data.levels[0].tiles[0, 0]].values == ((1,), (0, 3, 0, 0))
    assert shown(data)[0][0] == "rock + Detail 3"
    assert any("'Regions'" in note for note in data.notes)


def test_more_kinds_than_a_legend_holds_become_the_most_alike(tmp_path: Path) -> None:
    rows = ("." * 40,) * 40
    ground, upper = layer(5, "Ground", "Tiles"), layer(6, "Upper", "Tiles")
    rng = numpy_stream(1, "tiles")
    below = [tile(y, x, int(x >= 20)) for y in range(40) for x in range(40)]
    above = [tile(y, x, int(rng.integers(0, 10_000))) for y in range(40) for x in range(10, 30)]
    made = [instance(upper, rows, gridTiles=above), instance(ground, rows, gridTiles=below)]
    data = read(write(tmp_path, project([upper, ground], [level("One", rows, made)])))
    found = art.of_legend(data.levels[0].legend)
    assert isinstance(found, LdtkArt)
    assert len(found.alphabet.tokens) == limits.LEGEND_TILES
    lower = np.array([token.stacks[1][0][0][0] for token in found.alphabet.tokens])[data.levels[0].tiles]
    assert (lower == (np.arange(40) >= 20)).mean() > 0.9, "what takes the place of a rare token shares its ground"
    (note,) = data.notes
    assert "the rarest became others" in note
    assert "Upper" in note


def test_missing_pictures_stop_nothing(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project(), art=False))
    assert shown(data) == expected(CAVE)
    assert any("'art/tiles.png'" in note for note in data.notes)
    assert drawn(data)[0, 0].tolist() == [0x80, 0x40, 0x20, 255], "walls in the colour of their value"


def test_damaged_pictures_stop_nothing(tmp_path: Path) -> None:
    write(tmp_path, cave_project())
    (tmp_path / "art/tiles.png").write_bytes(picture()[:40])
    assert any("'art/tiles.png'" in note for note in read(tmp_path).notes)


def test_a_level_is_drawn_with_rules_tiles_and_entities(tmp_path: Path) -> None:
    shot = drawn(read(write(tmp_path, cave_project())))
    assert shot.shape == (len(CAVE) * 8, len(CAVE[0]) * 8, 4)

    def colour(row: int, column: int) -> list[int]:
        return shot[row * 8 + 5, column * 8 + 5].tolist()

    def of_tile(number: int) -> list[int]:
        return [number * 16, 255 - number * 16, 40, 255]

    assert colour(7, 4) == of_tile(4), "a wall below open air"
    assert colour(0, 4) in [of_tile(number) for number in (5, 6, 7)] or colour(0, 4) == [0x20, 0x20, 0x30, 255]
    assert colour(4, 5) == of_tile(8), "water"
    assert colour(4, 8) == of_tile(9), "a tile placed by hand"
    assert colour(2, 2) == of_tile(1), "the player"
    assert colour(1, 1) == [0x20, 0x20, 0x30, 255], "the background of the level"


def test_an_art_is_its_files(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()))
    found = art.of_legend(data.levels[0].legend)
    assert isinstance(found, LdtkArt)
    again = LdtkArt.from_files(found.files())
    assert again.digest == found.digest
    assert np.array_equal(again.draw(data.levels[1].tiles), found.draw(data.levels[1].tiles))
    assert found.companions() == {"art/tiles.png": picture()}
    assert again.tile_picture(0).shape == (8, 8, 4)
    with pytest.raises(GenworldError, match="damaged"):
        LdtkArt.from_files({**found.files(), "about.json": b"{}"})


def test_the_art_holds_no_level_but_an_empty_one(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()))
    found = art.of_legend(data.levels[0].legend)
    assert isinstance(found, LdtkArt)
    (only,) = found.project["levels"]
    assert not any(
        each["intGridCsv"] or each["gridTiles"] or each["entityInstances"] for each in only["layerInstances"]
    )
    assert found.project["toc"][0]["instancesData"] == []


def test_what_looks_otherwise_than_in_the_editor_is_told(tmp_path: Path) -> None:
    made = set_in(cave_project(), "defs/layers/1/autoRuleGroups/0/rules/0/perlinActive", True)
    made["levels"][1]["bgRelPath"] = "sky.png"
    first, second = read(write(tmp_path, made)).notes
    assert "Background pictures" in first
    assert "noise" in second


def test_entities_over_a_region_are_left_out_with_a_note(tmp_path: Path) -> None:
    made = cave_project()
    made["levels"][0]["layerInstances"][0]["entityInstances"][0] |= {"width": 80, "height": 64}
    data = read(write(tmp_path, made))
    assert any("regions" in note for note in data.notes)


def test_it_is_recognised_as_a_file_a_folder_and_beside_its_backups(tmp_path: Path) -> None:
    path = write(tmp_path, cave_project())
    write(tmp_path / "backups", tiles_project(), art=False)
    assert open_dataset(str(path)).groups == open_dataset(str(tmp_path)).groups == ("Cave", "Pool")


def test_a_zip_holds_all_that_a_project_refers_to(tmp_path: Path) -> None:
    write(tmp_path / "game", *external_project())
    with zipfile.ZipFile(tmp_path / "game.zip", "w") as archive:
        for path in sorted((tmp_path / "game").rglob("*.*")):
            archive.write(path, path.relative_to(tmp_path))
    zipped, plain = open_dataset(str(tmp_path / "game.zip")), open_dataset(str(tmp_path / "game"))
    assert zipped.notes == ()
    assert np.array_equal(drawn(zipped), drawn(plain))


def test_several_projects_or_levels_alone_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a", cave_project())
    write(tmp_path / "b", tiles_project())
    with pytest.raises(GenworldError, match="2 LDtk projects"):
        open_dataset(str(tmp_path))
    (tmp_path / "c").mkdir()
    (tmp_path / "c/Cave.ldtkl").write_text("{}")
    with pytest.raises(GenworldError, match="levels alone are not enough"):
        open_dataset(str(tmp_path / "c"))


@pytest.mark.parametrize("version", ["", "0.5.1", "2.0.0", "new", 7, None])
def test_versions_that_are_not_known_are_refused(tmp_path: Path, version: Any) -> None:
    with pytest.raises(GenworldError):
        read(write(tmp_path, cave_project(jsonVersion=version)))


@pytest.mark.parametrize("version", ["0.7.2", "1.6.0", "1.12.0"])
def test_versions_beside_the_known_ones_are_read_with_a_note(tmp_path: Path, version: str) -> None:
    data = read(write(tmp_path, cave_project(jsonVersion=version)))
    assert shown(data) == expected(CAVE)
    assert version in data.notes[0]


def test_nothing_painted_is_told(tmp_path: Path) -> None:
    empty = [cave_level("Bare", ("....", "...."))]
    with pytest.raises(GenworldError, match="Nothing is painted"):
        read(write(tmp_path, project(CAVE_LAYERS, empty)))


def set_in(made: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of a project with one entry replaced; `path` has keys and numbers."""
    made = copy.deepcopy(made)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    node: Any = made
    for part in parents:
        node = node[part]
    node[last] = value
    return made


LAYER = "levels/0/layerInstances/1"
HOSTILE = [
    ("defs", None),
    ("defs", []),
    ("defs/layers", {}),
    ("defs/layers/1", 3),
    ("defs/layers/1/gridSize", 0),
    ("defs/layers/1/gridSize", 10**12),
    ("defs/layers/1/gridSize", 2.5),
    ("defs/layers/1/uid", "x"),
    ("defs/layers/1/intGridValues", [1]),
    ("defs/tilesets/0/tileGridSize", 0),
    ("defs/tilesets/0/tileGridSize", 10**9),
    ("defs/tilesets/0/__cWid", -4),
    ("defs/tilesets/0/relPath", 7),
    ("defs/entities/0/width", -1),
    ("levels", {"a": 1}),
    ("levels", []),
    ("levels/0", None),
    ("levels/0/pxWid", 0),
    ("levels/0/pxWid", None),
    ("levels/0/pxWid", 10**9),
    ("levels/0/pxWid", 2**24),
    ("levels/0/pxHei", "tall"),
    ("levels/0/layerInstances", 3),
    (f"{LAYER}/intGridCsv", [1, 2, 3]),
    (f"{LAYER}/intGridCsv", ["a"] * 160),
    (f"{LAYER}/intGridCsv", [10**40] * 160),
    (f"{LAYER}/intGridCsv", [[1]] * 160),
    (f"{LAYER}/intGridCsv", [1, [2]] * 80),
    (f"{LAYER}/__cWid", 10**9),
    (f"{LAYER}/layerDefUid", [1]),
    ("levels/0/layerInstances/2/gridTiles", [1]),
    ("levels/0/layerInstances/2/gridTiles", [{"px": [0], "t": 1, "f": 0}]),
    ("levels/0/layerInstances/2/gridTiles", [{"px": [0, 0], "t": "1", "f": 0}]),
    ("levels/0/layerInstances/2/gridTiles", [{"px": [0, 0], "t": 10**30, "f": 0}]),
    ("levels/0/layerInstances/2/gridTiles", [{"px": [0, 0], "t": -5, "f": 0}]),
    ("levels/0/layerInstances/0/entityInstances/0/__grid", [1]),
    ("levels/0/layerInstances/0/entityInstances/0/__grid", None),
    ("levels/0/layerInstances/0/entityInstances/0/px", ["a", "b"]),
]


@pytest.mark.parametrize(("path", "value"), HOSTILE)
def test_what_is_wrong_is_told_in_a_sentence(tmp_path: Path, path: str, value: Any) -> None:
    with pytest.raises(GenworldError) as caught:
        read(write(tmp_path, set_in(cave_project(), path, value)))
    assert 30 < len(caught.value.sentence) < 400


HARMLESS = [
    ("levels/0/layerInstances/0/entityInstances/0/fieldInstances", 7),
    ("levels/0/layerInstances/0/entityInstances/0/__tile", {"tilesetUid": 10**6, "x": 10**6, "y": 0, "w": 9, "h": 9}),
    ("levels/0/layerInstances/0/entityInstances/0/px", [-(10**6), 10**6]),
    ("levels/0/layerInstances/0/entityInstances/0/__grid", [10**6, -3]),
    ("levels/0/layerInstances/2/gridTiles", [{"px": [-80, 10**6], "t": 1, "f": 0}]),
    ("levels/0/layerInstances/2/gridTiles", [{"px": [0, 0], "t": 2**30, "f": 99}]),
    ("defs/layers/1/autoSourceLayerDefUid", 12345),
    ("defs/layers/1/tilesetDefUid", 12345),
    ("defs/layers/1/tilePivotX", 10**6),
    ("defs/layers/1/pxOffsetX", 10**9),
    ("defs/layers/1/autoRuleGroups/0/rules/0/tileXOffset", 10**9),
    ("defs/layers/1/autoRuleGroups/0/rules/0/perlinActive", True),
    ("defs/layers/1/autoRuleGroups/0/rules/0/outOfBoundsValue", 10**6),
    ("defs/tilesets/0/relPath", "../../../../etc/passwd"),
    ("defs/tilesets/0/relPath", "C:\\tiles.png"),
    ("defs/tilesets/0/spacing", 10**6),
    ("levels/0/__bgColor", "red"),
    ("levels/0/identifier", "a" * 500),
    ("toc", 3),
    ("worlds", None),
    ("__proto__", {"levels": 3}),
]


@pytest.mark.parametrize(("path", "value"), HARMLESS)
def test_what_is_odd_is_read_and_drawn(tmp_path: Path, path: str, value: Any) -> None:
    data = read(write(tmp_path, set_in(cave_project(), path, value)))
    assert drawn(data).shape == (64, 160, 4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        '{"jsonVersion": "1.5.3", "defs": {}, "levels": NaN}',
        '{"jsonVersion": "1.5.3", "jsonVersion": "1.5.3"}',
        '{"jsonVersion": "1.5.3", "defs": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"jsonVersion": ' + "9" * 5000 + "}",
        '{"jsonVersion": "1.5.3", "defs": {}, "levels": [1e999]}',
        '{"jsonVersion": "1.5.3", "defs": {}, "levels": []}',
    ],
)
def test_text_that_is_no_project_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "world.ldtk").write_text(text)
    with pytest.raises(GenworldError):
        read(tmp_path / "world.ldtk")


def test_mutated_projects_are_read_or_refused(tmp_path: Path) -> None:
    raw = json.dumps(cave_project()).encode()
    rng = numpy_stream(7, "mutations")
    refused = 0
    for _ in range(60):
        data = bytearray(raw)
        for place in rng.integers(0, len(data), int(rng.integers(1, 6))):
            data[place] = int(rng.integers(32, 127))
        (tmp_path / "world.ldtk").write_bytes(bytes(data))
        try:
            read(tmp_path / "world.ldtk")
        except GenworldError:
            refused += 1
    assert 0 < refused < 60
