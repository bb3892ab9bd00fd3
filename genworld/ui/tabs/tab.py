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
    """

    name: str
    title: str
    build: Callable[[Mode, Library], None]
