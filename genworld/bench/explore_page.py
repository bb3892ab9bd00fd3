"""The page's tabs for exploring, driven in a real browser; left out with a sentence where there is none."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from genworld.bench.explore_served import MODELS, POINTS, POINTS_AIM, USUAL
from genworld.bench.rows import Amount, Latency, Share
from genworld.bench.start import page as started
from genworld.bench.timing import Timing
from genworld.seeding import numpy_stream

WITHOUT_BROWSER = "Figures of the browser are left out: they need playwright (genworld[test]) and Chromium on the path."
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PLAIN = ("--no-sandbox", "--disable-gpu")
"""A machine that measures may have no graphics card; then pages are drawn quickest so."""
DRAWN = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""Maps need WebGL: here in software, which takes most of a processor for itself."""
DOTS_ONLY = "localStorage['genworld.mapPictures'] = 'false'"
"""Without pictures over them every dot is clicked itself."""
WINDOW = {"width": 1440, "height": 900}
PATIENCE_MS = 120_000

DRAG_SECONDS = 3.0
PERIOD_SECONDS = 1.5
"""Of one swing of the slider, to and fro."""
POINTER_SECONDS = 0.008
"""Between two reports of a pointer, as mice make them."""
UPDATES = 25.0
RELEASES = 20
CLOSE = 0.02
"""Standard deviations between where a slider was let go and where it stands."""
KEEPS = 20
KEPT_SECONDS = 20.0
"""After the last click, until every item should be on the board."""
CLICKS = 40
CLICK_AIM = 0.060

LATENT_READY = "() => genworld.latent?.session.state?.tile && genworld.latent.bank.full"
MAP_READY = (
    "(count) => genworld.map?.plot.drawn && !genworld.map.plot.busy && genworld.map.plot.points?.length >= count"
)
LISTEN_TO_DRAGS = """() => {
  const { session } = genworld.latent;
  const drag = session.drag.bind(session);
  session.drag = (id, to) => { window.benchDragged = [id, to]; drag(id, to); };
}"""
LISTEN_TO_CLICKS = """() => {
  window.benchClicks = [];
  let began = null;
  addEventListener("pointerup", () => { began = performance.now(); }, true);
  new MutationObserver(() => {
    const from = began;
    const picture = document.querySelector("#map-preview .gw-map-frame img");
    began = null;
    if (from !== null && picture) picture.decode().then(() => requestAnimationFrame(() => window.benchClicks.push(performance.now() - from)));
  }).observe(document.querySelector("#map-preview .gw-map-frame"), { childList: true });
}"""


