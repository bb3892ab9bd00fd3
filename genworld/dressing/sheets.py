"""A person's tileset from the files that they brought: pictures, and Tiled's descriptions of them where there are any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from genworld import limits
from genworld.art.dressed import MOST_SHEETS
from genworld.art.sheet import Colour, Cut, Sheet, plain_name
from genworld.datasets.tiled.attributes import colour
from genworld.datasets.tiled.files import Files
from genworld.datasets.tiled.tilesets import Tileset, read_tileset
from genworld.datasets.untrusted import PICTURE_SUFFIXES, Bundle, read_picture
from genworld.dressing.guess import guessed_cut
from genworld.dressing.terrains import wang_sets
from genworld.errors import GenworldError

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
    files, cuts = Files(bundle), cuts or {}
    described = {sheet.file: sheet for sheet in _described(files)}
    pictures = [name for name in bundle.names if PurePosixPath(name).suffix.lower() in PICTURE_SUFFIXES]
    alone = [name for name in pictures if name not in described]
    if len(described) + len(alone) > MOST_SHEETS:
        raise GenworldError(
            f"A tileset is at most {MOST_SHEETS} pictures here, but {len(described) + len(alone)} came; choose those "
            "that draw ground, walls and things."
        )
    sheets = [*described.values(), *_alone(alone, bundle, cuts, [sheet.cut for sheet in described.values()])]
    if not sheets:
        raise GenworldError(
            f"A tileset is a picture, alone or with Tiled's TSX, but {bundle.path.name} holds none; "
            "drop the picture, and the TSX if there is one."
        )
    return sheets


def _alone(names: list[str], bundle: Bundle, cuts: Mapping[str, Cut], known: list[Cut]) -> list[Sheet]:
    """Pictures that nothing describes. All tiles have one size: that which is known, else the one guessed most often."""
    data = {name: bundle.read(name) for name in names}
    pictures = {name: read_picture(raw, bundle.where(name)) for name, raw in data.items()}
    chosen = {name: cuts.get(name) or guessed_cut(picture) for name, picture in pictures.items()}
    sizes = Counter((cut.height, cut.width) for cut in [*known[:1], *cuts.values()] or chosen.values())
    for name, picture in pictures.items():
        size = sizes.most_common(1)[0][0]
        if name not in cuts and (chosen[name].height, chosen[name].width) != size:
            chosen[name] = guessed_cut(picture, size)
    return [Sheet(PurePosixPath(name).stem[: limits.NAME_LENGTH], name, data[name], chosen[name]) for name in names]


def _described(files: Files) -> Iterator[Sheet]:
    """One sheet for each picture that tilesets name; ``file`` is its name in the bundle."""
    seen: set[str] = set()
    for base, element in _elements(files):
        tileset = read_tileset(element, base, files)
        image = tileset.image.path if tileset.image else None
        if image is not None and image not in seen:
            seen.add(image)
            yield _sheet(tileset, element, image, base, files)


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
