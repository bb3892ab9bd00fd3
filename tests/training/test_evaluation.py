"""Measuring a model that is there: against its own data as its training cut them, against others, and alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genworld import sampling, training
from genworld.checkpoint import Checkpoint
from genworld.content import Sprite, SpriteSpec
from genworld.datasets import Dataset, open_dataset, open_unseen
from genworld.errors import GenworldError
from genworld.training import Cuts, evaluate, yardstick
from genworld.training.evaluation import WITHOUT

SMALL = {"steps": 1, "batch": 4, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 4}


def saved(data: Dataset, folder: Path, family: str, hold_out: float = 0.0) -> Checkpoint:
    settings = {} if family == "markov" else SMALL
    run = training.begin(data, family, settings, seed=0, cuts=Cuts(hold_out=hold_out), device="cpu")
    list(run)
    return run.save(folder)


@pytest.fixture(scope="module")
def rooms() -> Dataset:
    return open_dataset("builtin:dungeon", count=40, size=16)


@pytest.fixture(scope="module")
def halved(rooms: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A chain that a quarter was held out from."""
    return saved(rooms, tmp_path_factory.mktemp("halved") / "halved", "markov", hold_out=0.25)


@pytest.fixture(scope="module")
def whole(blots: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A VAE of sprites that saw all of them."""
    return saved(blots, tmp_path_factory.mktemp("whole") / "whole", "vae")


def test_what_was_held_out_is_held_out_again(halved: Checkpoint, rooms: Dataset) -> None:
    kept, unseen = Cuts(hold_out=0.25).divide(rooms, "markov")
    against = yardstick(halved, rooms)
    assert unseen is not None
    assert against.held_out is not None
    assert (against.training.digest, against.held_out.digest) == (kept.digest, unseen.digest)
    assert against.own
    told: list[str] = []
    done = evaluate(
        sampling.opened(halved), against, count=24, distinct=60, told=lambda what, done, total: told.append(what)
    )
    assert {"samples drawn", "levels played", "copies looked for"} <= set(told)
    assert done.digest == halved.digest
    assert done.report["unique"].n == 60
    assert "among 60" in done.report["unique"].note
    assert done.report["verbatim"].ceiling is not None
    assert done.report["bits of a tile, held-out"].value > done.report["bits of a tile, training"].value
    assert done.attributes["mean open"].ceiling is not None
    assert done.range is not None
    assert sum(map(sum, done.range.samples)) == sum(map(sum, done.range.real)) + done.attributes["mean open"].n - len(
        unseen
    )


def test_nothing_held_out_gives_no_ceiling(whole: Checkpoint, blots: Dataset) -> None:
    against = yardstick(whole, blots)
    assert against.held_out is None
    assert "no figure has a ceiling" in against.words
    done = evaluate(sampling.opened(whole), against, count=24)
    assert {figure.ceiling for figure in done.report.figures} == {None}
    assert done.report["near copies"].counts == "24 / 24 / -"
    assert done.report["precision"].held_out == 0
    assert done.report["bits of a dimension, training, bound"].n == 24


def test_data_that_are_drawn_are_drawn_anew(tmp_path: Path) -> None:
    data, unseen = (find("builtin:dungeon", count=8, size=16) for find in (open_dataset, open_unseen))
    assert unseen is not None
    assert not {each.digest for each in data.examples} & {each.digest for each in unseen.examples}
    against = yardstick(saved(data, tmp_path / "rooms", "markov"), data, unseen)
    assert against.held_out is not None
    assert against.held_out.digest == unseen.digest
    assert open_unseen(str(_text_level(tmp_path))) is None


def _text_level(folder: Path) -> Path:
    path = folder / "one.txt"
    path.write_text("####\n#..#\n#..#\n####\n")
    return path


def test_other_data_are_halved_and_said_to_be_others(halved: Checkpoint, whole: Checkpoint, blots: Dataset) -> None:
    others = open_dataset("builtin:dungeon", count=20, size=16, seed=7)
    against = yardstick(halved, others)
    assert not against.own
    assert "did not learn from" in against.words
    assert against.held_out is not None
    assert len(against.training) + len(against.held_out) == 20
    mirrored = tuple(Sprite(each.pixels[:, ::-1]) for each in blots.sprites)
    bare = replace(
        blots,
        examples=mirrored,
        spec=SpriteSpec(16, 16),
        labels=np.zeros((24, 0), np.uint8),
        source=blots.source.model_copy(update={"digest": "1" * 64}),
    )
    assert yardstick(whole, bare).training.labels.shape[1] == 2, "classes are those of the model"


def test_data_of_another_kind_are_refused(
    halved: Checkpoint, whole: Checkpoint, rooms: Dataset, blots: Dataset
) -> None:
    other = blots.source.model_copy(update={"digest": "1" * 64})
    small = replace(blots, spec=SpriteSpec(8, 8), source=other, labels=np.zeros((24, 0), np.uint8))
    for model, data, said in (
        (halved, blots, "makes levels"),
        (whole, rooms, "makes sprites"),
        (whole, small, "16 x 16 pixels"),
        (halved, open_dataset("builtin:platformer", count=2, size=16), "knows the tiles"),
    ):
        with pytest.raises(GenworldError, match=said):
            yardstick(model, data)


@pytest.mark.parametrize("name", ["halved", "whole"])
def test_without_data_what_needs_none_is_measured(name: str, request: pytest.FixtureRequest) -> None:
    checkpoint: Checkpoint = request.getfixturevalue(name)
    done = evaluate(sampling.opened(checkpoint), count=24, distinct=30)
    names = [figure.name for figure in done.report.figures]
    assert done.against == WITHOUT
    assert names[0] == "unique"
    assert names[-3:] == ["exact copies, by fingerprints", "near copies, by fingerprints", "distance, by fingerprints"]
    assert ("reachable after repair" in names) is (name == "halved")
    assert all(figure.ceiling is None for figure in done.report.figures)


def test_whoever_listens_can_end_it(whole: Checkpoint) -> None:
    def stop(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(sampling.opened(whole), count=24, told=stop)
