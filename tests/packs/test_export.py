"""Exporting: manifest, licences in words, the same bytes again, all or nothing."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pack_samples import FREE, Unpacked, item, level, some_items, sprite
from PIL import Image

from genworld.content import Sprite
from genworld.errors import GenworldError
from genworld.finishing import Palette
from genworld.library import Item
from genworld.packs import FORMATS, export, licences, slugs
from genworld.packs.archive import zip_bytes
from genworld.provenance import ORIGIN, DataSource

CREDITED = DataSource(name="trees", licence="CC-BY-4.0", credit="Trees by Ann\nExample", sellable=True)
UNKNOWN = DataSource(name="my sprites", licence="unknown")
FORBIDDEN = DataSource(name="old games", licence="proprietary", sellable=False)


def made(items: list[Item], folder: Path, name: str = "Test pack") -> Path:
    return export(items, name=name, format="tiled", folder=folder)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_manifest_tells_the_truth(kind: str, tmp_path: Path) -> None:
    items = some_items(2, 3)
    path = export(items, name="Äpfel & Birnen", format=kind, folder=tmp_path)
    assert path == tmp_path / "apfel-birnen.zip"
    unpacked = Unpacked.of(path, tmp_path / "out")
    manifest = json.loads((unpacked.root / "manifest.json").read_text())
    assert (manifest["format"], manifest["version"], manifest["kind"]) == ("genworld-pack", 1, kind)
    assert manifest["name"] == "Äpfel & Birnen"
    there = {str(file.relative_to(unpacked.root)) for file in unpacked.root.rglob("*") if file.is_file()}
    assert {file["path"] for file in manifest["files"]} == there - {"manifest.json"}
    for file in manifest["files"]:
        data = (unpacked.root / file["path"]).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (file["sha256"], file["bytes"])
    for entry, each in zip(manifest["items"], items, strict=True):
        assert (entry["kind"], entry["name"], entry["digest"]) == (each.kind, each.name, each.digest)
        assert ORIGIN.validate_python(entry["origin"]) == each.origin
        assert entry["origin_in_words"].startswith("Sample ")
        assert DataSource(**manifest["sources"][entry["source"]]) == each.source
        assert entry["files"]
        assert set(entry["files"]) <= there


@pytest.mark.parametrize("kind", FORMATS)
def test_sprites_are_locked_to_a_palette_and_tell_of_it(kind: str, tmp_path: Path) -> None:
    items, palette = some_items(1, 2), Palette("two", ("000000", "ff8000"))
    path = export(items, name="Locked", format=kind, folder=tmp_path, palette=palette)
    unpacked = Unpacked.of(path, tmp_path / "out")
    level, *sprites = json.loads((unpacked.root / "manifest.json").read_text())["items"]
    assert level["digest"] == items[0].digest
    for entry, each in zip(sprites, items[1:], strict=True):
        assert entry["origin"]["kind"] == "finish"
        assert entry["digest"] != each.digest
        assert "2 colours of a palette" in entry["origin_in_words"]
        pixels = np.asarray(Image.open(unpacked.root / entry["files"][0]).convert("RGBA"))
        assert Sprite(pixels).digest == entry["digest"]
        colours = {tuple(colour) for colour in pixels[pixels[..., 3] > 0][:, :3].tolist()}
        assert colours <= {(0, 0, 0), (255, 128, 0)}


def test_the_same_items_give_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for turn in ("one", "two"):
        with zipfile.ZipFile(made(some_items(2, 3), tmp_path / turn)) as archive:
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        manifest = json.loads(files.pop("test-pack/manifest.json"))
        del manifest["created"]
        contents.append((list(files.items()), manifest))
    assert contents[0] == contents[1]


def test_items_of_one_id_and_name_are_all_there(tmp_path: Path) -> None:
    items = [item(1, sprite(1), name="a"), item(1, sprite(2), name="a"), item(1, level(1), name="a")]
    unpacked = Unpacked.of(made(items, tmp_path), tmp_path / "out")
    manifest = json.loads((unpacked.root / "manifest.json").read_text())
    assert [entry["files"][0] for entry in manifest["items"]] == [
        "sprites/01-a.png",
        "sprites/02-a.png",
        "levels/01-a.tmx",
    ]


@pytest.mark.parametrize(
    ("sources", "answer"),
    [
        ([FREE], "Yes."),
        ([FREE, CREDITED], "Yes, with this credit line: Trees by Ann Example"),
        (
            [CREDITED, UNKNOWN],
            "Unknown: nobody said whether what was made from my sprites (licence: unknown) may be sold.",
        ),
        ([UNKNOWN, FORBIDDEN, FREE], "No: old games (licence: proprietary) may not be sold."),
        ([CREDITED, licences.TILESET_ART], "Yes, with this credit line: Trees by Ann Example"),
    ],
)
def test_may_i_sell_this(sources: list[DataSource], answer: str) -> None:
    assert licences.may_i_sell_this(sources).startswith(answer)


def test_the_readme_answers_for_people(tmp_path: Path) -> None:
    items = [item(1, sprite(1), source=CREDITED), item(2, level(1), name="<i>Crypt</i>")]
    unpacked = Unpacked.of(made(items, tmp_path), tmp_path / "out")
    text = (unpacked.root / "README.txt").read_text()
    for wanted in (
        "1 level and 1 sprite",
        "Tiled",
        "May I sell this?",
        "Trees by Ann Example",
        "<i>Crypt</i>",
        "CC-BY-4.0",
    ):
        assert wanted in text


def test_sprites_alone_need_no_credit_for_our_art(tmp_path: Path) -> None:
    unpacked = Unpacked.of(made([item(1, sprite(1))], tmp_path), tmp_path / "out")
    manifest = json.loads((unpacked.root / "manifest.json").read_text())
    assert (manifest["may_i_sell_this"], manifest["credits"]) == ("Yes.", [])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": []}, "at least one item"),
        ({"format": "tield"}, "Did you mean 'tiled'"),
        ({"name": " \u202e"}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 81}, "at most 80"),
    ],
)
def test_what_cannot_be_exported_is_told_and_nothing_written(
    change: dict[str, object], words: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    wanted: dict[str, object] = {
        "items": [item(1, sprite(1))],
        "name": "x",
        "format": "tiled",
        "folder": folder,
        **change,
    }
    with pytest.raises(GenworldError, match=words):
        export(wanted.pop("items"), **wanted)  # type: ignore[arg-type]
    assert not folder.exists()


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GenworldError, match="file"):
        made([item(1, sprite(1))], tmp_path / "file" / "packs")


def test_a_write_that_fails_leaves_the_old_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made([item(1, sprite(1))], tmp_path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(GenworldError, match="No space left"):
        made([item(2, sprite(2))], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before


@given(st.text())
def test_a_slug_is_plain_and_short(name: str) -> None:
    made = slugs.slug(name, "item")
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 1 <= len(made) <= slugs.LENGTH
    assert made[0] != "-"


@pytest.mark.parametrize("name", ["con", "NUL", "Com1", "lpt9"])
def test_no_file_has_a_name_that_windows_reserves(name: str) -> None:
    assert slugs.slug(name, "item") == f"{name.lower()}-item"


def test_numbers_have_room_for_all() -> None:
    assert slugs.numbered(["a"] * 100, "x")[99] == "100-a"
    assert slugs.numbered(["a"] * 100, "x")[0] == "001-a"


def test_exporting_never_loads_torch() -> None:
    code = "import sys, genworld.packs; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("levels", "sprites", "told"), [(1, 0, {"levels/"}), (0, 1, {"sprites/"}), (1, 1, {"levels/", "sprites/"})]
)
def test_the_readme_explains_only_what_is_there(levels: int, sprites: int, told: set[str], tmp_path: Path) -> None:
    with zipfile.ZipFile(made(some_items(levels, sprites), tmp_path)) as pack:
        name = next(name for name in pack.namelist() if name.endswith("README.txt"))
        opening = pack.read(name).decode().split("How to open it")[1].split("May I sell this?")[0]
    assert {folder for folder in ("levels/", "sprites/") if folder in opening} == told
    assert "Unpack the zip." in opening


@pytest.mark.parametrize("path", ["../evil.tmx", "a/../../evil.tmx", "/etc/evil", "C:evil.tmx", "a\\..\\evil", ""])
def test_no_file_of_a_pack_leads_out_of_it(path: str) -> None:
    with pytest.raises(GenworldError, match="inside its folder"):
        zip_bytes("pack", {"README.txt": b"", path: b""})
