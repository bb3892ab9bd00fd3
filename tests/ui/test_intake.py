"""Learn your own, called as the browser calls it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import drops
import gradio as gr
import pytest

from genworld import checkpoint
from genworld.mode import Mode
from genworld.ui import folders, uploads
from genworld.ui.components import intake
from genworld.ui.components.intake import Intake
from genworld.ui.components.sampler import Sampler
from genworld.ui.components.top_bar import TopBar

sys.path.insert(0, str(Path(__file__).parents[1] / "datasets"))

from wad_samples import two_rooms

Send = Callable[[Sequence[Path]], list[dict[str, str]]]


@pytest.fixture
def send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Puts files where Gradio's upload would, and says of each what the browser says."""
    served = tmp_path / "served"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(served))

    def put(paths: Sequence[Path]) -> list[dict[str, str]]:
        base = Path(os.path.commonpath([path.parent for path in paths])).parent
        return [{"path": str(_served(served, path)), "name": path.relative_to(base).as_posix()} for path in paths]

    return put


def _served(served: Path, path: Path) -> Path:
    raw = path.read_bytes()
    place = served / hashlib.sha256(raw).hexdigest() / f"dropped{path.suffix}"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(raw)
    return place


def _intake(mode: Mode = Mode.LOCAL) -> Intake:
    with gr.Blocks():
        return Intake(mode)


