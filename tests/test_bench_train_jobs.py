"""What the bench of background training tells is true; how fast is not a test's business."""

from __future__ import annotations

from pathlib import Path

import pytest

from genworld import checkpoint
from genworld.bench import train_jobs
from genworld.bench.scratch import own_home
from genworld.errors import GenworldError
from genworld.library import Library
from genworld.library.jobs import State
from genworld.paths import home, shipped


def test_each_job_of_two_workers_is_counted() -> None:
    (row,) = train_jobs.sharing(6)
    assert (row.good, row.tried) == (6, 6)


def test_a_bench_has_a_home_of_its_own(own_machine: Path) -> None:
    with own_home() as folder:
        assert home() == folder.resolve() != own_machine
    assert home() == own_machine.resolve()
    assert not folder.exists()


def test_a_damaged_checkpoint_is_not_whole(tmp_path: Path) -> None:
    assert train_jobs.is_whole(tmp_path)
    bundled = shipped("checkpoints") / "dungeon-markov"
    (tmp_path / checkpoint.MANIFEST).write_bytes((bundled / checkpoint.MANIFEST).read_bytes())
    assert not train_jobs.is_whole(tmp_path)


def test_a_job_that_fails_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_jobs, "PATIENCE", 0.1)
    with Library.open() as library:
        job = library.jobs.add(kind="trial", title="A trial", spec={}, model="trial")
        with pytest.raises(GenworldError, match="queued"):
            train_jobs.until(library, job, lambda job: job.state is State.RUNNING)
