"""Wang sets: which of its tiles a terrain takes in a cell, so that its edges fit those of the cells around.

A set gives each of its tiles eight colours, clockwise from the top: edges stand at even places, corners at odd ones
(https://doc.mapeditor.org/en/stable/manual/terrain/). Here a colour is laid on cells, not on corners: where cells of
two colours meet, the one that gives way shows the transition, the other stays whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld.errors import GenworldError

STEPS = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""(rows, columns) to the neighbour at each place of a Wang id."""

PLACES = {"corner": (1, 3, 5, 7), "edge": (0, 2, 4, 6), "mixed": (0, 1, 2, 3, 4, 5, 6, 7)}
"""The places that count, by kind of set."""

WangId = tuple[int, ...]
"""Eight colours; 0 is none."""

Colours = NDArray[np.int16]
"""(H, W) colour of each cell; 0 where it has none of the set."""

Frames = NDArray[np.int32]
"""(H, W) frame numbers, -1 where nothing is drawn."""


@dataclass(frozen=True)
class WangSet:
    """One Wang (terrain) set of a tileset.

    Args:
        name: what its maker calls it.
        kind: a key of `PLACES`.
        colours: names; colour k is ``colours[k - 1]``.
        tiles: tile ids and their Wang ids.
    """

    name: str
    kind: str
    colours: tuple[str, ...]
    tiles: tuple[tuple[int, WangId], ...]

    def __post_init__(self) -> None:
        sound = all(len(one) == 8 and all(0 <= part <= len(self.colours) for part in one) for _, one in self.tiles)
        if self.kind not in PLACES or not sound:
            raise GenworldError(
                f"Terrain set {self.name!r} should be a {', '.join(PLACES)} set whose tiles have eight of its "
                f"{len(self.colours)} colours each, but it is not; save the tileset again from Tiled."
            )

    def moved(self, by: int) -> WangSet:
        """The same set where tile ids start `by` later."""
        return WangSet(self.name, self.kind, self.colours, tuple((tile + by, one) for tile, one in self.tiles))

    def whole(self, colour: int) -> int | None:
        """The first tile that is of one colour all round."""
        return next((tile for tile, one in self.tiles if self._told(one) == {colour}), None)

    def _told(self, one: WangId) -> set[int]:
        return {one[place] for place in PLACES[self.kind]}

    @cached_property
    def _fits(self) -> dict[WangId, list[int]]:
        return {}

    def fitting(self, wanted: WangId) -> list[int]:
        """The tiles that may stand where these colours are wanted."""
        if wanted not in self._fits:
            self._fits[wanted] = [tile for tile, one in self.tiles if self._is_fit(one, wanted)]
        return self._fits[wanted]

    def _is_fit(self, one: WangId, wanted: WangId) -> bool:
        return all(one[k] == wanted[k] or self._is_open(one, wanted, k) for k in PLACES[self.kind])

    def _is_open(self, one: WangId, wanted: WangId, place: int) -> bool:
        """An edge between corners of two colours: makers leave it without one."""
        return self.kind == "mixed" and place % 2 == 0 and one[place] == 0 and wanted[place - 1] != wanted[place + 1]

    def choose(self, colours: Colours, order: Sequence[int], plain: Frames) -> Frames:
        """Tiles for the cells of this set, `plain` elsewhere and where no tile fits.

        Args:
            colours: of the cells; beyond the border a level goes on as its outermost cells do.
            order: every colour from the one that stays whole to the one that gives way first.
            plain: what a cell shows by itself.
        """
        wanted = wang_ids(colours, order)
        known = {colour for _, one in self.tiles for colour in one}
        cells = np.flatnonzero(np.isin(colours, sorted(known - {0})))
        rows = np.column_stack([plain.reshape(-1, 1), colours.reshape(-1, 1), wanted.reshape(-1, 8)])[cells]
        distinct, of_cell = np.unique(rows, axis=0, return_inverse=True)
        taken = [self._taken(row[0], row[1], tuple(row[2:])) for row in distinct.tolist()]
        frames = plain.copy()
        frames.flat[cells] = np.array(taken, dtype=np.int32)[of_cell.reshape(-1)] if len(cells) else []
        return frames

    def _taken(self, plain: int, colour: int, wanted: WangId) -> int:
        # A lone cell whose every side gives way would show nothing of itself: what it means counts more than its edge.
        gone = colour not in {wanted[place] for place in PLACES[self.kind]}
        fit = [] if gone else self.fitting(wanted)
        return plain if not fit or plain in fit else fit[0]

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind, "colours": self.colours, "tiles": self.tiles}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> WangSet:
        tiles = tuple((int(tile), tuple(int(part) for part in one)) for tile, one in raw["tiles"])
        return cls(str(raw["name"]), str(raw["kind"]), tuple(map(str, raw["colours"])), tiles)


def wang_ids(colours: Colours, order: Sequence[int]) -> NDArray[np.int16]:
    """(H, W, 8) the colours wanted around each cell; each corner and each edge has one for all cells that share it.

    Args:
        colours: of the cells.
        order: every colour, the one that wins first; one that is not named (0 as a rule) wins over all.
    """
    place = np.full(max([0, *order, int(colours.max(initial=0))]) + 1, -1, dtype=np.int16)
    place[list(order)] = np.arange(len(order))
    around = _around(place[colours])
    own = place[colours]
    edges = [np.minimum(own, each) for each in around]
    corners = [np.minimum(edges[k - 1], np.minimum(edges[k], edges[(k + 1) % 8])) for k in range(8)]
    winners = np.stack([corners[k] if k % 2 else edges[k] for k in range(8)], axis=-1)
    named: NDArray[np.int16] = np.array([*order, 0], dtype=np.int16)[winners]  # place -1 is the last entry: none
    return named


def _around(cells: NDArray[np.int16]) -> list[NDArray[np.int16]]:
    height, width = cells.shape
    padded = np.pad(cells, 1, mode="edge")
    return [padded[1 + down : 1 + down + height, 1 + right : 1 + right + width] for down, right in STEPS]
