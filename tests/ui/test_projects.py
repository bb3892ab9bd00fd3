"""Levels of own maps into a project's folder, through the functions that the browser calls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import drops
import gradio as gr
import pytest

from genworld import sampling
from genworld.datasets import open_dataset
from genworld.learning import learn
from genworld.library import Draft, Library
from genworld.mode import Mode
from genworld.sampling import LoadedModel
from genworld.ui.components.board_panel import BoardPanel


def kept_levels(project: Path, folder: Path, count: int = 2) -> list[Draft]:
    """Samples of the map in a project, ready to be kept."""
    checkpoint = learn(open_dataset(str(project)), folder=folder)
    made = sampling.sample(LoadedModel(checkpoint, checkpoint.load()), seed=3, count=count)
    source = checkpoint.manifest.run.data
    return [Draft(each.example, each.origin, checkpoint.title, f"Level {n}", source) for n, each in enumerate(made)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return drops.tiled_map(tmp_path / "game")[0].parent


@pytest.fixture
def drafts(home: Path, project: Path) -> list[Draft]:
    return kept_levels(project, home / "models" / "meadow")


def panel(mode: Mode, drafts: Sequence[Draft] = ()) -> BoardPanel:
    library = Library.open(mode=mode)
    if drafts:
        library.board().keep_all(drafts)
    with gr.Blocks():
        return BoardPanel(mode, library)


def ask(part: BoardPanel, name: str, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(part.component, name)(asked)
    return answer


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_is_told_is_what_is_written(drafts: list[Draft], project: Path) -> None:
    part, before = panel(Mode.LOCAL, drafts), files_in(project)
    assert ask(part, "project") == {"levels": 2, "maps": ["meadow.tmx"], "files": [], "left": []}
    told = ask(part, "project", folder=str(project))
    assert told["files"] == ["meadow-01.tmx", "meadow-02.tmx"]
    assert files_in(project) == before
    assert ask(part, "write_into", folder=f" {project} ")["files"] == told["files"]
    assert files_in(project) == before | set(told["files"])
    assert ask(part, "project", folder=str(project))["files"] == ["meadow-03.tmx", "meadow-04.tmx"]


def test_only_what_is_selected_is_written(drafts: list[Draft], project: Path) -> None:
    part = panel(Mode.LOCAL, drafts)
    chosen = ask(part, "board")["items"][0]["id"]
    assert ask(part, "write_into", folder=str(project), ids=[chosen])["files"] == ["meadow-01.tmx"]
    assert "error" in ask(part, "write_into", folder=str(project), ids=[999])


def test_levels_of_maps_that_are_elsewhere_stay(drafts: list[Draft], project: Path, home: Path, tmp_path: Path) -> None:
    tmx, *_ = drops.tiled_map(tmp_path / "other", width=24)
    tmx.rename(tmx.with_name("marsh.tmx"))
    part = panel(Mode.LOCAL, [*drafts, *kept_levels(tmx.parent, home / "models" / "marsh", 1)])
    told = ask(part, "project", folder=str(project))
    assert (told["levels"], told["maps"], told["left"]) == (2, ["meadow.tmx"], ["marsh.tmx"])
    assert ask(part, "write_into", folder=str(tmx.parent))["files"] == ["marsh-01.tmx"]


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("game", "whole path"),
        ("~nobody-of-this-name/x", "whole path"),
        ("{tmp}/none", "no folder"),
        ("{tmp}/game/meadow.tmx", "no folder"),
        ("{tmp}/" + "x" * 300, "no folder"),
        ("{tmp}/a\0b", "no folder"),
        ("{tmp}", "should be in"),
        ("/" * 5000, "1 to 4096"),
        (7, "text"),
        (None, "text"),
    ],
    ids=repr,
)
def test_a_folder_that_will_not_do_is_told(drafts: list[Draft], tmp_path: Path, folder: Any, words: str) -> None:
    part, before = panel(Mode.LOCAL, drafts), files_in(tmp_path / "game")
    where = folder.replace("{tmp}", str(tmp_path)) if isinstance(folder, str) else folder
    assert words in ask(part, "write_into", folder=where)["error"]
    assert files_in(tmp_path / "game") == before


def test_the_panel_knows_whether_there_is_anything_to_write(drafts: list[Draft]) -> None:
    part = panel(Mode.LOCAL)
    assert ask(part, "keep", model="tiny-rooms", seed=5, condition=[], variety=None, indices=[0])["own"] is False
    assert "export a pack" in ask(part, "write_into", folder="/")["error"]
    assert ask(panel(Mode.LOCAL, drafts), "board")["own"] is True


def test_a_public_page_writes_nowhere(home: Path, tmp_path: Path) -> None:
    part = panel(Mode.PUBLIC)
    secret = ask(part, "board")["secret"]
    offered = {fn.__name__ for fn in part.component.server_fns}
    assert not offered & {"project", "write_into"}
    for answer in (part.project, part.write_into):
        with pytest.raises(Exception, match="writes into no folder"):
            answer({"secret": secret, "folder": str(tmp_path)})
