"""The surface: a level opened large, to be painted, pinned, redone and repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genworld.library import Library
from genworld.limits import LIMITS, MAX_SEED, whole
from genworld.mode import Mode
from genworld.ui import asked
from genworld.ui.components.part import Answer, Asked, Part

if TYPE_CHECKING:
    from genworld.ui.subjects import Subject


class Surface(Part):
    """What the large view of a level asks. It holds no state: every answer has the origin that the next step sends.

    Args:
        mode: whose limits hold.
        library: where kept items are.
    """

    def __init__(self, mode: Mode, library: Library) -> None:
        self.mode = mode
        self.library = library
        answers = [self.opened, self.painted, self.redone, self.walked, self.repaired, self.surprised]
        super().__init__("surface", answers, elem_id="surface")

    def opened(self, request: Asked) -> Answer:
        """A level with its grid and its legend."""
        from genworld.ui import surfaces  # see workspace.warm_up

        return surfaces.opened(self._subject(request))

    def painted(self, request: Asked) -> Answer:
        """It with some cells painted."""
        from genworld.ui import surfaces

        edits = asked.edits(request.get("edits"), LIMITS[self.mode])
        return surfaces.painted(self._subject(request), edits)

    def redone(self, request: Asked) -> Answer:
        """It with the marked cells made anew."""
        from genworld.ui import surfaces

        return surfaces.redone(
            self._subject(request),
            asked.runs(request.get("cells"), LIMITS[self.mode]),
            seed=whole("The seed", request.get("seed"), 0, MAX_SEED),
        )

    def walked(self, request: Asked) -> Answer:
        """The way from start to goal, or why there is none."""
        from genworld.ui import surfaces

        return surfaces.walked(self._subject(request))

    def repaired(self, request: Asked) -> Answer:
        """It with as few cells changed as it takes to be walked, and none of those that are pinned."""
        from genworld.ui import surfaces

        pins = request.get("pins") or []
        return surfaces.repaired(self._subject(request), asked.runs(pins, LIMITS[self.mode]) if pins else ())

    def surprised(self, request: Asked) -> Answer:
        """How much of a surprise each of its cells is to its model."""
        from genworld.ui import surfaces

        return surfaces.surprised(self._subject(request))

    def _subject(self, request: Asked) -> Subject:
        from genworld.ui import subjects

        return subjects.of(self.library, self.mode, request)
