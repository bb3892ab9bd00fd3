"""A tileset being made: frames, stamps and rules are collected here and written as a PNG and a JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from genworld.render.shapes import SHAPES
from genworld.render.tileset import plain

from .palette import RGBA
from .pen import SIZE, halves

COLUMNS = 16


@dataclass
class Book:
    """What a tileset is made of so far; see `genworld.render.tileset.Tileset` for the meaning of each part."""

    layers: tuple[str, ...]
    base: str
    near: dict[str, tuple[tuple[str, ...], str]]
    closed: tuple[str, ...]
    frames: list[tuple[str, RGBA]] = field(default_factory=list)
    sets: dict[str, tuple[int, int]] = field(default_factory=dict)
    stamps: list[dict[str, Any]] = field(default_factory=list)
    fallback: list[tuple[list[str], str]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, *frames: RGBA | tuple[str, RGBA]) -> str:
        """Adds a set of frames and gives its name back."""
        if name in self.sets:
            raise ValueError(f"frame set {name!r} is there already")
        named = [frame if isinstance(frame, tuple) else (name, frame) for frame in frames]
        self.sets[name] = (len(self.frames), len(named))
        self.frames.extend(named)
        return name

    def variants(self, name: str, *frames: RGBA) -> list[str]:
        """Adds sets of one frame each, named ``name 1``, ``name 2`` and so on."""
        return [self.add(f"{name} {index}", frame) for index, frame in enumerate(frames, start=1)]

    def singles(self, layer: str, pictures: dict[str, RGBA]) -> None:
        """Adds a frame for each kind of tile and the rule that draws it, whatever stands around."""
        for name, picture in pictures.items():
            self.rule(layer, name, "single", self.add(name, picture))

    def stamp(self, names: str, ground: str = "near", kind: str = "") -> None:
        """What the tiles of these names, separated by semicolons, turn into."""
        listed = [plain(name) if name != "letter ?" else name for name in names.split(";")]
        self.stamps.append({"names": listed, "ground": ground, "kind": kind})

    def rule(
        self, layer: str, where: str, shape: str, sets: str | list[str] | list[tuple[str, int]], **more: Any
    ) -> None:
        """A drawing rule; `where`, `on`, `alike` and `against` are kinds separated by commas."""
        listed = [sets] if isinstance(sets, str) else sets
        weighted = [(entry, 1) if isinstance(entry, str) else entry for entry in listed]
        lists = {key: _kinds(more.pop(key)) for key in ("on", "alike", "against") if key in more}
        self._check(shape, weighted, layer)
        self.rules.append({"layer": layer, "where": _kinds(where), "shape": shape, "sets": weighted, **lists, **more})

    def _check(self, shape: str, sets: list[tuple[str, int]], layer: str) -> None:
        if layer not in self.layers:
            raise ValueError(f"no layer {layer!r}")
        for name, _ in sets:
            if shape != "scene" and name and self.sets[name][1] != SHAPES[shape].count:
                raise ValueError(f"set {name!r} has {self.sets[name][1]} frames, not {SHAPES[shape].count} of {shape}")

    def atlas(self) -> RGBA:
        """The picture of all frames."""
        rows = -(-len(self.frames) // COLUMNS)
        sheet = np.zeros((rows * SIZE, COLUMNS * SIZE, 4), dtype=np.uint8)
        for index, (_, frame) in enumerate(self.frames):
            top, left = index // COLUMNS * SIZE, index % COLUMNS * SIZE
            sheet[top : top + SIZE, left : left + SIZE] = frame
        sheet[sheet[..., 3] == 0] = 0
        return sheet

    def description(self) -> dict[str, Any]:
        """The JSON beside the picture."""
        return {
            "tile_size": SIZE,
            "columns": COLUMNS,
            "layers": self.layers,
            "base": self.base,
            "near": self.near,
            "closed": self.closed,
            "sets": self.sets,
            "stamps": self.stamps,
            "fallback": self.fallback,
            "rules": self.rules,
            "frames": [name for name, _ in self.frames],
        }

    def text(self) -> str:
        """The description, one entry of each list on a line."""
        parts = []
        for key, value in self.description().items():
            entries = value.items() if isinstance(value, dict) else value
            if key in ("stamps", "fallback", "rules"):
                lines = ",\n".join("  " + json.dumps(entry) for entry in entries)
                parts.append(f" {json.dumps(key)}: [\n{lines}\n ]")
            else:
                parts.append(f" {json.dumps(key)}: {json.dumps(value)}")
        return "{\n" + ",\n".join(parts) + "\n}\n"

    def write(self, stem: Path) -> None:
        """Writes ``stem.png`` and ``stem.json``."""
        Image.fromarray(self.atlas()).save(stem.with_suffix(".png"), optimize=True)
        stem.with_suffix(".json").write_text(self.text(), encoding="utf-8")


def _kinds(text: str) -> list[str]:
    return [kind.strip() for kind in text.split(",") if kind.strip()]


def add_tall(
    book: Book, where: str, name: str, pictures: list[RGBA], salt: int, weights: list[int] | None = None, **more: str
) -> None:
    """Adds things of two frames: the foot on layer ``tall``, the head on ``tops``, over the foot of what stands behind."""
    lower, upper = zip(*(halves(picture) for picture in pictures), strict=True)
    shares = weights or [1] * len(pictures)
    feet, heads = book.variants(name, *lower), book.variants(f"{name} top", *upper)
    book.rule("tall", where, "single", list(zip(feet, shares, strict=True)), salt=salt, **more)
    book.rule("tops", where, "single", list(zip(heads, shares, strict=True)), salt=salt, up=1, **more)
