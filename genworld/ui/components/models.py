"""The Models tab: all models, what is known of each, how it learned; and on a person's own machine what they do with them."""

from __future__ import annotations

from genworld.errors import GenworldError
from genworld.limits import LIMITS, whole
from genworld.mode import Mode
from genworld.ui import asked, exports, fetched, uploads
from genworld.ui.components.part import Answer, Asked, Part

CARDS_AT_ONCE = 2_000
FRAMES_AT_ONCE = 4
LAST_STEP = 2**53 - 1
LABEL_LENGTH = 128


class ModelsView(Part):
    """Cards, the chosen model, its replay. In public mode models are only looked at.

    Args:
        mode: whose limits hold.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        looked_at = [self.model_cards, self.model_told, self.model_sheet, self.model_replay, self.model_frames]
        changed = [self.model_rename, self.model_back, self.model_discard, self.model_restore]
        carried = [self.model_export, self.model_import]
        super().__init__(
            "modelsTab",
            looked_at if mode is Mode.PUBLIC else [*looked_at, *changed, *carried],
            elem_id="models-part",
            plotly=fetched.plotly_address(),
            public=mode is Mode.PUBLIC,
        )

    def model_cards(self, request: Asked) -> Answer:
        """What the cards of some models say beyond what the bar knows."""
        from genworld.ui import models  # see workspace.warm_up

        return {"cards": models.brief(asked.texts("The models", request.get("models", []), CARDS_AT_ONCE))}

    def model_told(self, request: Asked) -> Answer:
        """Everything about one model; its earlier steps on a person's own machine."""
        from genworld.ui import models

        name = _model(request)
        earlier = [] if self.mode is Mode.PUBLIC else models.earlier(name)
        return {**models.told(name), "earlier": earlier}

    def model_sheet(self, request: Asked) -> Answer:
        """Samples beside training data."""
        from genworld.ui import models

        return models.sheet(_model(request))

    def model_replay(self, request: Asked) -> Answer:
        """How it learned: curves, notes and the last frame."""
        from genworld.ui import models

        return models.replayed(_model(request))

    def model_frames(self, request: Asked) -> Answer:
        """The pictures of some of its frames."""
        from genworld.ui import models

        wanted = asked.some(request.get("steps"), FRAMES_AT_ONCE)
        return models.frames(_model(request), [whole("A step", step, 0, LAST_STEP) for step in wanted])

    def model_rename(self, request: Asked) -> Answer:
        """Another title for one of a person's own models."""
        self._require_own_machine()
        from genworld.ui import models

        return models.renamed(_model(request), asked.text("The name of a model", request.get("title")))

    def model_back(self, request: Asked) -> Answer:
        """Make an earlier step of a model the present one."""
        self._require_own_machine()
        from genworld.ui import models

        return models.went_back(_model(request), models.digest(request.get("digest")))

    def model_discard(self, request: Asked) -> Answer:
        """Put a model into the trash."""
        self._require_own_machine()
        from genworld.stock import trash

        return {"label": trash.discard(_model(request))}

    def model_restore(self, request: Asked) -> Answer:
        """Put a model back that was put into the trash."""
        self._require_own_machine()
        from genworld.stock import trash

        return {"model": trash.restore(asked.text("The label", request.get("label"), LABEL_LENGTH))}

    def model_export(self, request: Asked) -> Answer:
        """A model as a zip, and where it can be fetched."""
        self._require_own_machine()
        from genworld.ui import models

        path = models.exported(_model(request), exports.fresh())
        return {"path": str(path), "name": path.name, "bytes": path.stat().st_size}

    def model_import(self, request: Asked) -> Answer:
        """A model that was exported as a zip, here or elsewhere."""
        self._require_own_machine()
        from genworld.ui import models

        upload = uploads.receive({**request, "token": None}, LIMITS[self.mode])
        try:
            return models.brought(upload.place)
        except GenworldError as error:
            raise upload.fault(error) from error
        finally:
            upload.forget()

    def _require_own_machine(self) -> None:
        """Raises GenworldError in public mode: the models of a page for everybody are its operator's."""
        if self.mode is not Mode.LOCAL:
            raise GenworldError(
                "On a page for everybody models are looked at, not changed; start genworld on your own machine for that."
            )


def _model(request: Asked) -> str:
    return asked.text("The model", request.get("model"))
