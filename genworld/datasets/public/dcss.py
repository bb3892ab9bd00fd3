"""Dungeon Crawl Stone Soup: people, monsters, things, textures, and layers to dress people in.

Taken is the release that the project's own people vetted in November 2015, and of that nothing whose file name is on
their list of tiles with an unclear licence.
"""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from genworld.datasets.paperdoll import PARTS, TABLE, Pattern
from genworld.datasets.public.sets import Part, PublicSet, Taken
from genworld.errors import GenworldError
from genworld.seeding import numpy_stream

RELEASE = "releases/Nov-2015/"
EXCLUDED = "TILES_UNDER_UNKNOWN_LICENSE.md"
TEXTS = ("README.md", "ARTISTS.md", EXCLUDED)
SIDE = 32
DOLLS = 2_400
CREDIT = "Tiles by the artists of Dungeon Crawl Stone Soup (CC0)"

CHARACTERS = {
    "mon": "humanoids",
    "mon/abyss": "aberrations",
    "mon/amorphous": "aberrations",
    "mon/animals": "animals",
    "mon/aquatic": "aquatic",
    "mon/demons": "demons",
    "mon/demonspawn": "demons",
    "mon/draco": "draconians",
    "mon/dragons": "dragons",
    "mon/eyes": "aberrations",
    "mon/fungi_plants": "fungi_plants",
    "mon/holy": "holy",
    "mon/nonliving": "nonliving",
    "mon/spriggan": "humanoids",
    "mon/sprint": "special",
    "mon/undead": "undead",
    "mon/unique": "unique",
    "mon/vault": "special",
    "UNUSED/monsters": "unused_monsters",
}
"""Class of the pictures of each folder of the release."""
OBJECTS = {
    "dngn/altars": "altars",
    "dngn/gateways": "gateways",
    "dngn/statues": "statues",
    "dngn/traps": "traps",
    "dngn/trees": "trees",
    "item/amulet": "jewellery",
    "item/armour": "armour",
    "item/book": "books_scrolls",
    "item/food": "food",
    "item/gold": "treasure",
    "item/misc": "misc",
    "item/potion": "potion",
    "item/ring": "jewellery",
    "item/rod": "magic_staves",
    "item/scroll": "books_scrolls",
    "item/staff": "magic_staves",
    "item/wand": "magic_staves",
    "item/weapon": "weapon",
    "mon/statues": "statues",
    "UNUSED/armour": "armour",
    "UNUSED/food": "food",
    "UNUSED/weapons": "weapon",
}
SCENERY = {"dngn/floor": "floor", "dngn/wall": "wall", "dngn/water": "water"}

FILLED = {
    "cloak": 0.32,
    "base": 1.0,
    "boots": 0.65,
    "legs": 0.68,
    "body": 0.92,
    "gloves": 0.29,
    "hair": 0.56,
    "beard": 0.1,
    "head": 0.49,
    "hand1": 0.85,
    "hand2": 0.39,
}
"""Layers in drawing order, and the share of people who wear one: our choice."""
_BODILESS = ("centaur", "djinni", "felid", "gnome", "naga", "octopode", "shadow")
"""Bases that boots and legs do not fit."""
_VARIANT = re.compile(r"-[cs]$")
"""Marks copies of a layer for centaurs and for the short."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PART = re.compile(r"[\w-][\w.-]{0,79}")


def wanted(path: str) -> bool:
    """Whether a file is a picture of ours or a text about licences."""
    inside = path.removeprefix(RELEASE)
    return path in TEXTS or (path.startswith(RELEASE) and path.endswith(".png") and _folder(inside) is not None)


def _folder(inside: str) -> str | None:
    """The folder of the release that decides what a picture is; None for those that are not taken."""
    parts = PurePosixPath(inside).parts
    folder = "/".join(parts[:2]) if len(parts) > 2 else parts[0]
    slot = parts[1] if len(parts) > 2 and parts[0] == "player" else ""
    known = folder in CHARACTERS or folder in OBJECTS or folder in SCENERY
    return folder if known or slot in FILLED else None


def excluded(text: str) -> frozenset[str]:
    """The file names on the list of tiles with an unclear licence, wherever they stand."""
    return frozenset(PurePosixPath(path).name for path in re.findall(r"[\w./-]+\.png", text))


def convert(taken: Taken) -> list[Part]:
    """Dressed people, characters, things and textures, each a data set."""
    unclear = excluded(taken[EXCLUDED].decode("utf-8", "replace"))
    texts = {name: taken[name] for name in TEXTS}
    pictures = {
        path.removeprefix(RELEASE): raw
        for path, raw in sorted(taken.items())
        if path.startswith(RELEASE) and PurePosixPath(path).name not in unclear and _fits(raw)
    }
    return [
        Part("dcss-adventurers", "Dungeon Crawl adventurers", "paperdoll", _below("dcss", _wardrobe(pictures), texts)),
        Part(
            "dcss-characters", "Dungeon Crawl characters", "images", _sorted(pictures, "characters", CHARACTERS, texts)
        ),
        Part("dcss-objects", "Dungeon Crawl objects", "images", _sorted(pictures, "objects", OBJECTS, texts)),
        Part("dcss-scenery", "Dungeon Crawl scenery", "images", _sorted(pictures, "scenery", SCENERY, texts)),
    ]


def _fits(raw: bytes) -> bool:
    """Whether a picture is a PNG of one tile's size, as its header says."""
    return raw.startswith(_PNG) and len(raw) >= 24 and struct.unpack(">II", raw[16:24]) == (SIDE, SIDE)


