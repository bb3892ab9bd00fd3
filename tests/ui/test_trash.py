"""Models that are wanted no more: into the trash and back, called as the browser calls it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from genworld.mode import Mode
from genworld.ui.components.top_bar import TopBar


@pytest.fixture
def bar(home: Path) -> TopBar:
    with gr.Blocks():
        return TopBar(Mode.LOCAL)


def _call(bar: TopBar, name: str, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(bar.component, name)(asked)
    return answer


def _names(bar: TopBar) -> list[str]:
    return [one["name"] for one in _call(bar, "models")["models"] if one["mine"]]


def test_a_model_goes_and_comes_back(home: Path, bar: TopBar) -> None:
    before = _names(bar)
    label = _call(bar, "discard", model="tiny-rooms")["label"]
    assert _names(bar) == [name for name in before if name != "tiny-rooms"]
    assert (home / "trash" / label / "manifest.json").is_file()
    assert _call(bar, "restore", label=label) == {"model": "tiny-rooms"}
    assert _names(bar) == before
    assert "not in the trash" in _call(bar, "restore", label=label)["error"]


def test_what_is_damaged_can_go_too(home: Path, bar: TopBar) -> None:
    (home / "models" / "tiny-rooms" / "manifest.json").write_text("{")
    assert "tiny-rooms" in _names(bar)
    assert "label" in _call(bar, "discard", model="tiny-rooms")


def test_only_models_of_ones_own_go(home: Path, bar: TopBar) -> None:
    assert "came with genworld" in _call(bar, "discard", model="dungeon-markov")["error"]
    assert "error" in _call(bar, "discard", model="../models")
    assert "error" in _call(bar, "discard", model=None)
    (home / "trash").mkdir()
    (home / "secret-00000000").mkdir()
    assert "error" in _call(bar, "restore", label="../secret-00000000")
    assert (home / "secret-00000000").is_dir()


def test_nothing_is_overwritten_by_what_comes_back(home: Path, bar: TopBar) -> None:
    label = _call(bar, "discard", model="tiny-rooms")["label"]
    (home / "models" / "tiny-rooms").mkdir()
    assert "another model" in _call(bar, "restore", label=label)["error"]
    assert (home / "trash" / label).is_dir()
