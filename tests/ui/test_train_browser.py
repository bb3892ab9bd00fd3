"""The Train tab in a real browser: from a zip that is dropped to samples of a model that learned from it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
import drops
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

TILES = "#sample-grid .gw-tile.gw-filled"
JOB = "#train-jobs .gw-job"
LEARNING_MS = 240_000
"""A busy machine learns slowly."""
TINY = {"steps": 30, "batch": 4, "channels": 8, "most-channels": 16, "latent-dim": 4, "style-dim": 16}


def _zip(folder: Path, name: str = "balls") -> Path:
    """Sprites in a zip, as a person has them."""
    made = folder / f"{name}.zip"
    with zipfile.ZipFile(made, "w") as bundle:
        for path in drops.sprites(folder / name, 6):
            bundle.write(path, f"{name}/{path.name}")
    return made


def _drop(page: Any, path: Path) -> None:
    expect(page.locator(TILES).first).to_be_visible()
    drops.drop(page, [path])
    page.locator("#intake-train").click()
    expect(page.locator("#intake")).to_be_hidden()
    expect(page.locator("#train-data .gw-set[aria-selected=true]")).to_contain_text("6 sprites")
    expect(page.locator("#train-start")).to_be_enabled()


def _set(page: Any, **settings: int) -> None:
    """Settings under Advanced, of a VAE: it is the quickest."""
    if not page.locator("#train-family-input").is_visible():
        page.locator(".gw-train-advanced summary").click()
    page.locator("#train-family-input").select_option("vae")
    expect(page.locator("#train-set-beta")).to_be_visible()
    for name, value in settings.items():
        page.locator(f"#train-set-{name.replace('_', '-')}-input").fill(str(value))


def test_drop_train_watch_cancel_and_sample(
    start_app: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(start_app().url, width=1440, height=900)
    _drop(page, _zip(tmp_path))
    _set(page, **{name.replace("-", "_"): value for name, value in TINY.items()})
    expect(page.locator("#train-preset-quick .gw-preset-time")).to_contain_text("about", timeout=LEARNING_MS)
    page.locator("#train-name-input").fill("Tiny balls")
    page.locator("#train-start").click()
    first = page.locator(JOB, has_text="Tiny balls")
    expect(first).to_be_visible()
    expect(page.locator("#train-indicator")).to_contain_text("Tiny balls")

    page.locator("#train-set-steps-input").fill("200000")
    page.locator("#train-name-input").fill("Long balls")
    page.locator("#train-start").click()
    second = page.locator(JOB, has_text="Long balls")
    expect(second).to_be_visible()

    first.click()
    expect(page.locator("#train-samples img").first).to_be_visible(timeout=LEARNING_MS)
    expect(page.locator("#train-curves .gw-curve").first).to_be_visible(timeout=LEARNING_MS)
    expect(page.locator("#train-open")).to_be_visible(timeout=LEARNING_MS)
    expect(first).to_have_attribute("data-state", "succeeded", timeout=LEARNING_MS)

    second.click()
    expect(second).to_have_attribute("data-state", "running", timeout=LEARNING_MS)
    page.locator("#train-cancel").click()
    expect(second).to_have_attribute("data-state", "cancelled", timeout=LEARNING_MS)
    expect(page.locator("#train-indicator")).to_be_hidden()

    first.click()
    page.locator("#train-open").click()
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("Tiny balls")
    expect(page.locator(TILES).first).to_be_visible()
    expect(page.locator(f"{TILES} img").first).to_have_js_property("naturalWidth", 16)


def test_the_list_is_kept_with_keys_and_undo(
    start_app: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(start_app().url, width=1440, height=900)
    _drop(page, _zip(tmp_path))
    _set(page, steps=200_000, **{name.replace("-", "_"): value for name, value in TINY.items() if name != "steps"})
    page.locator("#train-start").click()
    job = page.locator(JOB)
    expect(job).to_have_count(1)
    page.locator("#train-jobs").focus()
    page.keyboard.press("Space")
    expect(job).to_have_attribute("data-state", "paused", timeout=LEARNING_MS)
    page.keyboard.press("x")
    expect(job).to_have_attribute("data-state", "cancelled")
    page.keyboard.press("Delete")
    expect(job).to_have_count(0)
    expect(page.locator("#train-try")).to_be_visible()
    page.locator(".gw-toasts").get_by_role("button", name="Undo").click()
    expect(job).to_have_count(1)


def test_settings_that_were_changed_are_marked_and_go_back(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    expect(page.locator(TILES).first).to_be_visible()
    page.locator("#tab-train-button").click()
    page.locator("#train-data .gw-set", has_text="Islands").click()
    expect(page.locator("#train-start")).to_be_enabled()
    expect(page.locator("#train-preview")).to_contain_text("32 x 32")
    page.locator(".gw-train-advanced summary").click()
    page.locator("#train-family-input").select_option("markov")
    order = page.locator("#train-set-order")
    expect(order).to_be_visible()
    before = order.locator("input").input_value()
    order.locator("input").fill("3")
    expect(order).to_have_class(re.compile("gw-form-changed"))
    order.get_by_role("button").click()
    expect(order.locator("input")).to_have_value(before)
    order.locator("input").fill("99")
    page.locator("#train-start").click()
    expect(page.locator("#train-fault")).to_contain_text("Order is a whole number from 0 to")
    expect(page.locator(JOB)).to_have_count(0)


def test_a_public_page_has_no_train_tab(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    expect(page.locator(TILES).first).to_be_visible()
    expect(page.locator("#tab-train-button")).to_have_count(0)
    expect(page.locator("#train-indicator")).to_be_hidden()


def test_on_a_phone_nothing_is_cut_off(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url, width=390, height=844)
    expect(page.locator(TILES).first).to_be_visible()
    page.evaluate("genworld.openTab('train')")
    page.get_by_role("button", name="New training").click()
    expect(page.locator("#train-start")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
