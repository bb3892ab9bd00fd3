"""Settings and grid of the Sample tab."""

from __future__ import annotations

from genworld.limits import LIMITS, whole
from genworld.mode import Mode
from genworld.ui import asked
from genworld.ui.components.part import Answer, Asked, Part

BATCH = 32
"""Samples in one answer: the page asks again and again, so that it can show progress and stop."""


class Sampler(Part):
    """The left column and the grid.

    Args:
        mode: whose limits hold.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        super().__init__("sampler", [self.samples], elem_id="sampler")

    def samples(self, request: Asked) -> Answer:
        """A few samples, from an index on."""
        from genworld.ui import draw  # see workspace.warm_up

        wish = asked.wish(request, LIMITS[self.mode])
        start = whole("The first index", request.get("start"), 0, asked.MAX_INDEX - BATCH)
        return draw.draw(wish, start, whole("The count", request.get("count"), 1, BATCH, "at once"))
