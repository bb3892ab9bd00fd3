"""Tables and progress as text."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

EVERY = 10.0
"""Seconds between two lines of progress where they are not written over each other."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side, two spaces apart.

    >>> print(table(("name", "size"), [("dungeon", "any"), ("isle", "8 x 8")]))
    name     size
    dungeon  any
    isle     8 x 8
    """
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def shortened(names: Sequence[str], most: int = 4) -> str:
    """The first names and how many more there are.

    >>> shortened(["elf", "orc", "imp"], most=2)
    'elf, orc and 1 more'
    """
    more = len(names) - most
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:most])} and {more} more"


def duration(seconds: float) -> str:
    """A time as a person says it.

    >>> duration(4.2), duration(95), duration(7300)
    ('4 s', '1 min 35 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


@contextmanager
def passing(text: str) -> Iterator[None]:
    """Within it a terminal says what is at hand; nothing of it stays, whatever happens."""
    line = Line()
    if sys.stderr.isatty():
        line.show(text)
    try:
        yield
    finally:
        line.clear()


class Line:
    """Progress on standard error: written over in a terminal, now and then elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._shown = float("-inf")
        self._width = 0

    def show(self, text: str, *, last: bool = False) -> None:
        """Say how far it is; `last` is always said."""
        now = time.monotonic()
        if not last and now - self._shown < (0.1 if self._live else EVERY):
            return
        self._shown = now
        end = "\n" if last or not self._live else ""
        start = "\r" if self._live else ""
        print(start + text.ljust(self._width), end=end, file=sys.stderr, flush=True)  # noqa: T201
        self._width = 0 if end else len(text)

    def say(self, text: str) -> None:
        """A line that stays; progress goes on below it."""
        self.clear()
        print(text, file=sys.stderr, flush=True)  # noqa: T201

    def clear(self) -> None:
        """Take away what would be written over."""
        if self._width:
            print("\r" + " " * self._width, end="\r", file=sys.stderr, flush=True)  # noqa: T201
        self._width = 0
