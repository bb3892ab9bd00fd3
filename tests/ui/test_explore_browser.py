"""Blends and children in a real browser: from any selection, scrubbed, played, kept, and generation after generation."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
from blobs import remember
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LEVELS = "tiny-rooms"
TILES = "#sample-grid .gw-tile.gw-filled"
FRAMES = "#blend-strip .gw-tile.gw-filled"
CHILDREN = "#breed-grid .gw-tile.gw-filled"
KEPT = "#board-grid .gw-tile.gw-filled"
SAMPLED = re.compile(r"^\d+ samples? · seed \d+")


def _ready(page: Any) -> None:
    expect(page.locator("#sampler [role=status]")).to_have_text(SAMPLED)


def _select(page: Any, grid: str, *indices: int) -> None:
    for index in indices:
        page.locator(grid).nth(index).click(modifiers=[] if index == indices[0] else ["Control"])


def _do(page: Any, name: str) -> None:
    """One of the actions on the selection that is in sight."""
    page.locator(".gw-actions.gw-on:visible").last.get_by_role("button", name=name, exact=True).click()


def _picture(page: Any, tile: str, index: int) -> str:
    source: str = page.locator(tile).nth(index).locator("img").get_attribute("src")
    return source


def _children(page: Any) -> list[str]:
    """The pictures of the sixteen that are shown, none of them left from before."""
    page.wait_for_function("() => genworld.breed.litters[genworld.breed.at].tiles.length === 16")
    return _sources(page, CHILDREN)


def _shows(page: Any, children: list[str]) -> bool:
    """Whether these are shown, now or in a moment."""
    for _ in range(100):
        if _children(page) == children:
            return True
        page.wait_for_timeout(100)
    return False


def _sources(page: Any, tiles: str) -> list[str]:
    sources: list[str] = page.locator(f"{tiles} img").evaluate_all("(all) => all.map((one) => one.src)")
    return sources


def test_two_tiles_blend_scrub_play_keep_and_go_out_as_files(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _ready(page)
    ends = [_picture(page, TILES, 0), _picture(page, TILES, 3)]
    _select(page, TILES, 0, 3)
    _do(page, "Blend")
    expect(page.locator(FRAMES)).to_have_count(9)
    assert [_picture(page, FRAMES, 0), _picture(page, FRAMES, 8)] == ends, "the ends are the tiles themselves"

    large = page.locator("#blend-stage img")
    page.locator("#blend-scrubber").fill("4")
    expect(large).to_have_attribute("src", _picture(page, FRAMES, 4))
    page.locator("#blend-scrubber").press("ArrowRight")
    expect(large).to_have_attribute("src", _picture(page, FRAMES, 5))
    expect(page.locator(FRAMES).nth(5)).to_have_attribute("aria-selected", "true")
    page.locator(FRAMES).nth(2).click()
    expect(page.locator("#blend-scrubber")).to_have_value("2")
    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(1)
    expect(page.locator(FRAMES).nth(2)).to_have_class(re.compile("gw-kept"))
    assert _picture(page, KEPT, 0) == _picture(page, FRAMES, 2)

    page.locator("#blend-play").click()
    page.wait_for_function("() => genworld.blend.shown.at === 8")
    page.wait_for_function("() => genworld.blend.shown.at < 4")
    page.locator("#blend-play").click()
    at = page.evaluate("() => genworld.blend.shown.at")
    page.wait_for_timeout(400)
    assert page.evaluate("() => genworld.blend.shown.at") == at, "it pauses"

    for form in ("gif", "webp"):
        with page.expect_download() as waiting:
            page.locator(f"#blend-{form}").click()
        assert waiting.value.suggested_filename == f"tiny-blobs-blend.{form}"

    page.locator("#blend-steps").fill("17")
    expect(page.locator(FRAMES)).to_have_count(17)
    page.get_by_role("button", name="Swap the two").click()
    page.wait_for_function("() => genworld.blend.shown.grid.tiles.filter(Boolean).length === 17")
    assert [_picture(page, FRAMES, 0), _picture(page, FRAMES, 16)] == ends[::-1]
    page.locator("#blend-keep-all").click()
    expect(page.locator(f"{FRAMES}.gw-kept")).to_have_count(17)

    page.keyboard.press("Escape")
    expect(page.locator("#blend")).to_be_hidden()
    expect(page.locator(TILES).nth(3)).to_have_class(re.compile("gw-kept"))


def test_four_tiles_are_the_corners_of_a_square(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _ready(page)
    corners = [_picture(page, TILES, index) for index in (0, 1, 2, 5)]
    _select(page, TILES, 0, 1, 2)
    expect(page.locator(".gw-actions.gw-on").get_by_role("button", name="Blend")).to_be_hidden()
    page.locator(TILES).nth(5).click(modifiers=["Control"])
    _do(page, "Blend")
    expect(page.locator(FRAMES)).to_have_count(25)
    assert [_picture(page, FRAMES, index) for index in (0, 4, 20, 24)] == corners
    page.locator(FRAMES).nth(12).click()
    expect(page.locator("#blend-stage img")).to_have_attribute("src", _picture(page, FRAMES, 12))
    page.keyboard.press("ArrowDown")
    expect(page.locator(FRAMES).nth(17)).to_have_attribute("aria-selected", "true")
    page.locator("#blend-steps").fill("3")
    expect(page.locator(FRAMES)).to_have_count(9)
    expect(page.locator("#blend-play")).to_be_hidden()


def test_the_last_number_of_frames_wins_and_a_blend_can_be_cancelled(
    public_app: Any, visit: Callable[..., Any]
) -> None:
    page = visit(public_app.url)
    _ready(page)
    _select(page, TILES, 0, 1)
    _do(page, "Blend")
    page.evaluate(
        "() => { const input = document.getElementById('blend-steps');"
        " for (const steps of [64, 30, 12, 7]) { input.value = steps; input.dispatchEvent(new Event('input')); } }"
    )
    expect(page.locator("#blend-strip .gw-tile")).to_have_count(7)
    expect(page.locator(FRAMES)).to_have_count(7)
    expect(page.locator("#blend [role=status]").first).to_have_text("7 frames")
    page.evaluate("() => { const { drawing } = genworld.blend.shown; setTimeout(() => drawing.stop(), 0); }")
    page.locator("#blend-steps").fill("64")
    page.evaluate("() => genworld.blend.shown.drawing.stop()")
    expect(page.locator("#blend .gw-blend-foot .gw-progress")).to_be_hidden()


def test_more_like_these_through_the_generations(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _ready(page)
    _select(page, TILES, 1, 2)
    page.keyboard.press("m")
    expect(page.locator("#breed")).to_be_visible()
    expect(page.locator(CHILDREN)).to_have_count(16)
    expect(page.locator("#breed-parents .gw-filled")).to_have_count(2)
    first = _children(page)

    page.locator("#breed-again").click()
    expect(page.locator("#breed-generation")).to_have_text("Generation 1 · try 2")
    expect(page.locator(CHILDREN)).to_have_count(16)
    again = _children(page)
    assert again != first

    _select(page, CHILDREN, 0, 3, 7)
    chosen = [again[index] for index in (0, 3, 7)]
    _do(page, "More like these")
    expect(page.locator("#breed-generation")).to_have_text("Generation 2")
    expect(page.locator(CHILDREN)).to_have_count(16)
    assert _sources(page, "#breed-parents .gw-filled") == chosen
    second = _children(page)

    page.locator("#breed-back").click()
    expect(page.locator("#breed-generation")).to_have_text("Generation 1 · try 2")
    expect(page.locator(CHILDREN)).to_have_count(16)
    assert _shows(page, again)
    page.keyboard.press("[")
    expect(page.locator("#breed-generation")).to_have_text("Generation 1")
    assert _shows(page, first)
    expect(page.locator("#breed-back")).to_be_disabled()
    page.wait_for_function("document.activeElement === document.body")
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(page.locator("#breed-generation")).to_have_text("Generation 2")
    assert _shows(page, second)

    page.locator(CHILDREN).nth(4).click()
    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(1)
    assert _picture(page, KEPT, 0) == second[4]
    page.locator("#breed-keep-all").click()
    expect(page.locator(".gw-count").first).to_have_text("16")
    page.keyboard.press("Control+z")
    expect(page.locator(".gw-count").first).to_have_text("1")


def test_how_far_is_shown_while_dragging_and_is_one_step_back(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _ready(page)
    page.locator(TILES).nth(1).click()
    _do(page, "More like this")
    expect(page.locator(CHILDREN)).to_have_count(16)
    before = _sources(page, CHILDREN)
    page.evaluate(
        "() => { const far = document.getElementById('breed-far');"
        " for (const value of [0.5, 0.6, 0.7, 0.8]) { far.value = value; far.dispatchEvent(new Event('input')); }"
        " far.dispatchEvent(new Event('change')); }"
    )
    page.wait_for_function("() => genworld.breed.litters.at(-1).tiles.length === 16")
    assert page.evaluate("() => genworld.breed.litters.length") == 2
    assert page.evaluate("() => genworld.breed.litters.at(-1).far") == 0.8
    assert _sources(page, CHILDREN) != before
    page.locator("#breed-back").click()
    assert _sources(page, CHILDREN) == before


def test_from_the_large_view_and_above_the_children(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _ready(page)
    page.locator(TILES).nth(1).dblclick()
    page.get_by_role("dialog", name="Large view").get_by_role("button", name="More like this").click()
    expect(page.get_by_role("dialog", name="Large view")).to_be_hidden()
    expect(page.locator(CHILDREN)).to_have_count(16)
    page.locator(CHILDREN).nth(2).dblclick()
    expect(page.get_by_role("dialog", name="Large view")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_role("dialog", name="Large view")).to_be_hidden()
    expect(page.locator("#breed-generation")).to_have_text("Generation 2")
    expect(page.locator(CHILDREN)).to_have_count(16)
    _select(page, CHILDREN, 0, 1)
    _do(page, "Blend")
    expect(page.locator(FRAMES)).to_have_count(9)
    page.locator(FRAMES).nth(4).click()
    _do(page, "More like this")
    expect(page.locator("#blend")).to_be_hidden()
    expect(page.locator("#breed-generation")).to_have_text("Generation 3")


@pytest.fixture
def remembering(app: Any) -> Iterator[Any]:
    """The page of a model that keeps what it learned from, for one test."""
    found = remember(app.home)
    yield app
    shutil.rmtree(found.folder / "explore")


def test_the_large_view_shows_the_nearest_training_example(remembering: Any, visit: Callable[..., Any]) -> None:
    page = visit(remembering.url)
    _ready(page)
    page.locator(TILES).nth(1).dblclick()
    told = page.locator("#nearest-told")
    expect(told).to_contain_text("16 training examples differ by")
    expect(told.locator("figcaption")).to_contain_text("Nearest of 16 that are kept")
    width = told.locator("img").evaluate("(node) => [node.naturalWidth, node.width % node.naturalWidth]")
    assert width == [16, 0], "at a whole multiple of its size"
    page.keyboard.press("ArrowRight")
    expect(told).to_have_count(1)


def test_levels_that_are_drawn_cell_by_cell(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS)
    _ready(page)
    page.locator(TILES).nth(0).click()
    expect(page.locator(".gw-actions.gw-on").get_by_role("button", name="Sliders")).to_be_hidden()
    page.keyboard.press("l")
    expect(page.get_by_text("so it has no sliders")).to_be_visible()
    _select(page, TILES, 0, 1)
    _do(page, "Blend")
    expect(page.locator("#blend").get_by_role("alert")).to_contain_text("knows no way")
    page.locator("#blend").get_by_role("alert").get_by_role("button", name="More like these").click()
    expect(page.locator(CHILDREN).first).to_be_visible()
    page.locator("#breed").get_by_role("button", name="Cancel").or_(
        page.locator(f"{CHILDREN} >> nth=15")
    ).first.wait_for()


def test_a_tile_of_a_latent_model_opens_its_sliders(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _ready(page)
    page.evaluate("() => { window.opened = []; genworld.openLatent = (tile) => window.opened.push(tile.index); }")
    page.locator(TILES).nth(4).click()
    page.keyboard.press("l")
    _do(page, "Sliders")
    page.locator(TILES).nth(2).dblclick()
    page.keyboard.press("l")
    assert page.evaluate("() => window.opened") == [4, 4, 2]
    expect(page.get_by_role("dialog", name="Large view")).to_be_hidden()


def test_a_tab_is_shown_from_anywhere(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _ready(page)
    page.locator(TILES).nth(0).click()
    page.keyboard.press("m")
    expect(page.locator("#breed")).to_be_visible()
    page.evaluate("() => genworld.openTab('latent')")
    expect(page.locator("#breed")).to_be_hidden()
    expect(page.get_by_role("tab", name="Latent", exact=True)).to_have_attribute("aria-selected", "true")


def test_on_a_phone_all_is_in_reach(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, width=390, height=844)
    _ready(page)
    _select(page, TILES, 0, 1)
    bar = page.locator(".gw-actions.gw-on:visible").bounding_box()
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= 390
    _do(page, "Blend")
    expect(page.locator(FRAMES)).to_have_count(9)
    assert page.evaluate("() => document.querySelector('#blend').scrollWidth") <= 390
    page.keyboard.press("Escape")
    page.locator(TILES).nth(0).click()
    _do(page, "More like this")
    expect(page.locator(CHILDREN)).to_have_count(16)
    last = page.locator(CHILDREN).nth(15).bounding_box()
    assert last["x"] + last["width"] <= 390
