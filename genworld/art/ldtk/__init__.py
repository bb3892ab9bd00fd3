"""LDtk projects as art: their definitions, their own auto-layer rules, and what draws a level as the editor shows it."""

from __future__ import annotations

from genworld.art.ldtk.art import LdtkArt
from genworld.art.ldtk.definitions import Definitions, Entity, Layer, Tileset, Value
from genworld.art.ldtk.parsing import definitions
from genworld.art.ldtk.record import Record
from genworld.art.ldtk.rules import Placed
from genworld.art.ldtk.tokens import (
    FINEST,
    Alphabet,
    Content,
    HandPlaced,
    Part,
    Stack,
    Thing,
    Token,
    gathered,
    parts_of,
)

__all__ = [
    "FINEST",
    "Alphabet",
    "Content",
    "Definitions",
    "Entity",
    "HandPlaced",
    "Layer",
    "LdtkArt",
    "Part",
    "Placed",
    "Record",
    "Stack",
    "Thing",
    "Tileset",
    "Token",
    "Value",
    "definitions",
    "gathered",
    "parts_of",
]