def _below(folder: str, *files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": raw for each in files for name, raw in each.items()}


def _sorted(pictures: Taken, folder: str, classes: Mapping[str, str], texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Pictures by class; of two with one name the second is called after its folder, too."""
    found: dict[str, bytes] = {}
    for path, raw in pictures.items():
        of = classes.get(_folder(path) or "")
        if of is None:
            continue
        name = f"{of}/{PurePosixPath(path).name}"
        found[name if name not in found else f"{of}/{path.replace('/', '_')}"] = raw
    if not found:
        raise _nothing(folder)
    return _below(folder, found, texts)


def _nothing(folder: str) -> GenworldError:
    return GenworldError(
        f"Expected {folder} in {RELEASE} of the tiles of Dungeon Crawl, but there are none; tell us, and use another set."
    )


def _wardrobe(pictures: Taken) -> dict[str, bytes]:
    """Layers by slot, and a table of people dressed by chance."""
    layers: dict[str, dict[str, bytes]] = {slot: {} for slot in FILLED}
    for path, raw in pictures.items():
        parts, stem = PurePosixPath(path).parts, PurePosixPath(path).stem
        if parts[0] == "player" and _is_layer(parts[1], stem):
            layers[parts[1]].setdefault(stem, raw)
    if not layers["base"]:
        raise _nothing("people to dress")
    found = {f"{PARTS}/{slot}/{stem}.png": raw for slot, each in layers.items() for stem, raw in each.items()}
    return {**found, TABLE: _table({slot: tuple(sorted(each)) for slot, each in layers.items() if each})}


def _is_layer(slot: str, stem: str) -> bool:
    bare = slot == "base" and stem.startswith(_BODILESS)
    return slot in FILLED and not bare and not _VARIANT.search(stem) and _PART.fullmatch(stem) is not None


def _table(parts: Mapping[str, tuple[str, ...]]) -> bytes:
    """People dressed by chance, one a line, the same whenever this is done."""
    covered = {"hair": "head"} if "head" in parts else {}
    pattern = Pattern(tuple(parts), parts, FILLED, {slot: by for slot, by in covered.items() if slot in parts})
    dolls = (pattern.dress(numpy_stream(0, f"dcss/{index}")) for index in range(DOLLS))
    return _csv(
        ("file", *parts),
        ((f"{index:04d}", *(doll.get(slot, "") for slot in parts)) for index, doll in enumerate(dolls)),
    )


def _csv(head: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue().encode()


SET = PublicSet(
    name="dcss",
    title="Dungeon Crawl Stone Soup tiles",
    holds="people to dress, characters, things, floors and walls, 32 x 32; about 6 MB",
    url="https://github.com/crawl/tiles",
    commit="a6ea1655db5c044829d9eea19a232fa6fcac87b0",
    wanted=wanted,
    convert=convert,
    parts=("dcss-adventurers", "dcss-characters", "dcss-objects", "dcss-scenery"),
    licence="CC0-1.0",
    credit=CREDIT,
    page="https://github.com/crawl/tiles",
)
