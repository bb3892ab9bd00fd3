from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from workers import ENDED, PATIENCE, add, children, kill, runs, until, until_state, until_written, worker

from genworld.library import Library
from genworld.library.jobs import State
from genworld.worker import owner, running
from genworld.worker.abandoned import STANDSTILL, Abandoned
from genworld.worker.environ import ours
from genworld.worker.running import Running
from genworld.worker.trial import TASKS
from genworld.worker.work import Ask, Assignment, Ending, Outcome
from genworld.worker.worker import Worker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by signals here")


@pytest.fixture
def library() -> Iterator[Library]:
    with Library.open() as opened:
        yield opened


@pytest.fixture
def working(library: Library) -> Iterator[Worker]:
    """A worker in a thread of this process."""
    here = Worker(library.jobs, library.path, TASKS)
    thread = threading.Thread(target=here.run)
    thread.start()
    yield here
    here.retire()
    thread.join()


def test_one_after_the_other(library: Library, tmp_path: Path) -> None:
    jobs = [add(library, file=str(tmp_path / "lines")) for _ in range(3)]
    Worker(library.jobs, library.path, TASKS).run(drain=True)
    assert until_written(tmp_path / "lines", 3) == [str(job.id) for job in jobs]
    assert {library.jobs.get(job.id).state for job in jobs} == {State.SUCCEEDED}


def test_whatever_happens_to_a_child_the_others_go_on(library: Library) -> None:
    told = [
        (add(library, error="Nothing fits; bring more."), "Nothing fits; bring more."),
        (add(library, exit=-9), "killed, perhaps for lack of memory"),
        (add(library, exit=-6), "signal 6 (SIGABRT)"),
        (add(library, exit=3), "code 3"),
        (library.jobs.add(kind="trial", title="A trial", spec={"seconds": "long"}, model="trial"), "TypeError"),
        (library.jobs.add(kind="dream", title="A dream", spec={}, model="dream"), "'dream'"),
    ]
    last = add(library)
    Worker(library.jobs, library.path, TASKS).run(drain=True)
    for job, words in told:
        assert library.jobs.get(job.id).state is State.FAILED
        assert words in library.jobs.get(job.id).error
    assert library.jobs.get(last.id).state is State.SUCCEEDED


def test_the_sentence_about_a_killed_child_has_figures(library: Library, working: Worker, tmp_path: Path) -> None:
    others = set(children_of_this_process())  # pages of tests before may still run
    job = add(library, file=str(tmp_path / "lines"), seconds=60)
    until_written(tmp_path / "lines")
    until(lambda: set(children_of_this_process()) - others, "a child")
    threading.Event().wait(0.3)  # it is looked at ten times a second
    for pid in set(children_of_this_process()) - others:
        kill(pid)
    error = until_state(library, job, State.FAILED).error
    assert "GiB" in error


def children_of_this_process() -> list[int]:
    tasks = Path("/proc/self/task")
    return [int(pid) for each in tasks.glob("*/children") for pid in each.read_text().split()]


@pytest.mark.parametrize("deaf", [False, True])
def test_cancel_whether_the_child_hears_or_not(library: Library, working: Worker, tmp_path: Path, deaf: bool) -> None:
    job = add(library, file=str(tmp_path / "lines"), seconds=60, deaf=deaf)
    until_written(tmp_path / "lines")
    library.jobs.cancel(job.id)
    assert until_state(library, job, *ENDED).state is State.CANCELLED
    library.jobs.retry(job.id)
    assert until_written(tmp_path / "lines", 2)
    library.jobs.cancel(job.id)
    assert until_state(library, job, *ENDED).state is State.CANCELLED


def test_pause_and_resume(library: Library, working: Worker, tmp_path: Path) -> None:
    job = add(library, file=str(tmp_path / "lines"), seconds=1)
    until_written(tmp_path / "lines")
    library.jobs.pause(job.id)
    until_state(library, job, State.PAUSED)
    library.jobs.resume(job.id)
    assert until_state(library, job, *ENDED).state is State.SUCCEEDED
    assert len(until_written(tmp_path / "lines", 2)) == 2


def test_a_worker_that_retires_puts_its_job_back(library: Library, tmp_path: Path) -> None:
    job = add(library, file=str(tmp_path / "lines"), seconds=60)
    for ends in ("SIGTERM", "input"):
        with worker("--with-input") as process:
            until_state(library, job, State.RUNNING)
            until(lambda process=process: children(process.pid), "a child")
            child = children(process.pid)[0]
            if ends == "SIGTERM":
                process.send_signal(signal.SIGTERM)
            elif process.stdin:
                process.stdin.close()
            assert process.wait(30) == 0
        assert library.jobs.get(job.id).state is State.QUEUED
        assert not runs(child)


