"""What a public data set is: where it stands, what pins it, and how it becomes data that a reader reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Taken = Mapping[str, bytes]
"""Files as they are in the repository, by POSIX path."""


@dataclass(frozen=True)
class Part:
    """One data set made of what was taken.

    Args:
        name: in the store.
        title: what a person reads.
        reader: that reads it.
        files: by POSIX path.
        options: of the reader.
    """

    name: str
    title: str
    reader: str
    files: Mapping[str, bytes]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PublicSet:
    """A set in the catalogue.

    Args:
        name: what a person types.
        title: what a person reads.
        holds: what is in it, and how much comes over the net, a few words.
        url: of the git repository, https.
        commit: that is taken, 40 hexadecimal digits: git names every folder and file by its hash, and a commit by the
            hash of all of them, so that this is the digest of everything. "HEAD" where `digests` pin the files.
        wanted: whether the file of a path is taken.
        convert: the parts made of what was taken.
        parts: their names, in order.
        licence: SPDX identifier.
        credit: the line that ships with what is learned from it.
        page: where a person reads about it.
        digests: SHA-256 of files whose bytes are known, by path.
    """

    name: str
    title: str
    holds: str
    url: str
    commit: str
    wanted: Callable[[str], bool]
    convert: Callable[[Taken], list[Part]]
    parts: tuple[str, ...]
    licence: str
    credit: str
    page: str
    digests: Mapping[str, str] = field(default_factory=dict)
