"""What a person's Tiled map says about a legend, and the files that it is kept in."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld.art.art import Art, inside
from genworld.art.tiled.drawing import Frame, Painter
from genworld.art.tiled.values import Look, Mark, Stratum
from genworld.content import Picture, TileGrid
from genworld.limits import PICTURE_PIXELS

ABOUT, FRAMES, DOCUMENT = "art.json", "frames.png", "document"
SHEET_WIDTH = 2048
"""Pixels in a row of the picture of all frames, if no single frame is wider."""


@dataclass(frozen=True, eq=False)
class TiledArt(Art):
    """Tiles, layers and objects of a Tiled map, with the map itself to write levels back into.

    Args:
        place: of the map inside its project, a POSIX path.
        cell: (width, height) of a cell as the map counts them, in pixels.
        shown: (height, width) of a cell as it is drawn here, in pixels.
        strata: the tile layers, from the ground up: those of the map first, in its order, then those of other maps.
        stacks: (tiles, layers) global tile ids of `document` with their flips, 0 where empty.
        marks: the objects that each tile of the legend stands for.
        frames: by global tile id without flips.
        document: the map without its tiles and objects, as TMX or, where it starts with a brace, as TMJ.
        beside: tilesets, pictures and templates that came with the map, by path inside the project.
    """

    kind: ClassVar[str] = "tiled"

    place: str
    cell: tuple[int, int]
    shown: tuple[int, int]
    strata: tuple[Stratum, ...]
    stacks: NDArray[np.uint32]
    marks: tuple[tuple[Mark, ...], ...]
    frames: Mapping[int, Frame]
    document: bytes
    beside: Mapping[str, bytes]

    def __post_init__(self) -> None:
        for path in (self.place, *self.beside):
            inside(path)

    @property
    def name(self) -> str:
        """The name of the map."""
        return PurePosixPath(self.place).stem

    @property
    def tile(self) -> tuple[int, int]:
        """(height, width) of a cell as drawn here, in pixels."""
        return self.shown

    @property
    def is_json(self) -> bool:
        """Whether the map was TMJ."""
        return self.document[:1] == b"{"

    def draw(self, grid: TileGrid) -> Picture:
        """(H * height, W * width, 4) RGBA of (H, W) tile ids; clear where nothing is drawn."""
        return self._painter.draw(grid)

    def tile_picture(self, tile: int) -> Picture:
        """(height, width, 4) RGBA of one tile standing alone; what is larger than a cell is made smaller."""
        return self._painter.whole(tile)

    def companions(self) -> Mapping[str, bytes]:
        """The files that the map refers to, as far as they came with it, by path inside the project."""
        return self.beside

    @cached_property
    def _painter(self) -> Painter:
        return Painter(self.shown, self.strata, self.stacks, self.frames)

    def files(self) -> Mapping[str, bytes]:
        """``art.json``, all frames in one picture, the map, and the companions by number."""
        return self._files

    @cached_property
    def _files(self) -> Mapping[str, bytes]:
        sheet, places = _sheet(self.frames)
        about = {
            "place": self.place,
            "cell": list(self.cell),
            "shown": list(self.shown),
            "strata": [{"key": list(each.key), "look": each.look.to_dict()} for each in self.strata],
            "stacks": self.stacks.tolist(),
            "marks": [[mark.to_dict() for mark in each] for each in self.marks],
            "frames": places,
            "beside": list(self.beside),
        }
        numbered = {_numbered(index): data for index, data in enumerate(self.beside.values())}
        text = json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return {ABOUT: text.encode(), FRAMES: sheet, DOCUMENT: self.document, **numbered}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """The art of these files. Raises KeyError or ValueError when they do not belong together."""
        raw = json.loads(files[ABOUT])
        width, height = raw["cell"]
        rows, columns = raw["shown"]
        strata = tuple(Stratum(tuple(each["key"]), Look.from_dict(each["look"])) for each in raw["strata"])
        stacks = np.array(raw["stacks"], dtype=np.uint32).reshape(-1, len(strata))
        return cls(
            place=raw["place"],
            cell=(width, height),
            shown=(rows, columns),
            strata=strata,
            stacks=stacks,
            marks=tuple(tuple(Mark.from_dict(mark) for mark in each) for each in raw["marks"]),
            frames=_cut(files[FRAMES], raw["frames"]),
            document=files[DOCUMENT],
            beside={path: files[_numbered(index)] for index, path in enumerate(raw["beside"])},
        )


def _numbered(index: int) -> str:
    return f"beside-{index:04}"


Place = list[int]
"""Global tile id, left, top, width, height in the picture of all frames, then the offset of the frame."""


def _sheet(frames: Mapping[int, Frame]) -> tuple[bytes, list[Place]]:
    """All frames in rows of one PNG, and where each stands."""
    places: list[Place] = []
    widest = max([SHEET_WIDTH, *(frame.pixels.shape[1] for frame in frames.values())])
    left = top = deepest = 0
    for gid, frame in sorted(frames.items(), key=lambda pair: (-pair[1].pixels.shape[0], pair[0])):
        height, width = frame.pixels.shape[:2]
        if left + width > widest:
            left, top, deepest = 0, top + deepest, 0
        places.append([gid, left, top, width, height, *frame.offset])
        left, deepest = left + width, max(deepest, height)
    sheet = np.zeros((max(1, top + deepest), min(widest, _right(places)), 4), dtype=np.uint8)
    for gid, left, top, width, height, *_ in places:
        sheet[top : top + height, left : left + width] = frames[gid].pixels
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, "PNG")
    return file.getvalue(), places


def _right(places: list[Place]) -> int:
    return max([1, *(left + width for _, left, _, width, *_ in places)])


def _cut(sheet: bytes, places: list[Place]) -> dict[int, Frame]:
    with Image.open(io.BytesIO(sheet), formats=("PNG",)) as image:
        if image.width * image.height > 4 * PICTURE_PIXELS:
            raise ValueError("larger than any art")
        pixels = np.array(image.convert("RGBA"), dtype=np.uint8)
    return {
        gid: Frame(pixels[top : top + height, left : left + width], (x, y))
        for gid, left, top, width, height, x, y in places
    }
