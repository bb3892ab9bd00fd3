from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from workers import add, children, until, until_written, worker

from genworld import paths
from genworld.library import Library
from genworld.worker import priority
from genworld.worker.child import NICENESS

pytestmark = pytest.mark.skipif(not hasattr(os, "getsid"), reason="no sessions and priorities here")

LOWERS = """
import os, sys
from pathlib import Path
from genworld.worker import priority
priority.lower(7, Path(sys.argv[1]))
print(os.nice(0))
"""
REFUSED_ONCE = """
from pathlib import Path
real, refused = Path.write_text, iter([True])
def write(self, *given, **named):
    if next(refused, False):
        raise BlockingIOError
    return real(self, *given, **named)
Path.write_text = write
"""


def lowered(autogroup: Path, *, own_session: bool, before: str = "") -> int:
    """Niceness of a process that has lowered itself by 7."""
    command = [sys.executable, "-c", before + LOWERS, str(autogroup)]
    told = subprocess.run(
        command, cwd=paths.CHECKOUT, start_new_session=own_session, capture_output=True, text=True, check=True
    )
    return int(told.stdout)


def test_a_process_with_a_session_of_its_own_lowers_its_group_too(tmp_path: Path) -> None:
    group = tmp_path / "autogroup"
    group.touch()
    niceness = lowered(group, own_session=True)
    assert niceness == min(19, os.nice(0) + 7)
    assert group.read_text() == str(niceness)


def test_a_group_that_others_are_in_stays(tmp_path: Path) -> None:
    group = tmp_path / "autogroup"
    group.touch()
    assert lowered(group, own_session=False) == min(19, os.nice(0) + 7)
    assert group.read_text() == ""


def test_nothing_is_made_where_nothing_is_grouped(tmp_path: Path) -> None:
    lowered(tmp_path / "autogroup", own_session=True)
    assert not (tmp_path / "autogroup").exists()


def test_what_is_refused_is_no_fault(tmp_path: Path) -> None:
    assert lowered(tmp_path, own_session=True) == min(19, os.nice(0) + 7)  # a folder cannot be written to


def test_a_group_that_somebody_else_set_just_now_is_tried_again(tmp_path: Path) -> None:
    group = tmp_path / "autogroup"
    group.touch()
    niceness = lowered(group, own_session=True, before=REFUSED_ONCE)
    assert group.read_text() == str(niceness)


@pytest.mark.skipif(not priority.AUTOGROUP.exists(), reason="this kernel does not group by session")
def test_a_child_gives_way_to_other_sessions(tmp_path: Path) -> None:
    mine = priority.AUTOGROUP.read_text()
    with Library.open() as library, worker() as process:
        add(library, file=str(tmp_path / "lines"), seconds=60)
        until_written(tmp_path / "lines")
        (child,) = children(process.pid)
        until(lambda: _group(child).endswith(f"nice {min(19, os.nice(0) + NICENESS)}"), "the child to give way")
        assert _group(process.pid).endswith("nice 0")
    assert priority.AUTOGROUP.read_text() == mine


def _group(pid: int) -> str:
    return Path(f"/proc/{pid}/autogroup").read_text().strip()
