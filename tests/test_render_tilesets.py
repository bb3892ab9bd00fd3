"""The tilesets: the pictures are what their script draws, and every tile of every legend has one."""

from __future__ import annotations

import importlib
import json
import sys

import numpy as np
import pytest
from PIL import Image

from genworld.content import Legend, Level, Style, Tile, parse_tags
from genworld.datasets.builtin import BUILTIN
from genworld.paths import shipped
from genworld.render import layout, load_tileset, picture
from genworld.render.shapes import SHAPES
from genworld.render.tileset import plain

FOLDER = shipped("assets") / "tilesets"
TILESETS = ("dungeon", "overworld", "city", "interiors", "platformer")

KNOWN = {
    "freedoom": (
        "dungeon",
        "wall / void: solid|indoor floor: passable|outdoor floor (open sky): passable|"
        "water or harmless liquid: passable liquid|damaging floor (lava, slime): passable hazard|"
        "door, lift or other moving sector: passable door|player start: passable start|exit: passable goal|"
        "key: passable key|item: passable item|monster: passable enemy|explosive barrel: solid hazard",
    ),
    "boxoban": (
        "dungeon",
        "wall: solid|floor: passable|player: passable start|box: solid pushable|target: passable goal",
    ),
    "overcooked": (
        "interiors",
        "counter: solid|floor: passable|pot: solid device|onion dispenser: solid item|tomato dispenser: solid item|"
        "dish dispenser: solid item|serving window: solid goal|start of player 1: passable start|"
        "start of player 2: passable start|start of player 3: passable start|start of player 4: passable start",
    ),
    "overworld_etopo": (
        "overworld",
        "deep water: solid liquid|shallow water: solid liquid|beach: passable|grassland: passable|desert: passable|"
        "forest: passable|hills: passable|mountains: solid|snow and ice: passable",
    ),
    "replica_island": (
        "platformer",
        "solid ground (includes slopes and unreachable inside): solid|air: passable empty|player start: passable start|"
        "coin: passable item|ruby: passable item|diary: passable goal|character (not an enemy): passable|"
        "enemy or enemy spawner: passable enemy hazard|door: solid door|button: passable device|cannon: passable device|"
        "breakable block: solid breakable|deadly spot (pit, spikes): passable hazard|"
        "level end or terminal: passable goal",
    ),
    "vglc_kid_icarus": (
        "platformer",
        "ground: solid|air: passable empty|door: solid goal|hazard: solid hazard|moving platform: solid-top|"
        "platform: solid-top",
    ),
    "vglc_lode_runner": (
        "platformer",
        "solid brick: solid|diggable brick: solid breakable|empty: passable empty|rope: passable climbable|"
        "ladder: passable climbable|gold: passable goal|enemy: hazard enemy|player: passable start",
    ),
    "vglc_mega_man": (
        "platformer",
        "void outside the level: void|solid: solid|air: passable empty|breakable: solid breakable|spikes: solid hazard|"
        "ladder: passable climbable|large health: passable item|small health: passable item|large ammo: passable item|"
        "small ammo: passable item|extra life: passable item|special item: passable item|upgrade: passable item|"
        "moving platform: solid|player: passable start|cannon: solid hazard|door: solid door|fake solid: passable",
    ),
    "vglc_rainbow_islands": ("platformer", "air: passable empty|platform: solid-top|ground or goal tile: solid"),
    "vglc_smb": (
        "platformer",
        "ground: solid|breakable brick: solid breakable|sky: passable empty|full question block: solid|"
        "empty question block: solid|enemy: hazard enemy|pipe top left: solid|pipe top right: solid|pipe left: solid|"
        "pipe right: solid|coin: passable item|cannon top: solid hazard|cannon base: solid",
    ),
    "vglc_zelda": (
        "dungeon",
        "floor: passable|block: solid|monster: passable enemy|lava or water: solid liquid hazard|"
        "liquid and floor: passable liquid|liquid and block: solid liquid|door: passable door|stair: passable goal|"
        "wall: solid|void: void",
    ),
}
"""Tileset and tiles (name: tags) of the legends that people are known to bring."""


def legend(name: str) -> Legend:
    tileset, rows = KNOWN[name]
    tiles = []
    for index, row in enumerate(rows.split("|")):
        title, _, tags = row.rpartition(":")
        tiles.append(Tile(chr(0x100 + index), title, parse_tags(tags.split())))
    return Legend(name, Style.TOP_DOWN, tuple(tiles), tileset)


LEGENDS = [legend(name) for name in KNOWN] + [world.legend for world in BUILTIN.values()]


