"""The layers of a map: which there are, how they look, and the tiles of those that have some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np

from genworld import limits
from genworld.art.tiled import NO_LOOK, Key, Look
from genworld.datasets.tiled.attributes import Properties, colour, properties, real, shown, whole
from genworld.datasets.tiled.cells import Budget, Chunk, Gids, chunks, grid
from genworld.errors import GenworldError

LAYERS = 256


@dataclass(frozen=True)
class Layer:
    """A layer of tiles.

    Args:
        key: tells it from others and finds its like in another map.
        look: how it is drawn.
        properties: the custom ones.
        gids: (H, W) ids as the map counts them, with flips.
    """

    key: Key
    look: Look
    properties: Properties
    gids: Gids

    @property
    def name(self) -> str:
        """What its maker calls it."""
        return self.key[-2]


@dataclass(frozen=True)
class Found:
    """A layer of any kind where it was found."""

    key: Key
    element: Element
    look: Look


def layers_of(root: Element, where: str) -> Iterator[Found]:
    """Tile and object layers in drawing order, those of groups in their place."""
    yield from _numbered(_nested(root, (), NO_LOOK, where))


def _numbered(layers: Iterator[tuple[Key, Element, Look]]) -> Iterator[Found]:
    """Layers with their number among those of the same name at the end of their key."""
    seen: dict[tuple[str, Key], int] = {}
    for count, (names, element, look) in enumerate(layers):
        if count >= LAYERS:
            raise GenworldError(f"At most {LAYERS} layers of a map are read, but there are more; merge some of them.")
        number = seen[element.tag, names] = seen.get((element.tag, names), 0) + 1
        yield Found((*names, str(number)), element, look)


def _nested(parent: Element, names: Key, above: Look, where: str) -> Iterator[tuple[Key, Element, Look]]:
    for element in parent:
        if element.tag not in ("layer", "objectgroup", "group"):
            continue
        inner, look = (*names, element.get("name", "")), above.within(_look(element, where))
        if element.tag == "group":
            yield from _nested(element, inner, look, where)
        else:
            yield inner, element, look


def _look(element: Element, where: str) -> Look:
    return Look(
        visible=shown(element),
        opacity=min(1.0, max(0.0, real(element, "opacity", where, 1.0))),
        offset=(round(real(element, "offsetx", where)), round(real(element, "offsety", where))),
        tint=colour(element.get("tintcolor")) or (255, 255, 255, 255),
    )


def tile_layers(
    found: list[Found], root: Element, size: tuple[int, int], where: str
) -> tuple[tuple[int, int], list[Layer]]:
    """The upper left cell in the map's own counting, and the layers of tiles from there on."""
    tiles = [each for each in found if each.element.tag == "layer"]
    if not tiles:
        raise GenworldError(f"{where} has no layer of tiles to learn from; choose a map that has one.")
    budget = Budget()
    if root.get("infinite") in ("1", "true"):
        corner, grids = _infinite(tiles, budget, where)
    else:
        corner, grids = (0, 0), [_finite(each.element, size, budget, where) for each in tiles]
    return corner, [
        Layer(each.key, each.look, properties(each.element), gids) for each, gids in zip(tiles, grids, strict=True)
    ]


def _name(layer: Element, where: str) -> str:
    return f"Layer {layer.get('name', '')[:40]!a} of {where}"


def _finite(layer: Element, size: tuple[int, int], budget: Budget, where: str) -> Gids:
    """The ids of a layer, cut or filled up to the size of the map."""
    if not all(size):
        raise GenworldError(
            f"{where} is {size[0]} x {size[1]} cells, and nothing is learned from that; choose a larger map."
        )
    name = _name(layer, where)
    width, height = (
        whole(layer, side, name, default=size[axis], low=1) for axis, side in enumerate(("width", "height"))
    )
    gids = grid(layer.find("data"), width, height, budget, name)
    if (width, height) == size:
        return gids
    budget.take(*size, name)
    fitted = np.zeros(size[::-1], np.uint32)
    part = gids[: size[1], : size[0]]
    fitted[: part.shape[0], : part.shape[1]] = part
    return fitted


def _infinite(layers: list[Found], budget: Budget, where: str) -> tuple[tuple[int, int], list[Gids]]:
    """The corner and the ids of the smallest box around all that is drawn."""
    pieces = [list(chunks(each.element.find("data"), budget, _name(each.element, where))) for each in layers]
    boxes = [box for each in pieces for box in map(_box, each) if box]
    if not boxes:
        raise GenworldError(f"{where} has no tile on any layer; draw something on it first.")
    edges = np.array(boxes)
    (top, left), (bottom, right) = edges[:, :2].min(axis=0), edges[:, 2:].max(axis=0)
    height, width = int(bottom - top), int(right - left)
    if height * width * len(layers) > 4 * limits.LEVEL_CELLS or height * width > limits.LEVEL_CELLS:
        raise GenworldError(
            f"{where} reaches over {width:,} x {height:,} cells, but {limits.LEVEL_CELLS:,} are read; move its parts together."
        )
    return (int(top), int(left)), [_joined(each, int(top), int(left), height, width) for each in pieces]


def _box(chunk: Chunk) -> tuple[int, int, int, int] | None:
    """Top, left, bottom, right of what is drawn in a chunk; None where nothing is."""
    top, left, gids = chunk
    rows, columns = np.flatnonzero(gids.any(axis=1)), np.flatnonzero(gids.any(axis=0))
    if not len(rows):
        return None
    return top + int(rows[0]), left + int(columns[0]), top + int(rows[-1]) + 1, left + int(columns[-1]) + 1


def _joined(pieces: list[Chunk], top: int, left: int, height: int, width: int) -> Gids:
    whole_layer = np.zeros((height, width), np.uint32)
    for chunk in pieces:
        box = _box(chunk)
        if box is None:
            continue
        row, column = chunk[:2]
        cut = chunk[2][box[0] - row : box[2] - row, box[1] - column : box[3] - column]
        whole_layer[box[0] - top : box[2] - top, box[1] - left : box[3] - left] = cut
    return whole_layer
