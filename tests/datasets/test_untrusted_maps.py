"""XML, packed data, references, single files: what a map of a stranger is read with."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib
from pathlib import Path
from xml.etree.ElementTree import fromstring, tostring

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from genworld import limits
from genworld.datasets.untrusted import inflate, open_bundle, read_json, read_xml, resolve
from genworld.errors import GenworldError

MAP = '<map a="1 &amp; 2"><!-- no --><layer>1,2,é</layer><layer/>tail<![CDATA[<3]]></map>'
PACK = {"zlib": zlib.compress, "gzip": gzip.compress, "zstd": zstd.compress}


def refused(raw: bytes) -> str:
    with pytest.raises(GenworldError) as caught:
        read_xml(raw, "x.tmx")
    assert caught.value.sentence.isprintable()
    return caught.value.sentence


# -- XML


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_is_read_as_the_standard_library_reads_it(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    raw = f'<?xml version="1.0" encoding="{declared}"?>{MAP}'.encode(encoding)
    assert tostring(read_xml(raw, "x.tmx")) == tostring(fromstring(MAP))


@pytest.mark.parametrize("size", [262_143, 262_144, 262_145, 600_001])
def test_xml_is_read_across_pieces(size: int) -> None:
    raw = b"<a>" + b"1" * (size - 7) + b"</a>"
    assert len(raw) == size
    assert tostring(read_xml(raw, "x.tmx")) == raw


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type"),
        (b"<a>&b;</a>", "undefined entity"),
        (b'<?xml-stylesheet href="x"?><a/>', "processing instruction"),
        (b"<a><?php 1 ?></a>", "processing instruction"),
        (b'<a xmlns:xi="http://www.w3.org/2001/XInclude"/>', "inclusion"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "utf-7"),
        (b"<a>" * 65 + b"</a>" * 65, "more than 64 levels deep"),
        (b"<a " + b" ".join(b'a%d="1"' % index for index in range(200)) + b"/>", "128 attributes"),
        (b"<a " + b" " * (3 * limits.MIB) + b"/>", "more than 1 MiB"),
        (b"<a><!--" + b"-x" * limits.MIB + b"--></a>", "more than 1 MiB"),
        (b'<a b="1" b="2"/>', "duplicate attribute"),
        (b"<a>", "not well-formed"),
        (b"", "not well-formed"),
        (b"\xff\xfe", "not well-formed"),
        (b"<a>\xff</a>", "not well-formed"),
        (b"<a/><b/>", "not well-formed"),
        (b"{}", "not well-formed"),
    ],
)
def test_xml_beyond_elements_and_text_is_refused(raw: bytes, part: str) -> None:
    assert part in refused(raw)


@pytest.mark.parametrize(("bound", "part"), [("MAP_BYTES", "larger than the 60 bytes"), ("XML_ELEMENTS", "elements")])
def test_xml_is_bounded(monkeypatch: pytest.MonkeyPatch, bound: str, part: str) -> None:
    monkeypatch.setattr(limits, bound, 60)
    assert part in refused(b"<a>" + b"<b/>" * 70 + b"</a>")


@settings(max_examples=150, deadline=None)
@given(raw=st.one_of(st.binary(max_size=80), st.text(alphabet="<>/?!-[]&;='\"ab DOCTYPE", max_size=80).map(str.encode)))
def test_any_bytes_as_xml_end_in_a_tree_or_a_sentence(raw: bytes) -> None:
    with contextlib.suppress(GenworldError):
        assert tostring(read_xml(raw, "fuzz")) == tostring(fromstring(raw.decode("utf-8-sig", "replace")))


# -- packed data


@pytest.mark.parametrize("how", PACK)
def test_packed_data_come_out_up_to_the_bound(how: str) -> None:
    raw = bytes(range(256)) * 40
    packed = PACK[how](raw)
    assert inflate(packed, how, len(raw), "x") == raw
    assert inflate(packed + b"rest", how, len(raw) + 9, "x") == raw
    with pytest.raises(GenworldError, match="larger than the 10,239 bytes"):
        inflate(packed, how, len(raw) - 1, "x")
    for share in range(1, 20):
        with pytest.raises(GenworldError, match="damaged"):
            inflate(packed[: len(packed) * share // 20], how, len(raw), "x")


def test_zlib_and_gzip_are_told_apart_by_what_is_there() -> None:
    assert inflate(zlib.compress(b"abc"), "gzip", 3, "x") == b"abc"


@pytest.mark.parametrize("how", PACK)
def test_a_bomb_is_never_unpacked(how: str) -> None:
    packed = PACK[how](bytes(64 * limits.MIB))
    tracemalloc.start()
    with pytest.raises(GenworldError, match="larger than"):
        inflate(packed, how, 1000, "x")
    assert tracemalloc.get_traced_memory()[1] < limits.MIB
    tracemalloc.stop()


def test_a_frame_cannot_claim_memory() -> None:
    wide = zstd.compress(b"x" * 5000, options={zstd.CompressionParameter.window_log: 27})
    claims = bytearray(wide)
    claims[4:6] = b"\x00\x88"  # no single segment, and a window of 2**27 bytes
    with pytest.raises(GenworldError, match="damaged"):
        inflate(bytes(claims), "zstd", 10**9, "x")


def test_an_unknown_packing_is_told() -> None:
    with pytest.raises(GenworldError, match=r"no packing called 'rar'\. Choose one of: gzip, zlib, zstd"):
        inflate(b"", "rar", 1, "x")


# -- references


@pytest.mark.parametrize(
    ("reference", "base", "found"),
    [
        ("a.png", "maps/one.tmx", "maps/a.png"),
        ("./a.png", "maps/one.tmx", "maps/a.png"),
        ("../art/b.png", "maps/one.tmx", "art/b.png"),
        ("..\\art\\B.PNG", "maps/one.tmx", "art/b.png"),
        ("/home/me/art/b.png", "maps/one.tmx", "art/b.png"),
        ("C:/x/b.png", "maps/one.tmx", "art/b.png"),
        ("../../../../b.png", "maps/one.tmx", "art/b.png"),
        ("http://192.0.2.1/b.png", "maps/one.tmx", "art/b.png"),
        ("c.png", "maps/one.tmx", None),  # there are two
        ("../../../../etc/passwd", "maps/one.tmx", None),
        ("", "maps/one.tmx", None),
        ("..", "maps/one.tmx", None),
        ("\0", "maps/one.tmx", None),
    ],
)
def test_references_stay_inside(reference: str, base: str, found: str | None) -> None:
    names = ("art/b.png", "maps/a.png", "maps/one.tmx", "x/c.png", "y/c.png")
    assert resolve(reference, base, names) == found


# -- single files


def test_a_single_file_brings_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("a.tmx", "b.tmx", "deep/c.png", ".hidden"):
        (tmp_path / name).write_bytes(name.encode())
    with open_bundle(tmp_path / "a.tmx") as bundle:
        assert bundle.names == ("a.tmx", "b.tmx", "deep/c.png")
        assert bundle.with_suffix(".tmx") == ["a.tmx"]
        assert bundle.read("deep/c.png") == b"deep/c.png"
        assert bundle.where("a.tmx") == "a.tmx"


def test_a_folder_of_thousands_beside_a_file_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BESIDE_FILES", 3)
    for index in range(9):
        (tmp_path / f"{index}.png").write_bytes(b"x")
    with open_bundle(tmp_path / "8.png") as bundle:
        assert bundle.names == ("0.png", "1.png", "2.png", "8.png")
        assert bundle.chosen == ("8.png",)


# -- JSON of any size


def test_a_key_that_stands_often_is_told_at_once() -> None:
    raw = b"{" + b",".join(b'"%d":1' % (index // 2) for index in range(200_000)) + b"}"
    with pytest.raises(GenworldError, match="stands twice"):
        read_json(raw, "x.json")


def test_json_of_too_many_values_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JSON_VALUES", 100)
    with pytest.raises(GenworldError, match="more than 100 values"):
        read_json(b"[" + b"1," * 101, "x.json")
    assert read_json(b"[1]", "x.json", most=3) == [1]
    with pytest.raises(GenworldError, match="larger than the 2 bytes"):
        read_json(b"[1]", "x.json", most=2)
