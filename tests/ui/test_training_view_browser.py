"""How a training looks while it runs: it follows the newest, waits for who went back, and its nodes stay."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from genworld.ui import fetched

PLACE = "view"


def picture(step: int) -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGBA", (16, 16), (step % 256, 90, 200, 255)).save(buffer, "PNG")
    uri = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    return {"picture": uri, "width": 16, "height": 16}


def frame(step: int) -> dict[str, Any]:
    return {"step": step, "tiles": [picture(step)] * 4}


def curve(last: int) -> list[list[float]]:
    return [[step, 100 / (step + 1)] for step in range(1, last + 1)]


@pytest.fixture
def page(visit: Callable[..., Any], app: Any) -> Any:
    """A page with a view of its own over all of it, live, at step 40 of 1,000."""
    page = visit(app.url)
    page.wait_for_function("() => window.genworld?.TrainingView && document.querySelector('#workspace')")
    page.evaluate(
        """([id, plotly]) => {
            const place = genworld.el("div", { id, style: "position: fixed; inset: 0; z-index: 99; overflow: auto; background: var(--ground)" });
            document.querySelector(".gradio-container").append(place);
            window.view = new genworld.TrainingView(place, { plotly, name: "seen" });
        }""",
        [PLACE, fetched.plotly_address()],
    )
    training = {
        "total": 1000,
        "curves": {"loss": curve(40), "near copies": [[10, 0.1], [40, 0.05]], "own figure": [[40, -1.0]]},
        "frames": [frame(step) for step in (0, 10, 40)],
        "notes": [{"step": 10, "kind": "few", "text": "Few."}],
    }
    page.evaluate("(training) => view.show(training, { live: true })", training)
    page.locator("#seen-curves .main-svg").first.wait_for(state="attached")
    return page


def step(page: Any) -> str:
    told: str = page.locator("#seen-samples .gw-film-step").inner_text()
    return told


def test_it_follows_the_newest_until_a_person_goes_back(page: Any) -> None:
    assert step(page) == "step 40"
    page.evaluate("(frames) => view.update({ frames })", [frame(80)])
    assert step(page) == "step 80"
    page.locator("#seen-samples .gw-film-large").focus()
    page.keyboard.press("Home")
    page.evaluate("(frames) => view.update({ frames })", [frame(160)])
    assert step(page) == "step 0"
    page.get_by_role("button", name="Newest").click()
    assert step(page) == "step 160"
    assert page.get_by_role("button", name="Newest").is_hidden()
    page.evaluate("(frames) => view.update({ frames })", [frame(320)])
    assert step(page) == "step 320"


def test_what_is_there_stays_while_more_comes(page: Any) -> None:
    page.evaluate(
        "() => { window.before = [...document.querySelectorAll('#view .gw-curve, #view .gw-film-tile img, #view .gw-film-frame')]; }"
    )
    page.evaluate(
        "([frames, curves]) => view.update({ frames, curves })",
        [[frame(80)], {"loss": curve(80), "own figure": [[40, 2]]}],
    )
    kept = page.evaluate("() => before.filter((node) => node.isConnected).length - before.length")
    assert kept == -1, "only the group whose curve is gone went: the rest are the same nodes"
    assert page.locator("#seen-curves .gw-curve").count() == 2


def test_pictures_may_come_after_their_frame_and_are_not_lost(page: Any) -> None:
    page.evaluate("(frames) => view.update({ frames })", [{"step": 80, "tiles": []}, {"step": 40, "tiles": []}])
    assert page.evaluate("() => view.waits") == [80]
    page.evaluate("(frames) => view.update({ frames })", [frame(80)])
    assert page.evaluate("() => view.waits") == []
    shown = page.locator("#seen-samples .gw-film-tile img").first.get_attribute("src")
    assert shown == picture(80)["picture"]


def test_the_axis_of_a_live_training_grows_by_doubling(page: Any) -> None:
    most = "() => view.curves.most"
    assert page.evaluate(most) == 1000 / 16
    page.evaluate("(curves) => view.update({ curves })", {"loss": curve(62)})
    assert page.evaluate(most) == 1000 / 16
    page.evaluate("(curves) => view.update({ curves })", {"loss": curve(63)})
    assert page.evaluate(most) == 1000 / 8
    page.evaluate("() => view.update({}, { live: false })")
    assert page.evaluate(most) == 63


def test_curves_are_read_off_and_lead_to_frames(page: Any) -> None:
    stage = page.locator("#seen-curves .gw-curve-stage").first
    page.wait_for_function("() => document.querySelector('#seen-curves .gw-curve-key .gw-number').textContent")
    stage.hover(position={"x": 60, "y": 20})
    assert page.locator("#seen-curves .gw-curve-over:visible").count() >= 1
    stage.click(position={"x": 60, "y": 20})
    assert step(page) in ("step 0", "step 10")
    page.locator("#seen-notes button").click()
    assert step(page) == "step 10"
    page.get_by_role("radio", name="Log").click()
    page.wait_for_function(
        "() => document.querySelector('#seen-curves .gw-curve-plot')._fullLayout.yaxis.type === 'log'"
    )


def test_empty_failed_and_back(page: Any) -> None:
    page.evaluate("() => view.failed('Because.', () => { window.again = true; })")
    assert page.locator("#seen-samples").is_hidden()
    page.get_by_role("button", name="Try again").click()
    assert page.evaluate("() => window.again")
    page.evaluate("() => view.empty('Nothing yet', 'It will be here.')")
    assert "It will be here." in page.locator("#view").inner_text()
    page.evaluate("(frames) => view.show({ total: 5, frames })", [frame(5)])
    assert step(page) == "step 5"
    assert "begin with the first steps" in page.locator("#seen-curves").inner_text()