@pytest.fixture(scope="module")
def script():
    sys.path.insert(0, str(FOLDER))
    try:
        yield importlib.import_module("draw")
    finally:
        sys.path.remove(str(FOLDER))


def test_every_tileset_has_its_script(script):
    assert set(script.TILESETS) == set(TILESETS) == {path.stem for path in FOLDER.glob("*.png")}


@pytest.mark.parametrize("name", TILESETS)
def test_the_script_draws_what_is_shipped(script, name):
    book = script.TILESETS[name]()
    with Image.open(FOLDER / f"{name}.png") as image:
        assert np.array_equal(np.asarray(image.convert("RGBA")), book.atlas())
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == book.text()


@pytest.mark.parametrize("name", TILESETS)
def test_one_palette(script, name):
    palette = importlib.import_module("draw.palette")
    assert 32 <= len(palette.COLOUR) <= 52
    atlas = load_tileset(name).atlas
    used = {tuple(colour) for colour in np.unique(atlas[atlas[..., 3] == 255][:, :3], axis=0).tolist()}
    mixed = used - set(palette.COLOUR.values())
    assert len(mixed) <= 12, "only the shaded inner corners of walls mix colours"


@pytest.mark.parametrize("name", TILESETS)
def test_the_description_is_whole(name):
    tileset = load_tileset(name)
    raw = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert len(raw["frames"]) == tileset.frames
    assert all(frame.strip() for frame in tileset.frame_names)
    for rule in tileset.rules:
        assert rule.layer in tileset.layers
        assert set(rule.alike + rule.against + rule.on) <= set(tileset.kinds), rule
        assert set(rule.where) <= {*tileset.kinds, "*"}, rule
        for chosen, weight in rule.sets:
            assert weight > 0
            if chosen and rule.shape != "scene":
                assert tileset.sets[chosen][1] == SHAPES[rule.shape].count
    for _, stamp in tileset.fallback:
        assert stamp in tileset.by_name


@pytest.mark.parametrize("name", TILESETS)
def test_no_tile_name_is_claimed_twice(name):
    named = [each for stamp in load_tileset(name).stamps for each in stamp.names]
    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("known", LEGENDS, ids=[each.name for each in LEGENDS])
def test_every_tile_is_known_by_its_name(known):
    tileset = load_tileset(known.tileset)
    unknown = [tile.name for tile in known.tiles if plain(tile.name) not in tileset.by_name]
    assert unknown == []


@pytest.mark.parametrize("tileset", TILESETS)
@pytest.mark.parametrize("known", LEGENDS, ids=[each.name for each in LEGENDS])
def test_every_tile_is_drawn_by_every_tileset(known, tileset):
    """The lowest layer draws every cell, and what stands on the ground has a frame of its own above it."""
    chosen = load_tileset(tileset)
    ids = np.arange(len(known.tiles), dtype=np.uint8)
    drawn = layout(Level(np.repeat(np.repeat(ids[None], 3, axis=0), 2, axis=1), known), chosen)
    assert (drawn.layers[0][1] >= 0).all()
    own = [frames[1, ::2] >= 0 for name, frames in drawn.layers if name.split()[0] not in ("edges", "shadow", "decor")]
    depth = np.sum(own, axis=0)
    missing = [
        tile.name for tile, layers in zip(known.tiles, depth, strict=True) if layers < 2 and chosen.stamp(tile).kind
    ]
    assert missing == []


def test_tiles_of_unknown_names_go_by_their_tags():
    tileset = load_tileset("dungeon")
    assert tileset.stamp(Tile("?", "xyzzy", parse_tags(["enemy", "passable"]))).kind == "monster"
    assert tileset.stamp(Tile("?", "xyzzy", parse_tags(["solid"]))).kind == "wall"


def test_tiles_of_unknown_names_go_by_a_known_word_in_them():
    tileset = load_tileset("dungeon")
    assert tileset.stamp(Tile("?", "Rusty_Key", parse_tags([]))).kind == "key"


@pytest.mark.parametrize("tileset", TILESETS)
def test_tiles_without_a_clue_are_blocks_with_their_initial(tileset):
    tiles = (Tile("q", "Quux", frozenset()), Tile("1", "123", frozenset()))
    shown = Level(np.array([[0, 1]], dtype=np.uint8), Legend("odd", Style.TOP_DOWN, tiles, tileset))
    drawn = layout(shown)
    names = [drawn.tileset.frame_names[frame] for frame in dict(drawn.layers)["things"][0]]
    assert names == ["block with Q", "block with ?"]
    assert not np.array_equal(picture(shown)[:, :16], picture(shown)[:, 16:])
