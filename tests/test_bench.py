"""The benches run and tell; how fast is not a test's business."""

from __future__ import annotations

import re

import pytest

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
