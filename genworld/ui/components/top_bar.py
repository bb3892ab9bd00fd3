"""The bar that never leaves: wordmark, model picker, undo and redo, light or dark."""

from __future__ import annotations

from genworld.mode import Mode
from genworld.ui import asked, shelf
from genworld.ui.components.part import Answer, Asked, Part


class TopBar(Part):
    """The bar. Its value is the name of the chosen model, for every tab.

    Args:
        mode: whose limits hold.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        super().__init__("topBar", [self.models, self.preview], elem_id="top-bar", shelf=self.models({}))

    def models(self, _: Asked) -> Answer:
        """What can be chosen now."""
        return shelf.contents(self.mode)

    def preview(self, request: Asked) -> Answer:
        """The contact sheet of one model."""
        return shelf.preview(asked.text("The model", request.get("model")))
