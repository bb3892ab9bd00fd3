"""The bar that never leaves: wordmark, model picker, undo and redo, light or dark."""

from __future__ import annotations

from genworld.limits import LIMITS, MAX_SEED
from genworld.mode import Mode
from genworld.ui import asked, folders
from genworld.ui.components.part import Answer, Asked, Part

REMEMBERED = 64
"""Own models of one visitor, at most."""


class TopBar(Part):
    """The bar. Its value is the name of the chosen model, for every tab.

    Args:
        mode: whose limits hold.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        limits = LIMITS[mode]
        bounds = {"count": limits.sample_count, "side": limits.level_side, "seed": MAX_SEED}
        names = list(folders.folders())
        super().__init__("topBar", [self.models, self.preview], elem_id="top-bar", bounds=bounds, names=names)

    def models(self, request: Asked) -> Answer:
        """What can be chosen now, with the visitor's own models where the browser remembers their names."""
        from genworld.ui import shelf  # see workspace.warm_up

        return {"models": shelf.models(self.mode, asked.texts("Your models", request.get("mine", []), REMEMBERED))}

    def preview(self, request: Asked) -> Answer:
        """The contact sheet of one model."""
        return {"picture": folders.preview(asked.text("The model", request.get("model")))}
