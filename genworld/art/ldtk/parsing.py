"""From the JSON of a project to its definitions; what older versions called otherwise is known here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genworld.art.ldtk.definitions import Definitions, Entity, Layer, Rect, Rule, RuleGroup, Tileset, Value
from genworld.art.ldtk.record import Colour, Record
from genworld.errors import GenworldError
from genworld.limits import NAME_LENGTH

GREY: Colour = (128, 128, 128)
SIDE = 9
"""The largest pattern of a rule."""
RULES = 4000
GRID = 512
"""The largest grid, in pixels."""


def definitions(project: Mapping[str, Any]) -> Definitions:
    """The definitions of a parsed project.

    Raises:
        GenworldError: an entry is missing or of the wrong kind, or there are more rules than `RULES`.
    """
    defs = Record(project.get("defs"), "'defs'")
    layers = tuple(_layer(raw) for raw in defs.records("layers", "layer"))
    count = sum(len(group.rules) for layer in layers for group in layer.groups)
    if count > RULES:
        raise GenworldError(f"An LDtk project may have {RULES:,} rules, but {count:,} came; remove those not in use.")
    tilesets = [_tileset(raw) for raw in defs.records("tilesets", "tileset")]
    entities = [_entity(raw) for raw in defs.records("entities", "entity")]
    return Definitions(layers, {each.uid: each for each in tilesets}, {each.uid: each for each in entities})


def _layer(raw: Record) -> Layer:
    kind = raw.text("type", raw.text("__type"))
    own = raw.whole("uid") if kind == "IntGrid" else raw.maybe("autoSourceLayerDefUid")
    # Until 1.0 the rules had a tileset of their own.
    tileset = raw.maybe("autoTilesetDefUid") if raw.maybe("tilesetDefUid") is None else raw.maybe("tilesetDefUid")
    return Layer(
        uid=raw.whole("uid"),
        name=raw.text("identifier", kind)[:NAME_LENGTH],
        kind=kind,
        grid=raw.whole("gridSize", 16, 1, GRID),
        offset=(raw.whole("pxOffsetX"), raw.whole("pxOffsetY")),
        opacity=min(max(raw.real("displayOpacity", 1.0), 0.0), 1.0),
        values=tuple(
            _value(value, place) for place, value in enumerate(raw.records("intGridValues", "value"), start=1)
        ),
        source=own,
        tileset=tileset,
        pivot=(raw.real("tilePivotX"), raw.real("tilePivotY")),
        groups=tuple(
            _group(group) for group in raw.records("autoRuleGroups", "rule group") if group.flag("active", True)
        ),
        unless=raw.maybe("autoTilesKilledByOtherLayerUid"),
        biome=raw.maybe("biomeFieldUid"),
    )


def _value(raw: Record, place: int) -> Value:
    return Value(
        number=raw.whole("value", place),
        name=raw.text("identifier")[:NAME_LENGTH],
        colour=raw.colour("color") or GREY,
        group=raw.whole("groupUid"),
    )


def _group(raw: Record) -> RuleGroup:
    return RuleGroup(
        uid=raw.whole("uid"),
        optional=raw.flag("isOptional"),
        biomes=raw.texts("requiredBiomeValues"),
        all_biomes=raw.whole("biomeRequirementMode") == 1,
        rules=tuple(_rule(rule) for rule in raw.records("rules", "rule") if rule.flag("active", True)),
    )


def _rule(raw: Record) -> Rule:
    size = raw.whole("size", 3, 1, SIDE)
    pattern = raw.wholes("pattern")
    if size % 2 == 0 or len(pattern) != size * size:
        raise raw.wrong("pattern", f"{size} x {size} values with an odd side")
    stamp = raw.text("tileMode") == "Stamp"
    noise = (raw.whole("perlinSeed"), raw.real("perlinScale", 0.2), raw.whole("perlinOctaves", 2))
    return Rule(
        uid=raw.whole("uid"),
        size=size,
        pattern=pattern,
        tiles=_alternatives(raw, stamp),
        stamp=stamp,
        alpha=min(max(raw.real("alpha", 1.0), 0.0), 1.0),
        chance=raw.real("chance", 1.0),
        breaks=raw.flag("breakOnMatch"),
        outside=raw.maybe("outOfBoundsValue"),
        flip_x=raw.flag("flipX"),
        flip_y=raw.flag("flipY"),
        modulo=(raw.whole("xModulo", 1, 1), raw.whole("yModulo", 1, 1)),
        offset=(raw.whole("xOffset"), raw.whole("yOffset")),
        checker=raw.text("checker", "None"),
        pivot=(raw.real("pivotX"), raw.real("pivotY")),
        shift=(raw.whole("tileXOffset"), raw.whole("tileYOffset")),
        jitter_x=(raw.whole("tileRandomXMin"), raw.whole("tileRandomXMax")),
        jitter_y=(raw.whole("tileRandomYMin"), raw.whole("tileRandomYMax")),
        noise=noise if raw.flag("perlinActive") else None,
    )


def _alternatives(raw: Record, stamp: bool) -> tuple[tuple[int, ...], ...]:
    """The tiles that one match may place: of a stamp all of one alternative, otherwise one alternative of one tile."""
    if raw.raw.get("tileIds") is not None:  # until 1.4
        tiles = raw.wholes("tileIds")
        return (tiles,) if stamp else tuple((tile,) for tile in tiles)
    alternatives = raw.items("tileRectsIds")
    return tuple(Record({"tiles": tiles}, raw.where).wholes("tiles") for tiles in alternatives)


def _tileset(raw: Record) -> Tileset:
    grid, spacing, padding = (
        raw.whole("tileGridSize", 16, 1, GRID),
        raw.whole("spacing", 0, 0),
        raw.whole("padding", 0, 0),
    )
    width, height = raw.whole("pxWid", 0, 0), raw.whole("pxHei", 0, 0)
    cached = raw.raw.get("cachedPixelData")
    tags: dict[int, list[str]] = {}
    for tag in raw.records("enumTags", "tag"):
        for tile in tag.wholes("tileIds"):
            tags.setdefault(tile, []).append(tag.text("enumValueId"))
    return Tileset(
        uid=raw.whole("uid"),
        name=raw.text("identifier")[:NAME_LENGTH],
        path="" if raw.raw.get("embedAtlas") else raw.text("relPath"),
        grid=grid,
        spacing=spacing,
        padding=padding,
        columns=raw.whole("__cWid", 0, 0) or max(1, (width - 2 * padding + spacing) // (grid + spacing)),
        rows=raw.whole("__cHei", 0, 0) or max(1, (height - 2 * padding + spacing) // (grid + spacing)),
        opaque=Record(cached, "cachedPixelData").text("opaqueTiles") if cached else "",
        tags={tile: tuple(names) for tile, names in tags.items()},
    )


def _entity(raw: Record) -> Entity:
    return Entity(
        uid=raw.whole("uid"),
        name=raw.text("identifier")[:NAME_LENGTH],
        tags=raw.texts("tags"),
        colour=raw.colour("color") or GREY,
        rect=rect_of(raw.raw.get("tileRect"), raw.maybe("tilesetId")),
        size=(raw.whole("width", 16, 1), raw.whole("height", 16, 1)),
        pivot=(raw.real("pivotX"), raw.real("pivotY")),
    )


def rect_of(raw: Any, tileset: int | None = None) -> Rect | None:
    """The part of a picture that an entity shows; None where it shows none.

    Args:
        raw: ``{tilesetUid, x, y, w, h}`` of 1.0 and later, or ``{tilesetUid, srcRect}`` of earlier versions.
        tileset: uid where `raw` names none.
    """
    if not isinstance(raw, dict):
        return None
    rect = Record(raw, "tile of an entity")
    uid = rect.maybe("tilesetUid")
    uid = tileset if uid is None else uid
    old = rect.wholes("srcRect")
    x, y, width, height = old if len(old) == 4 else (rect.whole(key) for key in "xywh")
    return None if uid is None or min(width, height) < 1 or min(x, y) < 0 else Rect(uid, x, y, width, height)
