"""Several processes at one queue: each job is done once, and a kill at any moment leaves the queue whole."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from genworld.library import Library, State

WORKER = """
import sys
from pathlib import Path
from genworld.library import LeaseLostError, Library, Report, State
from genworld.replay import Note

library = Library.open(Path(sys.argv[1]))
jobs = library.jobs
while (lease := jobs.claim(sys.argv[2])) is not None:
    print("begun", lease.job.id, flush=True)
    for step in range(1, 4):
        lease.beat()
        lease.report(Report(step, 3, "learning", "cpu", 1, 1, [(step, "loss", 1 / step)], [(step, b"x")]))
    lease.end(State.SUCCEEDED)
    print("done", lease.job.id, flush=True)
assert "torch" not in sys.modules
"""


def worker(path: Path, owner: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WORKER, str(path), owner], stdout=subprocess.PIPE, text=True)


def queue(path: Path, count: int) -> set[int]:
    with Library.open(path) as library:
        return {library.jobs.add(kind="train", title=f"{k}", spec={}, model=f"m{k}").id for k in range(count)}


def test_each_job_is_done_once(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    wanted = queue(path, 60)
    processes = [worker(path, owner) for owner in ("one", "two", "three")]
    outs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    begun = Counter(line for out in outs for line in out.splitlines())
    assert begun == Counter(f"{word} {job}" for job in wanted for word in ("begun", "done"))
    with Library.open(path) as library:
        assert {job.id for job in library.jobs.all() if job.state is State.SUCCEEDED and job.attempt == 1} == wanted


def test_a_kill_at_any_moment_leaves_the_queue_whole(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    wanted = queue(path, 40)
    chance = random.Random(3)
    done: list[str] = []
    for round_ in range(6):
        process = worker(path, f"worker {round_}")
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(chance.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
        process.wait()
        done += [line.split()[1] for line in lines if line.startswith("done") and line.endswith("\n")]
        with Library.open(path) as library:
            assert library.notice is None
            held = library.jobs.held()
            assert len(held) <= 1
            for each in held:
                assert library.jobs.take_back(each)
                assert library.jobs.get(each.id).position == 1
    last = worker(path, "last")
    done += [line.split()[1] for line in last.communicate(timeout=120)[0].splitlines() if line.startswith("done")]
    assert len(done) == len(set(done))
    with Library.open(path) as library:
        assert {job.id for job in library.jobs.all() if job.state is State.SUCCEEDED} == wanted
        for job in library.jobs.all():
            assert [step for step, _ in library.jobs.series(job.id)["loss"]] == [1, 2, 3]
            assert [step for step, _ in library.jobs.frames(job.id)] == [1, 2, 3]
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
