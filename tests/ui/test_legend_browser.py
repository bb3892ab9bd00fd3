"""Saying what tiles do in a real browser, many at once; and own models that go to the trash from the picker."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
import drops
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TILES = "#sample-grid .gw-tile.gw-filled"
LEGEND = "#intake .gw-legend-tile"


def _silent_map(folder: Path) -> list[Path]:
    """A map whose tiles say nothing of what they do."""
    paths = drops.text_level(folder)
    names = next(path for path in paths if path.suffix == ".json")
    told = json.loads(names.read_text())
    for index, tile in enumerate(told["tiles"].values()):
        tile.update(meaning=f"tile {index}", tags=[])
    names.write_text(json.dumps(told))
    return paths


def _sweep(page: Any, first: int, last: int) -> None:
    """The mouse, pressed on one tile of the legend and let go on another."""
    for step, index in enumerate((first, last)):
        box = page.locator(LEGEND).nth(index).bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=1 + 5 * step)
        if not step:
            page.mouse.down()
    page.mouse.up()


def _learn(page: Any) -> None:
    page.locator("#intake-learn").click()
    expect(page.locator("#intake")).to_be_hidden()


def test_many_tiles_are_said_at_once(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    expect(page.locator(TILES).first).to_be_visible()
    drops.drop(page, _silent_map(tmp_path / "meadow"))
    expect(page.locator(f'{LEGEND}[data-role=""]')).to_have_count(5)
    _sweep(page, 1, 2)
    editor = page.get_by_role("group", name="What the chosen tiles do")
    expect(editor).to_contain_text("2 tiles")
    editor.get_by_role("checkbox", name="solid").click()
    editor.get_by_role("button", name="The other 3").click()
    editor.get_by_role("checkbox", name="walkable").click()
    roles = page.locator(LEGEND).evaluate_all("(nodes) => nodes.map((node) => node.dataset.role)")
    assert roles == ["passable", "solid", "solid", "passable", "passable"]
    page.keyboard.press("Control+a")
    expect(page.locator(f'{LEGEND}[aria-pressed="true"]')).to_have_count(5)
    page.keyboard.press("Escape")
    expect(editor).to_be_hidden()
    expect(page.locator("#intake")).to_be_visible()


def test_what_tiles_do_can_be_said_after_learning(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    expect(page.locator(TILES).first).to_be_visible()
    drops.drop(page, _silent_map(tmp_path / "meadow"))
    _learn(page)
    expect(page.locator("#sample-unsaid")).to_be_visible()
    expect(page.locator("#sample-playable")).to_have_count(0)
    page.locator("#sample-unsaid button").click()
    page.locator(LEGEND).nth(1).click()
    page.get_by_role("checkbox", name="solid").click()
    _learn(page)
    expect(page.locator("#sample-playable")).to_be_visible()
    expect(page.locator("#sample-unsaid")).to_have_count(0)
    page.locator("#learn-open").click()
    expect(page.locator("#intake .gw-intake-drop")).to_be_visible()


def test_a_good_file_is_not_held_up_by_a_bad_one(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    expect(page.locator(TILES).first).to_be_visible()
    bad = tmp_path / "bad.ldtk"
    bad.write_text("{")
    drops.drop(page, [bad])
    expect(page.locator("#intake-fault")).to_contain_text("bad.ldtk")
    drops.drop(page, drops.text_level(tmp_path / "cave"))
    expect(page.locator("#intake-learn")).to_be_visible()
    expect(page.locator("#intake-fault")).to_be_hidden()


def test_a_model_goes_to_the_trash_and_comes_back(
    start_app: Callable[..., Any], visit: Callable[..., Any], public_app: Any
) -> None:
    page = visit(start_app().url)
    expect(page.locator(TILES).first).to_be_visible()
    picker = page.locator("#model-picker")
    picker.locator("> button").click()
    rooms = picker.locator(".gw-option", has_text="Tiny rooms")
    rooms.hover()
    rooms.locator(".gw-discard").click()
    expect(rooms).to_have_count(0)
    expect(picker.locator("> button")).to_contain_text("Tiny blobs")
    page.locator(".gw-toasts").get_by_role("button", name="Undo").click()
    picker.locator("> button").click()
    expect(rooms).to_be_visible()
    expect(picker.locator(".gw-option", has_text="Dungeon, any size").locator(".gw-discard")).to_have_count(0)

    other = visit(public_app.url)
    expect(other.locator(TILES).first).to_be_visible()
    other.locator("#model-picker > button").click()
    expect(other.locator(".gw-option").first).to_be_visible()
    expect(other.locator(".gw-discard")).to_have_count(0)
