"""Names that people and files give: one spelling, nothing invisible that could mislead."""

from __future__ import annotations

import unicodedata

from genworld.errors import GenworldError
from genworld.limits import NAME_LENGTH

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def cleaned(text: str) -> str:
    """`text` in NFC on one line, without control characters and marks that turn the direction of writing.

    >>> cleaned(" two\\n  words\\u202e ")
    'two words'
    """
    shown = "".join(" " if char.isspace() else char for char in text)
    kept = "".join(char for char in shown if char not in _BIDI and unicodedata.category(char) not in ("Cc", "Cs", "Cn"))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def checked(text: object, what: str) -> str:
    """A name that a person typed, cleaned.

    Raises:
        GenworldError: it is no text, has nothing to show, or is longer than `NAME_LENGTH` characters.
    """
    name = cleaned(text) if isinstance(text, str) else ""
    if not name:
        raise GenworldError(
            f"{what} needs a name of 1 to {NAME_LENGTH} characters, but nothing that shows came; type one."
        )
    if len(name) > NAME_LENGTH:
        raise GenworldError(f"{what} has a name of at most {NAME_LENGTH} characters, but {len(name)} came; shorten it.")
    return name


def shortened(text: str, otherwise: str) -> str:
    """A name that a program made, cleaned and cut to `NAME_LENGTH` characters; `otherwise` when nothing shows."""
    return (cleaned(text)[:NAME_LENGTH].rstrip() or cleaned(otherwise)[:NAME_LENGTH].rstrip()) or "untitled"
