"""What is kept is whole, the same as it was, and there for everybody who looks."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from genworld import paths
from genworld.bench.hostile.seeds import LEGEND, TEXT, picture, tmx
from genworld.datasets import copies, open_dataset, store
from genworld.errors import GenworldError


def maps(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.txt").write_bytes(TEXT)
    (folder / "tiles.json").write_bytes(LEGEND)
    return folder


def sprites(folder: Path) -> Path:
    for name in ("elf/a.png", "elf/b.png", "orc/c.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture("PNG", 16, 16))
    return folder


def project(folder: Path) -> Path:
    folder.mkdir()
    (folder / "map.tmx").write_bytes(tmx() if isinstance(tmx(), bytes) else tmx().encode())
    (folder / "ground.png").write_bytes(picture("PNG"))
    (folder / "private.txt").write_text("nobody's concern")
    return folder


def left() -> list[str]:
    folder = paths.home() / "data"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_folder_outlives_its_source(tmp_path: Path) -> None:
    place = maps(tmp_path / "halls")
    before = open_dataset(str(place))
    kept = store.keep(place, title="Great Halls!", digest=before.digest)
    shutil.rmtree(place)
    data = open_dataset(f"data:{kept.name}")
    assert (kept.name, data.name, data.digest) == ("great-halls", "Great Halls!", before.digest)
    assert (kept.kind, kept.count, kept.reader, kept.files) == ("level", len(before), "text", 2)
    assert data.groups == before.groups


def test_a_list_tells_without_reading_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = store.keep(sprites(tmp_path / "people"), options={"licence": "CC0-1.0", "credit": "me"})
    for path in (paths.home() / "data" / kept.name / "files").rglob("*.png"):
        path.unlink()
    (listed,) = store.all()
    assert listed == kept == store.find(kept.name)
    assert (kept.sizes, kept.classes) == ("3 sprites of 16 x 16 pixels", ("elf", "orc"))
    assert (kept.licence, kept.credit, kept.sellable) == ("CC0-1.0", "me", True)


def test_the_same_twice_is_one(tmp_path: Path) -> None:
    place = sprites(tmp_path / "people")
    first = store.keep(place, title="People", options={"size": 16})
    assert store.keep(place, title="Other", options={"size": 16}) == first
    other = store.keep(place, title="People", options={"size": [8, 8]})
    assert (other.name, len(store.all())) == ("people-2", 2)
    assert open_dataset("data:people-2").digest == other.digest != first.digest


def test_options_hold_when_opened_again(tmp_path: Path) -> None:
    place = maps(tmp_path / "halls")
    wall = open_dataset(str(place)).levels[0].legend.tiles[0].name
    options = {"style": "platformer", "tags": {wall: ("solid", "hazard")}, "title": "Mine"}
    before = open_dataset(str(place), **options)
    kept = store.keep(place, options=options, digest=before.digest)
    assert open_dataset(f"data:{kept.name}").digest == before.digest
    assert json.loads((paths.home() / "data" / kept.name / "data.json").read_text())["options"]["style"] == "platformer"


def test_further_options_come_on_top(tmp_path: Path) -> None:
    kept = store.keep(sprites(tmp_path / "people"), options={"fit": "scale"})
    assert open_dataset(f"data:{kept.name}", size=8).spec.height == 8  # type: ignore[union-attr]
    with pytest.raises(GenworldError, match=r"no option of images data called 'sizes'\. Did you mean 'size'"):
        open_dataset(f"data:{kept.name}", sizes=8)


def test_a_zip_and_a_single_map_with_what_it_refers_to(tmp_path: Path) -> None:
    folder = project(tmp_path / "game")
    kept = store.keep(folder / "map.tmx")
    assert kept.place == "map.tmx"
    assert not list((paths.home() / "data").rglob("private.txt"))
    packed = tmp_path / "people.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("people/a.png", picture("PNG", 16, 16))
    assert store.keep(packed).place == "people.zip"
    assert len(open_dataset("data:people")) == 1


def test_a_single_text_level_brings_its_legend(tmp_path: Path) -> None:
    place = maps(tmp_path / "halls") / "a.txt"
    kept = store.keep(place)
    assert (kept.files, open_dataset(f"data:{kept.name}").digest) == (2, open_dataset(str(place)).digest)


def test_families_beside_a_folder_come_along(tmp_path: Path) -> None:
    place = sprites(tmp_path / "people")
    (tmp_path / "index.csv").write_text("file,family\npeople/elf/a.png,kin\npeople/orc/c.png,kin\n")
    before = open_dataset(str(place))
    kept = store.keep(place)
    assert open_dataset(f"data:{kept.name}").groups == before.groups
    assert before.groups.count("kin") == 2


def test_what_changed_since_it_was_shown_is_refused(tmp_path: Path) -> None:
    place = sprites(tmp_path / "people")
    with pytest.raises(GenworldError, match="changed meanwhile; look at it again"):
        store.keep(place, digest="0" * 64)
    assert left() == []


def test_what_somebody_changed_in_the_store_is_refused(tmp_path: Path) -> None:
    kept = store.keep(sprites(tmp_path / "people"))
    (store.place_of(kept) / "elf" / "a.png").write_bytes(picture("PNG", 16, 12))
    with pytest.raises(GenworldError, match="are not what was kept"):
        open_dataset(f"data:{kept.name}")


def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = sprites(tmp_path / "people")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))  # type: ignore[attr-defined]
    with pytest.raises(
        GenworldError, match=r"16\.\d MiB are needed in .*, but 0\.0 MiB are free there; free some space"
    ):
        store.keep(place)
    assert left() == []


@pytest.mark.parametrize("number", range(4))
def test_a_disk_that_fills_while_copying_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    place, real, calls = sprites(tmp_path / "people"), shutil.copyfile, iter(range(99))

    def full(*words: object) -> object:
        if next(calls) == number:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*words)  # type: ignore[call-overload]

    monkeypatch.setattr(shutil, "copyfile", full)
    if number == 3:  # there are three files
        monkeypatch.setattr(copies, "settle", lambda _: full())
    with pytest.raises(GenworldError, match="MiB are needed"):
        store.keep(place)
    assert left() == []
    monkeypatch.undo()


def test_a_copy_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.keep(sprites(tmp_path / "people"), watch=stop)
    assert left() == []


def test_what_a_killed_process_left_is_swept_after_an_hour(tmp_path: Path) -> None:
    old, new = (store.folder() / f".tmp-{name}" for name in ("old", "new"))
    for each in (old, new):
        each.mkdir(parents=True)
    os.utime(old, (time.time() - 4000,) * 2)
    store.keep(sprites(tmp_path / "people"))
    assert left() == [".tmp-new", "people"]
    assert [kept.name for kept in store.all()] == ["people"]


def keep_in_process(home: str, place: str, gate: object, title: str) -> None:
    os.environ["GENWORLD_HOME"] = home
    gate.wait()  # type: ignore[attr-defined]
    store.keep(place, title=title)


def test_two_processes_keep_at_once(tmp_path: Path, own_machine: Path) -> None:
    places = [str(sprites(tmp_path / "people")), str(maps(tmp_path / "halls"))]
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(4)
    running = [
        context.Process(target=keep_in_process, args=(str(own_machine), place, gate, "Same")) for place in places * 2
    ]
    for each in running:
        each.start()
    for each in running:
        each.join(60)
    assert [each.exitcode for each in running] == [0] * 4
    assert left() == ["same", "same-2"]
    assert {open_dataset(f"data:{kept.name}").spec.kind for kept in store.all()} == {"level", "sprite"}


def test_discarded_and_back_again(tmp_path: Path) -> None:
    kept = store.keep(sprites(tmp_path / "people"))
    label = store.discard(kept.name)
    assert (store.all(), (paths.home() / "trash" / label).is_dir()) == ([], True)
    assert store.restore(label) == kept
    assert open_dataset("data:people").digest == kept.digest
    again = store.discard("people")
    assert again != label
    store.keep(tmp_path / "people")
    with pytest.raises(GenworldError, match="other data called people by now"):
        store.restore(again)


@pytest.mark.parametrize(
    "label", ["", "..", "people-0123456789abcdef.data", "../models/x-0123456789abcdef.data", "people"]
)
def test_labels_that_nobody_gave(label: str) -> None:
    with pytest.raises(GenworldError, match="not in the trash any more"):
        store.restore(label)


@pytest.mark.parametrize("name", ["", "..", "../models", "people/../people", "PEOPLE", "\0", "x" * 99])
def test_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    store.keep(sprites(tmp_path / "people"))
    with pytest.raises(GenworldError, match="no kept data set called"):
        open_dataset(f"data:{name}")


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"name": "other"}, {"reader": "nobody"}, {"count": "many"}, {"extra": 1}, None],
)
def test_damaged_records_are_left_out(tmp_path: Path, change: dict[str, object] | None) -> None:
    kept = store.keep(sprites(tmp_path / "people"))
    path = paths.home() / "data" / kept.name / "data.json"
    path.write_text("{" if change is None else json.dumps({**json.loads(path.read_text()), **change}))
    assert store.all() == []
    with pytest.raises(GenworldError, match="no kept data set called 'people'"):
        store.find("people")


def test_a_record_that_points_outside_is_refused(tmp_path: Path) -> None:
    kept = store.keep(sprites(tmp_path / "people"))
    path = paths.home() / "data" / kept.name / "data.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "place": "../../../.."}))
    with pytest.raises(GenworldError, match="points outside"):
        open_dataset("data:people")


def test_what_no_reader_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place, told in ((tmp_path / "empty", "Expected maps or pictures"), (tmp_path / "none", "There is no folder")):
        with pytest.raises(GenworldError, match=told):
            store.keep(place)
    assert left() == []


def test_a_fault_names_the_place_that_was_given(tmp_path: Path) -> None:
    place = maps(tmp_path / "halls")
    shutil.copytree(place, place / "inner")
    with pytest.raises(GenworldError, match="2 legends") as refused:
        store.keep(place)
    assert ".tmp-" not in refused.value.sentence
    assert str(place) in refused.value.sentence


def test_too_much_is_refused_before_it_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MOST_BYTES", 10)
    with pytest.raises(GenworldError, match="are kept of one data set"):
        store.keep(sprites(tmp_path / "people"))
    assert left() == []


def test_options_that_json_cannot_hold(tmp_path: Path) -> None:
    with pytest.raises(GenworldError, match="Options are texts, numbers"):
        store.keep(sprites(tmp_path / "people"), options={"size": float("nan")})
