"""``genworld models``: what it says, and that it does what the functions do."""

from __future__ import annotations

from pathlib import Path

import pytest

from genworld import checkpoint
from genworld.checkpoint import Checkpoint
from genworld.cli import main


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> object:
    def run(*words: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as left:
            main(["models", *words])
        told = capsys.readouterr()
        return left.value.code, told.out + told.err

    return run


def test_a_model_is_named_taken_along_and_brought_back(caves: Checkpoint, said: object, tmp_path: Path) -> None:
    assert callable(said)
    assert said("rename", "caves", "Deep caves", "--name", "deep") == (0, "deep: Deep caves\n")
    assert "deep" in said()[1]
    assert said("list") == said()
    assert said("show", "deep")[1].startswith("# Deep caves\n")
    assert said("export", "deep", "--out", str(tmp_path)) == (0, f"{tmp_path / 'deep.zip'}\n")
    label = said("remove", "deep")[1].split()[-1]
    assert "deep: Deep caves." in said("import", str(tmp_path / "deep.zip"))[1]
    assert "Nothing was added" in said("import", str(tmp_path / "deep.zip"))[1]
    assert said("restore", label)[0] == 2
    said("remove", "deep")
    assert said("restore", label) == (0, "deep is back.\n")
    assert checkpoint.find("deep").digest == caves.digest


def test_a_public_page_imports_nothing(said: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(said)
    monkeypatch.setenv("GENWORLD_MODE", "public")
    code, told = said("import", str(tmp_path / "x.zip"))
    assert code == 2
    assert "public page" in told
