"""Models as zips: the same bytes each time, whole at the other end, and nothing of a hostile one is ever seen or left."""

from __future__ import annotations

import json
import os
import pickle
import re
import stat
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from genworld import checkpoint, limits, sampling
from genworld.checkpoint import MANIFEST, Checkpoint
from genworld.errors import GenworldError
from genworld.latent import learned
from genworld.mode import Mode
from genworld.stock import bundle, names, trash
from genworld.storage import sha256

Files = dict[str, bytes]


def unpacked(place: Path) -> Files:
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def laid(folder: Path, files: Files) -> Path:
    for name, raw in files.items():
        path = folder / name.removeprefix("caves/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def packed(place: Path, files: Files) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return place


@pytest.fixture
def files(caves: Checkpoint, tmp_path: Path) -> Files:
    """The files of an exported model that is not here any more."""
    found = unpacked(bundle.export("caves", tmp_path / "out"))
    trash.discard("caves")
    return found


@pytest.fixture
def nothing_left(own_machine: Path) -> Iterator[None]:
    """Whatever is refused leaves no model, no art, no file."""
    yield
    left = [path for part in ("models", "art") for path in (own_machine / part).rglob("*")]
    assert left == []


def test_an_export_is_the_same_bytes_and_nothing_but_the_model(caves: Checkpoint, tmp_path: Path) -> None:
    (caves.folder / "diary.txt").write_text("mine")
    (caves.folder / ".tmp-1").write_text("half")
    first = bundle.export("caves", tmp_path / "a").read_bytes()
    (caves.folder / MANIFEST).touch()
    assert bundle.export("caves", tmp_path / "b" / "c").read_bytes() == first
    inside = {name.removeprefix("caves/") for name in unpacked(tmp_path / "a" / "caves.zip")}
    explored = {f"explore/{path.name}" for path in (caves.folder / "explore").glob("*")}
    assert inside == {MANIFEST, "README.md", "preview.png", "sheet.png", caves.manifest.weights.file, *explored}
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["caves.zip"]


def test_training_state_and_earlier_steps_go_along_when_asked(caves: Checkpoint, tmp_path: Path) -> None:
    model = caves.load()
    run = caves.manifest.run.model_copy(update={"steps": 99, "seconds": 1.0})
    state = {"anything": torch.ones(3)}
    changed = {key: value * 2 if key.endswith("counts") else value for key, value in model.state_dict().items()}
    model.load_state_dict(changed)
    after = checkpoint.save(caves.folder, model, run=run, title="Caves", resume=state, keep=lambda _: True)
    plain = checkpoint.read(bundle_folder(bundle.export("caves", tmp_path / "a"), tmp_path / "x"))
    assert plain.manifest.resume is None
    assert checkpoint.earlier(plain) == []
    place = bundle.export("caves", tmp_path / "b", resumable=True)
    trash.discard("caves")
    arrival = bundle.bring(place)
    assert arrival.checkpoint.digest == after.digest
    assert torch.equal(arrival.checkpoint.load_state()["anything"], state["anything"])
    assert [each.digest for each in checkpoint.earlier(arrival.checkpoint)] == [caves.digest]
    assert checkpoint.by_digest(caves.digest).load() is not None


def bundle_folder(place: Path, to: Path) -> Path:
    with zipfile.ZipFile(place) as archive:
        archive.extractall(to)
    return to / place.stem


def test_what_comes_back_makes_the_same(caves: Checkpoint, tmp_path: Path) -> None:
    before = next(iter(sampling.sample(sampling.opened(caves), seed=4, count=1, size=(12, 12)))).example
    place = bundle.export("caves", tmp_path)
    trash.discard("caves")
    arrival = bundle.bring(place)
    assert arrival.new
    assert (arrival.checkpoint.name, arrival.checkpoint.title, arrival.checkpoint.digest) == (
        "caves",
        "Caves",
        caves.digest,
    )
    after = next(iter(sampling.sample(sampling.open_model("caves"), seed=4, count=1, size=(12, 12)))).example
    assert np.array_equal(after.tiles, before.tiles)
    assert sorted(path.name for path in checkpoint.models_home().iterdir()) == ["caves"]


def test_the_same_twice_is_said_and_not_kept(caves: Checkpoint, tmp_path: Path) -> None:
    place = bundle.export("caves", tmp_path)
    names.rename("caves", "Mine", to="mine")
    arrival = bundle.bring(place)
    assert not arrival.new
    assert arrival.checkpoint.name == "mine"
    assert [path.name for path in checkpoint.models_home().iterdir()] == ["mine"]


def test_a_name_that_is_taken_gets_a_number(caves: Checkpoint, files: Files, tmp_path: Path) -> None:
    (checkpoint.models_home() / "caves").mkdir()
    assert bundle.bring(packed(tmp_path / "in.zip", files)).checkpoint.name == "caves-2"


def test_a_zip_without_a_folder_and_a_folder_are_read_too(files: Files, tmp_path: Path) -> None:
    flat = {name.removeprefix("caves/"): raw for name, raw in files.items()}
    arrival = bundle.bring(packed(tmp_path / "in.zip", flat))
    trash.discard(arrival.checkpoint.name)
    assert bundle.bring(laid(tmp_path / "folder", files)).new


def test_words_of_strangers_are_plain(files: Files, tmp_path: Path) -> None:
    manifest = json.loads(files["caves/manifest.json"])
    manifest["title"], manifest["name"] = "Deep\u202e\n\x00caves" + "!" * 200, "../../etc"
    manifest["run"]["command"] = "genworld train x; rm -rf ~"
    manifest["run"]["data"]["url"] = "javascript:alert(1)"
    files["caves/manifest.json"] = json.dumps(manifest).encode()
    files["caves/README.md"] = b"<script>alert(1)</script>"
    found = bundle.bring(packed(tmp_path / "in.zip", files)).checkpoint
    assert found.title.startswith("Deep caves!")
    assert len(found.title) == limits.NAME_LENGTH
    assert found.folder.parent == checkpoint.models_home()
    assert (found.manifest.run.command, found.manifest.run.data.url) == ("", "")
    card = (found.folder / "README.md").read_text(encoding="utf-8")
    assert "<script>" not in card
    assert "rm -rf" not in card


def test_sliders_of_another_model_stay_outside(files: Files, tmp_path: Path) -> None:
    files["caves/explore/survey.safetensors"] = save({"a": torch.ones(2)})
    found = bundle.bring(packed(tmp_path / "in.zip", files)).checkpoint
    kept = {path.name for path in (found.folder / "explore").glob("*")}
    assert kept == {"training.safetensors", "fingerprints.safetensors"}


def test_a_zip_brings_the_fingerprints_along(files: Files, tmp_path: Path) -> None:
    found = bundle.bring(packed(tmp_path / "in.zip", files)).checkpoint
    prints = learned.of(found)
    assert prints is not None
    assert prints.total > 4
    assert (prints.height, prints.width) == (16, 16)


# -- what is refused


class Canary:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize(
    "name", ["model.pt", "model.ckpt", "model.zip", "model.safetensors", "model.png", "manifest.json"]
)
@pytest.mark.parametrize("protocol", [0, 2, 4, "torch"])
@pytest.mark.usefixtures("nothing_left")
def test_pickles_are_refused_by_name_and_content(tmp_path: Path, name: str, protocol: int | str) -> None:
    canary, place = tmp_path / "canary", tmp_path / name
    raw = pickle.dumps(Canary(canary), 2 if protocol == "torch" else protocol)  # type: ignore[arg-type]
    if protocol == "torch":
        packed(place, {"archive/data.pkl": raw, "archive/version": b"3"})
    else:
        place.write_bytes(raw)
    with pytest.raises(GenworldError, match=r"pickle.*genworld models export|neither"):
        bundle.bring(place)
    assert not canary.exists()


def weights_of(files: Files) -> str:
    return next(name for name in files if re.fullmatch(r"caves/[0-9a-f]{64}\.safetensors", name))


def reworked(files: Files, change: Callable[[dict[str, torch.Tensor]], None]) -> None:
    """Other weights, with a manifest that names them."""
    old = weights_of(files)
    tensors = load(files.pop(old))
    change(tensors)
    raw = save(tensors)
    files[f"caves/{sha256(raw)}.safetensors"] = raw
    manifest = json.loads(files["caves/manifest.json"])
    manifest["weights"] = {"sha256": sha256(raw), "bytes": len(raw)}
    files["caves/manifest.json"] = json.dumps(manifest).encode()


def with_manifest(**changes: Any) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        manifest = {**json.loads(files["caves/manifest.json"]), **changes}
        files["caves/manifest.json"] = json.dumps(manifest).encode()

    return change


def adding(name: str, raw: bytes = b"x") -> Callable[[Files], None]:
    return lambda files: files.update({name: raw})


def without(part: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        for name in [name for name in files if name.endswith(part)]:
            del files[name]

    return change


def flipped(part: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        name = next(name for name in files if name.endswith(part))
        files[name] = files[name][:-3] + bytes([files[name][-3] ^ 1]) + files[name][-2:]

    return change


def not_finite(files: Files) -> None:
    def change(tensors: dict[str, torch.Tensor]) -> None:
        for value in tensors.values():
            if value.is_floating_point():
                value.view(-1)[0] = float("nan")

    reworked(files, change)


def lacking_one(tensors: dict[str, torch.Tensor]) -> None:
    del tensors[next(iter(tensors))]


HOSTILE: dict[str, Callable[[Files], None]] = {
    "no manifest": without("manifest.json"),
    "two manifests": adding("other/manifest.json", b"{}"),
    "no weights": lambda files: without(weights_of(files))(files),
    "weights changed": lambda files: flipped(weights_of(files))(files),
    "weights of others": lambda files: reworked(files, lambda tensors: tensors.update(more=torch.ones(2))),
    "weights that lack one": lambda files: reworked(files, lacking_one),
    "weights of another type": lambda files: reworked(
        files, lambda tensors: tensors.update({key: each.to(torch.float16) for key, each in tensors.items()})
    ),
    "weights that are not finite": not_finite,
    "other weights under the old digest": lambda files: reworked(
        files, lambda tensors: tensors.update({key: each.flip(0) for key, each in tensors.items()})
    ),
    "a digest that lies": with_manifest(digest="0" * 64),
    "a family that is none": with_manifest(family="os.system"),
    "a format from tomorrow": with_manifest(format=9),
    "an unknown key": with_manifest(code="import os"),
    "settings that are none": with_manifest(config={"order": 10**9}),
    "figures that are none": with_manifest(measures={"figures": "<b>"}),
    "training state that is missing": with_manifest(resume={"sha256": "1" * 64, "bytes": 8}),
    "spare tensors": adding(f"caves/{'0' * 64}.safetensors", save({"a": torch.ones(1)})),
    "a program": adding("caves/setup.py", b"import os"),
    "a pickle beside it": adding("caves/optimizer.pt", b"\x80\x04x"),
    "a pickle called otherwise": adding("caves/LICENCE.txt", b"\x80\x04\x95x"),
    "an archive inside": adding("caves/more.zip", b"PK\x05\x06" + bytes(18)),
    "a name that escapes": adding("caves/../../escaped.txt"),
    "a name from the root": adding("/etc/cron.d/x"),
    "a name of windows": adding("caves\\..\\x"),
    "a picture that is none": adding("caves/preview.png", b"<svg onload=alert(1)>"),
    "a replay that is none": adding("caves/replay.json", b'{"format": 1}'),
    "frames without a replay": adding("caves/replay.safetensors", save({"a": torch.ones(2)})),
    "an earlier step that is none": adding(f"caves/steps/{'2' * 64}.json", b"{}"),
    "art of nothing": adding(f"caves/{'3' * 64}.art", b"PK\x05\x06" + bytes(18)),
    "a bomb": adding("caves/LICENCE.txt", b"a" * 900_000),
    "a manifest of NaN": adding("caves/manifest.json", b'{"format": NaN}'),
    "a manifest too deep": adding("caves/manifest.json", b"[" * 9_000 + b"]" * 9_000),
}


@pytest.mark.parametrize("fault", HOSTILE)
@pytest.mark.usefixtures("nothing_left")
def test_what_is_hostile_is_refused_in_a_sentence(files: Files, tmp_path: Path, fault: str) -> None:
    HOSTILE[fault](files)
    place = packed(tmp_path / "in.zip", files)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(GenworldError):
        bundle.bring(place)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("nothing_left")
def test_links_twins_and_locks_are_refused(files: Files, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("caves/LICENCE")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    place = packed(tmp_path / "link.zip", files)
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    twin = packed(tmp_path / "twin.zip", files)
    with warnings.catch_warnings(), zipfile.ZipFile(twin, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("caves/manifest.json", b"{}")
    folder = laid(tmp_path / "folder", files)
    (folder / "LICENCE").symlink_to("/etc/hostname")
    for path, why in ((place, "is a link"), (twin, "twice"), (folder, "is a link")):
        with pytest.raises(GenworldError, match=why):
            bundle.bring(path)


@pytest.mark.usefixtures("nothing_left")
def test_a_network_larger_than_its_weights_is_never_made(tmp_path: Path, caves: Checkpoint) -> None:
    trash.discard("caves")
    source = checkpoint.find("dungeon")
    found = {name: path.read_bytes() for name, path in bundle.parts.files(source).items() if "explore" not in name}
    manifest = json.loads(found[MANIFEST])
    sizes = {key: value for key, value in manifest["config"].items() if isinstance(value, int) and value > 8}
    manifest["config"].update({key: 2 * value for key, value in sizes.items() if "channel" in key or "width" in key})
    assert manifest["config"] != source.manifest.config
    found[MANIFEST] = json.dumps(manifest).encode()
    with pytest.raises(GenworldError, match=r"settings ask for|came as"):
        bundle.bring(packed(tmp_path / "in.zip", found))


@pytest.mark.usefixtures("nothing_left")
def test_models_are_imported_on_an_own_machine_alone(files: Files, tmp_path: Path) -> None:
    with pytest.raises(GenworldError, match="public page"):
        bundle.bring(packed(tmp_path / "in.zip", files), mode=Mode.PUBLIC)


@pytest.mark.usefixtures("nothing_left")
def test_a_disk_that_refuses_leaves_nothing(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = packed(tmp_path / "in.zip", files)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for broken in ("os.fsync", "genworld.stock.own.sync_folder", "pathlib.Path.replace"):
        with monkeypatch.context() as disk:
            disk.setattr(broken, full)
            if broken == "genworld.stock.own.sync_folder":
                continue  # the model is there by then
            with pytest.raises(GenworldError, match="No space left"):
                bundle.bring(place)


def test_an_export_to_a_full_disk_leaves_the_old_one(
    caves: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = bundle.export("caves", tmp_path)
    before = place.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        with pytest.raises(GenworldError, match="No space left"):
            bundle.export("caves", tmp_path)
    assert place.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "caves"))] == ["caves.zip"]


def test_a_damaged_model_is_not_exported(caves: Checkpoint, tmp_path: Path) -> None:
    path = caves.folder / caves.manifest.weights.file
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(GenworldError, match="damaged"):
        bundle.export("caves", tmp_path)


def test_every_truncation_is_a_sentence(files: Files, tmp_path: Path, own_machine: Path) -> None:
    whole = packed(tmp_path / "in.zip", files).read_bytes()
    for part in range(64):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(whole[: len(whole) * part // 64])
        with pytest.raises(GenworldError):
            bundle.bring(cut)
    assert not list((own_machine / "models").iterdir())


def test_what_a_killed_import_left_is_gone_after_a_later_one(files: Files, tmp_path: Path) -> None:
    stages = [checkpoint.models_home() / f".arriving-{which}" for which in ("old", "young")]
    for stage in stages:
        stage.mkdir(parents=True)
        (stage / "manifest.json").write_text("{}")
    os.utime(stages[0], (0, 0))
    bundle.bring(packed(tmp_path / "caves.zip", files))
    assert [stage.exists() for stage in stages] == [False, True]
