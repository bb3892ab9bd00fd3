"""Twelve XML files that mean harm (security.md, A4), each as a map of Tiled."""

from __future__ import annotations

from collections.abc import Iterator

from genworld.bench.hostile.case import Case
from genworld.bench.hostile.seeds import picture, tmx

MANY = 1_000_000
_ADDRESS = "http://192.0.2.1/x.dtd"
"""Nobody's: of the addresses that are set aside for documents."""


def cases() -> Iterator[Case]:
    """The maps, each with its picture."""
    for name, raw in _documents():
        yield Case(f"XML: {name}", {"map.tmx": raw, "ground.png": picture("PNG")}, "map.tmx")


def _documents() -> Iterator[tuple[str, bytes]]:
    laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    yield "a billion laughs", _typed(f'[<!ENTITY l0 "ha">{laughs}]', "&l11;")
    yield "quadratic growth", _typed(f'[<!ENTITY a "{"x" * 100_000}">]', "&a;" * 20_000)
    yield "entity of a local file", _typed('[<!ENTITY a SYSTEM "file:///etc/passwd">]', "&a;")
    yield "entity of another machine", _typed(f'[<!ENTITY a SYSTEM "{_ADDRESS}">]', "&a;")
    yield "document type of another machine", _typed(f'SYSTEM "{_ADDRESS}"', "")
    yield "parameter entity", _typed(f'[<!ENTITY % a SYSTEM "{_ADDRESS}"> %a;]', "")
    include = '<map xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></map>'
    yield "inclusion", include.encode()
    yield "endless depth", b"<map>" + b"<group>" * MANY
    yield "endless attributes", b"<map " + b" ".join(b'a%d="1"' % number for number in range(MANY)) + b"/>"
    yield "endless elements", b"<map>" + b"<layer/>" * MANY + b"</map>"
    yield "UTF-16", tmx().decode().replace("UTF-8", "UTF-16").encode("utf-16")
    yield "mark and processing instruction", b'\xef\xbb\xbf<?xml-stylesheet href="file:///etc/passwd"?>' + tmx()[38:]


def _typed(kind: str, text: str) -> bytes:
    """A map with a document type."""
    return f'<?xml version="1.0"?><!DOCTYPE map {kind}><map><properties>{text}</properties></map>'.encode()
