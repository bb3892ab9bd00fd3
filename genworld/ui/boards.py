"""The board of whoever asks, and what the page shows of it."""

from __future__ import annotations

from typing import Any

from genworld.library import Board, Library
from genworld.mode import Mode
from genworld.ui import asked


def board_of(library: Library, mode: Mode, request: dict[str, Any]) -> Board:
    """The board that a request is about: the local person's, or that of the secret in the request.

    Raises:
        GenworldError: in public mode, without a secret.
    """
    return library.board(None if mode is Mode.LOCAL else asked.secret(request.get("secret")))


def summary(board: Board) -> dict[str, Any]:
    """What the panel and the bar need after every change: name, what is kept, what can be taken back."""
    kept = sorted(board.digests().items(), key=lambda pair: pair[1])
    return {
        "name": board.name,
        "items": [{"id": item, "digest": digest} for digest, item in kept],
        "canUndo": board.can_undo,
        "canRedo": board.can_redo,
    }
