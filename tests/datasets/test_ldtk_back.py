"""From a project to a model and back: what is written is the person's own project, and says the same when it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ldtk_samples import CAVE, cave_project, external_project, old_project, tiles_project, write

from genworld import art, packs, sampling
from genworld.art.ldtk import LdtkArt
from genworld.content import Level
from genworld.datasets import Dataset
from genworld.datasets.ldtk import read
from genworld.errors import GenworldError
from genworld.learning import learn
from genworld.library import Item
from genworld.packs.own.ldtk import LDTK
from genworld.provenance import ImportOrigin

FACTS = {"model": "caves", "seed": "3"}


def art_of(data: Dataset) -> LdtkArt:
    found = art.of_legend(data.levels[0].legend)
    assert isinstance(found, LdtkArt)
    return found


def written(data: Dataset, level: Level, stem: str = "world-01") -> dict[str, Any]:
    """The project of a level."""
    ((path, raw),) = LDTK.write(level, art_of(data), stem, FACTS).items()
    assert path == f"{stem}.ldtk"
    parsed: dict[str, Any] = json.loads(raw)
    return parsed


def layers(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (level,) = made["levels"] or made["worlds"][0]["levels"]
    return {each["__identifier"]: each for each in level["layerInstances"]}


def names(data: Dataset, number: int = 0) -> list[list[str]]:
    level = data.levels[number]
    return [[level.legend.tiles[tile].name for tile in row] for row in level.tiles]


def in_world() -> dict[str, Any]:
    made = cave_project()
    world = {"identifier": "World", "iid": "world", "levels": made["levels"]}
    return {**made, "levels": [], "worlds": [world]}


PROJECTS = [
    pytest.param((cave_project(), {}), id="1.5"),
    pytest.param((old_project(), {}), id="0.9"),
    pytest.param((tiles_project(), {}), id="tiles"),
    pytest.param((in_world(), {}), id="worlds"),
    pytest.param(external_project(), id="external"),
]


@pytest.mark.parametrize("made", PROJECTS)
def test_what_is_written_is_read_as_the_same_level(tmp_path: Path, made: tuple[Any, Any]) -> None:
    data = read(write(tmp_path / "a", *made))
    for number, level in enumerate(data.levels):
        path = write(tmp_path / f"b{number}", written(data, level))
        again = read(path)
        assert names(again) == names(data, number)
        assert np.array_equal(art_of(again).draw(again.levels[0].tiles), art_of(data).draw(level.tiles))


@pytest.mark.parametrize("made", PROJECTS)
def test_definitions_stay_as_they_are(tmp_path: Path, made: tuple[Any, Any]) -> None:
    data = read(write(tmp_path, *made))
    back = written(data, data.levels[0])
    assert back["defs"] == made[0]["defs"]
    changed = {"levels", "worlds", "nextUid", "iid", "toc", "__header__", "externalLevels"}
    assert {key for key in made[0] if back[key] != made[0][key]} <= changed
    assert back.keys() == made[0].keys()


def test_a_learned_level_goes_back_with_tiles_of_its_rules(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()))
    model = sampling.open_model(str(learn(data, folder=tmp_path / "model").folder))
    (sampled,) = sampling.sample(model, seed=1, count=1, size=(10, 30))
    level = sampled.example
    assert isinstance(level, Level)
    again = read(write(tmp_path / "back", written(data, level)))
    assert names(again) == [[level.legend.tiles[tile].name for tile in row] for row in level.tiles]
    walls = layers(written(data, level))["Collisions"]
    assert (walls["__cWid"], walls["__cHei"]) == (30, 10)
    placed = {(tile["px"][0] // 8, tile["px"][1] // 8) for tile in walls["autoLayerTiles"]}
    painted = {(place % 30, place // 30) for place, value in enumerate(walls["intGridCsv"]) if value}
    assert placed <= painted
    assert placed, "rules place tiles in walls and water"


def test_tiles_of_rules_name_their_rule_and_cell(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()))
    tiles = layers(written(data, data.levels[0]))["Collisions"]["autoLayerTiles"]
    top = [tile for tile in tiles if tile["d"] == [61, 7 * len(CAVE[0]) + 4]]
    assert top == [{"px": [32, 56], "src": [0, 8], "f": 0, "t": 4, "d": [61, 144], "a": 1}]


def test_hand_placed_tiles_keep_their_order_and_flips(tmp_path: Path) -> None:
    data = read(write(tmp_path, tiles_project()))
    back = layers(written(data, data.levels[0]))
    stack = [(tile["t"], tile["f"]) for tile in back["Decoration"]["gridTiles"] if tile["px"] == [16, 8]]
    assert stack == [(3, 0), (10, 2)]
    assert [tile["d"] for tile in back["Ground"]["gridTiles"]] == [[place] for place in range(32)]


def test_entities_stand_where_their_tile_is_and_refer_to_nothing_that_is_gone(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()))
    legend = data.levels[0].legend
    player = next(number for number, tile in enumerate(legend.tiles) if tile.name == "Player")
    empty = next(number for number, tile in enumerate(legend.tiles) if tile.name == "empty")
    tiles = np.full((6, 9), empty, np.uint8)
    tiles[4, 7] = tiles[1, 8] = player
    first, second = layers(written(data, Level(tiles, legend)))["Entities"]["entityInstances"]
    assert (second["__grid"], second["px"]) == ([7, 4], [60, 40])
    assert (first["__grid"], first["__worldX"], first["__worldY"]) == ([8, 1], 68, 16)
    assert len({first["iid"], second["iid"], "Player-2-2"}) == 3
    assert first["fieldInstances"][0]["__value"] is None, "a reference"
    assert first["fieldInstances"][1]["__value"] == [], "a point beside it, outside the level"
    assert second["fieldInstances"][1]["__value"] == [{"cx": 8, "cy": 4}], "a point beside it"
    assert second["fieldInstances"][1]["realEditorValues"] == [{"id": "V_String", "params": ["8,4"]}]


def test_numbers_and_names_of_a_new_level_are_its_own(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()))
    back, other = written(data, data.levels[0]), written(data, data.levels[1], "world-02")
    (level,) = back["levels"]
    assert (level["uid"], back["nextUid"], level["identifier"]) == (100, 101, "World_01")
    assert {each["levelId"] for each in level["layerInstances"]} == {100}
    assert level["__neighbours"] == []
    assert back["toc"][0]["instancesData"] == []
    assert level["iid"] != other["levels"][0]["iid"]
    assert written(data, data.levels[0]) == back, "written alike twice"
    assert back["__header__"]["genworld"] == FACTS


def test_what_lies_beside_is_named_relative_to_the_project(tmp_path: Path) -> None:
    write(tmp_path / "game/maps", cave_project())
    data = read(tmp_path / "game")
    found = art_of(data)
    assert LDTK.place(found) == "maps/world.ldtk"
    assert list(LDTK.write(data.levels[0], found, "world-01", {})) == ["maps/world-01.ldtk"]
    assert list(LDTK.beside(found)) == ["maps/art/tiles.png"]


def test_levels_of_another_art_are_refused(tmp_path: Path) -> None:
    data = read(write(tmp_path, cave_project()))

    class Other:
        name, kind = "x", "other"

    with pytest.raises(GenworldError, match="LDtk"):
        LDTK.write(data.levels[0], Other(), "x", {})  # type: ignore[arg-type]


def test_straight_into_the_folder_of_the_project(tmp_path: Path) -> None:
    project = write(tmp_path, cave_project())
    data = read(project)
    level = data.levels[0]
    source, origin = data.source, ImportOrigin(file=project.name, digest="a" * 64)
    item = Item(1, "level", "made", level, origin, "Caves", source, level.digest, "2026-11-20T12:00:00Z")
    before = project.read_bytes()
    made = packs.write_into(tmp_path, [item, item])
    assert [path.name for path in made] == [f"{project.stem}-0{number}.ldtk" for number in (1, 2)]
    assert project.read_bytes() == before
    alone = read(made[0])
    assert len(alone.levels) == 1
    assert np.array_equal(alone.levels[0].tiles.shape, level.tiles.shape)
