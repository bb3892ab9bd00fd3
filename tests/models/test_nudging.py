"""Nudges move shares, and none at all changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import LEGEND, levels, trained

from genworld.content import Level, Tag
from genworld.errors import GenworldError
from genworld.models.base import SampleRequest
from genworld.models.markov import Markov
from genworld.models.nudging import tile_nats
from genworld.provenance import Nudges


def chain() -> Markov:
    model = trained("markov", levels(), order=5)
    assert isinstance(model, Markov)
    return model


def share(drawn: list[Level], tag: Tag) -> float:
    return float(np.mean([level.legend.has(level.tiles, tag).mean() for level in drawn]))


def sampled(model: Markov, nudges: Nudges) -> list[Level]:
    requests = [SampleRequest(3, index, size=(10, 10), nudges=nudges) for index in range(12)]
    return [level for level in model.sample(requests) if isinstance(level, Level)]


def refilled(model: Markov, nudges: Nudges) -> list[Level]:
    level = levels().levels[0]
    mask = np.zeros((8, 8), dtype=np.bool_)
    mask[1:7, 1:7] = True
    return [model.fill(level, mask, seed=seed, nudges=nudges) for seed in range(12)]


def test_each_tag_of_a_tile_adds() -> None:
    nats = tile_nats(LEGEND, (("item", 2.0), ("passable", -0.5), ("item", 1.0)))
    assert nats is not None
    assert nats.tolist() == [0.0, -0.5, 2.5]


def test_what_moves_no_tile_against_another_is_nothing() -> None:
    assert tile_nats(LEGEND, ()) is None
    assert tile_nats(LEGEND, (("item", 0.0), ("key", 3.0))) is None
    assert tile_nats(LEGEND, (("solid", 1.0), ("passable", 1.0))) is None


@pytest.mark.parametrize("draw", [sampled, refilled])
def test_shares_follow_the_nudge(draw: object) -> None:
    model = chain()
    shares = [share(draw(model, (("item", nudge),)), Tag.ITEM) for nudge in (-4.0, -1.0, 0.0, 1.0, 4.0)]  # type: ignore[operator]
    assert shares == sorted(shares)
    assert shares[0] < 0.02
    assert shares[-1] > 2 * shares[2] > 0.05


@pytest.mark.parametrize("draw", [sampled, refilled])
def test_no_nudge_and_a_nudge_of_nothing_are_the_same(draw: object) -> None:
    model = chain()
    assert draw(model, ()) == draw(model, (("item", 0.0),))  # type: ignore[operator]
    nearly = draw(model, (("item", 1e-9),))  # type: ignore[operator]
    assert draw(model, ()) == nearly


def test_a_person_may_ask_for_less_open_levels_than_the_examples() -> None:
    model = chain()
    model.openness.fill_(0.9)
    assert share(sampled(model, (("solid", 8.0),)), Tag.SOLID) > share(sampled(model, ()), Tag.SOLID) + 0.02
    assert [model._nudged_shut(((tag, nudge),)) for tag, nudge in (("solid", 2.0), ("solid", -2.0), ("item", 2.0))] == [
        True,
        False,
        False,
    ]


def test_nudges_that_mean_nothing_are_refused() -> None:
    with pytest.raises(GenworldError, match="no tile tag called 'itme'"):
        chain().sample([SampleRequest(0, 0, nudges=(("itme", 1.0),))])
    with pytest.raises(GenworldError, match="from -8 to 8, but 9 came"):
        chain().sample([SampleRequest(0, 0, nudges=(("item", 9.0),))])
