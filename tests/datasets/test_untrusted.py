"""Hostile input ends in one plain sentence; honest input is read as it is."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from genworld import limits
from genworld.datasets.untrusted import open_bundle, read_json, read_picture, read_text
from genworld.errors import GenworldError


def png(width: int = 4, height: int = 3, colour: tuple[int, int, int, int] = (200, 10, 20, 255)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with_header(width: int, height: int) -> bytes:
    """A tiny file that claims any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members:
            archive.writestr(name, raw, zipfile.ZIP_DEFLATED)
    return path


def read_all(path: Path) -> dict[str, bytes]:
    with open_bundle(path) as bundle:
        return {name: bundle.read(name) for name in bundle.names}


def refused(path: Path) -> str:
    with pytest.raises(GenworldError) as caught:
        read_all(path)
    assert "\n" not in caught.value.sentence
    return caught.value.sentence


def test_folder_and_zip_give_the_same_files(tmp_path: Path) -> None:
    folder = tmp_path / "art"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "one.png").write_bytes(b"1")
    (folder / "two.txt").write_bytes(b"2")
    (folder / ".hidden").write_bytes(b"3")
    archive = zipped(
        tmp_path / "art.zip", ("a/one.png", b"1"), ("two.txt", b"2"), ("__MACOSX/two.txt", b"x"), (".hidden", b"3")
    )
    assert read_all(folder) == read_all(archive) == {"a/one.png": b"1", "two.txt": b"2"}


@pytest.mark.parametrize(
    "name",
    [
        "../evil.png",
        "a/../../evil.png",
        "/etc/evil.png",
        "C:\\evil.png",
        "C:evil.png",
        "a\\..\\evil.png",
        "\\\\x\\evil.png",
        "..",
        "a/..",
        "evil\x07.png",
    ],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "slip.zip", ("good.png", png()), (name, png()))
    assert "leads out of the zip" in refused(path)
    assert sorted(child.name for child in tmp_path.iterdir()) == ["slip.zip"]


def test_name_with_a_null_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "null.zip", ("evil_.png", png()))
    path.write_bytes(path.read_bytes().replace(b"evil_.png", b"evil\0.png"))
    assert "leads out of the zip" in refused(path)


def test_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    assert "is a link" in refused(zipped(tmp_path / "link.zip", (link, b"/etc/passwd")))


def test_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "locked.zip", ("a.png", png()))
    raw = bytearray(path.read_bytes())
    raw[6] |= 1  # the flag in the local header
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    path.write_bytes(raw)
    assert "is encrypted" in refused(path)


def test_archive_inside_is_refused(tmp_path: Path) -> None:
    assert "archive inside" in refused(zipped(tmp_path / "nest.zip", ("more.ZIP", b"PK")))


def test_same_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path / "twice.zip", ("a.png", png()), ("a.png", png()))
    assert "twice" in refused(path)


def test_unusual_packing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bz.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.png", png())
    assert "unusual" in refused(path)


def test_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", ("zeros.txt", bytes(6 * limits.MIB)))
    assert path.stat().st_size < 10_000
    assert "only a bomb does" in refused(path)


def test_many_small_bombs_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "swarm.zip", *((f"{index}.txt", bytes(60_000)) for index in range(200)))
    assert "only a bomb does" in refused(path)


def test_small_file_of_one_character_is_no_bomb(tmp_path: Path) -> None:
    raw = b"#" * 60_000
    assert read_all(zipped(tmp_path / "walls.zip", ("walls.txt", raw))) == {"walls.txt": raw}


def test_member_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZIP_MEMBER_BYTES", 100)
    assert "larger than the 100 bytes" in refused(zipped(tmp_path / "big.zip", ("a.txt", b"x" * 101)))


def test_lying_size_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "lie.zip", ("a.txt", bytes(range(256)) * 40))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(raw)
    assert "damaged" in refused(path)


@pytest.mark.parametrize("what", ["members", "total"])
def test_counts_and_sums_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    members = [(f"{index}.txt", bytes([index]) * 50) for index in range(20)]
    path = zipped(tmp_path / "many.zip", *members)
    if what == "members":
        monkeypatch.setattr(limits, "ZIP_MEMBERS", 9)
        assert "more than 9 files" in refused(path)
    else:
        folder = tmp_path / "many"
        folder.mkdir()
        for name, raw in members:
            (folder / name).write_bytes(raw)
        monkeypatch.setattr(limits, "ZIP_TOTAL_BYTES", 900)
        assert "larger than the 900 bytes" in refused(folder)


