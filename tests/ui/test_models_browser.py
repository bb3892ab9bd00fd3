"""The Models tab in a real browser: cards, the replay of a training, and what a person does with their own models."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drops import EVIL

from genworld import checkpoint, paths, replay, sampling
from genworld.checkpoint import Checkpoint
from genworld.content import Sprite, SpriteSpec
from genworld.datasets import Dataset
from genworld.models import build
from genworld.models.base import GenerativeModel
from genworld.provenance import DataSource, TrainingRun
from genworld.replay import Frame, Note, Recorder

NAME = "watched"
STEPS = 6
LOOK_AT = (1, 3, 6)


@pytest.fixture(scope="module")
def watched(start_app: Callable[..., Any]) -> Any:
    """A page with a model of sprites that learned for six steps while a recorder looked on."""
    app = start_app()
    train(app.home / "models" / NAME)
    return app


def train(folder: Path) -> None:
    data = discs()
    model = build("vae", data.spec, {"steps": STEPS, "batch": 4})
    recorder = Recorder(total=STEPS)
    for progress in model.fit(data, seed=1):
        recorder.add(progress.step, dict(progress.metrics))
        if progress.step in LOOK_AT:
            shown = drawn(saved(folder, model, data, progress.step))
            recorder.add(progress.step, frames=[Frame(progress.step, tuple(shown))])
    recorder.add(STEPS, notes=[Note(3, "few", f"Only 12 sprites {EVIL}")])
    replay.write(folder, recorder.replay())


def saved(folder: Path, model: GenerativeModel, data: Dataset, steps: int) -> Checkpoint:
    run = TrainingRun(data=data.source, examples=len(data), steps=steps, seed=1, command=f"genworld train {EVIL}")
    return checkpoint.save(
        folder, model, run=run, title=f"Watched {EVIL}", summary=f"Learned {EVIL}", keep=lambda _: True
    )


def drawn(found: Checkpoint) -> list[Any]:
    return [each.example for each in sampling.sample(sampling.opened(found), seed=0, count=4)]


def discs() -> Dataset:
    """Twelve flat squares of 16 x 16 pixels."""
    sprites = tuple(Sprite(np.full((16, 16, 4), (20 * index, 90, 200, 255), np.uint8)) for index in range(12))
    source = DataSource(name=f"squares {EVIL}", licence=f"none {EVIL}", url=f"https://x.example/{EVIL}")
    return Dataset(
        "squares", SpriteSpec(16, 16), sprites, np.zeros((12, 0), np.uint8), tuple(map(str, range(12))), source
    )


def open_models(visit: Callable[..., Any], app: Any, name: str = NAME, **settings: Any) -> Any:
    page = visit(app.url, model=name, **settings)
    page.wait_for_function("() => window.genworld?.state?.models?.length")
    page.locator("#tab-models-button").click()
    card = page.locator(f'.gw-model-card[data-model="{name}"]')
    card.click()
    page.wait_for_function(
        "(name) => document.querySelector('.gw-model-body:not([hidden])') && genworld.models.view", arg=name
    )
    return page


def titles(page: Any) -> list[str]:
    found: list[str] = page.locator(".gw-model-card .gw-picker-title").all_inner_texts()
    return found


def test_cards_tell_of_all_models_and_the_chosen_one_opens(visit: Callable[..., Any], watched: Any) -> None:
    page = open_models(visit, watched, "adventurers")
    assert "Tiny rooms" in titles(page)
    assert titles(page)[0] == "Adventurers", "what comes with genworld stands first"
    page.locator(".gw-model-figures tbody tr").first.wait_for()
    precision = checkpoint.read(paths.shipped("checkpoints") / "adventurers").manifest.measures["figures"][0]
    first = page.locator(".gw-model-figures tbody tr").first.inner_text()
    assert f"{precision['value']:.0%}" in first
    assert f"{precision['ceiling']:.0%}" in first
    page.locator(".gw-model-sheet img").wait_for()
    assert page.locator("#models-remove").is_hidden(), "what comes with genworld is not removed"
    assert "May I sell" in page.locator(".gw-model-facts").inner_text()


def test_a_replay_is_looked_at_step_by_step(visit: Callable[..., Any], watched: Any) -> None:
    page = open_models(visit, watched)
    page.locator(".gw-film-frame").nth(2).wait_for()
    page.wait_for_function("() => genworld.models.view.film.frames.every((frame) => frame.tiles.length === 4)")
    assert page.locator("#models-samples .gw-film-step").inner_text() == "step 6"
    page.locator("#models-samples .gw-film-large").focus()
    last = page.locator(".gw-film-tile img").first.get_attribute("src")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#models-samples .gw-film-step").inner_text() == "step 3"
    assert page.locator(".gw-film-tile img").first.get_attribute("src") != last
    page.keyboard.press("End")
    page.locator("#models-notes button").click()
    assert page.locator("#models-samples .gw-film-step").inner_text() == "step 3"
    page.locator("#models-curves .gw-curve").first.scroll_into_view_if_needed()
    page.locator("#models-curves .gw-curve .main-svg").first.wait_for(state="attached")
    assert "Surprise" in page.locator("#models-curves").inner_text()
    page.get_by_label("Play (Space)").click()
    page.wait_for_function("() => !genworld.models.view.film.playing && genworld.models.view.film.step === 6")


def test_words_of_strangers_stay_words(visit: Callable[..., Any], watched: Any) -> None:
    page = open_models(visit, watched)
    page.locator("#models-notes button").wait_for()
    assert EVIL in page.locator("#models-detail").inner_text()
    assert page.evaluate("() => window.hit === undefined")
    assert page.locator("#models-detail img[src=x]").count() == 0
    assert page.locator(".gw-model-facts a").count() == 0, "an odd address is no link"


def test_a_model_is_renamed_in_place_and_back(visit: Callable[..., Any], start_app: Callable[..., Any]) -> None:
    page = open_models(visit, start_app(), "tiny-blobs")
    page.locator("#models-title").fill("Round things")
    page.keyboard.press("Enter")
    page.locator(".gw-toast", has_text="Round things").wait_for()
    page.locator("#model-picker", has_text="Round things").wait_for()
    page.locator(".gw-toast button", has_text="Undo").click()
    page.wait_for_function("() => document.getElementById('models-title').value === 'Tiny blobs'")


def test_a_model_is_put_away_and_comes_back(visit: Callable[..., Any], start_app: Callable[..., Any]) -> None:
    app = start_app()
    page = open_models(visit, app, "tiny-rooms")
    page.locator("#models-remove").click()
    page.locator('.gw-model-card[data-model="tiny-rooms"]').wait_for(state="detached")
    assert not (app.home / "models" / "tiny-rooms").exists()
    page.locator(".gw-toast button", has_text="Undo").click()
    page.locator('.gw-model-card[data-model="tiny-rooms"]').wait_for()
    page.wait_for_function("() => document.getElementById('models-title').value === 'Tiny rooms'")
    assert (app.home / "models" / "tiny-rooms" / "manifest.json").exists()


def test_a_model_travels_as_a_zip(visit: Callable[..., Any], start_app: Callable[..., Any], tmp_path: Path) -> None:
    page = open_models(visit, start_app(), "tiny-blobs")
    with page.expect_download() as waiting:
        page.locator("#models-export").click()
    place = tmp_path / "taken.zip"
    waiting.value.save_as(place)
    assert any(name.endswith("manifest.json") for name in zipfile.ZipFile(place).namelist())
    page.locator("#models-remove").click()
    page.locator('.gw-model-card[data-model="tiny-blobs"]').wait_for(state="detached")
    page.locator("#models-file").set_input_files(place)
    page.locator(".gw-toast", has_text="in all tabs").wait_for()
    page.locator(".gw-model-card", has_text="Tiny blobs").wait_for()
    assert page.locator("#models-title").input_value() == "Tiny blobs"


def test_a_zip_that_is_no_model_is_told_in_a_sentence(visit: Callable[..., Any], watched: Any) -> None:
    page = open_models(visit, watched)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("manifest.json", json.dumps({"format": 1}))
        archive.writestr("x.safetensors", b"x")
    raw = base64.b64encode(buffer.getvalue()).decode()
    before = titles(page)
    page.evaluate(
        """(raw) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(atob(raw), (c) => c.charCodeAt(0))], "model.zip"));
            const node = document.getElementById("models-detail");
            const event = (name) => new DragEvent(name, { dataTransfer: transfer, bubbles: true, cancelable: true });
            node.dispatchEvent(event("dragover"));
            node.dispatchEvent(event("drop"));
        }""",
        raw,
    )
    page.locator(".gw-toast.gw-fault").wait_for()
    assert "went wrong in genworld itself" not in page.locator(".gw-toast.gw-fault").inner_text()
    assert titles(page) == before


def test_use_chooses_the_model_for_all_tabs(visit: Callable[..., Any], watched: Any) -> None:
    page = open_models(visit, watched, "adventurers")
    page.locator('.gw-model-card[data-model="tiny-rooms"]').click()
    page.wait_for_function("() => document.getElementById('models-title').value === 'Tiny rooms'")
    page.locator("#models-use").click()
    page.locator("#sample-grid").wait_for()
    assert page.evaluate("() => genworld.state.model.name") == "tiny-rooms"


def test_a_public_page_shows_models_and_changes_none(visit: Callable[..., Any], public_app: Any) -> None:
    train(public_app.home / "models" / NAME)
    page = open_models(visit, public_app)
    page.locator(".gw-film-frame").first.wait_for()
    for name in ("#models-export", "#models-remove", "#models-import", "#models-earlier li"):
        assert page.locator(name).locator("visible=true").count() == 0
    assert page.locator("#models-title").is_hidden()


def test_an_earlier_step_is_used_and_the_later_one_again(
    visit: Callable[..., Any], start_app: Callable[..., Any]
) -> None:
    app = start_app()
    train(app.home / "models" / NAME)
    page = open_models(visit, app)
    page.locator("#models-earlier li", has_text="Step 3").get_by_role("button", name="Use this step").click()
    page.locator(".gw-toast", has_text="at step 3 now").wait_for()
    page.locator("#models-earlier li", has_text="Step 6").wait_for()
    assert checkpoint.read(app.home / "models" / NAME).manifest.step == 3
    page.locator(".gw-toast button", has_text="Back to step 6").click()
    page.locator("#models-earlier li", has_text="Step 3").wait_for()
    assert checkpoint.read(app.home / "models" / NAME).manifest.step == 6
