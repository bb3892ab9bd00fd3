"""What a film of a training shows: its samples as small pictures, and what was noticed. Torch is not needed."""

from __future__ import annotations

from typing import Any

from genworld.content import Example
from genworld.datasets.understood import shrunk
from genworld.render import picture
from genworld.replay import Note
from genworld.ui.pictures import shown


def tile(example: Example, side: int) -> dict[str, Any]:
    """One sample, its picture of at most `side` pixels a side."""
    return shown(shrunk(picture(example), side))


def noticed(note: Note) -> dict[str, Any]:
    """One note."""
    return {"step": note.step, "kind": str(note.kind), "text": note.text}
