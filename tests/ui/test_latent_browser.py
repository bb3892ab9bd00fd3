"""The Latent tab in a real browser: sliders dragged and keyed, the way back, neighbours, keeping, a model without a space."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TILES = "#sample-grid .gw-tile.gw-filled"
PICTURE = "#latent-preview img"
VARIETY = '[data-slider="variety"] input'
FITTED_MS = 90_000


def _open(page: Any, seed: int = 5) -> None:
    page.locator("#tab-latent-button").click()
    expect(page.locator(PICTURE)).to_be_visible()
    page.locator("#latent-seed-input").fill(str(seed))
    page.keyboard.press("Enter")
    expect(page.locator("#latent .gw-strip [role=status]")).to_contain_text(f"seed {seed} ")
    _settled(page)


def _fitted(page: Any) -> None:
    """All sliders are there, so that none moves away under the pointer."""
    page.wait_for_function("() => genworld.latent.bank.full", timeout=FITTED_MS)


def _settled(page: Any) -> None:
    page.wait_for_function("() => genworld.latent.session.steps.then(() => !genworld.latent.session.gesture)")


def _picture(page: Any) -> str:
    _settled(page)
    return str(page.locator(PICTURE).get_attribute("src"))


def _drag(page: Any, slider: str, by: float) -> None:
    """From the middle of a slider, by a share of its width; with no pause, as a quick hand does."""
    page.locator(slider).scroll_into_view_if_needed()
    box = page.locator(slider).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by * box["width"], y, steps=12)
    page.mouse.up()


def test_drag_undo_redo_keep_and_come_back(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _open(page)
    _fitted(page)
    first = _picture(page)
    _drag(page, VARIETY, -0.4)
    moved = _picture(page)
    assert moved != first
    wanted = float(page.locator(VARIETY).input_value())
    told = page.evaluate("() => genworld.latent.session.state.positions.variety")
    assert told == pytest.approx(wanted, abs=0.01), "the last position is never lost"

    page.keyboard.press("Control+z")
    assert _picture(page) == first
    page.keyboard.press("Control+Shift+z")
    assert _picture(page) == moved

    page.keyboard.press("k")
    expect(page.locator("#latent-keep")).to_have_text("Kept")
    expect(page.locator("#board-grid .gw-tile.gw-filled")).to_have_count(1)

    page.locator("#tab-sample-button").click()
    expect(page.locator(TILES).first).to_be_visible()
    page.locator("#tab-latent-button").click()
    assert _picture(page) == moved
    page.locator("#latent-reset").click()
    assert _picture(page) == first


def test_keys_of_a_slider_are_one_step(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _open(page)
    steps = page.evaluate("() => genworld.latent.session.past.length")
    page.locator(VARIETY).focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"() => genworld.latent.session.past.length > {steps}")
    _settled(page)
    assert page.evaluate("() => genworld.latent.session.past.length") == steps + 1
    page.keyboard.press(" ")
    expect(page.locator('[data-slider="variety"] .gw-bank-lock')).to_have_attribute("aria-pressed", "true")


def test_fitted_sliders_and_what_they_change(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _open(page)
    slider = page.locator('[data-slider^="principal:"]').first
    expect(slider).to_be_visible(timeout=FITTED_MS)
    slider.hover()
    slider.locator(".gw-bank-heat").click()
    expect(page.locator(".gw-ring-heat")).to_be_visible()
    expect(page.locator(".gw-latent-legend")).to_contain_text("changes here")
    before = _picture(page)
    place = page.locator(".gw-ring-place.gw-south-east")
    expect(place).to_be_enabled()
    shown = place.locator("img").get_attribute("src")
    place.click()
    page.wait_for_function("(shown) => document.querySelector('#latent-preview img').src === shown", arg=shown)
    assert shown != before


def test_a_tile_opens_its_sliders_by_a_key(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    expect(page.locator(TILES).nth(2)).to_be_visible()
    page.locator(TILES).nth(2).click()
    picture = page.locator(TILES).nth(2).locator("img").get_attribute("src")
    page.keyboard.press("l")
    expect(page.locator(PICTURE)).to_be_visible()
    assert _picture(page) == picture


def test_a_model_without_a_space_says_why_and_what_serves(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model="tiny-rooms")
    page.locator("#tab-latent-button").click()
    expect(page.locator(".gw-latent-empty")).to_contain_text("piece by piece")
    expect(page.locator(".gw-latent-empty button").first).to_be_visible()
    expect(page.locator("#latent-sliders")).to_be_hidden()


def test_a_picture_of_ones_own_is_found(public_app: Any, visit: Callable[..., Any], tmp_path: Any) -> None:
    page = visit(public_app.url)
    _open(page, seed=11)
    raw = page.evaluate("() => document.querySelector('#latent-preview img').src.split(',')[1]")
    mine = tmp_path / "mine.png"
    mine.write_bytes(base64.b64decode(raw))
    page.locator("#latent-file").set_input_files(mine)
    expect(page.locator(".gw-latent-search")).to_be_visible()
    expect(page.locator(".gw-latent-search")).to_be_hidden(timeout=FITTED_MS)
    expect(page.locator("#latent .gw-strip [role=status]")).to_contain_text("The nearest to yours")

    words = tmp_path / "words.txt"
    words.write_text("nothing\n")
    page.locator("#latent-file").set_input_files(words)
    expect(page.locator("#latent-bring-fault")).to_be_visible()


def test_a_tile_of_another_model_brings_its_model_and_there_is_a_way_back(
    public_app: Any, visit: Callable[..., Any]
) -> None:
    page = visit(public_app.url)
    expect(page.locator(TILES).nth(2)).to_be_visible()
    page.locator(TILES).nth(2).click()
    page.keyboard.press("k")
    kept = page.locator("#board-grid .gw-tile.gw-filled")
    expect(kept).to_have_count(1)
    bar = page.locator("#model-picker .gw-picker-button .gw-picker-title")
    page.evaluate("() => genworld.chooseModel('tiny-rooms')")
    expect(bar).to_have_text("Tiny rooms")
    picture = kept.locator("img").get_attribute("src")
    kept.click()
    page.keyboard.press("l")
    expect(page.locator(PICTURE)).to_have_attribute("src", picture)
    expect(bar).to_have_text("Tiny blobs")
    page.get_by_role("button", name="Back to Tiny rooms").click()
    expect(bar).to_have_text("Tiny rooms")
    expect(page.locator(".gw-latent-empty")).to_contain_text("piece by piece")
    page.evaluate("() => genworld.latent.session.back()")
    page.wait_for_function("() => genworld.latent.session.state.model.title === 'Tiny blobs'")


def test_between_two_the_keys_mean_the_frames(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _open(page)
    page.locator("#latent [data-mode=interpolate]").click()
    page.get_by_role("button", name="From this one to another by chance").click()
    frames = page.locator("#between-strip .gw-tile.gw-filled")
    expect(frames).to_have_count(9)
    page.locator("#between-scrubber").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("k")
    expect(frames.nth(2)).to_have_class(re.compile("gw-kept"))
    kept = page.locator("#board-grid .gw-tile.gw-filled")
    expect(kept).to_have_count(1)
    assert kept.locator("img").get_attribute("src") == frames.nth(2).locator("img").get_attribute("src")

    page.locator("#latent-set-none").click()
    expect(page.locator("#latent-blend")).to_contain_text("Between two pictures")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(frames).to_have_count(9)


def test_every_id_is_given_once(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    expect(page.locator(TILES).nth(1)).to_be_visible()
    page.locator(TILES).nth(0).click()
    page.locator(TILES).nth(1).click(modifiers=["Control"])
    page.locator(".gw-actions.gw-on:visible").get_by_role("button", name="Blend", exact=True).click()
    expect(page.locator("#blend-strip .gw-tile.gw-filled")).to_have_count(9)
    page.locator("#blend header button").last.click()
    _open(page)
    page.locator("#latent [data-mode=interpolate]").click()
    page.get_by_role("button", name="From this one to another by chance").click()
    expect(page.locator("#between-strip .gw-tile.gw-filled")).to_have_count(9)
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((node) => node.id)")
    ours = [one for one in ids if one.startswith(("blend", "between", "latent", "breed"))]
    assert len(ours) == len(set(ours))
