"""UMAPs in the background: a process each, shared, kept, ended when nobody wants them."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from linear import loaded

from genworld.errors import GenworldError
from genworld.latent import umap_run, umaps
from genworld.latent.survey import Survey, Wanted
from genworld.latent.umaps import State
from genworld.limits import LIMITS
from genworld.mode import Mode
from genworld.sampling import LoadedModel
from genworld.seeding import numpy_stream

STAND_IN = """
import sys, time
from pathlib import Path
import numpy as np
folder, wait = Path(sys.argv[-1]), float(sys.argv[1])
print("starting", flush=True)
print("3 9", flush=True)
time.sleep(wait)
np.save(folder / "xy.npy", np.load(folder / "features.npy")[:, :2])
print("9 9", flush=True)
"""


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    return Survey(loaded(tmp_path / "linear"))


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    for run in list(umaps._runs.values()):
        run.cancel()
        run.wait(10)
    umaps._runs.clear()
    umaps._held.clear()


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """In place of umap, a process that is quick where it is told to be."""
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN, encoding="utf-8")
    monkeypatch.setattr(umaps, "RUNNER", (str(script), "0"))
    return monkeypatch


def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(umaps, "RUNNER", (umaps.RUNNER[0], "60"))


def _wait_for(run: umaps.UmapRun, step: int) -> None:
    tick = threading.Event()
    for _ in range(200):
        if run.step >= step:
            return
        tick.wait(0.05)
    raise AssertionError(f"still {run.words}")


def _running(runs: Sequence[umaps.UmapRun]) -> umaps.UmapRun:
    """The one whose turn it is; on a busy machine its thread may not have begun yet."""
    tick = threading.Event()
    for _ in range(200):
        for run in runs:
            if run.state is State.RUNNING:
                return run
        tick.wait(0.05)
    raise AssertionError(f"none runs of {[run.state for run in runs]}")


def test_the_real_one_places_the_same_samples_the_same(tmp_path: Path) -> None:
    groups = numpy_stream(0, "groups").normal(size=(60, 8)) + np.repeat([[0], [40]], 30, axis=0)
    outputs = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        np.save(folder / umap_run.FEATURES, groups.astype(np.float32))
        (folder / umap_run.SETTINGS).write_text(json.dumps({"seed": 0, "neighbours": 15, "spread": 0.1}))
        out = io.StringIO()
        outputs.append(umap_run.places(groups.astype(np.float32), {"seed": 0, "neighbours": 15, "spread": 0.1}, out))
        lines = [line.split() for line in out.getvalue().splitlines()]
        assert lines[-1][0] == lines[-1][1], "the last epoch is told"
    np.testing.assert_array_equal(*outputs)
    apart = np.linalg.norm(outputs[0][:30].mean(0) - outputs[0][30:].mean(0))
    assert apart > outputs[0][:30].std(0).max(), "what differs lies apart"


def test_a_run_tells_how_far_it_is_and_gives_places(survey: Survey, stand_in: pytest.MonkeyPatch) -> None:
    token, run = umaps.begin(survey, 40)
    assert umaps.by_token(token) is run
    assert run.wait(30)
    assert (run.state, run.step, run.total) == (State.SUCCEEDED, 9, 9)
    assert run.xy is not None
    np.testing.assert_array_equal(run.xy, survey.codes[:40, :2])


def test_what_was_made_once_is_kept(survey: Survey, stand_in: pytest.MonkeyPatch) -> None:
    _, run = umaps.begin(survey, 40)
    assert run.wait(30)
    umaps._runs.clear()
    stand_in.setattr(umaps, "RUNNER", ("no such file",))
    _, again = umaps.begin(survey, 40)
    assert again.state is State.SUCCEEDED
    np.testing.assert_array_equal(again.xy, run.xy)
    other = Survey(survey.loaded, Wanted(seed=1))
    assert umaps.known(other, 40) is None
    assert umaps.known(survey, 41) is None
    assert umaps.known(survey, 40, umaps.Settings(neighbours=30)) is None


def test_the_last_who_leaves_ends_it(survey: Survey, stand_in: pytest.MonkeyPatch) -> None:
    _slow(stand_in)
    first, run = umaps.begin(survey, 40)
    second, same = umaps.begin(survey, 40)
    assert same is run
    assert first != second
    _wait_for(run, 3)
    assert run.words == "epoch 3 of 9"
    umaps.leave(first)
    umaps.leave(first)
    umaps.leave("somebody else's guess")
    assert run.state is State.RUNNING, "the other one still waits"
    umaps.leave(second)
    assert run.wait(5)
    assert run.state is State.CANCELLED
    assert run._process is not None
    assert run._process.wait(5) != 0


def test_one_that_nobody_asks_for_ends(survey: Survey, stand_in: pytest.MonkeyPatch) -> None:
    _slow(stand_in)
    stand_in.setattr(umaps, "LOOK", 0.05)
    stand_in.setattr(umaps, "FORGOTTEN", 0.6)
    token, run = umaps.begin(survey, 40)
    for _ in range(12):
        assert not run.wait(0.1), "somebody asks"
        assert umaps.by_token(token) is run
    assert run.wait(5), "the page was closed"
    assert run.state is State.CANCELLED
    _, again = umaps.begin(survey, 40)
    assert again is not run


def test_a_cancelled_one_can_be_begun_again(survey: Survey, stand_in: pytest.MonkeyPatch) -> None:
    _slow(stand_in)
    token, run = umaps.begin(survey, 40)
    umaps.leave(token)
    stand_in.setattr(umaps, "RUNNER", (umaps.RUNNER[0], "0"))
    _, again = umaps.begin(survey, 40)
    assert again is not run
    assert again.wait(30)
    assert again.state is State.SUCCEEDED


def test_on_a_public_page_they_take_turns(survey: Survey, stand_in: pytest.MonkeyPatch) -> None:
    _slow(stand_in)
    tokens = [umaps.begin(survey, count, mode=Mode.PUBLIC)[0] for count in range(40, 41 + 3)]
    runs = [umaps.by_token(token) for token in tokens]
    known = [run for run in runs if run is not None]
    _wait_for(_running(known), 3)
    assert len(umaps._active) == 1
    assert [run.state for run in known].count(State.QUEUED) <= LIMITS[Mode.PUBLIC].pending_jobs
    with pytest.raises(GenworldError, match="wait to be made already"):
        umaps.begin(survey, 90, mode=Mode.PUBLIC)


def test_one_that_fails_says_so(survey: Survey, stand_in: pytest.MonkeyPatch) -> None:
    stand_in.setattr(umaps, "RUNNER", ("-c", "raise SystemExit(3)"))
    _, run = umaps.begin(survey, 40)
    assert run.wait(30)
    assert run.state is State.FAILED
    assert "take PCA" in run.words


def test_a_model_without_latents_is_refused(chain: LoadedModel) -> None:
    with pytest.raises(GenworldError, match="latent"):
        umaps.begin(Survey(chain), 40)


def test_lines_of_a_bar_become_steps() -> None:
    out = io.StringIO()
    lines = umap_run.EpochLines(out)
    assert lines.write("\r12/500") == 7
    lines.write("\n")
    lines.write("\rEpochs completed:  8%| 40/500 [00:01]")
    lines.flush()
    assert out.getvalue() == "12 500\n40 500\n"
