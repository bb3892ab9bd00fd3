"""How the bundled models were made, stage by stage: the same words make them again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genworld.checkpoint import Checkpoint
from genworld.datasets import Dataset, store
from genworld.datasets.public import CATALOGUE, PublicSet
from genworld.errors import GenworldError, unknown
from genworld.models import configure
from genworld.training.lessons import WHOLE, Cuts
from genworld.training.order import Order, set_words, spoken
from genworld.training.run import Training, go_on

KEPT, BUILTIN = "data:", "builtin:"


@dataclass(frozen=True)
class Recipe:
    """One model's making.

    Args:
        name: of the model.
        title, summary: what people read of it.
        data: where the data lie that it learns from: ``data:NAME``, a part of a public set, or ``builtin:NAME``; of data
            that nobody can fetch only the name.
        family: of the model.
        stages: settings of the first training, then those that change where it goes on.
        cuts: what of the data it sees.
        options: of the data's reader.
        seed: of everything random.
    """

    name: str
    title: str
    summary: str
    data: str
    family: str
    stages: tuple[Mapping[str, Any], ...]
    cuts: Cuts = WHOLE
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    def settings(self, stage: int) -> dict[str, Any]:
        """All settings that hold in a stage, the first being 0."""
        return {name: value for each in self.stages[: stage + 1] for name, value in each.items()}

    @property
    def public(self) -> PublicSet | None:
        """The public set that its data are a part of, if they are."""
        part = self.data.removeprefix(KEPT)
        return next((each for each in CATALOGUE.values() if part in each.parts), None)

    def require_data(self) -> None:
        """Raises GenworldError, with what to do, where its data are not on this machine."""
        if self.data.startswith(BUILTIN) or self.data in {f"{KEPT}{kept.name}" for kept in store.all()}:
            return
        if self.public is None:
            raise GenworldError(
                f"The recipe {self.name!r} learns from {self.data}, which genworld cannot fetch; say where it lies: "
                f"genworld train FOLDER --recipe {self.name}"
            )
        raise GenworldError(
            f"The recipe {self.name!r} learns from {self.public.title}, which this machine does not have; get it "
            f"with: genworld data fetch {self.public.name}"
        )

    def order(self, data: str | None = None) -> Order:
        """The first stage.

        Args:
            data: where its data lie; where they are by themselves when None.
        """
        return Order.checked(
            {
                "data": data or self.data,
                "options": dict(self.options),
                "family": self.family,
                "settings": dict(self.stages[0]),
                **vars(self.cuts),
                "seed": self.seed,
                "title": self.title,
            }
        )

    def stage(self, saved: Checkpoint) -> int:
        """The stage that a checkpoint of this recipe is in.

        Raises:
            GenworldError: it was made with other settings.
        """
        config = configure(self.family, saved.manifest.config) if saved.family == self.family else None
        for stage in range(len(self.stages)):
            if config == configure(self.family, saved.manifest.config | self.settings(stage)):
                return stage
        raise GenworldError(
            f"{saved.name!r} was made with other settings than the recipe {self.name!r} has; choose another name."
        )

    def goes_on(self, stage: int, saved: Checkpoint, data: Dataset, place: str, device: str = "auto") -> Training:
        """The training of a stage, from a checkpoint of it or of the one before.

        Args:
            stage: that is done now.
            saved: with its training state.
            data: as it learned from before.
            place: where they lie, as for `order`.
            device: one of `DEVICES`.
        """
        same = self.stage(saved) == stage
        changes = {} if same else dict(self.stages[stage])
        words = ["genworld", "train", spoken(place), "--resume", *set_words(changes)]
        return go_on(saved, data, changes=changes, command="" if same else shlex.join(words), device=device)


def _contest(**more: Any) -> dict[str, Any]:
    return {**more, "loss": "relativistic", "penalty": 1.0, "penalty_fake": True, "preview_every": 0}


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "adventurers",
            "Adventurers",
            "Dressed heroes of 32 x 32 pixels; say what they wear: a cloak, a robe, a shield, a book.",
            "data:dcss-adventurers",
            "gan",
            (_contest(steps=14_000, palette=32, decay=0.4),),
        ),
        Recipe(
            "adventurers-flow",
            "Adventurers, exactly reversible",
            "Dressed heroes again, by a model that finds any hero's place exactly and says how likely it is.",
            "data:dcss-adventurers",
            "flow",
            ({"steps": 8_000, "preview_every": 0},),
        ),
        Recipe(
            "dungeon",
            "Dungeon rooms",
            "Top-down dungeon rooms of 24 x 24 tiles, a different one each time.",
            "data:freedoom",
            "gan",
            (_contest(steps=7_000),),
            Cuts(window=24, least_open=0.25, hold_out=0.15),
        ),
        Recipe(
            "dungeon-markov",
            "Dungeon, any size",
            "Top-down dungeons of any size, as small as a room or as large as a world.",
            "data:freedoom",
            "markov",
            ({"flips": "turns"},),
            Cuts(least_open=0.25, hold_out=0.15),
        ),
        Recipe(
            "overworld",
            "Overworld",
            "Continents, coasts and mountains of any size, as the Earth has them.",
            "overworld_etopo",
            "markov",
            ({"flips": "turns"},),
            Cuts(hold_out=0.15),
        ),
        Recipe(
            "platformer",
            "Platformer",
            "Hills, caves and ledges to run and jump through, of any size, with coins, enemies and doors.",
            "replica_island",
            "markov",
            ({"flips": "none"},),
            Cuts(hold_out=0.15),
        ),
        Recipe(
            "platformer-hmm",
            "Platformer, column by column",
            "Strips of platformers of any length; pin what must stay, and the rest is drawn to fit.",
            "replica_island",
            "hmm",
            ({"states": 128},),
            Cuts(least_open=0.3, hold_out=0.15),
        ),
        Recipe(
            "city",
            "City",
            "Streets, blocks and parks of any size; say which: downtown, suburb, old town, waterfront.",
            "builtin:city",
            "markov",
            ({"flips": "mirror"},),
            Cuts(hold_out=0.15),
            {"count": 600},
        ),
        Recipe(
            "interiors",
            "Interiors",
            "Rooms with their furniture, of any size; say which: homes, classrooms, laboratories.",
            "builtin:interiors",
            "markov",
            ({"flips": "mirror"},),
            Cuts(hold_out=0.15),
            {"count": 600},
        ),
    )
}
"""By the name of the model."""


def recipe(name: str) -> Recipe:
    """The recipe of a bundled model. Raises GenworldError for a name that is none."""
    if name not in RECIPES:
        raise unknown("recipe", name, RECIPES)
    return RECIPES[name]
