"""Writes every tileset beside this package."""

from __future__ import annotations

from pathlib import Path

from . import TILESETS

for name, draw in TILESETS.items():
    book = draw()
    book.write(Path(__file__).resolve().parent.parent / name)
    print(f"{name}: {len(book.frames)} frames")
