"""The benches run and tell; how fast is not a test's business."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from genworld.bench import Timing, as_json
from genworld.bench.rows import Amount, Latency, Share
from genworld.cli import main

TIMED = ("sampling", "start")
"""Benches that tell times; what the others tell is tested with what they measure."""


@pytest.mark.parametrize("name", TIMED)
def test_each_bench_tells_what_it_timed(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"genworld.bench.{name}.RUNS", 1)
    with pytest.raises(SystemExit) as left:
        main(["bench", name])
    assert left.value.code in (0, None)
    lines = capsys.readouterr().out.splitlines()[1:]
    assert lines
    for line in lines:
        assert re.search(r"median \d+\.\d{3} s, worst \d+\.\d{3} s of 1 runs \(aim: at most [\d.]+ s\)$", line)


def test_an_unknown_bench_is_told_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["bench", "samplin"])
    assert left.value.code == 2
    assert "Did you mean 'sampling'" in capsys.readouterr().err


def run(*arguments: str) -> object:
    with pytest.raises(SystemExit) as left:
        main(["bench", *arguments])
    return left.value.code


def test_rows_are_written_for_programs_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genworld.bench.sampling.RUNS", 1)
    assert run("sampling", "--json", str(tmp_path / "rows.json")) in (0, None)
    rows = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert [f"  {row['text']}" for row in rows] == capsys.readouterr().out.splitlines()[1:]
    for row in rows:
        assert (row["bench"], row["kind"]) == ("sampling", "Timing")
        assert row["held"] == (row["seconds"][0] <= row["aim"])


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sampling", "--json", str(tmp_path / "nowhere" / "rows.json")) == 2
    shown = capsys.readouterr()
    assert "cannot be written" in shown.err
    assert not shown.out


@pytest.mark.parametrize(
    ("row", "held"),
    [
        (Timing("a", (1.0, 3.0, 1.0), 1.0), True),
        (Timing("a", (1.1,), 1.0), False),
        (Latency("a", (0.01,) * 18 + (0.2,) * 2, 0.02, 0.05), False),
        (Latency("a", (0.01,) * 18 + (0.2,) * 2, 0.02), True),
        (Latency("a", (0.03,), 0.02), False),
        (Share("a", 9, 10, 0.9), True),
        (Share("a", 8, 10, 0.9), False),
        (Share("a", 9, 10), False),
        (Share("a", 0, 0), False),
        (Amount("a", 25.0, 25), True),
        (Amount("a", 24.9, 25), False),
    ],
)
def test_rows_say_whether_what_must_hold_does(row: object, held: bool) -> None:
    assert as_json(row)["held"] is held


def test_rows_are_plain_json() -> None:
    told = as_json(Amount("a", float(np.float32(2)), np.float64("nan")))
    assert json.loads(json.dumps(told, allow_nan=False))["least"] is None
