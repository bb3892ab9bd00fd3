"""Origins nest, survive JSON and speak."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from genworld.provenance import (
    ORIGIN,
    DataSource,
    EditOrigin,
    FillOrigin,
    ImportOrigin,
    LatentOrigin,
    Origin,
    SeedOrigin,
    in_words,
)

SEED = SeedOrigin(
    checkpoint="a" * 64, model="dungeon", seed=3, index=4, condition=("halls",), temperature=0.9, size=(5, 6)
)
EDIT = EditOrigin(parent=SEED, edits=((0, 1, 2),))
FILL = FillOrigin(parent=EDIT, checkpoint="b" * 64, model="dungeon-markov", mask=((0, 0), (0, 1)), seed=9)
LATENT = LatentOrigin(checkpoint="a" * 64, model="folk", z=(0.1, 1 / 3), weights=(1.0,))
IMPORT = ImportOrigin(file="map.txt", digest="c" * 64)


BRED = LATENT.model_copy(update={"lineage": (("d" * 64,), ("e" * 64, "f" * 64))})


@pytest.mark.parametrize("origin", [SEED, EDIT, FILL, LATENT, BRED, IMPORT], ids=lambda origin: origin.kind)
def test_origins_survive_json_and_speak(origin: Origin) -> None:
    assert ORIGIN.validate_json(ORIGIN.dump_json(origin)) == origin
    assert len(in_words(origin)) > 10


def test_words_tell_the_whole_story() -> None:
    assert in_words(FILL) == (
        "Sample 4 of seed 3 from dungeon, halls, 1 cell changed by hand, 2 cells made anew by dungeon-markov (seed 9)"
    )


def test_children_tell_of_their_parents() -> None:
    assert in_words(BRED) == "More like 2 samples, generation 2: a point of folk's latent space"


@pytest.mark.parametrize(
    "raw",
    [
        '{"kind": "seed"}',
        '{"kind": "wish"}',
        '{"kind": "import", "file": "x", "digest": "short"}',
        '{"kind": "import", "file": "x", "digest": "' + "c" * 64 + '", "more": 1}',
        ORIGIN.dump_json(SEED).decode().replace("0.9", "NaN"),
        ORIGIN.dump_json(SEED).decode().replace('"seed":3', '"seed":-3'),
    ],
)
def test_what_is_no_origin_is_refused(raw: str) -> None:
    with pytest.raises(ValidationError):
        ORIGIN.validate_json(raw)


def test_records_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        DataSource(name="x", licence="CC0-1.0").name = "y"
