"""The board of whoever asks, and what the page shows of it."""

from __future__ import annotations

from typing import Any

from genworld.library import Board, Item, Library
from genworld.limits import whole
from genworld.mode import Mode
from genworld.ui import asked


def board_of(library: Library, mode: Mode, request: dict[str, Any]) -> Board:
    """The board that a request is about: the local person's, or that of the secret in the request.

    Raises:
        GenworldError: in public mode, without a secret.
    """
    return library.board(None if mode is Mode.LOCAL else asked.secret(request.get("secret")))


def kept_item(library: Library, mode: Mode, request: dict[str, Any]) -> Item | None:
    """The item of the asker's own board that a level was opened as; None for a fresh sample.

    Raises:
        GenworldError: that board holds none of this number.
    """
    if request.get("item") is None:
        return None
    return board_of(library, mode, request).item(whole("The number of an item", request["item"], 1, 2**63 - 1))


def summary(board: Board) -> dict[str, Any]:
    """What the panel and the bar need after every change: name, what is kept, what can be taken back."""
    kept = sorted(board.digests().items(), key=lambda pair: pair[1])
    return {
        "name": board.name,
        "items": [{"id": item, "digest": digest} for digest, item in kept],
        "sprites": board.has_sprites,
        "canUndo": board.can_undo,
        "canRedo": board.can_redo,
    }
