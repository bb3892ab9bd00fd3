"""Model cards: text, front matter and pictures."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genworld import card, training
from genworld.checkpoint import Checkpoint
from genworld.content import Level
from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.measure import Figure, Report

SMALL = {"steps": 2, "batch": 4, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 8}


@pytest.fixture(scope="module")
def rooms() -> Dataset:
    return open_dataset("builtin:dungeon", count=8, size=20)


def trained(data: Dataset, family: str, folder: Path, **settings: object) -> Checkpoint:
    run = training.begin(data, family, settings, seed=0, command="genworld train x", device="cpu")
    list(run)
    return run.save(folder)


def opened(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


def test_a_level_card_has_text_preview_and_sheet(rooms: Dataset, tmp_path: Path) -> None:
    made = trained(rooms, "markov", tmp_path / "rooms")
    card.write_card(made, real=rooms.examples)
    text = (made.folder / "README.md").read_text(encoding="utf-8")
    assert made.card == made.folder / "README.md"
    assert made.preview is not None
    assert opened(made.preview).size == (3 * (20 * 16 + 4) + 4, 2 * (16 * 16 + 4) + 4)
    assert opened(made.folder / card.SHEET).size == (
        2 * (2 * (20 * 16 + 4) + 4 + 8),
        3 * (16 * 16 + 4) + 4 + card.CAPTION,
    )
    assert made.preview.stat().st_size < 400_000
    for said in ("CC0-1.0", "genworld train x", "seed 0", "genworld sample rooms", made.digest, "## Limits", "Yes."):
        assert said in text


def test_a_sprite_card_shows_samples_beside_data_at_one_scale(blots: Dataset, tmp_path: Path) -> None:
    made = trained(blots, "vae", tmp_path / "blots", **SMALL)
    card.write_card(made, real=blots.examples, samples=blots.sprites)
    assert made.preview is not None
    preview = np.asarray(opened(made.preview))
    assert preview.shape == (3 * (32 + 4) + 4, 8 * (32 + 4) + 4, 4)
    assert (preview[:4] == 0).all()
    assert (preview[4:36, 4:36] == blots.sprites[0].pixels.repeat(2, 0).repeat(2, 1)).all()
    sheet = np.asarray(opened(made.folder / card.SHEET))
    assert (sheet[..., 3] == 255).all()
    assert sheet.shape == (3 * (32 + 4) + 4 + card.CAPTION, 2 * (8 * (32 + 4) + 4 + 8), 4)


def test_the_front_matter_is_what_model_hubs_read(rooms: Dataset, tmp_path: Path) -> None:
    lines = card.front_matter(trained(rooms, "markov", tmp_path / "rooms")).splitlines()
    assert lines[0] == lines[-1] == "---"
    assert "license: cc0-1.0" in lines
    assert "- markov" in lines


def test_a_licence_that_hubs_do_not_know_is_other(rooms: Dataset, tmp_path: Path) -> None:
    made = trained(rooms, "markov", tmp_path / "rooms")
    run = made.manifest.run
    odd = run.model_copy(update={"data": run.data.model_copy(update={"licence": 'mine"\n- evil: 1'})})
    lines = card.front_matter(Checkpoint(made.folder, made.manifest.model_copy(update={"run": odd}))).splitlines()
    assert "license: other" in lines
    assert not [line for line in lines if line.startswith("- evil")]


def test_measured_quality_is_a_table_from_the_report_or_the_manifest(rooms: Dataset, tmp_path: Path) -> None:
    report = Report(title="levels", figures=(Figure(name="TPKL", value=0.25, ceiling=0.125, n=9, real=8, seed=7),))
    made = trained(rooms, "markov", tmp_path / "rooms")
    assert "Not measured." in card.text(made, None)
    assert report.table() in card.text(made, report)
    stored = Checkpoint(made.folder, made.manifest.model_copy(update={"measures": report.to_dict()}))
    card.write_card(stored, real=rooms.examples)
    assert report.table() in (made.folder / "README.md").read_text(encoding="utf-8")


def test_real_levels_are_cut_to_the_size_of_the_samples(rooms: Dataset) -> None:
    sample = Level(rooms.levels[0].tiles[:9, :13], rooms.levels[0].legend)
    beside = card.alike(rooms.examples, sample, 20)
    assert [(each.height, each.width) for each in beside] == [(9, 13)] * 20
    assert card.alike(rooms.examples, sample, 20) == beside


def test_real_examples_that_are_too_small_are_refused(rooms: Dataset) -> None:
    large = Level(np.zeros((40, 40), dtype=np.uint8), rooms.levels[0].legend)
    with pytest.raises(GenworldError, match="40 x 40"):
        card.alike(rooms.examples, large, 1)


def test_a_card_needs_real_examples_and_writes_nothing_without(rooms: Dataset, tmp_path: Path) -> None:
    made = trained(rooms, "markov", tmp_path / "rooms")
    with pytest.raises(GenworldError, match="real example"):
        card.write_card(made, real=[])
    assert made.card is None


def test_names_of_strangers_stay_words(tmp_path: Path, blots: Dataset) -> None:
    made = trained(blots, "vae", tmp_path / "blots", **SMALL)
    odd = Checkpoint(made.folder, made.manifest.model_copy(update={"title": "<script>x</script>\n# [a](b)"}))
    text = card.text(odd, None)
    assert "<script>" not in text
    assert "\n# [a]" not in text
