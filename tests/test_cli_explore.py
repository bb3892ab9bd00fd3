"""``genworld explore``: a command that prepares the sliders and the maps of a model."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from genworld import checkpoint, cli, paths
from genworld.cli import explore
from genworld.latent import maps
from genworld.latent.direction import Hidden
from genworld.latent.preparing import Prepared

PREPARED = Prepared(
    measured=4096,
    described=(("Open", 1.0),),
    shares=(0.175, 0.157),
    shown=(("Open", 0.65),),
    hidden=(Hidden("Areas", 0.12, 0.5),),
    axes=("Open", "Longest way"),
    empty=0.643,
)


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(["explore", *words])
    code = caught.value.code
    assert isinstance(code, int)
    return code


def test_a_markov_chain_is_measured_and_kept(capsys: pytest.CaptureFixture[str], own_machine: Path) -> None:
    assert _run("dungeon-markov", "--count", "16") == 0
    said = capsys.readouterr().out
    assert "2,000 samples measured" in said  # that many ship with it
    assert re.search(r"\d+% of the map of Open and Longest way is empty", said)
    digest = checkpoint.find("dungeon-markov").digest
    assert f"Kept in {own_machine / 'explore' / digest}" in said


def test_shipping_puts_it_into_the_models_own_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(paths.shipped("checkpoints") / "dungeon-markov", folder, ignore=shutil.ignore_patterns("explore"))
    assert _run(str(folder), "--count", "16", "--ship") == 0
    assert (folder / "explore" / "survey.safetensors").is_file()
    assert f"Kept in {folder / 'explore'}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "no model called 'nobody'"),
        (("dungeon-markov", "--method", "pca"), "no latent space"),
        (("dungeon-markov", "--method", "tsne"), "no method called 'tsne'"),
        (("dungeon-markov", "--examples", "builtin:dungeon"), "learned from freedoom"),
    ],
)
def test_what_cannot_be_is_one_line(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    assert _run(*words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_the_summary_tells_which_sliders_are_shown() -> None:
    text = explore.summary(PREPARED)
    assert "Principal axes hold 17.5% and 15.7% of the variance" in text
    assert "64% of the map of Open and Longest way is empty" in text
    assert re.search(r"Open +0.65 +yes", text)
    assert re.search(r"Areas +0.12 +no", text)


def test_the_default_is_that_of_the_maps() -> None:
    assert explore.BEFORE == maps.COUNT
