"""What the large view tells of the nearest training example, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from blobs import SPRITES, remember
from caller import Caller

from genworld.library import Library
from genworld.mode import Mode
from genworld.provenance import DataSource
from genworld.ui import nearest
from genworld.ui.components.board_panel import BoardPanel
from genworld.ui.components.explore import Explore
from genworld.ui.components.part import Part
from genworld.ui.components.sampler import Sampler


class Person(Caller):
    """One who opens a sample large."""

    def built(self, mode: Mode, library: Library) -> list[Part]:
        return [Sampler(mode), BoardPanel(mode, library), Explore(mode, library)]

    def sample(self, model: str = SPRITES) -> dict[str, Any]:
        tile: dict[str, Any] = self.done("samples", model=model, seed=5, start=0, count=1)["tiles"][0]
        return tile


@pytest.fixture
def person(home: Path) -> Person:
    return Person()


def test_a_model_that_keeps_nothing_tells_nothing(person: Person) -> None:
    assert person.done("nearest", origin=person.sample()["origin"])["words"] == ""


def test_the_nearest_is_told_and_shown(person: Person, home: Path) -> None:
    remember(home)
    told = person.done("nearest", origin=person.sample()["origin"])
    assert "the 16 training examples differ by" in told["words"]
    assert "fingerprints" in told["about"]
    assert told["shown"]["picture"].startswith("data:image/png")
    assert (told["shown"]["width"], told["shown"]["height"]) == (16, 16)
    assert told["shown"]["words"].startswith("Nearest of 16 that are kept: ")


def test_without_kept_examples_the_distance_is_told_alone(person: Person, home: Path) -> None:
    remember(home, some=False)
    told = person.done("nearest", origin=person.sample()["origin"])
    assert told["words"]
    assert told["shown"] is None


def test_a_kept_item_is_told_as_well(person: Person, home: Path) -> None:
    remember(home)
    item = person.done("keep", model=SPRITES, seed=5, condition=[], variety=None, indices=[0])["items"][0]
    shown = person.done("pictures", ids=[item["id"]])["tiles"][0]
    assert person.done("nearest", origin=shown["origin"], item=item["id"])["shown"] is not None


@pytest.mark.parametrize(
    ("licence", "sellable", "shows"),
    [("CC0-1.0", True, True), ("CC-BY-4.0", True, True), ("unknown", None, False), ("MIT", False, False)],
)
def test_an_example_is_shown_only_where_its_licence_allows(licence: str, sellable: bool | None, shows: bool) -> None:
    assert nearest.may_show(DataSource(name="x", licence=licence, sellable=sellable)) is shows


@pytest.mark.parametrize("origin", [None, "", "{}", 7, '{"kind": "seed"}'], ids=repr)
def test_requests_that_cannot_be(person: Person, origin: Any) -> None:
    assert set(person.ask("nearest", origin=origin)) == {"error"}
