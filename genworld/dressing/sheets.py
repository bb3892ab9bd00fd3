"""A person's tileset from the files that they brought: pictures, and Tiled's descriptions of them where there are any."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

import numpy as np

from genworld import limits
from genworld.art.dressed import MOST_SHEETS
from genworld.art.sheet import Colour, Cut, Sheet, plain_name
from genworld.content import Picture
from genworld.datasets.tiled.attributes import colour
from genworld.datasets.tiled.files import Files
from genworld.datasets.tiled.tilesets import Tileset, read_tileset
from genworld.datasets.untrusted import PICTURE_SUFFIXES, Bundle, read_picture
from genworld.dressing.guess import guessed_cut
from genworld.dressing.terrains import wang_sets
from genworld.errors import GenworldError
from genworld.render import png_bytes

SINGLE_TILES = 4
"""So many small pictures of one size are tiles, not sheets."""
DESCRIPTIONS = {".tsx": "tileset", ".tsj": "tileset", ".tmx": "map", ".tmj": "map"}
"""Files that describe tilesets, with what they hold."""


def read_sheets(bundle: Bundle, cuts: Mapping[str, Cut] | None = None) -> list[Sheet]:
    """The sheets of an upload: those that a tileset or map of Tiled describes, then the pictures that come alone.

    Args:
        bundle: the upload.
        cuts: how a person cuts pictures that come alone, by name in the bundle; guessed for others.

    Raises:
        GenworldError: nothing among the files is a tileset, too many are, or one is damaged.
    """
    files, cuts, room = Files(bundle), cuts or {}, Room()
    described = {sheet.file: sheet for sheet in _described(files, room)}
    pictures = [name for name in bundle.names if PurePosixPath(name).suffix.lower() in PICTURE_SUFFIXES]
    alone = _pictures([name for name in pictures if name not in described], bundle, room)
    sheets = [*described.values()]
    if _are_tiles([picture for _, picture in alone.values()]):
        sheets.append(_laid_together(alone, bundle))
    else:
        sheets += _alone(alone, cuts, [sheet.cut for sheet in sheets])
    if len(sheets) > MOST_SHEETS:
        raise GenworldError(
            f"A tileset is at most {MOST_SHEETS} pictures here, but {len(sheets)} came; choose those that draw ground, "
            "walls and things."
        )
    if not sheets:
        raise GenworldError(
            f"A tileset is a picture, alone or with Tiled's TSX, but {bundle.path.name} holds none; "
            "drop the picture, and the TSX if there is one."
        )
    return sheets


class Room:
    """How many pixels may still come: a picture of few bytes may have millions."""

    def __init__(self) -> None:
        self.left = limits.PICTURE_PIXELS

    def take(self, picture: Picture) -> None:
        """Raises GenworldError when all pictures together are too large."""
        self.left -= picture.shape[0] * picture.shape[1]
        if self.left < 0:
            raise GenworldError(
                f"The pictures of a tileset have at most {limits.PICTURE_PIXELS:,} pixels together, but more came; "
                "choose those that draw ground, walls and things."
            )


Pictures = Mapping[str, tuple[bytes, Picture]]
"""Files and what they show, by name in the bundle."""


def _pictures(names: Sequence[str], bundle: Bundle, room: Room) -> Pictures:
    found: dict[str, tuple[bytes, Picture]] = {}
    for name in names:
        data = bundle.read(name)
        found[name] = data, read_picture(data, bundle.where(name))
        room.take(found[name][1])
    return found


def _are_tiles(pictures: Sequence[Picture]) -> bool:
    """Whether each picture is a single tile: several, small, and of one size."""
    sizes = {picture.shape for picture in pictures}
    return len(pictures) >= SINGLE_TILES and len(sizes) == 1 and max(sizes.pop()[:2]) <= limits.SPRITE_SIDE


def _laid_together(alone: Pictures, bundle: Bundle) -> Sheet:
    """One sheet of pictures that hold a tile each; what a file is called is what is said of its tile."""
    tiles = np.stack([picture for _, picture in alone.values()])
    count, height, width = tiles.shape[:3]
    columns = math.isqrt(count - 1) + 1
    spare = np.zeros((-count % columns, height, width, 4), dtype=np.uint8)
    grid = np.concatenate([tiles, spare]).reshape(-1, columns, height, width, 4)
    sheet = grid.swapaxes(1, 2).reshape(-1, columns * width, 4)
    words = {number: PurePosixPath(name).stem[: limits.NAME_LENGTH] for number, name in enumerate(alone)}
    name = bundle.path.stem[: limits.NAME_LENGTH]
    return Sheet(name, f"{name}.png", png_bytes(sheet), Cut(height, width), words, described=True)


def _alone(alone: Pictures, cuts: Mapping[str, Cut], known: list[Cut]) -> list[Sheet]:
    """Pictures that nothing describes. All tiles have one size: that which is known, else the one guessed most often."""
    chosen = {name: cuts.get(name) or guessed_cut(picture) for name, (_, picture) in alone.items()}
    sizes = Counter((cut.height, cut.width) for cut in [*known[:1], *cuts.values()] or chosen.values())
    for name, (_, picture) in alone.items():
        size = sizes.most_common(1)[0][0]
        if name not in cuts and (chosen[name].height, chosen[name].width) != size:
            chosen[name] = guessed_cut(picture, size)
    return [
        Sheet(PurePosixPath(name).stem[: limits.NAME_LENGTH], name, data, chosen[name])
        for name, (data, _) in alone.items()
    ]


def _described(files: Files, room: Room) -> Iterator[Sheet]:
    """One sheet for each picture that tilesets name; ``file`` is its name in the bundle."""
    seen: set[str] = set()
    for base, element in _elements(files):
        tileset = read_tileset(element, base, files)
        image = tileset.image.path if tileset.image else None
        if image is not None and image not in seen:
            seen.add(image)
            sheet = _sheet(tileset, element, image, base, files)
            room.take(sheet.picture)
            yield sheet


def _elements(files: Files) -> Iterator[tuple[str, Element]]:
    """Every ``<tileset>`` that holds something, with the file that it stands in."""
    for path in files.bundle.names:
        kind = DESCRIPTIONS.get(PurePosixPath(path).suffix.lower())
        if kind == "tileset":
            yield path, files.element(path, kind)
        elif kind == "map":
            yield from ((path, each) for each in files.element(path, kind).findall("tileset") if not each.get("source"))


def _sheet(tileset: Tileset, element: Element, image: str, base: str, files: Files) -> Sheet:
    cut = Cut(tileset.tile[1], tileset.tile[0], tileset.margin, tileset.spacing)
    count = Sheet(tileset.name, image, files.read(image), cut).count
    return Sheet(
        name=tileset.name[: limits.NAME_LENGTH],
        file=image,
        data=files.read(image),
        cut=cut,
        words={tile: told for tile in tileset.tiles if tile < count and (told := _words(tileset, tile))},
        wangs=wang_sets(element, count),
        clear=_clear(tileset),
        tsx=files.read(base) if base.lower().endswith(".tsx") else b"",
        tsx_file=plain_name(base) if base.lower().endswith(".tsx") else "",
        described=True,
    )


def _words(tileset: Tileset, tile: int) -> str:
    facts = tileset.facts(tile)
    said = [facts.kind, *(f"{name} {value}" for name, value in facts.properties.items())]
    return " ".join(part for part in said if part)[: limits.NAME_LENGTH]


def _clear(tileset: Tileset) -> Colour | None:
    found = colour(tileset.image.trans) if tileset.image else None
    return None if found is None else found[:3]
