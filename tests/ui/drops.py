"""Things to drop: small maps of our own, written by the tests."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

EVIL = "<img src=x onerror=window.hit=1>"
TILE = 8
COLOURS = ((90, 160, 80), (110, 80, 60), (60, 110, 200), (230, 200, 60))
MAP = """<?xml version="1.0" encoding="UTF-8"?>
<map version="1.10" tiledversion="1.10.2" orientation="orthogonal" renderorder="right-down" width="{width}" height="{height}"
 tilewidth="{tile}" tileheight="{tile}" infinite="0" nextlayerid="9" nextobjectid="1">
 <tileset firstgid="1" source="art/meadow.tsx"/>
 <layer id="1" name="ground" width="{width}" height="{height}"><data encoding="csv">{cells}</data></layer>
</map>
"""
TILESET = """<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" tiledversion="1.10.2" name="meadow" tilewidth="{tile}" tileheight="{tile}" tilecount="4" columns="4">
 <image source="meadow.png" width="{width}" height="{tile}"/>
 <tile id="0" class="grass"/>
 <tile id="1" class="wall"/>
 <tile id="2" class="water"/>
 <tile id="3" class="chest"/>
</tileset>
"""


def tiled_map(folder: Path, *, width: int = 30, height: int = 20) -> list[Path]:
    """A meadow with walls, water and chests: a TMX, its TSX and its PNG, in a folder of their own each."""
    random = np.random.default_rng(3)
    ids = random.choice(4, (height, width), p=(0.7, 0.2, 0.07, 0.03)) + 1
    ids[0], ids[-1], ids[:, 0], ids[:, -1] = 2, 2, 2, 2
    cells = ",\n".join(",".join(map(str, row)) for row in ids)
    (folder / "art").mkdir(parents=True)
    paths = [folder / "meadow.tmx", folder / "art" / "meadow.tsx", folder / "art" / "meadow.png"]
    paths[0].write_text(MAP.format(width=width, height=height, tile=TILE, cells=cells))
    paths[1].write_text(TILESET.format(tile=TILE, width=4 * TILE))
    picture = np.zeros((TILE, 4 * TILE, 4), np.uint8)
    for index, colour in enumerate(COLOURS):
        picture[:, index * TILE : (index + 1) * TILE] = (*colour, 255)
        picture[2:4, index * TILE + 2 : index * TILE + 4, :3] = 255
    Image.fromarray(picture).save(paths[2])
    return paths


def text_level(folder: Path, *, rows: int = 14, columns: int = 22) -> list[Path]:
    """A text level whose names try to become part of the page."""
    random = np.random.default_rng(5)
    grid = random.choice(list("..#~"), (rows, columns))
    grid[0], grid[-1], grid[:, 0], grid[:, -1] = "#", "#", "#", "#"
    grid[1, 1], grid[-2, -2] = "S", "G"
    tiles = {
        "#": {"meaning": f"rock {EVIL}", "tags": ["solid"]},
        ".": {"meaning": "floor", "tags": ["passable"]},
        "~": {"meaning": "lava", "tags": ["hazard"]},
        "S": {"meaning": "entry", "tags": ["start", "passable"]},
        "G": {"meaning": "exit", "tags": ["goal", "passable"]},
    }
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "cave.txt", folder / "tiles.json"]
    paths[0].write_text("\n".join("".join(row) for row in grid) + "\n")
    paths[1].write_text(json.dumps({"game": f"cave {EVIL}", "tiles": tiles}))
    return paths


def sprites(folder: Path, count: int = 3) -> list[Path]:
    """A few round sprites."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, columns = np.mgrid[:16, :16]
    paths = []
    for index in range(count):
        inside = (rows - 8) ** 2 + (columns - 8) ** 2 <= (3 + index) ** 2
        pixels = np.where(inside[..., None], (200, 40 * index, 60, 255), 0).astype(np.uint8)
        paths.append(folder / f"ball_{index}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


def tilesheet(folder: Path, *, rows: int = 10, columns: int = 12, tile: int = 16) -> list[Path]:
    """One picture of many tiles, each with a frame of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    tiles = random.integers(40, 255, (rows, columns, tile, tile, 4), dtype=np.uint8)
    tiles[..., 3] = 255
    tiles[:, :, [0, -1], :, :3] = 20
    tiles[:, :, :, [0, -1], :3] = 20
    path = folder / "tiles.png"
    Image.fromarray(tiles.swapaxes(1, 2).reshape(rows * tile, columns * tile, 4)).save(path)
    return [path]


def drop(page: Any, paths: Sequence[Path]) -> None:
    """Files from outside, dragged over the page and let go."""
    files = [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in paths]
    page.evaluate(
        """(files) => {
            const transfer = new DataTransfer();
            for (const [name, raw] of files) transfer.items.add(new File([Uint8Array.from(atob(raw), (c) => c.charCodeAt(0))], name));
            window.carried = transfer;
            document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        files,
    )
    page.locator("#drop-veil").wait_for(state="visible")
    page.evaluate(
        """() => document.body.dispatchEvent(
            new DragEvent("drop", { dataTransfer: window.carried, bubbles: true, cancelable: true }))"""
    )
    page.locator("#drop-veil").wait_for(state="hidden")
