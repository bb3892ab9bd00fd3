"""Figures keep their counts, and small samples come with an interval."""

from __future__ import annotations

import json

import numpy as np
import pytest

from genworld.measure.draws import DRAWS, FEW, SHARE, Estimate, estimates, subset
from genworld.measure.report import Comparison, Figure, Report, compare


def test_many_samples_are_measured_once_and_whole() -> None:
    calls: list[tuple[int, ...]] = []

    def measure(*chosen: np.ndarray) -> dict[str, float]:
        calls.append(tuple(len(part) for part in chosen))
        return {"x": 0.25}

    assert estimates(measure, (FEW, 30), seed=0, name="t") == {"x": Estimate(0.25)}
    assert calls == [(FEW, 30)]


def test_few_samples_are_measured_on_halves_that_do_not_repeat() -> None:
    seen: list[np.ndarray] = []

    def measure(chosen: np.ndarray, other: np.ndarray) -> dict[str, float]:
        seen.append(chosen)
        assert len(np.unique(chosen)) == len(chosen) == 50
        assert len(other) == 15
        return {"x": float(chosen.mean())}

    found = estimates(measure, (99, 30), seed=0, name="t")["x"]
    assert len(seen) == DRAWS
    assert found.value == pytest.approx(np.mean([chosen.mean() for chosen in seen]))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


def test_interval_covers_the_truth_as_often_as_it_says() -> None:
    hits = []
    for seed in range(300):
        data = np.random.default_rng(seed).normal(size=100)
        found = estimates(lambda chosen, data=data: {"x": float(data[chosen].mean())}, (100,), seed, "t")["x"]
        hits.append(found.low <= 0 <= found.high)
    # The mean of five halves stays within the set, so the interval is a little wide or narrow, never far from 95%.
    assert np.mean(hits) > 0.88


def test_subset_is_seeded_and_distinct() -> None:
    np.testing.assert_array_equal(subset(50, 20, 3, "a"), subset(50, 20, 3, "a"))
    assert not np.array_equal(subset(50, 20, 3, "a"), subset(50, 20, 4, "a"))
    np.testing.assert_array_equal(subset(5, 5, 0, "a"), np.arange(5))


def test_compare_cuts_intervals_and_leaves_out_what_was_not_measured() -> None:
    wanted = (Comparison("a", SHARE, "note", "A"), Comparison("b", SHARE, ""), Comparison("c", SHARE, "", alone=True))
    found = {"a": Estimate(0.9, 0.7, 1.1), "ceiling a": Estimate(0.95), "c": Estimate(0.5)}
    first, last = compare(wanted, found, (10, 20, 30), seed=4)
    assert (first.name, first.value, first.low, first.high, first.ceiling) == ("A", 0.9, 0.7, 1.0, 0.95)
    assert first.counts == "10 / 20 / 30"
    assert last.counts == "10 / - / -"


def test_report_is_a_table_and_plain_json() -> None:
    figures = (
        Figure(name="precision", value=0.98765, low=0.9, high=1.0, ceiling=0.99, n=100, real=100, held_out=100, seed=3),
        Figure(name="unique", value=1.0, n=2000, seed=3, note="of 2,000"),
    )
    report = Report(title="sprites", figures=figures)
    lines = report.table().splitlines()
    assert lines[2] == "| precision | 0.988 | 0.900 to 1.000 | 0.990 | 100 / 100 / 100 | 3 |  |"
    assert len({line.count("|") for line in lines}) == 1
    assert Report.model_validate(json.loads(json.dumps(report.to_dict()))) == report
    assert report["uni"].n == 2000
    with pytest.raises(KeyError):
        report["recall"]


def test_a_figure_is_a_finite_number() -> None:
    with pytest.raises(ValueError, match="finite"):
        Figure(name="x", value=float("nan"), n=1, seed=0)
