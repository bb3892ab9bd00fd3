"""The page in a real browser: what a person does, from the first sight to the pack."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import expect
from pytiled_parser import parse_map

pytestmark = pytest.mark.browser

LEVELS = "tiny-rooms"
TILES = "#sample-grid .gw-tile.gw-filled"
KEPT = "#board-grid .gw-tile.gw-filled"
SAMPLED = re.compile(r"^\d+ samples? · seed \d+")


def _sampled(page: Any, count: int) -> None:
    """Waits until `count` samples are there and sampling has ended."""
    expect(page.locator(TILES)).to_have_count(count)
    expect(page.locator("#sampler [role=status]")).to_have_text(SAMPLED)


def _sample(page: Any, *, seed: int, count: int) -> None:
    page.locator("#sample-seed input").fill(str(seed))
    page.locator("#sample-count input").fill(str(count))
    page.locator("#sample-run").click()
    _sampled(page, count)


def _rename(page: Any, name: str) -> None:
    """Gives the board a name, and waits until the server has said that it is kept."""
    page.locator("#pack-name input").fill(name)
    page.locator("#pack-name input").press("Enter")
    page.wait_for_function("(name) => genworld.state.board?.name === name", arg=name)


def _pictures(page: Any) -> list[str]:
    return [str(node.get_attribute("src")) for node in page.locator(f"{TILES} img").all()]


def test_first_screen_has_samples_without_a_click(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    _sampled(page, 36)
    expect(page.locator("#model-picker")).to_contain_text("Tiny blobs")
    expect(page.locator("footer a", has_text="Gradio")).to_have_count(0)


def test_sample_keep_restart_export(start_app: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path) -> None:
    app = start_app()
    page = visit(app.url, model=LEVELS)
    _sampled(page, 12)
    _sample(page, seed=7, count=5)
    for index in range(3):
        page.locator(TILES).nth(index).hover()
        page.locator(TILES).nth(index).locator(".gw-star").click()
    expect(page.locator(KEPT)).to_have_count(3)
    expect(page.locator("#sample-grid .gw-kept")).to_have_count(3)
    _rename(page, "First cellar")
    expect(page.locator("#board-panel .gw-board .gw-count")).to_have_text("3")

    app.restart()
    page = visit(app.url, model=LEVELS)
    expect(page.locator(KEPT)).to_have_count(3)
    expect(page.locator("#pack-name input")).to_have_value("First cellar")
    # The same seed gives the same samples, and they are known to be kept.
    _sample(page, seed=7, count=5)
    expect(page.locator("#sample-grid .gw-kept")).to_have_count(3)

    with page.expect_download() as coming:
        page.locator("#pack-export").click()
    pack = tmp_path / coming.value.suggested_filename
    coming.value.save_as(pack)
    assert pack.name == "first-cellar.zip"
    with zipfile.ZipFile(pack) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "pack")
    maps = sorted((tmp_path / "pack").rglob("*.tmx"))
    assert len(maps) == 3
    for path in maps:
        assert parse_map(path).map_size == (32, 32)


WATCH = """
import os, sys
def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
    elif event == "socket.getaddrinfo":
        host = str(arguments[0])
    else:
        return
    if host not in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "None"):
        with open(os.environ["WATCHED"], "a") as file:
            print(event, host, file=file)
