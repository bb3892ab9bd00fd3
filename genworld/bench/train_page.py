"""Training as a person at the page has it: from a drop to the first samples, and whether the page stays quick meanwhile."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from genworld.bench.explore_page import BROWSERS, PATIENCE_MS, PLAIN, WINDOW, WITHOUT_BROWSER
from genworld.bench.explore_served import MODELS, fitted, step, swing
from genworld.bench.start import page as started
from genworld.bench.timing import Timing
from genworld.bench.train_sprites import archive
from genworld.bench.visitor import Visitor
from genworld.errors import GenworldError

SPRITES = 200
RUNS = 3
AIM = 60.0
"""Seconds from the drop to samples."""
LEARNING_MS = 600_000
TILE = "#sample-grid .gw-tile.gw-filled img"
DROP = """async ([name, raw]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(atob(raw), (char) => char.charCodeAt(0))], name));
  const send = (kind) => document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  send("dragover");
  await new Promise(requestAnimationFrame);
  send("drop");
}"""
CANCEL = "() => genworld.state.jobs.forEach((job) => genworld.jobs.turn(job, 'cancel'))"
ENDED = "() => genworld.state.jobs.every(genworld.hasEnded)"

ASKED = 60
"""Answers of each kind: before a job and after it, half each, and as many while it learns."""
FIRST = 4
"""Samples that the Sample tab asks for first."""
POLL = 1.0
"""Seconds between two looks at the jobs, as the page takes them."""
SLOWER = 1.5
PATIENCE = 300.0
JOB = {"data": "builtin:dungeon", "preset": "good"}
"""A job that learns for longer than anything is asked."""

Ask = Callable[[int], object]


@dataclass(frozen=True)
class Slowdown:
    """How much longer answers take while something else is at work.

    Args:
        what: was asked.
        quiet, busy: seconds of each answer, without and with it.
        most: ratio of the medians that should not be exceeded.
    """

    what: str
    quiet: tuple[float, ...]
    busy: tuple[float, ...]
    most: float

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return median(self.busy) / median(self.quiet)

    @property
    def held(self) -> bool:
        """Whether the ratio is small enough."""
        return self.ratio <= self.most

    def __str__(self) -> str:
        """
        >>> str(Slowdown("an answer", (0.02, 0.02), (0.03, 0.01), 1.5))
        'an answer: median 20.0 ms quiet, 20.0 ms while a model learns, ratio 1.00 of 2 (aim: at most 1.5)'
        """
        quiet, busy = 1000 * median(self.quiet), 1000 * median(self.busy)
        return (
            f"{self.what}: median {quiet:.1f} ms quiet, {busy:.1f} ms while a model learns, ratio {self.ratio:.2f} of "
            f"{len(self.busy)} (aim: at most {self.most:g})"
        )


def run() -> Iterator[object]:
    """A drop that becomes samples, and how long the page takes to answer while a model learns."""
    yield from dropping()
    yield from answering()


# -- from the drop to samples


def dropping() -> Iterator[object]:
    """Sprites dropped, kept, trained from with the quick preset; each time in a new page, in a real browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield WITHOUT_BROWSER
        return
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        yield WITHOUT_BROWSER
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(PLAIN))
        seconds = [_dropped(browser) for _ in range(RUNS)]
        browser.close()
    what = f"in the page, from dropping {SPRITES} sprites to the first samples of a quick model in the Train tab"
    yield Timing(what, tuple(film for film, _ in seconds), AIM)
    yield Timing("and to samples of its first checkpoint in the Sample tab", tuple(tab for _, tab in seconds), AIM)


def _dropped(browser: Any) -> tuple[float, float]:
    """Seconds until samples are in the film, and in the Sample tab."""
    with own_page() as address:
        page = browser.new_context(viewport=WINDOW).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        page.locator(TILE).first.wait_for()  # a person has seen the first screen
        file = base64.b64encode(archive(SPRITES)).decode()
        began = time.perf_counter()
        page.evaluate(DROP, ["sprites.zip", file])
        _train(page)
        page.locator("#train-samples img[src]").first.wait_for(timeout=LEARNING_MS)
        film = time.perf_counter() - began
        _open_in_sample(page)
        tab = time.perf_counter() - began
        page.evaluate(CANCEL)
        page.wait_for_function(ENDED)
        page.context.close()
        return film, tab


def _train(page: Any) -> None:
    """What a person does after a drop: train a deeper model, quick, start."""
    page.locator("#intake-train").click()
    page.locator("#train-preset-quick").click()
    page.locator("#train-start:enabled").click()


