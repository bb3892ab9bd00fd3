"""UMAPs in the background: one process for each, a few at once, shared by all who want the same one, and kept.

Whoever begins one gets a token; only who holds it can let go of it, and the process ends when nobody holds on, or when
nobody has asked how far it is for a while: a page that was closed says nothing.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import numpy as np

from genworld import paths
from genworld.errors import GenworldError
from genworld.latent import kept, umap_run
from genworld.latent.latent_map import features_of
from genworld.latent.map import Places
from genworld.latent.survey import Survey
from genworld.limits import LIMITS
from genworld.mode import Mode
from genworld.sampling import latent_model

AT_ONCE = {Mode.LOCAL: 2, Mode.PUBLIC: 1}
LONGEST = 1200.0
"""Seconds that one may take."""
FORGOTTEN = 75.0
"""Seconds that nobody asks for it, after which a run ends. A page in the background is let ask once a minute only."""
LOOK = 1.0
"""Seconds between two looks at the clock."""
REMEMBERED = 32
"""Runs that can be asked for."""
HELD = 1_000
"""Tokens."""
ARRAY = "xy"
RUNNER = ("-m", umap_run.__name__)
"""What the process runs."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class Settings:
    """How samples are placed.

    Args:
        seed: of the first places and of the epochs.
        neighbours: samples that are held together with each.
        spread: least distance of two places; larger is looser.
    """

    seed: int = 0
    neighbours: int = 15
    spread: float = 0.1


PLAIN = Settings()


class State(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})


def key_of(survey: Survey, count: int, settings: Settings = PLAIN) -> str:
    """The name under which a map of these samples and settings is kept with its checkpoint."""
    told = json.dumps([asdict(survey.wanted), count, asdict(settings)], sort_keys=True)
    return f"umap-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def known(survey: Survey, count: int, settings: Settings = PLAIN) -> Places | None:
    """(count, 2) places that were found before; None where they were not."""
    found = (kept.get(survey.loaded.checkpoint, key_of(survey, count, settings)) or {}).get(ARRAY)
    fits = found is not None and found.shape == (count, 2) and bool(np.isfinite(found).all())
    return found.astype(np.float32) if fits and found is not None else None