sys.addaudithook(watch)
open(os.environ["WATCHED"], "a").close()
"""


def test_the_server_connects_to_nothing(
    start_app: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    watched = tmp_path / "watched.txt"
    page = visit(start_app(PYTHONPATH=str(tmp_path), WATCHED=str(watched)).url)
    _sampled(page, 36)
    page.get_by_role("button", name="Keep three to start").click()
    expect(page.locator(KEPT)).to_have_count(3)
    with page.expect_download():
        page.locator("#pack-export").click()
    assert watched.read_text() == ""


def test_keys(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _sampled(page, 36)
    page.keyboard.press("ArrowRight")  # the grid takes the focus
    page.keyboard.press("ArrowRight")
    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(1)
    expect(page.locator(TILES).nth(1)).to_have_class(re.compile("gw-kept"))
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(page.locator(KEPT)).to_have_count(1)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(KEPT)).to_have_count(2)
    page.keyboard.press("x")
    expect(page.locator(KEPT)).to_have_count(0)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.locator(KEPT)).to_have_count(2)

    page.keyboard.press("Escape")
    page.locator(TILES).nth(4).dblclick()
    view = page.get_by_role("dialog", name="Large view")
    expect(view).to_contain_text("Tiny blobs 4")
    page.keyboard.press("ArrowRight")
    expect(view).to_contain_text("Sample 5 of seed")
    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(3)
    page.keyboard.press("Escape")
    expect(view).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_model_picker_by_keys(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    _sampled(page, 36)
    page.locator("#model-picker .gw-picker-button").press("ArrowDown")
    page.keyboard.press("Home")
    while "Tiny rooms" not in page.locator("#model-picker .gw-marked").inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("Tiny rooms")
    _sampled(page, 12)
    page.locator("#sample-width input").fill("20")
    page.locator("#sample-height input").fill("10")
    page.locator("#sample-height input").press("Enter")
    expect(page.locator(f"{TILES} img").first).to_have_js_property("naturalWidth", 320)
    expect(page.locator(f"{TILES} img").first).to_have_js_property("naturalHeight", 160)


def test_class_chips_and_absent_controls(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    _sampled(page, 36)
    expect(page.locator("#sample-width")).to_have_count(0)
    expect(page.locator(".gw-settings")).to_contain_text("Always 16 × 16 pixels")
    page.get_by_role("radio", name="warm").click()
    _sample(page, seed=3, count=4)
    expect(page.locator("#sampler [role=status]")).to_have_text("4 samples · seed 3 · warm")
    # The class reached the model: another one gives other pictures of the same seed.
    warm = _pictures(page)
    page.get_by_role("radio", name="cold").click()
    _sample(page, seed=3, count=4)
    assert _pictures(page) != warm


def test_of_quick_requests_the_last_wins(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    _sampled(page, 36)
    _sample(page, seed=11, count=40)
    wanted = _pictures(page)
    page.locator("#sample-seed input").fill("99")
    page.locator("#sample-run").click()
    page.locator("#sample-seed input").fill("11")
    page.locator("#sample-run").click()
    expect(page.locator("#sampler [role=status]")).to_have_text("40 samples · seed 11")
    page.wait_for_timeout(500)  # time for an answer to the first request to come late
    assert _pictures(page) == wanted


def test_many_quick_keeps_are_all_kept(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _sampled(page, 36)
    page.locator(TILES).first.click()
    for _ in range(12):
        page.keyboard.press("k")
        page.keyboard.press("ArrowRight")
    expect(page.locator("#board-panel .gw-board .gw-count")).to_have_text("12")


def test_bad_input_is_answered_in_place(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    _sampled(page, 36)
    before = _pictures(page)
    fault = page.locator("#sampler .gw-field-fault")
    for value, sentence in (("-5", "but -5 came"), ("2.5", "but 2.5 came"), ("", "but nothing came")):
        page.locator("#sample-seed input").fill(value)
        page.locator("#sample-run").click()
        expect(fault).to_contain_text(sentence)
    assert _pictures(page) == before
    page.locator("#sample-seed input").fill("4")
    page.locator("#sample-run").click()
    expect(fault).to_be_hidden()


def test_what_a_person_writes_is_text(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    _sampled(page, 36)
    evil = "<img src=x onerror=window.hit=1>${window.hit=2}"
    _rename(page, evil)
    page.reload()
    expect(page.locator("#pack-name input")).to_have_value(evil)
    assert page.evaluate("window.hit") is None


def test_phone(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url, width=390, height=844, has_touch=True)
    _sampled(page, 36)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.locator("#sample-seed")).to_be_hidden()
    page.get_by_role("button", name="Settings").tap()
    expect(page.locator("#sample-seed")).to_be_visible()
    page.get_by_role("button", name="Settings").tap()
    page.locator(TILES).first.locator(".gw-star").tap()
    page.get_by_role("button", name="Board 1").tap()
    expect(page.locator(KEPT)).to_have_count(1)
    expect(page.locator("#pack-export")).to_be_in_viewport(ratio=1)


def test_empty_board_fills_itself(public_app: Any, visit: Callable[..., Any]) -> None:
    page = visit(public_app.url)
    _sampled(page, 36)
    expect(page.locator("#pack-export")).to_be_disabled()
    page.get_by_role("button", name="Keep three to start").click()
    expect(page.locator(KEPT)).to_have_count(3)
    expect(page.locator("#pack-export")).to_be_enabled()


def test_sprites_are_finished_and_locked_to_a_palette(
    public_app: Any, visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(public_app.url)
    _sampled(page, 36)
    _sample(page, seed=3, count=2)
    raw = page.locator(f"{TILES} img").first.get_attribute("src")
    expect(page.locator("#pack-palette")).to_be_hidden()
    page.locator("#sample-finish").check()
    _sample(page, seed=3, count=2)
    expect(page.locator(f"{TILES} img").first).not_to_have_attribute("src", raw)
    page.locator(TILES).first.click()
    page.keyboard.press("k")
    expect(page.locator(KEPT)).to_have_count(1)
    lock = page.locator("#pack-palette")
    expect(lock).to_have_text("Lock sprites to a palette…")
    page.locator("#pack-palette-file").set_input_files({"name": "not.gpl", "mimeType": "text/plain", "buffer": b"red"})
    expect(lock).to_have_text("In the colours of not.gpl")
    page.locator("#pack-export").click()
    expect(page.locator(".gw-toast.gw-fault")).to_contain_text("A palette is a .gpl file")
    two = {"name": "two.hex", "mimeType": "text/plain", "buffer": b"000000\nffffff\n"}
    page.locator("#pack-palette-file").set_input_files(two)
    expect(lock).to_have_text("In the colours of two.hex")
    with page.expect_download() as coming:
        page.locator("#pack-export").click()
    coming.value.save_as(tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        manifest = json.loads(next(archive.read(name) for name in archive.namelist() if name.endswith("manifest.json")))
    origin = manifest["items"][0]["origin"]
    assert origin["finish"]["palette"] == ["000000", "ffffff"]
    assert origin["parent"]["kind"] == "finish", "the finish that was asked for, and then the palette"
    page.locator("#pack-palette-none").click()
    expect(lock).to_have_text("Lock sprites to a palette…")


def test_look_follows_the_system_then_the_choice(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url, color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-look", "dark")
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-look", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-look", "light")


def test_public_visitors_have_boards_of_their_own(public_app: Any, visit: Callable[..., Any]) -> None:
    one, two = visit(public_app.url), visit(public_app.url)
    _sampled(one, 36)
    one.get_by_role("button", name="Keep three to start").click()
    expect(one.locator(KEPT)).to_have_count(3)
    for page, count in ((one, 3), (two, 0)):
        page.reload()
        _sampled(page, 36)
        expect(page.locator(KEPT)).to_have_count(count)
    expect(one.locator("#board-panel")).to_contain_text("belongs to this browser alone")


def test_damaged_models_are_said_and_the_page_goes_on(start_app: Callable[..., Any], visit: Callable[..., Any]) -> None:
    app = start_app()
    manifest = app.home / "models" / LEVELS / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:-40])
    page = visit(app.url)
    _sampled(page, 36)
    page.locator("#model-picker .gw-picker-button").click()
    expect(page.get_by_role("option", name=re.compile("damaged"))).to_contain_text("take it from its source again")
    page.keyboard.press("Escape")

    manifest.write_bytes(whole)
    weights = next(manifest.parent.glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1])
    page.reload()
    _sampled(page, 36)
    page.locator("#model-picker .gw-picker-button").click()
    page.get_by_role("option", name=re.compile("Tiny rooms")).click()
    expect(page.locator("#sampler .gw-empty")).to_contain_text("is damaged")
    page.locator("#model-picker .gw-picker-button").click()
    page.get_by_role("option", name=re.compile("Tiny blobs")).click()
    _sampled(page, 36)


def test_a_server_that_went_away_is_said_and_loses_nothing(
    start_app: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    app = start_app()
    page = visit(app.url)
    _sampled(page, 36)
    before = _pictures(page)
    app.stop()
    page.locator("#sample-run").click()
    expect(page.get_by_role("status").filter(has_text="cannot reach genworld")).to_be_visible()
    assert _pictures(page) == before