def _open_in_sample(page: Any) -> None:
    """The first checkpoint in the Sample tab, as soon as there is one."""
    title = page.locator("#train-jobs .gw-job[aria-selected=true]").get_attribute("data-model")
    page.locator("#train-open").click(timeout=LEARNING_MS)
    page.wait_for_function("(name) => genworld.state.model?.name === name", arg=title)
    page.wait_for_function(
        "() => genworld.sampler.grid.tiles.some((tile) => tile?.wish.model === genworld.state.model.name)"
    )


@contextmanager
def own_page() -> Iterator[str]:
    """The address of a page with an empty data folder."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        started({**os.environ, "GENWORLD_HOME": home}) as address,
    ):
        yield address


# -- answers meanwhile


def answering() -> Iterator[Slowdown]:
    """The request of the Sample tab and a slider's move in the Latent tab, quiet and while a model learns."""
    with own_page() as address:
        visitor = Visitor(address)
        asks = {what: ask for model in MODELS for what, ask in asked_for(visitor, model).items()}
        quiet = _measured(asks, 0, ASKED // 2)
        with _learning(address):
            busy = _measured(asks, ASKED // 2, ASKED)
        quiet = {what: quiet[what] + seconds for what, seconds in _measured(asks, 2 * ASKED, ASKED // 2).items()}
    for what in asks:
        yield Slowdown(what, quiet[what], busy[what], SLOWER)


def asked_for(visitor: Visitor, model: str) -> dict[str, Ask]:
    """What is asked of a model, each the how-many-eth time; the first answers are not measured: they load the model."""
    tile = visitor.ask("latent", "entered", model=model, seed=1)["tile"]
    names = [each["id"] for each in fitted(visitor, tile)]

    def samples(number: int) -> object:
        wish = {"model": model, "seed": number, "condition": [], "variety": None}
        return visitor.ask("sampler", "samples", **wish, start=0, count=FIRST)

    def slide(number: int) -> object:
        return visitor.ask("latent", "live", **step(tile, names[number % len(names)], swing(number)))

    for ask in (samples, slide):
        ask(ASKED * 10)
    return {f"{model}, the first {FIRST} samples": samples, f"{model}, a slider's move": slide}


def _measured(asks: dict[str, Ask], start: int, count: int) -> dict[str, tuple[float, ...]]:
    """Seconds of each answer, all kinds by turns."""
    seconds: dict[str, list[float]] = {what: [] for what in asks}
    for number in range(start, start + count):
        for what, ask in asks.items():
            began = time.perf_counter()
            ask(number)
            seconds[what].append(time.perf_counter() - began)
    return {what: tuple(each) for what, each in seconds.items()}


@contextmanager
def _learning(address: str) -> Iterator[None]:
    """Within it a model learns, and somebody watches it in the Train tab."""
    visitor = Visitor(address)
    job = visitor.ask("train", "train_start", order=JOB)["job"]["id"]
    _until(visitor, job, lambda told: told["step"] > 0)
    left = threading.Event()
    watching = threading.Thread(target=_watch, args=(visitor, job, left))
    watching.start()
    try:
        yield
    finally:
        left.set()
        watching.join()
    if (state := _state(visitor, job)["state"]) != "running":
        raise GenworldError(f"The job that was to learn all the time is {state}; the figures say nothing.")
    visitor.ask("jobs-part", "turn_job", id=job, turn="cancel")
    _until(visitor, job, lambda told: told["state"] == "cancelled")


def _watch(visitor: Visitor, job: int, left: threading.Event) -> None:
    """What the page asks while a job is looked at."""
    known = {"id": job, "step": -1, "frame": -1, "notes": 0}
    while not left.wait(POLL):
        new = visitor.ask("jobs-part", "jobs", watch=known)["watched"]
        known["step"] = max([known["step"], *(points[-1][0] for points in new["curves"].values() if points)])
        known["frame"] = max([known["frame"], *(frame["step"] for frame in new["frames"])])
        known["notes"] += len(new["notes"])


def _until(visitor: Visitor, job: int, true: Callable[[dict[str, Any]], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true(told := _state(visitor, job)):
        if told["error"] or time.monotonic() > end:
            raise GenworldError(f"A job to be watched is {told['state']} ({told['error']}).")
        time.sleep(POLL / 5)


def _state(visitor: Visitor, job: int) -> dict[str, Any]:
    jobs: list[dict[str, Any]] = visitor.ask("jobs-part", "jobs", watch=None)["jobs"]
    return next(each for each in jobs if each["id"] == job)
