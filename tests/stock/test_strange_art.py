"""A person's own tileset goes along with a model, and art of strangers is looked at before it is let in."""

from __future__ import annotations

import json
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from genworld import art, checkpoint, learning
from genworld.art import TiledArt
from genworld.art.store import to_bytes
from genworld.checkpoint import Checkpoint
from genworld.content import LevelSpec
from genworld.datasets import open_dataset
from genworld.errors import GenworldError
from genworld.stock import bundle, trash

sys.path.insert(0, str(Path(__file__).parents[1] / "datasets"))
from tiled_samples import cave, write_project  # type: ignore[import-not-found]


@pytest.fixture
def drawn(tmp_path: Path) -> Checkpoint:
    """A model of a person's own map, drawn with its tileset."""
    place = write_project(tmp_path / "project", cave())
    return learning.learn(open_dataset(str(place)), title="Own cave")


def reference(found: Checkpoint) -> str:
    assert isinstance(found.spec, LevelSpec)
    return found.spec.legend.tileset


def forget(home: Path, found: Checkpoint) -> None:
    """This machine never saw the model."""
    trash.discard(found.name)
    for path in (home / "art").glob("*"):
        path.unlink()
    art.store._load.cache_clear()


def with_art(found: Checkpoint, place: Path, other: TiledArt) -> Path:
    """The export of a model with another art in place of its own, all digests right."""
    old, raw = reference(found).removeprefix(art.PREFIX), to_bytes(other)
    manifest = json.loads((found.folder / "manifest.json").read_text())
    manifest["spec"]["legend"]["tileset"], manifest["resume"] = other.reference, None
    # The digest covers the art's; whoever changes one changes both.
    weights = checkpoint.Manifest.model_validate(manifest).weights
    manifest["digest"] = checkpoint.record.digest_of(found.family, manifest["spec"], manifest["config"], weights)
    exported = bundle.export(found.name, place.parent / "out")
    with zipfile.ZipFile(exported) as before, zipfile.ZipFile(place, "w") as after:
        for name in before.namelist():
            if name.endswith("manifest.json"):
                after.writestr(name, json.dumps(manifest))
            elif not name.endswith(f"{old}.art") and "/explore/" not in name:
                after.writestr(name, before.read(name))
        after.writestr(f"{found.name}/{other.digest}.art", raw)
    return place


def test_own_art_goes_along(drawn: Checkpoint, tmp_path: Path, own_machine: Path) -> None:
    own = art.get(reference(drawn))
    place = bundle.export(drawn.name, tmp_path)
    forget(own_machine, drawn)
    arrival = bundle.bring(place)
    assert not list((own_machine / "art").glob("*"))
    arrival.checkpoint.load()
    assert art.get(reference(arrival.checkpoint)).files() == own.files()


def test_a_model_without_its_art_is_refused(drawn: Checkpoint, tmp_path: Path, own_machine: Path) -> None:
    place = bundle.export(drawn.name, tmp_path)
    bare = tmp_path / "bare.zip"
    with zipfile.ZipFile(place) as before, zipfile.ZipFile(bare, "w") as after:
        for name in before.namelist():
            if not name.endswith(".art"):
                after.writestr(name, before.read(name))
    forget(own_machine, drawn)
    with pytest.raises(GenworldError, match="not on this machine"):
        bundle.bring(bare)


def test_art_that_is_what_it_says_comes_in(drawn: Checkpoint, tmp_path: Path, own_machine: Path) -> None:
    own = art.get(reference(drawn))
    assert isinstance(own, TiledArt)
    place = with_art(drawn, tmp_path / "in.zip", replace(own, place="other/cave.tmx"))
    forget(own_machine, drawn)
    assert bundle.bring(place).new


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        (".git/hooks/post-checkout", b"#!/bin/sh"),
        ("run.sh", b"#!/bin/sh"),
        ("tiles.png", b"<svg onload=alert(1)>"),
        ("tiles.tsx", b'<!DOCTYPE x [<!ENTITY e "e">]><tileset name="&e;"/>'),
        ("tiles.tsj", b'{"a": NaN}'),
    ],
)
def test_art_lays_nothing_but_art_into_a_project(
    drawn: Checkpoint, tmp_path: Path, own_machine: Path, path: str, raw: bytes
) -> None:
    own = art.get(reference(drawn))
    assert isinstance(own, TiledArt)
    place = with_art(drawn, tmp_path / "in.zip", replace(own, beside={**own.beside, path: raw}))
    forget(own_machine, drawn)
    with pytest.raises(GenworldError, match="could not be verified"):
        bundle.bring(place)
    assert not [*(own_machine / "art").glob("*"), *(own_machine / "models").glob("*")]


def test_art_that_cannot_be_drawn_is_refused(drawn: Checkpoint, tmp_path: Path, own_machine: Path) -> None:
    own = art.get(reference(drawn))
    assert isinstance(own, TiledArt)
    place = with_art(drawn, tmp_path / "in.zip", replace(own, stacks=own.stacks[:1]))
    forget(own_machine, drawn)
    with pytest.raises(GenworldError, match="could not be verified"):
        bundle.bring(place)
