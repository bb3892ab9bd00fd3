"""In my art, called as the browser calls it, without one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from genworld.art import PREFIX
from genworld.library import Library
from genworld.mode import Mode
from genworld.paths import shipped
from genworld.ui.components.board_panel import BoardPanel
from genworld.ui.components.sampler import Sampler
from genworld.ui.components.surface import Surface
from genworld.ui.components.wardrobe import Wardrobe
from genworld.ui.uploads import Upload

MODEL = "tiny-rooms"
WISH = {"model": MODEL, "seed": 5, "rows": 12, "columns": 14}


@pytest.fixture(autouse=True)
def served(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "served"))


def _call(part: Any, name: str, asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(part.component, name)(asked)
    return answer


def _wardrobe(mode: Mode = Mode.LOCAL) -> Wardrobe:
    with gr.Blocks():
        return Wardrobe(mode)


def _token() -> str:
    upload = Upload.begin("town")
    (upload.root / "city.png").write_bytes((shipped("assets") / "tilesets" / "city.png").read_bytes())
    return upload.token


def _worn(part: Wardrobe, **more: Any) -> dict[str, Any]:
    """An art as the page makes it: proposals, all first choices, kept."""
    source = {"model": MODEL, "token": _token()}
    told = _call(part, "proposals", {**source, "wish": WISH})
    picks = [row["pick"] for row in told["legend"]]
    answer = _call(part, "wear", {**source, "picks": picks, "name": "Town", **more})
    assert "art" in answer, answer
    art: dict[str, Any] = answer["art"]
    return art


def test_proposals_tell_all_that_the_form_shows() -> None:
    told = _call(_wardrobe(), "proposals", {"model": MODEL, "token": _token(), "wish": WISH})
    (sheet,) = told["sheets"]
    assert (sheet["name"], sheet["cut"]["width"], sheet["described"]) == ("city", 16, False)
    assert sum(row["count"] for row in told["legend"]) == 12 * 14
    assert all(1 <= len(row["choices"]) <= 5 and row["pick"].keys() == {"ground", "thing"} for row in told["legend"])


def test_a_cut_that_a_person_set_is_what_counts() -> None:
    cuts = [{"file": "city.png", "height": 32, "width": 32, "margin": 0, "spacing": 0}]
    told = _call(_wardrobe(), "proposals", {"model": MODEL, "token": _token(), "cuts": cuts, "wish": WISH})
    assert told["sheets"][0]["cut"] == {"height": 32, "width": 32, "margin": 0, "spacing": 0}
    wrong = [{**cuts[0], "height": 0}]
    answer = _call(_wardrobe(), "proposals", {"model": MODEL, "token": _token(), "cuts": wrong, "wish": WISH})
    assert "height of a tile" in answer["error"]


def test_what_is_tried_on_is_what_is_sampled() -> None:
    part = _wardrobe()
    source = {"model": MODEL, "token": _token()}
    picks = [row["pick"] for row in _call(part, "proposals", {**source, "wish": WISH})["legend"]]
    shown = _call(part, "try_on", {**source, "picks": picks, "name": "Town", "wish": WISH, "index": 3})
    art = _call(part, "wear", {**source, "picks": picks, "name": "Town"})["art"]
    with gr.Blocks():
        sampler = Sampler(Mode.LOCAL)
    (tile,) = _call(sampler, "samples", {**WISH, "art": art["digest"], "start": 3, "count": 1})["tiles"]
    assert tile["picture"] == shown["picture"]
    assert tile["art"] == art["digest"]


def test_what_is_kept_while_dressed_stays_dressed() -> None:
    art = _worn(_wardrobe())["digest"]
    library = Library.open(mode=Mode.LOCAL)
    with gr.Blocks():
        sampler, board = Sampler(Mode.LOCAL), BoardPanel(Mode.LOCAL, library)
    (seen,) = _call(sampler, "samples", {**WISH, "art": art, "start": 0, "count": 1})["tiles"]
    kept = _call(board, "keep", {**WISH, "art": art, "indices": [0]})["items"]
    assert [item["digest"] for item in kept] == [seen["digest"]]
    item = library.board(None).item(kept[0]["id"])
    assert item.example.legend.tileset == PREFIX + art  # type: ignore[union-attr]
    shown = _call(board, "pictures", {"ids": [kept[0]["id"]]})["tiles"][0]
    assert shown["picture"] == seen["picture"]


def test_a_level_that_is_worked_on_stays_dressed() -> None:
    art = _worn(_wardrobe())["digest"]
    library = Library.open(mode=Mode.LOCAL)
    with gr.Blocks():
        sampler, surface = Sampler(Mode.LOCAL), Surface(Mode.LOCAL, library)
        board = BoardPanel(Mode.LOCAL, library)
    (seen,) = _call(sampler, "samples", {**WISH, "art": art, "start": 0, "count": 1})["tiles"]
    opened = _call(surface, "opened", {"origin": seen["origin"], "art": art})
    assert opened["tile"]["picture"] == seen["picture"]
    painted = _call(surface, "painted", {"origin": seen["origin"], "art": art, "edits": [[2, 2, 1], [2, 3, 0]]})["tile"]
    made = {"origin": painted["origin"], "name": "Mine", "art": art}
    kept = _call(board, "keep_made", {"made": [made]})["items"]
    assert [item["digest"] for item in kept] == [painted["digest"]]
    # Opened from the board it wears what it was kept in.
    again = _call(surface, "painted", {"origin": painted["origin"], "item": kept[0]["id"], "edits": [[4, 4, 0]]})
    assert again["tile"]["art"] == art


def test_an_art_is_changed_from_what_it_is() -> None:
    part = _wardrobe()
    first = _worn(part)
    told = _call(part, "proposals", {"model": MODEL, "art": first["digest"], "wish": WISH})
    picks = [row["pick"] for row in told["legend"]]
    picks[0] = {"ground": 7, "thing": -1}
    second = _call(part, "wear", {"model": MODEL, "art": first["digest"], "picks": picks, "name": "Town 2"})["art"]
    assert second["digest"] != first["digest"]
    assert {art["name"] for art in _call(part, "arts", {"model": MODEL})["arts"]} == {"Town", "Town 2"}


def test_on_a_public_page_an_art_is_known_by_its_digest_alone() -> None:
    part = _wardrobe(Mode.PUBLIC)
    art = _worn(part)
    assert _call(part, "arts", {"model": MODEL})["arts"] == []
    assert _call(_wardrobe(Mode.LOCAL), "arts", {"model": MODEL})["arts"] == []
    known = _call(part, "arts", {"model": MODEL, "arts": [art["digest"], "0" * 64]})["arts"]
    assert [one["digest"] for one in known] == [art["digest"]]


@pytest.mark.parametrize(
    "asked",
    [
        {"model": "tiny-blobs"},
        {"token": "x" * 32},
        {"token": None},
        {"art": "0" * 64},
        {"art": "../../secret"},
        {"picks": []},
        {"picks": [{"ground": 0}]},
        {"picks": "all"},
        {"picks": [{"ground": 10**6, "thing": -1}] * 200},
        {"name": ""},
        {"cuts": [{"file": "city.png"}]},
        {"cuts": {"a": 1}},
    ],
    ids=str,
)
def test_what_a_stranger_sends_is_one_sentence(asked: dict[str, Any]) -> None:
    request = {"model": MODEL, "token": _token(), "picks": [{"ground": 0, "thing": -1}], "name": "x", **asked}
    answer = _call(_wardrobe(Mode.PUBLIC), "wear", request)
    assert set(answer) == {"error"}
    assert "genworld itself" not in answer["error"]


def test_samples_in_an_art_of_other_tiles_are_refused() -> None:
    with gr.Blocks():
        sampler = Sampler(Mode.PUBLIC)
    for art in ("0" * 64, "x", 7, ["0" * 64]):
        answer = _call(sampler, "samples", {**WISH, "art": art, "start": 0, "count": 1})
        assert set(answer) == {"error"}, art
        assert "genworld itself" not in answer["error"]


def test_pictures_of_many_megabytes_are_not_read() -> None:
    upload = Upload.begin("noise")
    noise = np.random.default_rng(1).integers(0, 256, (1024, 2048, 4), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG", compress_level=0)
    (upload.root / "noise.png").write_bytes(file.getvalue())
    cuts = [{"file": "noise.png", "height": 64, "width": 64, "margin": 0, "spacing": 0}]
    told = _call(_wardrobe(), "proposals", {"model": MODEL, "token": upload.token, "cuts": cuts, "wish": WISH})
    assert "larger than" in told["error"]
