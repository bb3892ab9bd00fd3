"""The Train tab, asked as its scripts ask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import drops
import pytest
from caller import Caller

from genworld import replay
from genworld.datasets import store
from genworld.errors import GenworldError
from genworld.library import Library, Report, State
from genworld.mode import Mode
from genworld.replay import Note
from genworld.ui import sets, trials
from genworld.ui.components.part import Part
from genworld.ui.components.sampler import Sampler
from genworld.ui.components.top_bar import TopBar
from genworld.ui.components.train import JobList, Train

KNOWN = {"state": "known", "seconds": 60.0, "bytes": 2**29, "fits": True}


class Trainer(Caller):
    def built(self, mode: Mode, library: Library) -> list[Part]:
        self.library = library
        return [Train(mode, library), JobList(mode, library), TopBar(mode), Sampler(mode)]

    def start(self, **order: Any) -> dict[str, Any]:
        job: dict[str, Any] = self.done("train_start", order=_order(**order))["job"]
        return job

    def jobs(self, **watch: Any) -> dict[str, Any]:
        return self.done("jobs", watch=watch or None)


@pytest.fixture
def balls(home: Path, tmp_path: Path) -> str:
    """Sprites that were kept before."""
    drops.sprites(tmp_path / "balls", 6)
    return f"data:{store.keep(tmp_path / 'balls', title='Balls').name}"


@pytest.fixture
def trainer(balls: str, monkeypatch: pytest.MonkeyPatch) -> Trainer:
    monkeypatch.setattr(trials, "told", lambda order: KNOWN)  # measuring takes a second
    trials._recent.clear()
    return Trainer()


def _order(**changes: Any) -> dict[str, Any]:
    return {"data": "data:balls", "preset": "quick", "family": "vae", "settings": {}, "title": "My balls", **changes}


def test_a_public_page_has_nothing_of_it(home: Path) -> None:
    for part in (Train, JobList):
        with pytest.raises(GenworldError, match="own machine"):
            part(Mode.PUBLIC, Library.open(mode=Mode.PUBLIC))


def test_own_data_stands_before_what_comes_with_genworld(trainer: Trainer) -> None:
    listed = trainer.done("train_data")["sets"]
    assert [one["own"] for one in listed] == [True] + [False] * (len(listed) - 1)
    assert listed[0] == {
        "name": "data:balls",
        "title": "Balls",
        "kind": "sprite",
        "amount": "6 sprites",
        "licence": "licence unknown",
        "own": True,
    }
    assert {one["licence"] for one in listed[1:]} == {"CC0-1.0"}


@pytest.mark.parametrize("name", ["data:balls", "builtin:islands"])
def test_a_set_is_looked_at(trainer: Trainer, name: str) -> None:
    told = trainer.done("train_preview", data=name)
    assert told["picture"]["picture"].startswith("data:image/png;base64,")
    assert told["picture"]["height"] <= sets.SHEET[0] + 4
    small = trainer.done("train_picture", data=name)["picture"]
    assert max(small["width"], small["height"]) <= sets.THUMB


def test_other_data_of_the_same_name_are_not_shown_as_those_before(trainer: Trainer, tmp_path: Path) -> None:
    before = trainer.done("train_preview", data="data:balls"), sets.about("data:balls")
    store.discard("balls")
    assert sets.about("data:balls")[0] == "balls"
    (tmp_path / "balls.txt").write_text("##..\n#..#\n....\n####\n" * 4)
    assert store.keep(tmp_path / "balls.txt", name="balls", title="A map").name == "balls"
    after = trainer.done("train_preview", data="data:balls"), sets.about("data:balls")
    assert [told["kind"] for told, _ in (before, after)] == ["sprite", "level"]
    assert after[1] == ("A map", "level")


WRONG = [
    float("nan"),
    None,
    True,
    [],
    {},
    3,
    "",
    "x" * 1_000_000,
    "/etc/passwd",
    "data:../../etc",
    "builtin:",
    "builtin:cave",
]


def test_a_path_is_no_set(trainer: Trainer) -> None:
    for name in WRONG:
        for asked in ("train_picture", "train_preview", "train_discard", "train_presets"):
            assert len(trainer.ask(asked, data=name)["error"]) < 600
        assert "error" in trainer.ask("train_start", order=_order(data=name))


def test_data_goes_to_the_trash_and_comes_back(trainer: Trainer) -> None:
    label = trainer.done("train_discard", data="data:balls")["label"]
    assert not [one for one in trainer.done("train_data")["sets"] if one["own"]]
    assert trainer.done("train_restore", label=label) == {"data": "data:balls"}
    assert "comes with genworld" in trainer.ask("train_discard", data="builtin:caves")["error"]
    assert "error" in trainer.ask("train_restore", label="../balls")


def test_each_preset_is_suggested_with_its_form(trainer: Trainer) -> None:
    told = trainer.done("train_presets", data="data:balls", family="vae")
    assert list(told["presets"]) == ["quick", "good", "best"]
    steps = [_value(told["presets"][one], "steps") for one in told["presets"]]
    assert steps == sorted(steps)
    assert told["kind"] == "sprite"
    assert {one["name"] for one in told["families"]} == {"vae", "gan", "flow"}
    assert told["why"].endswith(".")
    assert "Choose one of" in trainer.ask("train_presets", data="data:balls", family="sonnet")["error"]


def _value(preset: dict[str, Any], name: str) -> Any:
    return next(field["value"] for field in preset["fields"] if field["name"] == name)


def test_what_it_costs_is_told_once_it_is_measured(trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trainer.done("train_cost", order=_order()) == KNOWN

    def refused(order: Any) -> dict[str, Any]:
        raise GenworldError("This training needs about 900 GiB of memory, but 2 GiB are free.")

    monkeypatch.setattr(trials, "told", refused)
    large = _order(settings={"batch": 512})
    assert trainer.done("train_cost", order=large)["fits"] is False
    assert "900 GiB" in trainer.ask("train_start", order=large)["error"]
    assert trainer.jobs()["jobs"] == []


def test_an_order_becomes_a_job(trainer: Trainer, home: Path) -> None:
    job = trainer.start(settings={"steps": 7}, seed=5)
    assert (job["title"], job["state"], job["position"], job["data"]) == ("My balls", "queued", 1, "Balls")
    assert (job["preset"], job["family"], job["kind"], job["ready"]) == ("quick", "VAE", "sprite", None)
    spec = trainer.library.jobs.get(job["id"]).spec
    assert (spec["settings"]["steps"], spec["seed"], spec["data"]) == (7, 5, "data:balls")
    other = trainer.start()
    assert other["model"] != job["model"]
    assert [one["id"] for one in trainer.jobs()["jobs"]] == [other["id"], job["id"]]
    named = {one["name"] for one in trainer.done("models")["models"]}
    assert not named & {job["model"], other["model"]}, "what was never saved is no model, and not a damaged one"


MATRIX = [float("nan"), float("inf"), -1, 1e12, 10**400, "16", True, [], {"a": 1}, 17.3, "x" * 1_000_000, "\ud800"]


@pytest.mark.parametrize("name", ["preset", "family", "settings", "window", "hold_out", "seed", "device", "title"])
def test_what_cannot_be_ordered_is_refused(trainer: Trainer, name: str) -> None:
    fitting = {"title": ["16"], "hold_out": [17.3], "settings": [[]]}.get(name, [])
    for value in MATRIX:
        answer = trainer.ask("train_start", order=_order(**{name: value}))
        assert ("job" in answer) == (value in fitting), (str(value)[:20], answer)
        assert "genworld itself" not in answer.get("error", ""), str(value)[:20]
    assert len(trainer.jobs()["jobs"]) == len(fitting)


def test_jobs_are_turned(trainer: Trainer) -> None:
    job = trainer.start()["id"]

    def turned(name: str) -> str:
        state: str = trainer.done("turn_job", id=job, turn=name)["job"]["state"]
        return state

    assert [turned(one) for one in ("pause", "resume", "cancel", "retry", "cancel")] == [
        *("paused", "queued", "cancelled", "queued", "cancelled"),
    ]
    turned("delete")
    assert trainer.jobs()["jobs"] == []
    turned("restore")
    assert len(trainer.jobs()["jobs"]) == 1
    assert "error" in trainer.ask("turn_job", id=job, turn="finish"), "it does not run"


@pytest.mark.parametrize("asked", [{"turn": "add"}, {"turn": None}, {"id": float("nan")}, {"id": "1"}, {"id": 99}])
def test_only_known_turns_of_known_jobs(trainer: Trainer, asked: dict[str, Any]) -> None:
    job = trainer.start()["id"]
    assert "error" in trainer.ask("turn_job", **{"id": job, "turn": "cancel", **asked})
    assert trainer.jobs()["jobs"][0]["state"] == "queued"


@pytest.mark.parametrize("watch", [3, [], {"id": None}, {"id": 1, "step": float("nan")}, {"id": 1, "frame": "2"}])
def test_what_is_watched_is_checked(trainer: Trainer, watch: Any) -> None:
    assert "error" in trainer.ask("jobs", watch=watch)


def test_only_what_is_new_is_sent(trainer: Trainer) -> None:
    job = trainer.start()["id"]
    lease = trainer.library.jobs.claim("a worker")
    assert lease is not None
    frame = replay.pack(store.open("balls").examples[:2])

    def report(step: int, *notes: Note) -> None:
        metrics = [(step - 1, "loss", 2.0), (step, "loss", 1.0)]
        lease.report(Report(step, 100, "learning", "cpu", 50.0, 2.0 * step, metrics, [(step, frame)], notes))

    report(2, Note(1, "few", "Only six."))
    first = trainer.jobs(id=job, step=-1, frame=-1)
    told = first["jobs"][0]
    assert (told["state"], told["step"], told["total"], told["left"]) == ("running", 2, 100, 196.0)
    watched = first["watched"]
    assert watched["curves"] == {"loss": [[1, 2.0], [2, 1.0]]}
    assert [one["step"] for one in watched["frames"]] == [2]
    assert [tile["width"] for tile in watched["frames"][0]["tiles"]] == [16, 16]
    assert watched["notes"] == [{"step": 1, "kind": "few", "text": "Only six."}]

    report(4, Note(4, "near-copies", "One in five."))
    later = trainer.jobs(id=job, step=2, frame=2)["watched"]
    assert later["curves"] == {"loss": [[3, 2.0], [4, 1.0]]}
    assert [one["step"] for one in later["frames"]] == [4]
    assert [one["kind"] for one in later["notes"]] == ["few", "near-copies"]
    lease.forget_after(2)  # it goes on from an earlier step
    assert [one["kind"] for one in trainer.jobs(id=job, step=4, frame=4)["watched"]["notes"]] == ["few"]
    lease.end(State.FAILED, "The loss became nan at step 5.")
    assert trainer.jobs()["jobs"][0]["error"] == "The loss became nan at step 5."


def test_one_that_is_not_there_is_not_watched(trainer: Trainer) -> None:
    assert trainer.jobs(id=12)["watched"] is None


def test_frames_come_in_as_many_answers_as_they_take(trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genworld.ui.progress.PATIENCE_SECONDS", 0.0)
    job = trainer.start()["id"]
    lease = trainer.library.jobs.claim("a worker")
    assert lease is not None
    frame = replay.pack(store.open("balls").examples[:1])
    lease.report(Report(2, 9, "learning", "cpu", 1.0, 1.0, [], [(1, frame), (2, frame)]))
    first = trainer.jobs(id=job)["watched"]
    assert ([one["step"] for one in first["frames"]], first["more"]) == ([1], True)
    second = trainer.jobs(id=job, frame=1)["watched"]
    assert ([one["step"] for one in second["frames"]], second["more"]) == ([2], False)


def test_a_tile_is_of_the_checkpoint_that_was_seen(trainer: Trainer, learned_more: Callable[[], None]) -> None:
    wish = {"model": "tiny-blobs", "seed": 1, "condition": [], "variety": None, "start": 0, "count": 2}

    def entry() -> dict[str, Any]:
        return next(one for one in trainer.done("models")["models"] if one["name"] == "tiny-blobs")

    before = entry()
    seen = trainer.done("samples", **wish, digest=before["digest"])["tiles"]
    learned_more()
    after = entry()
    assert after["digest"] != before["digest"]
    assert after["earlier"] == [before["digest"]]
    assert trainer.done("samples", **wish, digest=before["digest"])["tiles"] == seen
    assert trainer.done("samples", **wish)["tiles"] != seen
    for wrong in ("0" * 64, "../manifest", 3, "x" * 1_000_000):
        assert "error" in trainer.ask("samples", **wish, digest=wrong)


@pytest.fixture
def learned_more(home: Path) -> Callable[[], None]:
    """Saves a newer checkpoint of the tiny sprites, as a training does on its way."""

    def save() -> None:
        import torch

        from genworld import checkpoint

        found = checkpoint.find("tiny-blobs")
        model = found.load()
        with torch.no_grad():
            for weight in model.parameters():
                weight.mul_(1.1)
        run = found.manifest.run.model_copy(update={"steps": 4})
        checkpoint.save(found.folder, model, run=run, title=found.title, keep=lambda digest: True)

    return save
