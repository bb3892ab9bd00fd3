"""The functions that the browser can call, called without one."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from genworld import paths
from genworld.errors import GenworldError
from genworld.library import Library
from genworld.mode import Mode
from genworld.ui import draw, exports, workspace
from genworld.ui.components.board_panel import BoardPanel
from genworld.ui.components.part import in_plain_words
from genworld.ui.components.sampler import Sampler
from genworld.ui.components.top_bar import TopBar
from genworld.ui.tabs import TABS

WISH = {"model": "tiny-blobs", "seed": 5, "condition": ["warm"], "variety": 0.8}


def _board(mode: Mode) -> BoardPanel:
    with gr.Blocks():
        return BoardPanel(mode, Library.open(mode=mode))


def _call(part: Any, name: str, asked: Any) -> dict[str, Any]:
    """As the browser calls it: through the component."""
    answer: dict[str, Any] = getattr(part.component, name)(asked)
    return answer


def test_what_can_be_called_is_exactly_this(home: Path) -> None:
    blocks = workspace.build(Mode.PUBLIC)
    callable_names = {fn.__name__ for block in blocks.blocks.values() for fn in getattr(block, "server_fns", [])}
    board = {"board", "keep", "keep_made", "remove", "rename", "undo", "redo", "pictures", "export_pack"}
    surface = {"opened", "painted", "redone", "walked", "repaired", "surprised"}
    intake = {"take", "understand", "learn", "unlearn", "forget"}
    wardrobe = {"arts", "proposals", "wear", "lay", "try_on"}
    explore = {"blended", "animated", "animating", "bred", "nearest"}
    latent = {"entered", "sliders", "live", "settled", "randomised", "around", "answers_where"}
    search = {"bring", "search", "stop_search"}
    laid_out = {"map_about", "map_grow", "map_places", "map_measures", "map_labels"}
    umap = {"map_umap", "map_umap_state", "map_umap_leave"}
    looked_at = {"map_tiles", "map_pictures", "map_made", "map_kept", "map_items", "map_training", "map_example"}
    models = {"model_cards", "model_told", "model_sheet", "model_replay", "model_frames"}
    assert callable_names == (
        board
        | surface
        | explore
        | latent
        | search
        | laid_out
        | umap
        | looked_at
        | intake
        | wardrobe
        | models
        | {"models", "preview", "samples"}
    )
    local = workspace.build(Mode.LOCAL)
    at_home = {fn.__name__ for block in local.blocks.values() for fn in getattr(block, "server_fns", [])}
    into_folders, own_models = {"project", "write_into"}, {"discard", "restore"}
    changed = {"model_rename", "model_back", "model_discard", "model_restore", "model_export", "model_import"}
    sets = {"train_data", "train_picture", "train_preview", "train_discard", "train_restore", "keep_data"}
    trainings = {"train_presets", "train_cost", "train_start", "train_try", "jobs", "turn_job"}
    alone = into_folders | own_models | changed | sets | trainings
    assert at_home - callable_names == alone, "a public page writes into no folder, and trains and changes no model"
    assert blocks.fns == {}, "an event of Gradio is an open endpoint: review it and add it here"
    assert blocks.api_open is False


def test_samples_do_not_depend_on_the_batch_they_came_in(home: Path) -> None:
    with gr.Blocks():
        sampler = Sampler(Mode.LOCAL)
    together = _call(sampler, "samples", {**WISH, "start": 0, "count": 6})["tiles"]
    alone = _call(sampler, "samples", {**WISH, "start": 4, "count": 1})["tiles"]
    assert alone == [together[4]]
    assert [tile["index"] for tile in together] == list(range(6))


def test_a_keep_is_what_was_seen(home: Path) -> None:
    with gr.Blocks():
        sampler = Sampler(Mode.LOCAL)
    seen = _call(sampler, "samples", {**WISH, "start": 2, "count": 1})["tiles"][0]
    board = _board(Mode.LOCAL)
    kept = _call(board, "keep", {**WISH, "indices": [2], "picture": "data:forged"})["items"]
    assert [item["digest"] for item in kept] == [seen["digest"]]
    shown = _call(board, "pictures", {"ids": [kept[0]["id"]]})["tiles"][0]
    assert shown["picture"] == seen["picture"]
    assert ["Class", "warm"] in [list(fact) for fact in shown["facts"]]


def test_a_finish_is_seen_kept_and_told(home: Path) -> None:
    with gr.Blocks():
        sampler = Sampler(Mode.LOCAL)
    raw, made = (
        _call(sampler, "samples", {**WISH, "start": 2, "count": 1, "finish": finish})["tiles"][0]
        for finish in (False, True)
    )
    assert made["digest"] != raw["digest"]
    assert "finished in" in dict(made["facts"])["From"]
    board = _board(Mode.LOCAL)
    kept = _call(board, "keep", {**WISH, "finish": True, "indices": [2]})
    assert [item["digest"] for item in kept["items"]] == [made["digest"]]
    assert kept["sprites"] is True
    assert "error" in _call(sampler, "samples", {**WISH, "start": 0, "count": 1, "finish": 1})
    levels = {"model": "tiny-rooms", "seed": 1, "start": 0, "count": 1, "finish": True}
    assert "a finish is for sprites" in _call(sampler, "samples", levels)["error"]


def test_a_pack_in_the_colours_of_a_palette(home: Path) -> None:
    board = _board(Mode.LOCAL)
    _call(board, "keep", {**WISH, "indices": [0]})
    asked = {"format": "tiled", "palette": {"name": "two.hex", "text": "000000\nffffff\n"}}
    with zipfile.ZipFile(_call(board, "export_pack", asked)["path"]) as pack:
        manifest = next(pack.read(name) for name in pack.namelist() if name.endswith("manifest.json"))
    assert json.loads(manifest)["items"][0]["origin"]["finish"]["palette"] == ["000000", "ffffff"]
    for wrong in ({"name": "x", "text": "red"}, {"name": "x"}, "x", {"name": "x", "text": "0" * 70_000}):
        assert "error" in _call(board, "export_pack", {**asked, "palette": wrong})


def test_keep_remove_undo_redo(home: Path) -> None:
    board = _board(Mode.LOCAL)
    items = _call(board, "keep", {**WISH, "indices": [0, 1, 2]})["items"]
    assert len(items) == 3
    assert len(_call(board, "remove", {"ids": [items[1]["id"]]})["items"]) == 2
    undone = _call(board, "undo", {})
    assert (len(undone["items"]), undone["canRedo"]) == (3, True)
    assert undone["said"].startswith("Undone")
    assert len(_call(board, "redo", {})["items"]) == 2


def test_boards_of_visitors_are_apart(home: Path) -> None:
    board = _board(Mode.PUBLIC)
    one, two = (_call(board, "board", {})["secret"] for _ in range(2))
    items = _call(board, "keep", {**WISH, "indices": [0], "secret": one})["items"]
    assert _call(board, "board", {"secret": two})["items"] == []
    for ask, request in (("remove", {"ids": [items[0]["id"]]}), ("pictures", {"ids": [items[0]["id"]]})):
        assert "error" in _call(board, ask, {**request, "secret": two})
    assert len(_call(board, "board", {"secret": one})["items"]) == 1


@pytest.mark.parametrize("name", ["keep", "keep_made", "remove", "rename", "undo", "redo", "pictures", "export_pack"])
@pytest.mark.parametrize("secret", [None, "", "guess", 7, ["x" * 40]], ids=repr)
def test_without_a_secret_a_visitor_has_no_board(home: Path, name: str, secret: Any) -> None:
    request = {**WISH, "indices": [0], "ids": [1], "name": "x", "format": "tiled", "secret": secret}
    assert set(_call(_board(Mode.PUBLIC), name, request)) == {"error"}


@pytest.mark.parametrize("asked", [None, [], "x", 3, [{}]], ids=repr)
def test_anything_but_an_object_is_refused(home: Path, asked: Any) -> None:
    for name in ("board", "keep", "export_pack"):
        assert set(_call(_board(Mode.LOCAL), name, asked)) == {"error"}


@pytest.mark.parametrize("model", ["../tiny-blobs", "/etc", "tiny-blob", ""])
def test_only_names_on_the_shelf_are_opened(home: Path, model: str) -> None:
    with gr.Blocks():
        sampler, bar = Sampler(Mode.PUBLIC), TopBar(Mode.PUBLIC)
    assert "error" in _call(sampler, "samples", {**WISH, "model": model, "start": 0, "count": 1})
    assert "error" in _call(bar, "preview", {"model": model})


def test_what_is_damaged_is_told_to_its_owner_alone(home: Path) -> None:
    (home / "models" / "tiny-rooms" / "manifest.json").write_text("{")
    with gr.Blocks():
        local, public = (_call(TopBar(mode), "models", {})["models"] for mode in (Mode.LOCAL, Mode.PUBLIC))
    assert [one["name"] for one in local if one.get("fault")] == ["tiny-rooms"]
    assert not [one for one in public if one.get("fault")]


def test_faults_of_ours_are_told_without_their_text() -> None:
    def broken(asked: dict[str, Any]) -> dict[str, Any]:
        raise ValueError("a secret path")

    told = in_plain_words(broken)({})
    assert "genworld itself" in told["error"]
    assert "secret" not in told["error"]


def test_an_export_lies_where_nobody_can_guess(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "served"))
    board = _board(Mode.LOCAL)
    assert "keep a sample first" in _call(board, "export_pack", {"format": "tiled"})["error"]
    _call(board, "keep", {**WISH, "indices": [0]})
    assert "Choose one of" in _call(board, "export_pack", {"format": "word"})["error"]
    one, two = (_call(board, "export_pack", {"format": "tiled"}) for _ in range(2))
    assert one["path"] != two["path"]
    assert Path(one["path"]).stat().st_size == one["bytes"]
    assert Path(one["path"]).is_relative_to(tmp_path / "served")
    exports.sweep(now=Path(one["path"]).stat().st_mtime + 2 * exports.KEPT_SECONDS)
    assert not Path(one["path"]).exists()


def test_a_turn_at_sampling_ends_with_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "PATIENCE_SECONDS", 0.01)
    with draw.turn(), draw.turn(), pytest.raises(GenworldError, match="many people"), draw.turn():
        pass
    with draw.turn():
        pass


def test_only_so_many_wait_for_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "WAITING", threading.BoundedSemaphore(1))
    with draw.turn(), pytest.raises(GenworldError, match="many people"), draw.turn():
        pass


def test_the_page_answers_before_torch_is_loaded() -> None:
    code = "import sys, genworld.ui.launch; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=paths.CHECKOUT, check=False).returncode == 0


def test_tabs_are_registered_once() -> None:
    names = [tab.name for tab in TABS]
    assert len(set(names)) == len(names)
    assert names[0] == "sample"
