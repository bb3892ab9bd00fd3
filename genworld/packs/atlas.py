"""Pictures side by side in one, and the list of where each stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genworld.content import Picture


@dataclass(frozen=True, eq=False)
class Atlas:
    """Pictures in a grid of equal cells, each in the upper left corner of its own.

    Args:
        picture: (H, W, 4) RGBA.
        cell: (height, width) of a cell, in pixels: that of the largest picture.
        columns: cells in a row.
    """

    picture: Picture
    cell: tuple[int, int]
    columns: int

    def corner(self, index: int) -> tuple[int, int]:
        """(top, left) of picture `index`, in pixels."""
        return index // self.columns * self.cell[0], index % self.columns * self.cell[1]


def atlas(pictures: Sequence[Picture], columns: int | None = None) -> Atlas:
    """An atlas of at least one picture, as near to a square as whole cells allow.

    Args:
        pictures: (h, w, 4) RGBA, of any sizes.
        columns: cells in a row; None chooses.
    """
    cell = max(each.shape[0] for each in pictures), max(each.shape[1] for each in pictures)
    across = columns or max(1, round((len(pictures) * cell[0] / cell[1]) ** 0.5))
    across = min(across, len(pictures))
    rows = -(-len(pictures) // across)
    made = Atlas(np.zeros((rows * cell[0], across * cell[1], 4), dtype=np.uint8), cell, across)
    for index, each in enumerate(pictures):
        top, left = made.corner(index)
        made.picture[top : top + each.shape[0], left : left + each.shape[1]] = each
    return made


def frames_json(sheet: Atlas, image: str, pictures: Sequence[Picture], names: Sequence[str]) -> bytes:
    """Where each picture stands, as the JSON array of frames that most 2D engines read.

    Args:
        sheet: the atlas.
        image: file name of its picture.
        pictures, names: in its order.
    """
    frames = []
    for index, (each, name) in enumerate(zip(pictures, names, strict=True)):
        height, width = each.shape[:2]
        top, left = sheet.corner(index)
        whole = {"w": width, "h": height}
        frames.append(
            {
                "filename": name,
                "frame": {"x": left, "y": top, **whole},
                "rotated": False,
                "trimmed": False,
                "spriteSourceSize": {"x": 0, "y": 0, **whole},
                "sourceSize": whole,
            }
        )
    height, width = sheet.picture.shape[:2]
    meta = {"app": "genworld", "image": image, "format": "RGBA8888", "size": {"w": width, "h": height}, "scale": "1"}
    return (json.dumps({"frames": frames, "meta": meta}, indent=1, ensure_ascii=False) + "\n").encode()
