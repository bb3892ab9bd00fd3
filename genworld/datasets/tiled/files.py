"""The files of an upload as a map sees them: references resolved inside it, what is missing remembered."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

from genworld import limits
from genworld.content import Picture
from genworld.datasets.tiled import tmj
from genworld.datasets.untrusted import Bundle, read_json, read_picture, read_xml, resolve
from genworld.errors import GenworldError

_ELEMENTS = {"map": tmj.map_element, "tileset": tmj.tileset_element, "template": tmj.template_element}

STEPS_OUT = 8
"""Folders above the upload that a reference may lead to, at most."""


class Files:
    """Files of one upload, read once each.

    Args:
        bundle: the upload.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.referred: dict[str, str] = {}
        """The files that maps, tilesets and templates refer to, and where these say that each lies. They go back out
        beside the maps, to be found there; they came elsewhere where somebody dropped them without their folders."""
        self._read: dict[str, bytes] = {}
        self._notes: dict[str, str] = {}
        self._elements: dict[str, Element] = {}
        self.picture = lru_cache(maxsize=4)(self._picture)

    def where(self, path: str) -> str:
        """How a sentence names a file."""
        return self.bundle.where(path)

    def find(self, reference: str, base: str) -> str | None:
        """The file that `base` means, or None."""
        path = resolve(reference, base, self.bundle.names)
        if path is not None:
            self.referred.setdefault(path, _meant(reference, self.meant(base)) or path)
        return path

    def meant(self, path: str) -> str:
        """Where a file lies for those that refer to it; may begin with ``..``."""
        return self.referred.get(path, path)

    def miss(self, reference: str, consequence: str) -> None:
        """Notes a file that did not come."""
        name = PurePosixPath(reference.replace("\\", "/")).name
        self.note(name, f"{name} is not among the files: {consequence}; drop it together with the map.")

    def note(self, about: str, sentence: str) -> None:
        """Keeps the first sentence about something for the person."""
        self._notes.setdefault(about, sentence)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noted, in order."""
        return tuple(self._notes.values())

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        if path not in self._read:
            self._read[path] = self.bundle.read(path, limits.MAP_BYTES)
        return self._read[path]

    def element(self, path: str, tag: str) -> Element:
        """The root of an XML or JSON file of the kind `tag`. Raises GenworldError for another root."""
        if path not in self._elements:
            self._elements[path] = root_of(self.read(path), self.where(path), tag)
        return self._elements[path]

    def is_json(self, path: str) -> bool:
        """Whether a file holds JSON and not XML, by its first character."""
        return is_json(self.read(path))

    def size(self, path: str) -> tuple[int, int]:
        """(width, height) of a picture; 0 x 0 where it is none."""
        try:
            height, width = self.picture(path).shape[:2]
        except GenworldError:
            return 0, 0
        return width, height

    def _picture(self, path: str) -> Picture:
        return read_picture(self.read(path), self.where(path))


def _meant(reference: str, base: str) -> str:
    """Where a reference leads from `base`; empty where that is a place of somebody's machine."""
    plain = reference.replace("\\", "/")
    found = posixpath.normpath(posixpath.join(posixpath.dirname(base), plain))
    return "" if plain.startswith("/") or ":" in plain or steps_out(found) > STEPS_OUT else found


def steps_out(path: str) -> int:
    """How many folders a normal path goes up before it goes down."""
    return path.split("/").count("..")


def root_of(raw: bytes, where: str, tag: str) -> Element:
    """The root element of a map, tileset or template, XML or JSON, which is told by its first character."""
    if is_json(raw):
        return _ELEMENTS[tag](json_of(raw, where, tag))
    root = read_xml(raw, where)
    if root.tag != tag:
        raise _other(where, tag, f"<{root.tag[:40]}>")
    return root


def is_json(raw: bytes) -> bool:
    """Whether this begins as JSON does."""
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def json_of(raw: bytes, where: str, tag: str) -> dict[str, Any]:
    """The parsed object of a JSON file of Tiled."""
    value = read_json(raw, where, limits.MAP_BYTES)
    if not isinstance(value, dict):
        raise _other(where, tag, "a list")
    kind = value.get("type", tag)
    if kind != tag:
        raise _other(where, tag, ascii(kind)[:40])
    return value


def _other(where: str, tag: str, came: str) -> GenworldError:
    return GenworldError(f"{where} should hold a {tag} of Tiled, but {came} came; choose the file that Tiled saved.")
