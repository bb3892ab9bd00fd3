"""The Latent tab: sliders through what a model knows, the picture, and its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genworld.errors import GenworldError, unknown
from genworld.library import Library
from genworld.limits import LIMITS, MAX_SEED, NAME_LENGTH, real, whole
from genworld.mode import Mode
from genworld.ui import asked, boards, dresses, uploads
from genworld.ui.components.part import Answer, Asked, Part

if TYPE_CHECKING:
    from genworld.ui.points import Move, Place

MOVES = 1024
"""Sliders moved in one request, at most."""
LOCKED = 256
SIDES = 8
SLIDER_LENGTH = 2 * NAME_LENGTH


class Latent(Part):
    """Sliders, picture and neighbours. It holds no state of a person's: a request has the origin that its step begins from.

    Args:
        mode: whose limits hold.
        library: where kept items are.
    """

    def __init__(self, mode: Mode, library: Library) -> None:
        self.mode = mode
        self.library = library
        answers = [
            *(self.entered, self.sliders, self.live, self.settled, self.randomised, self.around, self.answers_where),
            *(self.bring, self.search, self.stop_search),
        ]
        super().__init__("latent", answers, elem_id="latent", suffixes=list(uploads.SUFFIXES), bounds=self._bounds())

    def entered(self, request: Asked) -> Answer:
        """Where somebody begins: at a seed of a model, or at a tile; with what the page says of the model."""
        from genworld.ui import latents, points, shelf  # see workspace.warm_up

        if request.get("origin") is None:
            loaded = shelf.opened(asked.text("The model", request.get("model")))
            told = latents.described(loaded)
            if "none" in told:
                return {"model": told}
            place = points.sample(loaded, whole("The seed", request.get("seed"), 0, MAX_SEED), dresses.wanted(request))
            return {"model": told, **self._told(place, request)}
        return self._entered_tile(request)

    def _entered_tile(self, request: Asked) -> Answer:
        from genworld.ui import latents, origins, points

        kept = boards.kept_item(self.library, self.mode, request)
        origin = origins.read(request.get("origin"), LIMITS[self.mode], kept)
        place = points.of_origin(origin, dresses.wanted(request) or (dresses.art_of(kept.example) if kept else None))
        before = place.origin != origin
        said = "Changed by hand: the sliders open at the sample that it was before." if before else ""
        return {"model": latents.described(place.loaded), **self._told(place, request), "said": said}

    def sliders(self, request: Asked) -> Answer:
        """The sliders of a model, or how far their fitting is; the page asks again until they are there."""
        from genworld.ui import latents

        return latents.sliders(self._place(request).loaded)

    def live(self, request: Asked) -> Answer:
        """The picture after some moves, while somebody still drags."""
        from genworld.ui import latents

        return latents.live(self._moved(request))

    def settled(self, request: Asked) -> Answer:
        """The tile after some moves, when the drag is over."""
        return self._told(self._moved(request), request)

    def randomised(self, request: Asked) -> Answer:
        """Another draw; what is locked stays."""
        from genworld.ui import points

        seed = whole("The seed", request.get("seed"), 0, MAX_SEED)
        return self._told(points.randomised(self._place(request), seed, _locked(request)), request)

    def around(self, request: Asked) -> Answer:
        """Some of the neighbours of a point."""
        from genworld.ui import latents

        sides = asked.texts("Sides", request.get("sides"), SIDES)
        for side in sides:
            if side not in latents.COMPASS:
                raise unknown("side", side, latents.COMPASS)
        return {"tiles": list(latents.around(self._place(request), sides))}

    def answers_where(self, request: Asked) -> Answer:
        """What a slider changes, as a picture to be laid over the tile."""
        from genworld.ui import latents

        return latents.answer_of(self._place(request), asked.text("The slider", request.get("slider")))

    def bring(self, request: Asked) -> Answer:
        """Files that somebody brought, read as an example of a model; the search for it begins."""
        from genworld.ui import searches, shelf

        upload = uploads.receive(request, LIMITS[self.mode])
        try:
            return searches.begin(upload, shelf.opened(asked.text("The model", request.get("model"))))
        finally:
            upload.forget()

    def search(self, request: Asked) -> Answer:
        """A bounded piece of a search; the page asks again until it is over."""
        from genworld.ui import searches

        return searches.go_on(request.get("token"), enough=request.get("enough") is True)

    def stop_search(self, request: Asked) -> Answer:
        """Forget a search."""
        from genworld.ui import searches

        searches.forget(request.get("token"))
        return {}

    def _bounds(self) -> dict[str, int]:
        limits = LIMITS[self.mode]
        return {"bytes": limits.upload_bytes, "files": limits.upload_files}

    def _told(self, place: Place, request: Asked) -> Answer:
        from genworld.ui import latents

        return latents.settled(place, numbers=request.get("numbers") is True)

    def _place(self, request: Asked) -> Place:
        """The point of a tile's origin, as it was told by an answer before."""
        from genworld.ui import origins, points

        return points.of_origin(origins.read(request.get("origin"), LIMITS[self.mode]), dresses.wanted(request))

    def _moved(self, request: Asked) -> Place:
        from genworld.ui import points

        return points.moved(self._place(request), _moves(request), _locked(request))


def _moves(request: Asked) -> list[Move]:
    """What is moved, and to what; ranges are those of the sliders, and are looked at where these are known."""
    moves = request.get("moves") or []
    return [_move(one) for one in asked.some(moves, MOVES)] if moves else []


def _move(value: Any) -> Move:
    if not isinstance(value, list) or len(value) != 2:
        raise GenworldError("A move is a slider and its position, but something else came; reload the page.")
    return asked.text("A slider", value[0], SLIDER_LENGTH), real("The position of a slider", value[1], -100, 100)


def _locked(request: Asked) -> tuple[str, ...]:
    return asked.texts("Locked sliders", request.get("locked") or [], LOCKED)
