"""``genworld jobs`` and ``genworld worker``: what the Train tab shows and does, as a command."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from genworld.cli import main
from genworld.library import Library
from genworld.library.jobs import Job, Report, State
from genworld.replay import Note

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """What a command says; it must go well."""

    def say(*words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(words)
        told = capsys.readouterr()
        assert ended.value.code == 0, told.err
        return told.out

    return say


def added(title: str) -> Job:
    with Library.open() as library:
        return library.jobs.add(
            kind="train", title=title, spec={"data": "builtin:dungeon", "family": "vae"}, model=title.lower()
        )


def test_an_empty_queue_says_how_to_fill_it(run: Run) -> None:
    assert "genworld train DATASET --background" in run("jobs")
    before = signal.getsignal(signal.SIGINT)
    assert run("worker", "--drain") == ""
    assert signal.getsignal(signal.SIGINT) is before


def test_a_list_with_places_in_the_queue(run: Run) -> None:
    added("Elves")
    added("Orcs")
    for words in (("jobs",), ("jobs", "list")):
        rows = run(*words).splitlines()
        assert rows[0].split() == ["job", "title", "model", "state", "progress"]
        assert rows[1].split() == ["2", "Orcs", "orcs", "queued,", "number", "2", "-"]


def test_everything_about_one(run: Run) -> None:
    job = added("Elves")
    with Library.open() as library:
        lease = library.jobs.claim("here 1 1")
        assert lease is not None
        lease.report(
            Report(
                step=3,
                total=9,
                phase="learning",
                device="cpu",
                rate=12.0,
                seconds=65.0,
                metrics=[(3, "loss", 0.5)],
                notes=[Note(3, "few", "There are few examples.")],
            )
        )
        lease.end(State.FAILED, "The disk is full.")
    told = run("jobs", "show", str(job.id))
    for words in (
        "failed",
        "step 3 of 9",
        "cpu",
        "1 min 5 s",
        "loss 0.5",
        "There are few examples.",
        "The disk is full.",
    ):
        assert words in told


def test_every_turn(run: Run) -> None:
    job = added("Elves")
    for verb, state in (
        ("pause", "paused"),
        ("resume", "queued"),
        ("cancel", "cancelled"),
        ("retry", "queued"),
        ("delete", "off the list"),
        ("restore", "queued"),
    ):
        assert state in run("jobs", verb, str(job.id))


def test_a_turn_that_cannot_be_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    added("Elves")
    for words in (("jobs", "resume", "1"), ("jobs", "finish", "1"), ("jobs", "show", "7")):
        with pytest.raises(SystemExit) as ended:
            main(words)
        told = capsys.readouterr()
        assert (ended.value.code, told.out, told.err.count("\n")) == (2, "", 1)
