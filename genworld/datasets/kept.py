"""What is known of kept data without opening it: its ``data.json``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from genworld.provenance import DataSource, Digest, Record

Options = dict[str, JsonValue]
"""Of a reader, as JSON has them: lists in place of tuples."""


class Kept(Record):
    """One data set in the store: all that a list shows, and all that it takes to open it again.

    ``place`` is what a reader opens, relative to the folder of files.
    """

    format: Literal[1] = 1
    name: Annotated[str, Field(pattern=r"^[a-z0-9](-?[a-z0-9]){0,39}$")]
    title: Annotated[str, Field(min_length=1, max_length=120)]
    kind: Literal["level", "sprite"]
    count: Annotated[int, Field(ge=1)]
    sizes: str = Field(description="number and sizes in words, width first")
    classes: tuple[str, ...] = ()
    reader: str
    options: Options = Field({}, description="of the reader")
    place: Annotated[str, Field(min_length=1)]
    source: DataSource
    files: Annotated[int, Field(ge=1)]
    bytes: Annotated[int, Field(ge=0)]
    content: Digest = Field(description="SHA-256 over the names and bytes of the files")
    created: str = Field(description="time in UTC, ISO 8601")
    public: str = Field("", description="name in the catalogue of public data that it was fetched by, or empty")
    commit: str = Field("", description="the commit that it was fetched at, 40 hexadecimal digits, or empty")

    @property
    def licence(self) -> str:
        """SPDX identifier, or 'unknown'."""
        return self.source.licence

    @property
    def credit(self) -> str:
        """The line that must ship with what is made of it, or empty."""
        return self.source.credit

    @property
    def sellable(self) -> bool | None:
        """Whether results may be sold; None when nobody said."""
        return self.source.sellable

    @property
    def url(self) -> str:
        """Where it comes from, or empty."""
        return self.source.url

    @property
    def digest(self) -> str:
        """SHA-256 over the examples, as `Dataset.digest`."""
        return self.source.digest

    def matches(self, other: Kept) -> bool:
        """Whether both are the same files, understood the same way."""
        return _meaning(self) == _meaning(other)


def _meaning(kept: Kept) -> tuple[object, ...]:
    return kept.content, kept.digest, kept.reader, kept.options, kept.licence, kept.credit, kept.commit
