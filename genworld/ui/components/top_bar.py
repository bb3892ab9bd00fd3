"""The bar that never leaves: wordmark, model picker, undo and redo, light or dark."""

from __future__ import annotations

from genworld.limits import LIMITS, MAX_SEED
from genworld.mode import Mode
from genworld.stock import trash
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
        public = mode is Mode.PUBLIC
        # On a public page models go by themselves when it needs the room; nobody removes them.
        asks = [self.models, self.preview, *([] if public else [self.discard, self.restore])]
        super().__init__("topBar", asks, elem_id="top-bar", bounds=bounds, names=names, public=public)

    def models(self, request: Asked) -> Answer:
        """What can be chosen now, with the visitor's own models where the browser remembers their names."""
        from genworld.ui import shelf  # see workspace.warm_up

        return {"models": shelf.models(self.mode, asked.texts("Your models", request.get("mine", []), REMEMBERED))}

    def preview(self, request: Asked) -> Answer:
        """The contact sheet of one model."""
        return {"picture": folders.preview(asked.text("The model", request.get("model")))}

    def discard(self, request: Asked) -> Answer:
        """Put one of a person's own models into the trash."""
        return {"label": trash.discard(asked.text("The model", request.get("model")))}

    def restore(self, request: Asked) -> Answer:
        """Put a model back that was put into the trash."""
        return {"model": trash.restore(asked.text("The label", request.get("label")))}
