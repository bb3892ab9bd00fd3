"""Blocks with an initial, for tiles that no tileset knows."""

from __future__ import annotations

from .book import Book
from .palette import COLOUR
from .pen import art, grounded, outlined

FONT = {
    "a": "010101111101101", "b": "110101110101110", "c": "011100100100011", "d": "110101101101110",
    "e": "111100110100111", "f": "111100110100100", "g": "011100101101011", "h": "101101111101101",
    "i": "111010010010111", "j": "001001001101010", "k": "101101110101101", "l": "100100100100111",
    "m": "101111111101101", "n": "110101101101101", "o": "010101101101010", "p": "110101110100100",
    "q": "010101101110011", "r": "110101110101101", "s": "011100010001110", "t": "111010010010010",
    "u": "101101101101111", "v": "101101101101010", "w": "101101111111101", "x": "101101010101101",
    "y": "101101010010010", "z": "111001010100111", "?": "110001010000010",
}  # fmt: skip
"""3 x 5 pixels of every initial, row by row."""

BLOCK = "\n".join(["6" + "7" * 10 + "6", *["7" + "6" * 10 + "5"] * 9, "6" + "5" * 10 + "4", "4" * 12])


def add_letters(book: Book) -> None:
    """Adds a block for every initial as the last resort of the tileset."""
    for letter, bits in FONT.items():
        frame = art(BLOCK, 2, 2)
        for k, bit in enumerate(bits):
            if bit == "1":
                frame[5 + k // 3, 6 + k % 3] = (*COLOUR["b"], 255)
        name = f"letter {letter}"
        book.stamp(name, "near", name)
        book.rule("things", name, "single", book.add(f"block with {letter.upper()}", grounded(outlined(frame), 14)))
