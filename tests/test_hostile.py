"""Files that mean harm and files that were damaged: read, or refused in one plain sentence, and nothing else.

`genworld bench hostile` brings 200 damaged files of every format; here are fewer.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from genworld.bench import hostile
from genworld.bench.hostile import BOMBS, HANG, Case, Outcome, damaged, judge
from genworld.bench.hostile.case import READ
from genworld.bench.hostile.mutations import mutated
from genworld.bench.hostile.seeds import seeds
from genworld.errors import GenworldError

EACH = 40
READ_ANYWAY = {"UTF-16", "percent", "device", "long", "direction", "ZIP64 sizes", "number of entries", "differ in case"}
"""Parts of the names of those that mean harm and can do none: they are read."""


def faults(outcomes: list[Outcome]) -> list[Outcome]:
    return [each for each in outcomes if each.fault or each.seconds > HANG]


def brought(cases: object, folder: Path) -> list[Outcome]:
    return [judge(case, folder / str(index)) for index, case in enumerate(cases)]  # type: ignore[call-overload]


@pytest.mark.parametrize(("name", "least"), [("zips", 30), ("XML", 12), ("layers", 20)])
def test_what_means_harm_is_refused(tmp_path: Path, own_machine: Path, name: str, least: int) -> None:
    outcomes = brought(BOMBS[name](), tmp_path)
    assert len(outcomes) >= least
    assert faults(outcomes) == []
    read = [each.name for each in outcomes if each.said == READ]
    assert [name for name in read if not any(part in name for part in READ_ANYWAY)] == []
    assert max(each.grown for each in outcomes) < 200  # MiB
    assert {path.name for path in own_machine.iterdir()} <= {"art"}


def test_whole_files_are_read(tmp_path: Path) -> None:
    whole = [Case(name, seed.files, seed.opened, seed.read) for name, seed in seeds().items()]
    assert len(whole) >= 12
    assert [(each.name, each.said, each.fault) for each in brought(whole, tmp_path)] == [
        (each.name, READ, "") for each in whole
    ]


def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    for name, cases in damaged(EACH):
        outcomes = brought(cases, tmp_path / name)
        assert len(outcomes) == EACH
        assert faults(outcomes) == []
        assert any(each.said != READ for each in outcomes), f"nothing that happened to {name} was noticed"


def test_damage_is_the_same_each_time() -> None:
    raw = b'<a width="12" name="x">\n1,2,3\n</a>\n'
    made = [mutated(raw, "x", index, 1) for index in range(64)]
    assert made == [mutated(raw, "x", index, 1) for index in range(64)]
    assert len(set(made)) > 40
    assert made != [mutated(raw, "x", index, 2) for index in range(64)]


def test_a_fault_would_be_found(tmp_path: Path) -> None:
    def crash(_: Path) -> None:
        raise KeyError("width")

    def scribble(path: Path) -> None:
        (path.parent / "evil.png").write_bytes(b"x")

    def mumble(_: Path) -> None:
        raise GenworldError("bell \x07")

    for name, read, fault in (("a", crash, "KeyError"), ("b", scribble, "files appeared"), ("c", mumble, "no plain")):
        assert fault in judge(Case(name, {"a": b""}, "a", read), tmp_path / name / "in").fault


def test_the_bench_tells_of_every_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "EACH", 1)
    monkeypatch.setattr(hostile, "BOMBS", {})
    rows = list(hostile.run())
    assert len(rows) >= 12
    assert rows[0].startswith("damaged PNG: 1 files, 1 ")