class UmapRun:
    """One map on its way. Any thread may ask how far it is.

    Args:
        survey: whose samples are placed.
        count: how many.
        settings: how.
        most: runs at once.
    """

    def __init__(self, survey: Survey, count: int, settings: Settings, *, most: int) -> None:
        self.survey, self.count, self.settings = survey, count, settings
        self.key = key_of(survey, count, settings)
        self.state, self.step, self.total, self.error = State.QUEUED, 0, 0, ""
        self.xy: Places | None = known(survey, count, settings)
        self.asked = time.monotonic()
        self._most = most
        self._process: subprocess.Popen[str] | None = None
        self._over = threading.Event()
        if self.xy is not None:
            self._end(State.SUCCEEDED)

    @property
    def words(self) -> str:
        """How far it is, for a person."""
        if self.state is State.RUNNING:
            return f"epoch {self.step} of {self.total}" if self.total else umap_run.STARTING
        if self.state is State.FAILED:
            return self.error or "failed"
        return "waiting for its turn" if self.state is State.QUEUED else self.state.value

    def start(self) -> None:
        """Begin, as soon as it is its turn."""
        threading.Thread(target=self._run, name="umap", daemon=True).start()
        threading.Thread(target=self._watch, name="umap watch", daemon=True).start()

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it is over, after at most `timeout` seconds."""
        return self._over.wait(timeout)

    def cancel(self) -> None:
        """End it at once, for everybody; see `leave`."""
        with _turn:
            if self.state in OVER:
                return
            self._end(State.CANCELLED)
            _kill(self._process)
            _turn.notify_all()

    def _run(self) -> None:
        with _turn:
            _turn.wait_for(lambda: self.state is not State.QUEUED or _running() < self._most)
            if self.state is not State.QUEUED:
                return
            self.state = State.RUNNING
            _active.append(self)
        try:
            self.xy = self._placed()
            kept.put(self.survey.loaded.checkpoint, self.key, {ARRAY: self.xy})
        except GenworldError as error:
            self.error = error.sentence
        finally:
            with _turn:
                _active.remove(self)
                if self.state is not State.CANCELLED:
                    self._end(State.FAILED if self.xy is None else State.SUCCEEDED)
                _turn.notify_all()

    def _watch(self) -> None:
        while not self._over.wait(LOOK):
            if time.monotonic() - self.asked > FORGOTTEN:
                self.cancel()

    def _end(self, state: State) -> None:
        self.state = state
        self._over.set()

    def _placed(self) -> Places:
        with tempfile.TemporaryDirectory(prefix="genworld-umap-") as name:
            folder = Path(name)
            np.save(folder / umap_run.FEATURES, features_of(self.survey, self.count))
            (folder / umap_run.SETTINGS).write_text(json.dumps(asdict(self.settings)), encoding="utf-8")
            self._follow(folder)
            try:
                found: Places = np.load(folder / umap_run.PLACES, allow_pickle=False)
            except (OSError, ValueError) as error:
                raise GenworldError("The map could not be made on this machine; take PCA or measured axes.") from error
        if found.shape != (self.count, 2) or not np.isfinite(found).all():
            raise GenworldError("The map came out without places for all samples; take PCA or measured axes.")
        return found

    def _follow(self, folder: Path) -> None:
        """Run the process to its end, and read how far it is."""
        command = [sys.executable, *RUNNER, str(folder)]
        environ = {**os.environ, "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
        with subprocess.Popen(  # noqa: S603  our own module, no shell
            command, cwd=paths.CHECKOUT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            self._process = process
            clock = threading.Timer(LONGEST, process.kill)
            clock.daemon = True
            clock.start()
            if self.state is not State.RUNNING:  # cancelled in between
                process.kill()
            for line in process.stdout or ():
                self._hear(line)
            clock.cancel()

    def _hear(self, line: str) -> None:
        numbers = line.split()
        if len(numbers) == 2 and all(number.isdecimal() for number in numbers):
            self.step, self.total = int(numbers[0]), int(numbers[1])


_turn = threading.Condition(threading.RLock())
_active: list[UmapRun] = []
_runs: OrderedDict[tuple[str, str], UmapRun] = OrderedDict()
_held: OrderedDict[str, UmapRun] = OrderedDict()


def begin(survey: Survey, count: int, settings: Settings = PLAIN, *, mode: Mode = Mode.LOCAL) -> tuple[str, UmapRun]:
    """A token, and the run: a new one, or the one on its way that somebody else began, or one that is over at once.

    Raises:
        GenworldError: too many wait already, or the model has no latent space.
    """
    latent_model(survey.loaded)
    at = (survey.loaded.checkpoint.digest, key_of(survey, count, settings))
    with _turn:
        run = _runs.get(at)
        if run is None or run.state in (State.FAILED, State.CANCELLED):
            run = UmapRun(survey, count, settings, most=AT_ONCE[mode])
            if run.state is State.QUEUED:
                _require_room(mode)
                run.start()
            _remember(_runs, at, run, REMEMBERED)
        run.asked = time.monotonic()
        token = secrets.token_urlsafe(16)
        _remember(_held, token, run, HELD)
        return token, run


def by_token(token: str) -> UmapRun | None:
    """The run that somebody holds; None for a token that was let go of or never was."""
    run = _held.get(token)
    if run is not None:
        run.asked = time.monotonic()
    return run


def leave(token: str) -> None:
    """Its holder does not want it any more; it ends when nobody does."""
    with _turn:
        run = _held.pop(token, None)
        if run is not None and run not in _held.values():
            run.cancel()


def _require_room(mode: Mode) -> None:
    # Those whose turn has come and who have not noticed yet do not wait.
    waiting = sum(run.state is State.QUEUED for run in _runs.values()) - max(0, AT_ONCE[mode] - _running())
    if waiting >= LIMITS[mode].pending_jobs:
        raise GenworldError(
            f"{waiting} maps wait to be made already; try again in a minute, or take PCA, which is there at once."
        )


def _remember(table: OrderedDict[Key, UmapRun], key: Key, run: UmapRun, most: int) -> None:
    """Put it last; of those that are over, the oldest go. Few are on their way, for few may wait."""
    table[key] = run
    table.move_to_end(key)
    over = [key for key, each in table.items() if each.state in OVER]
    for old in over[: max(0, len(table) - most)]:
        del table[old]
    while len(table) > 2 * most:
        table.popitem(last=False)


def _running() -> int:
    return len(_active)


def _kill(process: subprocess.Popen[str] | None) -> None:
    if process is not None and process.poll() is None:
        process.kill()


@atexit.register
def _stop() -> None:
    """No process outlives the one that began it."""
    for run in list(_active):
        _kill(run._process)
