"""A level opened large in a real browser: painted, pinned, redone, walked, repaired and kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api")
from desk import Grid, centre, drag, grid
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LEVELS = "tiny-rooms"
TILES = "#sample-grid .gw-tile.gw-filled"
KEPT = "#board-grid .gw-tile.gw-filled"
SAID = "#level-surface [role=status]"
SAMPLED = re.compile(r"^\d+ samples? · seed \d+")


def _sample(page: Any, *, count: int = 3, rows: int = 20, columns: int = 24, seed: int = 7) -> None:
    expect(page.locator("#sampler [role=status]")).to_have_text(SAMPLED)
    wanted = {"seed": seed, "count": count, "width": columns, "height": rows}
    for name, value in wanted.items():
        page.locator(f"#sample-{name} input").fill(str(value))
    page.locator("#sample-run").click()
    _sampled(page, count)


def _sampled(page: Any, count: int) -> None:
    expect(page.locator(TILES)).to_have_count(count)
    expect(page.locator("#sampler [role=status]")).to_have_text(SAMPLED)


def _open(page: Any, index: int = 1) -> Grid:
    page.locator(TILES).nth(index).dblclick()
    expect(page.locator("#surface-undo")).to_be_visible()
    return grid(page)


def _other(grid: Grid, cell: tuple[int, int]) -> int:
    return 0 if grid[cell] else 1


def test_paint_pin_redo_undo_path_repair_keep(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS, width=1440, height=900)
    _sample(page)
    first = _open(page)

    cell = (3, 4)
    page.locator(f'.gw-swatch[data-tile="{_other(first, cell)}"]').click()
    page.mouse.click(*centre(page, cell))
    painted = grid(page)
    assert [tuple(each) for each in np.argwhere(painted != first).tolist()] == [cell]

    page.locator("#surface-tool-pin").click()
    drag(page, (2, 3), (7, 9))
    expect(page.locator(SAID)).to_have_text("42 cells pinned")
    redone = painted
    for _ in range(3):
        page.locator("#surface-redo-rest").click()
        before, redone = redone, grid(page)
        np.testing.assert_array_equal(redone[2:8, 3:10], painted[2:8, 3:10])
        assert (redone != before).any(), "each press gives another"

    for _ in range(3):
        page.locator("#surface-undo").click()
    np.testing.assert_array_equal(grid(page), painted)
    page.keyboard.press("Control+z")  # the pins
    page.keyboard.press("Control+z")  # the paint
    np.testing.assert_array_equal(grid(page), first)
    expect(page.locator("#surface-undo")).to_be_disabled()
    for _ in range(5):
        page.keyboard.press("Control+Shift+z")
    np.testing.assert_array_equal(grid(page), redone)

    page.locator("#surface-path").click()
    expect(page.locator("#surface-verdict")).to_have_text(re.compile(r"\.$"))
    page.locator(".gw-swatch", has_text="wall").first.click()
    page.locator("#surface-tool-fill").click()
    drag(page, (0, 12), (19, 12))
    assert len(set(grid(page)[:, 12].tolist())) == 1
    page.locator("#surface-tool-pin").click()
    drag(page, (2, 3), (7, 9))  # what is pinned could hold the start and have no way out
    expect(page.locator(SAID)).to_have_text("Nothing is pinned")
    page.locator("#surface-repair").click()
    expect(page.locator(SAID)).to_have_text(re.compile(r"^(Repaired|Nothing to repair)"))
    expect(page.locator("#surface-verdict")).to_contain_text("reached")
    last = grid(page)
    assert page.evaluate("() => genworld.surface.canvas.marks.path.length") > 1

    page.get_by_role("dialog", name="Large view").get_by_role("button", name="Keep").click()
    expect(page.locator(KEPT)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Large view")).to_be_hidden()
    expect(page.locator(TILES).nth(1)).to_have_class(re.compile("gw-changed"))
    expect(page.locator(TILES).nth(1)).to_have_class(re.compile("gw-kept"))

    # What was kept is what was seen, and it is opened from the board on the same surface.
    page.locator(KEPT).dblclick()
    np.testing.assert_array_equal(grid(page), last)


def test_the_work_goes_on_where_it_was_left(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS)
    _sample(page)
    first = _open(page)
    page.locator("#surface-redo-rest").click()
    redone = grid(page)
    page.keyboard.press("Escape")
    np.testing.assert_array_equal(_open(page), redone)
    page.keyboard.press("Control+z")
    np.testing.assert_array_equal(grid(page), first)
    page.keyboard.press("Escape")
    expect(page.locator(TILES).nth(1)).not_to_have_class(re.compile("gw-changed"))


def test_a_changed_level_that_leaves_the_grid_can_still_be_kept(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS)
    _sample(page)
    _open(page)
    page.keyboard.press("Shift+R")
    grid(page)
    page.keyboard.press("Escape")
    page.locator("#sample-run").click()
    page.get_by_role("status").filter(has_text="left the grid").get_by_role("button", name="Keep").click()
    expect(page.locator(KEPT)).to_have_count(1)


def test_by_keys_alone(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS)
    _sample(page)
    page.locator("#sample-run").evaluate("(button) => button.blur()")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    first = grid(page)
    page.keyboard.press("b")
    for key in ("ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    cell = (9, 11)
    while page.evaluate("() => document.querySelector('.gw-swatch[aria-checked=true]').dataset.tile") == str(
        first[cell]
    ):
        page.keyboard.press("]")
    page.keyboard.press("Space")
    painted = grid(page)
    assert [tuple(each) for each in np.argwhere(painted != first).tolist()] == [cell]

    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("p")
    expect(page.locator(SAID)).to_have_text("16 cells pinned")
    page.keyboard.press("Shift+R")
    redone = grid(page)
    np.testing.assert_array_equal(redone[9:13, 11:15], painted[9:13, 11:15])

    page.keyboard.press("v")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
    outside = np.ones(first.shape, dtype=np.bool_)
    box = page.evaluate("() => genworld.surface.canvas.marks.box")
    outside[box["top"] : box["top"] + box["rows"], box["left"] : box["left"] + box["columns"]] = False
    page.keyboard.press("r")
    boxed = grid(page)
    np.testing.assert_array_equal(boxed[outside], redone[outside])
    if (boxed != redone).any():  # some draws come out as the box was: then there is nothing to take back
        page.keyboard.press("Control+z")
        np.testing.assert_array_equal(grid(page), redone)
    page.keyboard.press("t")
    expect(page.locator("#surface-path")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("e")
    expect(page.locator(SAID)).to_have_text(re.compile(r"^(Repaired|Nothing to repair)"))
    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(1)
    page.keyboard.press("Escape")  # the box
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Large view")).to_be_hidden()


def test_what_is_on_the_board_stays_and_the_changed_one_is_kept_beside_it(
    public_app: Any, visit: Callable[..., Any]
) -> None:
    page = visit(public_app.url, model=LEVELS)
    _sample(page)
    page.get_by_role("button", name="Keep three to start").click()
    expect(page.locator(KEPT)).to_have_count(3)
    page.locator(KEPT).first.dblclick()
    grid(page)
    page.locator("#surface-redo-rest").click()
    grid(page)
    page.keyboard.press("Escape")
    expect(page.locator(KEPT)).to_have_count(4)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.locator(KEPT)).to_have_count(3)


def test_quick_strokes_are_all_there(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS)
    _sample(page)
    first = _open(page)
    expected = first.copy()
    for column in range(2, 14):
        cell = (5, column)
        page.evaluate(
            "(tile) => document.querySelector(`.gw-swatch[data-tile='${tile}']`).click()", _other(first, cell)
        )
        page.mouse.click(*centre(page, cell))
        expected[cell] = _other(first, cell)
    np.testing.assert_array_equal(grid(page), expected)


def test_shaped_samples(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS)
    _sample(page, count=2)
    page.get_by_role("button", name="Exit north").click()
    page.locator("#sample-playable").click()
    page.get_by_text("More or less of").click()
    page.locator("#sample-nudge-solid input").fill("-2")
    with page.expect_request(lambda request: "component_server" in request.url) as sent:
        page.locator("#sample-run").click()
    shape = sent.value.post_data_json["data"]["shape"]
    assert shape == {"exits": ["north"], "playable": True, "nudges": {"solid": -2}}
    expect(page.locator("#sampler [role=status]")).to_contain_text("playable")
    _sampled(page, 2)
    page.locator(TILES).first.click()
    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(1)
    expect(page.locator("#sample-grid .gw-kept")).to_have_count(1)
    page.locator("#sample-nudge-solid input").dblclick()
    expect(page.locator("#sample-nudge-solid output")).to_have_text("0")


def test_what_surprises_the_model_glows(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS)
    _sample(page)
    _open(page)
    button = page.locator("#surface-surprise")
    expect(button).to_have_attribute("title", re.compile("How unlikely each tile is"))
    page.mouse.move(*centre(page, (3, 4)))
    expect(page.locator(".gw-desk-foot > .gw-number")).not_to_contain_text("bits")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    verdict = page.locator("#surface-verdict")
    expect(verdict).to_have_text(re.compile(r"^\d+\.\d\d bits per tile, most at \d+, \d+\."))
    before = verdict.text_content()
    assert page.evaluate("() => genworld.surface.canvas.marks.veil.width") == 24
    page.mouse.move(*centre(page, (5, 6)))
    expect(page.locator(".gw-desk-foot > .gw-number")).to_have_text(
        re.compile(r"6, 5 · .+ · (\d+\.\d bits|25 bits or more)")
    )
    page.locator("#surface-redo-rest").click()
    expect(verdict).not_to_have_text(before)
    page.locator("#surface-path").click()
    expect(verdict).to_have_text(re.compile(r"\..*bits per tile"))
    page.locator("#surface-path").click()
    page.keyboard.press("s")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(verdict).to_have_text("")
    assert page.evaluate("() => genworld.surface.canvas.marks.veil") is None


def test_a_model_of_sprites_has_no_shape_and_no_surface(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    expect(page.locator(TILES)).to_have_count(36)
    expect(page.locator("#sample-exits")).to_have_count(0)
    expect(page.locator(".gw-settings")).to_contain_text("wishes for levels")
    page.locator(TILES).first.dblclick()
    expect(page.get_by_role("dialog", name="Large view").locator(".gw-stage img")).to_be_visible()
    expect(page.locator("#level-surface")).to_be_hidden()


def test_a_phone_paints_with_a_finger(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, model=LEVELS, width=390, height=844, has_touch=True)
    expect(page.locator("#sampler [role=status]")).to_have_text(SAMPLED)
    first = _open(page)
    assert page.evaluate("document.querySelector('.gw-viewer').scrollWidth") <= 390
    for name in ("redo-rest", "redo-box", "path", "repair", "undo", "redo"):
        expect(page.locator(f"#surface-{name}")).to_be_in_viewport(ratio=1)
    cell = (4, 4)
    page.locator(f'.gw-swatch[data-tile="{_other(first, cell)}"]').tap()
    page.touchscreen.tap(*centre(page, cell))
    assert grid(page)[cell] == _other(first, cell)
