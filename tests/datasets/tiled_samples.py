"""Maps of Tiled made for tests: every encoding, layers in groups, several tilesets, objects, and lies."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from backports import zstd
from numpy.typing import NDArray
from PIL import Image

Gids = NDArray[np.uint32]

ENCODINGS = (("csv", ""), ("xml", ""), ("base64", ""), ("base64", "zlib"), ("base64", "gzip"), ("base64", "zstd"))
SHOWN = {"opacity": 1, "visible": True, "x": 0, "y": 0}
PACKERS = {"": bytes, "zlib": zlib.compress, "gzip": gzip.compress, "zstd": zstd.compress}


def sheet(columns: int = 4, rows: int = 2, cell: tuple[int, int] = (8, 8), margin: int = 0, spacing: int = 0) -> bytes:
    """A PNG of tiles, each of a colour of its own with a mark in its upper left corner: flips show."""
    width, height = cell
    size = (2 * margin + rows * (height + spacing) - spacing, 2 * margin + columns * (width + spacing) - spacing)
    pixels = np.zeros((*size, 4), np.uint8)
    for number in range(columns * rows):
        top = margin + number // columns * (height + spacing)
        left = margin + number % columns * (width + spacing)
        pixels[top : top + height, left : left + width] = (40 + 25 * number, 250 - 20 * number, 17 * number % 256, 255)
        pixels[top, left : left + 2] = (255, 255, 255, 255)
    return png(pixels)


def png(pixels: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


TSX = (
    '<tileset version="1.10" name="ground" tilewidth="8" tileheight="8" tilecount="8" columns="4">'
    '<image source="ground.png" width="32" height="16"/>{tiles}</tileset>'
)


@dataclass(frozen=True)
class Layer:
    """A layer of a map to be: ids, and attributes and properties as written."""

    name: str
    gids: Gids
    attributes: Mapping[str, object] = field(default_factory=dict)
    properties: Mapping[str, object] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True)
class Map:
    """A map to be written as TMX or TMJ."""

    layers: tuple[Layer, ...]
    encoding: str = "csv"
    compression: str = ""
    infinite: bool = False
    tilesets: tuple[Mapping[str, object], ...] = ({"firstgid": 1, "source": "ground.tsx"},)
    objects: tuple[Mapping[str, Any], ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    cell: tuple[int, int] = (8, 8)

    def tmx(self) -> bytes:
        """As XML."""
        tilesets = "".join(f"<tileset {_texts(each)}/>" for each in self.tilesets)
        layers = "".join(self._layer(number, layer) for number, layer in enumerate(self.layers, start=1))
        objects = "".join(_object(number, each) for number, each in enumerate(self.objects, start=1))
        group = f'<objectgroup id="90" name="Things">{objects}</objectgroup>' if self.objects else ""
        about = '<properties><property name="music" value="cave.ogg"/></properties>'
        return f"<map {_texts(self._root())}>{about}{tilesets}{layers}{group}</map>".encode()

    def tmj(self) -> bytes:
        """As JSON."""
        layers: list[dict[str, Any]] = [
            self._json_layer(number, each) for number, each in enumerate(self.layers, start=1)
        ]
        if self.objects:
            objects = [{"id": number, **each} for number, each in enumerate(self.objects, start=1)]
            layers.append({"type": "objectgroup", "id": 90, "name": "Things", "objects": objects, **SHOWN})
        root = {
            **self._root(),
            "infinite": self.infinite,
            "type": "map",
            "tilesets": list(self.tilesets),
            "layers": layers,
        }
        root["properties"] = [{"name": "music", "type": "string", "value": "cave.ogg"}]
        return json.dumps(root).encode()

    def _root(self) -> dict[str, Any]:
        height, width = self.layers[0].gids.shape if self.layers else (4, 4)
        return {
            "version": "1.10",
            "tiledversion": "1.10.2",
            "orientation": "orthogonal",
            "renderorder": "right-down",
            "width": width,
            "height": height,
            "tilewidth": self.cell[0],
            "tileheight": self.cell[1],
            "infinite": int(self.infinite),
            "nextlayerid": 91,
            "nextobjectid": 50,
            **self.attributes,
        }

    def _layer(self, number: int, layer: Layer) -> str:
        height, width = layer.gids.shape
        values = "".join(f"<property name={quoteattr(k)} {_typed(v)}/>" for k, v in layer.properties.items())
        about = f"<properties>{values}</properties>" if values else ""
        head = _texts({"id": number, "name": layer.name, "width": width, "height": height, **layer.attributes})
        attributes = {} if self.encoding == "xml" else {"encoding": self.encoding}
        attributes |= {"compression": self.compression} if self.compression else {}
        data = f"<data {_texts(attributes)}>{self._body(layer.gids)}</data>"
        text = f"<layer {head}>{about}{data}</layer>"
        return f'<group id="{number + 30}" name={quoteattr(layer.group)}>{text}</group>' if layer.group else text

    def _body(self, gids: Gids) -> str:
        if not self.infinite:
            return self._cells(gids)
        pieces = ((top, left) for top in range(0, gids.shape[0], 4) for left in range(0, gids.shape[1], 4))
        return "".join(
            f"<chunk {_texts({'x': left - 8, 'y': top - 4, 'width': 4, 'height': 4})}>{self._cells(_chunk(gids, top, left))}</chunk>"
            for top, left in pieces
        )

    def _cells(self, gids: Gids) -> str:
        if self.encoding == "xml":
            return "".join(f'<tile gid="{gid}"/>' if gid else "<tile/>" for gid in gids.ravel().tolist())
        return packed(gids, self.encoding, self.compression)

    def _json_layer(self, number: int, layer: Layer) -> dict[str, Any]:
        height, width = layer.gids.shape
        data = layer.gids.ravel().tolist() if self.encoding == "csv" else packed(layer.gids, "base64", self.compression)
        made = {"type": "tilelayer", "id": number, "name": layer.name, "width": width, "height": height, "data": data}
        made |= {"encoding": "base64", "compression": self.compression} if self.encoding == "base64" else {}
        made |= {**SHOWN, **layer.attributes}
        if layer.properties:
            made["properties"] = [{"name": k, "type": _kind(v), "value": v} for k, v in layer.properties.items()]
        return (
            {"type": "group", "id": number + 30, "name": layer.group, "layers": [made], **SHOWN}
            if layer.group
            else made
        )


def packed(gids: Gids, encoding: str, compression: str) -> str:
    """Cells as the text of a layer."""
    if encoding == "csv":
        return ",\n".join(",".join(map(str, row)) for row in gids.tolist())
    return base64.b64encode(PACKERS[compression](gids.astype("<u4").tobytes())).decode()


def _chunk(gids: Gids, top: int, left: int) -> Gids:
    chunk = np.zeros((4, 4), np.uint32)
    part = gids[top : top + 4, left : left + 4]
    chunk[: part.shape[0], : part.shape[1]] = part
    return chunk


def _texts(attributes: Mapping[str, object]) -> str:
    return " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items())


def _kind(value: object) -> str:
    return "bool" if isinstance(value, bool) else "int" if isinstance(value, int) else "string"


def _typed(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'type="{_kind(value)}" value={quoteattr(text)}'


def _object(number: int, each: Mapping[str, Any]) -> str:
    plain = {name: value for name, value in each.items() if not isinstance(value, bool)}
    shapes = "".join(f"<{name}/>" for name, value in each.items() if value is True)
    return f'<object id="{number}" {_texts(plain)}>{shapes}</object>'


def cave(height: int = 12, width: int = 20, seed: int = 0) -> Map:
    """Walls around a floor with patches of water, and flowers on a layer above, some of them flipped."""
    chance = np.random.default_rng(seed)
    ground = np.full((height, width), 2, np.uint32)
    ground[[0, -1]] = ground[:, [0, -1]] = 1
    ground[1:-1, 1:-1][chance.random((height - 2, width - 2)) < 0.2] = 3
    top = np.zeros((height, width), np.uint32)
    flips = chance.choice(np.array([0, 1 << 31, 1 << 30, 1 << 29, 7 << 29], np.uint32), (height, width))
    chosen = chance.random((height, width)) < 0.1
    top[chosen] = 5 | flips[chosen]
    return Map((Layer("Ground", ground), Layer("Flowers", top, {"opacity": 0.5}, group="Decor")))


def write_project(folder: Path, made: Map, name: str = "cave.tmx", tiles: str = "", *, pictures: bool = True) -> Path:
    """A map with its tileset and picture in a folder; returns the path of the map."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(made.tmj() if name.endswith(("tmj", "json")) else made.tmx())
    (folder / "ground.tsx").write_text(TSX.format(tiles=tiles))
    if pictures:
        (folder / "ground.png").write_bytes(sheet())
    return path


def with_attributes(made: Map, **attributes: object) -> Map:
    """`made` with other attributes of ``<map>``: the lies."""
    return replace(made, attributes={**made.attributes, **attributes})


def flat(*gids: int, width: int = 4) -> Gids:
    """A layer of these ids."""
    return np.array(gids, np.uint32).reshape(-1, width)