def _call(part: Any, name: str, asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(part.component, name)(asked)
    return answer


def _taken(part: Intake, files: list[dict[str, str]], **more: Any) -> dict[str, Any]:
    answer = _call(part, "take", {"files": files, **more})
    assert "error" not in answer, answer
    return answer


def test_a_tiled_map_is_understood_and_learned_at_its_own_size(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    token = _taken(part, send(drops.tiled_map(tmp_path / "meadow")))["token"]
    told = _call(part, "understand", {"token": token})
    assert (told["title"], told["kind"], told["count"], told["learnable"]) == ("meadow", "level", 1, True)
    assert "30 x 20" in told["sizes"]
    assert len(told["legend"]) == 4
    counts = [entry["count"] for entry in told["legend"]]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 600
    assert all(entry["picture"]["picture"].startswith("data:image/png;base64,") for entry in told["legend"])
    assert (told["legend"][0]["picture"]["width"], told["legend"][0]["picture"]["height"]) == (drops.TILE, drops.TILE)

    model = _call(part, "learn", {"token": token, "title": "My meadow"})["model"]
    assert (model["title"], model["mine"], model["rows"], model["columns"]) == ("My meadow", True, 20, 30)
    with gr.Blocks():
        sampler, bar = Sampler(Mode.LOCAL), TopBar(Mode.LOCAL)
    listed = {one["name"]: one for one in _call(bar, "models", {})["models"]}
    assert listed[model["name"]]["mine"] is True
    wish = {"model": model["name"], "seed": 1, "rows": 20, "columns": 30, "start": 0, "count": 2}
    tiles = _call(sampler, "samples", wish)["tiles"]
    assert [(tile["width"], tile["height"]) for tile in tiles] == [(30 * drops.TILE, 20 * drops.TILE)] * 2


def test_maps_of_many_sizes_are_sampled_at_the_middle_one(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    paths = drops.text_level(tmp_path / "caves")
    for side in (9, 31):
        (tmp_path / "caves" / f"{side}.txt").write_text("\n".join(["." * side] * side) + "\n")
        paths.append(tmp_path / "caves" / f"{side}.txt")
    token = _taken(part, send(paths))["token"]
    model = _call(part, "learn", {"token": token, "title": "Caves"})["model"]
    assert (model["rows"], model["columns"]) == (14, 22)
    assert checkpoint.find(model["name"]).manifest.run.typical == (14, 22)


def test_corrections_reach_the_model(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    token = _taken(part, send(drops.text_level(tmp_path / "cave")))["token"]
    options = {"style": "platformer", "tags": {"lava": ["liquid", "passable"], "of no tile": ["solid"]}}
    told = _call(part, "understand", {"token": token, "options": options})
    assert told["style"] == "platformer"
    assert {entry["name"]: entry["tags"] for entry in told["legend"]}["lava"] == ["liquid", "passable"]
    assert "1 tile was let go" in told["notes"][-1]
    model = _call(part, "learn", {"token": token, "title": "Cave", "options": options})["model"]
    legend = checkpoint.find(model["name"]).spec.legend  # type: ignore[union-attr]
    assert legend.style == "platformer"
    assert {tile.name: sorted(tile.tags) for tile in legend.tiles}["lava"] == ["liquid", "passable"]


def test_what_is_missing_can_come_later(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    tmx, tsx, png = drops.tiled_map(tmp_path / "meadow")
    token = _taken(part, send([tmx]))["token"]
    before = _call(part, "understand", {"token": token})
    assert any("meadow.tsx" in note for note in before["notes"])
    added = _taken(part, send([tsx, png]), token=token)
    assert (added["token"], added["files"]) == (token, 3)
    after = _call(part, "understand", {"token": token})
    assert not any("meadow.tsx" in note for note in after["notes"])
    assert after["legend"][0]["picture"] != before["legend"][0]["picture"]


def test_sprites_are_shown_and_told_what_serves_them(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    token = _taken(part, send(drops.sprites(tmp_path / "balls")))["token"]
    told = _call(part, "understand", {"token": token})
    assert (told["kind"], told["learnable"], len(told["pictures"])) == ("sprite", False, 1)
    assert "deeper" in told["instead"]
    assert "levels" in _call(part, "learn", {"token": token, "title": "Balls"})["error"]


@pytest.mark.parametrize("mode", Mode)
def test_a_doom_map_is_understood_and_learned(mode: Mode, home: Path, send: Send, tmp_path: Path) -> None:
    part, path = _intake(mode), tmp_path / "maps" / "attic.wad"
    path.parent.mkdir()
    path.write_bytes(two_rooms())
    token = _taken(part, send([path]))["token"]
    told = _call(part, "understand", {"token": token})
    assert (told["title"], told["kind"], told["count"], told["learnable"]) == ("maps", "level", 1, True)
    path.write_bytes(two_rooms()[:200])
    token = _taken(part, send([path]))["token"]
    assert "error" in _call(part, "understand", {"token": token})


def test_a_zip_is_opened(home: Path, send: Send, tmp_path: Path) -> None:
    drops.text_level(tmp_path / "cave")
    archive = Path(shutil.make_archive(str(tmp_path / "zipped" / "cave"), "zip", tmp_path / "cave"))
    part = _intake()
    token = _taken(part, send([archive]))["token"]
    assert _call(part, "understand", {"token": token})["count"] == 1


def test_a_bad_file_is_one_sentence_without_a_path_of_this_machine(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    bad = tmp_path / "maps" / "bad.tmx"
    bad.parent.mkdir()
    bad.write_text("<map><layer>")
    token = _taken(part, send([bad]))["token"]
    error = _call(part, "understand", {"token": token})["error"]
    assert "bad.tmx" in error
    assert str(tmp_path) not in error
    assert token not in error
    assert "\n" not in error


def test_a_visitors_model_is_found_by_its_whole_name_alone(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake(Mode.PUBLIC)
    token = _taken(part, send(drops.text_level(tmp_path / "cave")))["token"]
    model = _call(part, "learn", {"token": token, "title": "Cave"})["model"]
    name = model["name"]
    assert folders.is_private(name)
    assert model["mine"] is True
    with gr.Blocks():
        bar, sampler = TopBar(Mode.PUBLIC), Sampler(Mode.PUBLIC)

    def listed(mine: Any) -> list[str]:
        return [one["name"] for one in _call(bar, "models", {"mine": mine})["models"] if one["mine"]]

    assert listed([name]) == [name]
    assert listed([]) == []
    assert listed([name[:-1], name.upper(), "yours-*", "../models/" + name, "yours-" + "0" * 32]) == []
    assert "error" in _call(bar, "models", {"mine": [name] * 1000})
    wish = {"seed": 1, "rows": 8, "columns": 8, "start": 0, "count": 1}
    assert len(_call(sampler, "samples", {**wish, "model": name})["tiles"]) == 1
    other = _call(sampler, "samples", {**wish, "model": "yours-" + "0" * 32})["error"]
    assert name not in other
    near = _call(sampler, "samples", {**wish, "model": name[:-1]})["error"]
    assert name not in near


def test_taking_back_goes_to_the_trash_and_only_what_was_learned_here(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    token = _taken(part, send(drops.text_level(tmp_path / "cave")))["token"]
    name = _call(part, "learn", {"token": token, "title": "Cave"})["model"]["name"]
    assert "error" in _call(part, "unlearn", {"model": "tiny-rooms"})
    assert "error" in _call(part, "unlearn", {"model": "../models"})
    assert _call(part, "unlearn", {"model": name}) == {}
    assert not (home / "models" / name).exists()
    assert [path.name for path in (home / "trash").glob(f"{name}-*/manifest.json")] == ["manifest.json"]
    assert "error" in _call(part, "unlearn", {"model": name})


def test_the_oldest_models_of_visitors_make_room(
    home: Path, send: Send, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "KEPT_FOR_VISITORS", 1)
    part = _intake(Mode.PUBLIC)
    token = _taken(part, send(drops.text_level(tmp_path / "cave")))["token"]
    names = [_call(part, "learn", {"token": token, "title": "Cave"})["model"]["name"] for _ in range(2)]
    assert [path.name for path in (home / "models").glob("yours-*")] == [names[1]]
    assert (home / "models" / "tiny-rooms").is_dir()


def test_a_forgotten_upload_is_gone(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    token = _taken(part, send(drops.text_level(tmp_path / "cave")))["token"]
    assert _call(part, "forget", {"token": token}) == {}
    assert list(uploads.folder().iterdir()) == []
    for name in ("understand", "learn", "forget"):
        assert "drop it again" in _call(part, name, {"token": token, "title": "x"})["error"]


def test_refused_files_leave_nothing_behind(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    assert "drop" in _call(part, "take", {"files": [{"path": "/etc/passwd", "name": "a.tmx"}]})["error"]
    assert not uploads.folder().exists() or list(uploads.folder().iterdir()) == []


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"files": []},
        {"files": "a.tmx"},
        {"files": [None]},
        {"files": [{"path": 3, "name": "a.tmx"}]},
        {"files": [{"path": "x", "name": ["a.tmx"]}]},
    ],
    ids=repr,
)
def test_malformed_takes_are_refused(home: Path, send: Send, asked: Any) -> None:
    assert set(_call(_intake(), "take", asked)) == {"error"}


@pytest.mark.parametrize(
    "options",
    [
        7,
        {"style": "isometric"},
        {"style": ["top-down"]},
        {"tags": ["solid"]},
        {"tags": {"floor": "solid"}},
        {"tags": {"floor": ["sticky"]}},
        {"tags": {"x" * 400: ["solid"]}},
        {"tags": {str(index): [] for index in range(300)}},
        {"margin": -1},
        {"rows": float("nan")},
        {"columns": 10**9},
    ],
    ids=lambda value: repr(value)[:40],
)
def test_malformed_corrections_are_refused(home: Path, send: Send, tmp_path: Path, options: Any) -> None:
    part = _intake()
    token = _taken(part, send(drops.text_level(tmp_path / "cave")))["token"]
    assert set(_call(part, "understand", {"token": token, "options": options})) == {"error"}


def test_a_sheet_is_cut_as_a_person_says(home: Path, send: Send, tmp_path: Path) -> None:
    part = _intake()
    token = _taken(part, send(drops.tilesheet(tmp_path / "sheet")))["token"]
    told = _call(part, "understand", {"token": token})
    assert {"size", "margin", "spacing"} <= set(told["adjustable"])
    assert "16 x 16" in told["sizes"]
    grid = {"rows": 32, "columns": 16, "margin": 0, "spacing": 0}
    assert "16 x 32" in _call(part, "understand", {"token": token, "options": grid})["sizes"]


def test_a_public_page_learns_from_maps_of_bounded_size(
    home: Path, send: Send, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = _intake(Mode.PUBLIC)
    token, before = _taken(part, send(drops.tiled_map(tmp_path / "meadow")))["token"], set((home / "models").glob("*"))
    part.limits = replace(part.limits, learned_cells=599)
    said = _call(part, "learn", {"token": token, "title": "Vast"})
    assert "at most 599 cells" in said["error"]
    assert "600" in said["error"]
    assert set((home / "models").glob("*")) == before
