"""``genworld evaluate``: figures on the terminal, as JSON, and on the card of one's own model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genworld import checkpoint, cli, training
from genworld.datasets import open_dataset
from genworld.measure import appraisal
from genworld.training import Cuts, Evaluation

SMALL = {"steps": 1, "batch": 4, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 4}


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(words)
    code = caught.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def mine(tmp_path: Path, own_machine: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder of eighty sprites, and a model of them that some were held out from."""
    monkeypatch.setattr(appraisal, "DISTINCT", 30)
    random = np.random.default_rng(0)
    folder = tmp_path / "coins"
    folder.mkdir()
    for index in range(80):
        pixels = np.zeros((8, 8, 4), np.uint8)
        pixels[1:7, 1:7] = [*random.integers(0, 256, 3), 255]
        Image.fromarray(pixels).save(folder / f"coin{chr(97 + index % 26)}{chr(97 + index // 26)}.png")
    run = training.begin(open_dataset(str(folder)), "vae", SMALL, seed=0, cuts=Cuts(hold_out=0.3), device="cpu")
    list(run)
    run.save(checkpoint.models_home() / "coins")
    return str(folder)


def test_figures_are_printed_written_as_json_and_put_on_the_card(
    mine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = checkpoint.find("coins")
    out = tmp_path / "coins.json"
    capsys.readouterr()
    assert _run("evaluate", "coins", "--data", mine, "--count", "24", "--seed", "5", "--json", str(out), "--write") == 0
    said = capsys.readouterr()
    assert "Held out as in its training: 30% of coins." in said.err
    assert "precision, k = 5" in said.out
    assert "mean brightness" in said.out
    assert "Expressive range of" in said.out
    done = Evaluation.model_validate(json.loads(out.read_text()))
    assert done.digest == before.digest
    assert {figure.seed for figure in done.report.figures} == {5}
    after = checkpoint.find("coins")
    assert after.digest == before.digest
    assert after.manifest.measures == done.report.to_dict()
    assert after.card is not None
    assert "bits of a dimension, held-out, bound" in after.card.read_text()


def test_without_data_it_says_so(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert _run("evaluate", "coins", "--count", "24") == 0
    said = capsys.readouterr()
    assert "Without data only what needs none is measured" in said.err
    assert "near copies, by fingerprints" in said.out
    assert "ceiling is" not in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "no model called 'nobody'"),
        (("dungeon", "--write"), "give what it learned from"),
        (("dungeon", "--write", "--data", "builtin:dungeon"), "came with genworld"),
        (("adventurers", "--data", "builtin:dungeon", "--option", "count=2", "--option", "size=16"), "makes sprites"),
        (("dungeon", "--data", "nowhere"), "no folder or file"),
        (("dungeon", "--json", "/nowhere/x.json"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_one_line(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    assert _run("evaluate", *words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_ctrl_c_stops_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_machine: Path
) -> None:
    def stopped(*words: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "evaluate", stopped)
    assert _run("evaluate", "dungeon") == 130
    assert "Stopped; nothing was written." in capsys.readouterr().err
