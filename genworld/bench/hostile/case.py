"""A hostile file, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from genworld.datasets import open_dataset, recognise
from genworld.datasets.understood import understood
from genworld.errors import GenworldError
from genworld.limits import MIB

READ = "read"
LONGEST_SENTENCE = 2_100


@dataclass(frozen=True)
class Case:
    """Files that somebody brings.

    Args:
        name: for the report.
        files: bytes by path inside an upload.
        opened: the file that is opened; the whole folder when empty.
        read: what reads them in place of the readers of data sets.
    """

    name: str
    files: Mapping[str, bytes]
    opened: str = ""
    read: Callable[[Path], object] | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a case.

    Args:
        name: of the case.
        said: the sentence for the person, or `READ`.
        fault: what must not happen, or "".
        seconds: of processor time until then, so that a busy machine does not count.
        grown: MiB by which the memory of this process grew at most; 0 where the system does not tell.
    """

    name: str
    said: str
    fault: str
    seconds: float
    grown: float


def judge(case: Case, folder: Path) -> Outcome:
    """Lays the files of a case into a new folder and brings them: they must be read, or refused in one sentence.

    Args:
        case: what is brought.
        folder: does not exist; what appears beside it is a fault.
    """
    _lay(case, folder)
    before = _tree(folder.parent)
    _forget_peak()
    start, held = time.process_time(), _memory("VmRSS")
    said, fault = _brought(case, folder)
    seconds, grown = time.process_time() - start, _memory("VmHWM") - held
    if not fault and _tree(folder.parent) != before:
        fault = "files appeared on the disk"
    return Outcome(case.name, said, fault, seconds, max(grown, 0.0))


def _lay(case: Case, folder: Path) -> None:
    for name, raw in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def _brought(case: Case, folder: Path) -> tuple[str, str]:
    """What was said, and what went wrong."""
    try:
        (case.read or _open)(folder / case.opened)
    except GenworldError as error:
        return error.sentence, _ill_said(error.sentence)
    except Exception as error:  # the very thing that is looked for
        return "", f"{type(error).__name__}: {error}"[:300]
    return READ, ""


def _open(path: Path) -> object:
    """What the page does with a file: read it, and show what was understood."""
    return understood(open_dataset(str(path)), recognise(path))


def _ill_said(sentence: str) -> str:
    plain = sentence.isprintable() and 0 < len(sentence) <= LONGEST_SENTENCE
    return "" if plain else f"no plain sentence: {sentence[:200]!a}"


def _tree(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def _memory(what: str) -> float:
    """MiB of this process now ("VmRSS") or at its highest ("VmHWM"); 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / MIB for line in lines if line.startswith(f"{what}:")), 0.0)


def _forget_peak() -> None:
    """Lets the highest memory count from now on."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:  # no such system: growth is then not told apart from what was before
        return
