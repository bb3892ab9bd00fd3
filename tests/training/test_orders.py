"""Orders: what a training is, as plain JSON; presets that suit the data; what it costs."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import torch

from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.training import Cost, Order, begin, cost, require_room, suggested
from genworld.training.order import command_of
from genworld.training.pace import Pace, Rate
from genworld.training.presets import FEWEST, PRESETS

ROOM = import_module("genworld.training.room")
"""The module; the package has its function of this name."""
SMALL: dict[str, Any] = {"steps": 3, "batch": 4, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 8}
ROOMS: dict[str, Any] = {"data": "builtin:dungeon", "options": {"count": 6, "size": [20, 24]}, "family": "vae"}


def test_an_order_survives_json_and_trains_the_same() -> None:
    order = Order.checked({**ROOMS, "settings": SMALL, "window": 16, "seed": 3, "device": "cpu"})
    again = Order.checked(json.loads(json.dumps(order.spec)))
    assert again == order
    run = again.begin()
    assert run.data.examples[0].height == 16
    assert run.seed == 3
    assert run.command == (
        "genworld train builtin:dungeon --family vae --seed 3 --window 16 --set steps=3 --set batch=4 --set channels=8 "
        "--set most_channels=16 --set style_dim=16 --set latent_dim=8 --data count=6 --data size=20x24"
    )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("family", "vea", "vae"),
        ("settings", {"channel": 3}, "channel"),
        ("settings", {"steps": float("nan")}, "steps"),
        ("seed", -1, "seed"),
        ("window", 7, "window"),
        ("hold_out", 0.9, "hold_out"),
        ("device", "tpu", "device"),
        ("threads", 0, "threads"),
        ("colour", "red", "colour"),
        ("data", "", "data"),
    ],
)
def test_an_order_that_does_not_fit_is_refused(field: str, value: object, said: str) -> None:
    with pytest.raises(GenworldError, match=said):
        Order.checked({**ROOMS, field: value})


def test_a_path_stays_private_in_a_command() -> None:
    order = Order.checked({**ROOMS, "data": "/home/ada/secret project/maps.zip", "options": {}})
    assert order.command == "genworld train maps.zip --family vae --seed 0"
    assert command_of("data:mine", "gan", {"half": False}, {}, 0, order.cuts).endswith(
        "data:mine --family gan --seed 0 --set half=false"
    )


# -- presets


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_gives_an_order_that_can_begin(blots: Dataset, name: str) -> None:
    for data in (blots, open_dataset("builtin:dungeon", count=4, size=40)):
        order = Order.checked({"data": "anything", "device": "cpu", **suggested(data, name)})
        run = order.begin(data)
        assert len(run.data) > 0
        assert run.model.config.steps >= FEWEST


def repeated(data: Dataset, times: int) -> Dataset:
    labels = data.labels.repeat(times, axis=0)
    return replace(data, examples=data.examples * times, labels=labels, groups=data.groups * times)


def test_presets_take_longer_one_after_the_other(blots: Dataset) -> None:
    settings = [suggested(repeated(blots, 50), name)["settings"] for name in PRESETS]
    images = [each["steps"] * each["batch"] for each in settings]
    assert images[0] < images[1] < images[2]


def test_few_examples_bound_the_steps(blots: Dataset) -> None:
    few, many = (suggested(data, "best")["settings"]["steps"] for data in (blots.take(range(20)), repeated(blots, 50)))
    assert few < many


def test_examples_are_changed_only_where_they_are_seen_often(blots: Dataset) -> None:
    few, many = (suggested(data, "quick", "gan")["settings"] for data in (blots.take(range(12)), repeated(blots, 50)))
    assert "adapt" not in few  # the family chooses
    assert (many["adapt"], many["hole"], many["colour"]) == (0, 0, 0)


def test_a_chosen_family_keeps_its_preset(blots: Dataset) -> None:
    assert suggested(blots, "quick", "vae")["family"] == "vae"
    rooms = open_dataset("builtin:dungeon", count=4, size=40)
    markov = suggested(rooms, "good", "markov")
    assert markov["window"] is None
    assert "steps" not in markov["settings"]
    with pytest.raises(GenworldError, match="quick"):
        suggested(blots, "quik")
    with pytest.raises(GenworldError, match="'van'"):
        suggested(blots, "quick", "van")


# -- costs


@pytest.mark.parametrize("family", ["vae", "gan"])
def test_costs_grow_with_steps_and_batch(blots: Dataset, family: str) -> None:
    def of(**changes: int) -> Cost:
        run = begin(blots, family, SMALL | {"channels": 16, **changes}, seed=0, device="cpu")
        before = {name: value.clone() for name, value in run.model.state_dict().items()}
        found = cost(run.model, run.data, threads=1)
        assert all(torch.equal(value, before[name]) for name, value in run.model.state_dict().items())
        return found

    few, many, large = of(steps=10), of(steps=1000), of(steps=10, batch=64)
    assert many.seconds == pytest.approx(100 * few.seconds)
    assert large.bytes > few.bytes
    assert few.device == "cpu"


def test_a_chain_that_counts_has_a_cost_too() -> None:
    run = begin(open_dataset("builtin:dungeon", count=40, size=20), "markov", {"order": 3, "fillings": 0}, seed=0)
    found = cost(run.model, run.data)
    assert found.total_seconds > 0
    assert found.bytes > 0


def test_too_little_memory_is_refused_with_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Cost(1.0, 1.0, 1.0, 3 * 2**30, "cpu")
    monkeypatch.setattr("genworld.training.costs.room", lambda device: 2**30)
    with pytest.raises(GenworldError, match=r"3\.0 GiB of memory, but at most 1\.0 GiB are free"):
        require_room(wanted)
    monkeypatch.setattr("genworld.training.costs.room", lambda device: None)
    require_room(wanted)


def test_what_this_process_holds_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Cost(0.1, 10.0, 5.0, bytes=2**30, device="cpu")
    monkeypatch.setattr("genworld.training.costs.room", lambda device: 2**30 - 2**20)
    monkeypatch.setattr("genworld.training.costs.held", lambda: 2**21)
    require_room(wanted, here=True)
    with pytest.raises(GenworldError, match="are free"):
        require_room(wanted)


def test_the_tightest_container_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "user" / "app"
    inner.mkdir(parents=True)
    (tmp_path / "groups").write_text("0::/user/app\n")
    monkeypatch.setattr(ROOM, "GROUP", tmp_path)
    monkeypatch.setattr(ROOM, "GROUPS", tmp_path / "groups")
    monkeypatch.setattr(ROOM, "_available", lambda: 2**40)
    for folder, most in ((inner, "max"), (inner.parent, str(1000 * 2**20))):
        (folder / "memory.max").write_text(f"{most}\n")
        (folder / "memory.current").write_text(f"{600 * 2**20}\n")
    (inner.parent / "memory.stat").write_text(f"anon 5\ninactive_file {100 * 2**20}\n")
    assert ROOM.room("cpu") == int(500 * 2**20 * (1 - ROOM.RESERVE))
    (inner / "memory.max").write_text(f"{700 * 2**20}\n")
    assert ROOM.room("cpu") == int(100 * 2**20 * (1 - ROOM.RESERVE))


# -- pace


def test_intervals_grow_and_stay_cheap() -> None:
    pace = Pace(10.0, 120.0, growth=0.25, share=0.03)
    assert not pace.due(9.9)
    assert pace.due(10.0)
    pace.done(10.0, cost=0.6)
    assert not pace.due(29.9)
    assert pace.due(30.1)
    pace.done(4000.0, cost=0.1)
    assert not pace.due(4119.0)
    assert pace.due(4120.0)


def test_the_rate_is_that_of_the_last_seconds() -> None:
    rate = Rate(0.0, 0)
    rate.count(10, 2.0)
    assert rate.steps == 5.0
    rate.count(50, 4.0)
    assert rate.steps == 20.0
