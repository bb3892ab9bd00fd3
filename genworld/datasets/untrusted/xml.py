"""XML from strangers: elements, attributes and text, and nothing that XML can do beyond that."""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from genworld import limits
from genworld.datasets.untrusted.sentences import reason, shown, too_deep, too_large
from genworld.errors import GenworldError

ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1"})
"""Those that the parser knows itself; for any other it would ask Python's codecs."""

PIECE = 256 * 1024
"""Bytes that the parser takes at once."""

_MANY = f"more than {limits.XML_ELEMENTS:,} elements or more than {limits.XML_ATTRIBUTES} attributes of one"
_XINCLUDE = "http://www.w3.org/2001/XInclude"


def read_xml(raw: bytes, where: str) -> Element:
    """The root of a small, flat document; names keep their prefix, comments are dropped.

    Nothing is ever fetched: a document type, and with it every entity, is refused where it is declared, as are
    processing instructions and inclusions.

    Raises:
        GenworldError: larger, deeper or with more elements or attributes than `limits` allows, one of the above, or
            not well-formed.
    """
    if len(raw) > limits.MAP_BYTES:
        raise too_large(where, limits.MAP_BYTES)
    tree = _Tree(where)
    if raw.count(b"</") + raw.count(b"/>") > limits.XML_ELEMENTS:
        tree.refuse(_MANY)
    try:
        tree.read(raw)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two for encodings
        raise GenworldError(f"{where} is not well-formed XML ({reason(error)}); save it again.") from error
    return tree.builder.close()


class _Tree:
    """An expat parser that builds a tree and refuses everything else."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.builder = TreeBuilder()
        self.depth = self.count = 0
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.builder.data
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = lambda *_: self.refuse("a document type")
        parser.ProcessingInstructionHandler = lambda *_: self.refuse("a processing instruction")

    def read(self, raw: bytes) -> None:
        """Parses piece by piece: one tag, which the parser holds whole, may not grow without end."""
        for end in range(PIECE, len(raw), PIECE):
            self.parser.Parse(raw[end - PIECE : end], False)
            if end - self.parser.CurrentByteIndex > limits.XML_TAG_BYTES:
                self.refuse(f"a tag or comment of more than {limits.XML_TAG_BYTES // limits.MIB} MiB")
        self.parser.Parse(raw[(len(raw) - 1) // PIECE * PIECE :] if raw else raw, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > limits.XML_DEPTH:
            raise too_deep(self.where, limits.XML_DEPTH)
        if self.count > limits.XML_ELEMENTS or len(attributes) > limits.XML_ATTRIBUTES:
            self.refuse(_MANY)
        if _XINCLUDE in attributes.values():
            self.refuse("an inclusion")
        self.builder.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        self.builder.end(tag)

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ENCODINGS:
            self.refuse(f"the encoding {shown(encoding)}")

    def refuse(self, what: str) -> NoReturn:
        """Ends the reading."""
        raise GenworldError(f"{self.where} holds {what}, which no map needs; save it again without, as UTF-8.")
