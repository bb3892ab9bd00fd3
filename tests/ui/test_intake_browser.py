"""Learn your own in a real browser: from a file that is dropped to samples of its model."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
import drops
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TILES = "#sample-grid .gw-tile.gw-filled"
LEGEND = "#intake .gw-legend-tile"
LEARNED = re.compile(r"Learned .* in [\d.]+ s")


def _choose(page: Any, paths: Sequence[Path]) -> None:
    """Opens the dialog and chooses files, as a person does who does not drag."""
    expect(page.locator(TILES).first).to_be_visible()
    page.locator("#learn-open").click()
    page.locator("#intake-files").set_input_files(paths)


def _learn(page: Any) -> None:
    page.locator("#intake-learn").click()
    expect(page.locator(".gw-toasts")).to_contain_text(LEARNED)
    expect(page.locator("#intake")).to_be_hidden()


def test_drop_preview_learn_and_sample(
    start_app: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    app = start_app()
    page = visit(app.url)
    expect(page.locator(TILES).first).to_be_visible()
    drops.drop(page, drops.tiled_map(tmp_path / "meadow"))
    expect(page.locator(LEGEND)).to_have_count(4)
    for picture in page.locator(f"{LEGEND} img").all():
        expect(picture).to_have_js_property("naturalWidth", drops.TILE)
    expect(page.locator("#intake")).to_contain_text("30 x 20")
    page.locator("#intake-title input").fill("My meadow")
    _learn(page)

    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("My meadow")
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("yours")
    expect(page.locator("#sample-width input")).to_have_value("30")
    expect(page.locator("#sample-height input")).to_have_value("20")
    expect(page.locator(f"{TILES} img").first).to_have_js_property("naturalWidth", 30 * drops.TILE)
    expect(page.locator(TILES)).to_have_count(12)
    page.locator("#model-picker .gw-picker-button").click()
    expect(page.locator("#model-picker .gw-option").first).to_contain_text("yours")

    page.reload()
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("My meadow")
    expect(page.locator(f"{TILES} img").first).to_have_js_property("naturalWidth", 30 * drops.TILE)


def test_what_is_missing_can_be_dropped_later(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    tmx, tsx, png = drops.tiled_map(tmp_path / "meadow")
    _choose(page, [tmx])
    expect(page.locator("#intake .gw-notes")).to_contain_text("meadow.tsx")
    page.locator("#intake-title input").fill("Still mine")
    page.locator("#intake-style select").select_option("platformer")
    drops.drop(page, [tsx, png])
    expect(page.locator("#intake")).not_to_contain_text("meadow.tsx")
    expect(page.locator(LEGEND)).to_have_count(4)
    expect(page.locator("#intake-title input")).to_have_value("Still mine")
    expect(page.locator("#intake-style select")).to_have_value("platformer")


def test_what_a_tile_does_can_be_said(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    _choose(page, drops.text_level(tmp_path / "cave"))
    lava = page.locator(LEGEND, has_text="hazard")
    lava.click()
    editor = page.get_by_role("group", name="What the chosen tiles do")
    expect(editor).to_contain_text("lava")
    editor.get_by_role("checkbox", name="hazard").click()
    editor.get_by_role("checkbox", name="liquid").click()
    expect(page.locator(f"{LEGEND}[aria-label^=lava]")).to_have_attribute("data-role", "liquid")
    editor.get_by_role("button", name="As it was").click()
    expect(page.locator(f"{LEGEND}[aria-label^=lava]")).to_have_attribute("data-role", "hazard")
    page.locator(LEGEND).first.click()
    page.locator(LEGEND).nth(2).click(modifiers=["Shift"])
    expect(editor).to_contain_text("3 tiles")


def test_learning_is_taken_back(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    _choose(page, drops.text_level(tmp_path / "cave"))
    page.locator("#intake-title input").fill("Soon gone")
    _learn(page)
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("Soon gone")
    page.locator(".gw-toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("Tiny blobs")
    page.locator("#model-picker .gw-picker-button").click()
    expect(page.locator("#model-picker .gw-picker-list")).not_to_contain_text("Soon gone")


def test_a_bad_file_is_one_sentence_in_place(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    bad = tmp_path / "bad.tmx"
    bad.write_text("<map><layer>")
    _choose(page, [bad])
    fault = page.locator("#intake-fault")
    expect(fault).to_contain_text("bad.tmx")
    expect(page.locator("#intake-learn")).to_be_hidden()
    page.get_by_role("button", name="Start over").click()
    expect(fault).to_be_hidden()
    song = tmp_path / "song.mp3"
    song.write_bytes(b"la")
    page.locator("#intake-files").set_input_files([song])
    expect(fault).to_contain_text("song.mp3 is none of them")
    page.locator("#intake-files").set_input_files(drops.text_level(tmp_path / "cave"))
    expect(page.locator("#intake-learn")).to_be_visible()
    expect(fault).to_be_hidden()


def test_a_folder_is_taken_whole(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    drops.tiled_map(tmp_path / "game" / "maps")
    (tmp_path / "game" / "notes.md").write_text("nothing for a reader")
    (tmp_path / "game" / ".git").mkdir()
    (tmp_path / "game" / ".git" / "a.txt").write_text("hidden")
    expect(page.locator(TILES).first).to_be_visible()
    page.locator("#learn-open").click()
    page.locator("#intake-folder").set_input_files(tmp_path / "game")
    expect(page.locator(LEGEND)).to_have_count(4)
    expect(page.locator("#intake .gw-notes")).to_have_count(0)


def test_sprites_are_told_what_serves_them(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    _choose(page, drops.sprites(tmp_path / "balls"))
    expect(page.locator("#intake-train")).to_have_class(re.compile("gw-accent"))
    expect(page.locator("#intake-learn")).to_be_hidden()


def test_names_of_strangers_stay_text(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url)
    _choose(page, drops.text_level(tmp_path / "cave"))
    page.locator(LEGEND, has_text="solid").click()
    expect(page.get_by_role("group", name="What the chosen tiles do")).to_contain_text(drops.EVIL)
    evil = f"{drops.EVIL}${{window.hit=2}}"
    page.locator("#intake-title input").fill(evil)
    _learn(page)
    expect(page.locator(".gw-toasts")).to_contain_text(drops.EVIL)
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text(drops.EVIL)
    assert page.evaluate("window.hit") is None


def test_a_visitors_model_is_remembered_by_the_browser_alone(
    public_app: Any, visit: Callable[..., Any], tmp_path: Path
) -> None:
    page, other = visit(public_app.url), visit(public_app.url)
    _choose(page, drops.text_level(tmp_path / "cave"))
    page.locator("#intake-title input").fill("Secret cave")
    _learn(page)
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("Secret cave")
    page.reload()
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("Secret cave")
    other.reload()
    expect(other.locator(TILES).first).to_be_visible()
    other.locator("#model-picker .gw-picker-button").click()
    expect(other.locator("#model-picker .gw-picker-list")).not_to_contain_text("Secret cave")
    expect(other.locator("#model-picker .gw-picker-list .gw-yours")).to_have_count(0)


def test_by_keys_and_from_the_picker(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    expect(page.locator(TILES).first).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator("#intake")).to_be_visible()
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#intake")).to_be_hidden()
    page.locator("#model-picker .gw-picker-button").press("ArrowDown")
    page.keyboard.press("End")
    expect(page.locator("#model-picker .gw-marked")).to_have_text("Learn your own map…")
    page.keyboard.press("Enter")
    expect(page.locator("#intake")).to_be_visible()


def test_on_a_phone_nothing_is_cut_off(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url, width=390, height=844)
    _choose(page, drops.tiled_map(tmp_path / "meadow"))
    expect(page.locator("#intake-learn")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.querySelector('#intake').scrollWidth") <= 390
