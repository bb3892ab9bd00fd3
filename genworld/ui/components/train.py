"""The Train tab: data and how well on the left, jobs and the chosen one on the right."""

from __future__ import annotations

from genworld.library import Library
from genworld.limits import MAX_SEED
from genworld.mode import Mode
from genworld.ui import asked, fetched
from genworld.ui.components.part import Answer, Asked, Part, require_local

LABEL_LENGTH = 120


class Train(Part):
    """What can be trained from, and how. Built in local mode alone, and it refuses elsewhere.

    Args:
        mode: must be local.
        library: where jobs are.
    """

    def __init__(self, mode: Mode, library: Library) -> None:
        require_local(mode)
        self.library = library
        sets = [self.train_data, self.train_picture, self.train_preview, self.train_discard, self.train_restore]
        orders = [self.train_presets, self.train_cost, self.train_start, self.train_try]
        super().__init__(
            "train",
            [*sets, *orders],
            elem_id="train",
            bounds={"seed": MAX_SEED, "window": [8, 64], "holdOut": 50},
            plotly=fetched.plotly_address(),
        )

    def train_data(self, request: Asked) -> Answer:  # noqa: ARG002
        """The sets to choose from."""
        from genworld.ui import sets

        return {"sets": sets.listed()}

    def train_picture(self, request: Asked) -> Answer:
        """One example of a set, small."""
        from genworld.ui import sets

        return {"picture": sets.small_picture(sets.named(request.get("data")))}

    def train_preview(self, request: Asked) -> Answer:
        """What is in a set."""
        from genworld.ui import sets

        return sets.preview(sets.named(request.get("data")))

    def train_discard(self, request: Asked) -> Answer:
        """Put a set away."""
        from genworld.ui import sets

        return {"label": sets.discard(sets.named(request.get("data")))}

    def train_restore(self, request: Asked) -> Answer:
        """Put a set back."""
        from genworld.ui import sets

        return {"data": sets.restore(asked.text("The label", request.get("label"), LABEL_LENGTH))}

    def train_presets(self, request: Asked) -> Answer:
        """What each preset does with a set, and the form of its settings."""
        from genworld.ui import sets, trainings  # see workspace.warm_up

        family = request.get("family")
        chosen = None if family is None else asked.text("The family", family)
        return trainings.suggestions(sets.named(request.get("data")), chosen)

    def train_cost(self, request: Asked) -> Answer:
        """What an order takes on this machine, or that this is being measured; the page asks again."""
        from genworld.ui import trainings, trials

        return trials.cost(trainings.read_order(request.get("order")))

    def train_start(self, request: Asked) -> Answer:
        """Queue an order."""
        from genworld.ui import trainings

        return {"job": trainings.start(self.library, trainings.read_order(request.get("order")))}

    def train_try(self, request: Asked) -> Answer:  # noqa: ARG002
        """Queue something small, to be watched."""
        from genworld.ui import trainings

        return {"job": trainings.start(self.library, trainings.tried())}


class JobList(Part):
    """All jobs, for every tab; it shows nothing by itself. Built in local mode alone, and it refuses elsewhere.

    Args:
        mode: must be local.
        library: where jobs are.
    """

    def __init__(self, mode: Mode, library: Library) -> None:
        require_local(mode)
        self.library = library
        super().__init__("jobs", [self.jobs, self.turn_job], elem_id="jobs-part")

    def jobs(self, request: Asked) -> Answer:
        """How all stand, and what is new of the one that is watched."""
        from genworld.ui import progress

        return progress.live(self.library, progress.watch(request.get("watch")))

    def turn_job(self, request: Asked) -> Answer:
        """Cancel, pause, resume, finish, retry, delete or restore one."""
        from genworld.ui import progress

        name = asked.text("What is to be done", request.get("turn"))
        return progress.turn(self.library, progress.job_id(request), name)
