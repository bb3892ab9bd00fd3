"""What a tab is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from genworld.library import Library
from genworld.mode import Mode


@dataclass(frozen=True)
class Tab:
    """One tab of the workspace.

    Args:
        name: id in the page: ``tab-<name>``.
        title: what a designer reads.
        build: makes the components, inside the tab's own container, for a mode and the library that the page has.
        public: whether a public page has it.
    """

    name: str
    title: str
    build: Callable[[Mode, Library], None]
    public: bool = True

    def serves(self, mode: Mode) -> bool:
        """Whether a page of this mode has it: what a mode does not allow is not built at all."""
        return self.public or mode is Mode.LOCAL
