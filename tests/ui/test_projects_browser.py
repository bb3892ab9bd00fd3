"""The dialog that writes into a project folder: what it says before, what it refuses, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
import drops
from playwright.sync_api import expect

from genworld import sampling
from genworld.datasets import open_dataset
from genworld.learning import learn
from genworld.library import Draft, Library
from genworld.sampling import LoadedModel

pytestmark = pytest.mark.browser

KEPT = "#board-grid .gw-tile.gw-filled"


def _keep_own_levels(home: Path, project: Path, count: int = 3) -> None:
    """As if a person had learned their map and kept samples before."""
    checkpoint = learn(open_dataset(str(project)), folder=home / "models" / "meadow")
    made = sampling.sample(LoadedModel(checkpoint, checkpoint.load()), seed=3, count=count)
    source = checkpoint.manifest.run.data
    drafts = [Draft(each.example, each.origin, "Meadow", f"Level {n}", source) for n, each in enumerate(made)]
    with Library.open() as library:
        library.board().keep_all(drafts)


def test_into_a_project_folder(
    start_app: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = drops.tiled_map(tmp_path / "game")[0].parent
    app = start_app()
    monkeypatch.setenv("GENWORLD_HOME", str(app.home))
    page = visit(app.url)
    expect(page.locator("#sample-grid .gw-tile.gw-filled").first).to_be_visible()
    expect(page.locator("#pack-export")).to_be_visible()
    expect(page.locator("#project-open")).to_be_hidden()

    _keep_own_levels(app.home, project)
    page.reload()
    expect(page.locator(KEPT)).to_have_count(3)
    page.locator("#project-open").click()
    folder, files = page.locator("#project-folder-input"), page.locator("#project-files li")
    expect(page.locator("#project")).to_contain_text("3 levels of meadow.tmx")
    expect(folder).to_be_focused()
    expect(page.locator("#project-write")).to_be_disabled()
    for typed, words in (
        ("game", "whole path"),
        (str(tmp_path / "none"), "no folder"),
        (str(tmp_path), "should be in"),
    ):
        folder.fill(typed)
        expect(page.locator("#project-fault")).to_contain_text(words)
        expect(page.locator("#project-write")).to_be_disabled()
    folder.fill(str(project))
    expect(files).to_have_text(["meadow-01.tmx", "meadow-02.tmx", "meadow-03.tmx"])
    expect(page.locator("#project-fault")).to_be_hidden()
    page.locator("#project-write").click()
    expect(page.locator("#project")).to_be_hidden()
    expect(page.locator(".gw-toasts")).to_contain_text("meadow-01.tmx, meadow-02.tmx, meadow-03.tmx")
    assert {path.name for path in project.glob("*.tmx")} == {"meadow.tmx", *(f"meadow-0{n}.tmx" for n in (1, 2, 3))}

    # What is selected alone; the folder is remembered.
    page.locator(KEPT).first.click()
    page.locator("#project-open").click()
    expect(page.locator("#project")).to_contain_text("1 selected level of meadow.tmx")
    expect(folder).to_have_value(str(project))
    expect(files).to_have_text(["meadow-04.tmx"])
    folder.press("Enter")
    expect(page.locator("#project")).to_be_hidden()
    assert (project / "meadow-04.tmx").is_file()


def test_a_public_page_has_no_such_dialog(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    expect(page.locator("#sample-grid .gw-tile.gw-filled").first).to_be_visible()
    expect(page.locator("#project-open")).to_have_count(0)
