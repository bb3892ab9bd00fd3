"""Exploring from tiles, on every tab: blends of two or four, more like those that are selected, the nearest training example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genworld.errors import GenworldError, unknown
from genworld.library import Library
from genworld.limits import LEVEL_PICTURE_PIXELS, MAX_SEED, real, whole
from genworld.mode import Mode
from genworld.ui import animations, asked
from genworld.ui.components.part import Answer, Asked, Part

if TYPE_CHECKING:
    from genworld.ui.explored import Blend
    from genworld.ui.subjects import Subject

BATCH = 16
"""Frames or children in one answer: the page asks again and again, so that it can show progress and stop."""
STEPS = (3, 64)
"""Frames of a way between two."""
SIDE = (3, 9)
"""Frames along a side of the square between four."""
CHILDREN = 16
PARENTS = 64
"""At most: an origin names no more."""
SECONDS = (0.2, 20.0)
SCALE = (1, 64)
FORMS = ("gif", "webp")


class Explore(Part):
    """What dialogs over any tab ask. It holds no state: every answer's tiles have the origins that go on from them.

    Args:
        mode: whose limits hold.
        library: where kept items are.
    """

    def __init__(self, mode: Mode, library: Library) -> None:
        self.mode = mode
        self.library = library
        bounds = {
            "steps": STEPS,
            "side": SIDE,
            "children": CHILDREN,
            "parents": PARENTS,
            "seconds": SECONDS,
            "pixels": LEVEL_PICTURE_PIXELS,
        }
        answers = [self.blended, self.animated, self.animating, self.bred, self.nearest]
        super().__init__("explore", answers, elem_id="explore", bounds=bounds)

    def blended(self, request: Asked) -> Answer:
        """Some frames of a blend."""
        from genworld.ui import explored  # see workspace.warm_up

        blend = self._blend(request)
        start = whole("The first frame", request.get("start"), 0, blend.total - 1)
        return explored.blended(blend, start, whole("The count", request.get("count"), 1, BATCH, "at once"))

    def animated(self, request: Asked) -> Answer:
        """A blend of two as a file."""
        from genworld.ui import explored

        if len(asked.some(request.get("ends"), 4)) != 2:
            raise GenworldError("An animation goes between two tiles; select two.")
        form, bounce = asked.text("The format", request.get("format")), request.get("bounce", False)
        if form not in FORMS:
            raise unknown("format of animations", form, FORMS)
        return explored.animated(
            self._blend(request),
            animations.token(request.get("run")),
            form=form,
            seconds=real("The length in seconds", request.get("seconds"), *SECONDS),
            scale=whole("The scale", request.get("scale"), *SCALE),
            bounce=bounce is True,
        )

    def animating(self, request: Asked) -> Answer:
        """How far an animation is, and an end to it where that is asked."""
        return dict(animations.how_far(animations.token(request.get("run")), stop=request.get("stop") is True))

    def bred(self, request: Asked) -> Answer:
        """Some of sixteen children of a selection."""
        from genworld.ui import explored

        start = whole("The first child", request.get("start"), 0, CHILDREN - 1)
        return explored.bred(
            self._subjects(request, "parents", PARENTS),
            far=real("How far", request.get("far"), 0, 1),
            seed=whole("The seed", request.get("seed"), 0, MAX_SEED),
            start=start,
            count=whole("The count", request.get("count"), 1, CHILDREN - start, "at once"),
            known=asked.texts("The children before", request.get("known", []), CHILDREN),
        )

    def nearest(self, request: Asked) -> Answer:
        """How near a tile is to what its model learned from."""
        from genworld.ui import nearest, subjects

        return nearest.told(subjects.of(self.library, self.mode, request))

    def _blend(self, request: Asked) -> Blend:
        from genworld.latent.interpolation import Way
        from genworld.ui.explored import Blend

        wanted = len(asked.some(request.get("ends"), 4))
        if wanted not in (2, 4):
            raise GenworldError(f"A blend goes between two tiles or four, but {wanted} came; select two or four.")
        way = asked.text("The way", request.get("way"))
        if way not in list(Way):
            raise unknown("way", way, list(Way))
        steps = whole("The number of frames", request.get("steps"), *(STEPS if wanted == 2 else SIDE))
        return Blend(self._subjects(request, "ends", 4), steps, Way(way))

    def _subjects(self, request: Asked, name: str, most: int) -> tuple[Subject, ...]:
        """What the tiles under a name stand for; kept ones are looked up on the asker's own board."""
        from genworld.ui import draw, subjects

        told = [asked.entry(one) for one in asked.some(request.get(name), most)]
        secret = request.get("secret")
        each = (subjects.of(self.library, self.mode, {**one, "secret": secret}) for one in told)
        return tuple(draw.in_time(each, len(told)))
