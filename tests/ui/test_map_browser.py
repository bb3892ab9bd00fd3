"""The Map tab in a real browser: looked at, clicked, kept, selected, generated between, with and without WebGL."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LEVELS = "tiny-rooms"
KEPT = "#board-grid .gw-tile.gw-filled"
SAID = "#map-said"
NAME = "#map-preview .gw-map-told h2"
LAID_OUT = """() => window.genworld.map?.plot.drawn && !window.genworld.map.plot.busy
    && !document.querySelector('.gw-map-area.gw-busy, .gw-map-fresh')"""


def _open(page: Any, pictures: bool = False, **settings: Any) -> None:
    """The tab, with a small map; of dots alone, so that each can be pointed at."""
    page.get_by_role("tab", name="Map", exact=True).click()
    expect(page.locator("#map-method button").first).to_be_visible()
    if not pictures:
        page.locator("#map-pictures").click()
    _set(page, count=60, **settings)
    _laid_out(page)


def _set(page: Any, **settings: int) -> None:
    for name, value in settings.items():
        page.locator(f"#map-{name} input").fill(str(value))
        page.locator(f"#map-{name} input").press("Enter")


def _laid_out(page: Any, count: int = 60) -> None:
    expect(page.locator(SAID)).to_have_text(re.compile(f"^{count} samples"))
    page.wait_for_function(LAID_OUT)


def _spot(page: Any, index: int) -> tuple[float, float]:
    """Where a sample is drawn, in pixels of the window."""
    x, y = page.evaluate(
        """(index) => { const { plot } = genworld.map; const hit = plot.points.find((one) => one.id === index);
            return plot.spot([hit.x, hit.y]); }""",
        index,
    )
    return x, y


def _alone(page: Any) -> int:
    """A sample with no other near it."""
    index: int = page.evaluate(
        """() => { const { plot } = genworld.map; const at = plot.points.map((hit) => plot.spot([hit.x, hit.y]));
            const gap = (k) => Math.min(...at.map(([x, y], other) => other === k ? Infinity : Math.hypot(x - at[k][0], y - at[k][1])));
            const far = at.map((_, k) => gap(k)); return plot.points[far.indexOf(Math.max(...far))].id; }"""
    )
    return index


def _empty(page: Any) -> tuple[float, float]:
    """A place of the plot with no sample near it."""
    x, y = page.evaluate(
        """() => { const { plot } = genworld.map; const at = plot.points.map((hit) => plot.spot([hit.x, hit.y]));
            const box = document.querySelector('#map-plot .nsewdrag').getBoundingClientRect(); let best = null, most = 0;
            for (let x = box.left + 12; x < box.right - 12; x += 8) for (let y = box.top + 12; y < box.bottom - 60; y += 8) {
                const gap = Math.min(...at.map(([px, py]) => Math.hypot(px - x, py - y)));
                if (gap > most) [best, most] = [[x, y], gap]; }
            return best; }"""
    )
    return x, y


def test_point_click_keep_and_walk(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, width=1440, height=900)
    _open(page)
    index = _alone(page)
    page.mouse.move(*_spot(page, index))
    peek = page.locator(".gw-map-peek.gw-on")
    expect(peek.locator("img")).to_be_visible()
    page.mouse.click(*_spot(page, index))
    expect(page.locator(NAME)).to_have_text(re.compile(f" {index}$"))
    seen = page.locator("#map-preview img").get_attribute("src")
    assert page.evaluate("document.querySelector('#map-preview img').width % 16") == 0, "a whole multiple of its pixels"

    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(1)
    assert page.locator(f"{KEPT} img").get_attribute("src") == seen
    expect(page.locator("#map-keep")).to_have_text("Remove")
    expect(page.locator(".gw-map-legend")).to_contain_text("1 kept")
    assert page.evaluate("genworld.map.plot.view.stars.map((hit) => hit.id)") == [index]

    page.keyboard.press("ArrowLeft")
    expect(page.locator(NAME)).not_to_have_text(re.compile(f" {index}$"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Large view")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#map-preview")).to_contain_text("Point at a dot")


def test_a_click_between_the_dots_makes_something_there(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, width=1440, height=900)
    _open(page)
    page.mouse.click(*_empty(page))
    expect(page.locator("#map-preview .gw-map-sentence")).to_have_text(re.compile("known sample"))
    expect(page.locator(".gw-map-made")).to_be_visible()
    page.locator("#map-keep").click()
    expect(page.locator(KEPT)).to_have_count(1)
    expect(page.locator("#map-keep")).to_have_text("Remove")


PICTURED = """() => { const { pictures } = genworld.map.plot;
    return pictures.spots.length > 0 && pictures.spots.every(({ index }) => pictures.known.has(`1/${index}`)); }"""
SHOWN = "genworld.map.plot.pictures.spots.map((spot) => spot.index)"


def test_pictures_lie_over_the_dots_and_are_clicked_for_them(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, width=1440, height=900)
    _open(page, pictures=True)
    page.wait_for_function(PICTURED)
    shown = page.evaluate(SHOWN)
    assert 1 < len(shown) < 60
    assert shown[0] == 0, "those first that come first"
    edges = page.evaluate(
        """() => { const { plot } = genworld.map; return plot.pictures.spots.map(({ index, width, height }) => {
            const [x, y] = plot.spot([plot.view.xy[2 * index], plot.view.xy[2 * index + 1]]); return [x, y, width, height]; }); }"""
    )
    assert all(edge[2] % 16 == 0 for edge in edges), "a whole multiple of their pixels"
    for one, (x, y, width, height) in enumerate(edges):
        for left, top, *_ in edges[:one]:
            assert abs(left - x) >= width - 0.01 or abs(top - y) >= height - 0.01, "none lies over another"
    x, y, width, height = edges[0]
    page.mouse.click(x + width / 2 - 3, y + height / 2 - 3)
    expect(page.locator(NAME)).to_have_text(re.compile(" 0$"))
    expect(page.locator(".gw-map-chosen.gw-map-framed")).to_be_visible()


def test_pictures_stay_the_same_while_the_map_is_moved(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, width=1440, height=900)
    _open(page, pictures=True)
    page.wait_for_function(PICTURED)
    before = page.evaluate(SHOWN)
    x, y = _empty(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=4)
    page.mouse.up()
    page.wait_for_timeout(300)
    moved = page.evaluate(SHOWN)
    assert moved
    assert set(moved) <= set(before)
    page.keyboard.press("0")
    page.wait_for_function(f"(before) => String({SHOWN}) === String(before)", arg=before)


def test_pictures_are_not_wished_for_and_that_is_remembered(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _open(page, pictures=True)
    toggle = page.locator("#map-pictures")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".gw-map-pictures")).to_be_visible()
    page.locator("#map-plot").focus()
    page.keyboard.press("p")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".gw-map-pictures")).to_be_hidden()
    page.reload()
    page.get_by_role("tab", name="Map", exact=True).click()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    expect(page.locator(SAID)).to_contain_text("samples")
    page.wait_for_function(LAID_OUT)
    assert page.evaluate(SHOWN) == []


def test_nothing_is_measured_unasked(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _open(page, seed=21)
    colour = page.locator("#map-colour select")
    expect(colour).to_have_value("none")
    assert page.evaluate("genworld.map.measures.done") == 0
    page.get_by_role("radio", name="Measured axes").click()
    _laid_out(page)
    expect(colour).to_have_value(re.compile("^attribute:"))
    page.get_by_role("radio", name="PCA").click()
    expect(colour).to_have_value("attribute:brightness")


def test_a_lasso_keeps_many(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, width=1440, height=900)
    _open(page)
    page.get_by_role("radio", name="Box").click()
    box = page.locator("#map-plot .nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4, steps=5)
    page.mouse.up()
    bar = page.get_by_role("toolbar", name="Selected samples")
    expect(bar).to_contain_text("60 selected")
    bar.get_by_role("button", name="Keep").click()
    page.wait_for_function("() => genworld.state.board.items.length > 20")
    expect(bar).not_to_have_class(re.compile("gw-on"))
    page.keyboard.press("Control+z")
    page.wait_for_function("() => genworld.state.board.items.length === 0")


def test_levels_have_measured_axes_and_their_empty_places_are_shown(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS, width=1440, height=900)
    _open(page)
    expect(page.locator("#map-method button")).to_have_count(1)
    expect(page.locator("#map-method")).to_contain_text("no latent space")
    expect(page.locator(".gw-map-legend")).to_contain_text("no sample of 60 falls here")
    page.locator("#map-colour select").select_option("playable")
    expect(page.locator(".gw-map-legend")).to_contain_text("playable")
    across, up = (page.locator(f"#map-{axis} select").input_value() for axis in "xy")
    page.locator("#map-x select").select_option(up)
    assert page.locator("#map-y select").input_value() == across, "two axes are never the same"
    _laid_out(page)
    expect(page.locator("#map-preview #map-sliders")).to_be_hidden()


def test_axes_changed_while_samples_are_measured(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS, width=1440, height=900)
    _open(page)
    page.evaluate(
        """() => { const input = document.querySelector('#map-seed input'); input.value = 4711;
            input.dispatchEvent(new Event('change', { bubbles: true }));
            const axis = document.querySelector('#map-x select');
            for (const one of [...axis.options].slice(0, 4)) {
                axis.value = one.value; axis.dispatchEvent(new Event('change', { bubbles: true })); } }"""
    )
    expect(page.locator(SAID)).to_have_text(re.compile("^60 samples.*seed 4711$"))
    page.wait_for_function(LAID_OUT)
    assert page.evaluate("genworld.map.measures.done") == 60
    rows = page.evaluate("Array.from(genworld.map.measures.rows)")
    page.reload()
    _open(page, seed=4711)
    assert page.evaluate("Array.from(genworld.map.measures.rows)") == rows, "each sample has its own figures"


def test_other_settings_another_map(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _open(page)
    first = page.evaluate("Array.from(genworld.map.plot.view.xy.slice(0, 4))")
    _set(page, seed=5)
    expect(page.locator(SAID)).to_have_text(re.compile("seed 5$"))
    page.wait_for_function(LAID_OUT)
    assert page.evaluate("Array.from(genworld.map.plot.view.xy.slice(0, 4))") != first
    _set(page, count=3)
    expect(page.locator(".gw-map-settings [role=alert]")).to_contain_text("The number of samples is a whole number")
    _set(page, count=60, seed=0)
    _laid_out(page)
    assert page.evaluate("Array.from(genworld.map.plot.view.xy.slice(0, 4))") == first
    before = page.evaluate("getComputedStyle(document.querySelector('.gw-map-plain')).backgroundColor")
    page.locator("#look").click()
    page.wait_for_function(
        "(before) => getComputedStyle(document.querySelector('.gw-map-plain')).backgroundColor !== before", arg=before
    )


def test_a_umap_can_be_cancelled(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _open(page, seed=11)
    page.get_by_role("radio", name="UMAP").click()
    expect(page.locator(".gw-map-note")).to_contain_text("takes a minute")
    page.locator("#map-cancel").click()
    expect(page.locator("#map-cancel")).to_be_hidden()
    expect(page.get_by_role("radio", name="PCA")).to_have_attribute("aria-checked", "true")
    page.mouse.click(*_empty(page))
    expect(page.locator("#map-preview .gw-map-sentence")).to_have_text(re.compile("known sample"))
    _laid_out(page)


def test_what_draws_it_is_fetched_when_the_tab_is_opened_first(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "plotly" in request.url else None)
    expect(page.locator("#sample-grid .gw-tile.gw-filled").first).to_be_visible()
    assert fetched == []
    _open(page)
    page.get_by_role("tab", name="Sample", exact=True).click()
    page.get_by_role("tab", name="Map", exact=True).click()
    assert len(fetched) == 1


def test_without_webgl_it_is_drawn_all_the_same(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
            return /webgl/.test(kind) ? null : get.call(this, kind, ...more); };"""
    )
    page.reload()
    _open(page)
    assert page.evaluate("genworld.map.plot.smooth") is False
    expect(page.locator("#map-plot .scatterlayer .point").first).to_be_attached()
    page.mouse.click(*_spot(page, _alone(page)))
    expect(page.locator(NAME)).to_have_text(re.compile(r" \d+$"))


def test_a_phone_shows_the_map_and_what_is_tapped(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, width=390, height=844, has_touch=True)
    page.get_by_role("tab", name="Map", exact=True).click()
    page.get_by_role("button", name="Settings of the map").click()
    _set(page, count=60)
    page.get_by_role("button", name="Settings of the map").click()
    _laid_out(page)
    page.locator("#map-pictures").click()
    _laid_out(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.touchscreen.tap(*_spot(page, _alone(page)))
    expect(page.locator(NAME)).to_have_text(re.compile(r" \d+$"))
    expect(page.locator("#map-keep")).to_be_in_viewport(ratio=1)