def run() -> Iterator[object]:
    """Dragging, keeping and clicking in each bundled model with a latent space, each in a new visit."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield WITHOUT_BROWSER
        return
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        yield WITHOUT_BROWSER
        return
    with (
        tempfile.TemporaryDirectory() as home,
        started({**os.environ, "GENWORLD_HOME": home}) as address,
        sync_playwright() as driver,
    ):
        for flags, measure in ((PLAIN, latent), (DRAWN, plot)):
            browser = driver.chromium.launch(executable_path=path, args=list(flags))
            for model in MODELS:
                with visit(browser, address, model) as page:
                    yield from measure(page, model)
            browser.close()


@contextmanager
def visit(browser: Any, address: str, model: str) -> Iterator[Any]:
    """The page with a model chosen, in a browser that remembers nothing else."""
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(DOTS_ONLY)
    context.add_init_script(f"localStorage['genworld.model'] = JSON.stringify({json.dumps(model)})")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    yield page
    context.close()


def latent(page: Any, model: str) -> Iterator[object]:
    """The Latent tab: a slider dragged for some seconds, then let go at many places; and quick keeps."""
    page.locator("#tab-latent-button").click()
    page.wait_for_function(LATENT_READY)
    page.evaluate(LISTEN_TO_DRAGS)
    slider = page.locator("#latent-sliders [data-slider^='attribute:'] input[type=range]").first
    yield Amount(f"{model}, pictures shown while a slider is dragged", dragged(page, slider), UPDATES, "a second")
    same = [let_go(page, slider, number) for number in range(RELEASES)]
    yield Share(f"{model}, sliders that stand where they were let go", sum(same), len(same))
    yield Share(f"{model}, quick keeps that are items", kept(page), KEEPS)


def dragged(page: Any, slider: Any) -> float:
    """Pictures a second while the pointer swings a slider to and fro."""
    box = held(page, slider)
    before, began = _updates(page), time.perf_counter()
    while (passed := time.perf_counter() - began) < DRAG_SECONDS:
        _move(page, box, 0.5 + 0.4 * math.sin(2 * math.pi * passed / PERIOD_SECONDS))
        time.sleep(POINTER_SECONDS)
    shown = _updates(page) - before
    page.mouse.up()
    _settle(page)
    return shown / passed


def held(page: Any, slider: Any) -> dict[str, float]:
    """Press the pointer on a slider; where it lies in the window."""
    slider.scroll_into_view_if_needed()
    box: dict[str, float] = slider.bounding_box()
    _move(page, box, 0.5)
    page.mouse.down()
    return box


def let_go(page: Any, slider: Any, number: int) -> bool:
    """Whether a slider that is pulled somewhere and let go at once stands there."""
    box = held(page, slider)
    for share in numpy_stream(number, "let go").uniform(0.2, 0.8, 5):
        _move(page, box, float(share))
    page.mouse.up()
    _settle(page)
    wanted, stands = page.evaluate(
        "() => { const [id, to] = window.benchDragged; return [to, genworld.latent.session.state.positions[id]]; }"
    )
    return bool(abs(wanted - stands) <= CLOSE)


def kept(page: Any) -> int:
    """Items on the board after the buttons for another one and for keeping it were pressed in turn, without a pause."""
    before = _kept(page)
    middles = [_middle(page.locator(name).bounding_box()) for name in ("#latent-randomise", "#latent-keep")]
    for _ in range(KEEPS):
        for middle in middles:
            page.mouse.click(*middle)
    _settle(page)
    until = time.monotonic() + KEPT_SECONDS
    while _kept(page) - before < KEEPS and time.monotonic() < until:
        page.wait_for_timeout(50)
    return _kept(page) - before


def plot(page: Any, model: str) -> Iterator[object]:
    """The Map tab: clicks on dots, and as many points as a map can show."""
    page.locator("#tab-map-button").click()
    page.wait_for_function(MAP_READY, arg=USUAL)
    page.evaluate(LISTEN_TO_CLICKS)
    yield Latency(f"{model}, from a click on the map to the picture", clicked(page), CLICK_AIM)
    began = time.perf_counter()
    page.locator("#map-count input").fill(str(POINTS))
    page.locator("#map-count input").press("Enter")
    page.wait_for_function(MAP_READY, arg=POINTS)
    what = f"{model}, from asking for {POINTS:,} points to seeing them, most of them new samples"
    yield Timing(what, (time.perf_counter() - began,), POINTS_AIM)


def clicked(page: Any) -> tuple[float, ...]:
    """Seconds from letting go of the button on a dot to its picture beside the map, dots all over the map."""
    for index in numpy_stream(0, "clicks").permutation(USUAL)[:CLICKS].tolist():
        spot = page.evaluate(
            "(at) => { const { x, y } = genworld.map.plot.points[at]; return genworld.map.plot.spot([x, y]); }", index
        )
        seen = page.evaluate("() => window.benchClicks.length")
        page.mouse.click(*spot)
        page.wait_for_function("(seen) => window.benchClicks.length > seen", arg=seen)
    return tuple(each / 1000 for each in page.evaluate("() => window.benchClicks"))


def _updates(page: Any) -> int:
    return int(page.evaluate("() => genworld.latent.session.updates"))


def _kept(page: Any) -> int:
    return int(page.evaluate("() => genworld.state.kept.size"))


def _settle(page: Any) -> None:
    """Wait until every step is done."""
    page.evaluate("() => genworld.latent.session.steps")


def _move(page: Any, box: dict[str, float], share: float) -> None:
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def _middle(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
