"""The hidden Markov model against hmmlearn and brute force, and what a stored one must be."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from worlds import LEGEND, levels, trained

from genworld.checkpoint import record
from genworld.content import Level, LevelSpec, Style
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import build
from genworld.models.base import SampleRequest
from genworld.models.baum_welch import Chain, Counts, expected
from genworld.models.hmm import Hmm
from genworld.models.lines import along_of, resolved, seeded
from genworld.seeding import numpy_stream

STATES, VOCABULARY = 4, 7


def random_chain(groups: int = 1) -> Chain:
    random = numpy_stream(3, "chain")
    one = np.ones
    return Chain(
        random.dirichlet(one(STATES), groups),
        random.dirichlet(one(STATES), (groups, STATES)),
        random.dirichlet(one(VOCABULARY), STATES),
    )


def sequences(*lengths: int) -> list[NDArray[np.int64]]:
    random = numpy_stream(4, "sequences")
    return [random.integers(0, VOCABULARY, length) for length in lengths]


def one_group(words: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.zeros(len(words), dtype=np.int64)


def oracle(chain: Chain, smoothing: float, usual: NDArray[np.float64]):
    hmm = pytest.importorskip("hmmlearn.hmm", reason="hmmlearn comes with the extra 'test'")
    model = hmm.CategoricalHMM(
        STATES,
        n_features=VOCABULARY,
        n_iter=1,
        init_params="",
        implementation="log",
        startprob_prior=1 + smoothing / STATES,
        transmat_prior=1 + smoothing / STATES,
        emissionprob_prior=1 + smoothing * usual,
    )
    model.startprob_, model.transmat_, model.emissionprob_ = chain.start[0], chain.moves[0], chain.shows
    return model


def test_likelihood_and_a_round_of_learning_are_those_of_hmmlearn() -> None:
    chain, words, smoothing = random_chain(), sequences(9, 1, 30, 9, 2), 0.3
    usual = np.bincount(np.concatenate(words), minlength=VOCABULARY) / sum(map(len, words))
    theirs, every = oracle(chain, smoothing, usual), np.concatenate(words)[:, None]
    lengths = [len(each) for each in words]
    counts = expected(chain, words, one_group(words))
    assert counts.nats == pytest.approx(theirs.score(every, lengths), abs=1e-8)
    theirs.fit(every, lengths)
    ours = counts.maximised(smoothing, usual)
    np.testing.assert_allclose(ours.start[0], theirs.startprob_, atol=1e-10)
    np.testing.assert_allclose(ours.moves[0], theirs.transmat_, atol=1e-10)
    np.testing.assert_allclose(ours.shows, theirs.emissionprob_, atol=1e-10)


def test_likelihood_is_the_sum_over_all_paths() -> None:
    chain, (word,) = random_chain(), sequences(5)
    total = 0.0
    for path in itertools.product(range(STATES), repeat=len(word)):
        chance = chain.start[0, path[0]] * chain.shows[path[0], word[0]]
        for k in range(1, len(word)):
            chance *= chain.moves[0, path[k - 1], path[k]] * chain.shows[path[k], word[k]]
        total += chance
    assert expected(chain, [word], np.zeros(1, dtype=np.int64)).nats == pytest.approx(np.log(total), abs=1e-10)


def test_groups_have_moves_of_their_own_and_share_what_states_show() -> None:
    chain, words = random_chain(2), sequences(6, 8, 5)
    both = expected(chain, words, np.array([0, 1, 0]))
    alone = [
        expected(
            Chain(chain.start[[g]], chain.moves[[g]], chain.shows),
            [words[k] for k in members],
            one_group(words)[: len(members)],
        )
        for g, members in enumerate(([0, 2], [1]))
    ]
    assert both.nats == pytest.approx(alone[0].nats + alone[1].nats)
    for g in range(2):
        np.testing.assert_allclose(both.moves[g], alone[g].moves[0])
    np.testing.assert_allclose(both.shows, alone[0].shows + alone[1].shows)


def test_learning_never_loses() -> None:
    chain, words = random_chain(), sequences(40, 25)
    usual = np.full(VOCABULARY, 1 / VOCABULARY)
    nats = []
    for _ in range(12):
        counts = expected(chain, words, one_group(words))
        nats.append(counts.nats)
        chain = counts.maximised(1e-9, usual)
    assert all(after >= before - 1e-6 for before, after in itertools.pairwise(nats))
    assert nats[-1] > nats[0] + 5


def test_counts_of_known_states_are_by_hand() -> None:
    words, states = [np.array([0, 1, 1])], [np.array([0, 0, 1])]
    counts = Counts.certain(words, states, np.array([0]), (1, 2, 2))
    assert counts.start.tolist() == [[1, 0]]
    assert counts.moves.tolist() == [[[1, 1], [0, 0]]]
    assert counts.shows.tolist() == [[1, 1], [0, 1]]


def test_first_states_gather_lines_that_look_and_go_on_alike() -> None:
    flat, hill = np.array([0, 0, 1], dtype=np.uint8), np.array([0, 1, 1], dtype=np.uint8)
    runs = [np.array([flat] * 6 + [hill] * 6)] * 2
    none = np.zeros(2, dtype=np.int64)
    state = seeded(runs, none, 2, numpy_stream(0, "test")).reshape(2, 12)
    assert (state[0] == state[1]).all()
    assert len(set(state[0, :5])) == len(set(state[0, 7:])) == 1 != len(set(state[0]))
    assert set(seeded([np.array([flat] * 5)], none[:1], 4, numpy_stream(0, "test")).tolist()) == {0}
    both = seeded(runs, np.array([0, 1]), 4, numpy_stream(0, "test")).reshape(2, 12)
    assert not set(both[0]) & set(both[1])


# -- levels


def learned(grids: list[NDArray[np.uint8]], height: int | None, width: int | None, **settings: object) -> Hmm:
    examples = tuple(Level(grid, LEGEND) for grid in grids)
    labels = np.zeros((len(grids), 0), dtype=np.uint8)
    spec = LevelSpec(LEGEND, height, width)
    data = Dataset("grids", spec, examples, labels, tuple(map(str, range(len(grids)))), levels().source)
    return model_of(data, **settings)


def model_of(data: Dataset, **settings: object) -> Hmm:
    model = trained("hmm", data, **settings)
    assert isinstance(model, Hmm)
    return model


def hills(count: int, height: int, width: int) -> list[NDArray[np.uint8]]:
    """Floors that go up and down by one."""
    random, grids = numpy_stream(0, "hills"), []
    for _ in range(count):
        top = np.clip(np.cumsum(random.integers(-1, 2, width)) + height // 2, 1, height - 1)
        grids.append((np.arange(height)[:, None] < top).astype(np.uint8))
    return grids


def every_level(rows: int, columns: int) -> list[Level]:
    fillings = itertools.product(range(3), repeat=rows * columns)
    return [Level(np.array(tiles, dtype=np.uint8).reshape(rows, columns), LEGEND) for tiles in fillings]


@pytest.mark.parametrize("along", ["columns", "rows"])
def test_the_chances_of_all_levels_of_a_size_add_up_to_one(along: str) -> None:
    size = (2, 3) if along == "columns" else (3, 2)
    model = learned(hills(6, *size), *size, along=along, states=2, unseen=0.3)
    assert float(model.log_prob(every_level(*size)).exp().sum()) == pytest.approx(1.0, abs=1e-9)


def test_samples_occur_as_often_as_they_are_likely() -> None:
    model = learned(hills(8, 2, 3), 2, 3, states=2, unseen=0.3)
    seen = Counter(model.sample([SampleRequest(0, index) for index in range(4000)]))
    every = every_level(2, 3)
    chances = model.log_prob(every).exp().tolist()
    assert sum(abs(seen[one] / 4000 - chance) for one, chance in zip(every, chances, strict=True)) / 2 < 0.06  # type: ignore[index]


@pytest.mark.parametrize("nudges", [(), (("item", 1.0),)])
def test_filling_draws_from_the_posterior(nudges: tuple) -> None:
    """Also with wishes: a level is then the likelier by them for each free tile that has the tag."""
    model = learned(hills(8, 2, 3), 2, 3, states=2, unseen=0.3)
    level, mask = Level(np.array([[1, 1, 1], [0, 1, 0]], dtype=np.uint8), LEGEND), np.zeros((2, 3), dtype=np.bool_)
    mask[0, 0] = mask[1, 1] = mask[0, 2] = True
    fillings, whole = list(itertools.product(range(3), repeat=3)), []
    for filling in fillings:
        tiles = level.tiles.copy()
        tiles[mask] = filling
        whole.append(Level(tiles, LEGEND))
    liked = torch.tensor([float(sum(tile == 2 for tile in filling)) for filling in fillings])
    wanted = (model.log_prob(whole) + liked * (nudges[0][1] if nudges else 0)).softmax(0).tolist()
    drawn = Counter(tuple(model.fill(level, mask, seed=k, nudges=nudges).tiles[mask].tolist()) for k in range(3000))
    assert sum(abs(drawn[one] / 3000 - chance) for one, chance in zip(fillings, wanted, strict=True)) / 2 < 0.06


def test_pins_that_no_column_agrees_with_are_kept() -> None:
    model = learned(hills(8, 6, 20), 6, None, unseen=1e-6)
    pins = np.full((6, 12), -1, dtype=np.int16)
    pins[::2, 5], pins[0, 6] = 2, 0
    level = model.sample([SampleRequest(0, 0, size=(6, 12), pins=pins)])[0]
    assert isinstance(level, Level)
    assert np.array_equal(level.tiles[pins >= 0], pins[pins >= 0])


def test_what_comes_after_decides_what_comes_before() -> None:
    """Levels that never change: the last column tells the first."""
    grids = [np.full((4, 8), tile, dtype=np.uint8) for tile in (0, 1, 2)] * 4
    model = learned(grids, 4, 8, smoothing=1e-6, unseen=1e-6)
    mask = np.zeros((4, 8), dtype=np.bool_)
    mask[:, :7] = True
    for tile in range(3):
        assert np.array_equal(model.fill(Level(grids[tile], LEGEND), mask, seed=tile).tiles, grids[tile])


def test_what_is_pinned_tells_the_class() -> None:
    """Rooms of the second class have a wall across."""
    data = levels(classes=("open", "closed"))
    model = model_of(data, states=12, unseen=0.01)
    mask = np.zeros((8, 8), dtype=np.bool_)
    mask[3:6, 2:6] = True
    for level, closed in ((data.levels[0], False), (data.levels[1], True)):
        filled = [model.fill(level, mask, seed=seed).tiles[4, 2:6] for seed in range(6)]
        assert np.mean([(row == 0).mean() for row in filled]) == pytest.approx(float(closed), abs=0.1)


def test_classes_condition() -> None:
    model = model_of(levels(), states=12, unseen=0.01)
    for name, closed in (("open", False), ("closed", True)):
        drawn = model.sample([SampleRequest(0, index, condition=(name,)) for index in range(12)])
        columns = np.concatenate([level.tiles.T for level in drawn if isinstance(level, Level)])
        across = (columns[(columns != 0).any(axis=1), 4] == 0).mean()  # beside the walls on either side
        assert across == pytest.approx(float(closed), abs=0.15)


def test_a_sample_is_of_any_length_and_of_one_breadth() -> None:
    model = learned(hills(4, 6, 20), 6, None)
    for width in (1, 5, 70):
        level = model.sample([SampleRequest(0, 0, size=(6, width))])[0]
        assert (level.height, level.width) == (6, width)
    with pytest.raises(GenworldError, match="levels of 6 rows and any number of columns, but 7 x 20"):
        model.sample([SampleRequest(0, 0, size=(7, 20))])
    with pytest.raises(GenworldError, match="knows levels of 6 rows, but one of 7"):
        model.log_prob([Level(hills(1, 7, 20)[0], LEGEND)])
    rows = learned([grid.T for grid in hills(4, 6, 20)], None, 6)
    assert rows.along == "rows"
    assert rows.sample([SampleRequest(0, 0, size=(9, 6))])[0].height == 9
    with pytest.raises(GenworldError, match="levels of 6 columns and any number of rows"):
        rows.sample([SampleRequest(0, 0, size=(9, 7))])


def test_columns_come_in_an_order_of_the_models_own() -> None:
    grids = hills(12, 8, 40)
    model = learned(grids, 8, None, states=16, steps=10)
    drawn = [
        level
        for level in model.sample([SampleRequest(0, k, size=(8, 40)) for k in range(8)])
        if isinstance(level, Level)
    ]
    windows = {grid[:, k : k + 20].tobytes() for grid in grids for k in range(21)}
    assert np.mean([level.tiles[:, k : k + 20].tobytes() in windows for level in drawn for k in range(0, 21, 4)]) < 0.1
    tops = [level.tiles.sum(axis=0, dtype=int) for level in drawn]
    assert np.mean([np.abs(np.diff(top)) <= 2 for top in tops]) > 0.9


def test_one_map_and_one_that_never_changes() -> None:
    single = learned(hills(1, 6, 30), 6, 30, states=8)
    assert len({level.digest for level in single.sample([SampleRequest(0, k) for k in range(4)])}) > 1
    constant = learned([np.ones((6, 30), dtype=np.uint8)], 6, 30, unseen=1e-6)
    assert constant.shows.shape == (1, 1)
    assert constant.sample([SampleRequest(0, 0)]) == [Level(np.ones((6, 30), dtype=np.uint8), LEGEND)]


def test_levels_that_cannot_be_learned_are_refused_in_one_sentence() -> None:
    with pytest.raises(GenworldError, match="no level has two; bring larger levels"):
        learned([np.ones((6, 1), dtype=np.uint8)], 6, 1)
    with pytest.raises(GenworldError, match="levels differ in height; cut them into strips"):
        learned(hills(2, 6, 30), None, None)
    with pytest.raises(GenworldError, match="learns rows of one length, but the levels differ in width"):
        learned(hills(2, 6, 30), 6, None, along="rows")
    with pytest.raises(GenworldError, match="take fewer states"):
        learned([numpy_stream(0, "noise").integers(0, 3, (16, 6000)).astype(np.uint8)], 16, None, states=512)


@pytest.mark.parametrize(
    ("style", "size", "expected"),
    [
        (Style.PLATFORMER, (14, 200), "columns"),
        (Style.PLATFORMER, (200, 16), "rows"),
        (Style.TOP_DOWN, (200, 16), "columns"),
    ],
)
def test_levels_are_read_the_way_they_run(style: Style, size: tuple[int, int], expected: str) -> None:
    assert along_of(style, *size) == expected
    assert resolved(LevelSpec(replace(LEGEND, style=style), *size), "auto") == expected
    assert resolved(LevelSpec(LEGEND, *size), "rows") == "rows"


def test_little_data_has_few_states() -> None:
    assert [Hmm.suited(levels(count))["states"] for count in (1, 4, 400)] == [8, 32 // 3, 128]
    vast = [numpy_stream(0, "noise").integers(0, 3, (16, 30_000)).astype(np.uint8)]
    data = Dataset(
        "noise", LevelSpec(LEGEND, 16), (Level(vast[0], LEGEND),), np.zeros((1, 0), np.uint8), ("a",), levels().source
    )
    assert Hmm.suited(data)["states"] == 2**21 // 30_000, "more would not fit into a file"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("words", lambda x: x + 3),
        ("counts", lambda x: -x),
        ("shows", lambda x: x * 2),
        ("moves", lambda x: -x),
        ("moves", lambda x: x[:, :-1]),
        ("start", lambda x: torch.cat([x, x])),
        ("shows", lambda x: x.double()),
        ("shows", lambda x: x[:, :-1]),
        ("shows", lambda x: x[0]),
    ],
)
def test_chances_that_contradict_each_other_are_refused(name: str, change: object) -> None:
    tensors = model_of(levels()).state_dict()
    tensors[name] = change(tensors[name])  # type: ignore[operator]
    other = build("hmm", levels().spec, {})
    with pytest.raises(GenworldError):
        record._put(other, tensors, "odd")