def test_cut_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "cut.zip", ("a.png", png(64, 64)), ("b.png", png()))
    raw = path.read_bytes()
    for length in range(0, len(raw), len(raw) // 16):
        path.write_bytes(raw[:length])
        refused(path)


def test_missing_place_is_told(tmp_path: Path) -> None:
    assert "There is no folder or file" in refused(tmp_path / "nothing")


@settings(max_examples=60, deadline=None)
@given(raw=st.binary(max_size=300), at=st.integers(0, 400), cut=st.integers(0, 40))
def test_any_bytes_in_a_zip_end_in_a_result_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, at: int, cut: int
) -> None:
    path = zipped(tmp_path_factory.mktemp("fuzz") / "fuzz.zip", ("a/b.txt", b"hello " * 9), ("c.png", png()))
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + raw[:cut] + whole[at + len(raw[:cut]) :])
    with contextlib.suppress(GenworldError):
        read_all(path)


def test_pictures_of_every_format_are_read() -> None:
    image = Image.new("RGB", (5, 4), (250, 10, 20))
    for kind in ("PNG", "GIF", "BMP", "WEBP", "JPEG"):
        out = io.BytesIO()
        image.save(out, kind)
        pixels = read_picture(out.getvalue(), kind)
        assert pixels.shape == (4, 5, 4)
        assert pixels.dtype == np.uint8
        assert abs(int(pixels[0, 0, 0]) - 250) < 12
        assert (pixels[..., 3] == 255).all()


def test_first_frame_counts() -> None:
    frames = [Image.new("RGB", (3, 3), colour) for colour in ((255, 0, 0), (0, 255, 0))]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert read_picture(out.getvalue(), "x")[0, 0].tolist() == [255, 0, 0, 255]


def test_grey_of_16_bits_is_scaled_not_clipped() -> None:
    out = io.BytesIO()
    Image.fromarray(np.array([[0, 0x8000], [0xFFFF, 0x4000]], np.uint16)).save(out, "PNG")
    assert read_picture(out.getvalue(), "x")[..., 0].tolist() == [[0, 0x80], [0xFF, 0x40]]


def test_transparent_palette_is_read() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((1, 0), 1)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0)
    assert read_picture(out.getvalue(), "x")[0].tolist() == [[255, 0, 0, 0], [0, 255, 0, 255]]


@pytest.mark.parametrize(
    ("width", "height"), [(12_000, 12_000), (2**31 - 1, 2**31 - 1), (40_000, 5000), (1, 20_000_000)]
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_huge_header_is_refused_before_decoding(width: int, height: int) -> None:
    with pytest.raises(GenworldError):
        read_picture(png_with_header(width, height), "huge.png")


@pytest.mark.parametrize("raw", [b"", b"MZ not a picture", png_with_header(0, 4), b"<svg xmlns='x'/>", b"%PDF-1.4"])
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(GenworldError, match="not a whole picture"):
        read_picture(raw, "x.png")


def test_truncated_picture_is_refused() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 4), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    raw = out.getvalue()
    for share in range(1, 16):
        with pytest.raises(GenworldError):
            read_picture(raw[: len(raw) * share // 16], "cut.png")


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 90), raw=st.binary(min_size=1, max_size=12))
def test_any_bytes_in_a_picture_end_in_a_result_or_a_sentence(at: int, raw: bytes) -> None:
    whole = png()
    try:
        pixels = read_picture(whole[:at] + raw + whole[at + len(raw) :], "fuzz.png")
    except GenworldError:
        return
    assert pixels.shape[2] == 4


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"[" * 100_000, "deep"),
        (b"[" * 100 + b"]" * 100, "deep"),
        (b'{"a":' * 5000, "deep"),
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[1e999]", "too large"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"1" * 5000, "not valid JSON"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b"\xff\xfe", "UTF-8"),
        (b"{", "not valid JSON"),
        (b"", "not valid JSON"),
    ],
)
def test_hostile_json_is_refused(raw: bytes, part: str) -> None:
    with pytest.raises(GenworldError) as caught:
        read_json(raw, "x.json")
    assert part in caught.value.sentence
    assert len(caught.value.sentence) < 400


def test_large_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MANIFEST_BYTES", 10)
    with pytest.raises(GenworldError, match="larger"):
        read_json(b"[1,2,3,4,5,6]", "x.json")


@settings(max_examples=150, deadline=None)
@given(
    raw=st.one_of(
        st.binary(max_size=60), st.text(alphabet='[]{}",:0123456789eE+-.\\undtrufalse ', max_size=60).map(str.encode)
    )
)
def test_any_bytes_as_json_end_in_a_result_or_a_sentence(raw: bytes) -> None:
    try:
        value = read_json(raw, "fuzz.json")
    except GenworldError:
        return
    assert json.loads(json.dumps(value, allow_nan=False)) == value


def test_text_loses_its_mark_and_nothing_else() -> None:
    assert read_text(b"\xef\xbb\xbf # \r\n#  \n", "x") == " # \n#  \n"
