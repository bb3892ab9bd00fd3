"""The one kind of exception that the page and the command show word for word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

LONGEST_NAME = 80
"""Characters of a name that a sentence repeats."""
LONGEST_SENTENCE = 2_000
_ENDLESS = re.compile(r"\S{240,}")


class GenworldError(Exception):
    """A fault that a person can act on, told in one plain sentence.

    The sentence says what was expected, what came, and what to do. Everything
    else that goes wrong is a defect of ours and keeps its traceback in the log.
    What a stranger's file says in thousands of characters is repeated in part.
    """

    def __init__(self, sentence: str) -> None:
        plain = _ENDLESS.sub(lambda word: f"{word[0][:LONGEST_NAME]}...", " ".join(sentence.split()))
        super().__init__(plain if len(plain) <= LONGEST_SENTENCE else f"{plain[:LONGEST_SENTENCE]}...")

    @property
    def sentence(self) -> str:
        """The text for the person, on one line."""
        return str(self)


def unknown(kind: str, name: str, known: Iterable[str]) -> GenworldError:
    """The error for a name that is not in a registry, with the nearest known one.

    Args:
        kind: what the name should have named, such as ``"model"``.
        name: what came.
        known: the names that exist.
    """
    name = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    listed = ", ".join(names) if names else "none yet"
    hint = f"Did you mean {near[0]!r}?" if near else f"Choose one of: {listed}."
    return GenworldError(f"There is no {kind} called {name!r}. {hint}")
