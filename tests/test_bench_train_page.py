"""The bench of training at the page does what a person does and tells what it saw; how fast is not a test's business."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genworld.bench import train_page, train_sprites
from genworld.bench.timing import Timing
from genworld.bench.train_page import Slowdown
from genworld.datasets import open_dataset
from genworld.errors import GenworldError


def test_sprites_are_data_of_several_classes(tmp_path: Path) -> None:
    file = tmp_path / "sprites.zip"
    file.write_bytes(train_sprites.archive(24))
    data = open_dataset(str(file))
    assert data.spec.classes == tuple(sorted(train_sprites.CLASSES))
    assert data.labels.sum(axis=0).tolist() == [6] * 4
    pictures = np.stack([each.pixels for each in data.sprites])
    assert pictures.shape == (24, 32, 32, 4)
    assert len(np.unique(pictures, axis=0)) == 24
    assert (pictures[:, 0, 0, 3] == 0).all()


def test_a_slowdown_is_held_by_its_medians() -> None:
    assert Slowdown("an answer", (1.0, 2.0, 9.0), (3.0, 3.0, 9.0), 1.5).held
    assert not Slowdown("an answer", (1.0, 2.0, 9.0), (3.1, 3.1, 3.1), 1.5).held


class Page:
    """What the page's server would answer while a job learns, until it is cancelled."""

    def __init__(self, ends_as: str = "running") -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.ends_as = ends_as
        self.looks = 0
        self.state = "queued"

    def ask(self, part: str, function: str, **request: Any) -> dict[str, Any]:
        self.asked.append((function, request))
        return {
            "entered": lambda: {"tile": {"origin": request["model"]}},
            "sliders": lambda: {"ready": True, "sliders": [{"id": "attribute:height"}]},
            "live": dict,
            "samples": dict,
            "train_start": self.start,
            "turn_job": self.turn,
            "jobs": self.jobs,
        }[function]()

    def start(self) -> dict[str, Any]:
        self.state = "running"
        return {"job": {"id": 7}}

    def turn(self) -> dict[str, Any]:
        self.state = "cancelled"
        return {}

    def jobs(self) -> dict[str, Any]:
        self.looks += 1
        state = self.ends_as if self.looks > 2 and self.state == "running" else self.state
        job = {"id": 7, "state": state, "step": self.looks // 2, "error": ""}
        return {"jobs": [job], "watched": {"curves": {"loss": [[1, 0.5]]}, "frames": [{"step": 2}], "notes": []}}


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    """In place of a page in a process of its own; looked at without a pause."""
    served = Page()

    @contextmanager
    def own_page() -> Iterator[str]:
        yield "http://127.0.0.1:1/"

    monkeypatch.setattr(train_page, "own_page", own_page)
    monkeypatch.setattr(train_page, "Visitor", lambda _: served)
    monkeypatch.setattr(train_page, "ASKED", 4)
    monkeypatch.setattr(train_page, "POLL", 0.001)
    return served


def test_answers_are_timed_before_during_and_after_a_job(page: Page) -> None:
    rows = list(train_page.answering())
    assert [row.what for row in rows] == [
        f"{model}, {what}" for model in train_page.MODELS for what in ("the first 4 samples", "a slider's move")
    ]
    assert all(len(row.quiet) == len(row.busy) == 4 for row in rows)
    seeds = [each["seed"] for name, each in page.asked if name == "samples" and each["model"] == "dungeon"]
    assert len(set(seeds)) == len(seeds) == 9  # none is answered from what is known
    names = [name for name, _ in page.asked]
    begins, ends = names.index("train_start"), names.index("turn_job")
    assert names[begins:ends].count("live") == 2 * 4
    assert names[:begins].count("live") == 2 * (1 + 2)
    assert page.state == "cancelled"


def test_figures_beside_a_job_that_ended_say_nothing(page: Page) -> None:
    page.ends_as = "succeeded"
    with pytest.raises(GenworldError, match="say nothing"):
        list(train_page.answering())


def test_without_playwright_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert list(train_page.dropping()) == [train_page.WITHOUT_BROWSER]


@pytest.mark.browser
def test_sprites_are_dropped_and_become_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright.sync_api")
    if not any(map(train_page.shutil.which, train_page.BROWSERS)):
        pytest.skip("no chromium on the path")
    monkeypatch.setattr(train_page, "RUNS", 1)
    monkeypatch.setattr(train_page, "SPRITES", 8)
    film, tab = train_page.dropping()
    assert isinstance(film, Timing)
    assert isinstance(tab, Timing)
    assert 0 < film.seconds[0] <= tab.seconds[0]
