"""In my art, in a real browser: from a dropped tileset to samples, board and pack in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import expect
from pytiled_parser import parse_map

pytestmark = pytest.mark.browser

LEVELS = "tiny-rooms"
TILES = "#sample-grid .gw-tile.gw-filled"
KEPT = "#board-grid .gw-tile.gw-filled"
COLOURS = [(60, 150, 50), (190, 40, 30), (90, 90, 120), (40, 90, 190), (150, 120, 90), (20, 20, 24), (220, 220, 210)]


@pytest.fixture
def tileset(tmp_path: Path) -> Path:
    """Seven grounds in the upper row, and below them discs that stand on nothing."""
    grain = np.random.default_rng(5).integers(-8, 9, (32, 112, 1))
    pixels = np.zeros((32, 112, 4), dtype=np.uint8)
    rows, columns = np.mgrid[:16, :16]
    disc = (rows - 8) ** 2 + (columns - 8) ** 2 <= 30
    for index, colour in enumerate(COLOURS):
        pixels[:16, 16 * index : 16 * index + 16] = (*colour, 255)
        pixels[16:, 16 * index : 16 * index + 16] = np.where(disc[..., None], (*colour[::-1], 255), 0)
    pixels[:16, :, :3] = np.clip(pixels[:16, :, :3] + grain[:16], 0, 255).astype(np.uint8)
    path = tmp_path / "my tiles.png"
    Image.fromarray(pixels).save(path)
    return path


def _sampled(page: Any, count: int) -> None:
    expect(page.locator(TILES)).to_have_count(count)
    expect(page.locator("#sampler [role=status]")).to_contain_text("seed")


def _pictures(page: Any) -> list[str]:
    return [str(node.get_attribute("src")) for node in page.locator(f"{TILES} img").all()]


def _dress(page: Any, tileset: Path) -> None:
    page.locator("#dress-open").click()
    page.locator("#dress-files").set_input_files(str(tileset))
    expect(page.locator(".gw-dress-stage img")).to_be_visible()


def test_samples_board_and_pack_in_my_art(app: Any, visit: Callable[..., Any], tileset: Path, tmp_path: Path) -> None:
    page = visit(app.url, model=LEVELS, width=1440, height=900)
    page.locator("#sample-count input").fill("3")
    page.locator("#sample-run").click()
    _sampled(page, 3)
    plain = _pictures(page)
    _dress(page, tileset)
    # A click in the sheet fills the slot that is chosen: the ground of the first tile becomes the seventh.
    before = page.locator(".gw-dress-stage img").get_attribute("src")
    page.locator(".gw-slot[data-slot=ground]").first.click()
    sheet = page.locator(".gw-sheet").bounding_box()
    page.mouse.click(sheet["x"] + sheet["width"] * 13 / 14, sheet["y"] + sheet["height"] / 4)
    expect(page.locator(".gw-slot[data-slot=ground]").first).to_have_attribute(
        "aria-label", re.compile(r"^Ground of .*: tile 6$")
    )
    expect(page.locator(".gw-dress-stage img")).not_to_have_attribute("src", str(before))
    page.locator("#dress-name-input").fill("Ink and paper")
    page.locator("#dress-use").click()
    expect(page.locator("#dress")).to_be_hidden()
    expect(page.locator("#dress-on")).to_have_text("Ink and paper")
    _sampled(page, 3)
    expect(page.locator(f"{TILES} img").first).not_to_have_attribute("src", plain[0])
    mine = _pictures(page)

    page.locator("#dress-off").click()
    expect(page.locator(f"{TILES} img").first).to_have_attribute("src", plain[0])
    page.locator("#dress-on").click()
    expect(page.locator(f"{TILES} img").first).to_have_attribute("src", mine[0])
    _sampled(page, 3)

    page.locator(TILES).first.hover()
    page.locator(TILES).first.locator(".gw-star").click()
    expect(page.locator(f"{KEPT} img")).to_have_attribute("src", mine[0])
    with page.expect_download() as coming:
        page.locator("#pack-export").click()
    coming.value.save_as(tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        archive.extractall(tmp_path / "pack")
        pictures = [name for name in archive.namelist() if name.endswith("my tiles.png")]
        assert archive.read(pictures[0]) == tileset.read_bytes()
    (path,) = (tmp_path / "pack").rglob("*.tmx")
    assert [layer.name for layer in parse_map(path).layers or ()] == ["ground", "things"]

    page.reload()
    _sampled(page, 12)
    expect(page.locator("#dress-on")).to_have_attribute("aria-checked", "true")


def test_what_was_made_is_offered_to_its_visitor_only(
    public_app: Any, visit: Callable[..., Any], tileset: Path
) -> None:
    page = visit(public_app.url, model=LEVELS, width=1440, height=900)
    _sampled(page, 12)
    _dress(page, tileset)
    page.locator("#dress-use").click()
    expect(page.locator("#dress-on")).to_have_text("my tiles")
    stranger = visit(public_app.url, model=LEVELS)
    _sampled(stranger, 12)
    expect(stranger.locator("#dress-on")).to_be_hidden()
    stranger.locator("#dress-open").click()
    expect(stranger.locator("#dress")).not_to_contain_text("before")


def test_sprites_wear_nothing(app: Any, visit: Callable[..., Any]) -> None:
    page = visit(app.url)
    _sampled(page, 36)
    expect(page.locator("#dress-open")).to_be_hidden()


def test_what_is_no_tileset_is_said_in_the_dialog(app: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(app.url, model=LEVELS)
    _sampled(page, 12)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    page.locator("#dress-open").click()
    page.locator("#dress-files").set_input_files(str(tmp_path / "broken.png"))
    expect(page.locator("#dress [role=alert]")).to_contain_text("save it again as PNG")
    page.keyboard.press("Escape")
    expect(page.locator("#dress")).to_be_hidden()
