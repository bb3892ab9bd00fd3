"""The whole flow with a map of our own: dropped, learned, shaped, kept, and back in its own project."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytiled_parser
from numpy.typing import NDArray

pytest.importorskip("playwright.sync_api")
import desk
import drops
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TILES = "#sample-grid .gw-tile.gw-filled"
KEPT = "#board-grid .gw-tile.gw-filled"
SAMPLED = re.compile(r"^\d+ samples? · seed \d+")
ROWS, COLUMNS = 16, 44
"""Asked for; the map has 20 x 30."""
PINNED = np.s_[4:10, 6:16]
THINGS = '<layer id="2" name="things" width="{width}" height="{height}"><data encoding="csv">{cells}</data></layer>'
FLIPPED = 1 << 31


def _project(folder: Path) -> list[Path]:
    """The meadow with a second layer, in which chests stand on grass, some of them turned round."""
    paths = drops.tiled_map(folder)
    random = np.random.default_rng(9)
    ground = _stacks(paths[0])[0]
    things = np.where(
        (ground == 1) & (random.random(ground.shape) < 0.1), random.choice([4, 4 | FLIPPED], ground.shape), 0
    )
    cells = ",\n".join(",".join(map(str, row)) for row in things)
    layer = THINGS.format(width=ground.shape[1], height=ground.shape[0], cells=cells)
    paths[0].write_text(paths[0].read_text().replace("</map>", f"{layer}</map>"))
    return paths


def _stacks(path: Path) -> NDArray[np.int64]:
    """(layers, H, W) ids with flips, as another reader than ours finds them."""
    return np.array([layer.data for layer in pytiled_parser.parse_map(path).layers], dtype=np.int64)


def _require_of_the_map(made: Path, original: Path) -> None:
    """`made` has the size asked for, and every stack of its cells stands in the original."""
    stacks, known = _stacks(made), _stacks(original)
    assert stacks.shape == (len(known), ROWS, COLUMNS)
    assert set(map(tuple, stacks.reshape(len(known), -1).T)) <= set(map(tuple, known.reshape(len(known), -1).T))


def _learn(page: Any, paths: list[Path]) -> None:
    expect(page.locator(TILES).first).to_be_visible()
    drops.drop(page, paths)
    expect(page.locator("#intake")).to_contain_text("30 x 20")
    page.locator("#intake-title input").fill("My meadow")
    page.locator("#intake-learn").click()
    expect(page.locator("#intake")).to_be_hidden()
    expect(page.locator("#model-picker .gw-picker-button")).to_contain_text("My meadow")
    _sampled(page, 12)


def _sampled(page: Any, count: int) -> None:
    expect(page.locator(TILES)).to_have_count(count)
    expect(page.locator("#sampler [role=status]")).to_have_text(SAMPLED)


def _sample_playable(page: Any) -> None:
    for name, value in {"seed": 7, "count": 3, "width": COLUMNS, "height": ROWS}.items():
        page.locator(f"#sample-{name} input").fill(str(value))
    page.locator("#sample-playable").click()
    page.locator("#sample-run").click()
    expect(page.locator("#sampler [role=status]")).to_contain_text("playable")
    _sampled(page, 3)
    # Drawn in the tileset of the map, at the size asked for.
    picture = page.locator(f"{TILES} img").first
    expect(picture).to_have_js_property("naturalWidth", COLUMNS * drops.TILE)
    expect(picture).to_have_js_property("naturalHeight", ROWS * drops.TILE)


def _shape(page: Any) -> None:
    """Opens a level large, pins a box, has the rest made anew, and looks at the way."""
    page.locator(TILES).nth(1).dblclick()
    expect(page.locator("#surface-undo")).to_be_visible()
    before = desk.grid(page)
    assert before.shape == (ROWS, COLUMNS)
    page.locator("#surface-tool-pin").click()
    desk.drag(page, (4, 6), (9, 15))
    expect(page.locator("#level-surface [role=status]")).to_have_text("60 cells pinned")
    page.locator("#surface-redo-rest").click()
    after = desk.grid(page)
    np.testing.assert_array_equal(after[PINNED], before[PINNED])
    assert (after != before).any()
    page.locator("#surface-repair").click()
    mended = desk.grid(page)
    np.testing.assert_array_equal(mended[PINNED], before[PINNED])
    expect(page.locator("#surface-path")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#surface-verdict")).to_have_text(re.compile(r"\.$"))
    page.wait_for_function("() => genworld.surface.canvas.marks.path.length > 1")


def _keep(page: Any) -> None:
    page.get_by_role("dialog", name="Large view").get_by_role("button", name="Keep").click()
    expect(page.locator(KEPT)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Large view")).to_be_hidden()


def _unpacked(page: Any, folder: Path) -> Path:
    """The only map of the pack that the page exports in the format of the map's own project."""
    page.locator("#pack-format-input").select_option("own")
    with page.expect_download() as coming:
        page.locator("#pack-export").click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        archive.extractall(folder)
    (made,) = folder.rglob("*.tmx")
    return made


def _write_into(page: Any, folder: Path) -> None:
    page.locator("#project-open").click()
    dialog = page.get_by_role("dialog", name="Into a project folder")
    expect(dialog).to_contain_text("meadow.tmx")
    page.locator("#project-folder-input").fill(str(folder))
    expect(page.locator("#project-files li")).to_have_text(["meadow-01.tmx"])
    page.locator("#project-write").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".gw-toasts")).to_contain_text("meadow-01.tmx")


def test_from_a_map_of_ones_own_to_new_maps_in_its_project(
    start_app: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    paths = _project(tmp_path / "game")
    before = {path: path.read_bytes() for path in paths}
    page = visit(start_app().url, width=1440, height=900)
    _learn(page, paths)
    _sample_playable(page)
    _shape(page)
    _keep(page)
    _require_of_the_map(_unpacked(page, tmp_path / "pack"), paths[0])
    _write_into(page, tmp_path / "game")
    made = tmp_path / "game" / "meadow-01.tmx"
    _require_of_the_map(made, paths[0])
    np.testing.assert_array_equal(_stacks(made), _stacks(next((tmp_path / "pack").rglob("*.tmx"))))
    assert {path: path.read_bytes() for path in paths} == before