def test_a_killed_worker_takes_its_child_along_and_the_next_goes_on_at_once(library: Library, tmp_path: Path) -> None:
    job = add(library, file=str(tmp_path / "lines"), seconds=2, deaf=True)
    with worker() as first:
        until_written(tmp_path / "lines")
        child = children(first.pid)[0]
        kill(first.pid)
        first.wait()
        until(lambda: not runs(child), "the end of the child")
    assert library.jobs.get(job.id).state is State.RUNNING
    with worker("--drain") as second:
        assert second.wait(60) == 0
    assert library.jobs.get(job.id).state is State.SUCCEEDED
    assert len(until_written(tmp_path / "lines", 2)) == 2


def test_two_workers_do_each_job_once(library: Library, tmp_path: Path) -> None:
    jobs = [add(library, file=str(tmp_path / "lines")) for _ in range(40)]
    with worker("--drain") as one, worker("--drain") as other:
        assert one.wait(PATIENCE) == other.wait(PATIENCE) == 0
    assert Counter(until_written(tmp_path / "lines", 40)) == Counter(str(job.id) for job in jobs)
    assert {job.state for job in library.jobs.all()} == {State.SUCCEEDED}


def test_a_lease_that_stands_still_is_taken_back_and_its_worker_notices(library: Library) -> None:
    add(library)
    lease = library.jobs.claim("elsewhere 1 1")
    assert lease is not None
    now = 100.0
    watch = Abandoned(library.jobs, "me", lambda: now)
    assert watch.take_back() == 0
    for beats in (True, False):
        now += STANDSTILL - 1
        if beats:
            lease.beat()
        assert watch.take_back() == 0
    now += 1.5
    assert watch.take_back() == 1
    assert library.jobs.get(lease.job.id).state is State.QUEUED
    again = library.jobs.claim("me")
    assert again is not None
    from genworld.library.jobs import LeaseLostError

    with pytest.raises(LeaseLostError):
        lease.beat()


def test_owners_that_are_gone() -> None:
    me = owner.own()
    assert not owner.is_gone(me)
    assert not owner.is_gone("another-machine 1 1")
    place, pid, began = me.split(" ")
    assert owner.is_gone(f"{place} {pid} {int(began) + 1}")
    ended = subprocess.run([sys.executable, "-c", OWN], capture_output=True, text=True, check=True).stdout.strip()
    assert owner.is_gone(ended)


OWN = "from genworld.worker import owner; print(owner.own())"


def test_later_asks_weigh_more() -> None:
    assert Ask.CANCEL.outweighs(Ask.PAUSE)
    assert Ask.PAUSE.outweighs(Ask.FINISH)
    assert not Ask.FINISH.outweighs(Ask.CANCEL)
    assert not Ask.CANCEL.outweighs(Ask.CANCEL)
    assert Ending.from_line(Ending(Outcome.FAILED, "Ünfit").to_line()) == Ending(Outcome.FAILED, "Ünfit")


def test_no_secret_reaches_a_child(monkeypatch: pytest.MonkeyPatch, own_machine: Path) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    told = ours(threads=3)
    assert "secret" not in " ".join(told.values())
    assert told["OMP_NUM_THREADS"] == "3"
    assert told["GENWORLD_HOME"] == str(own_machine)


def test_a_worker_loads_no_torch() -> None:
    modules = "genworld.worker.__main__, genworld.worker.process, genworld.worker.queue, genworld.cli.jobs"
    code = f"import {modules}, sys; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_grace_leaves_time_to_tell() -> None:
    assert running.GRACE[Ask.CANCEL] < 2 < 10
    assert running.GRACE[Ask.RELEASE] < 10


def test_what_is_left_of_a_killed_child_is_not_waited_for(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE", {Ask.CANCEL: 0.0})
    spec = {"seconds": 60, "deaf": True}
    others = set(children_of_this_process())  # pages of tests before may still run
    child = Running(Assignment(TASKS["trial"], str(library.path), 1, "me", 1, spec, "trial", "A trial", ""))
    with monkeypatch.context() as slow:
        slow.setattr(Running, "kill", lambda _: None)  # the system takes its time
        child.ask(Ask.CANCEL)
        assert child.wait(0.01) == Ending(Outcome.CANCELLED)
    assert set(children_of_this_process()) - others
    child.close()
    assert not set(children_of_this_process()) - others
