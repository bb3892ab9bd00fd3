"""Tables of contexts: found as a plain search finds them, and nudged as chances are."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from worlds import levels, trained

from genworld import sampling
from genworld.content import Level
from genworld.models.base import SampleRequest
from genworld.models.contexts import HASH_BITS, Index, chances_of
from genworld.models.markov import Markov
from genworld.models.places import Ids
from genworld.seeding import numpy_stream


def chain(**settings: object) -> Markov:
    model = trained("markov", levels(), **({"order": 6, "least": 2, "escape": 0.3} | settings))
    assert isinstance(model, Markov)
    return model


def features(model: Markov) -> tuple[Ids, Ids]:
    """Those of all cells of a grid of noise, where many contexts are unknown, and its tiles."""
    grid = numpy_stream(0, "grid").integers(0, 3, (9, 11)).astype(np.uint8)
    return model._features_of(grid, np.array([1])), grid.reshape(-1).astype(np.int64)


@pytest.mark.parametrize("crowded", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_keys_are_found_where_they_are(count: int, crowded: bool) -> None:
    random = numpy_stream(count, "keys")
    top = 1 << (20 if crowded else HASH_BITS)
    keys = np.unique(random.integers(0, top, count))
    asked = np.concatenate([keys, random.integers(0, 1 << HASH_BITS, 500), keys + 1, [0, (1 << HASH_BITS) - 1]])
    place, known = Index(keys).find(asked)
    assert np.array_equal(known, np.isin(asked, keys))
    assert np.array_equal(keys[place[known]], asked[known])


def test_the_tree_holds_the_same_chances_as_the_tables() -> None:
    model = chain()
    tables = model._tables
    tree, table = tables.tree, tables.tree.chances(tables._pairs(1.0), None)
    rows, tiles = features(model)
    node = tree.roots(rows[0])
    longest = node.copy()
    for feature in rows[1:]:
        symbol = np.where(feature == 255, tree.outside, feature)
        node = tree.children[node * tree.symbols + symbol]
        longest = np.maximum(longest, node)
    assert len(np.unique(longest)) > 20
    assert np.allclose(table[longest, tiles], chances_of(tables.lookups(1.0), rows, tiles, 3))


def test_nudged_tables_hold_the_chances_times_the_weights() -> None:
    model = chain()
    nudges = (("item", 1.5), ("solid", -0.5))
    rows, _ = features(model)
    every = [np.full(rows.shape[1], tile) for tile in range(3)]
    plain = np.stack([chances_of(model._tables.lookups(1.0), rows, tile, 3) for tile in every])
    nudged = np.stack([chances_of(model._tables.lookups(1.0, nudges), rows, tile, 3) for tile in every])
    known = np.isin(rows[0], [*model._tables.tree._roots])
    wanted = plain * np.exp([[-0.5], [0.0], [1.5]])
    assert np.allclose(nudged[:, known], (wanted / wanted.sum(axis=0))[:, known])


def test_the_bundled_chain_draws_what_it_always_drew() -> None:
    model = sampling.open_model("dungeon-markov").model
    total = hashlib.sha256()
    for size in ((64, 64), (13, 40), (32, 32)):
        for variety in (None, 0.6, 1.5):
            for level in model.sample([SampleRequest(5, index, size=size, variety=variety) for index in range(3)]):
                assert isinstance(level, Level)
                total.update(level.tiles.tobytes())
    assert total.hexdigest() == "8667392bd5133fc5633257a1821460da4cef0783873ab09515cc680ad85ee45f"
