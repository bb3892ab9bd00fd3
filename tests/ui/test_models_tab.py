"""The Models tab without a browser: what is told of a model, its replay, and what a person does with their own."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from caller import Caller

from genworld import checkpoint, replay
from genworld.content import Sprite
from genworld.library import Library
from genworld.mode import Mode
from genworld.replay import Frame, Note, Replay
from genworld.ui import figures
from genworld.ui import models as told
from genworld.ui.components.models import ModelsView
from genworld.ui.components.part import Part

SPRITES, LEVELS = "tiny-blobs", "tiny-rooms"
CHANGES = {
    "model_rename": {"title": "Other"},
    "model_back": {"digest": "0" * 64},
    "model_discard": {},
    "model_restore": {"label": "x"},
    "model_export": {},
    "model_import": {"files": [{"path": "x", "name": "x.zip"}]},
}


class Visitor(Caller):
    def built(self, mode: Mode, library: Library) -> list[Part]:
        return [ModelsView(mode)]


def record(home: Path, name: str = SPRITES, steps: tuple[int, ...] = (1, 4, 9)) -> None:
    """A replay of three frames beside a model of sprites of 16 x 16."""
    frames = tuple(
        Frame(step, tuple(Sprite(np.full((16, 16, 4), 20 * step, np.uint8)) for _ in range(3))) for step in steps
    )
    notes = (Note(4, "few", "Few <b>examples</b>."),)
    replay.write(home / "models" / name, Replay(9, {"loss": ((1, 3.0), (9, 1.0))}, frames, notes))


def test_everything_is_told_of_a_model(home: Path) -> None:
    answer = Visitor().done("model_told", model=SPRITES)
    assert (answer["title"], answer["kind"], answer["makes"]) == ("Tiny blobs", "sprite", "sprites of 16 × 16 pixels")
    assert answer["data"]["licence"] == "CC0-1.0"
    assert answer["data"]["sellable"] is True
    assert (answer["run"]["steps"], answer["run"]["seed"], answer["run"]["command"]) == (3, 1, "test")
    assert answer["figures"] == []
    assert any("Nobody measured" in line for line in answer["limits"])
    assert answer["sheet"] is None
    json.dumps(answer)


def test_a_bundled_model_has_its_figures_with_ceilings_and_its_sheet(home: Path) -> None:
    visitor = Visitor(Mode.PUBLIC)
    answer = visitor.done("model_told", model="adventurers")
    first = answer["figures"][0]
    assert first["value"].endswith("%")
    assert first["ceiling"].endswith("%")
    assert 0 <= first["bar"]["value"] <= 1
    sheet = visitor.done("model_sheet", model="adventurers")
    assert sheet["picture"].startswith("data:image/png;base64,")
    assert (sheet["width"], sheet["height"]) == (answer["sheet"]["width"], answer["sheet"]["height"])
    assert answer["earlier"] == []


def test_cards_pass_over_what_is_damaged(home: Path) -> None:
    (home / "models" / LEVELS / "manifest.json").write_text("{")
    cards = Visitor().done("model_cards", models=[SPRITES, LEVELS, "nowhere"])["cards"]
    assert set(cards) == {SPRITES}
    assert cards[SPRITES]["sellable"] is True


def test_a_replay_comes_with_its_last_frame_and_the_others_when_asked(home: Path) -> None:
    record(home)
    visitor = Visitor(Mode.PUBLIC)
    answer = visitor.done("model_replay", model=SPRITES)["replay"]
    assert answer["curves"] == {"loss": [[1, 3.0], [9, 1.0]]}
    assert answer["notes"] == [{"step": 4, "kind": "few", "text": "Few <b>examples</b>."}]
    assert [(frame["step"], len(frame["tiles"])) for frame in answer["frames"]] == [(1, 0), (4, 0), (9, 3)]
    asked = visitor.done("model_frames", model=SPRITES, steps=[1, 4, 5])["frames"]
    assert [(frame["step"], len(frame["tiles"])) for frame in asked] == [(1, 3), (4, 3)]
    assert asked[0]["tiles"][0]["width"] == 16


def test_a_replay_written_later_is_seen(home: Path) -> None:
    visitor = Visitor()
    assert visitor.done("model_replay", model=SPRITES)["replay"] is None
    record(home)
    assert visitor.done("model_replay", model=SPRITES)["replay"] is not None
    record(home, steps=(1, 9))
    assert len(visitor.done("model_replay", model=SPRITES)["replay"]["frames"]) == 2


@pytest.mark.parametrize("steps", [None, [], [1] * 5, ["1"], [-1], [1.5], [True]], ids=repr)
def test_frames_are_asked_by_a_few_whole_numbers(home: Path, steps: Any) -> None:
    assert "error" in Visitor().ask("model_frames", model=SPRITES, steps=steps)


@pytest.mark.parametrize("name", ["../tiny-blobs", "/etc", "", None, 7])
@pytest.mark.parametrize("ask", ["model_told", "model_sheet", "model_replay", "model_rename", "model_export"])
def test_only_names_on_the_shelf_are_known(home: Path, ask: str, name: Any) -> None:
    assert "error" in Visitor().ask(ask, model=name, title="x")


def test_a_model_is_renamed_and_put_away_and_comes_back(home: Path) -> None:
    visitor = Visitor()
    before = checkpoint.read(home / "models" / SPRITES).digest
    assert visitor.done("model_rename", model=SPRITES, title="Round things")["title"] == "Round things"
    assert visitor.done("model_told", model=SPRITES)["title"] == "Round things"
    assert visitor.done("model_told", model=SPRITES)["digest"] == before
    label = visitor.done("model_discard", model=SPRITES)["label"]
    assert "error" in visitor.ask("model_told", model=SPRITES)
    assert visitor.done("model_restore", label=label)["model"] == SPRITES
    assert visitor.done("model_told", model=SPRITES)["title"] == "Round things"


@pytest.mark.parametrize("ask", ["model_rename", "model_discard", "model_back"])
def test_what_came_with_genworld_stays_as_it_is(home: Path, ask: str) -> None:
    assert "came with genworld" in Visitor().ask(ask, model="adventurers", **CHANGES[ask])["error"]


@pytest.mark.parametrize("ask", ["model_rename", "model_discard", "model_back"])
def test_a_model_that_is_being_trained_is_left_alone(home: Path, ask: str) -> None:
    with Library.open() as library:
        library.jobs.add(kind="train", title="More", spec={}, model=SPRITES)
    assert "is being trained" in Visitor().ask(ask, model=SPRITES, **CHANGES[ask])["error"]
    assert checkpoint.read(home / "models" / SPRITES).title == "Tiny blobs"


def test_a_public_page_only_looks(home: Path) -> None:
    visitor = Visitor(Mode.PUBLIC)
    part = visitor.parts[0]
    assert {fn.__name__ for fn in part.component.server_fns}.isdisjoint(CHANGES)
    for name, request in CHANGES.items():
        refused = pytest.raises(Exception, match="on your own machine")
        with refused:
            getattr(part, name)({"model": SPRITES, **request})
    assert checkpoint.read(home / "models" / SPRITES).title == "Tiny blobs"


def test_measures_that_are_no_report_are_no_figures() -> None:
    assert figures.report_of({"title": 3, "figures": "many"}) is None
    assert figures.in_json(None) == []


def test_a_picture_too_large_to_unpack_is_none(home: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "sheet.png"
    bomb.write_bytes(told.PNG + b"\0\0\0\rIHDR" + struct.pack(">II", 100_000, 100_000))
    assert told._size_of(bomb) is None
    bomb.write_bytes(b"GIF89a" + bytes(40))
    assert told._size_of(bomb) is None
