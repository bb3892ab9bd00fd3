"""What was dropped lies where it should, and nowhere else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genworld.errors import GenworldError
from genworld.limits import LIMITS
from genworld.mode import Mode
from genworld.ui import uploads
from genworld.ui.uploads import Sent, Upload

ROOM = LIMITS[Mode.PUBLIC]
Send = Callable[..., str]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "served"))
    return tmp_path / "served"


@pytest.fixture
def send(served: Path) -> Send:
    """Puts a file where Gradio's upload would, and gives its path."""

    def put(raw: bytes = b"x", name: str = "a.tmx") -> str:
        place = served / hashlib.sha256(raw).hexdigest() / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
        return str(place)

    return put


def test_files_lie_by_their_names(send: Send) -> None:
    upload = Upload.begin("My art")
    upload.add([Sent(send(b"map"), "game/maps/a.tmx"), Sent(send(b"art", "t.png"), "game/t.png")], ROOM)
    assert upload.files() == ["game/maps/a.tmx", "game/t.png"]
    assert (upload.place.name, (upload.place / "game/maps/a.tmx").read_bytes()) == ("My art", b"map")
    again = Upload.of(upload.token)
    again.add([Sent(send(b"more", "u.png"), "u.png")], ROOM)
    assert again.files() == ["game/maps/a.tmx", "game/t.png", "u.png"]
    again.forget()
    with pytest.raises(GenworldError, match="drop it again"):
        Upload.of(upload.token)


def test_a_folder_that_was_dropped_is_the_root(send: Send) -> None:
    upload = Upload.begin(uploads.title_of(["My game/maps/a.tmx", "My game/t.png"]))
    upload.add([Sent(send(), "My game/maps/a.tmx"), Sent(send(b"t", "t.png"), "My game/t.png")], ROOM)
    assert (upload.root.name, upload.files()) == ("My game", ["maps/a.tmx", "t.png"])
    upload.add([Sent(send(b"new"), "My game/maps/a.tmx")], ROOM)
    assert (upload.root / "maps/a.tmx").read_bytes() == b"new"


def test_what_gradio_sweeps_away_stays_here(send: Send) -> None:
    upload, path = Upload.begin("x"), send(b"map")
    upload.add([Sent(path, "a.tmx")], ROOM)
    Path(path).unlink()
    assert (upload.place / "a.tmx").read_bytes() == b"map"


def test_a_zip_that_came_alone_is_what_is_opened(send: Send) -> None:
    upload = Upload.begin("pack")
    upload.add([Sent(send(b"PK", "pack.zip"), "pack.zip")], ROOM)
    assert upload.place.name == "pack.zip"
    upload.add([Sent(send(b"t", "t.png"), "t.png")], ROOM)
    assert upload.place.is_dir()


def test_only_what_gradio_took_is_laid_down(send: Send, served: Path, tmp_path: Path) -> None:
    real = send(b"real")
    secret = tmp_path / "secret.tmx"
    secret.write_text("secret")
    link = Path(real).parent / "link.tmx"
    link.symlink_to(secret)
    folder_link = served / ("a" * 64)
    folder_link.symlink_to(tmp_path)
    loose = served / "loose.tmx"
    loose.write_text("x")
    other = Upload.begin("other")
    other.add([Sent(real, "a.tmx")], ROOM)
    upload = Upload.begin("x")
    for path in (
        str(secret),
        "/etc/passwd",
        str(link),
        str(folder_link / "secret.tmx"),
        str(loose),
        str(Path(real).parent),
        str(Path(real).parent / ".."),
        f"{Path(real).parent}/../../../secret.tmx",
        str(other.root / "a.tmx"),
        real + "\0.tmx",
        real[1:],
        "",
        None,
        7,
        [real],
    ):
        with pytest.raises(GenworldError, match="drop"):
            upload.add([Sent(path, "a.tmx")], ROOM)  # type: ignore[arg-type]
    assert upload.files() == []


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("a.tmx", "a.tmx"),
        ("/etc/a.tmx", "etc/a.tmx"),
        ("../../a.tmx", "a.tmx"),
        ("..\\..\\a.tmx", "a.tmx"),
        ("C:\\maps\\a.tmx", "C_/maps/a.tmx"),
        ("maps//./a\x00\n\u202e.tmx", "maps/a.tmx"),
        ("... /a.TMX", "a.TMX"),
        ("<img src=x onerror=hit()>.png", "_img src=x onerror=hit()_.png"),
        ("x" * 300 + ".tmx", "x" * 72 + ".tmx"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert uploads.cleaned(name) == clean


@pytest.mark.parametrize("name", ["", "..", "a", "a.exe", "a.tmx/", "/" * 17 + "a.mp3", "d/" * 16 + "a.tmx", None, 3])
def test_what_no_reader_wants_is_refused_in_a_sentence(name: object) -> None:
    if name == "a.tmx/":
        assert uploads.cleaned(name) == "a.tmx"
        return
    with pytest.raises(GenworldError, match="drop"):
        uploads.cleaned(name)


@given(st.text(max_size=60))
def test_no_name_leads_out(name: str) -> None:
    clean = uploads.cleaned(f"{name}/a.png")
    inside = Path("/root") / clean
    assert ".." not in inside.parts
    assert os.path.normpath(inside) == str(inside)
    assert clean.isprintable() or not clean.isascii()


def test_no_more_than_there_is_room_for(send: Send) -> None:
    upload = Upload.begin("x")
    few = replace(ROOM, upload_files=2)
    upload.add([Sent(send(), f"{index}.tmx") for index in range(2)], few)
    with pytest.raises(GenworldError, match="At most 2 files"):
        upload.add([Sent(send(), "2.tmx")], few)
    upload.add([Sent(send(b"new"), "1.tmx")], few)  # in the place of an older one
    with pytest.raises(GenworldError, match="At most 1 MB"):
        upload.add([Sent(send(b"x" * 2**20, "b.png"), "b.png")], replace(ROOM, upload_bytes=2**20))
    assert upload.files() == ["0.tmx", "1.tmx"]


def test_a_file_where_a_folder_is_is_said(send: Send) -> None:
    upload = Upload.begin("x")
    with pytest.raises(GenworldError, match="rename files"):
        upload.add([Sent(send(), "a.tmx/b.tmx"), Sent(send(), "a.tmx")], ROOM)


@pytest.mark.parametrize("token", ["", "..", "../x", "x" * 32, None, 5, ["x"]])
def test_a_token_that_is_none(served: Path, token: object) -> None:
    with pytest.raises(GenworldError, match="drop it again"):
        Upload.of(token)


def test_uploads_are_swept_after_an_hour(send: Send) -> None:
    upload = Upload.begin("x")
    upload.add([Sent(send(), "a.tmx")], ROOM)
    made = (uploads.folder() / upload.token).stat().st_mtime
    uploads.sweep(now=made + uploads.KEPT_SECONDS - 5)
    assert Upload.of(upload.token).files() == ["a.tmx"]
    uploads.sweep(now=made + uploads.KEPT_SECONDS + 5)
    with pytest.raises(GenworldError):
        Upload.of(upload.token)


def test_titles() -> None:
    assert uploads.title_of(["tiles.json", "first.txt"]) == "first"
    assert uploads.title_of(["a/x.tmx", "b/y.tmx"]) == "x"
    assert uploads.called("\u202e/..") == "Dropped"
