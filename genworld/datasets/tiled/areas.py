"""Rectangles that a map's maker drew over what stops a step, in an object layer such as "Collision"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.content import Tag
from genworld.datasets.meaning import tags_of_words
from genworld.datasets.tiled.document import TiledMap
from genworld.datasets.tiled.objects import MapObject
from genworld.datasets.tiled.project import Project


def solid_cells(project: Project) -> NDArray[np.bool_]:
    """(cells,) which cells of all maps lie under such a rectangle, one map after the other, row by row."""
    return np.concatenate([_covered(each).ravel() for each in project.maps])


def _covered(one: TiledMap) -> NDArray[np.bool_]:
    covered = np.zeros(one.size, np.bool_)
    for each in one.objects:
        if _stops(each):
            top, left, bottom, right = _box(each, one.cell)
            covered[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return covered


def _stops(each: MapObject) -> bool:
    """Whether an object is an upright rectangle that is called solid, or lies in a layer that is."""
    attributes = each.mark.attributes
    upright = not each.mark.shape and "gid" not in attributes and float(attributes.get("rotation", "0")) == 0
    words = (each.mark.group[-2], *each.words)
    return upright and any(Tag.SOLID in tags_of_words(word) for word in words)


def _box(each: MapObject, cell: tuple[int, int]) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of the cells of which an object covers half or more."""
    (row, column), (x, y) = each.cell, each.mark.corner
    left, top = column + x / cell[0], row + y / cell[1]
    width, height = (float(each.mark.attributes.get(side, "0")) for side in ("width", "height"))
    return round(top), round(left), round(top + height / cell[1]), round(left + width / cell[0])
