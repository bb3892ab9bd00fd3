from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from workers import add, children, kill, runs, until, until_state, until_written

from genworld import paths
from genworld.library import Library
from genworld.library.jobs import State
from genworld.worker import process
from genworld.worker.environ import command
from genworld.worker.process import Supervisor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by signals here")


@pytest.fixture
def library() -> Iterator[Library]:
    with Library.open() as opened:
        yield opened


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    here = Supervisor(command("genworld.worker.trial", "--with-input"))
    yield here
    here.close()


def test_a_worker_is_there_when_there_is_work(library: Library, supervisor: Supervisor, tmp_path: Path) -> None:
    assert supervisor.pid is None
    job = add(library, file=str(tmp_path / "lines"), seconds=1)
    supervisor.ensure()
    until_state(library, job, State.SUCCEEDED)
    pid = supervisor.pid
    assert pid is not None
    supervisor.close()
    assert not runs(pid)


def test_a_worker_that_dies_is_replaced(library: Library, supervisor: Supervisor, tmp_path: Path) -> None:
    job = add(library, file=str(tmp_path / "lines"), seconds=1)
    supervisor.ensure()
    until_written(tmp_path / "lines")
    first = supervisor.pid
    assert first is not None
    kill(first)
    assert until_state(library, job, State.SUCCEEDED).attempt == 2
    assert supervisor.pid != first


PAGE = """
import time
from genworld.worker.environ import command
from genworld.worker.process import Supervisor
here = Supervisor(command("genworld.worker.trial", "--with-input"))
while True:
    time.sleep(1)
"""


def test_a_worker_leaves_when_its_page_is_killed(library: Library, tmp_path: Path) -> None:
    job = add(library, file=str(tmp_path / "lines"), seconds=60)
    page = subprocess.Popen([sys.executable, "-c", PAGE], cwd=paths.CHECKOUT)
    until_written(tmp_path / "lines")
    (worker,) = children_anywhere(page.pid)
    (child,) = children(worker)
    kill(page.pid)
    page.wait()
    until(lambda: not runs(worker) and not runs(child), "worker and child to leave")
    assert library.jobs.get(job.id).state is State.QUEUED


def children_anywhere(pid: int) -> list[int]:
    """What any thread of a process started."""
    return [int(each) for task in Path(f"/proc/{pid}/task").glob("*/children") for each in task.read_text().split()]


def test_without_a_page_there_is_nothing_to_ensure() -> None:
    process.ensure()
    process.stop()
    assert process.start() is process.start()
    process.stop()
