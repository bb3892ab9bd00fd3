"""Tiled maps and tilesets: levels as TMX, tilesets and sprites as PNG and TSX.

A level's visible layers are the art, frame by frame as genworld draws it. What
each cell means stands in two hidden layers: "tiles", whose tileset has one tile
for each entry of the legend, and the object layer "objects".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from genworld.art import of_legend
from genworld.art.dressed import DressedArt
from genworld.art.tiled import TiledArt
from genworld.content import Legend, Level, Picture, Sprite, Tag, Tile
from genworld.library import Item
from genworld.limits import PICTURE_PIXELS
from genworld.packs.atlas import atlas, frames_json
from genworld.packs.licences import TILESET_ART
from genworld.packs.own import Projects, is_own
from genworld.packs.pack import Contents, PackFormat
from genworld.packs.slugs import numbered, slug
from genworld.packs.story import story
from genworld.packs.tiled_xml import (
    Element,
    TilesetTile,
    Value,
    add_properties,
    add_tiles,
    document,
    element,
    map_root,
    tileset,
)
from genworld.render import Tileset, layout, load_tileset, picture, png_bytes
from genworld.render.layout import ours

MARKED = (Tag.START, Tag.GOAL, Tag.KEY, Tag.ENEMY, Tag.ITEM)
"""Tags whose cells become objects; the first that a tile has is the type of its object."""

LEGEND_COLUMNS = 16

Files = dict[str, bytes]
Paths = dict[int, list[str]]
"""The files of each item, by its place among the items."""


OPENING = {
    "level": "In Tiled (https://www.mapeditor.org) open any file of levels/. The visible layers are the\n"
    'art. Two layers are hidden until you click their eye: "tiles" holds what each cell means, one tile of the\n'
    'legend each, and "objects" marks start, goal, keys, enemies and items.',
    "sprite": "Sprites stand one by one in sprites/, and together in its atlas, which opens in Tiled\n"
    "(https://www.mapeditor.org) as a tileset.",
}

OWN_OPENING = (
    "Levels in your own tiles lie where your map lay in its project, in the same tilesets and layers, with\n"
    "what they refer to beside them: open them as you open your own, or copy them into your project."
)


def write(items: Sequence[Item]) -> Contents:
    """Levels as ``levels/*.tmx`` with ``tilesets/``, sprites as ``sprites/*.png`` with atlases.

    Levels that were learned from maps of Tiled go back into their own tilesets and layers, and dressed ones into the
    tileset that was chosen for them.
    """
    return lay_out(items, frozenset({TiledArt.kind, DressedArt.kind}))


def lay_out(items: Sequence[Item], own: frozenset[str]) -> Contents:
    """Items as files, those of a person's own maps in their own format.

    Args:
        items: any.
        own: kinds of art whose levels are written back where they came from.
    """
    files: Files = {}
    paths: Paths = {}
    projects = Projects(files)
    levels: list[tuple[int, Item, Level]] = []
    sprites: list[tuple[int, Item, Sprite]] = []
    for place, item in enumerate(items):
        if isinstance(item.example, Sprite):
            sprites.append((place, item, item.example))
        elif is_own(item.example, own):
            paths[place] = projects.add(item)
        else:
            levels.append((place, item, item.example))
    opening = [
        *([OWN_OPENING] if paths else []),
        *([OPENING["level"]] if levels else []),
        *([OPENING["sprite"]] if sprites else []),
    ]
    art = [TILESET_ART] if any(of_legend(level.legend) is None for _, _, level in levels) else []
    paths |= {**_write_levels(levels, files), **_write_sprites(sprites, files)}
    return Contents(files, [paths[place] for place in range(len(items))], art, opening)


TILED = PackFormat(
    name="tiled",
    title="Tiled",
    summary="Levels as Tiled maps (TMX), tilesets and sprites as PNG and TSX; Tiled and most engines open them.",
    opening=OPENING,
    write=write,
)


def _write_levels(levels: Sequence[tuple[int, Item, Level]], files: Files) -> Paths:
    legends = list(dict.fromkeys(level.legend for _, _, level in levels))
    stems = [f"legend-{stem}" for stem in numbered([legend.name for legend in legends], "legend")]
    stem_of = dict(zip(legends, stems, strict=True))
    for name in dict.fromkeys(ours(legend) for legend in legends if of_legend(legend) is None):
        files.update(_art(load_tileset(name)))
    for legend, stem in stem_of.items():
        files.update(_meaning(legend, stem))
    paths: Paths = {}
    names = numbered([item.name for _, item, _ in levels], "level")
    for (place, item, level), name in zip(levels, names, strict=True):
        paths[place] = [f"levels/{name}.tmx"]
        files[paths[place][0]] = document(_map(item, level, stem_of[level.legend]))
    return paths


def _art(tiles: Tileset) -> Files:
    stem = slug(tiles.name, "tileset")
    size = (tiles.tile_size, tiles.tile_size)
    named = [TilesetTile(name, {}) for name in tiles.frame_names]
    return _tileset_files(f"tilesets/{stem}", tiles.name, tiles.atlas, size, named)


def _meaning(legend: Legend, stem: str) -> Files:
    icons = [picture(Level(np.array([[k]], dtype=np.uint8), legend)) for k in range(len(legend.tiles))]
    sheet = atlas(icons, LEGEND_COLUMNS)
    named = [TilesetTile(tile.name, _facts(tile)) for tile in legend.tiles]
    return _tileset_files(f"tilesets/{stem}", f"legend {legend.name}", sheet.picture, sheet.cell, named)


def _facts(tile: Tile) -> dict[str, Value]:
    return {"char": tile.char, **{tag.value: True for tag in sorted(tile.tags)}}


def _tileset_files(path: str, name: str, image: Picture, cell: tuple[int, int], tiles: Sequence[TilesetTile]) -> Files:
    height, width = image.shape[:2]
    tsx = document(tileset(name, f"{path.rsplit('/', 1)[1]}.png", (height, width), cell, tiles))
    return {f"{path}.png": png_bytes(image), f"{path}.tsx": tsx}


def _map(item: Item, level: Level, legend_stem: str) -> Element:
    """A level drawn with a tileset of ours; in a person's own art what each cell means is also what it shows."""
    art = of_legend(level.legend)
    if art is not None:
        root = _root(level, art.tile, 0)
        add_properties(root, _story(item, level))
        element(root, "tileset", firstgid=1, source=f"../tilesets/{legend_stem}.tsx")
        _add_meaning(root, level, 0, 1, art.tile, visible=True)
        return root
    drawn = layout(level)
    tiles, side = drawn.tileset, drawn.tileset.tile_size
    layers = len(drawn.layers)
    root = _root(level, (side, side), layers)
    add_properties(root, _story(item, level))
    first = 1 + tiles.atlas.shape[0] // side * tiles.columns
    element(root, "tileset", firstgid=1, source=f"../tilesets/{slug(tiles.name, 'tileset')}.tsx")
    element(root, "tileset", firstgid=first, source=f"../tilesets/{legend_stem}.tsx")
    for number, (name, frames) in enumerate(drawn.layers, start=1):
        # Frame -1 is an empty cell, which Tiled writes as 0.
        add_tiles(root, number, name, (frames + 1).astype(np.uint32), visible=True, properties={})
    _add_meaning(root, level, layers, first, (side, side), visible=False)
    return root


def _root(level: Level, cell: tuple[int, int], layers: int) -> Element:
    """``<map>`` of a level with this many layers of art, and cells of (height, width) pixels."""
    objects = int(level.legend.has(level.tiles, *MARKED).sum())
    return map_root((level.height, level.width), cell, layers + 2, objects)


def _add_meaning(root: Element, level: Level, layers: int, first: int, cell: tuple[int, int], *, visible: bool) -> None:
    """The layer of what each cell means, whose tiles start at id `first`, and the objects."""
    meaning = {"about": f"What each cell means: tile {first} + k is entry k of legend {level.legend.name}."}
    add_tiles(root, layers + 1, "tiles", level.tiles + np.uint32(first), visible=visible, properties=meaning)
    _add_objects(root, layers + 2, list(_marks(level)), cell)


def _story(item: Item, level: Level) -> dict[str, Value]:
    facts = story(item)
    return {**facts, "legend": level.legend.name, "style": level.legend.style.value}


Mark = tuple[str, Tile, int, int]
"""Type, tile, row and column of an object."""


def _marks(level: Level) -> Iterator[Mark]:
    kinds = [next((tag.value for tag in MARKED if tag in tile.tags), "") for tile in level.legend.tiles]
    for row, column in np.argwhere(level.legend.has(level.tiles, *MARKED)).tolist():
        tile = int(level.tiles[row, column])
        yield kinds[tile], level.legend.tiles[tile], row, column


def _add_objects(root: Element, number: int, marks: Sequence[Mark], cell: tuple[int, int]) -> None:
    # Hidden, because Tiled draws a grey frame over each; whoever reads the file finds them all the same.
    group = element(root, "objectgroup", id=number, name="objects", visible=0)
    for index, (kind, tile, row, column) in enumerate(marks, start=1):
        height, width = cell
        place: dict[str, Value] = {"x": column * width, "y": row * height, "width": width, "height": height}
        element(group, "object", id=index, name=tile.name, type=kind, **place)


def _write_sprites(sprites: Sequence[tuple[int, Item, Sprite]], files: Files) -> Paths:
    paths: Paths = {}
    names = [f"{stem}.png" for stem in numbered([item.name for _, item, _ in sprites], "sprite")]
    for (place, _, sprite), name in zip(sprites, names, strict=True):
        files[f"sprites/{name}"] = png_bytes(sprite.pixels)
        paths[place] = [f"sprites/{name}"]
    for number, some in enumerate(_batches([sprite for _, _, sprite in sprites]), start=1):
        stem = "atlas" if number == 1 else f"atlas-{number}"
        files.update(_sheet(stem, [(item, sprite) for _, item, sprite in sprites[some]], names[some]))
        for place, _, _ in sprites[some]:
            paths[place].append(f"sprites/{stem}.png")
    return paths


def _batches(sprites: Sequence[Sprite]) -> list[slice]:
    """What goes into each atlas: as much as a picture of bounded size holds."""
    if not sprites:
        return []
    cell = max(sprite.height for sprite in sprites) * max(sprite.width for sprite in sprites)
    most = max(1, PICTURE_PIXELS // cell)
    return [slice(start, start + most) for start in range(0, len(sprites), most)]


def _sheet(stem: str, sprites: Sequence[tuple[Item, Sprite]], names: Sequence[str]) -> Files:
    pictures = [sprite.pixels for _, sprite in sprites]
    sheet = atlas(pictures)
    named = [TilesetTile(item.name, {"file": name}) for (item, _), name in zip(sprites, names, strict=True)]
    files = _tileset_files(f"sprites/{stem}", "sprites", sheet.picture, sheet.cell, named)
    return {**files, f"sprites/{stem}.json": frames_json(sheet, f"{stem}.png", pictures, names)}
