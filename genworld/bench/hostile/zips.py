"""Thirty zips that mean harm (security.md, A3): names that lead out, bombs, lies, links, locks."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

from genworld.bench.hostile.case import Case
from genworld.bench.hostile.seeds import picture

ENTRIES = 300_000
_CENTRAL, _LOCAL, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
_NAMES = {
    "up": "../evil.png",
    "up in the middle": "a/../../evil.png",
    "absolute": "/evil.png",
    "drive": "C:\\evil.png",
    "drive without a slash": "C:evil.png",
    "backslashes": "..\\..\\evil.png",
    "share": "\\\\host\\share\\evil.png",
    "percent": "%2e%2e/evil.png",
    "trailing dot": "evil.png.",
    "device": "CON.png",
    "long": "x" * 300 + ".png",
    "direction": "evil\u202egnp.png",
}


def cases() -> Iterator[Case]:
    """The zips, each as a file of its own."""
    for name, raw in _zips():
        yield Case(f"zip: {name}", {"a.zip": raw}, "a.zip")


def _zips() -> Iterator[tuple[str, bytes]]:
    for title, name in _NAMES.items():
        yield f"name that leads out, {title}", _packed((name, picture("PNG")))
    yield "null in a name", _packed(("evil_.png", b"x")).replace(b"evil_.png", b"evil\0.png")
    yield "overlong UTF-8 in a name", _utf8(_packed(("....evil.png", b"x")).replace(b"....e", b"\xc0\xae\xc0\xae/"))
    yield "link", _packed((_member("link.png", attributes=0o120777 << 16), b"/etc/passwd"))
    yield "bomb of one file", _packed(("a.png", bytes(64 * 2**20)))
    yield "bomb of many files", _packed(*((f"{index}.txt", bytes(60_000)) for index in range(300)))
    yield "archive inside", _packed(("inner.zip", _packed(("a.png", b"x"))))
    yield "overlapping entries", _overlapping()
    yield "size that lies", _field(_packed(("a.png", bytes(range(256)) * 40)), _CENTRAL, 24, struct.pack("<I", 10))
    yield "packed size that lies", _field(_packed(("a.png", b"xyz" * 99)), _CENTRAL, 20, b"\xff\xff\xff\x7f")
    yield "place that lies", _field(_packed(("a.png", b"xyz" * 99)), _CENTRAL, 42, b"\xff\xff\xff\x7f")
    yield "ZIP64 sizes that lie", _zip64()
    yield "endless directory", _endless()
    yield "number of entries that lies", _field(_packed(("a.png", picture("PNG"))), _END, 10, b"\xff\xfe")
    yield "same name twice", _packed(("a.png", b"x"), ("b.png", b"y")).replace(b"b.png", b"a.png")
    yield "names that differ in case", _packed(("a.png", picture("PNG")), ("A.PNG", picture("PNG")))
    yield "locked", _field(_field(_packed(("a.png", b"x")), _CENTRAL, 8, b"\x01\x00"), _LOCAL, 6, b"\x01\x00")
    yield "unusual packing", _packed(("a.png", picture("PNG")), packing=zipfile.ZIP_LZMA)
    yield "packing that is unknown", _field(_packed(("a.png", b"x")), _CENTRAL, 10, b"\x63\x00")
    yield "picture that is a zip too", picture("PNG") + _packed(("a.png", b"x"))
    yield "empty", _packed()


def _packed(*members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, raw in members:
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else _member(name), raw, packing)
    return file.getvalue()


def _member(name: str, attributes: int = 0o100644 << 16) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("x")
    member.filename = name  # as it stands: the constructor would clean it
    member.create_system, member.external_attr = 3, attributes
    return member


def _field(raw: bytes, record: bytes, at: int, value: bytes) -> bytes:
    """`raw` with bytes of its first record of a kind replaced."""
    start = raw.index(record) + at
    return raw[:start] + value + raw[start + len(value) :]


def _utf8(raw: bytes) -> bytes:
    """`raw` that says its names are UTF-8."""
    return _field(_field(raw, _CENTRAL, 8, b"\x00\x08"), _LOCAL, 6, b"\x00\x08")


def _overlapping() -> bytes:
    """Hundreds of names for one file: each unpacks it anew."""
    raw = _packed(("0000.png", bytes(2**20)))
    start, end = raw.index(_CENTRAL), raw.index(_END)
    entries = b"".join(raw[start:end].replace(b"0000.png", b"%04d.png" % index) for index in range(400))
    return raw[:start] + entries + _ending(400, len(entries), start)


def _endless() -> bytes:
    """A directory of hundreds of thousands of entries that all name one file."""
    raw = _packed(("a.png", b"x"))
    start, end = raw.index(_CENTRAL), raw.index(_END)
    entries = raw[start:end] * ENTRIES
    return raw[:start] + entries + _ending(ENTRIES % 65_536, len(entries), start)


def _ending(count: int, size: int, start: int) -> bytes:
    return _END + struct.pack("<4H2IH", 0, 0, count, count, size, start, 0)


def _zip64() -> bytes:
    """Sizes that are said to stand in a ZIP64 field, and there are 2**62 bytes."""
    member = _member("a.png")
    member.extra = struct.pack("<2H2Q", 1, 16, 2**62, 2**62)
    raw = _packed((member, picture("PNG")))
    return _field(raw, _CENTRAL, 20, b"\xff" * 8)
